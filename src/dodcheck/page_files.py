"""Files as the HTML report shows them: findings, and changed lines with what ran and what is wrong beside them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dodcheck.change import ChangedFile
from dodcheck.report import ItemResult, Report
from dodcheck.report_sections import ChangedLine, ChangedLines
from dodcheck.verdict import Finding


class Placed(NamedTuple):
    """A finding and the number of the item under which it stands with its evidence."""

    finding: Finding
    item: int


class Row(NamedTuple):
    """A changed line as it is shown.

    Args:
        line: The line.
        gap: Lines that did not change stand between it and the one before.
        found: What was found at it.
    """

    line: ChangedLine
    gap: bool
    found: tuple[Placed, ...]


class FileNotes(NamedTuple):
    """A file with what was found in it.

    Args:
        path: The file; empty for findings without one.
        change: What became of it; None when the change does not touch it.
        found: Its findings by line.
        rows: Its changed lines.
        more: How many further changed lines are left out.
    """

    path: str
    change: ChangedFile | None
    found: tuple[Placed, ...]
    rows: tuple[Row, ...] = ()
    more: int = 0

    @property
    def levels(self) -> Mapping[str, int]:
        """How many findings of each level."""
        return _levels(self.found)

    @property
    def beside(self) -> Mapping[str, int]:
        """How many findings of each level stand at a changed line that is shown."""
        return _levels([placed for row in self.rows for placed in row.found])

    @property
    def ran(self) -> int:
        """Number of changed lines that a test ran."""
        return sum(row.line.ran is True for row in self.rows)

    @property
    def idle(self) -> int:
        """Number of changed lines that a test could run and none did."""
        return sum(row.line.ran is False for row in self.rows)


def files_of(report: Report, items: Iterable[tuple[int, ItemResult]]) -> Iterator[FileNotes]:
    """Yield every file once, changed ones first.

    A finding that several items share stands once, under the first of them.

    Args:
        report: The report.
        items: Its items, each with its number on the page.
    """
    by_path: dict[str, dict[Finding, Placed]] = {file.path: {} for file in report.change.files}
    for number, item in items:
        for one in (finding for rule in item.rules for finding in rule.findings):
            by_path.setdefault(one.path or "", {}).setdefault(one, Placed(one, number))
    files = {file.path: file for file in report.change.files}
    lines = {one.path: one for one in report.report.changed_lines}
    for path, found in by_path.items():
        in_order = sorted(found.values(), key=lambda placed: placed.finding.line or 0)
        changed = lines.get(path, ChangedLines(path, ()))
        yield FileNotes(path, files.get(path), tuple(in_order), tuple(_rows(changed, in_order)), changed.more)


def _rows(changed: ChangedLines, found: Sequence[Placed]) -> Iterator[Row]:
    at: dict[int | None, list[Placed]] = {}
    for placed in found:
        at.setdefault(placed.finding.line, []).append(placed)
    before = None
    for line in changed.lines:
        yield Row(line, before is not None and line.number > before + 1, tuple(at.get(line.number, ())))
        before = line.number


def _levels(found: Iterable[Placed]) -> Mapping[str, int]:
    counted = Counter(one.finding.level for one in found)
    return {level: counted[level] for level in ("error", "warning", "note") if counted[level]}
