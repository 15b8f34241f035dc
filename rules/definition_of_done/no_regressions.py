"""The existing suite passes: no test fails at head that does not already fail at base.

The whole suite runs at head, in a scratch tree made from git objects, with the project's own
interpreter; outcomes come test by test from dodcheck's plugin, never from the exit status.
Only what fails at head is run at base as well: what fails there too was broken before, and
is listed without blocking.  A run that hung, crashed or tested other code is an error.
"""

from collections import Counter

from dodcheck.facts import Both, Change, Snapshot
from dodcheck.facts.suite_run import FailedBefore, SuiteAtHead
from dodcheck.rule import Case, Evidence, Finding, Status, Verdict, rule
from dodcheck.run import Outcome, Ran, Suite

_TEST = {"app.py": "x = 1\n", "test_app.py": "def test_x(): ...\n"}
_AFTER = _TEST | {"app.py": "x = 2\n"}
_ID = "test_app.py::test_x"


def _suite(*outcomes: Outcome, **other: object) -> Suite:
    ran = Ran("pytest", ("python", "-m", "pytest"))
    return Suite(ran, outcomes, tuple(one.id for one in outcomes), **other)  # type: ignore[arg-type]


_GREEN = _suite(Outcome(_ID, "passed", path="test_app.py"))
_RED = _suite(Outcome(_ID, "failed", "assert 2 == 1", "test_app.py", 1))
_BROKEN = _suite(broken=(("test_app.py", "ImportError: no module named app"),))


@rule(
    answers=[
        (
            r"\b(existing|full|entire|whole|complete|all|current|old)\b[^.;]*\btests?( suite| cases)?\b[^.;]*"
            r"\b(pass(es|ing)?|green|succeeds?|runs? clean)\b"
        ),
        r"\btest suite\b[^.;]*\b(pass(es|ing)?|green|succeeds?)\b",
        (
            r"^(the )?(unit |automated )?tests?( suite)? (still )?(pass(es)?|(are|is) (passing|green))\b"
            r"(?!.*\b(add|new|written)\b)"
        ),
        r"\bno (test )?regressions?\b",
    ],
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
        Case("every test file is gone", Status.FAIL, _TEST, {"app.py": "x = 2\n"}),
        Case(
            "a run that did not end by itself proves nothing",
            Status.ERROR,
            _TEST,
            _AFTER,
            {"head pytest": _suite(finished=False)},
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
            {"head pytest": _suite(foreign=("app (/elsewhere/app.py)",))},
        ),
    ],
    scope="change",
)
def check(change: Change, sides: Both[Snapshot], head: SuiteAtHead, before: FailedBefore) -> Verdict:
    """Judge head's failures against base's."""
    suite = head.suite
    if not suite.outcomes and not suite.broken:
        return _without_tests(sides)
    findings = [_finding(one, before) for one in head.failing]
    findings += [_uncollected(change, file, why, before) for file, why in suite.broken]
    counts = Counter(one.outcome for one in suite.outcomes)
    words = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items(), key=lambda pair: -pair[1]))
    shown = " ".join(suite.ran.command) + f" (pytest {suite.ran.version})"
    clean = Evidence(words, "test", command=shown)
    note = (Evidence(suite.ran.note, "setting"),) if suite.ran.note else ()
    broken = sum(finding.level == "error" for finding in findings)
    return Verdict.of_findings(findings, clean, *note, summary=f"{broken} of {len(suite.collected)} tests fail at head")


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


def _finding(one: Outcome, before: FailedBefore) -> Finding:
    old = one.id in before.ids
    known = "passes at base" if one.id in before.known else "is not at base"
    return Finding(
        f"{one.id} {one.outcome}: {one.message}" + (" (fails at base too)" if old else f" ({known})"),
        path=one.path,
        line=one.line,
        symbol=one.id,
        fix="none needed here: it was broken before" if old else "mend the code, or the test if its contract changed",
        code="failed-before" if old else "regression",
        level="warning" if old else "error",
    )


def _uncollected(change: Change, file: str, why: str, before: FailedBefore) -> Finding:
    old = file in before.files
    path = file.partition("::")[0]
    return Finding(
        f"cannot be collected: {why.removeprefix('E').strip()}" + (" (nor at base)" if old else ""),
        path=path or next((f.path for f in change.files if f.role == "test"), None),
        fix="none needed here: it was broken before" if old else "mend what keeps it from being imported",
        code="failed-before" if old else "uncollected",
        level="warning" if old else "error",
    )
