"""The report for a coding agent: what is open, where, and the fix, worst first, in a few lines."""

from collections.abc import Iterator, Mapping, Sequence

from dodcheck.render import WORDS
from dodcheck.report import UNBOUND, ItemResult, Report, RuleResult, blocks
from dodcheck.rule import Rule
from dodcheck.verdict import Finding, Status

MOST_LINES = 40
_ROOM = MOST_LINES - 5  # less the first line, what is cut, and the closing words
_PLACES = 6  # findings of one item
_WIDTH = 300  # characters of one line


def open_items(
    report: Report, rules: Mapping[str, Rule], *, needs_review: str, review: bool = False
) -> tuple[ItemResult, ...]:
    """Return the items that an agent is to mend, worst first.

    What waits for a person is an agent's only where a rule that holds of any commit says so: code
    that it can write otherwise.  The rest (a missing explanation, an item that no rule answers)
    would stop it for what it cannot do.

    Args:
        report: The result.
        rules: Every rule by id.
        needs_review: The configuration's `needs-review`.
        review: Everything that waits for a person counts.
    """

    def mine(item: ItemResult) -> bool:
        waiting = [one for one in item.rules if one.status is Status.NEEDS_REVIEW]
        return (
            review
            or item.status is Status.FAIL
            or any(one.id in rules and rules[one.id].scope == "commit" for one in waiting)
        )

    found = [one for one in report.items if blocks(one, strict=False, needs_review=needs_review) and mine(one)]
    return tuple(sorted(found, key=lambda item: list(Status).index(item.status)))


def reply(report: Report, items: Sequence[ItemResult]) -> str:
    """Say what to do about open items.

    Args:
        report: The result.
        items: The open items, worst first.

    Returns:
        At most `MOST_LINES` lines; each place is one line: file, line, what is wrong, the fix.
    """
    shown = items[: _ROOM // 2]
    places = min(_PLACES, max(1, _ROOM // max(1, len(shown)) - 2))
    lines, told = [_first(report, items)], set[Finding]()
    for item in shown:
        lines += [_cut(line) for line in _lines(item, places, told)]
    if len(items) > len(shown):
        lines.append(f"… and {len(items) - len(shown)} more items")
    return "\n".join([*lines, *_closing(report, items)])


def answer(report: Report) -> str:
    """Say what came of a check that an agent asked for: in one line, or what is open with it."""
    if report.verdict in {"not-done", "undecided"}:
        unknown = [one for one in report.items if one.status is Status.ERROR]
        return reply(report, open_items(report, {}, needs_review="block", review=True) or unknown)
    return f"{WORDS[report.verdict]} ({report.definition.path}; {_files(report)})."


def _first(report: Report, items: Sequence[ItemResult]) -> str:
    verdict = report.verdict.capitalize().replace("-", " ")
    is_open = f"{len(items)} item{'s are' if len(items) != 1 else ' is'} open"
    return f"{verdict} by {report.definition.path}: {is_open} ({_files(report)})."


def _files(report: Report) -> str:
    change = report.change
    return f"{len(change.files)} file{'s' * (len(change.files) != 1)} changed since {change.base.ref}"


def _lines(item: ItemResult, places: int, told: set[Finding]) -> Iterator[str]:
    """One item with its places; a place that an item above has `told` is not told again."""
    deciding = [one for one in item.rules if one.status is item.status]
    names = ", ".join(one.id for one in deciding)
    found = [one for rule in deciding for one in _blocking(rule)]
    yield f"- {item.status}: {item.text}" + (f" [{names}]" if names else "")
    if not found and item.summary != UNBOUND:
        yield f"  {item.summary}"
    new = [one for one in found if one not in told]
    for one in new[:places]:
        place = f"{one.path}:{one.line}: " if one.path and one.line else f"{one.path}: " if one.path else ""
        yield f"  {place}{one.message}" + (f" → {one.fix}" if one.fix else "")
    if len(new) > places:
        yield f"  … and {len(new) - places} more"
    if len(new) < len(found):
        yield "  as above"
    told.update(new)


def _blocking(rule: RuleResult) -> Sequence[Finding]:
    if rule.status is Status.FAIL:
        return [one for one in rule.findings if one.level == "error"]
    return [one for one in rule.findings if one.level != "note"]


def _closing(report: Report, items: Sequence[ItemResult]) -> Iterator[str]:
    unknown = sum(item.status is Status.ERROR for item in report.items)
    if unknown:
        yield f"{unknown} item{'s' * (unknown != 1)} could not be checked; `dodcheck doctor` helps."
    if any(item.status is Status.NEEDS_REVIEW for item in items):
        yield 'What needs review: mend it, or explain it under an "Explanations" heading of the handoff notes.'
    yield "Mend these before you finish. More: `dodcheck check --fast`, `dodcheck explain RULE`."


def _cut(line: str) -> str:
    """One line of a bounded length, whatever a file's name or a message holds."""
    indent = len(line) - len(line.lstrip(" "))
    words = " " * indent + " ".join(line.split())
    return words if len(words) <= _WIDTH else words[: _WIDTH - 1] + "…"
