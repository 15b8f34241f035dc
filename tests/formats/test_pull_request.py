"""A comment that the next run replaces, and Markdown that keeps to a limit."""

from pathlib import Path

import msgspec
from format_reports import hostile, rendered, small
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dodcheck.formats.pull_request import COMMENT_ROOM, MARKER, fitted
from dodcheck.render import markdown

LINES = st.lists(st.sampled_from(["- [ ] an item — ünï\n", "  <details><summary>evidence</summary>\n", "  text\n"]))


def test_the_first_line_is_the_marker(tmp_path: Path) -> None:
    repository = small(tmp_path)
    ran = repository.run(
        "check", "--base", "HEAD", "--fast", "--format", "comment", "-o", "../a.comment.md", "-o", "../a.md"
    )
    assert ran.returncode == 1, ran.stderr
    first, second, *_ = ran.stdout.splitlines()
    assert (first, second[:12]) == (MARKER, "# Not done: ")
    assert (tmp_path / "a.comment.md").read_text(encoding="utf-8").startswith(f"{MARKER}\n# Not done: ")
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("# Not done: ")


def test_what_is_in_the_way_stands_first_what_fails_before_what_waits() -> None:
    told = markdown(hostile()).partition("**In the way:**")[2].partition("\n## ")[0]
    lines = [line for line in told.splitlines() if line]
    assert [line.split(":")[0] for line in lines] == ["- fail", "- fail", "- error", "- needs-review"]
    assert lines[0].endswith("(`lint`)")
    assert "In the way" not in markdown(msgspec.structs.replace(hostile(), items=hostile().items[-2:]))


def test_hostile_text_is_no_markup_and_calls_nobody(tmp_path: Path) -> None:
    text = rendered(tmp_path, "comment")
    assert len(text.encode()) <= COMMENT_ROOM
    assert "@team" not in text
    html = MarkdownIt("commonmark").render(text)
    assert "<a href" not in html
    assert "<c>" not in html


def test_what_is_too_long_is_cut_after_a_line_and_says_so() -> None:
    text = "# Report\n" + "- a line\n" * 20_000
    cut = fitted(text, COMMENT_ROOM)
    assert COMMENT_ROOM - 100 < len(cut.encode()) <= COMMENT_ROOM
    assert cut.startswith("# Report\n- a line\n")
    assert "cut here" in cut.splitlines()[-1]
    assert fitted(text, 10) == ""
    assert fitted("short\n", 10) == "short\n"


@given(LINES, st.integers(0, 2000))
def test_it_always_fits_and_every_fold_is_closed(lines: list[str], room: int) -> None:
    folds = "".join(f"{line}  </details>\n" if "<details>" in line else line for line in lines)
    cut = fitted(folds, room)
    assert len(cut.encode()) <= room
    assert cut.count("<details>") == cut.count("</details>")
