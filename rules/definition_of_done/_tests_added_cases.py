"""Cases of `tests-added`: its tests, and its page of `dodcheck explain`."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, OutcomeKind, Ran, Suite

from ._tests_added_line_cases import LINES
from ._tests_added_mutation_cases import MUTATION_CASES

_FILE = "test_app.py"
_HEAD, _HB, _BH = "head pytest", "head tests on base pytest", "base tests on head pytest"


def _ran(
    *names: str, kind: OutcomeKind = "passed", said: str = "", lines: Mapping[str, set[int]] | None = None
) -> Suite:
    executed = {path: frozenset(found) for path, found in lines.items()} if lines is not None else None
    found = [Outcome(f"{_FILE}::{name}" if ".py" not in name else name, kind, said, _FILE) for name in names]
    return Suite.reporting(*found, executed=executed)


def _with(test: str, base: str = "def test_f():\n    assert f() > 0\n") -> dict[str, str]:
    return _NEW | {_FILE: f"{_IMPORTS}{base}\n\n{test}"}


def _proven(name: str = "test_g", said: str = "assert 1 == 2") -> dict[str, Suite]:
    return {_HEAD: _ran(name), _HB: _ran(name, kind="failed", said=said)}


_IMPORTS = "import pytest\nfrom unittest import mock\nfrom app import f\n\n\n"
_OLD = {"app.py": "def f():\n    return 1\n", _FILE: _IMPORTS + "def test_f():\n    assert f() > 0\n"}
_NEW = _OLD | {"app.py": "def f():\n    return 2\n"}
_TESTED = _with("def test_g():\n    assert f() == 2\n")
_ROWS = _NEW | {_FILE: _IMPORTS + "@pytest.mark.parametrize('x', [1, 2])\ndef test_f(x):\n    assert f() >= x\n"}
_COMMENT = _OLD | {"app.py": "# why\ndef f():\n    '''One.'''\n    return 1\n"}
_DOCUMENTED = _OLD | {"docs/conf.py": "project = 'f'\n"}
_DATA = _NEW | {"tests/data/rows.yaml": "- 1\n"}
_HIDDEN = _NEW | {"tests/check_app.py": "def test_g():\n    assert f() == 2\n"}
_SCRATCH = _NEW | {"verify_app.py": "from app import f\n\n\ndef test_g():\n    assert f() == 2\n"}
_ADDED = _OLD | {"app.py": _OLD["app.py"] + "\n\ndef g():\n    return f() + 1\n"}
_IMPORTING = "from app import f, g\n\n\ndef test_f():\n    assert f() > 0\n\n\n"
_BROKEN = Suite(Ran("pytest", exit=2), broken=((_FILE, "ImportError: cannot import name 'g' from 'app'"),))
_BY_IMPORT = {_HEAD: _ran("test_f", "test_g"), _HB: _BROKEN}
_PLATFORM = "import sys\n\n\ndef f():\n    if sys.platform == 'win32':\n        return 3\n    return 2\n"
_TYPED = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from x import Y\n\n\ndef f():\n    return 2\n"
_EXEMPT = "def f():\n    if debug:\n        dump()\n    return 2\n"
_SETTINGS = {"pyproject.toml": "[tool.coverage.report]\nexclude_also = ['if debug']\n"}
_METHODS = (
    "class Base:\n    def _check(self, value):\n        assert value == 2\n\n\n"
    "class TestG(Base):\n    def test_g(self):\n        self._check(f())\n"
)
_LOGS = (
    "import unittest\n\n\nclass TestG(unittest.TestCase):\n    def test_g(self):\n"
    "        with self.assertLogs('app'):\n            f()\n"
)
_PROPERTY = "from hypothesis import given, strategies as st\n\n\n@given(st.integers())\ndef test_g(x):\n    f()\n"
_MOCKED = "def test_g():\n    m = mock.Mock(return_value=3)\n    f()\n    assert m() == 3\n"
_MIXIN = {"tests/base.py": "from app import f\n\n\nclass Base:\n    def test_g(self):\n        assert f() == 2\n",
          "tests/test_one.py": "from tests.base import Base\n\n\nclass TestOne(Base):\n    pass\n"}  # fmt: skip
_RENAMED = {"app.py": "def better():\n    return 1\n", _FILE: _OLD[_FILE]}
_DOCTEST = _OLD | {"app.py": "def f():\n    '''Two.\n\n    >>> f()\n    2\n    '''\n    return 2\n"}


def _hidden(test: str) -> dict[str, str]:
    return _with(test)


_NEVER_RUN = {
    "a nested test function": "def test_outer():\n    assert f()\n    def test_g():\n        assert f() == 2\n",
    "a test in a class with a constructor": (
        "class TestG:\n    def __init__(self):\n        self.x = 2\n\n"
        "    def test_g(self):\n        assert f() == self.x\n"
    ),
    "a test whose name is taken by a later one": (
        "def test_g():\n    assert f() == 3\n\n\ndef test_g():\n    assert f() == 2\n"
    ),
    "a new test that is marked to fail": "@pytest.mark.xfail\ndef test_g():\n    assert f() == 3\n",
}
_RAN_AS = {
    "a nested test function": _ran("test_f", "test_outer"),
    "a test in a class with a constructor": _ran("test_f"),
    "a test whose name is taken by a later one": _ran("test_f", "test_g"),
    "a new test that is marked to fail": _ran("test_g", kind="xfailed"),
}
_IDLE = {
    "the new test asserts True": "def test_g():\n    f()\n    assert True\n",
    "the new test compares a thing with itself": "def test_g():\n    x = f()\n    assert x == x\n",
    "the new test asserts what it told its own mock": _MOCKED,
    "the new test swallows its own failure": (
        "def test_g():\n    try:\n        assert f() == 2\n    except Exception:\n        pass\n"
    ),
    "the new test asserts nothing": "def test_g():\n    f()\n",
}
_SPEAKING = {
    "a helper of the base class asserts": (_METHODS, "TestG::test_g"),
    "assertLogs is the only assertion": (_LOGS, "TestG::test_g"),
    "a hypothesis property without assert": (_PROPERTY, "test_g"),
    "pytest.raises is the only assertion": (
        "def test_g():\n    with pytest.raises(ValueError):\n        f()\n",
        "test_g",
    ),
}

CASES = [
    Case("source changed and no test did", Status.FAIL, _OLD, _NEW, {_HEAD: _ran("test_f")}),
    Case("a new test passes, and fails without the change", Status.PASS, _OLD, _TESTED, _proven()),
    Case(
        "the new test passes without the change too, and so do the old ones: a refactoring?",
        Status.NEEDS_REVIEW,
        _OLD,
        _TESTED,
        {_HEAD: _ran("test_g"), _HB: _ran("test_g")},
    ),
    Case(
        "no new test fails without the change, and an old one does with it",
        Status.FAIL,
        _OLD,
        _TESTED,
        {_HEAD: _ran("test_g"), _HB: _ran("test_g"), _BH: _ran("test_f", kind="failed"), "base pytest": _ran("test_f")},
    ),
    Case(
        "a behaviour is taken out, and its test with it",
        Status.NEEDS_REVIEW,
        _ADDED | {_FILE: _IMPORTING + "def test_g():\n    assert f() and g() == 2\n"},
        _OLD | {_FILE: _IMPORTS + "def test_f():\n    assert f() > 0\n\n\ndef test_g():\n    assert f()\n"},
        {_HEAD: _ran("test_g"), _HB: _ran("test_g"), _BH: _ran("test_g", kind="failed"), "base pytest": _ran("test_g")},
    ),
    *LINES,
    Case("only a comment and a docstring changed", Status.NOT_APPLICABLE, _OLD, _COMMENT),
    Case("only the settings of the documentation changed", Status.NOT_APPLICABLE, _OLD, _DOCUMENTED),
    Case("a row was added to a parametrised test", Status.PASS, _OLD, _ROWS, _proven("test_f[2]")),
    Case("the new test fails", Status.FAIL, _OLD, _TESTED, {_HEAD: _ran("test_g", kind="failed")}),
    *(Case(name, Status.FAIL, _OLD, _hidden(test), {_HEAD: _RAN_AS[name]}) for name, test in _NEVER_RUN.items()),
    *(Case(name, Status.FAIL, _OLD, _with(test), {_HEAD: _ran("test_g")}) for name, test in _IDLE.items()),
    *(Case(name, Status.PASS, _OLD, _with(test), _proven(node)) for name, (test, node) in _SPEAKING.items()),
    Case(
        "the only new test is skipped on this platform",
        Status.NEEDS_REVIEW,
        _OLD,
        _with("import sys\n\n\n@pytest.mark.skipif(sys.platform != 'win32')\ndef test_g():\n    assert f() == 2\n"),
        {_HEAD: _ran("test_g", kind="skipped", said="Skipped: sys.platform")},
    ),
    Case(
        "one of two new tests is skipped without a condition",
        Status.FAIL,
        _OLD,
        _with("@pytest.mark.skip\ndef test_g():\n    assert f() == 2\n\n\ndef test_h():\n    assert f() == 2\n"),
        {
            _HEAD: Suite.reporting(Outcome(f"{_FILE}::test_g", "skipped"), Outcome(f"{_FILE}::test_h", "passed")),
            _HB: _ran("test_h", kind="failed"),
        },
    ),
    Case("a test file that the runner does not collect", Status.FAIL, _OLD, _HIDDEN, {_HEAD: _ran("test_f")}),
    Case("a script with tests, named like no test file", Status.FAIL, _OLD, _SCRATCH, {_HEAD: _ran("test_f")}),
    Case(
        "a new test that a hook leaves out",
        Status.FAIL,
        _OLD,
        _TESTED,
        {_HEAD: Suite(Ran("pytest"), _ran("test_f").outcomes, dropped=(f"{_FILE}::test_g",))},
    ),
    Case(
        "tests of a base class run in a class of another file",
        Status.PASS,
        _OLD,
        _NEW | _MIXIN,
        {
            _HEAD: _ran("tests/test_one.py::TestOne::test_g"),
            _HB: _ran("tests/test_one.py::TestOne::test_g", kind="failed"),
        },
    ),
    Case("the tests' data changed, and a test fails without it", Status.PASS, _OLD, _DATA, _proven("test_f")),
    Case(
        "base lacks the name that the test imports, and the test asserts its value",
        Status.PASS,
        _OLD,
        _ADDED | {_FILE: _IMPORTING + "def test_g():\n    got = g()\n    assert got == 2\n"},
        _BY_IMPORT,
    ),
    Case(
        "base lacks the name that the test imports, and the test asserts something else",
        Status.NEEDS_REVIEW,
        _OLD,
        _ADDED | {_FILE: _IMPORTING + "def test_g():\n    g()\n    assert len([1]) == 1\n"},
        _BY_IMPORT,
    ),
    Case(
        "a test without an assertion that crashes without the change",
        Status.NEEDS_REVIEW,
        _OLD,
        _with("def test_g():\n    f()\n"),
        _proven(said="ZeroDivisionError"),
    ),
    Case(
        "most of the changed lines run in no test",
        Status.FAIL,
        _OLD,
        _TESTED,
        {_HEAD: _ran("test_g", lines={"app.py": {1}}), _HB: _ran("test_g", kind="failed")},
    ),
    *(
        Case(
            f"a line that need not run here: {name}",
            Status.PASS,
            _OLD | _SETTINGS,
            _TESTED | _SETTINGS | {"app.py": text},
            {_HEAD: _ran("test_g", lines={"app.py": ran}), _HB: _ran("test_g", kind="failed")},
        )
        for name, text, ran in (
            ("another platform", _PLATFORM, {1, 4, 5, 7}),
            ("the type checker's imports", _TYPED, {1, 3, 7, 8}),
            ("what the project's own settings leave out", _EXEMPT, {1, 4}),
        )
    ),
    Case(
        "every changed line already runs: perhaps a refactoring",
        Status.NEEDS_REVIEW,
        _OLD,
        _NEW,
        {_HEAD: _ran("test_f", lines={"app.py": {1, 2}})},
    ),
    Case(
        "a function is renamed and nothing else",
        Status.NEEDS_REVIEW,
        _OLD,
        _RENAMED,
        {_HEAD: _ran("test_f", lines={"app.py": {1, 2}})},
    ),
    Case(
        "an annotation that has an effect at run time",
        Status.NEEDS_REVIEW,
        {"app.py": "class M(BaseModel):\n    x: int\n"},
        {"app.py": "class M(BaseModel):\n    x: str\n"},
        {_HEAD: _ran("test_f", lines={"app.py": {1, 2}})},
    ),
    Case(
        "the example in a docstring is the test",
        Status.NEEDS_REVIEW,
        _OLD,
        _DOCTEST,
        {_HEAD: _ran("app.py::app.f")},
    ),
    *MUTATION_CASES,
]
