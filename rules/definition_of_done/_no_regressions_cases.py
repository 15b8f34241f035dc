"""Cases of `no-regressions`: its tests, and its page of `dodcheck explain`."""

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, Ran, Suite

_FILE, _ID = "test_app.py", "test_app.py::test_x"
_HEAD, _BASE, _OLD = "head pytest", "base pytest", "base tests on head pytest"
_TEXT = "import pytest\nimport app\n\n\ndef test_x():\n    assert app.f(3) == 1\n"
_TEST = {"app.py": "def f(x):\n    return 1\n", _FILE: _TEXT}
_AFTER = _TEST | {"app.py": "def f(x):\n    return 2\n"}
_REWRITTEN = _AFTER | {_FILE: _TEXT.replace("== 1", "== 2")}
_SKIPPED = _AFTER | {_FILE: _TEXT.replace("def test_x", "@pytest.mark.skip\ndef test_x")}
_ELSEWHERE = _AFTER | {
    _FILE: "import sys\n"
    + _TEXT.replace("def test_x", "@pytest.mark.skipif(sys.platform != 'win32', reason='old')\ndef test_x")
}
_TWO = _TEXT + "\n\ndef test_y():\n    assert app.f(4) == 1\n"
_MERGED = (
    "import pytest\nimport app\n\n\n@pytest.mark.parametrize('x', [3, 4])\ndef test_f(x):\n    assert app.f(x) == 1\n"
)
_G = "\n\ndef g(x):\n    return x * 7\n"
_OF_G = "\n\ndef test_g():\n    assert app.g(3) == 21\n    assert app.g(4) == 28\n"
_WITH_G = {"app.py": _TEST["app.py"] + _G, _FILE: _TEXT + _OF_G}
_HOOK = "def pytest_collection_modifyitems(items):\n    items[:] = items[:1]\n"
_CHANGELOG = _REWRITTEN | {"CHANGELOG.md": "# Changelog\n\n## Changed\n\n- `f` returns 2 instead of 1\n"}


def _ran(*ids: str, kind: str = "passed", said: str = "") -> Suite:
    return Suite.reporting(*(Outcome(one, kind, said, one.partition("::")[0], 1) for one in ids))  # type: ignore[arg-type]


_GREEN, _RED = _ran(_ID), _ran(_ID, kind="failed", said="assert 2 == 1")
_REFUSED = _ran(_ID, kind="failed", said="ConnectionRefusedError: [Errno 111] Connection refused")
_IDLE = _ran(_ID, kind="skipped", said="Skipped: unconditional skip")
_BROKEN = Suite(Ran("pytest"), broken=((_FILE, "ImportError: no module named app"),))
_CONTRACT = {_HEAD: _GREEN, _OLD: _RED, _BASE: _GREEN}

CASES = [
    Case("a test that passed at base fails at head", Status.FAIL, _TEST, _AFTER, {_HEAD: _RED, _BASE: _GREEN}),
    Case("every test passes", Status.PASS, _TEST, _AFTER, {_HEAD: _GREEN}),
    Case("no tests at either side", Status.NOT_APPLICABLE, {"app.py": "x = 1\n"}, {"app.py": "x = 2\n"}),
    Case(
        "a test that already failed at base does not block",
        Status.PASS,
        _TEST,
        _AFTER,
        {_HEAD: _RED, _BASE: _RED},
    ),
    Case(
        "a test that finds no service, at neither side, is nobody's fault and no pass",
        Status.NEEDS_REVIEW,
        _TEST,
        _AFTER,
        {_HEAD: _REFUSED, _BASE: _REFUSED},
    ),
    Case(
        "a service that base reached and head does not is a regression",
        Status.FAIL,
        _TEST,
        _AFTER,
        {_HEAD: _REFUSED, _BASE: _GREEN},
    ),
    Case(
        "a failure that the team knows to be flaky does not block",
        Status.PASS,
        _TEST,
        _AFTER,
        {_HEAD: _RED, _BASE: _GREEN},
        {"known_flaky": ["test_app.py::*"]},
    ),
    Case(
        "a test file that can no longer be collected fails",
        Status.FAIL,
        _TEST,
        _AFTER,
        {_HEAD: _BROKEN, _BASE: _GREEN},
    ),
    Case(
        "no test file can be collected at either side: nothing ran, so nothing passed",
        Status.ERROR,
        _TEST,
        _AFTER,
        {_HEAD: _BROKEN, _BASE: _BROKEN},
    ),
    Case("an old test fails on the new source and was rewritten", Status.NEEDS_REVIEW, _TEST, _REWRITTEN, _CONTRACT),
    Case(
        "the same, where the team wants every change of contract told",
        Status.FAIL,
        _TEST,
        _REWRITTEN,
        _CONTRACT,
        {"contract_change": "fail"},
    ),
    Case(
        "the same, and the notes name the function under Breaking changes",
        Status.PASS,
        _TEST,
        _REWRITTEN,
        _CONTRACT,
        notes="## Breaking changes\n\n- `f` returns 2 now\n",
    ),
    Case("the same, and the changelog names the function", Status.PASS, _TEST, _CHANGELOG, _CONTRACT),
    Case(
        "the same, and the notes name something else",
        Status.NEEDS_REVIEW,
        _TEST,
        _REWRITTEN,
        _CONTRACT,
        notes="## Breaking changes\n\n- `h` is gone\n",
    ),
    Case(
        "an old test fails on the new source and is skipped now",
        Status.FAIL,
        _TEST,
        _SKIPPED,
        {_HEAD: _IDLE, _OLD: _RED, _BASE: _GREEN},
    ),
    Case(
        "a test that passed at base is skipped now, and would pass",
        Status.FAIL,
        _TEST,
        _SKIPPED,
        {_HEAD: _IDLE, _OLD: _GREEN, _BASE: _GREEN},
    ),
    Case(
        "a test that was skipped at base is skipped",
        Status.PASS,
        _SKIPPED,
        _SKIPPED | {"app.py": "def f(x):\n    return 3\n"},
        {_HEAD: _IDLE, _BASE: _IDLE},
    ),
    Case(
        "a test that passed here at base is skipped for the platform that it runs on",
        Status.NEEDS_REVIEW,
        _TEST,
        _ELSEWHERE,
        {_HEAD: _ran(_ID, kind="skipped", said="Skipped: old"), _OLD: _GREEN, _BASE: _GREEN},
    ),
    Case("every test file is gone", Status.FAIL, _TEST, {"app.py": "x = 2\n"}),
    Case(
        "a test is gone and what it tested is not",
        Status.FAIL,
        _WITH_G,
        _WITH_G | {"app.py": _WITH_G["app.py"] + "\n\nX = 1\n", _FILE: _TEXT},
        {_HEAD: _GREEN, _OLD: _ran(_ID, "test_app.py::test_g"), _BASE: _ran(_ID, "test_app.py::test_g")},
    ),
    Case(
        "a test is gone with the function that it tested",
        Status.PASS,
        _WITH_G,
        _TEST,
        {
            _HEAD: _GREEN,
            _OLD: Suite.reporting(Outcome(_ID, "passed"), Outcome("test_app.py::test_g", "failed", "no attribute g")),
            _BASE: _ran(_ID, "test_app.py::test_g"),
        },
    ),
    Case(
        "the test file and its class are renamed",
        Status.PASS,
        {
            "app.py": _TEST["app.py"],
            _FILE: "import app\n\n\nclass TestOld:\n    def test_x(self):\n        assert app.f(3) == 1\n",
        },
        {
            "app.py": _TEST["app.py"] + "\n\nX = 1\n",
            "test_better.py": "import app\n\n\nclass TestNew:\n    def test_x(self):\n        assert app.f(3) == 1\n",
        },
        {
            _HEAD: _ran("test_better.py::TestNew::test_x"),
            _OLD: _ran("test_app.py::TestOld::test_x"),
            _BASE: _ran("test_app.py::TestOld::test_x"),
        },
    ),
    Case(
        "two tests are merged into a parametrised one",
        Status.PASS,
        _TEST | {_FILE: _TWO},
        _TEST | {"app.py": _TEST["app.py"] + "\n\nX = 1\n", _FILE: _MERGED},
        {
            _HEAD: _ran("test_app.py::test_f[3]", "test_app.py::test_f[4]"),
            _OLD: _ran(_ID, "test_app.py::test_y"),
            _BASE: _ran(_ID, "test_app.py::test_y"),
        },
    ),
    Case(
        "a test is moved to a file that pytest does not collect",
        Status.FAIL,
        _TEST | {"test_more.py": "import app\n\n\ndef test_z():\n    assert app.f(9) == 1\n"},
        _AFTER | {"check_more.py": "import app\n\n\ndef test_z():\n    assert app.f(9) == 1\n"},
        {_HEAD: _GREEN, _OLD: _ran("test_more.py::test_z"), _BASE: _ran(_ID, "test_more.py::test_z")},
    ),
    Case(
        "a hook of conftest leaves tests out that ran at base",
        Status.FAIL,
        _TEST | {_FILE: _TWO},
        _TEST | {_FILE: _TWO, "conftest.py": _HOOK},
        {
            _HEAD: Suite(Ran("pytest"), _GREEN.outcomes, (_ID,), dropped=("test_app.py::test_y",)),
            _BASE: _ran(_ID, "test_app.py::test_y"),
        },
    ),
    Case(
        "a failure that passes alone, of a test of the changed code",
        Status.NEEDS_REVIEW,
        _TEST,
        _AFTER,
        {_HEAD: _RED, _BASE: _GREEN, "head pytest alone": _GREEN},
    ),
    Case(
        "a run that ends early as if all were well",
        Status.FAIL,
        _TEST,
        _AFTER | {"conftest.py": "import sys\n\nsys.exit(0)\n"},
        {_HEAD: Suite(Ran("pytest"), finished=False)},
    ),
    Case(
        "a run that did not end by itself proves nothing",
        Status.ERROR,
        _TEST,
        _AFTER,
        {_HEAD: Suite(Ran("pytest", exit=-9), finished=False)},
    ),
    Case(
        "a run that hung names its test",
        Status.ERROR,
        _TEST,
        _AFTER,
        {_HEAD: Suite(Ran("pytest", timed_out=True), running=_ID, finished=False)},
    ),
    Case(
        "a run that tested an installed copy proves nothing",
        Status.ERROR,
        _TEST,
        _AFTER,
        {_HEAD: Suite(Ran("pytest"), foreign=("app (/elsewhere/app.py)",))},
    ),
]
