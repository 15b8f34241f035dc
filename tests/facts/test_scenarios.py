"""Scenarios of every kind are read, and what is computed stands beside what is stated."""

import pytest

from dodcheck.change import TreeSnapshot
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.scenarios.handoff import ScenarioHandoff
from dodcheck.facts.scenarios.inventory import Inventory
from dodcheck.facts.scenarios.scenario import Scenario
from dodcheck.facts.scenarios.stated import StatedScenario, StatedScenarios
from dodcheck.rule import Case, Status
from dodcheck.testing import NoSyntaxReader, facts_of

FEATURE = "Feature: F\n  Scenario: A\n    When x\n  Rule: R\n    @skip\n    Scenario: B\n      Then y\n"
SPEC = """test.describe('Shop', () => {
  test.beforeEach(async () => {});
  test('pays (twice)', async () => { go('a)b') }) // it('no test')
  it.skip(`is "off"`, () => {})
  test.each([1, 2])('sums %d', (n) => {})
});
xdescribe("Old", () => { it('sleeps', () => {}) })
"""
ROBOT = "*** Keywords ***\nOpen\n    Log  x\n*** Test Cases ***\nPay\n    Open\n# hm\nRefund\n    [Tags]  robot:skip\n"
TESTS = "import pytest\n\nclass TestShop:\n    @pytest.mark.skip\n    def test_a(self): ...\n\ndef helper(): ...\n"


def _read(path: str, text: str) -> list[tuple[str, str, bool]]:
    snapshot = TreeSnapshot("head", {path: text})
    inventory = Inventory(snapshot, Modules(snapshot, NoSyntaxReader()))
    return [(one.title, one.group, one.skipped) for one in inventory.scenarios()]


def test_gherkin_with_rules_and_tags() -> None:
    assert _read("f/a.feature", FEATURE) == [("A", "F", False), ("B", "F", True)]


def test_specs_with_blocks_skips_and_brackets_in_strings() -> None:
    shop = [("pays (twice)", "Shop", False), ('is "off"', "Shop", True), ("sums %d", "Shop", False)]
    assert _read("e2e/a.spec.ts", SPEC) == [*shop, ("sleeps", "Old", True)]


def test_robot_suites() -> None:
    assert _read("a.robot", ROBOT) == [("Pay", "", False), ("Refund", "", True)]


def test_pytest_modules() -> None:
    assert _read("tests/e2e/test_a.py", TESTS) == [("TestShop::test_a", "", True)]


def test_a_unit_test_of_the_browser_is_no_scenario() -> None:
    assert _read("web/src/a.spec.ts", SPEC) == []


@pytest.mark.parametrize(
    "line",
    [
        "A",
        "a",
        "`A`",
        "F: A",
        "f/a.feature",
        "a.feature:3",
        "`f/a.feature`: A",
        "f/a.feature::A",
        "`f/`",
        "All F scenarios",
    ],
)
def test_a_line_names_a_scenario(line: str) -> None:
    assert StatedScenario(line, "notes").names(Scenario("f/a.feature", "A", "F", 3, skipped=False, text=""))


@pytest.mark.parametrize("line", ["B", "f/b.feature", "f/a.feature::B", "f/a.feature: B", "F", "`g/`"])
def test_a_line_names_another(line: str) -> None:
    assert not StatedScenario(line, "notes").names(Scenario("f/a.feature", "A", "F", 3, skipped=False, text=""))


@pytest.mark.parametrize(
    "words", ["None", "none.", "N/A: no page changed", "No", "No E2E scenarios are affected", "No impact"]
)
def test_none_in_many_words(words: str) -> None:
    stated = facts_of(Case("", Status.PASS, notes=f"## E2E scenarios affected\n\n{words}\n")).get(StatedScenarios)
    assert (stated.says_none, stated.listed) == (True, ())


def test_computed_stands_beside_stated() -> None:
    before, after = {"f/a.feature": FEATURE}, {"f/a.feature": FEATURE.replace("When x", "When z")}
    case = Case("", Status.PASS, before, after, notes="## E2E scenarios affected\n\n- A\n- Elsewhere\n")
    handoff = facts_of(case).get(ScenarioHandoff)
    assert handoff.lines == (
        "`f/a.feature::A` affected: it changed (listed)",
        "Elsewhere (listed in the notes)",
    )
