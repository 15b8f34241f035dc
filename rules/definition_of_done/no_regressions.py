"""The existing suite passes: no test fails, falls silent or vanishes at head that passes at base.

The whole suite runs at head, in a scratch tree made from git objects, with the project's own
interpreter; outcomes come test by test from dodcheck's plugin, never from the exit status.
What fails, is skipped, left out or gone at head is run at base as well: what fails there too was
broken before, and is listed without blocking; what passes alone is flaky or depends on the order of
tests (59 % of flaky tests do, arXiv:2101.09077).  A test that passed at base and is disabled or lost
now fails the rule, unless it was renamed, merged, or went with all that it tested.  Base's version of
touched tests runs on head's source: what fails there is a changed contract, and the notes or the
changelog name it, or a person says that it was meant (23 % of honest changes have one).  A run that
hung, crashed or tested other code is an error; one that something made end early with success is a fail.
A test that finds no database, server or network, and did not at base, is neither a regression nor a pass.
"""

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Literal

from dodcheck.facts import Both, Change, Snapshot
from dodcheck.facts.breaking.records import BreakRecords
from dodcheck.facts.runs.at_base import AtBase, Reruns
from dodcheck.facts.runs.matrix import BaseTestsOnHead
from dodcheck.facts.runs.nodes import moved, renamed, without_row
from dodcheck.facts.runs.old_tests import OldTests
from dodcheck.facts.runs.reach import Concern
from dodcheck.facts.runs.suite_run import FAILING, SuiteAtHead
from dodcheck.phrases import OTHER_RUNNERS, OTHER_TESTS
from dodcheck.rule import Evidence, Finding, Options, Verdict, rule

from ._no_regressions_findings import UNSETTLED, at, of_broken, of_contract, of_failure, of_silent

_WIDTH = 160  # characters of a record that are shown


class NoRegressionsOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        known_flaky: Patterns of node ids that may fail; they are listed and never block.
        contract_change: What becomes of an old test that fails on the new source when neither the notes nor the
            changelog name what changed: `person` or `fail`.
        rerun: How often a failure is run again without the rest of the suite before it counts.
    """

    known_flaky: tuple[str, ...] = ()
    contract_change: Literal["person", "fail"] = "person"
    rerun: int = 2


_GOOD = r"(?:pass(?:es|ing|ed)?|green|succeeds?|runs? (?:clean|without (?:errors?|failures?)))\b(?!/)"
_TEST_CASES = r"\btests?(?: suites?| cases?)?\b"
_TESTS = r"(?:the )?(?:unit |automated )?tests?(?: suite)?"
_OTHER_REGRESSION = r".*\b(?:performance|latency|speed|load|memory|accessib\w+|visual\w*|coverage|time|score)\b"


@rule(
    answers=[
        r"\b(?:existing|full|entire|whole|complete|all|current|old)\b[^.;]*" + _TEST_CASES + r"[^.;,]*\b" + _GOOD,
        r"\b(?:test|full|whole|entire) suite\b[^.;]*\b" + _GOOD,
        r"^(?!.*\b(?:add(?:ed)?|new|written)\b)" + _TESTS + r"(?: still)? (?:(?:are|is) )?" + _GOOD,
        r"^(?!" + _OTHER_REGRESSION + r").*\bno (?:test |functional |new |known )?regressions?\b",
        r"\bexisting (?:unit )?tests? (?:do not|don't|must not) (?:break|fail)\b",
        r"\bnot (?:break|cause)\b[^.;]*\bexisting (?:unit )?tests?\b",
    ],
    unless=[OTHER_RUNNERS, OTHER_TESTS],
    cases="_no_regressions_cases",
    scope="change",
    options=NoRegressionsOptions,
)
def check(  # noqa: PLR0913, PLR0917 - the cells of the matrix, what the files say of them, and what the team wants
    change: Change,
    sides: Both[Snapshot],
    head: SuiteAtHead,
    old: BaseTestsOnHead,
    base: AtBase,
    silent: OldTests,
    reruns: Reruns,
    concern: Concern,
    records: BreakRecords,
    options: NoRegressionsOptions,
) -> Verdict:
    """Judge head's failures, what fell silent, and what base's versions of the touched tests say of head's source."""
    suite = head.suite
    if head.forced:
        return _forced(head)
    if not suite.outcomes and not suite.broken and not suite.dropped:
        return _without_tests(sides)
    findings = list(_failures(head, base, reruns, concern, options))
    findings += [of_broken(file, why, base) for file, why in suite.broken]
    contracts = list(_contracts(change, head, old, base, silent, concern, records, options))
    hidden = {without_row(one.symbol or "") for one in contracts if one.code == "skipped-instead"}
    findings += [*contracts, *(one for one in of_silent(silent.silent) if one.symbol not in hidden)]
    evidence = _evidence(head, old, silent)
    unsettled = [one for one in findings if one.code in UNSETTLED and one.level == "warning"]
    broken = [one for one in findings if one.level == "error"]
    if not suite.outcomes and suite.broken and not broken:
        return Verdict.error(f"no test runs at either side: {suite.broken[0][0]}: {suite.broken[0][1]}")
    if unsettled and not broken:
        return Verdict.needs_review(_summary(unsettled), *evidence, findings=findings)
    summary = (
        broken[0].message if len(broken) == 1 else f"{len(broken)} tests fail or are lost at head, and were not at base"
    )
    return Verdict.of_findings(findings, *evidence, summary=summary)


def _failures(
    head: SuiteAtHead, base: AtBase, reruns: Reruns, concern: Concern, options: NoRegressionsOptions
) -> Iterator[Finding]:
    """Yield one finding for each failure at head; new ones are run again without the rest of the suite."""
    failing = list(head.failing)
    known = [one for one in failing if any(fnmatch(one.id, pattern) for pattern in options.known_flaky)]
    new = [one.id for one in failing if one not in known and not base.failed(one.id)]
    alone = reruns.passing_alone(new, options.rerun) if new else frozenset[str]()
    ours = {node for node in alone if concern.has(node)}
    before = reruns.failing_in_order() if ours else frozenset[str]()
    for one in failing:
        if one in known:
            yield at(one, f"{one.id} {one.outcome}: {one.message} (known to be flaky)", "known-flaky", "mend the test")
        else:
            yield of_failure(one, base, alone=one.id in alone, ours=one.id in ours, before=one.id in before)


def _contracts(  # noqa: PLR0913, PLR0917 - as `check`
    change: Change,
    head: SuiteAtHead,
    old: BaseTestsOnHead,
    base: AtBase,
    silent: OldTests,
    concern: Concern,
    records: BreakRecords,
    options: NoRegressionsOptions,
) -> Iterator[Finding]:
    """Yield old tests that fail on the new source though the suite at head is content with it."""
    now = {one.id: one.outcome for one in head.suite.outcomes}
    told = {one.node for one in silent.silent}
    paths = moved(change)
    for one in old.failing:
        node = renamed(one.id, paths)
        if now.get(node) in FAILING or base.failed(node):
            continue
        said = records.naming(concern.names(one.id))
        words = f"{said.place}: {' '.join(said.text.split())[:_WIDTH]}" if said else ""
        gone = without_row(node) in told
        yield from of_contract(one, now.get(node), words, options.contract_change, silent=gone)


def _evidence(head: SuiteAtHead, old: BaseTestsOnHead, silent: OldTests) -> list[Evidence]:
    suite = head.suite
    counts = Counter(one.outcome for one in suite.outcomes)
    words = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items(), key=lambda pair: -pair[1]))
    shown = " ".join(suite.ran.command) + f" (pytest {suite.ran.version})"
    found = [Evidence(words or "no test ran", "test", command=shown)]
    if old.suite:
        kept = sum(one.outcome == "passed" for one in old.suite.outcomes)
        found.append(
            Evidence(
                f"{kept} of {len(old.suite.outcomes)} of base's versions of the touched tests pass on head's source",
                "test",
            )
        )
    found += [Evidence(one.why, "test", one.path, one.line) for one in silent.silent if one.fate == "explained"]
    return found + ([Evidence(suite.ran.note, "setting")] if suite.ran.note else [])


def _summary(unsettled: list[Finding]) -> str:
    changed = sum(one.code == "contract-change" for one in unsettled)
    flaky = sum(one.code == "flaky" for one in unsettled)
    told = (
        [f"{changed} old tests fail on the new source and were altered or removed: a contract change?"]
        if changed
        else []
    )
    missing = [one.symbol for one in unsettled if one.code == "environment"]
    told += [f"{len(missing)} tests cannot run here, {missing[0]} first: a service is missing"] if missing else []
    told += [one.message for one in unsettled if one.code in {"disabled", "test-gone"}][:3]
    return "; ".join([*told, *([f"{flaky} tests pass alone but not in the suite"] if flaky else [])])


def _forced(head: SuiteAtHead) -> Verdict:
    ran = head.suite.ran
    said = (ran.stderr.strip() or ran.stdout.strip() or "nothing").splitlines()[-1][:200]
    return Verdict.failed(
        Finding(
            f"pytest exits with 0 in the middle of its session; something makes it: it last said {said!r}",
            fix="take out what ends the process: sys.exit, os._exit or atexit in a conftest, a plugin or a test",
            code="exit-forced",
        )
    )


def _without_tests(sides: Both[Snapshot]) -> Verdict:
    def tests(snapshot: Snapshot) -> list[str]:
        names = [path for path in snapshot.paths() if path.endswith(".py")]
        return [path for path in names if path.rpartition("/")[2].startswith("test_") or path.endswith("_test.py")]

    gone = tests(sides.base)
    if tests(sides.head):
        return Verdict.needs_review("pytest collects none of the test files that head has")
    if gone:
        return Verdict.failed(
            Finding(f"all {len(gone)} test files are gone", path=gone[0], fix="bring the tests back", code="no-tests")
        )
    return Verdict.not_applicable("the project has no tests")
