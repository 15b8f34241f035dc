"""The existing suite passes: no test fails at head that does not already fail at base.

The whole suite runs at head, in a scratch tree made from git objects, with the project's own
interpreter; outcomes come test by test from dodcheck's plugin, never from the exit status.
Only what fails at head is run at base as well: what fails there too was broken before, and
is listed without blocking; what passes alone is flaky or depends on the order of tests (59 %
of flaky tests do, arXiv:2101.09077).  Base's version of touched tests runs on head's source:
what fails there is a changed contract, and a person says whether it was meant.  A run that
hung, crashed or tested other code is an error.
"""

from collections import Counter

from dodcheck.facts import Both, Change, Snapshot
from dodcheck.facts.runs.matrix import AloneAtHead, AtBase, BaseTestsOnHead
from dodcheck.facts.runs.suite_run import FAILING, SuiteAtHead
from dodcheck.phrases import OTHER_RUNNERS, OTHER_TESTS
from dodcheck.rule import Case, Evidence, Finding, Level, Status, Verdict, rule
from dodcheck.run import Outcome, Ran, Suite

_UNSETTLED = {"contract-change", "flaky", "dropped"}
_TEST = {"app.py": "x = 1\n", "test_app.py": "def test_x(): ...\n"}
_AFTER = _TEST | {"app.py": "x = 2\n"}
_REWRITTEN = _AFTER | {"test_app.py": "def test_x(): assert True\n"}
_ID = "test_app.py::test_x"


_GREEN = Suite.reporting(Outcome(_ID, "passed", path="test_app.py"))
_RED = Suite.reporting(Outcome(_ID, "failed", "assert 2 == 1", "test_app.py", 1))
_BROKEN = Suite(Ran("pytest"), broken=(("test_app.py", "ImportError: no module named app"),))


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
    cases=[
        Case(
            "a test that passed at base fails at head",
            Status.FAIL,
            _TEST,
            _AFTER,
            {"head pytest": _RED, "base pytest": _GREEN},
        ),
        Case("every test passes", Status.PASS, _TEST, _AFTER, {"head pytest": _GREEN}),
        Case("no tests at either side", Status.NOT_APPLICABLE, {"app.py": "x = 1\n"}, {"app.py": "x = 2\n"}),
        Case(
            "a test that already failed at base does not block",
            Status.PASS,
            _TEST,
            _AFTER,
            {"head pytest": _RED, "base pytest": _RED},
        ),
        Case(
            "a test file that can no longer be collected fails",
            Status.FAIL,
            _TEST,
            _AFTER,
            {"head pytest": _BROKEN, "base pytest": _GREEN},
        ),
        Case(
            "an old test fails on the new source and was rewritten: a person must say so",
            Status.NEEDS_REVIEW,
            _TEST,
            _REWRITTEN,
            {"head pytest": _GREEN, "base tests on head pytest": _RED, "base pytest": _GREEN},
        ),
        Case(
            "an old test fails on the new source and is skipped now",
            Status.FAIL,
            _TEST,
            _REWRITTEN,
            {
                "head pytest": Suite.reporting(Outcome(_ID, "skipped", path="test_app.py")),
                "base tests on head pytest": _RED,
                "base pytest": _GREEN,
            },
        ),
        Case("every test file is gone", Status.FAIL, _TEST, {"app.py": "x = 2\n"}),
        Case(
            "a run that did not end by itself proves nothing",
            Status.ERROR,
            _TEST,
            _AFTER,
            {"head pytest": Suite(Ran("pytest"), finished=False)},
        ),
        Case(
            "a run that hung names its test",
            Status.ERROR,
            _TEST,
            _AFTER,
            {"head pytest": Suite(Ran("pytest", timed_out=True), running=_ID)},
        ),
        Case(
            "a run that tested an installed copy proves nothing",
            Status.ERROR,
            _TEST,
            _AFTER,
            {"head pytest": Suite(Ran("pytest"), foreign=("app (/elsewhere/app.py)",))},
        ),
    ],
    scope="change",
)
def check(
    change: Change, sides: Both[Snapshot], head: SuiteAtHead, old: BaseTestsOnHead, base: AtBase, alone: AloneAtHead
) -> Verdict:
    """Judge head's failures, and what base's versions of the touched tests say of head's source."""
    suite = head.suite
    if not suite.outcomes and not suite.broken:
        return _without_tests(sides)
    findings = [_failing(one, base, alone) for one in head.failing]
    findings += [_uncollected(file, why, base) for file, why in suite.broken]
    findings += _old_tests(head, old, base) + _dropped(change, suite)
    counts = Counter(one.outcome for one in suite.outcomes)
    words = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items(), key=lambda pair: -pair[1]))
    shown = " ".join(suite.ran.command) + f" (pytest {suite.ran.version})"
    evidence = [
        Evidence(words, "test", command=shown),
        *([Evidence(suite.ran.note, "setting")] if suite.ran.note else []),
    ]
    unsettled = [one for one in findings if one.code in _UNSETTLED]
    if unsettled and not any(one.level == "error" for one in findings):
        return Verdict.needs_review(_summary(unsettled), *evidence, findings=findings)
    broken = [one for one in findings if one.level == "error"]
    summary = (
        broken[0].message if len(broken) == 1 else f"{len(broken)} tests fail at head that base does not have failing"
    )
    return Verdict.of_findings(findings, *evidence, summary=summary)


def _summary(unsettled: list[Finding]) -> str:
    changed = sum(one.code == "contract-change" for one in unsettled)
    flaky = sum(one.code == "flaky" for one in unsettled)
    dropped = [one.message for one in unsettled if one.code == "dropped"]
    told = (
        [f"{changed} old tests fail on the new source and were altered or removed: a contract change?"]
        if changed
        else []
    )
    return "; ".join([*told, *dropped, *([f"{flaky} tests pass alone but not in the suite"] if flaky else [])])


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


def _failing(one: Outcome, base: AtBase, alone: AloneAtHead) -> Finding:
    words = f"{one.id} {one.outcome}: {one.message}"
    if base.failed(one.id):
        return _at(one, f"{words} (fails at base too)", "failed-before", "none needed here: it was broken before")
    if one.id in alone.passed:
        return _at(one, f"{words} (passes alone)", "flaky", "make the test independent of the others")
    was = f"{base.outcomes.get(one.id, 'is not')} at base"
    fix = "mend the code, or the test if its contract changed"
    return _at(one, f"{words} ({was})", "regression", fix, level="error")


def _at(one: Outcome, message: str, code: str, fix: str, level: Level = "warning") -> Finding:
    return Finding(message, path=one.path, line=one.line, symbol=one.id, fix=fix, code=code, level=level)


def _uncollected(file: str, why: str, base: AtBase) -> Finding:
    was = file.partition("::")[0] in base.broken
    return Finding(
        f"cannot be collected: {why.removeprefix('E').strip()}" + (" (nor at base)" if was else ""),
        path=file.partition("::")[0] or None,
        fix="none needed here: it was broken before" if was else "mend what keeps it from being imported",
        code="failed-before" if was else "uncollected",
        level="warning" if was else "error",
    )


def _dropped(change: Change, suite: Suite) -> list[Finding]:
    """Tests that are collected and then left out, where the change touches what can leave them out."""
    hooks = [file.path for file in change.at_head(".py") if file.path.endswith("conftest.py")]
    if not suite.dropped or not hooks:
        return []
    words = f"{len(suite.dropped)} tests are collected and then left out, {suite.dropped[0]} first"
    fix = "say in the notes why, or let them run"
    return [Finding(words, path=hooks[0], fix=fix, code="dropped", level="warning")]


def _old_tests(head: SuiteAtHead, old: BaseTestsOnHead, base: AtBase) -> list[Finding]:
    """Old tests that fail on the new source though the suite at head is content with it."""
    now = {one.id: one.outcome for one in head.suite.outcomes}
    findings = []
    for one in old.failing:
        outcome = now.get(one.id)
        if outcome in FAILING or base.failed(one.id):
            continue
        dodged = outcome in {"skipped", "xfailed"}
        how = "and is gone now" if outcome is None else f"and its new version {outcome}"
        words = f"base's {one.id} fails on head's source ({one.message}) {how}"
        if dodged:
            findings.append(_at(one, words, "skipped-instead", "mend the code", level="error"))
        else:
            findings.append(_at(one, words, "contract-change", "say in the notes which contract changed, and why"))
    return findings
