"""Print what was tried against dodcheck, and what of it was survived, as a table in Markdown.

python benchmarks/hostile.py

Runs the tests of hostile repositories, of any text for the parsers, and of ended, killed and starved runs; a row is a
test, told by its own name, with the number of its inputs.
"""

import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

import pytest

_TESTS = Path(__file__).parent.parent / "tests"
_FILES = ("hostile.py", "parsers.py", "faults.py", "full_disks.py")
_STORE = (
    "a_damaged_entry_is_none_and_is_made_anew",
    "ten_at_once_find_nothing_wrong",
    "killed_at_any_moment_it_leaves_whole_entries",
    "a_full_disk_keeps_what_fits",
    "a_home_that_cannot_be_written_to_is_no_cache",
)


class _Tally:
    """Counts the tests of each function, and those that passed."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.survived: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of a test; a test that fails before it is called was tried as well."""
        name = _told(report.nodeid)
        if report.when == "call" or report.failed:
            self.tried[name] += 1
            self.survived[name] += report.passed


def _told(node: str) -> str:
    file, _, test = node.partition("::test_")
    name, _, inputs = test.partition("[")
    kind = f": {inputs.rstrip(']')}" if file.endswith("hostile.py") else ""
    return f"{name}{kind}".replace("_", " ")


def main() -> int:
    """Run the tests and print the table; the exit status is pytest's."""
    tally = _Tally()
    tests = [f"{_TESTS}/test_{name}" for name in (*_FILES, *(f"store.py::test_{name}" for name in _STORE))]
    with redirect_stdout(sys.stderr):
        status = pytest.main(["-q", "--no-cov", *tests], plugins=[tally])
    print("| Tried | Inputs | Survived |\n| --- | ---: | ---: |")
    for name, tried in tally.tried.items():
        print(f"| {name} | {tried} | {tally.survived[name]} |")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
