"""Cases of `tests-added`: its tests, and its page of `dodcheck explain`."""

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, Suite


def _outcome(name: str, kind: str = "passed") -> Suite:
    return Suite.reporting(Outcome(f"test_app.py::{name}", kind, path="test_app.py"))  # type: ignore[arg-type]


_OLD = {"app.py": "def f():\n    return 1\n", "test_app.py": "def test_f():\n    assert f()\n"}
_NEW = _OLD | {"app.py": "def f():\n    return 2\n"}
_TESTED = _NEW | {"test_app.py": _OLD["test_app.py"] + "def test_g():\n    assert f() == 2\n"}
_ROWS = _NEW | {"test_app.py": "@pytest.mark.parametrize('x', [1, 2])\ndef test_f(x):\n    assert f()\n"}
_COMMENT = _OLD | {"app.py": "# why\ndef f():\n    '''One.'''\n    return 1\n"}
_DATA = _NEW | {"tests/data/rows.yaml": "- 1\n"}
_HIDDEN = _NEW | {"tests/check_app.py": "def test_g():\n    assert f() == 2\n"}
_DODGE = Suite.reporting(Outcome("test_app.py::test_g", "skipped", "Skipped: unconditional skip", "test_app.py"))
_HERE = {"head pytest": _outcome("test_g", "skipped")}
_PROVEN = {"head pytest": _outcome("test_g"), "head tests on base pytest": _outcome("test_g", "failed")}
_VACUOUS = {"head pytest": _outcome("test_g"), "head tests on base pytest": _outcome("test_g")}
_RAN_LINE_1 = {"app.py": frozenset({1})}
_RAN_LINE_2 = {"app.py": frozenset({1, 2})}

CASES = [
    Case("source changed and no test did", Status.FAIL, _OLD, _NEW, {"head pytest": _outcome("test_f")}),
    Case("a new test passes, and fails without the change", Status.PASS, _OLD, _TESTED, _PROVEN),
    Case("the new test passes without the change too", Status.NEEDS_REVIEW, _OLD, _TESTED, _VACUOUS),
    Case("only a comment and a docstring changed", Status.NOT_APPLICABLE, _OLD, _COMMENT),
    Case(
        "a row was added to a parametrised test",
        Status.PASS,
        _OLD,
        _ROWS,
        {"head pytest": _outcome("test_f[2]"), "head tests on base pytest": _outcome("test_f[2]", "failed")},
    ),
    Case("the new test fails", Status.FAIL, _OLD, _TESTED, {"head pytest": _outcome("test_g", "failed")}),
    Case("the only new test is skipped here", Status.NEEDS_REVIEW, _OLD, _TESTED, _HERE),
    Case("the only new test is skipped without a condition", Status.FAIL, _OLD, _TESTED, {"head pytest": _DODGE}),
    Case(
        "a test file that the runner does not collect",
        Status.FAIL,
        _OLD,
        _HIDDEN,
        {"head pytest": _outcome("test_f")},
    ),
    Case(
        "the tests' data changed, and a test fails without the change",
        Status.PASS,
        _OLD,
        _DATA,
        {"head pytest": _outcome("test_f"), "head tests on base pytest": _outcome("test_f", "failed")},
    ),
    Case(
        "most of the changed lines run in no test",
        Status.NEEDS_REVIEW,
        _OLD,
        _TESTED,
        {
            "head pytest": Suite.reporting(
                Outcome("test_app.py::test_g", "passed"), executed={"app.py": frozenset({1})}
            ),
            "head tests on base pytest": _outcome("test_g", "failed"),
        },
    ),
    Case(
        "every changed line already runs: perhaps a refactoring",
        Status.NEEDS_REVIEW,
        _OLD,
        _NEW,
        {"head pytest": Suite.reporting(Outcome("test_app.py::test_f", "passed"), executed=_RAN_LINE_2)},
    ),
]
