"""Tests come with the change: behavioural source changes bring tests, and they pass.

Asked of the runner and the syntax trees, never of file names alone: a test counts when it was
collected and ran at head and its function, its fixtures or its data are new or different.
Changed source without any changed test fails, unless every changed line already runs in a
green suite; that may be a refactoring, and a person must say so.  (SWE-bench's fail-to-pass
idea, arXiv:2310.06770; without the run at base yet.)
"""

from dodcheck.facts.changed_code import BehaviouralSource, UncoveredLines
from dodcheck.facts.changed_tests import ChangedTests
from dodcheck.facts.suite_run import FAILING, SuiteAtHead
from dodcheck.rule import Case, Evidence, Finding, Status, Verdict, rule
from dodcheck.run import Outcome, Ran, Suite

_SHOWN = 12  # evidence lines; the report lists every test


def _suite(*outcomes: Outcome, **other: object) -> Suite:
    ran = Ran("pytest", ("python", "-m", "pytest"))
    return Suite(ran, outcomes, tuple(one.id for one in outcomes), **other)  # type: ignore[arg-type]


def _outcome(name: str, kind: str = "passed") -> Suite:
    return _suite(Outcome(f"test_app.py::{name}", kind, path="test_app.py"))  # type: ignore[arg-type]


_OLD = {"app.py": "def f():\n    return 1\n", "test_app.py": "def test_f():\n    assert f()\n"}
_NEW = _OLD | {"app.py": "def f():\n    return 2\n"}
_TESTED = _NEW | {"test_app.py": _OLD["test_app.py"] + "def test_g():\n    assert f() == 2\n"}
_ROWS = _NEW | {"test_app.py": "@pytest.mark.parametrize('x', [1, 2])\ndef test_f(x):\n    assert f()\n"}
_COMMENT = _OLD | {"app.py": "# why\ndef f():\n    '''One.'''\n    return 1\n"}
_DATA = _NEW | {"tests/data/rows.yaml": "- 1\n"}
_HIDDEN = _NEW | {"tests/check_app.py": "def test_g():\n    assert f() == 2\n"}
_RAN_LINE_2 = {"app.py": frozenset({1, 2})}


@rule(
    answers=[
        r"\btests?\b[^.;]*\b(added|written|included|created|updated|extended|accompan(y|ies|ied))\b",
        (
            r"\b(add(ed)?|write|written|include(s|d)?|new)\b[^.;]*\b((unit|integration|regression) )?[ /-]*tests?\b"
            r"(?! (suite|data|environment|plan|user|account|case document))"
        ),
        r"\b(new|changed) (code|functionality|behaviou?r|features?)\b[^.;]*\b(covered|tested|has tests|have tests)\b",
        r"\bcovered by (unit |integration |automated |new )*tests?\b",
    ],
    cases=[
        Case("source changed and no test did", Status.FAIL, _OLD, _NEW, {"head pytest": _outcome("test_f")}),
        Case("a new test passes", Status.PASS, _OLD, _TESTED, {"head pytest": _outcome("test_g")}),
        Case("only a comment and a docstring changed", Status.NOT_APPLICABLE, _OLD, _COMMENT),
        Case(
            "a row was added to a parametrised test", Status.PASS, _OLD, _ROWS, {"head pytest": _outcome("test_f[2]")}
        ),
        Case("the new test fails", Status.FAIL, _OLD, _TESTED, {"head pytest": _outcome("test_g", "failed")}),
        Case(
            "the only new test is skipped", Status.FAIL, _OLD, _TESTED, {"head pytest": _outcome("test_g", "skipped")}
        ),
        Case(
            "a test file that the runner does not collect",
            Status.FAIL,
            _OLD,
            _HIDDEN,
            {"head pytest": _outcome("test_f")},
        ),
        Case("the tests' data changed", Status.PASS, _OLD, _DATA, {"head pytest": _outcome("test_f")}),
        Case(
            "every changed line already runs: perhaps a refactoring",
            Status.NEEDS_REVIEW,
            _OLD,
            _NEW,
            {"head pytest": _suite(Outcome("test_app.py::test_f", "passed"), executed=_RAN_LINE_2)},
        ),
    ],
    scope="change",
)
def check(source: BehaviouralSource, tests: ChangedTests, head: SuiteAtHead, lines: UncoveredLines) -> Verdict:
    """Judge the tests of the change; without a behavioural change there is nothing to test."""
    if not source.files:
        return Verdict.not_applicable("no Python source changes in what it does")
    ran = [*tests.added, *tests.altered]
    findings = [_failing(one) for one in ran if one.outcome in FAILING]
    findings += [_silent(path) for path in tests.silent]
    if not ran and not findings and not _data_only(tests):
        return _untested(source, head, lines)
    if ran and not findings and all(one.outcome == "skipped" for one in ran):
        findings.append(_skipped(ran[0], len(ran)))
    coverage = _coverage(lines)
    passing = sum(one.outcome == "passed" for one in ran)
    words = f"{len(tests.added)} added and {len(tests.altered)} altered, of which {passing} pass at head"
    shown = [Evidence(f"{one.id} {one.outcome}", "test", one.path, one.line) for one in ran[:_SHOWN]]
    return Verdict.of_findings(findings, Evidence(words, "test"), *shown, *coverage)


def _data_only(tests: ChangedTests) -> bool:
    return any(not file.path.endswith(".py") or file.path.endswith("conftest.py") for file in tests.files)


def _untested(source: BehaviouralSource, head: SuiteAtHead, lines: UncoveredLines) -> Verdict:
    names = ", ".join(file.path for file in source.files[:3]) + (" …" if len(source.files) > 3 else "")  # noqa: PLR2004
    green = head.suite.outcomes and not head.failing
    if lines.measured and green and not lines.uncovered and lines.changed:
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


def _skipped(one: Outcome, count: int) -> Finding:
    return Finding(
        f"every test of the change is skipped ({count}): {one.message}",
        path=one.path,
        line=one.line,
        fix="let at least one of them run here",
        code="skipped",
    )


def _coverage(lines: UncoveredLines) -> list[Evidence]:
    if not lines.measured or not lines.changed:
        return []
    missed = sum(map(len, lines.uncovered.values()))
    where = "; ".join(f"{path}: {', '.join(map(str, nums[:8]))}" for path, nums in list(lines.uncovered.items())[:4])
    words = f"{lines.changed - missed} of {lines.changed} changed lines run in the suite"
    return [Evidence(words + (f" (not: {where})" if missed else ""), "test")]
