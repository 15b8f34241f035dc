"""What an audit came to, on a terminal: what would have failed, what is noisy, how long it took."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dodcheck.audit.rows import ChangeRow, RuleRow
from dodcheck.audit.summary import Summary, headline
from dodcheck.verdict import Status
from dodcheck.wording import plain

_PIPED = 100  # columns when nobody looks
_MOST = 20  # failing changes before the rest is counted
_SLOWEST = 5
_HEADS = {"needs-review": "review", "not-applicable": "n/a", "not-run": "left out"}
_STYLES: Mapping[str, str] = {
    Status.FAIL: "bold red",
    Status.ERROR: "bold magenta",
    Status.NEEDS_REVIEW: "yellow",
    Status.PASS: "green",
}


def text(summary: Summary, *, color: bool | None = None, width: int | None = None) -> str:
    """Return the page of results as text.

    Args:
        summary: What to show.
        color: Force colours on or off; by default as the terminal and `NO_COLOR` say.
        width: Columns; by default the terminal's.
    """
    tty = sys.stdout.isatty()
    console = Console(
        file=StringIO(),
        force_terminal=tty if color is None else color,
        no_color=None if color is None else not color,
        width=width or (None if tty else _PIPED),
        highlight=False,
        emoji=False,
        markup=False,
    )
    with console.capture() as captured:
        for part in _parts(summary):
            console.print(part)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _parts(summary: Summary) -> Iterator[Text | Table | Padding]:
    for one in summary.repositories:
        yield Text(f"{one.name} {one.branch}".rstrip(), "bold")
        if one.problem:
            yield Padding(Text(one.problem, "bold magenta"), (0, 0, 0, 2))
            continue
        for line in filter(None, (one.definition, _told(one.counts), *one.remarks)):
            yield Padding(Text(line, "dim"), (0, 0, 0, 2))
    if any(row.applied for row in summary.items):
        yield from _items(summary)
        yield _rules(summary)
        yield from _times(summary)
    yield from _changes(summary)
    noisy = ", ".join(f"{one.id} ({one.share:g} %)" for one in summary.noisy)
    yield Text(f"\nNoisy, failing over {summary.threshold:g} % of the changes that they concern: {noisy or 'no rule'}")
    yield Text.assemble((headline(summary), "bold"), f" ({_told(summary.outcomes)})" if summary.changes else "")


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {status}" for status, number in counts.items())


def _table(first: str, columns: Iterable[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False, show_edge=False, padding=(0, 1))
    table.add_column(first, ratio=1)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _heads(summary: Summary, *before: str) -> list[str]:
    return [f"\n{_HEADS.get(name, name)}" for name in (*before, *summary.columns)]


def _cells(summary: Summary, counts: Mapping[str, int]) -> list[Text]:
    return [Text(str(counts.get(one, "")), _STYLES.get(one, "dim")) for one in summary.columns]


def _items(summary: Summary) -> Iterator[Table | Text]:
    table = _table("\nItem", _heads(summary))
    for one in (row for row in summary.items if row.applied):
        table.add_row(Text(plain(one.text)), *_cells(summary, one.counts))
    yield table
    idle = sum(not one.applied for one in summary.items)
    if idle:
        yield Text(f"{idle} more items had nothing to say of any change, or were left out", "dim")


def _rules(summary: Summary) -> Table:
    table = _table("\nRule", [*_heads(summary, "", "fails %"), "\n95 % s"])
    for one in summary.rules:
        if one.applied:
            mark = Text("noisy", "bold red") if one.noisy else Text("advice" if one.advice else "", "dim")
            table.add_row(
                Text(one.id), mark, f"{one.share:g}", *_cells(summary, one.counts), f"{one.seconds.median:.2f}"
            )
    return table


def _times(summary: Summary) -> Iterator[Text]:
    seconds = summary.seconds
    yield Text(f"A change took {seconds.median:.1f} s (95 % under {seconds.p95:.1f} s), all {seconds.total:.0f} s")
    slow = ", ".join(f"{one.id} {_of(one)}" for one in summary.slowest[:_SLOWEST])
    yield Text(f"Slowest rules, median and 95 %: {slow}", "dim")


def _of(one: RuleRow) -> str:
    return f"{one.seconds.median:.2f}/{one.seconds.p95:.2f} s"


def _changes(summary: Summary) -> Iterator[Text | Padding]:
    open_ = [one for one in summary.changes if one.outcome in {Status.FAIL, Status.ERROR}]
    labels = summary.labels
    if open_:
        yield Text("\nChanges that would have failed", "bold underline")
    for one in open_[:_MOST]:
        where = (f" {labels[one.repository]}", "dim")
        yield Text.assemble((one.commit[:9], "cyan"), f" {one.subject}", where)
        yield Padding(Text(_first(one), _STYLES[one.outcome]), (0, 0, 0, 4))
    if len(open_) > _MOST:
        yield Text(f"… and {len(open_) - _MOST} more: -o audit.html has them all", "dim")


def _first(one: ChangeRow) -> str:
    if one.error or not one.told:
        return one.error or ""
    told = one.told[0]
    place = told.place
    if place is None:
        return told.rule
    where = f"{place.path}:{place.line} " if place.path and place.line else f"{place.path} " if place.path else ""
    failing = sum(other.status is told.status for other in one.told) - 1
    more = f" (and {failing} more rule{'s' * (failing != 1)})" if failing else ""
    return f"{told.rule}: {where}{place.message}{more}"
