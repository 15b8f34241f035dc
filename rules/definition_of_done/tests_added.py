"""Tests come with the change: behavioural source changes bring tests, and they pass.

Asked of the runner and the syntax trees, never of file names alone: a test counts when it was
collected and ran at head and its function, its fixtures or its data are new or different.
Changed source without any changed test fails, unless every changed line already runs in a
green suite; that may be a refactoring, and a person must say so.  The changed test modules run
on base's source too: a test that passes there proves nothing about the change (SWE-bench's
FAIL_TO_PASS, arXiv:2310.06770).
"""

from dodcheck.facts.runs.changed_code import BehaviouralSource, UncoveredLines
from dodcheck.facts.runs.changed_tests import ChangedTests
from dodcheck.facts.runs.matrix import Seen
from dodcheck.facts.runs.suite_run import FAILING
from dodcheck.phrases import OTHER_PLACES, OTHER_RUNNERS, OTHER_TESTS
from dodcheck.rule import Evidence, Finding, Options, Verdict, rule
from dodcheck.run import Outcome

from ._tests_added_cases import CASES

_SHOWN = 12  # evidence lines; the report lists every test


class TestsAddedOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        diff_cover: Per cent of the changed lines that the suite must run; below it a person must look.
    """

    __test__ = False  # settings, for pytest as well

    diff_cover: int = 80


_SORT = r"(?:(?:new|unit|integration|automated|regression|relevant|appropriate|associated|its|their|or|and)[ ,/]+)*"
_STATE = (
    r"(?:(?:has|have) been |was |were |is |are |must be |should be )?(?:newly )?"
    r"(?:added|written|included|created|implemented|extended|updated(?:/| or | and )added)\b"
)
_TEST_ITSELF = (
    r"tests?\b(?! (?:suites?|data|environments?|plan|users?|accounts?|case doc\w*|instructions?|readme|names?|strategy"
    r"|server|reports?|results?|steps?|frameworks?|tags?|coverage)\b)"
)
_HAS_TESTS = r"\b(?:covered|tested|has tests|have tests)\b"


@rule(
    answers=[
        r"\btests?(?: cases?)?(?: \([^)]*\))?(?: (?:for|that|which|covering|to cover|around|in) [^.;]*?)?,? " + _STATE,
        r"\b(?:add(?:s|ed)?|write|wrote|written|includes?|included|comes with|has|have|new) " + _SORT + _TEST_ITSELF,
        r"\b(?:new|changed|added) (?:code|functionality|behaviou?rs?|features?|logic|functions?)\b[^.;]*" + _HAS_TESTS,
        r"\b(?:covered|accompanied) by " + _SORT + r"tests?\b",
    ],
    unless=[OTHER_RUNNERS, OTHER_TESTS, OTHER_PLACES],
    cases=CASES,
    scope="change",
    options=TestsAddedOptions,
)
def check(source: BehaviouralSource, tests: ChangedTests, seen: Seen, options: TestsAddedOptions) -> Verdict:
    """Judge the tests of the change; without a behavioural change there is nothing to test."""
    if not source.files:
        return Verdict.not_applicable("no Python source changes in what it does")
    ran = [*tests.added, *tests.altered]
    findings = [_failing(one) for one in ran if one.outcome in FAILING]
    findings += [_silent(path) for path in tests.silent]
    if not ran and not findings and not _data_only(tests):
        return _untested(source, seen)
    skipped = _skipped(ran) if ran and not findings else []
    findings += [one for one in skipped if one.level == "error"]
    evidence = [Evidence(_words(tests, seen), "test"), *_shown(ran, seen), *_coverage(seen.lines)]
    doubts = [] if findings else skipped or _doubts(ran, seen, options)
    if doubts:
        return Verdict.needs_review("; ".join(one.message for one in doubts), *evidence, findings=doubts)
    return Verdict.of_findings(findings, *evidence)


def _words(tests: ChangedTests, seen: Seen) -> str:
    passing = sum(one.outcome == "passed" for one in (*tests.added, *tests.altered))
    words = f"{len(tests.added)} added and {len(tests.altered)} altered, of which {passing} pass at head"
    return words + (f"; {len(seen.fail_to_pass)} fail without the change" if seen.at_base.suite else "")


def _doubts(ran: list[Outcome], seen: Seen, options: TestsAddedOptions) -> list[Finding]:
    """What only a person can settle: tests that prove nothing new, lines that no test runs."""
    doubts = []
    if seen.at_base.suite and not seen.at_base.suite.ran.timed_out and not seen.fail_to_pass:
        doubts.append(_proves_nothing(ran))
    lines = seen.lines
    missed = sum(map(len, lines.uncovered.values()))
    if lines.measured and 100 * (lines.changed - missed) < options.diff_cover * lines.changed:
        path, rows = next(iter(lines.uncovered.items()))
        doubts.append(
            Finding(
                f"{lines.changed - missed} of {lines.changed} changed lines run in the suite",
                path=path,
                line=rows[0],
                fix="test these lines, or say in the notes why they cannot run here",
                code="uncovered",
                level="warning",
            )
        )
    return doubts


def _proves_nothing(ran: list[Outcome]) -> Finding:
    return Finding(
        "every test of the change passes without the change too: a refactoring?",
        path=ran[0].path if ran else None,
        line=ran[0].line if ran else None,
        fix="add a test that fails on base's source, or say in the notes that behaviour stays the same",
        code="no-fail-to-pass",
        level="warning",
    )


def _shown(ran: list[Outcome], seen: Seen) -> list[Evidence]:
    def words(one: Outcome) -> str:
        if one.id not in seen.fail_to_pass:
            return f"{one.id} {one.outcome}"
        return f"{one.id} {one.outcome}; without the change: {seen.at_base.reason(one.id)}"

    first = sorted(ran, key=lambda one: one.id not in seen.fail_to_pass)
    return [Evidence(words(one), "test", one.path, one.line) for one in first[:_SHOWN]]


def _data_only(tests: ChangedTests) -> bool:
    return any(not file.path.endswith(".py") or file.path.endswith("conftest.py") for file in tests.files)


def _untested(source: BehaviouralSource, seen: Seen) -> Verdict:
    lines = seen.lines
    names = ", ".join(file.path for file in source.files[:3]) + (" …" if len(source.files) > 3 else "")  # noqa: PLR2004
    if lines.measured and seen.green and not lines.uncovered and lines.changed:
        evidence = Evidence(f"all {lines.changed} changed lines ran at head and every test passes", "test")
        return Verdict.needs_review("no test changed, yet every changed line is tested: a refactoring?", evidence)
    missed = [f"{path}:{numbers[0]}" for path, numbers in lines.uncovered.items()]
    first = source.files[0]
    return Verdict.failed(
        Finding(
            f"{names} changed and no test did" + (f"; no test runs {missed[0]}" if missed else ""),
            path=first.path,
            line=lines.uncovered.get(first.path, (None,))[0],
            fix="add a test that fails without this change",
            code="no-tests",
        )
    )


def _failing(one: Outcome) -> Finding:
    return Finding(
        f"{one.id} {one.outcome}: {one.message}",
        path=one.path,
        line=one.line,
        symbol=one.id,
        fix="make the test of this change pass",
        code="new-test-fails",
    )


def _silent(path: str) -> Finding:
    return Finding(
        f"none of the tests in {path} is collected",
        path=path,
        fix="name the file as the project's `python_files` says, and see `pytest --collect-only`",
        code="not-collected",
    )


def _skipped(ran: list[Outcome]) -> list[Finding]:
    """All tests skipped: without a condition that is a dodge, with one they may run elsewhere."""
    if any(one.outcome != "skipped" for one in ran):
        return []
    first = next((one for one in ran if "unconditional skip" in one.message), ran[0])
    return [
        Finding(
            f"every test of the change is skipped here ({len(ran)}): {first.message}",
            path=first.path,
            line=first.line,
            fix="let at least one of them run here, or say in the notes where they ran",
            code="skipped",
            level="error" if "unconditional skip" in first.message else "warning",
        )
    ]


def _coverage(lines: UncoveredLines) -> list[Evidence]:
    if not lines.measured or not lines.changed:
        return []
    missed = sum(map(len, lines.uncovered.values()))
    where = "; ".join(f"{path}: {', '.join(map(str, nums[:8]))}" for path, nums in list(lines.uncovered.items())[:4])
    words = f"{lines.changed - missed} of {lines.changed} changed lines run in the suite"
    return [Evidence(words + (f" (not: {where})" if missed else ""), "test")]
