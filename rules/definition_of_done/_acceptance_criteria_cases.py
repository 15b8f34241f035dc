"""The cases of acceptance-criteria."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dodcheck.rule import Case, Status
from dodcheck.run import Outcome, Ran, Suite

_SOURCE = "def total(prices):\n    return sum(prices)\n"
_TAX = _SOURCE + "\n\ndef tax(amount):\n    return amount * 0.2\n"
_TEST = "from shop import tax\n\n\ndef test_tax():\n    assert tax(10) == 2\n"
_ID = "tests/test_tax.py::test_tax"
_TASK = ("feat: tax\n\nTask: T1",)


def _tasks(*criteria: str) -> str:
    task = {"id": "T1", "title": "tax", "status": "in_progress", "acceptance_criteria": criteria}
    return json.dumps({"tasks": [task]}, indent=2)


def _runs(outcome: Any = "passed") -> dict[str, Ran | Suite]:  # noqa: ANN401 - an outcome's name
    return {
        "head pytest": Suite.reporting(Outcome(_ID, outcome, path="tests/test_tax.py", line=5)),
        "head tests on base pytest": Suite.reporting(Outcome(_ID, "failed", "no tax", "tests/test_tax.py", 5)),
    }


def _case(
    name: str,
    expect: Status,
    *criteria: str,
    source: str = _TAX,
    test: str = _TEST,
    was: Sequence[str] | None = None,
    base: str = _SOURCE,
    **more: Any,  # noqa: ANN401 - a case's own arguments
) -> Case:
    before = {"tasks.json": _tasks(*(criteria if was is None else was)), "shop.py": base}
    after = {"tasks.json": _tasks(*criteria), "shop.py": source, "tests/test_tax.py": test}
    given = {"messages": _TASK, "runs": _runs()} | more
    return Case(name, expect, before, {path: text for path, text in after.items() if text}, **given)


def _deployed(case: Case) -> Case:
    return replace(case, after={**case.after, "compose.yml": "services: {}\n"})


_BILL = _TAX + "\n\ndef bill(prices):\n    return tax(total(prices))\n"
_LINKED = _TEST.replace("def test", '@pytest.mark.criterion("T1#1")\ndef test').replace(
    "from", "import pytest\nfrom", 1
)
_SAME: dict[str, Ran | Suite] = {
    "head pytest": Suite.reporting(Outcome(_ID, "passed", path="tests/test_tax.py", line=5)),
    "head tests on base pytest": Suite.reporting(Outcome(_ID, "passed", path="tests/test_tax.py", line=5)),
}
_DOCSTRING = _TEST.replace(":\n    assert", ':\n    """Tax is a fifth.\n\n    AC: T1#1\n    """\n    assert')
_OTHER = "def test_tax():\n    from shop import helper\n\n    assert helper() == 1\n"
_FLAGGED = _SOURCE + "\n\ndef tax(amount):\n    if FLAG:\n        return amount\n    raise NotImplementedError\n"
_OLD = _SOURCE + "\n\ndef legacy_mode():\n    return total([])\n"
_ALIAS = "from .modes import old as legacy_mode\n"
_APP = "from fastapi import FastAPI, APIRouter\n\napp = FastAPI()\nrouter = APIRouter(prefix='/items')\n"
_ROUTES = _APP + "\n\n@router.get('/{name}')\ndef item(name):\n    return name\n\n\napp.include_router(router)\n"

CASES = (
    _case("a test that needs the change names the function", Status.PASS, "`tax` returns a fifth of the amount"),
    _case(
        "no code has the function",
        Status.FAIL,
        "`tax` returns a fifth",
        source=_SOURCE + "\n\ndef vat(x):\n    return x\n",
    ),
    Case(
        "documentation changes, for no task",
        Status.NOT_APPLICABLE,
        {"tasks.json": _tasks("x"), "shop.py": _SOURCE},
        {"tasks.json": _tasks("x"), "shop.py": _SOURCE, "README.md": "shop\n"},
    ),
    _case(
        "the criterion's words stand in a docstring and nowhere else",
        Status.FAIL,
        "`tax` returns a fifth of the amount",
        source=_SOURCE.replace(":\n", ':\n    """tax returns a fifth of the amount."""\n'),
    ),
    _case(
        "the function does nothing", Status.FAIL, "`tax` exists", source=_SOURCE + "\n\ndef tax(amount):\n    pass\n"
    ),
    _case("the function refuses unless a flag is set", Status.FAIL, "`tax` returns a fifth", source=_FLAGGED),
    _case("what should be gone is there", Status.FAIL, "remove `legacy_mode`", base=_OLD, source=_OLD + _TAX),
    _case("it survives under an alias", Status.FAIL, "remove `legacy_mode`", base=_OLD, source=_TAX + _ALIAS),
    _case("what should be gone is gone", Status.PASS, "remove `legacy_mode`", base=_OLD),
    _case("an option is missing", Status.FAIL, "`--tax` adds the tax", source=_TAX),
    _case("a variable is missing", Status.FAIL, "reads SHOP_TAX_RATE"),
    _case("another method of the route is there", Status.FAIL, "`POST /items` adds an item", source=_ROUTES, base=_APP),
    _case(
        "the route is there, with its router's prefix",
        Status.PASS,
        "`GET /items/{id}` gives an item",
        source=_ROUTES,
        base=_APP,
        test=_TEST.replace("assert tax(10) == 2", 'assert client.get("/items/{id}").status_code == 200'),
    ),
    _case("a file is missing", Status.FAIL, "docs/tax.md tells how tax is counted"),
    _case("a criterion is dropped by the change", Status.FAIL, "`tax` is there", was=["`tax` is there", "no floats"]),
    _case(
        "a criterion is reworded by the change",
        Status.NEEDS_REVIEW,
        "`tax` returns a fifth of the net amount",
        was=["`tax` returns a fifth of the amount"],
    ),
    _case(
        "criteria change places",
        Status.PASS,
        "`tax` returns 2 for 10",
        "`tax` returns a fifth",
        was=["`tax` returns a fifth", "`tax` returns 2 for 10"],
    ),
    _case("a measurement", Status.NEEDS_REVIEW, "latency under 200 ms"),
    _case("a matter of opinion", Status.NEEDS_REVIEW, "`tax` is fast"),
    _case("two obligations, one tested", Status.NEEDS_REVIEW, "`tax` returns a fifth and logs the amount"),
    _case("the second names a number that the test has", Status.PASS, "`tax` returns a fifth and gives 2 for 10"),
    _case("a test is linked by a marker", Status.PASS, "taxes are counted", test=_LINKED),
    _case("a test is linked in its docstring", Status.PASS, "taxes are counted", test=_DOCSTRING),
    _case(
        "a linked test passes without the change too, and asserts what changed code gives",
        Status.PASS,
        "totals are counted in cents",
        source=_SOURCE.replace("sum(prices)", "sum(prices, start=0)"),
        test=_LINKED.replace("tax(10) == 2", "total([2]) == 2").replace("import tax", "import total"),
        runs=_SAME,
    ),
    _case(
        "a linked test knows nothing of what changed",
        Status.NEEDS_REVIEW,
        "totals are counted in cents",
        source=_SOURCE.replace("sum(prices)", "sum(prices, start=0)"),
        test=_LINKED.replace("tax(10) == 2", "1 + 1 == 2").replace("import tax", "import other"),
        runs=_SAME,
    ),
    _deployed(_case("nothing of an application calls the new function", Status.NEEDS_REVIEW, "`tax` returns a fifth")),
    _deployed(_case("the application calls it", Status.PASS, "`tax` returns a fifth", source=_BILL)),
    _case("the linked test is skipped", Status.FAIL, "taxes are counted", test=_LINKED, runs=_runs("skipped")),
    _case("nothing names anything", Status.NEEDS_REVIEW, "taxes are counted"),
    _case("it does where a person's doubt fails", Status.FAIL, "taxes are counted", options={"strict": True}),
    _case("the function is there and no test names it", Status.NEEDS_REVIEW, "`tax` returns a fifth", test=_OTHER),
    _case(
        "a function that was there before is newly tested",
        Status.PASS,
        "`total` adds up",
        test=_TEST.replace("tax", "total").replace("test_total", "test_tax").replace("total(10)", "total([2])"),
    ),
    _case("the tests did not run", Status.NEEDS_REVIEW, "`tax` returns a fifth", fast=True),
    _case("the task has no criteria", Status.NEEDS_REVIEW),
    _case("it has none and must", Status.FAIL, options={"empty": "fail"}),
    _case(
        "a reviewer accepts it",
        Status.PASS,
        "taxes are counted",
        messages=("From: ada@example.org\nreview: fine\n\nAccepted: T1#1\n", "From: bob@example.org\n" + _TASK[0]),
        options={"reviewers": ["ada@example.org"]},
    ),
    _case(
        "the author accepts their own work",
        Status.NEEDS_REVIEW,
        "taxes are counted",
        messages=("From: ada@example.org\nreview: fine\n\nAccepted: T1#1\n", "From: ada@example.org\n" + _TASK[0]),
        options={"reviewers": ["ada@example.org"]},
    ),
    Case("there is no task file", Status.NEEDS_REVIEW, {"shop.py": _SOURCE}, {"shop.py": _TAX}),
)
