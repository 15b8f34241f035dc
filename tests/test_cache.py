"""What earlier runs showed is used again where everything is the same, and computed again where it is not."""

import os
from pathlib import Path

import pytest
from conftest import Repository
from test_check import BETTER, PROJECT
from test_matrix import rule
from test_test_kinds import QUICK, failing

from dodcheck.report import Report

MARK = (
    "import os\n\n\ndef pytest_sessionstart():\n"
    "    with open(os.environ['MARK'], 'a') as file:\n        file.write('x')\n"
)
FLAGS = ("--base", "HEAD", "--select", "no-regressions,tests-added")


class Counted:
    """A repository whose pytest sessions are counted, checked with a cache of its own."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.repository = repository
        self.home = folder / "cache"
        self._mark = folder / "mark"
        repository.commit(PROJECT | {"conftest.py": MARK})

    def sessions(self, *args: str, **variables: str) -> tuple[int, Report]:
        """Check, and return how many sessions of pytest that took."""
        self._mark.write_text("")
        settings = {"DODCHECK_CACHE": str(self.home), "MARK": str(self._mark)} | variables
        report = self.repository.check(*(args or FLAGS), **settings)
        return len(self._mark.read_text()), report

    def entries(self) -> list[Path]:
        return sorted((self.home / "suites").iterdir())


@pytest.fixture
def counted(repository: Repository, tmp_path: Path) -> Counted:
    return Counted(repository, tmp_path)


def test_again_with_nothing_changed_runs_nothing(counted: Counted) -> None:
    counted.repository.write(BETTER)
    ran, first = counted.sessions()
    again, second = counted.sessions()
    assert (ran, again) == (4, 0)
    assert second.report.tests == first.report.tests == {"passed": 2}
    assert second.report.tests_added == first.report.tests_added
    assert [(one.id, one.status) for one in second.items] == [(one.id, one.status) for one in first.items]
    assert all("outcomes come from the cache" in run.note for run in second.runs if run.name == "pytest")
    said = [one.text for one in rule(second, "no-regressions").evidence]
    assert any("outcomes come from the cache" in text for text in said)


def test_no_cache_runs_everything_and_keeps_nothing(counted: Counted) -> None:
    counted.repository.write(BETTER)
    assert counted.sessions(*FLAGS, "--no-cache")[0] == 4
    assert {folder.name for folder in counted.home.iterdir()} <= {"definitions", "durations", "rules"}
    counted.sessions()
    assert counted.sessions(*FLAGS, "--no-cache")[0] == 4


def test_any_difference_runs_again(counted: Counted) -> None:
    counted.repository.write(BETTER)
    counted.sessions(*QUICK)
    assert counted.sessions(*QUICK, DATABASE="elsewhere")[0] > 0
    counted.repository.write({"app.py": BETTER["app.py"] + "\n\nX = 1\n"})
    assert counted.sessions(*QUICK)[0] > 0
    counted.repository.write({".gitignore": "_made.py\n"})
    counted.sessions(*QUICK)
    counted.repository.write({"_made.py": "x = 1\n"})
    assert counted.sessions(*QUICK)[0] > 0


def test_a_run_with_a_failure_is_not_kept_for_head(counted: Counted) -> None:
    counted.repository.write({"app.py": PROJECT["app.py"].replace("* 2", "* 3")})
    expected = {"tests/test_app.py::test_double": "regression"}
    ran, report = counted.sessions(*QUICK)
    assert (ran, failing(report)) == (4, expected)  # head, base, head's failure alone, twice
    again, report = counted.sessions(*QUICK)
    assert (again, failing(report)) == (3, expected)  # base is remembered


def test_a_head_that_becomes_a_base_is_remembered(counted: Counted) -> None:
    counted.repository.write(BETTER)
    counted.sessions(*QUICK)
    counted.repository.commit(BETTER)
    counted.repository.write({"app.py": BETTER["app.py"].replace("x + x", "x")})
    ran, report = counted.sessions(*QUICK)
    assert failing(report) == {"tests/test_app.py::test_double": "regression"}
    assert ran == 3  # head, and its failure alone, twice


@pytest.mark.parametrize("damage", [b"", b"rubbish", None], ids=["emptied", "rubbish", "cut short"])
def test_a_damaged_entry_is_computed_again(counted: Counted, damage: bytes | None) -> None:
    counted.repository.write(BETTER)
    counted.sessions(*QUICK)
    for entry in counted.entries():
        entry.write_bytes(entry.read_bytes()[:-3] if damage is None else damage)
    assert counted.sessions(*QUICK)[0] > 0
    assert counted.sessions(*QUICK)[0] == 0


def test_a_cache_that_cannot_be_written_is_none(counted: Counted) -> None:
    counted.repository.write(BETTER)
    counted.home.write_text("a file in its place")
    assert counted.sessions(*QUICK)[1].report.tests == {"passed": 2}
    assert counted.sessions(*QUICK)[0] > 0


def test_code_that_is_developed_elsewhere_is_looked_at(counted: Counted, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    counted.repository.write(BETTER)
    counted.sessions(*QUICK, PYTHONPATH=str(elsewhere))
    assert counted.sessions(*QUICK, PYTHONPATH=str(elsewhere))[0] == 0
    (elsewhere / "library.py").write_text("x = 1\n")
    assert counted.sessions(*QUICK, PYTHONPATH=str(elsewhere))[0] > 0


def test_no_value_of_the_environment_is_kept(counted: Counted) -> None:
    counted.repository.write(BETTER)
    counted.sessions(*QUICK, TOKEN="s3cret-value")  # noqa: S106 - the secret that must not be found
    kept = b"".join(Path(root, name).read_bytes() for root, _, names in os.walk(counted.home) for name in names)
    assert b"s3cret-value" not in kept
