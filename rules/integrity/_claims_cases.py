"""The cases of claims."""

from typing import Any

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, Suite

_BASE = {"shop.py": "x = 1\n", "tests/test_shop.py": "def test_x():\n    assert True\n", "docs/guide.md": "Shop.\n"}
_HEAD = _BASE | {"shop.py": "x = 2\n", "tests/test_tax.py": "def test_tax():\n    assert 2\n"}
_OLD, _NEW = "tests/test_shop.py::test_x", "tests/test_tax.py::test_tax"


def _suite(old: Any = "passed") -> Suite:  # noqa: ANN401 - an outcome's name
    tests = [
        Outcome(_OLD, old, "assert 2 == 1", "tests/test_shop.py", 2),
        Outcome(_NEW, "passed", path="tests/test_tax.py"),
    ]
    return Suite.reporting(*tests)


_GREEN = {"head pytest": _suite()}
_RED = {"head pytest": _suite("failed"), "base pytest": _suite("passed")}
_CONTRACT = _GREEN | {"base tests on head pytest": _suite("failed"), "base pytest": _suite("passed")}
_LIBRARY = {
    "pyproject.toml": "[build-system]\nrequires = ['setuptools']\n\n[project]\nname = 'mart'\n",
    "mart/__init__.py": "def tax(x):\n    return x\n\n\ndef vat(x):\n    return x\n",
    "README.md": "Call `mart.tax(1)`.\n",
}

_GROWN = _BASE | {"shop.py": "x = 1\n" + "".join(f"rate_{n} = {n}\n" for n in range(9))}
_STALE = _BASE | {"shop.py": "x = 1\n"}


def _case(name: str, expect: Status, notes: str = "", **more: Any) -> Case:  # noqa: ANN401 - a case's own arguments
    given: dict[str, Any] = {"before": _BASE, "after": _HEAD, "runs": _GREEN} | more
    return Case(name, expect, notes=notes, **given)


CASES = (
    _case("the notes name a file as added that is nowhere", Status.FAIL, "Added `shop/tax.py`."),
    _case("the notes name what is there", Status.PASS, "Added `tests/test_tax.py`; see docs/guide.md."),
    _case("nobody claims anything", Status.NOT_APPLICABLE, messages=("chore: tidy",)),
    _case("a test is named as added and is nowhere", Status.FAIL, "Added test_vat."),
    _case("a test is named as added and is there", Status.PASS, "Added test_tax and `tests/test_tax.py::test_tax`."),
    _case("all tests pass, and one fails", Status.FAIL, "All tests pass.", runs=_RED),
    _case("all tests pass, and they do", Status.PASS, "All existing tests still pass."),
    _case("more tests pass than there are", Status.FAIL, "312 tests passed."),
    _case("another number of tests", Status.NEEDS_REVIEW, "0 tests passed."),
    _case("the number of the run", Status.PASS, "2 passed."),
    _case("no new dependencies, and there is one", Status.FAIL, "No new dependencies.",
          before=_BASE | {"pyproject.toml": "[project]\nname = 's'\ndependencies = []\n"},
          after=_HEAD | {"pyproject.toml": "[project]\nname = 's'\ndependencies = ['httpx']\n"}),
    _case("backward compatible, and an old test fails on the new source", Status.FAIL, "Fully backward compatible.",
          after=_HEAD | {"tests/test_shop.py": "def test_x():\n    assert 1\n"}, runs=_CONTRACT),
    _case("backward compatible, and a public function is gone", Status.FAIL, "No breaking changes.",
          before=_BASE | _LIBRARY, after=_HEAD | _LIBRARY | {"mart/__init__.py": "def vat(x):\n    return x\n"}),
    _case("evidence that the change brings along", Status.FAIL, "See results in `logs/test.log`.",
          after=_HEAD | {"logs/test.log": "5000 passed\n"}),
    _case("tests added, and no test changed", Status.NEEDS_REVIEW, "Added unit tests.",
          after=_BASE | {"shop.py": "x = 2\n"}),
    _case("a file that the change does not touch", Status.NEEDS_REVIEW, "Updated `docs/guide.md`."),
    _case("a commit names a file as added that is nowhere", Status.FAIL, messages=("feat: tax\n\nAdd shop/tax.py.",)),
    _case("one of several commits does; a later one may have taken it away", Status.PASS,
          messages=("feat: b", "feat: a\n\nAdd shop/tax.py.")),
    _case("a commit names a file that it does away with", Status.PASS, messages=("chore: drop old/setup.cfg",)),
    _case("a file in another case, with no dot", Status.PASS, "Updated `Readme.md` and added claude/agents.md.",
          after=_HEAD | {"README.md": "x\n", ".claude/agents.md": "x\n"}),
    _case("a path on the machine, a link and quoted words", Status.PASS,
          "2 passed. Wrote /tmp/out.txt, see https://example.org/a.md.\n\n> added nothing/at/all.py\n"),
    _case("what is planned is no claim", Status.NOT_APPLICABLE, "We should add tests. Not all tests pass yet."),
    _case("a file is written back to before another's work, and nothing says so", Status.FAIL, after=_STALE,
          replaced={"shop.py": _STALE["shop.py"]}, before=_GROWN, messages=("feat: tax",)),
    _case("a commit says that it reverts", Status.NOT_APPLICABLE, after=_STALE, replaced={"shop.py": _STALE["shop.py"]},
          before=_GROWN, messages=("Revert the rates of tax",)),
    _case("lines go, and the file is none of its older versions", Status.NOT_APPLICABLE, after=_STALE, before=_GROWN,
          replaced={"shop.py": "x = 0\n"}, messages=("feat: tax",)),
    _case("a trial script is left behind", Status.NOT_APPLICABLE, after=_HEAD | {"verify_tax.py": "print(1)\n"},
          messages=("feat: tax",)),
    _case("a claim about tests that did not run", Status.PASS, "All tests pass. Added `tests/test_tax.py`.", fast=True),
)  # fmt: skip
