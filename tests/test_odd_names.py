"""File names and messages that hold line ends, escapes and commands are shown on one line, as text, in every format."""

import json
import re
from collections.abc import Mapping
from unicodedata import category
from xml.etree import ElementTree as ET

import pytest
from conftest import Repository

from dodcheck.verdict import Evidence, Finding, Verdict, visible

NAMES = {
    "new\nline.py": "new\\nline.py",
    "::error file=x::no\n::add-mask::y.py": "::error file=x::no\\n::add-mask::y.py",
    "##[error]no\r##[group]x.py": "\\r",
    "\x1b[31mred\x1b]0;title\x07.py": "\\x1b[31mred\\x1b]0;title\\x07.py",
    "\u202eyp.py": "\\u202eyp.py",
    "next\x85line\u2028end.py": "next\\x85line\\u2028end.py",
    "<script>alert(1)<!--.py": "alert(1)",
    "](javascript:x) `code` | x.py": "javascript",
}
SOURCE = (
    "import os\n\n\ndef g(x):\n    try:\n        return os.path.join(x, 'y')\n    except Exception:\n        pass\n"
)
DEFINITION = "# Done \x1b[2J\n\n## Definition of Done\n\n- [ ] Type hints on public functions \x1b]0;\x07\u202e\n"
FORMATS = {"text": "out.txt", "markdown": "out.md", "html": "out.html", "junit": "out.xml", "json": "out.json"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Return what a check says in each format."""
    folder = tmp_path_factory.mktemp("names")
    repository = Repository(folder / "repository")
    repository.commit({"DOD.md": DEFINITION, "\x1b[1mold\n.py": "x = 1\n"})
    repository.write({**dict.fromkeys(NAMES, SOURCE), "\x1b[1mold\n.py": None})
    outputs = [part for name in FORMATS.values() for part in ("-o", str(folder / name))]
    ran = repository.run("check", "--fast", "--base", "HEAD", "--format", "github", *outputs, GITHUB_STEP_SUMMARY="")
    assert ran.returncode == 1, ran.stderr
    read = {kind: (folder / name).read_bytes().decode() for kind, name in FORMATS.items()}
    return {**read, "github": ran.stdout, "stderr": ran.stderr}


@pytest.mark.parametrize("kind", ["text", "markdown", "html", "github", "stderr"])
def test_nothing_steers_the_terminal_or_turns_text(told: Mapping[str, str], kind: str) -> None:
    steering = {one for one in told[kind] if category(one) in {"Cc", "Zl", "Zp"} or one in "\u202a\u202d\u202e\u2066"}
    assert steering <= {"\n", "\t"}


def test_a_name_is_shown_on_one_line(told: Mapping[str, str]) -> None:
    for shown in NAMES.values():
        assert shown in told["text"]
        assert shown in told["github"].replace("%3A", ":") or "::" in shown


def test_no_name_is_a_command_of_the_runner(told: Mapping[str, str]) -> None:
    lines = told["github"].split("\n")
    commands = {one.partition(" ")[0].split("::")[1] for one in lines if one.lstrip().startswith("::")}
    assert commands <= {"group", "endgroup", "error", "warning", "notice"}
    assert not [line for line in lines if "##[" in line and not line.startswith("::")]


def test_no_name_is_markup(told: Mapping[str, str]) -> None:
    assert "<script>alert" not in told["html"]
    outside_code = re.sub(r"(`+).*?\1", "", told["markdown"])
    assert "<script>" not in outside_code
    assert not re.search(r"(?<!\\)\]\(javascript", outside_code)


def test_programs_are_told_the_real_path(told: Mapping[str, str]) -> None:
    report = json.loads(told["json"])
    assert {file["path"] for file in report["change"]["files"] if file["status"] == "added"} == set(NAMES)
    found = {one["path"] for item in report["items"] for rule in item["rules"] for one in rule["findings"]}
    assert found >= set(NAMES)
    assert ET.fromstring(told["junit"]).tag == "testsuites"  # noqa: S314 - ours


def test_what_a_rule_says_is_one_line() -> None:
    said = Verdict.failed(Finding("a\nb\x1b[0m", path="c\nd", fix="e\rf"), evidence=[Evidence("g\th\x00")])
    assert (said.summary, said.findings[0].message, said.findings[0].fix) == ("a\\nb\\x1b[0m",) * 2 + ("e\\rf",)
    assert said.findings[0].path == "c\nd"
    assert said.evidence[0].text == "g\\th\\x00"
    assert visible("späth → 日本\u200d") == "späth → 日本\u200d"
