"""The main job by the installed command, on real repositories, with real tools."""

import msgspec
import pytest
from conftest import Repository, item

from dodcheck.facts.runs.matrix_row import MatrixRow
from dodcheck.report import Report
from dodcheck.verdict import Status

DEFINITION = """# Done

## Definition of Done

- [ ] Unit tests added and passing
- [ ] Existing test suite passes (no regressions)
- [ ] Linting passes
"""
PROJECT = {
    "DOD.md": DEFINITION,
    "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n",
    "app.py": "def double(x: int) -> int:\n    return x * 2\n",
    "tests/test_app.py": "from app import double\n\n\ndef test_double() -> None:\n    assert double(2) == 4\n",
}
BETTER = {
    "app.py": "def double(x: int) -> int:\n    return x + x\n\n\ndef triple(x: int) -> int:\n    return x * 3\n",
    "tests/test_app.py": (
        "from app import double, triple\n\n\ndef test_double() -> None:\n    assert double(2) == 4\n\n\n"
        "def test_triple() -> None:\n    assert triple(2) == 6\n"
    ),
}


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A project on `main` with a branch checked out."""
    repository.commit(PROJECT)
    repository.git("switch", "--quiet", "--create", "feature")
    return repository


def test_honest_work_is_done(project: Repository) -> None:
    project.commit(BETTER)
    before = project.state()
    report = project.check()
    assert report.verdict == "done", [(one.text, one.summary) for one in report.items]
    assert [test.id for test in report.report.tests_added] == ["tests/test_app.py::test_triple"]
    assert report.report.tests == {"passed": 2}
    assert report.change.kind == "behavioural"
    assert project.state() == before


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "in the working tree"])
def test_a_regression_is_named(project: Repository, committed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    broken = BETTER | {
        "app.py": "def double(x: int) -> int:\n    return x\n\n\ndef triple(x: int) -> int:\n    return 6\n"
    }
    if committed:
        project.commit(broken)
    else:
        project.write(broken)
    ran = project.run("check", "-o", "out.json")
    assert ran.returncode == 1
    report = msgspec.json.decode((project.path / "out.json").read_bytes(), type=Report)
    assert report.report.matrix == (
        MatrixRow("tests/test_app.py::test_double", False, False, "failed", None, "failed", "passed"),  # noqa: FBT003
        MatrixRow("tests/test_app.py::test_triple", True, True, "passed", "not-collected", None, None),  # noqa: FBT003
    )
    assert "tests/test_app.py::test_double failed: assert 2 == 4" in ran.stdout.replace("\n    ", " ")
    assert "passed at base" in ran.stdout.replace("\n    ", " ")
    assert "Not done" in ran.stdout


def test_a_test_that_failed_before_does_not_block(project: Repository) -> None:
    project.git("switch", "--quiet", "main")
    project.commit({"tests/test_old.py": "def test_old() -> None:\n    raise ValueError('always')\n"})
    project.git("switch", "--quiet", "--create", "other")
    project.commit(BETTER)
    report = project.check()
    found = item(report, "Existing test suite")
    assert found.status is Status.PASS
    assert [finding.level for finding in found.rules[0].findings] == ["warning"]
    (row,) = [row for row in report.report.matrix if row.id == "tests/test_old.py::test_old"]
    assert (row.head, row.base, row.changed) == ("failed", "failed", False)


def test_source_without_tests_is_not_done(project: Repository) -> None:
    project.commit({"app.py": BETTER["app.py"]})
    report = project.check()
    found = item(report, "Unit tests added")
    assert found.status is Status.FAIL
    assert "no test runs app.py:6" in found.rules[0].findings[0].message


def test_lint_runs_with_the_settings_of_base(project: Repository) -> None:
    project.git("switch", "--quiet", "main")
    project.commit({"ruff.toml": "[lint]\nselect = ['F']\n"})
    project.git("switch", "--quiet", "--create", "weaker")
    project.commit({"ruff.toml": "[lint]\nselect = []\n", "app.py": "import os\n" + PROJECT["app.py"]})
    report = project.check("--select", "lint")
    found = [(finding.code, finding.level) for finding in item(report, "Linting").rules[0].findings]
    assert found == [("F401", "error"), ("format", "note")]


def test_import_sorting_knows_the_project_s_own_modules(repository: Repository) -> None:
    own = "import os\n\nimport yaml\n\nfrom package.inner import thing\n\nprint(os, yaml, thing)\n"
    repository.commit(
        {
            "DOD.md": DEFINITION,
            "ruff.toml": "src = ['code']\n[lint]\nselect = ['I', 'INP']\n",
            "code/package/__init__.py": "",
            "code/package/inner.py": "thing = 1\n",
        }
    )
    repository.write({"code/package/user.py": own})
    report = repository.check("--base", "HEAD", "--select", "lint")
    assert [finding.message for finding in item(report, "Linting").rules[0].findings] == []


def test_staged_checks_the_index_and_not_the_disk(project: Repository) -> None:
    project.write({"app.py": "import os\n" + PROJECT["app.py"]})
    project.git("add", "app.py")
    project.write({"app.py": PROJECT["app.py"]})
    ran = project.run("check", "--staged", "--fast")
    assert ran.returncode == 1
    assert "F401" in ran.stdout


def test_a_clean_commit_is_partial_and_exits_0(project: Repository) -> None:
    project.write({"app.py": BETTER["app.py"]})
    project.git("add", "app.py")
    ran = project.run("check", "--staged", "--fast")
    assert ran.returncode == 0
    assert "done" not in ran.stdout.lower().replace("definition of done", "").replace("dod.md", "").split("\n", 3)[-1]
    report = msgspec.json.decode(project.run("check", "--staged", "--fast", "--format", "json").stdout, type=Report)
    assert report.verdict == "partial"


def test_the_same_change_gives_the_same_json(project: Repository) -> None:
    project.commit(BETTER)

    def steady() -> str:
        lines = project.run("check", "--format", "json").stdout.splitlines()
        return "\n".join(line for line in lines if '"seconds"' not in line and '"started"' not in line)

    assert steady() == steady()


def test_report_can_be_rendered_again(project: Repository) -> None:
    project.commit(BETTER)
    ran = project.run("report", "-o", "result.json")
    assert ran.returncode == 0
    again = project.run("report", "--from", "result.json")
    assert again.stdout == ran.stdout
    assert "## Files created/modified" in ran.stdout


def test_needs_review_blocks_until_it_is_explained(project: Repository) -> None:
    project.git("switch", "--quiet", "main")
    project.commit({"DOD.md": DEFINITION + "- [ ] The team likes it\n"})
    project.git("switch", "--quiet", "--create", "liked")
    project.commit(BETTER)
    assert project.run("check").returncode == 1
    notes = "# Notes\n\n## Explanations\n\n- The team likes it: asked everybody\n"
    report = msgspec.json.decode(
        project.run("check", "--notes", "-", "--format", "json", stdin=notes).stdout, type=Report
    )
    assert report.verdict == "done"
    assert item(report, "likes it").explanation == "asked everybody"
    assert project.run("check", "--notes", "-", "--strict", stdin=notes).returncode == 1


def test_definition_of_base_holds(project: Repository) -> None:
    project.commit(BETTER | {"DOD.md": "# Done\n\n- [ ] Linting passes\n"})
    report = project.check()
    assert len([one for one in report.items if one.line]) == 3
    assert report.definition.revision == "as of main"
