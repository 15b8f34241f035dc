"""From what rules said to what each item is worth: levels, waivers, explanations, the worst."""

import fnmatch
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import NamedTuple

from msgspec.structs import replace

from dodcheck.config import Config, Waiver
from dodcheck.engine import Outcomes
from dodcheck.notes import Notes, plain
from dodcheck.patterns import pattern
from dodcheck.planning import NOT_SELECTED, Answer, PlannedItem, Selection
from dodcheck.report import UNBOUND, ItemResult, RuleResult, blocks
from dodcheck.verdict import Evidence, Finding, Status, worst

_TAKES_IN = pattern(r"\bfollow(s|ed|ing)?\b.*\b(conventions?|standards?|style guide)\b", re.IGNORECASE)


class _Court(NamedTuple):
    """What judging one run rests on."""

    outcomes: Mapping[Answer, Outcomes]
    selection: Selection
    config: Config
    notes: Notes
    today: date


def judge(  # noqa: PLR0913 - the whole bench
    rows: Sequence[PlannedItem],
    outcomes: Mapping[Answer, Outcomes],
    selection: Selection,
    config: Config,
    notes: Notes,
    today: date,
    *,
    changed: bool,
) -> tuple[ItemResult, ...]:
    """Return every item with its status.

    Args:
        rows: The items and the rules that answer them.
        outcomes: What the rules said.
        selection: What was left out.
        config: Waivers.
        notes: Explanations.
        today: The day on which waivers are judged.
        changed: Whether there is any change; without one no item applies.
    """
    court = _Court(outcomes, selection, config, notes, today)
    if not changed:
        return tuple(_result(row, Status.NOT_APPLICABLE, "nothing changed", ()) for row in rows)
    judged = [_judged(row, court) for row in rows]
    conventions = [one for one, row in zip(judged, rows, strict=True) if one.kind == "convention" and row.stated]
    settled = [_with_conventions(one, conventions) for one in judged]
    strict, needs_review = selection.strict, config.needs_review
    return tuple(replace(one, blocks=blocks(one, strict=strict, needs_review=needs_review)) for one in settled)


def _result(row: PlannedItem, status: Status, summary: str, rules: tuple[RuleResult, ...]) -> ItemResult:
    return ItemResult(row.id, row.kind, row.section, row.text, row.line, status, summary, None, rules)


def _judged(row: PlannedItem, court: _Court) -> ItemResult:
    if not row.answers:
        return _explained(_result(row, *_unbound(court.selection), ()), court.notes)
    rules = tuple(_rule_result(answer, row, court) for answer in row.answers)
    status = worst(rule.status for rule in rules)
    telling = [rule for rule in rules if rule.status is status]
    summary = "; ".join(f"{r.id}: {r.summary}" if len(rules) > 1 else r.summary for r in telling)
    if not row.stated:
        count = sum(len(rule.findings) for rule in rules)
        advice = f"advice only: {count} finding{'s' * (count != 1)}" if count else "advice only: nothing found"
        status, summary = Status.NOT_APPLICABLE, advice
    return _explained(_waived_item(_result(row, status, summary, rules), court), court.notes)


def _unbound(selection: Selection) -> tuple[Status, str]:
    if selection.staged:
        return Status.NOT_RUN, "before you merge: a person must settle it"
    if selection.select:
        return Status.NOT_RUN, NOT_SELECTED
    return Status.NEEDS_REVIEW, UNBOUND


def _rule_result(answer: Answer, row: PlannedItem, court: _Court) -> RuleResult:
    rule = answer.rule
    why = court.selection.leaves_out(rule)
    if why is not None:
        return RuleResult(rule.id, Status.NOT_RUN, why, 0.0, (), ())
    said = court.outcomes[answer]
    verdict = said.verdict
    findings = _numbered(rule.id, verdict.findings)
    status, summary = verdict.status, verdict.summary
    if not row.stated:
        findings = tuple(replace(f, level="note") for f in findings)
    elif court.selection.staged and rule.scope == "change":
        findings = tuple(replace(f, level="note") for f in findings)
        if status not in {Status.PASS, Status.NOT_APPLICABLE}:
            status, summary = Status.NOT_RUN, f"before you merge: {summary}"
    result = RuleResult(rule.id, status, summary, round(said.seconds, 3), verdict.evidence, findings)
    return _waived_rule(result, court)


def _numbered(rule: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Give each finding its rule and a fingerprint that no line number enters."""
    seen: dict[str, int] = {}
    numbered = []
    for one in findings:
        words = re.sub(r"\d+", "0", one.message)
        key = "|".join([rule, one.code or "", one.path or "", one.symbol or "", words])
        seen[key] = seen.get(key, 0) + 1
        digest = hashlib.sha256(f"{key}|{seen[key]}".encode()).hexdigest()[:16]
        numbered.append(replace(one, rule=rule, fingerprint=digest))
    return tuple(numbered)


def _waived_rule(result: RuleResult, court: _Court) -> RuleResult:
    waivers = [w for w in court.config.waivers if w.rule == result.id and w.expires >= court.today]
    if not waivers or result.status not in {Status.FAIL, Status.NEEDS_REVIEW}:
        return result
    used: dict[str, Waiver] = {}
    findings = []
    for one in result.findings:
        waiver = next((w for w in waivers if fnmatch.fnmatch(one.path or "", w.path)), None)
        if waiver and one.level == "error":
            used[waiver.reason] = waiver
            message = f"{one.message} (waived: {waiver.reason})"
            findings.append(replace(one, level="note", message=message, waived=waiver.reason))
        else:
            findings.append(one)
    if not used or any(one.level == "error" for one in findings):
        return replace(result, findings=tuple(findings))
    said = tuple(Evidence(f"waived until {w.expires}: {w.reason}", "setting") for w in used.values())
    return replace(result, status=Status.WAIVED, summary=said[0].text, findings=tuple(findings), evidence=said)


def _waived_item(item: ItemResult, court: _Court) -> ItemResult:
    if item.status not in {Status.FAIL, Status.NEEDS_REVIEW, Status.ERROR}:
        return item
    for waiver in court.config.waivers:
        named = waiver.item and plain(waiver.item) in {plain(item.text), plain(item.id)}
        if named and waiver.expires >= court.today and waiver.path in {"*", "**"}:
            return replace(item, status=Status.WAIVED, summary=f"waived until {waiver.expires}: {waiver.reason}")
    return item


def _explained(item: ItemResult, notes: Notes) -> ItemResult:
    if item.status is not Status.NEEDS_REVIEW:
        return item
    return replace(item, explanation=notes.explanation(item.id, item.text, *(rule.id for rule in item.rules)))


def _with_conventions(item: ItemResult, conventions: Sequence[ItemResult]) -> ItemResult:
    """A checkbox that says the code follows the conventions takes in the convention items."""
    if item.kind != "checkbox" or not conventions or not _TAKES_IN.search(item.text):
        return item
    unsettled = [c for c in conventions if c.explanation is None or c.status is not Status.NEEDS_REVIEW]
    status = worst([item.status, *(c.status for c in unsettled)])
    told = [c for c in unsettled if c.status is status]
    if status is item.status or not told:
        return item
    own = f"{item.summary}; but " if item.status is Status.PASS else ""
    names = f"{len(told)} of {len(conventions)} convention items: {shorten(told[0].text, 60, placeholder=' …')}"
    return replace(item, status=status, summary=f"{own}{status} in {names}")
