"""What the HTML report shows beside the report's own values: the run matrix read, findings by file, what is in the way.

No markup is made here: `render` fills the template with it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from dodcheck.facts.runs.matrix_row import MatrixRow
from dodcheck.page_files import FileNotes, files_of
from dodcheck.report import ItemResult, Report
from dodcheck.verdict import Status

_DRAWN = 60  # rows of the picture; the table beside it has them all


class Reading(NamedTuple):
    """What a row of the matrix says.

    Args:
        word: In words.
        look: The status whose mark and colour it has.
    """

    word: str
    look: Status


_REGRESSION = Reading("regression", Status.FAIL)
_BY_CODE = {  # codes of the findings of `no-regressions`
    "regression": _REGRESSION,
    "skipped-instead": Reading("disabled", Status.FAIL),
    "disabled": Reading("disabled", Status.FAIL),
    "test-gone": Reading("gone", Status.FAIL),
    "contract-change": Reading("contract changed", Status.NEEDS_REVIEW),
    "flaky": Reading("flaky", Status.NEEDS_REVIEW),
    "environment": Reading("a service is missing", Status.NEEDS_REVIEW),
    "flaky-elsewhere": Reading("flaky", Status.WAIVED),
    "known-flaky": Reading("flaky, as known", Status.WAIVED),
    "failed-before": Reading("broken before", Status.WAIVED),
    "contract-change-told": Reading("contract changed, as told", Status.WAIVED),
}
_FAIL_TO_PASS = Reading("fail-to-pass", Status.PASS)
_IDLE = Reading("passes either way", Status.NEEDS_REVIEW)
_OTHER = Reading("nothing to tell", Status.NOT_APPLICABLE)
_ORDER = (*dict.fromkeys(_BY_CODE.values()), _IDLE, _FAIL_TO_PASS, _OTHER)


class Line(NamedTuple):
    """One row of the run matrix as it is shown.

    Args:
        test: Its outcomes.
        reading: What they say.
    """

    test: MatrixRow
    reading: Reading

    @property
    def cells(self) -> tuple[str | None, ...]:
        """Outcomes in the order of the columns: new tests on new and old code, old tests on new and old code."""
        return self.test.head, self.test.head_on_base, self.test.base_on_head, self.test.base


class Matrix(NamedTuple):
    """The run matrix, what matters first.

    Args:
        lines: Its rows.
        readings: How many rows say what, in the same order.
    """

    lines: tuple[Line, ...]
    readings: Mapping[Reading, int]

    @property
    def drawn(self) -> tuple[Line, ...]:
        """The rows that the picture has room for."""
        return self.lines[:_DRAWN]


class Numbered(NamedTuple):
    """An item and its number on the page."""

    number: int
    item: ItemResult


class Group(NamedTuple):
    """Items under one heading of the definition.

    Args:
        title: The heading.
        numbered: The items.
    """

    title: str
    numbered: tuple[Numbered, ...]

    @property
    def advice(self) -> bool:
        """The definition does not state these items; they never block."""
        return all(one.item.kind == "convention" and one.item.line is None for one in self.numbered)


class Page(NamedTuple):
    """What the template is filled with, beside the report.

    Args:
        groups: Every item under its heading, in the report's order.
        matrix: The run matrix.
        files: Changed files in their order, then others that findings name.
        broken: Items that fail or could not be checked.
        waiting: Items that wait for a person.
        statuses: How many items have which status, from bad to good.
    """

    groups: tuple[Group, ...]
    matrix: Matrix
    files: tuple[FileNotes, ...]
    broken: tuple[Numbered, ...]
    waiting: tuple[Numbered, ...]
    statuses: Mapping[Status, int]

    @property
    def blocking(self) -> int:
        """Number of items that keep the change from being done."""
        return sum(one.item.blocks for group in self.groups for one in group.numbered)

    @property
    def found(self) -> int:
        """Number of findings, each counted once."""
        return sum(len(file.found) for file in self.files)

    @classmethod
    def of(cls, report: Report) -> "Page":
        """Read a report."""
        items = tuple(Numbered(number, item) for number, item in enumerate(report.items, start=1))
        unsettled = [n for n in items if n.item.status is Status.NEEDS_REVIEW]
        waiting = [n for n in unsettled if n.item.explanation is None or n.item.blocks]
        return cls(
            groups=tuple(_groups(items)),
            matrix=_matrix(report),
            files=tuple(files_of(report, items)),
            broken=tuple(n for n in items if n.item.status in {Status.FAIL, Status.ERROR}),
            waiting=tuple(waiting),
            statuses={s: n for s in Status if (n := sum(item.status is s for item in report.items))},
        )


def _groups(items: Sequence[Numbered]) -> Iterator[Group]:
    for title, numbered in groupby(items, key=lambda one: one.item.section):
        yield Group(title, tuple(numbered))


def _matrix(report: Report) -> Matrix:
    rules = {rule.id: rule for item in report.items for rule in item.rules}
    told = rules["no-regressions"].findings if "no-regressions" in rules else ()
    codes = {one.symbol: one.code for one in told if one.symbol and one.code}
    lines = [Line(row, _reading(row, codes)) for row in report.report.matrix]
    lines.sort(key=lambda line: (_ORDER.index(line.reading), line.test.id))
    counted = Counter(line.reading for line in lines)
    return Matrix(tuple(lines), {one: counted[one] for one in _ORDER if counted[one]})


def _reading(row: MatrixRow, codes: Mapping[str, str]) -> Reading:
    code = codes.get(row.id) or codes.get(row.id.partition("[")[0], "")
    if code in _BY_CODE:
        return _BY_CODE[code]
    if row.fail_to_pass:
        return _FAIL_TO_PASS
    return _IDLE if row.changed and row.head == row.head_on_base == "passed" else _OTHER
