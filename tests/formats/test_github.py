"""GitHub's annotations and the job's summary, read as the runner reads them."""

import re
from pathlib import Path

import pytest
from format_reports import EVIL, ODD, rendered, small

from dodcheck.verdict import visible

_UNESCAPED = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def _commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """Return name, properties and data of each workflow command, as ActionCommand.cs of actions/runner has it."""
    found = []
    for line in log.splitlines():
        if line.lstrip().startswith("::"):
            head, end, data = line.lstrip()[2:].partition("::")
            assert end, line
            name, _, rest = head.partition(" ")
            pairs = [part.partition("=") for part in rest.split(",") if part]
            found.append((name, {key: _plain(value) for key, _, value in pairs}, _plain(data)))
        else:
            assert "##[" not in line, "the runner's older form of a command, anywhere in a line"
    return found


def _plain(value: str) -> str:
    return re.sub("%(0D|0A|3A|2C|25)", lambda match: _UNESCAPED[match[0]], value)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The log of the hostile report."""
    return rendered(tmp_path_factory.mktemp("github"), "github")


def test_a_real_check_annotates_its_findings_and_appends_the_summary(tmp_path: Path) -> None:
    repository = small(tmp_path)
    summary = tmp_path / "summary.md"
    summary.write_text("of the step itself\n", encoding="utf-8")
    ask = ("check", "--base", "HEAD", "--fast", "--format", "github")
    ran = repository.run(*ask, GITHUB_STEP_SUMMARY=str(summary))
    assert ran.returncode == 1, ran.stderr
    errors = [given for name, given, _ in _commands(ran.stdout) if name == "error"]
    assert [(given["file"], given["line"]) for given in errors] == [(ODD, "1"), (ODD, "2")]
    assert {given["title"] for given in errors} == {"lint: Linting passes"}
    assert "fix: Remove unused import: `os`" in ran.stdout
    told = summary.read_text(encoding="utf-8")
    assert told.startswith("of the step itself\n# Not done: ")
    assert repository.run(*ask).stdout == ran.stdout


def test_a_summary_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    repository = small(tmp_path)
    ran = repository.run(
        "check", "--base", "HEAD", "--fast", "--format", "github", GITHUB_STEP_SUMMARY=str(tmp_path / "no" / "file")
    )
    assert ran.returncode == 2
    assert "No such file or directory; unset GITHUB_STEP_SUMMARY" in ran.stderr


def test_the_other_formats_write_no_summary(tmp_path: Path) -> None:
    rendered(tmp_path, "text", GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    assert not (tmp_path / "summary.md").exists()


def test_hostile_text_ends_in_no_command_of_its_own(hostile: str) -> None:
    commands = _commands(hostile)
    assert {name for name, _, _ in commands} == {"group", "endgroup", "error", "warning", "notice"}
    errors = [(given, data) for name, given, data in commands if name == "error"]
    assert all(set(given) <= {"file", "line", "endLine", "title"} for given, _ in errors)
    (first,) = [(given, data) for given, data in errors if given.get("line") == "1"]
    assert first[0] | {"title": ""} == {"file": ODD, "line": "1", "endLine": "2", "title": ""}
    assert first[1] == f"1 {visible(EVIL)}\nfix: {visible(EVIL)}"


def test_groups_open_and_close(hostile: str) -> None:
    names = [name for name, _, _ in _commands(hostile) if name in {"group", "endgroup"}]
    assert names == ["group", "endgroup"] * (len(names) // 2)
    assert len(names) == 2 * 7, "every item with something open has one"


def test_ten_of_each_level_are_annotated_and_the_rest_is_counted(hostile: str) -> None:
    names = [name for name, _, _ in _commands(hostile)]
    assert (names.count("error"), names.count("warning"), names.count("notice")) == (10, 1, 2)
    assert "and 4 more of level error" in hostile, "12 findings with a file, one without, one check that crashed"
    assert len(re.findall(r"^- error: ", hostile, re.MULTILINE)) == 14 + 2, "two of them under two items"


def test_what_is_waived_is_no_annotation(hostile: str) -> None:
    assert not [given for _, given, _ in _commands(hostile) if given.get("file") == "old.py"]
    assert "- waived: old.py:1: 50 a" in hostile


def test_a_finding_of_the_whole_change_names_no_file_outside_the_repository(tmp_path: Path) -> None:
    whole = [
        given for name, given, _ in _commands(rendered(tmp_path, "github", "built-in default")) if name == "warning"
    ]
    assert [set(given) for given in whole] == [{"title"}]
