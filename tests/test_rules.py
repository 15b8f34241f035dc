"""Every rule keeps the cases that stand beside it, and is complete."""

import pytest

from dodcheck.registry import load
from dodcheck.rule import Case, Rule, Status
from dodcheck.testing import verdict_of

RULES = load()
CASES = [pytest.param(one, case, id=f"{one.id}: {case.name}") for one in RULES.values() for case in one.cases]


@pytest.mark.parametrize(("one", "case"), CASES)
def test_case(one: Rule, case: Case) -> None:
    verdict = verdict_of(one, case)
    assert verdict.status is case.expect, f"{verdict.summary} {verdict.findings}"


@pytest.mark.parametrize("one", RULES.values(), ids=RULES)
def test_rule_is_finished(one: Rule) -> None:
    shown = {case.expect for case in one.cases}
    assert {Status.PASS, Status.FAIL, Status.NOT_APPLICABLE} <= shown
    assert one.title
    assert one.why
    assert len({case.name for case in one.cases}) == len(one.cases)
