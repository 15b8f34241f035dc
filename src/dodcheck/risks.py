"""What a reader of the task report should worry about: what is open, waived, untested, silenced or flaky."""

from collections.abc import Iterator, Sequence

from dodcheck.engine import Facts
from dodcheck.errors import DodcheckError
from dodcheck.report import UNBOUND, ItemResult
from dodcheck.verdict import Status

_TOLD = {"suppressions", "swallowed-errors"}  # rules whose passing findings are risks all the same
_CODES = {"flaky"}


def risks(items: Sequence[ItemResult], facts: Facts, *, tested: bool) -> Iterator[str]:
    """Yield the risks of a change, each in one line.

    Args:
        items: What was decided.
        facts: Where the tests' outcomes are.
        tested: The suite ran.
    """
    unbound = [item for item in items if item.summary == UNBOUND and item.explanation is None]
    if unbound:
        yield f"{len(unbound)} items that no rule answers yet and nobody explained: see the checklist"
    for item in items:
        if item not in unbound:
            yield from _of_item(item)
    yield from dict.fromkeys(_of_findings(items))
    if tested:
        yield from _of_tests(facts)


def _of_item(item: ItemResult) -> Iterator[str]:
    if item.status is Status.NEEDS_REVIEW:
        said = f"explained: {item.explanation}" if item.explanation else f"needs review: {item.summary}"
        yield f"{item.text}: {said}"
    elif item.status in {Status.WAIVED, Status.ERROR}:
        yield f"{item.text}: {item.status}: {item.summary}"


def _of_findings(items: Sequence[ItemResult]) -> Iterator[str]:
    for rule in (rule for item in items for rule in item.rules):
        for one in rule.findings:
            if (rule.id in _TOLD or one.code in _CODES) and one.level != "error":
                yield f"{one.message}" + (f" (`{one.path}:{one.line}`)" if one.path else "")


def _of_tests(facts: Facts) -> Iterator[str]:
    from dodcheck.facts.runs.changed_code import UncoveredLines  # noqa: PLC0415 - a hook runs no tests
    from dodcheck.facts.runs.changed_tests import ChangedTests  # noqa: PLC0415 - likewise

    try:
        lines, tests = facts.get(UncoveredLines), facts.get(ChangedTests)
    except DodcheckError:  # told by the rules that needed them
        return
    for path, rows in lines.uncovered.items():
        yield f"no test runs {path}:{', '.join(map(str, rows))}"
    for one in (*tests.added, *tests.altered):
        if one.outcome in {"skipped", "xfailed"}:
            yield f"`{one.id}` is {one.outcome}: {one.message}"
