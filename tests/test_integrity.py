"""The rule `test-integrity` tells honest changes from cheats, by every pair of `integrity_pairs`."""

from collections.abc import Mapping

import pytest
from integrity_pairs import BASE, CHEATS_AT_RUN, CHEATS_ELSEWHERE, CHEATS_IN_TESTS, EDITS, HONEST, Pair

from dodcheck.registry import load
from dodcheck.rule import Case, Status
from dodcheck.testing import verdict_of
from dodcheck.verdict import Verdict

RULE = load()["test-integrity"]
MOVED = {"tests/test_calc.py": "tests/unit/test_calc.py", "tests/test_classic.py": "tests/unit/test_classic.py"}
TOUCHING = {"idle", "feature"}  # edits of the file that the tampered tests are about
ALL = (*HONEST, *CHEATS_IN_TESTS, *CHEATS_ELSEWHERE, *CHEATS_AT_RUN)


def judged(pair: Pair, after: Mapping[str, str]) -> Verdict:
    """Return what the rule says of a change."""
    return verdict_of(RULE, Case(pair.name, Status.PASS, pair.before, after))


def disguised(pair: Pair, edit: str) -> Mapping[str, str]:
    """Return the head of a pair with another edit in it."""
    other = EDITS[edit]
    return {**pair.after, **{path: text for path, text in other.items() if BASE.get(path) != text}}


def wanted(pair: Pair, edit: str = "") -> set[Status]:
    """Return the statuses that a pair allows by syntax alone.

    Args:
        pair: The pair.
        edit: What its change alters as well: in source, a reason may lie that only the runs can tell.
    """
    if pair.expect == "not-pass":
        return {Status.FAIL, Status.NEEDS_REVIEW}
    if pair.expect == "fail-with-source":
        return {Status.FAIL if edit in TOUCHING else Status.NEEDS_REVIEW}
    if pair.expect == "warned":
        return {Status.PASS}
    told = {Status(pair.expect)}
    return told | {Status.PASS} if edit and told == {Status.NEEDS_REVIEW} else told


def coded(verdict: Verdict, pair: Pair) -> bool:
    """Tell whether the verdict says what the pair shows, and not as a mere remark."""
    said = {finding.code for finding in verdict.findings if pair.expect == "pass" or finding.level != "note"}
    return not pair.code or pair.code in said


@pytest.mark.parametrize("pair", ALL, ids=lambda pair: pair.name)
def test_pair(pair: Pair) -> None:
    verdict = judged(pair, pair.after)
    assert verdict.status in wanted(pair), [verdict.summary, *verdict.findings]
    assert coded(verdict, pair)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("pair", CHEATS_IN_TESTS, ids=lambda pair: pair.name)
def test_cheat_with_other_work(pair: Pair, edit: str) -> None:
    verdict = judged(pair, disguised(pair, edit))
    assert verdict.status in wanted(pair, edit), [verdict.summary, *verdict.findings]
    assert coded(verdict, pair)


@pytest.mark.parametrize("pair", CHEATS_IN_TESTS, ids=lambda pair: pair.name)
def test_cheat_in_a_renamed_file(pair: Pair) -> None:
    verdict = judged(pair, {MOVED.get(path, path): text for path, text in pair.after.items()})
    assert verdict.status in wanted(pair), [verdict.summary, *verdict.findings]


@pytest.mark.parametrize("pair", [pair for pair in HONEST if pair.expect == "pass"], ids=lambda pair: pair.name)
def test_honest_change_with_other_work(pair: Pair) -> None:
    verdict = judged(pair, disguised(pair, "unrelated"))
    assert verdict.status is Status.PASS, [verdict.summary, *verdict.findings]


def test_there_is_enough_to_tell_from() -> None:
    assert len(HONEST) >= 25
    assert len(CHEATS_IN_TESTS) + len(CHEATS_ELSEWHERE) >= 35
    assert len({pair.name for pair in ALL}) == len(ALL)
