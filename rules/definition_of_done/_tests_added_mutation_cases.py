"""Cases of `tests-added` in which changed lines are mutated."""

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, Suite

_TEST = "from app import f\n\n\ndef test_f():\n    assert f() > 0\n"
_OLD = {"app.py": "def f():\n    return 1\n", "test_app.py": _TEST}
_BRANCH = {
    "app.py": "def f():\n    if limit > 3:\n        return 3\n    return 2\n",
    "test_app.py": _TEST + "\n\ndef test_g():\n    assert f() == 2\n",
}
_ID = "test_app.py::test_g"
_GREEN, _FAILED = Suite.reporting(Outcome(_ID, "passed")), Suite.reporting(Outcome(_ID, "failed"))
_RAN = Suite.reporting(Outcome(_ID, "passed"), executed={"app.py": frozenset({1, 2, 3, 4})})
_PROVEN = {"head pytest": _GREEN, "head tests on base pytest": _FAILED}
_MUTATED = {"mutation_seconds": 60}

MUTATION_CASES = [
    Case(
        "every fault in a changed function goes unnoticed",
        Status.FAIL,
        _OLD,
        _BRANCH,
        {**_PROVEN, "altered pytest": _GREEN},
        _MUTATED,
    ),
    Case(
        "one fault in a changed function goes unnoticed",
        Status.NEEDS_REVIEW,
        _OLD,
        _BRANCH,
        {
            "head pytest": _RAN,
            "head tests on base pytest": _FAILED,
            "altered pytest": _FAILED,
            "altered pytest: `3` became `4`": _GREEN,
        },
        _MUTATED,
    ),
    Case(
        "every fault in a changed function is noticed",
        Status.PASS,
        _OLD,
        _BRANCH,
        {**_PROVEN, "altered pytest": _FAILED},
        _MUTATED,
    ),
]
