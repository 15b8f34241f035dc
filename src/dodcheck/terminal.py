"""The report on a terminal: verdict last, where the eye rests, and every open item with its fix."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from dodcheck.planning import ADVICE, NOT_SELECTED
from dodcheck.render import MARKS, WORDS, counts, settle
from dodcheck.report import UNBOUND, ItemResult, Report
from dodcheck.rule import Rule
from dodcheck.sheet import Sheet
from dodcheck.verdict import Finding, Status, visible

_MOST = 12  # findings of one rule before the rest is counted

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
_MARKUP = frozenset("*_~[<&\\")
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
    sheet = Sheet.of(tty=sys.stdout.isatty(), color=color, width=width)
    _show(sheet, report, rules or {}, verbose=verbose)
    return sheet.text()


def _show(sheet: Sheet, report: Report, rules: Mapping[str, Rule], *, verbose: bool) -> None:
    change, definition = report.change, report.definition
    files = len(change.files)
    head = f"{change.base.ref}..{change.head.ref}: {files} file{'s' * (files != 1)} changed ({change.kind})"
    sheet.line(head)
    sheet.line((f"{definition.title} ({definition.path}, {definition.revision})", "dim"))
    if not files:
        sheet.line()
        sheet.line(("nothing changed", "bold"))
        return
    section, explained = None, set[str]()
    for item in report.items:
        if not verbose and _tells_nothing(item):
            continue
        if item.section != section:
            section = item.section
            sheet.line()
            sheet.line((section, "bold underline"))
        _show_item(sheet, item, verbose=verbose)
        for rule in [one for one in item.rules if one.status in _OPEN and one.id in rules]:
            _explain(sheet, rules[rule.id], again=rule.id in explained)
            explained.add(rule.id)
    _close(sheet, report)


def _tells_nothing(item: ItemResult) -> bool:
    """Tell whether an item is advice on nothing, or one that nobody asked for; the count at the end has it."""
    if item.section == ADVICE:
        return not any(rule.findings for rule in item.rules)
    reasons = {rule.summary for rule in item.rules} or {item.summary}
    return item.status is Status.NOT_RUN and reasons == {NOT_SELECTED}


def _words(text: str) -> str:
    """Return an item's text without its Markdown."""
    bare = text.replace("`", "")
    if _MARKUP.isdisjoint(bare):
        return bare
    from dodcheck.wording import plain  # noqa: PLC0415 - compiles patterns that most items do without

    return plain(text)


def _show_item(sheet: Sheet, item: ItemResult, *, verbose: bool) -> None:
    style = _STYLES[item.status]
    sheet.line(_words(item.text), mark=(f"{MARKS[item.status]} ", style))
    quiet = item.status in {Status.PASS, Status.NOT_APPLICABLE, Status.NOT_RUN}
    label = "" if item.status is Status.PASS else f"{item.status}: "
    if item.summary != UNBOUND and not _said_below(item):  # what is unbound is said once, at the end
        sheet.line((f"{label}{item.summary}", "dim" if quiet else style), indent=2)
    if item.explanation:
        sheet.line(f"the author: {item.explanation}", indent=2)
    for rule in item.rules:
        _show_findings(sheet, rule.findings, only_blocking=not verbose and item.status is Status.PASS)
        for seen in rule.evidence if verbose else ():
            sheet.line((seen.text, "dim"), indent=4, mark=("· ", "dim"))


def _said_below(item: ItemResult) -> bool:
    """Tell whether the findings of its rules say all that its summary says."""
    telling = [rule for rule in item.rules if rule.status is item.status]
    whole = "; ".join(f"{one.id}: {one.summary}" if len(item.rules) > 1 else one.summary for one in telling)
    told = all(any(one.message == rule.summary for one in rule.findings) for rule in telling)
    return bool(telling) and told and item.summary == whole


def _show_findings(sheet: Sheet, findings: Sequence[Finding], *, only_blocking: bool) -> None:
    shown = [one for one in findings if one.level != "note" or not only_blocking]
    for one in shown[:_MOST]:
        path = visible(one.path or "")
        place = f"{path}:{one.line}" if path and one.line else path
        sheet.line((f"{place} ", "cyan") if place else "", (one.message, _LEVELS[one.level]), indent=4)
        if one.fix:
            sheet.line((one.fix, "dim"), indent=6, mark=("fix: ", "dim"))
    if len(shown) > _MOST:
        sheet.line((f"… and {len(shown) - _MOST} more", "dim"), indent=4)


def _explain(sheet: Sheet, rule: Rule, *, again: bool) -> None:
    """Say what a rule decides and why, with its sources; what was said above is not said again."""
    if again:
        sheet.line((f"{rule.id}: ", "bold"), ("explained above", "dim"), indent=4)
        return
    sheet.line((f"{rule.id}: ", "bold"), f"{rule.title}.", indent=4)
    for paragraph in re.split(r"\n\s*\n", rule.why):
        sheet.line((" ".join(paragraph.split()), "dim"), indent=6)
    sheet.line((f"examples and settings: dodcheck explain {rule.id}", "dim"), indent=6)


def _close(sheet: Sheet, report: Report) -> None:
    sheet.line()
    for remark in _remarks(report):
        sheet.line((remark, "dim"))
    tally = ", ".join(f"{number} {status}" for status, number in counts(report).items())
    sheet.line((WORDS[report.verdict], _VERDICTS[report.verdict]), f" ({tally}; {report.seconds:.1f} s)")


def _remarks(report: Report) -> Iterator[str]:
    yield from report.notes
    yield from dict.fromkeys(part for run in report.runs for part in run.note.split("; ") if part)
    line = settle(report)
    if line:
        yield line
