"""What `tests-added` and `no-regressions` make of nasty changes, by the installed command and real pytest."""

import pytest
from conftest import Repository
from test_check import PROJECT

from dodcheck.report import RuleResult
from dodcheck.verdict import Status

TEST = "tests/test_app.py"
MORE = "\n\ndef half(x: int) -> int:\n    if x > 100:\n        return 50\n    return x // 2\n"
HALF = {"app.py": PROJECT["app.py"] + MORE}
PROVEN = HALF | {"tests/test_half.py": "from app import half\n\n\ndef test_half() -> None:\n    assert half(4) == 2\n"}


def results(repository: Repository, *more: str) -> dict[str, RuleResult]:
    selected = ("--select", "tests-added,no-regressions", *more)
    report = repository.check("--base", "HEAD", *selected)
    return {one.id: one for row in report.items for one in row.rules if one.id in selected[1]}


def codes(result: RuleResult) -> set[str | None]:
    return {one.code for one in result.findings if one.level == "error"}


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A project on `main`, committed."""
    repository.commit(PROJECT)
    return repository


NASTY = {
    "true": "def test_half():\n    half(4)\n    assert True\n",
    "swallowed": "def test_half():\n    try:\n        assert half(4) == 3\n    except Exception:\n        pass\n",
    "not collected": (
        "class TestHalf:\n    def __init__(self):\n        pass\n\n"
        "    def test_half(self):\n        assert half(4) == 2\n"
    ),
    "skipped": "import pytest\n\n\n@pytest.mark.skip\ndef test_half():\n    assert half(4) == 3\n",
}


@pytest.mark.parametrize("test", NASTY.values(), ids=NASTY)
def test_a_test_that_proves_nothing_fails(project: Repository, test: str) -> None:
    project.write(HALF | {"tests/test_half.py": f"from app import half\n\n\n{test}"})
    assert results(project)["tests-added"].status is Status.FAIL


def test_faults_in_changed_lines_are_noticed_or_told(project: Repository) -> None:
    setting = "\n[tool.dodcheck.rules.tests-added]\nmutation_seconds = 60\n"
    project.commit({"pyproject.toml": PROJECT.get("pyproject.toml", "") + setting})
    project.write(PROVEN)
    found = results(project)["tests-added"]
    assert [one.line for one in found.findings if one.code == "survived"], found.summary
    assert any("faults in changed lines are noticed" in one.text for one in found.evidence)
    weak = "from app import half\n\n\ndef test_half() -> None:\n    assert half(4) != half\n"
    project.write({"tests/test_half.py": weak})
    assert "vacuous" in codes(results(project)["tests-added"])


def test_tests_that_ran_at_base_and_not_at_head_are_lost(project: Repository) -> None:
    two = PROJECT[TEST] + "\n\ndef test_more() -> None:\n    assert double(5) == 10\n"
    project.commit({TEST: two})
    project.write({"tests/conftest.py": "def pytest_collection_modifyitems(items):\n    items[:] = items[:1]\n"})
    assert codes(results(project)["no-regressions"]) == {"disabled"}
    project.write({"tests/conftest.py": None, TEST: PROJECT[TEST]})
    found = results(project)["no-regressions"]  # the other test of `double` resembles it: a person must look
    assert (found.status, [one.code for one in found.findings]) == (Status.NEEDS_REVIEW, ["test-gone"])
    project.write({TEST: None, "tests/check_app.py": two})
    assert codes(results(project)["no-regressions"]) == {"no-tests"}
    project.write({"tests/check_app.py": None, "tests/test_better.py": two.replace("test_more", "test_much")})
    assert results(project)["no-regressions"].status is Status.PASS


def test_a_run_that_exits_as_if_all_were_well_fails(project: Repository) -> None:
    project.write(PROVEN | {"tests/conftest.py": "import sys\n\nsys.exit(0)\n"})
    assert codes(results(project)["no-regressions"]) == {"exit-forced"}


def test_a_contract_change_that_the_notes_name_passes(project: Repository) -> None:
    project.write(
        {
            "app.py": PROJECT["app.py"].replace("x * 2", "x * 3"),
            TEST: PROJECT[TEST].replace("== 4", "== 6"),
            "notes.md": "## Breaking changes\n\n- `double` gives three times its argument now\n",
        }
    )
    assert results(project)["no-regressions"].status is Status.NEEDS_REVIEW
    assert results(project, "--notes", "notes.md")["no-regressions"].status is Status.PASS
