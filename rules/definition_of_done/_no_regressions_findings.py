"""What `no-regressions` says of tests that passed at base, one finding each."""

from collections.abc import Iterator, Mapping
from typing import Literal

from dodcheck.facts.runs.at_base import AtBase
from dodcheck.facts.runs.nodes import file_of
from dodcheck.facts.runs.old_tests import Fate, Silent
from dodcheck.facts.runs.suite_run import FAILING, misses_service
from dodcheck.rule import Finding, Level
from dodcheck.run import Outcome

UNSETTLED = {"contract-change", "flaky", "disabled", "test-gone", "environment"}
_LEVELS: Mapping[Fate, Level] = {
    "disabled": "error",
    "disabled-here": "warning",
    "left-out": "error",
    "lost": "error",
    "doubtful": "warning",
    "explained": "note",
}


def of_failure(one: Outcome, base: AtBase, *, alone: bool, ours: bool, before: bool) -> Finding:
    """Say what a failure at head is.

    Args:
        one: The outcome.
        base: What base says of it.
        alone: It passes without the rest of the suite.
        ours: It may have to do with the change.
        before: It fails in the whole suite at base too.
    """
    words = f"{one.id} {one.outcome}: {one.message}"
    if misses_service(one.message) and base.outcomes.get(one.id) in {None, *FAILING}:
        seen = "at base too" if base.failed(one.id) else "and base has no such test"
        fix = "start the service and check again, or say in the notes where the test ran"
        return at(one, f"{words} (a service is missing here, {seen})", "environment", fix)
    if base.failed(one.id) or before:
        return at(one, f"{words} (fails at base too)", "failed-before", "none needed here: it was broken before")
    if alone:
        said = "passes alone" + ("" if ours else ", and has nothing to do with the change")
        code, level = ("flaky", "warning") if ours else ("flaky-elsewhere", "note")
        return at(one, f"{words} ({said})", code, "make the test independent of the others", level=_level(level))
    was = f"{base.outcomes.get(one.id, 'is not')} at base"
    return at(
        one, f"{words} ({was})", "regression", "mend the code, or the test if its contract changed", level="error"
    )


def _level(name: str) -> Level:
    return "warning" if name == "warning" else "note"


def of_broken(file: str, why: str, base: AtBase) -> Finding:
    """Say what a file is that cannot be collected."""
    was = file_of(file) in base.broken
    return Finding(
        f"cannot be collected: {why.removeprefix('E').strip()}" + (" (nor at base)" if was else ""),
        path=file_of(file) or None,
        fix="none needed here: it was broken before" if was else "mend what keeps it from being imported",
        code="failed-before" if was else "uncollected",
        level="warning" if was else "error",
    )


def of_silent(tests: tuple[Silent, ...]) -> Iterator[Finding]:
    """Yield one finding for each test that passed at base and does not say so any more."""
    for one in tests:
        code = "disabled" if one.fate in {"disabled", "disabled-here", "left-out"} else "test-gone"
        verb = {"disabled": "it passed at base", "disabled-here": "it passed at base, on this machine"}.get(
            one.fate, ""
        )
        yield Finding(
            one.why + (f" ({verb})" if verb else ""),
            path=one.path,
            line=one.line,
            symbol=one.node,
            fix=one.fix,
            code=code,
            level=_LEVELS[one.fate],
        )


def of_contract(
    one: Outcome, now: str | None, record: str, wanted: Literal["person", "fail"], *, silent: bool
) -> Iterator[Finding]:
    """Yield what an old test is that fails on the new source though the suite at head is content.

    Args:
        one: The old test's outcome on head's source.
        now: The new version's outcome; None when it is gone.
        record: Where the change says that it breaks what the test is about; empty when it does not.
        wanted: What the team wants of a change of contract that nothing speaks of.
        silent: It is told already as disabled or gone.
    """
    how = "and is gone now" if now is None else f"and its new version {now}"
    words = f"base's {one.id} fails on head's source ({one.message}) {how}"
    if now in {"skipped", "xfailed"}:
        yield at(one, words, "skipped-instead", "mend the code", level="error")
    elif record:
        yield at(one, f"{words}; told in {record}", "contract-change-told", "none needed", level="note")
    elif not silent:
        level: Level = "error" if wanted == "fail" else "warning"
        fix = "say under Breaking changes in the notes which contract changed, by name, and why"
        yield at(one, words, "contract-change", fix, level=level)


def at(one: Outcome, message: str, code: str, fix: str, level: Level = "warning") -> Finding:
    """Return a finding at the place of an outcome."""
    return Finding(message, path=one.path, line=one.line, symbol=one.id, fix=fix, code=code, level=level)
