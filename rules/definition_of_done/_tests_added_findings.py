"""What `tests-added` says of the tests of a change, one finding each."""

from collections.abc import Iterator

from dodcheck.facts.runs.changed_code import UncoveredLines
from dodcheck.facts.runs.changed_tests import ChangedTests
from dodcheck.facts.runs.mutation import Sample
from dodcheck.facts.runs.nodes import without_row
from dodcheck.facts.runs.proof import Proof
from dodcheck.facts.runs.seen import Seen
from dodcheck.facts.runs.suite_run import FAILING
from dodcheck.facts.runs.uncollected import Uncollected
from dodcheck.rule import Finding, Level
from dodcheck.run import Outcome

_SHOWN = 8  # line numbers of one file
_SEVERAL = 2  # one mutant alone may make no difference to what the code does


def of_outcomes(tests: ChangedTests, proof: Proof, uncollected: Uncollected) -> Iterator[Finding]:
    """Yield tests of the change that do not pass, that are kept from running, or that nobody collects."""
    told: set[str] = set()
    for one in tests.ran:
        if one.outcome in FAILING:
            yield _at(
                one, f"{one.id} {one.outcome}: {one.message}", "make the test of this change pass", "new-test-fails"
            )
        elif one.outcome != "passed" and without_row(one.id) not in told:
            told.add(without_row(one.id))
            yield _disabled(one, proof)
    for never in uncollected.tests:
        yield Finding(
            never.why,
            path=never.path,
            line=never.line,
            symbol=never.symbol or None,
            fix="name and place it so that `pytest --collect-only` lists it",
            code="not-collected",
        )
    for node in tests.dropped:
        path = node.partition("::")[0]
        fix = "let the test run: see `-k`, `-m` and the hooks of conftest.py"
        yield Finding(f"{node} is collected and then left out", path=path, symbol=node, fix=fix, code="not-collected")


def _disabled(one: Outcome, proof: Proof) -> Finding:
    worth = proof[one.id]
    sure = worth.disabled in {"always", "reviewable"} or "unconditional skip" in one.message
    level: Level = "note" if worth.as_before else "error" if sure else "warning"
    words = {
        "xfailed": "is marked to fail, and does",
        "xpassed": "is marked to fail, and passes: nobody would see it fail",
    }
    where = " on this machine" if worth.disabled == "environment" else ""
    said = words.get(one.outcome, f"is skipped{where}") + (
        f": {one.message.removeprefix('Skipped: ')}" if one.message else ""
    )
    fix = "make it run and pass here, or say in the notes where it ran"
    return _at(one, f"{one.id} {said}", fix, "skipped", level)


def of_oracles(tests: ChangedTests, proof: Proof, seen: Seen) -> Iterator[Finding]:
    """Yield assertions that cannot fail, and one for a change whose tests assert nothing at all."""
    passing = [one for one in tests.ran if one.outcome == "passed"]
    idle = {proof[one.id].idle: one for one in passing}
    for suspicion, one in idle.items():
        if suspicion is not None:
            yield Finding(
                f"{without_row(one.id)}: {suspicion.message}",
                path=suspicion.path,
                line=suspicion.line,
                symbol=suspicion.symbol,
                fix=suspicion.fix,
                code=suspicion.code,
            )
    if passing and not any(proof[one.id].speaks for one in passing):
        crashed = [one for one in passing if one.id in seen.fail_to_pass and not seen.at_base.only_imports(one.id)]
        first = crashed[0] if crashed else passing[0]
        extra = f", though {first.id} crashes without the change" if crashed else ""
        fix = "assert what the code under test gives"
        yield _at(
            first, f"no test of the change asserts anything{extra}", fix, "no-oracle", "warning" if crashed else "error"
        )


def of_coverage(lines: UncoveredLines, least: int, level: Level) -> Iterator[Finding]:
    """Yield one finding a file with changed lines that no test runs, when too many of the change are."""
    for path, missed in lines.uncovered.items():
        shown = ", ".join(map(str, missed[:_SHOWN])) + (
            f" and {len(missed) - _SHOWN} more" if len(missed) > _SHOWN else ""
        )
        yield Finding(
            f"{_share(lines)} ({least} % are needed); in {path} not: {shown}",
            path=path,
            line=missed[0],
            fix="test these lines, or say in the notes why they cannot run here",
            code="uncovered",
            level=level,
        )


def of_proof(ran: tuple[Outcome, ...], seen: Seen, *, removes: bool) -> Iterator[Finding]:
    """Yield one finding when no test of the change is seen to fail without it.

    Args:
        ran: The tests of the change.
        seen: What the runs show.
        removes: The change only takes code away; no test can ask for what is gone.
    """
    if seen.fail_to_pass:
        return
    first = ran[0] if ran else None
    fix = "add a test that fails on base's source, or say in the notes that behaviour stays the same"
    level: Level = "warning"
    if seen.at_base.suite is None:
        words = (
            "the tests of the change cannot be run without it, as they stand in the changed files: do they prove it?"
        )
    elif seen.unknown:
        words = "base's source could not run every test of the change: do they fail there?"
    elif seen.green and seen.contract_holds:
        words = "every test of the change passes without the change too: a refactoring?"
    elif removes:
        words = "behaviour was taken out, and no test of the change asserts that it is gone: was it meant?"
    else:
        words, level = "no test of the change passes because of it, and the old tests do not pass as they did", "error"
    path, line = (first.path, first.line) if first else (None, None)
    yield Finding(words, path=path, line=line, fix=fix, code="no-fail-to-pass", level=level)


def of_mutants(sample: Sample) -> Iterator[Finding]:
    """Yield mutants that no test noticed: an error where a function has several and none was noticed."""
    for mutant in sample.survived:
        survived, tried = sample.by_function[mutant.path, mutant.symbol]
        vacuous = survived == tried and tried >= _SEVERAL
        yield Finding(
            f"no test of the change notices it when {mutant.what}"
            + (f": all {tried} faults in {mutant.symbol or 'the module'} go unnoticed" if vacuous else ""),
            path=mutant.path,
            line=mutant.line,
            symbol=mutant.symbol or None,
            fix="assert what this line decides, or say in the notes why the fault makes no difference",
            code="vacuous" if vacuous else "survived",
            level="error" if vacuous else "warning",
        )


def told_of(sample: Sample) -> str:
    """Say what the sample of mutants showed."""
    if sample.why_not:
        return sample.why_not
    tried = len(sample.killed) + len(sample.survived)
    rest = f"; {sample.left} more were left, for want of time" if sample.left else ""
    return f"{len(sample.killed)} of {tried} faults in changed lines are noticed by the tests of the change{rest}"


def shares(lines: UncoveredLines) -> str:
    """Say how much of the change the suite runs, and what not."""
    if not lines.measured:
        return "the lines that the suite runs were not measured: the project has neither pytest-cov nor coverage"
    where = "; ".join(f"{path}: {', '.join(map(str, at[:_SHOWN]))}" for path, at in list(lines.uncovered.items())[:4])
    return _share(lines) + (f" (not: {where})" if where else "")


def _share(lines: UncoveredLines) -> str:
    return f"{lines.changed - lines.missed} of {lines.changed} changed lines run in the suite"


def _at(one: Outcome, message: str, fix: str, code: str, level: Level = "error") -> Finding:
    return Finding(message, path=one.path, line=one.line, symbol=one.id, fix=fix, code=code, level=level)
