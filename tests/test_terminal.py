"""The report on a terminal: each thing once, in the columns that there are."""

import msgspec
import pytest
from click.testing import CliRunner
from conftest import Repository
from format_reports import hostile

from dodcheck.change import ChangedFile
from dodcheck.cli.check import check
from dodcheck.registry import load
from dodcheck.report import ChangeInfo, DefinitionInfo, ItemResult, Ref, Report, RuleResult, RunInfo
from dodcheck.report_sections import TaskReport
from dodcheck.terminal import text
from dodcheck.verdict import Evidence, Finding, Status

UNUSED = Finding("F401: `sys` imported but unused", path="app.py", line=3, fix="remove it, or use it", rule="lint")
UNTYPED = Finding("`f` has no type for `x`", path="app.py", line=9, rule="types")
LONG = "Code follows the conventions of the project and of the team, and linting passes as well"


def said(name: str, finding: Finding, status: Status = Status.FAIL) -> RuleResult:
    return RuleResult(name, status, finding.message, 0.1, (Evidence("ran"),), (finding,))


def an_item(text: str, summary: str, *rules: RuleResult, status: Status = Status.FAIL) -> ItemResult:
    return ItemResult("an-item", "checkbox", "Code", text, 3, status, summary, None, rules, blocks=True)


def a_report(*items: ItemResult, notes: tuple[str, ...] = ()) -> Report:
    files = (ChangedFile("app.py", None, "modified", 3, 1, "source"),)
    return Report(
        version="1.0",
        verdict="not-done",
        change=ChangeInfo(Ref("main", "a" * 40), Ref("working tree", None), "behavioural", files),
        definition=DefinitionInfo("DOD.md", "as of main", "Done"),
        items=items,
        report=TaskReport(),
        runs=tuple(RunInfo("x", ("x",), "head", 0, 1.0, timed_out=False, version=None, note=one) for one in notes),
        started="2026-01-01T00:00:00+00:00",
        seconds=2.0,
    )


def shown(report: Report, width: int = 100, *, explained: bool = False) -> list[str]:
    return text(report, color=False, width=width, rules=load() if explained else None).splitlines()


def test_what_the_findings_say_is_not_said_above_them() -> None:
    one = an_item("Linting passes", UNUSED.message, said("lint", UNUSED))
    two = an_item(
        LONG, f"lint: {UNUSED.message}; types: {UNTYPED.message}", said("lint", UNUSED), said("types", UNTYPED)
    )
    lines = shown(a_report(one, two))
    assert lines[3:][:4] == [
        "Code",
        "✗ Linting passes",
        "    app.py:3 F401: `sys` imported but unused",
        "      fix: remove it, or use it",
    ]
    assert not any(line.strip().startswith("fail:") for line in lines)


@pytest.mark.parametrize("summary", ["2 new findings", f"lint: {UNUSED.message}; but 1 of 3 convention items"])
def test_what_the_findings_do_not_say_stands_above_them(summary: str) -> None:
    lines = shown(a_report(an_item("Linting passes", summary, said("lint", UNUSED))))
    assert f"  fail: {summary}" in lines


def test_a_long_text_goes_on_under_its_beginning() -> None:
    lines = shown(a_report(an_item(LONG, UNUSED.message, said("lint", UNUSED))), 50)
    at = next(number for number, line in enumerate(lines) if line.startswith("✗ "))
    assert lines[at + 1].startswith("  of the team")


@pytest.mark.parametrize("width", [50, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = shown(hostile(), width, explained=True)
    assert len(lines) > 20
    assert max(map(len, lines)) <= width


def test_a_rule_is_explained_once_where_it_has_something_open() -> None:
    failing = an_item("Linting passes", UNUSED.message, said("lint", UNUSED))
    passing = an_item("Types hold", "all hold", said("types", UNTYPED, Status.PASS), status=Status.PASS)
    lines = shown(a_report(failing, passing, failing), explained=True)
    rule = load()["lint"]
    assert lines.count(f"    lint: {rule.title}.") == 1
    assert lines.count("    lint: explained above") == 1
    assert " ".join(rule.why.split()) in " ".join(" ".join(lines).split())
    assert "      examples and settings: dodcheck explain lint" in lines
    assert not any(line.startswith("    types: ") for line in lines)


def test_the_command_explains_what_is_open(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"README.md": "# app\n"})
    repository.write({"app.py": "import sys\n"})
    monkeypatch.chdir(repository.path)
    args = ["--base", "HEAD", "--fast", "--select", "lint", "--quiet"]
    assert "dodcheck explain lint" not in CliRunner().invoke(check, args).stdout
    assert "examples and settings: dodcheck explain lint" in CliRunner().invoke(check, [*args, "--explain"]).stdout


def test_what_nobody_asked_for_is_counted_and_not_listed() -> None:
    out = an_item("Types hold", "not selected", RuleResult("types", Status.NOT_RUN, "not selected", 0.0, (), ()))
    out = msgspec.structs.replace(out, status=Status.NOT_RUN, section="Types", blocks=False)
    report = a_report(an_item("Linting passes", UNUSED.message, said("lint", UNUSED)), out)
    assert not any("Types" in line for line in shown(report))
    assert "1 not-run" in shown(report)[-1]
    assert any("Types hold" in line for line in text(report, color=False, width=100, verbose=True).splitlines())


def test_each_remark_on_the_runs_is_made_once() -> None:
    lines = shown(a_report(an_item("A", "b"), notes=("Python 3.12", "Python 3.12; no coverage")))
    assert lines.count("Python 3.12") == 1
    assert lines.count("no coverage") == 1


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("**Docstrings** for *public* functions", "Docstrings for public functions"),
        ("`__init__` has [no logic](https://example.org/a_b)", "__init__ has no logic"),
        ("`a_b` & <b>c</b>", "a_b & c"),
        ("2 * 3 * 4 reviewers, snake_case_names", "2 * 3 * 4 reviewers, snake_case_names"),
    ],
)
def test_an_item_is_shown_as_its_reader_sees_it(markup: str, words: str) -> None:
    lines = shown(a_report(an_item(markup, UNUSED.message, said("lint", UNUSED))))
    assert f"✗ {words}" in lines
