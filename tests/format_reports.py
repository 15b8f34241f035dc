"""Two reports for the tests of formats: one that the installed command made, one full of hostile text."""

from pathlib import Path

from conftest import Repository

from dodcheck.change import ChangedFile
from dodcheck.report import ChangeInfo, DefinitionInfo, ItemResult, Ref, Report, RuleResult, to_json
from dodcheck.report_sections import TaskReport
from dodcheck.verdict import Evidence, Finding, Status

ODD = "src dir/ünï:co,de 100%.py"
EVIL = 'a"b<c>&]]> 50% , : \n::error::no\r\n##[add-mask]no [text](http://example.org) {0} @team \x1b[31m\x00 | `'
_PROJECT = {
    "DOD.md": (
        "# Done\n\n## Definition of Done\n\n- [ ] Linting passes\n- [ ] Type hints added for public functions\n"
        "- [ ] The team likes it: <b>50%</b>, really\n"
    ),
    "pyproject.toml": (
        "[tool.dodcheck]\n[[tool.dodcheck.waivers]]\nrule = 'type-hints'\npath = 'old.py'\n"
        "reason = 'a port of [old](code)'\nexpires = 2999-12-31\n"
    ),
}


def small(folder: Path) -> Repository:
    """Build a repository whose change fails one item, waives one, and leaves one to a person."""
    repository = Repository(folder / "repository")
    repository.commit(_PROJECT)
    repository.write({ODD: "import os\nimport sys\n", "old.py": "def old(x):\n    return x\n"})
    return repository


def _rule(name: str, status: Status, *findings: Finding) -> RuleResult:
    return RuleResult(name, status, f"{name} {EVIL}", 0.25, (Evidence(EVIL, path=ODD, line=3),), findings)


def _item(name: str, status: Status, *rules: RuleResult, blocks: bool = False) -> ItemResult:
    why = f"why {EVIL}"
    text = f"{name} {EVIL}"
    return ItemResult(name, "checkbox", "A & <B>", text, 5, status, why, None, rules, blocks)


def _finding(number: int, **more: str | int) -> Finding:
    given = {"message": f"{number} {EVIL}", "rule": "lint", "fix": EVIL, "fingerprint": f"{number:016x}", **more}
    return Finding(**given)  # type: ignore[arg-type]  # the keys are those of the struct


def _items() -> tuple[ItemResult, ...]:
    many = tuple(_finding(number, path=ODD, line=number, end_line=number + 1) for number in range(1, 13))
    whole = _finding(99)
    waived = _finding(50, path="old.py", line=1, level="note", waived=EVIL)
    advice = _finding(60, path="a.py", line=2, level="note", rule="pathlib")
    explained = _item("explained", Status.NEEDS_REVIEW, _rule("comments", Status.NEEDS_REVIEW))
    return (
        _item("fails", Status.FAIL, _rule("lint", Status.FAIL, *many, whole), blocks=True),
        _item("fails-again", Status.FAIL, _rule("lint", Status.FAIL, *many[:2]), blocks=True),
        _item("waived", Status.WAIVED, _rule("types", Status.WAIVED, waived)),
        _item("unbound", Status.NEEDS_REVIEW, blocks=True),
        ItemResult(**{name: getattr(explained, name) for name in explained.__struct_fields__} | {"explanation": EVIL}),
        _item("crashed", Status.ERROR, _rule("of-our-own", Status.ERROR)),
        _item("left-out", Status.NOT_RUN, _rule("tests-added", Status.NOT_RUN)),
        _item("holds", Status.PASS, _rule("stubs", Status.PASS)),
        _item("advice", Status.NOT_APPLICABLE, _rule("pathlib", Status.NOT_APPLICABLE, advice)),
    )


def hostile(definition: str = "DOD.md") -> Report:
    """Return a report with every status, whose every text would break out of its format if it could."""
    return Report(
        version="0.1.0",
        verdict="not-done",
        change=ChangeInfo(
            Ref("main", "b" * 40),
            Ref("working tree", None),
            "behavioural",
            (ChangedFile(ODD, None, "added", 2, 0, "source"),),
        ),
        definition=DefinitionInfo(definition, "as of main", "Done"),
        items=_items(),
        report=TaskReport(),
        runs=(),
        started="2026-01-01T00:00:00+00:00",
        seconds=1.0,
    )


def rendered(folder: Path, output_format: str, definition: str = "DOD.md", **variables: str) -> str:
    """Render the hostile report by the installed command."""
    repository = Repository(folder / "hostile")
    repository.write({"result.json": to_json(hostile(definition))})
    ran = repository.run("report", "--from", "result.json", "--format", output_format, **variables)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
