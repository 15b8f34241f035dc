"""The report on a terminal: verdict last, where the eye rests, and every open item with its fix."""

import sys
from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dodcheck.planning import ADVICE
from dodcheck.render import MARKS, WORDS, counts, settle
from dodcheck.report import UNBOUND, ItemResult, Report
from dodcheck.verdict import Finding, Status

_MOST = 12  # findings of one rule before the rest is counted
_PIPED = 100  # columns when nobody looks


_STYLES = {
    Status.PASS: "green",
    Status.NOT_APPLICABLE: "dim",
    Status.FAIL: "bold red",
    Status.ERROR: "bold magenta",
    Status.NEEDS_REVIEW: "yellow",
    Status.WAIVED: "cyan",
    Status.NOT_RUN: "dim",
}
_LEVELS = {"error": "red", "warning": "yellow", "note": "dim"}
_VERDICTS = {"done": "bold green", "partial": "bold green", "not-done": "bold red", "undecided": "bold magenta"}


def text(report: Report, *, verbose: bool = False, color: bool | None = None, width: int | None = None) -> str:
    """Render the report as text.

    Args:
        report: What to show.
        verbose: Show the evidence of what passes as well.
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
        soft_wrap=False,
    )
    with console.capture() as captured:
        _show(console, report, verbose=verbose)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _show(console: Console, report: Report, *, verbose: bool) -> None:
    change, definition = report.change, report.definition
    files = len(change.files)
    head = f"{change.base.ref}..{change.head.ref}: {files} file{'s' * (files != 1)} changed ({change.kind})"
    console.print(Text(head))
    console.print(Text(f"{definition.title} ({definition.path}, {definition.revision})", "dim"))
    if not files:
        console.print(Text("\nnothing changed", "bold"))
        return
    section = None
    for item in report.items:
        if item.section == ADVICE and not verbose and not any(rule.findings for rule in item.rules):
            continue
        if item.section != section:
            section = item.section
            console.print(Text(f"\n{section}", "bold underline"))
        _show_item(console, item, verbose=verbose)
    _close(console, report)


def _show_item(console: Console, item: ItemResult, *, verbose: bool) -> None:
    style = _STYLES[item.status]
    title = item.text.replace("`", "")
    console.print(_hanging(f"{MARKS[item.status]} ", style, Text(title), 0))
    quiet = item.status in {Status.PASS, Status.NOT_APPLICABLE, Status.NOT_RUN}
    label = "" if item.status is Status.PASS else f"{item.status}: "
    said_below = any(one.message == item.summary for rule in item.rules for one in rule.findings)
    if item.summary != UNBOUND and not said_below:  # what is unbound is said once, at the end
        console.print(_hanging("", "", Text(f"{label}{item.summary}", "dim" if quiet else style), 2))
    if item.explanation:
        console.print(_hanging("", "", Text(f"the author: {item.explanation}"), 2))
    for rule in item.rules:
        _show_findings(console, rule.findings, only_blocking=not verbose and item.status is Status.PASS)
        for seen in rule.evidence if verbose else ():
            console.print(_hanging("· ", "dim", Text(seen.text, "dim"), 4))


def _show_findings(console: Console, findings: Sequence[Finding], *, only_blocking: bool) -> None:
    shown = [one for one in findings if one.level != "note" or not only_blocking]
    for one in shown[:_MOST]:
        place = f"{one.path}:{one.line}" if one.path and one.line else one.path or ""
        line = Text.assemble((f"{place} ", "cyan") if place else "", (one.message, _LEVELS[one.level]))
        console.print(_hanging("", "", line, 4))
        if one.fix:
            console.print(_hanging("fix: ", "dim", Text(one.fix, "dim"), 6))
    if len(shown) > _MOST:
        console.print(_hanging("", "", Text(f"… and {len(shown) - _MOST} more", "dim"), 4))


def _hanging(mark: str, style: str, body: Text, indent: int) -> Padding:
    return Padding(Text.assemble((mark, style), body), (0, 0, 0, indent))


def _close(console: Console, report: Report) -> None:
    console.print()
    for remark in _remarks(report):
        console.print(Text(remark, "dim"))
    tally = ", ".join(f"{number} {status}" for status, number in counts(report).items())
    console.print(
        Text.assemble((WORDS[report.verdict], _VERDICTS[report.verdict]), f" ({tally}; {report.seconds:.1f} s)")
    )


def _remarks(report: Report) -> Iterator[str]:
    yield from report.notes
    yield from dict.fromkeys(run.note for run in report.runs if run.note)
    line = settle(report)
    if line:
        yield line
