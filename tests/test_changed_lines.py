"""The lines of a change as reports hold them."""

import pytest
from conftest import Repository

from dodcheck.changed_lines import changed_lines
from dodcheck.cli.running import watched
from dodcheck.cli.session import Asked, session
from dodcheck.planning import Selection
from dodcheck.report_sections import ChangedLine, ChangedLines
from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, Suite
from dodcheck.testing import facts_of

BEFORE = {"app.py": "def f(x):\n    return 1\n"}
AFTER = {"app.py": "def f(x):\n    # why\n    if x:\n        return 2\n    return 1\n"}


def told(before: dict[str, str], after: dict[str, str], *ran: int, tested: bool = False) -> tuple[ChangedLines, ...]:
    suite = Suite.reporting(Outcome("t.py::test_f", "passed"), executed={"app.py": frozenset(ran)})
    facts = facts_of(Case("a change", Status.PASS, before, after, runs={"head pytest": suite}))
    return changed_lines(facts, tested=tested)


def test_each_added_line_says_whether_a_test_ran_it() -> None:
    (one,) = told(BEFORE, AFTER, 1, 3, 5, tested=True)
    assert one == ChangedLines(
        "app.py",
        (
            ChangedLine(2, "    # why"),
            ChangedLine(3, "    if x:", ran=True),
            ChangedLine(4, "        return 2", ran=False),
        ),
    )


def test_without_tests_nothing_is_said_of_what_ran() -> None:
    (one,) = told(BEFORE, AFTER)
    assert [line.ran for line in one.lines] == [None, None, None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, {}),
        ({}, {"uv.lock": "a\n"}),
        ({}, {"data.csv": "1\n"}),
        ({}, {"a.ipynb": "{}\n"}),
        ({"a.py": "x\ny\n"}, {"a.py": "x\n"}),
    ],
    ids=["deleted", "lock", "data", "notebook", "lines taken out"],
)
def test_what_nobody_reads_as_code_is_left_out(before: dict[str, str], after: dict[str, str]) -> None:
    assert told(before, after) == ()


def test_what_is_long_is_cut_and_counted() -> None:
    many = {f"m{at}.py": "x = 1\n" * 500 for at in range(9)}
    found = told({}, {"a.py": "y" * 1000, **many})
    assert found[0].lines[0].text == f"{'y' * 300}…"
    assert [len(one.lines) for one in found] == [1, *[400] * 7, 199, 0]
    assert [one.more for one in found] == [0, *[100] * 7, 301, 500]


@pytest.mark.parametrize(("formats", "held"), [({"text", "json"}, 1), ({"html"}, 1), ({"text", "markdown"}, 0)])
def test_only_formats_that_show_them_ask_for_them(repository: Repository, formats: set[str], held: int) -> None:
    repository.commit({"README.md": "# app\n"})
    repository.write({"app.py": "x = 1\n"})
    asked = Asked(base="HEAD", selection=Selection(select=("stubs",), fast=True))
    with session(asked, repository.path) as job:
        report = watched(job, quiet=True, formats=formats)
    assert report.report.changed_lines == (ChangedLines("app.py", (ChangedLine(1, "x = 1"),)),) * held
