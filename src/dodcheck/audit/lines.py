"""What an audit keeps of one change: a line of JSON."""

from collections.abc import Iterable

import msgspec

from dodcheck.history import Merged
from dodcheck.report import ItemResult, Report, RuleResult, VerdictWord
from dodcheck.verdict import Finding, Status, worst


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a rule found something first, and what."""

    path: str | None
    line: int | None
    message: str


class RuleLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one rule said of the change, whatever the number of items that it answers.

    Args:
        id: The rule.
        status: The worst that it said.
        advice: The definition does not state it, so that it never blocks.
        seconds: How long it took; facts that rules share count for the first that asks.
        findings: How many places it found.
        first: The first place, of what blocks where anything does.
    """

    id: str
    status: Status
    advice: bool = False
    seconds: float = 0.0
    findings: int = 0
    first: Place | None = None


class ItemLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one item of the definition came to."""

    id: str
    kind: str
    section: str
    text: str
    status: Status
    explained: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change, replayed.

    Args:
        schema: Version of these keys.
        key: Digest of all that the answer depends on: commit, rules, definition, configuration, selection.
        change: Which change.
        files: How many files it changes.
        verdict: As `dodcheck check` would have said; None where it could not be replayed.
        items: What the definition's items came to.
        rules: What the rules said.
        error: Why it could not be replayed; None where it was.
        seconds: How long it took, wall-clock.
    """

    schema: int = 1
    key: str
    change: Merged
    files: int = 0
    verdict: VerdictWord | None = None
    items: tuple[ItemLine, ...] = ()
    rules: tuple[RuleLine, ...] = ()
    error: str | None = None
    seconds: float

    @property
    def outcome(self) -> Status:
        """The worst that a stated item came to: fail, error, needs-review that nobody explained, or pass."""
        if self.error is not None:
            return Status.ERROR
        told = {one.status for one in self.items if not (one.status is Status.NEEDS_REVIEW and one.explained)}
        return worst({Status.PASS, *(told & {Status.FAIL, Status.ERROR, Status.NEEDS_REVIEW})})


def line_of(key: str, change: Merged, report: Report, seconds: float) -> Line:
    """Return what an audit counts of a report.

    Args:
        key: See `Line`.
        change: Which change.
        report: What the check said.
        seconds: How long opening and checking took.
    """
    return Line(
        key=key,
        change=change,
        files=len(report.change.files),
        verdict=report.verdict,
        items=tuple(map(_item, report.items)),
        rules=tuple(_rules(report.items)),
        seconds=round(seconds, 3),
    )


def _item(one: ItemResult) -> ItemLine:
    return ItemLine(one.id, one.kind, one.section, one.text, one.status, one.explanation is not None)


def _rules(items: Iterable[ItemResult]) -> Iterable[RuleLine]:
    said: dict[str, list[RuleResult]] = {}
    stated: set[str] = set()
    for item in items:
        for rule in item.rules:
            said.setdefault(rule.id, []).append(rule)
            if item.line is not None or item.kind == "integrity":
                stated.add(rule.id)
    for name, results in said.items():
        status = worst(one.status for one in results)
        telling = [one for one in results if one.status is status]
        found = tuple(dict.fromkeys(finding for one in telling for finding in one.findings))
        seconds = max(one.seconds for one in results)
        yield RuleLine(name, status, name not in stated, seconds, len(found), _first(found, telling[0].summary, status))


def _first(found: tuple[Finding, ...], summary: str, status: Status) -> Place | None:
    blocking = [one for one in found if one.level == "error"] or list(found)
    if blocking:
        return Place(blocking[0].path, blocking[0].line, blocking[0].message)
    return None if status in {Status.PASS, Status.NOT_APPLICABLE, Status.NOT_RUN} else Place(None, None, summary)
