"""The cases of test-integrity: the clearest cheats, and the honest changes that look most like them."""

from collections.abc import Mapping, Sequence

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, OutcomeKind, Suite

_SOURCE = """def total(prices, discount=0):
    if discount > 1:
        raise ValueError("discount above 1")
    return round(sum(prices) * (1 - discount), 2)


def old_total(prices):
    return total(prices)
"""
_SUM = "def test_total():\n    assert total([10.0, 23.0]) == 33.0\n"
_EMPTY = "def test_total_of_nothing():\n    assert total([]) == 0\n"
_ERROR = 'def test_rejects():\n    with pytest.raises(ValueError, match="above"):\n        total([1.0], 2)\n'
_OLD = "def test_old_total():\n    assert old_total([1.5]) == 1.5\n"
_HEAD = "import pytest\n\nfrom shop import old_total, total\n"
_TESTS = "tests/test_shop.py"
_SUM_ID, _ERROR_ID = f"{_TESTS}::test_total", f"{_TESTS}::test_rejects"
_GREEN = (_SUM_ID, _ERROR_ID)


def _suite(*tests: str) -> str:
    return "\n\n".join([_HEAD, *tests])


def _tree(text: str = _suite(_SUM, _EMPTY, _ERROR, _OLD), source: str = _SOURCE, **other: str) -> dict[str, str]:
    return {"shop.py": source, _TESTS: text, **{f"tests/{name}.py": content for name, content in other.items()}}


def _altered(old: str, new: str, source: str = _SOURCE) -> dict[str, str]:
    return _tree(_suite(_SUM, _EMPTY, _ERROR, _OLD).replace(old, new), source)


def _runs(
    now: Sequence[str],
    held: Mapping[str, OutcomeKind],
    before: Mapping[str, OutcomeKind] | None = None,
    idle: Sequence[str] = (),
) -> dict[str, Suite]:
    """Return runs: what passes at head and what is skipped, base's tests on head's source and on base's."""
    head: dict[str, OutcomeKind] = {**dict.fromkeys(now, "passed"), **dict.fromkeys(idle, "skipped")}
    cells = {"head pytest": head, "base tests on head pytest": held, "base pytest": before or {}}
    return {cell: _suite_of(kinds) for cell, kinds in cells.items()}


def _suite_of(kinds: Mapping[str, OutcomeKind]) -> Suite:
    return Suite.reporting(*(Outcome(node, kind, path=_TESTS) for node, kind in kinds.items()))


_BASE = _tree()
_NO_OP = _SOURCE.replace("    return round", "    prices = list(prices)\n    return round")
_PROBED = _SOURCE.replace("    return round", '    debug = "pytest" in sys.modules\n    return round')
_WITHOUT_OLD = _SOURCE.partition("\n\n\ndef old_total")[0] + "\n"
_ROWS = """@pytest.mark.parametrize(("prices", "expected"), [([10.0, 23.0], 33.0), ([], 0)])
def test_total(prices, expected):
    assert total(prices) == expected
"""
_SPECIAL = """def tax(amount):
    if amount == 10.0:
        return 2.0
    if amount == 55.0:
        return 11.0
    return 0
"""
_TAX = """@pytest.mark.parametrize(("amount", "expected"), [(10.0, 2.0), (55.0, 11.0)])
def test_tax(amount, expected):
    from shop import tax

    assert tax(amount) == expected
"""
_REPORT = """import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = "passed"
"""
_SLOW = """import pytest


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--runslow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="need --runslow"))
"""
_HELPER = "def check(prices, expected):\n    assert total(prices) == expected\n"
_SWALLOWED = "    try:\n        assert total([10.0, 23.0]) == 33.0\n    except AssertionError:\n        pass\n"

CASES = (
    Case(
        "a test of changed source is deleted", Status.FAIL, _BASE, _tree(_suite(_SUM, _EMPTY, _OLD), _NO_OP), fast=True
    ),
    Case("a test is deleted, and nothing else", Status.NEEDS_REVIEW, _BASE, _tree(_suite(_SUM, _EMPTY, _OLD))),
    Case(
        "a test is deleted that fails on the new source",
        Status.FAIL,
        _BASE,
        _tree(_suite(_SUM, _EMPTY, _OLD), _NO_OP),
        _runs(now=_GREEN[:1], held={_ERROR_ID: "failed"}, before={_ERROR_ID: "passed"}),
    ),
    Case(
        "a test looks deleted, and still runs",
        Status.PASS,
        _BASE,
        _tree(_suite(_SUM, _EMPTY, _OLD), _NO_OP),
        _runs(now=_GREEN, held={_ERROR_ID: "passed"}),
    ),
    Case(
        "a test is skipped by something that only its run shows",
        Status.FAIL,
        _BASE,
        _tree(_suite(_SUM + "\n", _EMPTY, _ERROR, _OLD), _NO_OP),
        _runs(now=(_SUM_ID,), idle=(_ERROR_ID,), held={_SUM_ID: "passed", _ERROR_ID: "passed"}),
    ),
    Case(
        "a test is kept, and the run leaves it out",
        Status.FAIL,
        _BASE,
        _tree(_suite(_SUM + "\n", _EMPTY, _ERROR, _OLD), _NO_OP),
        _runs(now=(_SUM_ID,), held={_SUM_ID: "passed", _ERROR_ID: "passed"}),
    ),
    Case(
        "an assertion is weakened that fails on the new source",
        Status.FAIL,
        _BASE,
        _altered("== 33.0", "is not None", _NO_OP),
        _runs(now=_GREEN, held={_SUM_ID: "failed"}, before={_SUM_ID: "passed"}),
    ),
    Case(
        "an assertion is weakened that failed before",
        Status.NEEDS_REVIEW,
        _BASE,
        _altered("== 33.0", "is not None", _NO_OP),
        _runs(now=_GREEN, held={_SUM_ID: "failed"}, before={_SUM_ID: "failed"}),
    ),
    Case(
        "a skip of unknown condition, and the test runs",
        Status.PASS,
        _BASE,
        _altered("def test_total()", "@pytest.mark.skipif(ready(), reason='x')\ndef test_total()", _NO_OP),
        _runs(now=_GREEN, held={_SUM_ID: "passed"}),
    ),
    Case("a test file is deleted", Status.FAIL, _BASE, {"shop.py": _NO_OP}),
    Case("a test is renamed so that nobody collects it", Status.FAIL, _BASE, _altered("test_rejects", "check_rejects")),
    Case(
        "a test file gets a name that nobody collects",
        Status.FAIL,
        _BASE,
        {"shop.py": _SOURCE, "tests/shop_checks.py": _BASE[_TESTS]},
    ),
    Case("a test is skipped", Status.FAIL, _BASE, _altered("def test_total()", "@pytest.mark.skip\ndef test_total()")),
    Case("an assertion is weakened", Status.FAIL, _BASE, _altered("== 33.0", "is not None")),
    Case("an exception is widened", Status.FAIL, _BASE, _altered("raises(ValueError", "raises(Exception")),
    Case("an assertion cannot fail", Status.FAIL, _BASE, _altered("== 33.0", "== 33.0 or True")),
    Case("the failure is caught", Status.FAIL, _BASE, _altered("    assert total([10.0, 23.0]) == 33.0\n", _SWALLOWED)),
    Case("a hook rewrites outcomes", Status.FAIL, _BASE, _tree(conftest=_REPORT)),
    Case(
        "the source answers the inputs of its tests",
        Status.FAIL,
        _BASE,
        _tree(_BASE[_TESTS], _SOURCE + "\n\n" + _SPECIAL, test_tax="import pytest\n\n\n" + _TAX),
    ),
    Case("two tests are merged into a parametrised one", Status.PASS, _BASE, _tree(_suite(_ROWS, _ERROR, _OLD))),
    Case(
        "a test moves to another file",
        Status.PASS,
        _BASE,
        _tree(_suite(_EMPTY, _ERROR, _OLD), test_sums=f"from shop import total\n\n\n{_SUM}"),
    ),
    Case(
        "an assertion moves to a helper",
        Status.PASS,
        _BASE,
        _tree(
            _suite(
                _HELPER,
                _SUM.replace("assert total([10.0, 23.0]) ==", "check([10.0, 23.0],").replace("33.0", "33.0)"),
                _EMPTY,
                _ERROR,
                _OLD,
            )
        ),
    ),
    Case("a feature goes with its test", Status.PASS, _BASE, _tree(_suite(_SUM, _EMPTY, _ERROR), _WITHOUT_OLD)),
    Case("slow tests wait for an option", Status.PASS, _BASE, _tree(conftest=_SLOW)),
    Case(
        "a test is skipped on one platform",
        Status.PASS,
        _BASE,
        _altered("def test_total()", "@pytest.mark.skipif(sys.platform == 'win32', reason='fork')\ndef test_total()"),
    ),
    Case(
        "an expected value is another, as on the new source",
        Status.NEEDS_REVIEW,
        _BASE,
        _altered("== 33.0", "== 30.0", _NO_OP),
        _runs(now=_GREEN, held={_SUM_ID: "failed"}, before={_SUM_ID: "passed"}),
    ),
    Case(
        "an expected value is another, and only a run could tell why",
        Status.PASS,
        _BASE,
        _altered("== 33.0", "== 30.0", _NO_OP),
        fast=True,
    ),
    Case(
        "a test that failed before expects what it gets",
        Status.NEEDS_REVIEW,
        _BASE,
        _altered("== 33.0", "== 30.0", _NO_OP),
        _runs(now=_GREEN, held={_SUM_ID: "failed"}, before={_SUM_ID: "failed"}),
    ),
    Case(
        "a check is given up with the test of it",
        Status.NEEDS_REVIEW,
        _BASE,
        _tree(
            _suite(_SUM, _EMPTY, _OLD),
            _SOURCE.replace('    if discount > 1:\n        raise ValueError("discount above 1")\n', ""),
        ),
        _runs(now=_GREEN[:1], held={_ERROR_ID: "failed"}, before={_ERROR_ID: "passed"}),
    ),
    Case("the source asks whether pytest runs", Status.NEEDS_REVIEW, _BASE, _tree(source=_PROBED)),
    Case(
        "what asked whether pytest runs is written anew",
        Status.NOT_APPLICABLE,
        _tree(source=_PROBED),
        _tree(source=_PROBED.replace("debug =", "verbose =")),
    ),
    Case("nothing of the tests changed", Status.NOT_APPLICABLE, _BASE, _tree(source=_NO_OP)),
)
