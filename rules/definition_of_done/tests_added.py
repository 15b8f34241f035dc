"""Tests come with the change: behavioural source changes bring tests, and they pass and prove it.

Asked of the runner and the syntax trees, never of file names alone: a test counts when it was
collected and ran at head and its function, its fixtures or its data are new or different.  A test
of the change that fails, is skipped or expected to fail, that nobody collects, or whose assertion
cannot fail is an error; so are tests that assert nothing (63 of 647 human tests look so, and six
are, once helpers, bases and fixtures are read).  The changed test modules run on base's source too:
a test that passes there proves nothing about the change (SWE-bench's FAIL_TO_PASS,
arXiv:2310.06770), and one that only lacks a name to import there counts when it asserts something
of what changed code produces.  Changed source without any changed test fails, unless every changed
line already runs in a green suite; that may be a refactoring, and a person must say so.  On request
changed lines are mutated, one fault a line: a function of which no mutant is noticed has no test.
"""

from collections.abc import Iterator

from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.runs.changed_tests import ChangedTests
from dodcheck.facts.runs.coverable import is_aside
from dodcheck.facts.runs.mutation import Mutation
from dodcheck.facts.runs.proof import Proof
from dodcheck.facts.runs.seen import Seen
from dodcheck.facts.runs.uncollected import Uncollected
from dodcheck.phrases import OTHER_PLACES, OTHER_RUNNERS, OTHER_TESTS
from dodcheck.rule import Evidence, Finding, Options, Verdict, rule

from ._tests_added_findings import of_coverage, of_mutants, of_oracles, of_outcomes, of_proof, shares, told_of

_SHOWN = 12  # evidence lines; the report lists every test


class TestsAddedOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        diff_cover: Per cent of the changed lines that the suite must run; below it a person must look.
        diff_cover_fail: The per cent below which it fails.  Of 49 commits of attrs, jinja and structlog five are below
            80 %, three of them for lines that another Python runs, and one is below 50 %.
        mutation_seconds: Time for mutants of the changed lines; 0 for none.
    """

    __test__ = False  # settings, for pytest as well

    diff_cover: int = 80
    diff_cover_fail: int = 50
    mutation_seconds: int = 0


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
        r"\b(?:add(?:s|ed)?|write|wrote|written|includes?|included|comes with|has|have|new) (?:an? |at least one )?"
        + _SORT
        + _TEST_ITSELF,
        r"\b(?:new|changed|added) (?:code|functionality|behaviou?rs?|features?|logic|functions?)\b[^.;]*" + _HAS_TESTS,
        r"\b(?:covered|accompanied) by " + _SORT + r"tests?\b",
    ],
    unless=[OTHER_RUNNERS, OTHER_TESTS, OTHER_PLACES],
    cases="_tests_added_cases",
    scope="change",
    options=TestsAddedOptions,
)
def check(  # noqa: PLR0913, PLR0917 - what is asked of the runner, of the files, and of the team
    source: BehaviouralSource,
    tests: ChangedTests,
    uncollected: Uncollected,
    proof: Proof,
    seen: Seen,
    mutation: Mutation,
    options: TestsAddedOptions,
) -> Verdict:
    """Judge the tests of the change; without a behavioural change there is nothing to test."""
    if all(is_aside(file.path) for file in source.files):
        return Verdict.not_applicable("no Python source changes in what it does")
    findings = list(of_outcomes(tests, proof, uncollected))
    if not tests.ran and not findings and not _data_only(tests):
        return _untested(source, seen)
    findings += of_oracles(tests, proof, seen)
    findings += of_proof(tests.ran, seen, removes=_removes(source, seen))
    findings += _coverage(tests, seen, options)
    sample = mutation.sample(options.mutation_seconds)
    findings += of_mutants(sample)
    evidence = [Evidence(_words(tests, seen), "test"), *_shown(tests, seen), Evidence(shares(seen.lines), "test")]
    evidence.append(Evidence(f"mutation sampling: {told_of(sample)}", "test"))
    broken = [one for one in findings if one.level == "error"]
    doubts = [one for one in findings if one.level == "warning"]
    if doubts and not broken:
        return Verdict.needs_review("; ".join(one.message for one in doubts[:3]), *evidence, findings=findings)
    summary = broken[0].message if len(broken) == 1 else f"{len(broken)} things are wrong with the tests of the change"
    return Verdict.of_findings([*broken, *(f for f in findings if f not in broken)], *evidence, summary=summary)


def _words(tests: ChangedTests, seen: Seen) -> str:
    passing = sum(one.outcome == "passed" for one in tests.ran)
    words = f"{len(tests.added)} added and {len(tests.altered)} altered, of which {passing} pass at head"
    return words + (f"; {len(seen.fail_to_pass)} fail without the change" if seen.at_base.suite else "")


def _coverage(tests: ChangedTests, seen: Seen, options: TestsAddedOptions) -> Iterator[Finding]:
    lines = seen.lines
    share = 100 * (lines.changed - lines.missed)
    if lines.measured and share < options.diff_cover * lines.changed:
        elsewhere = any(one.outcome == "skipped" for one in tests.ran)  # as told: those lines may run where they do
        sure = share < options.diff_cover_fail * lines.changed and not elsewhere
        yield from of_coverage(lines, options.diff_cover, "error" if sure else "warning")


def _shown(tests: ChangedTests, seen: Seen) -> list[Evidence]:
    """Return the tests as evidence, those that fail without the change first, each with how it fails there."""
    known = {one.id for one in tests.ran}
    more = [one for one in seen.head.suite.outcomes if one.id in seen.fail_to_pass and one.id not in known]
    proving = [one for one in (*tests.ran, *more) if one.id in seen.fail_to_pass]
    rest = [one for one in tests.ran if one.id not in seen.fail_to_pass]
    found = [
        Evidence(f"{one.id} passed; without the change: {seen.at_base.reason(one.id)}", "test", one.path, one.line)
        for one in proving
    ]
    return [*found, *(Evidence(f"{one.id} {one.outcome}", "test", one.path, one.line) for one in rest)][:_SHOWN]


def _data_only(tests: ChangedTests) -> bool:
    return any(not file.path.endswith(".py") or file.path.endswith("conftest.py") for file in tests.files)


def _removes(source: BehaviouralSource, seen: Seen) -> bool:
    """Tell whether the change only takes code out: of that there is nothing left to test."""
    return not any(file.added for file in source.files) or (seen.lines.measured and not seen.lines.changed)


def _untested(source: BehaviouralSource, seen: Seen) -> Verdict:
    lines = seen.lines
    names = ", ".join(file.path for file in source.files[:3]) + (" …" if len(source.files) > 3 else "")  # noqa: PLR2004
    if seen.green and _removes(source, seen):
        evidence = Evidence("no source line is new, and every test passes at head", "test")
        return Verdict.needs_review("the change only takes code out: is nobody left who needs it?", evidence)
    if lines.measured and seen.green and not lines.uncovered:
        evidence = Evidence(f"all {lines.changed} changed lines ran at head and every test passes", "test")
        return Verdict.needs_review("no test changed, yet every changed line is tested: a refactoring?", evidence)
    missed = [f"{path}:{numbers[0]}" for path, numbers in lines.uncovered.items()]
    first = next(file for file in source.files if not is_aside(file.path))
    return Verdict.failed(
        Finding(
            f"{names} changed and no test did" + (f"; no test runs {missed[0]}" if missed else ""),
            path=first.path,
            line=lines.uncovered.get(first.path, (None,))[0],
            fix="add a test that fails without this change",
            code="no-tests",
        )
    )
