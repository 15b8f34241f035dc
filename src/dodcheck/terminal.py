"""The report on a terminal: verdict last, where the eye rests, and every open item with its fix."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dodcheck.planning import ADVICE
from dodcheck.render import MARKS, WORDS, counts, settle
from dodcheck.report import UNBOUND, ItemResult, Report
from dodcheck.rule import Rule
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
_OPEN = {Status.FAIL, Status.ERROR, Status.NEEDS_REVIEW}
_VERDICTS = {"done": "bold green", "partial": "bold green", "not-done": "bold red", "undecided": "bold magenta"}


def text(
    report: Report,
    *,
    verbose: bool = False,
    rules: Mapping[str, Rule] | None = None,
    color: bool | None = None,
    width: int | None = None,
) -> str:
    """Render the report as text.

    Args:
        report: What to show.
        verbose: Show the evidence of what passes as well.
        rules: Rules to explain where they have something open, each once.
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
        _show(console, report, rules or {}, verbose=verbose)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _show(console: Console, report: Report, rules: Mapping[str, Rule], *, verbose: bool) -> None:
    change, definition = report.change, report.definition
    files = len(change.files)
    head = f"{change.base.ref}..{change.head.ref}: {files} file{'s' * (files != 1)} changed ({change.kind})"
    console.print(Text(head))
    console.print(Text(f"{definition.title} ({definition.path}, {definition.revision})", "dim"))
    if not files:
        console.print(Text("\nnothing changed", "bold"))
        return
    section, explained = None, set[str]()
    for item in report.items:
        if item.section == ADVICE and not verbose and not any(rule.findings for rule in item.rules):
            continue
        if item.section != section:
            section = item.section
            console.print(Text(f"\n{section}", "bold underline"))
        _show_item(console, item, verbose=verbose)
        for rule in [one for one in item.rules if one.status in _OPEN and one.id in rules]:
            _explain(console, rules[rule.id], again=rule.id in explained)
            explained.add(rule.id)
    _close(console, report)


def _show_item(console: Console, item: ItemResult, *, verbose: bool) -> None:
    style = _STYLES[item.status]
    console.print(_hanging(f"{MARKS[item.status]} ", style, Text(item.text.replace("`", "")), 0))
    quiet = item.status in {Status.PASS, Status.NOT_APPLICABLE, Status.NOT_RUN}
    label = "" if item.status is Status.PASS else f"{item.status}: "
    if item.summary != UNBOUND and not _said_below(item):  # what is unbound is said once, at the end
        console.print(_indented(Text(f"{label}{item.summary}", "dim" if quiet else style), 2))
    if item.explanation:
        console.print(_indented(Text(f"the author: {item.explanation}"), 2))
    for rule in item.rules:
        _show_findings(console, rule.findings, only_blocking=not verbose and item.status is Status.PASS)
        for seen in rule.evidence if verbose else ():
            console.print(_hanging("· ", "dim", Text(seen.text, "dim"), 4))


def _said_below(item: ItemResult) -> bool:
    """Tell whether the findings of its rules say all that its summary says."""
    telling = [rule for rule in item.rules if rule.status is item.status]
    whole = "; ".join(f"{one.id}: {one.summary}" if len(item.rules) > 1 else one.summary for one in telling)
    told = all(any(one.message == rule.summary for one in rule.findings) for rule in telling)
    return bool(telling) and told and item.summary == whole


def _show_findings(console: Console, findings: Sequence[Finding], *, only_blocking: bool) -> None:
    shown = [one for one in findings if one.level != "note" or not only_blocking]
    for one in shown[:_MOST]:
        place = f"{one.path}:{one.line}" if one.path and one.line else one.path or ""
        line = Text.assemble((f"{place} ", "cyan") if place else "", (one.message, _LEVELS[one.level]))
        console.print(_indented(line, 4))
        if one.fix:
            console.print(_hanging("fix: ", "dim", Text(one.fix, "dim"), 6))
    if len(shown) > _MOST:
        console.print(_indented(Text(f"… and {len(shown) - _MOST} more", "dim"), 4))


def _explain(console: Console, rule: Rule, *, again: bool) -> None:
    """Say what a rule decides and why, with its sources; what was said above is not said again."""
    if again:
        console.print(_indented(Text.assemble((f"{rule.id}: ", "bold"), ("explained above", "dim")), 4))
        return
    console.print(_indented(Text.assemble((f"{rule.id}: ", "bold"), f"{rule.title}."), 4))
    for paragraph in re.split(r"\n\s*\n", rule.why):
        console.print(_indented(Text(" ".join(paragraph.split()), "dim"), 6))
    console.print(_indented(Text(f"examples and settings: dodcheck explain {rule.id}", "dim"), 6))


def _indented(body: Text, indent: int) -> Padding:
    return Padding(body, (0, 0, 0, indent))


def _hanging(mark: str, style: str, body: Text, indent: int) -> Padding:
    """A mark, and beside it a text whose further lines stand under its first."""
    row = Table.grid()
    row.add_column(no_wrap=True)
    row.add_column()
    row.add_row(Text(mark, style), body)
    return Padding(row, (0, 0, 0, indent))


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
    yield from dict.fromkeys(part for run in report.runs for part in run.note.split("; ") if part)
    line = settle(report)
    if line:
        yield line
