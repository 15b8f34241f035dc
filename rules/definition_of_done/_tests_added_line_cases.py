"""Cases of `tests-added` about lines that the diff shows and that say what they said."""

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, Suite

_TEST = {"test_app.py": "from app import f\n\n\ndef test_f():\n    assert f(1)\n"}
_WAS = "def f(x):\n    if x:\n        return [x]\n    log(1)\n    tell(2)\n    return []\n"
_COVERED = _WAS.replace("if x:", "if x > 0:")
_RAN = Suite.reporting(Outcome("test_app.py::test_f", "passed"), executed={"app.py": frozenset({1, 2, 3})})


def _changed(name: str, status: Status, after: str) -> Case:
    return Case(name, status, {**_TEST, "app.py": _WAS}, {**_TEST, "app.py": after}, {"head pytest": _RAN})


LINES = [
    Case(
        "only the annotation of a local variable changed",
        Status.NOT_APPLICABLE,
        {**_TEST, "app.py": "def f(x):\n    found: List[int] = [x]\n    return found\n"},
        {**_TEST, "app.py": "def f(x):\n    found: list[int] = [x]\n    return found\n"},
    ),
    _changed(
        "a line that no test runs has another format, and what changed runs",
        Status.NEEDS_REVIEW,
        _COVERED.replace("log(1)", "log(\n        1\n    )"),
    ),
    _changed("a line that no test runs is new", Status.FAIL, _COVERED.replace("log(1)", "log(3)")),
    _changed(
        "lines that no test runs change places",
        Status.FAIL,
        _COVERED.replace("    log(1)\n    tell(2)\n", "    tell(2)\n    log(1)\n"),
    ),
    _changed(
        "a line that no test runs comes under a condition",
        Status.FAIL,
        _COVERED.replace("    tell(2)\n", "    if not x:\n        tell(2)\n"),
    ),
]
