"""Cases of the rule e2e-scenarios: what a change does to scenarios, and what its author says of them."""

import json
from collections.abc import Mapping, Sequence

from dodcheck.rule import Case, Status

from ._e2e_scenarios_trees import BUTTON, CHECKOUT, FEATURE, MONEY, NONE, PAGE, PY_TREE, ROUTE, SPEC, TEST, TREE

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE


def _listed(*lines: str) -> str:
    return "\n".join(["# Handoff", "", "## E2E scenarios affected", "", *(f"- {line}" for line in lines), ""])


def _changed(
    name: str, expect: Status, edits: Mapping[str, tuple[str, str] | None], *lines: str, notes: str = ""
) -> Case:
    """Replace one text by another in some files of the tree; None deletes the file."""
    after = dict(TREE)
    for path, edit in edits.items():
        if edit is None:
            del after[path]
        else:
            after[path] = after.get(path, "").replace(*edit) if edit[0] else edit[1]
    return Case(name, expect, TREE, after, notes=_listed(*lines) if lines else notes)


_SELECTOR = {PAGE: ("pay-button", "buy-button")}
_EDITED = {FEATURE: ("Then I am in", "Then I am greeted")}
_GONE = {SPEC: None}
_CAUSES = {
    "a selector is renamed": (_SELECTOR, "pays by card"),
    "a step of a scenario changes": (_EDITED, "Right password"),
    "an example of an outline changes": ({FEATURE: ("abc", "xyz")}, "Wrong password"),
    "a new scenario": (
        {FEATURE: ("  @slow\n", "  Scenario: By mail\n    When I open /mail\n\n  @slow\n")},
        "By mail",
    ),
    "a route moves": ({"app/web.py": ("'/login'", "'/sign-in'")}, "Right password"),
    "the code behind a route changes": ({"app/web.py": ("return 1", "return 2")}, "Right password"),
    "an option is renamed": ({"app/cli.py": ("--fast-lane", "--express-lane")}, "Right password"),
    "a step definition changes": (
        {"features/steps/enter.py": ("context.type(word)", "context.paste(word)")},
        "Wrong password",
    ),
    "a spec changes": ({SPEC: ("'/basket'", "'/cart'")}, "pays by card"),
}
_SAID = {
    "by title": "pays by card",
    "by title in a sentence": "pays by card: the button has another id now.",
    "by id": "`e2e/checkout.spec.ts::pays by card`",
    "by file": "`e2e/checkout.spec.ts`",
    "by the end of the file's path": "checkout.spec.ts",
    "by file and title": "e2e/checkout.spec.ts: pays by card",
    "with others": "Checkout: pays by card, applies a coupon",
}
_UNSAID = {
    "no notes": "",
    "notes without the section": "## Decisions made\n\nNone\n",
    "an empty section": "## E2E scenarios affected\n",
    "none": NONE,
    "none in other words": "## E2E scenarios\n\n- No E2E scenarios are affected.\n",
    "the list of the last change": _listed("Wrong password", "Right password"),
    "another of the same file": _listed("applies a coupon"),
    "another of the file by id": _listed("e2e/checkout.spec.ts::applies a coupon"),
}
_LISTS = [
    *(_changed(f"listed {how}", _PASS, _SELECTOR, line) for how, line in _SAID.items()),
    *(_changed(f"affected, and the author gives {what}", _FAIL, _SELECTOR, notes=n) for what, n in _UNSAID.items()),
    _changed("listed and one more that exists", _PASS, _SELECTOR, "pays by card", "Right password"),
    _changed("one of two listed", _FAIL, _SELECTOR | _EDITED, "pays by card"),
    _changed("a scenario that does not exist", _FAIL, _SELECTOR, "pays by card", "pays by cheque"),
    _changed("a file that does not exist", _FAIL, _SELECTOR, "pays by card", "`e2e/refund.spec.ts`"),
    _changed("a remark beside the list is no scenario", _PASS, _SELECTOR, "pays by card", "Please run them twice."),
    _changed("an outline by its name", _PASS, {FEATURE: ("abc", "xyz")}, "Scenario Outline: Wrong password"),
]
_TASKS = {
    "phases": [{"name": "one", "tasks": [{"id": "T1", "title": "Pay", "status": "done", "e2e": ["pays by card"]}]}]
}
_FILES = [
    _changed("a file of scenarios deleted and left out", _FAIL, _GONE, notes=NONE),
    _changed("scenarios deleted and listed as if they could run", _FAIL, _GONE, "pays by card", "applies a coupon"),
    _changed("scenarios deleted and listed so", _PASS, _GONE, "e2e/checkout.spec.ts (deleted)"),
    _changed(
        "a listed scenario is skipped",
        _FAIL,
        {SPEC: ("test('pays", "test.skip('pays")},
        "pays by card",
    ),
    _changed(
        "a scenario is skipped, and the list says so",
        _PASS,
        {SPEC: ("test('pays", "test.skip('pays")},
        "pays by card (skipped)",
    ),
    _changed(
        "a feature is skipped by its tag",
        _FAIL,
        {FEATURE: ("Feature:", "@wip\nFeature:")},
        "Right password",
        "Wrong password",
    ),
    _changed("the background changes, one of two listed", _FAIL, {FEATURE: ("a user", "an admin")}, "Right password"),
    _changed("the background changes, the feature listed", _PASS, {FEATURE: ("a user", "an admin")}, FEATURE),
    _changed(
        "only layout and comments of scenarios change", _NA, {FEATURE: ("  Scenario:", "  # by hand\n\n  Scenario:")}
    ),
    _changed("a comment of a spec changes", _NA, {SPEC: ("// pays", "// buys")}),
    _changed("a constant that no scenario uses", _NA, {SPEC: ("test.describe", "const A = `\nb`;\ntest.describe")}),
    _changed(
        "a hook of a spec changes, one of two listed",
        _FAIL,
        {
            SPEC: (
                "test.describe('Checkout', () => {",
                "test.beforeEach(() => reset());\ntest.describe('Checkout', () => {",
            )
        },
        "pays by card",
    ),
    _changed("an import of a spec changes", _NA, {SPEC: ("./pages/checkout", "./pages/pay")}),
    Case(
        "a file of scenarios moves",
        _NA,
        TREE,
        {("x/" + p if p == SPEC else p): t for p, t in TREE.items()} | {"x/" + SPEC: CHECKOUT},
    ),
    Case("a feature that cannot be read", Status.ERROR, {}, {FEATURE: "Scenario without a feature\n  When"}),
    Case(
        "listed in the task",
        _PASS,
        TREE | {"tasks.json": json.dumps(_TASKS)},
        TREE | {"tasks.json": json.dumps(_TASKS), PAGE: BUTTON.replace("pay-button", "buy-button")},
        messages=["Rename the button\n\nTask: T1"],
    ),
]
_FIXTURE = "export const routes = { basket: '/the-basket' };\nexport const PAY = '/payments/new';\n"
_THROUGH = CHECKOUT.replace("'/basket'", "PAY").replace("'./pages/checkout'", "'./fixtures/routes'")
_APP = "from flask import Flask\napp = Flask(__name__)\n\n@app.route('/payments/new')\ndef new():\n    return 1\n"
_ROUTED = {SPEC: _THROUGH, "e2e/fixtures/routes.ts": _FIXTURE, "app/web.py": _APP}
_MOVED = _ROUTED | {"app/web.py": _APP.replace("return 1", "return 2")}
_PAGE_OBJECT = (
    "export class Checkout {\n  async payNow() {\n    await this.page.locator('#pay-button').click();\n  }\n}\n"
)
_OBJECTS = {
    SPEC: CHECKOUT.replace("page.getByTestId('pay-button').click()", "checkout.payNow()"),
    "e2e/pages/checkout.ts": _PAGE_OBJECT,
    PAGE: BUTTON,
}
_RENAMED = _OBJECTS | {PAGE: BUTTON.replace("pay-button", "buy-button")}
_SUPPORT = [
    Case("a route named in a fixture, listed", _PASS, _ROUTED, _MOVED, notes=_listed("pays by card")),
    Case("a route named in a fixture, not listed", _FAIL, _ROUTED, _MOVED, notes=NONE),
    Case("a selector in a page object, listed", _PASS, _OBJECTS, _RENAMED, notes=_listed("pays by card")),
    Case("a selector in a page object, not listed", _FAIL, _OBJECTS, _RENAMED, notes=_listed("applies a coupon")),
]


def _python(name: str, expect: Status, after: Mapping[str, str], notes: str = "", **options: bool) -> Case:
    return Case(name, expect, PY_TREE, {**PY_TREE, **after}, notes=notes, options=options)


_ROUNDED = {"app/money.py": MONEY.replace("2", "3")}
_MARKED = (
    "import pytest\n\n@pytest.mark.e2e\ndef test_mail():\n  run('/mail-box')\n\ndef test_b():\n  run('/mail-box')\n"
)
_MARKS = {"pyproject.toml": '[tool.pytest.ini_options]\nmarkers = ["e2e: slow"]\n', "tests/test_mail.py": _MARKED}
_MAIL = _MARKS | {"app/web.py": _APP.replace("/payments/new", "/mail-box")}
_ROBOT = "*** Test Cases ***\nPay By Card\n    Go To  /payments/new\n\nRefund\n    Go To  /refund\n"
_PYTHON = [
    _python("a helper that everything uses changed", _REVIEW, _ROUNDED),
    _python("a helper changed, and the notes say none", _REVIEW, _ROUNDED, NONE),
    _python(
        "a helper changed, and what imports it is listed", _PASS, _ROUNDED, _listed("tests/e2e/test_pay.py::test_pay")
    ),
    _python("a helper changed, only what is certain asked for", _NA, _ROUNDED, direct_only=True),
    _python("code that no scenario imports", _NA, {"app/other.py": "A = 1\n"}),
    _python("a comment changed", _NA, {"app/money.py": "# rounds\n" + MONEY}),
    _python("a test changed", _FAIL, {"tests/e2e/test_pay.py": TEST.replace("1)", "2)")}),
    _python(
        "a new test listed by its name", _PASS, {"tests/e2e/test_b.py": "def test_b():\n    go()\n"}, _listed("test_b")
    ),
    _python(
        "a test skipped",
        _FAIL,
        {"tests/e2e/test_pay.py": "import pytest\n" + TEST.replace("def", "@pytest.mark.skip\ndef")},
        _listed("test_pay"),
    ),
    Case("a marked test names a route", _FAIL, _MAIL, _MAIL | {"app/web.py": _MAIL["app/web.py"].replace("1", "2")}),
    Case(
        "of a file only the marked test is a scenario",
        _PASS,
        _MAIL,
        _MAIL | {"app/web.py": _MAIL["app/web.py"].replace("1", "2")},
        notes=_listed("test_mail"),
    ),
    Case(
        "a Robot test names a route",
        _FAIL,
        {"e2e/pay.robot": _ROBOT, "app/web.py": _APP},
        {"e2e/pay.robot": _ROBOT, "app/web.py": _MOVED["app/web.py"]},
    ),
    Case(
        "a Robot test listed",
        _PASS,
        {"e2e/pay.robot": _ROBOT, "app/web.py": _APP},
        {"e2e/pay.robot": _ROBOT, "app/web.py": _MOVED["app/web.py"]},
        notes=_listed("Pay By Card"),
    ),
]
_UNMAPPED = {"app/tax.py": ("", "def tax(x):\n    return x * 2\n")}
_ELSEWHERE = {"app/web.py": ROUTE}
_OTHER = {"app/web.py": ROUTE.replace("return 1", "return 2")}
_NOTHING = [
    _changed("nothing tells what changed code means to specs", _REVIEW, _UNMAPPED),
    _changed("the author says none, and nothing speaks against it", _PASS, _UNMAPPED, notes=NONE),
    _changed("the author lists one, and nothing speaks against it", _PASS, _UNMAPPED, "pays by card"),
    _changed("only documents change", _NA, {"README.md": ("", "# Shop\n")}),
    Case("no scenarios, and a route changed", _REVIEW, _ELSEWHERE, _OTHER),
    Case("no scenarios, and the author says none", _PASS, _ELSEWHERE, _OTHER, notes=NONE),
    Case("no scenarios, and the author lists one", _REVIEW, _ELSEWHERE, _OTHER, notes=_listed("Right password")),
    Case("no scenarios, and nothing to see changed", _NA, {"app/money.py": MONEY}, {"app/money.py": MONEY + "A = 1\n"}),
    Case("no scenarios, and a page changed", _REVIEW, {PAGE: BUTTON}, {PAGE: BUTTON.replace("Pay", "Buy")}),
    Case("nothing at all", _NA, {}, {}),
]
_BASKET = "web/src/pages/basket.tsx"
_SHOP = {SPEC: CHECKOUT, _BASKET: "export const B = () => <i />\n"}
_EVERYWHERE = "Feature: Many\n" + "".join(f"  Scenario: Number {n}\n    When I open /login\n" for n in range(12))
_WIDE = {"features/many.feature": _EVERYWHERE, "app/web.py": ROUTE}


def _both(causes: Mapping[str, tuple[Mapping[str, tuple[str, str] | None], str]]) -> Sequence[Case]:
    left_out = [_changed(f"{name}, not listed", _FAIL, edits) for name, (edits, _) in causes.items()]
    return [*left_out, *(_changed(f"{name}, listed", _PASS, edits, title) for name, (edits, title) in causes.items())]


CASES = [
    *_both(_CAUSES),
    *_LISTS,
    *_FILES,
    *_SUPPORT,
    *_PYTHON,
    *_NOTHING,
    Case("a page changed that a scenario opens", _REVIEW, _SHOP, _SHOP | {_BASKET: "export const B = () => <b />\n"}),
    Case("a scenario without a title", _FAIL, {}, {FEATURE: "Feature: F\n  Scenario:\n    When I open /x\n"}),
    Case("a cause that reaches most scenarios", _REVIEW, _WIDE, _WIDE | _OTHER),
]
