"""Several projects in one repository: each suite runs in its folder with its settings; ids are the repository's."""

import venv

from conftest import Repository
from test_check import PROJECT
from test_matrix import rule
from test_test_kinds import PROVED, QUICK, failing

from dodcheck.verdict import Status

TEST = "from {0} import value\n\n\ndef test_value():\n    assert value() == {1}\n"
PACKAGES = {
    "DOD.md": PROJECT["DOD.md"],
    "packages/a/pyproject.toml": "[project]\nname = 'a'\nversion = '1'\n[tool.pytest.ini_options]\nmarkers = ['own']\n"
    "addopts = '--strict-markers'\n",
    "packages/a/src/a/__init__.py": "def value() -> int:\n    return 1\n",
    "packages/a/tests/__init__.py": "",
    "packages/a/tests/test_value.py": "import pytest\n\n" + TEST.format("a", 1).replace("def", "@pytest.mark.own\ndef"),
    "packages/b/setup.py": "from setuptools import setup\n\nsetup(name='b')\n",
    "packages/b/b.py": "from a import value as first\n\n\ndef value() -> int:\n    return first() + 1\n",
    "packages/b/tests/__init__.py": "",
    "packages/b/tests/conftest.py": "",
    "packages/b/tests/test_value.py": TEST.format("b", 2),
}


def test_each_suite_runs_in_its_folder(repository: Repository) -> None:
    repository.commit(PACKAGES)
    repository.write(
        {
            "packages/a/src/a/__init__.py": "def value() -> int:\n    return 1\n\n\ndef more() -> int:\n    return 5\n",
            "packages/a/tests/test_more.py": "from a import more\n\n\ndef test_more():\n    assert more() == 5\n",
        }
    )
    report = repository.check(*PROVED)
    assert report.report.tests == {"passed": 3}
    assert [(one.id, one.fails_without_change) for one in report.report.tests_added] == [
        ("packages/a/tests/test_more.py::test_more", True)
    ]
    assert "2 of 2 changed lines run in the suite" in [one.text for one in rule(report, "tests-added").evidence]
    assert {run.cwd for run in report.runs} >= {"head: packages/a", "head: packages/b"}


def test_a_change_of_one_package_that_breaks_another_is_a_regression(repository: Repository) -> None:
    repository.commit(PACKAGES)
    repository.write({"packages/a/src/a/__init__.py": "def value() -> int:\n    return 7\n"})
    assert failing(repository.check(*QUICK)) == {
        "packages/a/tests/test_value.py::test_value": "regression",
        "packages/b/tests/test_value.py::test_value": "regression",
    }


def test_a_suite_that_starts_at_neither_side_is_not_blamed_on_the_change(repository: Repository) -> None:
    bad = {"packages/b/pytest.ini": "[pytest]\naddopts = --no-such-option\n"}
    repository.commit(PACKAGES | bad)
    repository.write({"packages/a/src/a/__init__.py": "def value() -> int:\n    return 1 + 0\n"})
    report = repository.check(*QUICK)
    assert failing(report) == {"packages/b": "failed-before"}
    assert report.report.tests == {"passed": 1}


def test_a_suite_that_the_change_keeps_from_starting_fails(repository: Repository) -> None:
    repository.commit(PACKAGES)
    repository.write({"packages/b/tests/conftest.py": "raise ValueError('no')\n"})
    found = rule(repository.check(*QUICK), "no-regressions")
    assert found.status is Status.FAIL
    assert [(one.path, one.code) for one in found.findings] == [("packages/b", "uncollected")]


def test_a_single_project_below_the_root_runs_there_with_its_own_environment(repository: Repository) -> None:
    files = {f"backend/{name}": text for name, text in PROJECT.items() if name != "DOD.md"}
    repository.commit(files | {"DOD.md": PROJECT["DOD.md"], "package.json": "{}", ".gitignore": ".venv/\n"})
    venv.create(repository.path / "backend" / ".venv", with_pip=False)
    repository.write({"backend/app.py": PROJECT["app.py"].replace("* 2", "* 3")})
    found = rule(repository.check(*QUICK), "no-regressions")
    assert found.status is Status.ERROR
    assert "backend/.venv" in found.summary
    (repository.path / "backend" / ".venv" / "bin" / "python").unlink()
    assert failing(repository.check(*QUICK)) == {"backend/tests/test_app.py::test_double": "regression"}
