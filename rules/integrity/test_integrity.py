"""Tests keep telling the truth: the change disables, weakens, empties or outwits none of them.

A coding agent that cannot make a test pass can still make it green: delete it, rename it so that nobody collects it,
skip it, loosen or swallow its assertion, rewrite what it expects, mock what it tests, bend the runner by a hook, or
have the source recognise its inputs.  Both sides' tests are compared, by what they assert and wherever they stand now:
moved, renamed, merged and parametrised tests, extracted helpers and features that go with their tests are no
findings.  Where the tests run, base's versions of the changed tests are run on head's source and settle what syntax
suspects: what passed and is skipped now was disabled, what asserted more and fails now was weakened to hide it.
Certain cheats fail; what an honest contract change could be as well needs a person; with `--fast` nothing runs, and
what only a run can tell is a warning.  (Kinds and rates: ImpossibleBench, arXiv:2510.20270; weak oracles,
arXiv:2606.18168; of honest changes 12 % lose a test id, 18 % an assertion.)
"""

from collections.abc import Sequence
from typing import Literal

from dodcheck.facts.suites.observed import ObservedTests
from dodcheck.facts.suites.settling import settled
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.facts.suites.tampering import TestTampering
from dodcheck.rule import Evidence, Finding, Verdict, rule

_SHOWN = 5  # findings of one kind in one file that are worth reading one by one
_LEVELS: dict[Certainty, Literal["error", "warning", "note"]] = {
    "certain": "error",
    "provable": "warning",
    "likely": "warning",
    "explainable": "warning",
    "doubtful": "warning",
    "harmless": "note",
}


@rule(answers=[], cases="_test_integrity_cases")
def check(found: TestTampering, seen: ObservedTests | None) -> Verdict:
    """Turn certain suspicions into errors, and those that a person must settle into needs-review."""
    if not found.files and not found.suspicions:
        return Verdict.not_applicable(
            "no test, conftest or setting of the tests changed, nor source that knows of them"
        )
    suspicions = list(settled(found, seen)) if seen and seen.ran else list(found.suspicions)
    findings = _findings(suspicions)
    evidence = [Evidence(_compared(found), "test"), Evidence(_ran(seen), "test")]
    certain = [one for one in findings if one.level == "error"]
    if certain:
        rest = [one for one in findings if one.level != "error"]
        summary = certain[0].message if len(certain) == 1 else f"{len(certain)} cheats on tests"
        return Verdict.failed(*certain, *rest, summary=summary, evidence=evidence)
    open_ones = [one for one in suspicions if one.certainty in {"provable", "likely"}]
    if open_ones:
        more = f" (and {len(open_ones) - 1} more)" if len(open_ones) > 1 else ""
        return Verdict.needs_review(f"{_told(open_ones[0])}{more}", *evidence, findings=findings)
    return Verdict.passed(*evidence, findings=findings)


def _compared(found: TestTampering) -> str:
    files = len(found.files)
    return (
        f"{files} test file{'s' * (files != 1)} compared: {found.kept} tests kept, {found.new} new, {found.gone} gone"
    )


def _ran(seen: ObservedTests | None) -> str:
    if seen is None or not seen.ran:
        return "by syntax alone: the tests did not run"
    old = sum(seen.held(node) == "passed" for node in seen.old)
    words = f"{seen.ran} test functions ran at head"
    return f"{words}; of {len(seen.old)} as they stood at base {old} pass on head's source" if seen.old else words


def _findings(suspicions: Sequence[Suspicion]) -> list[Finding]:
    """Return one finding a suspicion; of many of one kind in one file the last stands for the rest."""
    groups: dict[tuple[str, str, Certainty], list[Suspicion]] = {}
    for one in suspicions:
        groups.setdefault((one.kind, one.path, one.certainty), []).append(one)
    findings = []
    for group in groups.values():
        findings += [_finding(one, 0) for one in group[: _SHOWN - 1]]
        findings += [_finding(group[_SHOWN - 1], len(group) - _SHOWN)] if len(group) >= _SHOWN else []
    return findings


def _finding(one: Suspicion, more: int) -> Finding:
    return Finding(
        _told(one) + (f" (and {more} more of the kind in this file)" if more else ""),
        path=one.path,
        line=one.line,
        symbol=one.symbol or None,
        fix=one.fix,
        code=one.code,
        level=_LEVELS[one.certainty],
    )


def _told(one: Suspicion) -> str:
    short = one.symbol.rpartition(".")[2]
    return one.message if not short or short in one.message else f"{short}: {one.message}"
