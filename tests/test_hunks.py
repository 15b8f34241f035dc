"""The lines that a change adds, held to git itself and to a reading of lines by hand, for any two texts."""

import os
from collections.abc import Iterator
from difflib import SequenceMatcher

import pytest
from conftest import Repository
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dodcheck.change import Change
from dodcheck.sources.plumbing import EMPTY_TREE, Git
from dodcheck.sources.snapshots import GitSnapshot, change_between

LIKE_PATCHES = ("+", "-", "\\", "@@ -1 +1 @@", "diff --git a/x b/x", "--- a/x", "+++ b/x", "rename from x")
LIKE_ENDS = ("\x0c", "\x0b", "\x85", "\u2028", "\r", "a\r", "\r\r", "\\ No newline at end of file")
LINES = st.sampled_from(["", "a", "b", "x = 1", "\ufeff", "é", "\x1b[m", "\t", *LIKE_PATCHES, *LIKE_ENDS])
TEXT = st.tuples(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\n", "\r\n"]), st.booleans()).map(
    lambda made: made[1].join(made[0]) + (made[1] if made[2] and made[0] else "")
)
NAMES = ("app.py", "new\nline @@.py", 'quo"te.txt', os.fsdecode(b"caf\xe9.py"), ":(glob)*.py")


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Git]:
    repository = Repository(tmp_path_factory.mktemp("hunks") / "repository")
    opened = Git.open(repository.path, repository.path.parent / "objects")
    yield opened
    opened.close()


def tree(git: Git, texts: dict[str, str]) -> str:
    """Write a tree with git's plumbing."""
    entries = b""
    for name, text in texts.items():
        blob = git.run("hash-object", "-w", "--stdin", stdin=text.encode()).strip()
        entries += b"100644 blob " + blob + b"\t" + os.fsencode(name) + b"\0"
    return git.run("mktree", "-z", stdin=entries).decode().strip() if entries else EMPTY_TREE


def between(git: Git, before: dict[str, str], after: dict[str, str]) -> Change:
    sides = [GitSnapshot(git, tree(git, texts), name) for texts, name in ((before, "base"), (after, "head"))]
    return change_between(git, *sides)


def lines(text: str) -> list[str]:
    """Return the lines as git counts them: each ends with a line feed, and nothing else ends one."""
    parts = text.split("\n")
    ended = [f"{part}\n" for part in parts[:-1]]
    return [*ended, parts[-1]] if parts[-1] else ended


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(TEXT, TEXT), min_size=len(NAMES), max_size=len(NAMES)))
@example(texts=[("a\n", "a"), ("", "a"), ("a", ""), ("a\r\n", "a\n"), ("a\x0cb\n", "a\x0cc\n")])
@example(texts=[("a\n" * 9, "a\n" * 5 + "diff --git a/x b/x\n" + "a\n" * 4), *[("b\n", "c\n")] * 4])
def test_what_is_added_makes_head_of_base(git: Git, texts: list[tuple[str, str]]) -> None:
    sides = {name: pair for name, pair in zip(NAMES, texts, strict=True) if pair[0] != pair[1]}
    change = between(git, *({name: pair[side] for name, pair in sides.items()} for side in (0, 1)))
    assert {file.path for file in change.files} == set(sides)
    for file in change.files:
        before, after = map(lines, sides[file.path])
        added = change.added_lines(file)
        assert len(added) == file.added
        assert added <= set(range(1, len(after) + 1))
        kept = [line for number, line in enumerate(after, 1) if number not in added]
        assert len(before) - len(kept) == file.deleted
        assert is_part(kept, before), "what is not added was there, in the same order"
        shared = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
        assert len(kept) >= shared, "no line is said to be new that difflib finds in base"


def is_part(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(line in rest for line in part)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TEXT, after=TEXT)
def test_a_new_and_a_gone_file(git: Git, before: str, after: str) -> None:
    change = between(git, {"gone.py": before}, {"there.txt": f"{after}0123456789"})
    for file in change.files:
        text = "" if file.status == "deleted" else f"{after}0123456789"
        wanted = set(range(1, len(lines(text)) + 1)) if file.status == "added" else set()
        assert change.added_lines(file) == wanted or file.status == "renamed"


def test_one_diff_of_all_says_what_each_file_alone_does(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {f"m{number}.py": "".join(f"{number} {line}\n" for line in range(20)) for number in range(6)}
    moved = {"m1.py": "n1.py"}
    after = {moved.get(name, name): text.replace(" 7\n", " 7\nnew\n") for name, text in before.items()}
    together = between(git, before, after)
    monkeypatch.setattr("dodcheck.sources.patches._MOST", 0)
    alone = between(git, before, after)
    for one, other in zip(together.files, alone.files, strict=True):
        assert together.added_lines(one) == alone.added_lines(other) == frozenset({9})
