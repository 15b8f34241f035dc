"""Print what was tried against dodcheck, and what of it was survived, as tables in Markdown.

python benchmarks/hostile.py [--readme]

Runs the tests of hostile repositories, of any text for the parsers, of odd names and secrets, and of runs that are
ended, killed and starved of room at each of their stages.  With `--readme` the README has the tables as well.
"""

import argparse
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent / "tests"
FILES = ("hostile", "parsers", "hunks", "odd_names", "secrets", "store", "faults", "full_disks")


class _Outcomes:
    """Whether each test passed, by its id from the file's name on."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one phase of a test; one that fails before it is called was tried as well."""
        if report.when == "call" or report.failed:
            self.passed[report.nodeid.rpartition("tests/")[2] or report.nodeid] = report.passed


def main() -> int:
    """Run the tests and print the tables; the exit status is pytest's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true")
    asked = parser.parse_args()
    outcomes = _Outcomes()
    with redirect_stdout(sys.stderr):
        status = pytest.main(
            ["-q", "--no-cov", *(str(TESTS / f"test_{name}.py") for name in FILES)], plugins=[outcomes]
        )
    sys.path.insert(0, str(TESTS))
    from hardships import tables, write  # noqa: PLC0415 - pytest is to import the tests first

    text = tables(outcomes.passed)
    print(text)
    if asked.readme:
        write(text)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
