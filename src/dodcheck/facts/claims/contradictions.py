"""Claims that what was measured contradicts."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal, Self

import msgspec

from dodcheck.facts.claims.claims import Claim, Claims
from dodcheck.facts.claims.measured import Measured

Weight = Literal["wrong", "doubtful", "loose"]
_BY_TESTS = {"tests-pass", "test-count"}
_ARTEFACT = (".log", "coverage.xml", "junit.xml", "report.xml", "results.xml", ".coverage", "test-results.json")


class Contradiction(msgspec.Struct, frozen=True):
    """One claim, and what stands against it.

    Args:
        claim: The claim.
        message: What was measured.
        code: The kind of the contradiction.
        weight: It is wrong; a person must look; it is loose talk that nobody relies on.
        fix: What to do about it.
    """

    claim: Claim
    message: str
    code: str
    weight: Weight
    fix: str


class Contradictions(msgspec.Struct, frozen=True):
    """What the claims of the change are held against.

    Args:
        found: The contradictions, in the order of the claims.
        unmeasured: Claims about tests in a run without tests.
    """

    found: tuple[Contradiction, ...]
    unmeasured: int

    @classmethod
    def of(cls, claims: Claims, measured: Measured) -> Self:
        """Hold each claim against the files and, where they ran, the tests."""
        several = claims.texts > 1  # one commit may undo what another says; the notes speak of the whole
        unmeasured = sum(one.kind in _BY_TESTS for one in claims.all) if measured.seen is None else 0
        court = _Court(measured)
        found = [one for claim in claims.all for one in court.judge(claim)]
        return cls(tuple(_softer(one) if several and not one.claim.in_notes else one for one in found), unmeasured)


def _softer(one: Contradiction) -> Contradiction:
    return msgspec.structs.replace(one, weight="loose")


class _Court:
    """What judging one claim rests on."""

    def __init__(self, measured: Measured) -> None:
        self._is = measured
        self._names = measured.names

    def judge(self, claim: Claim) -> Iterator[Contradiction]:
        """Yield what stands against one claim."""
        judges = {
            "path": self._path,
            "test": self._test,
            "tests-pass": self._tests_pass,
            "test-count": self._test_count,
            "tests-added": self._tests_added,
            "docs-updated": self._docs_updated,
            "no-dependencies": self._no_dependencies,
            "compatible": self._compatible,
        }
        judge = judges.get(claim.kind)
        if judge is not None:
            yield from judge(claim)

    def _path(self, claim: Claim) -> Iterator[Contradiction]:
        path, told = claim.subject, claim.manner in {"added", "changed", "cited"}
        if self._names.is_outside(path):
            return
        if self._names.changes_path(path) and claim.manner == "cited" and path.endswith(_ARTEFACT):
            words = f"{path} is a file of the change itself, and no evidence: anybody can write it"
            yield Contradiction(claim, words, "forged-evidence", "wrong", "let the run be made again")
        elif not self._names.has_path(path):
            sure = told and (claim.in_notes or "/" in path)
            weight: Weight = "wrong" if sure else "doubtful" if claim.in_notes and "/" in path else "loose"
            yield Contradiction(
                claim, f"no file of either side is called {path}", "unknown-path", weight, "name a file that is there"
            )
        elif claim.manner in {"added", "changed"} and claim.in_notes and not self._names.changes_path(path):
            fix = "name the files that the change has"
            yield Contradiction(claim, f"the change does not touch {path}", "untouched-path", "doubtful", fix)

    def _test(self, claim: Claim) -> Iterator[Contradiction]:
        if self._names.has_test_at_head(claim.subject):
            return
        if claim.manner == "removed" and self._names.has_test(claim.subject):
            return
        told = claim.manner in {"added", "changed"}
        weight: Weight = "wrong" if told else "doubtful" if claim.in_notes else "loose"
        words = f"no test at head is called {claim.subject}"
        yield Contradiction(claim, words, "unknown-test", weight, "name a test that is there")

    def _tests_pass(self, claim: Claim) -> Iterator[Contradiction]:
        seen = self._is.seen
        if seen is None or seen.green:
            return
        failing = seen.head.failing
        words = f"{len(failing)} tests fail at head, {failing[0].id} first" if failing else "no test ran at head"
        yield Contradiction(claim, words, "tests-fail", "wrong", "mend them, or say which fail and why")

    def _test_count(self, claim: Claim) -> Iterator[Contradiction]:
        if self._is.seen is None:
            return
        outcomes = self._is.seen.head.suite.outcomes
        number = int(claim.subject)
        by_file = Counter(one.id.partition("::")[0] for one in outcomes if one.outcome == "passed")
        touched = sum(count for path, count in by_file.items() if self._names.changes_path(path))
        passed = sum(by_file.values())
        if number in {passed, len(outcomes), touched, *by_file.values()}:
            return
        words = f"{passed} of {len(outcomes)} tests pass at head"
        weight: Weight = "wrong" if number > len(outcomes) else "doubtful"
        weight = weight if claim.in_notes else "loose"
        yield Contradiction(claim, words, "test-count", weight, "give the number that the run gives")

    def _tests_added(self, claim: Claim) -> Iterator[Contradiction]:
        if any(file.role == "test" and file.status != "deleted" for file in self._is.change.files):
            return
        weight: Weight = "doubtful" if claim.in_notes else "loose"
        words = "the change adds and alters no test"
        yield Contradiction(claim, words, "no-tests", weight, "add the tests, or say where they are")

    def _docs_updated(self, claim: Claim) -> Iterator[Contradiction]:
        written = {"docs", "source", "test", "config"}  # docstrings, comments and settings are documentation as well
        if any(file.role == "docs" or (file.role in written and file.added) for file in self._is.change.files):
            return
        weight: Weight = "doubtful" if claim.in_notes else "loose"
        words = "the change touches no documentation"
        yield Contradiction(claim, words, "no-docs", weight, "update it, or say where it is")

    def _no_dependencies(self, claim: Claim) -> Iterator[Contradiction]:
        added = self._is.new_dependencies
        if added:
            words = f"the change adds {', '.join(added[:5])}"
            yield Contradiction(claim, words, "new-dependencies", "wrong", "say which, and why")

    def _compatible(self, claim: Claim) -> Iterator[Contradiction]:
        fix = "say what changed for users, and what they do"
        failing = self._is.contract_failures
        broken = self._is.confirmed_breaks
        if failing:
            words = f"{failing[0].id}, as base has it, fails on head's source: {failing[0].message}"
            yield Contradiction(claim, words, "incompatible", "wrong", fix)
        elif broken:
            words = f"{broken[0].message} ({broken[0].path}:{broken[0].line})"
            yield Contradiction(claim, words, "incompatible", "wrong", fix)
