"""Tests that a change takes away, and whether an honest reason for it shows."""

from collections.abc import Iterator, Sequence

from dodcheck.change import Both
from dodcheck.facts.suites.context import Context
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.matching import Matching, likeness
from dodcheck.facts.suites.remaining import names_of
from dodcheck.facts.suites.removals import Removed, Target
from dodcheck.facts.suites.strength import expected_failures
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.facts.suites.twins import Twins
from dodcheck.facts.suites.weakening import shape

_REWRITTEN = 0.45  # share of words in common from which on a new test may be an old one rewritten
_TRIVIAL = {"None", "True", "False", "0", "1", "''", "-1"}
_FIX = "bring the test back, or say in the notes why what it showed need not hold any more"


class Vanished:
    """Judges tests that are gone.

    Args:
        matching: Which test is which.
        context: What judging needs.
        disabling: What keeps tests from running.
        twins: Finds tests that stand elsewhere as well.
    """

    def __init__(self, matching: Matching, context: Context, disabling: Both[Disabling], twins: Twins) -> None:
        self._matching = matching
        self._oracles = context.oracles
        self._removals = context.removals
        self._remaining = context.remaining
        self._disabling = disabling
        self._twins = twins

    def suspicions(self) -> Iterator[Suspicion]:
        """Yield one for every test of base that head does not have, or does not collect."""
        for base, head in self._matching.dropped:
            message = f"{base.node.name} is not collected any more: {_why_not(base, head)}"
            fix = "name and place it so that `pytest --collect-only` lists it"
            yield Suspicion("T1", head.path, head.line, head.name, message, fix, "certain", base.id, head.id)
        for test in self._matching.gone:
            certainty, why = self._judged(test)
            if certainty:
                message = f"{test.node.name} is gone{why}"
                yield Suspicion("T1", test.path, test.line, test.name, message, _FIX, certainty, test.id)

    def _judged(self, test: SuiteTest) -> tuple[Certainty | None, str]:
        every = self._oracles.base.alive(test)
        alive = [one for one in every if not one.helper] or every  # a helper is judged by itself
        if alive and all(self._remaining.asserts(one, test) or self._remaining.repeats(one, test) for one in alive):
            return None, ""
        if self._remaining.has_taken_over(test) or self._remaining.have_taken_over(test, alive):
            return None, ""
        if any(one.always for one in self._disabling.base.of_test(test)):
            return "harmless", "; it never ran at base"
        raised = [name.rpartition(".")[2] for one in alive for name in expected_failures(one.claim)]
        return self._with(self._removals.mentioned(test, raised=raised), test)

    def _with(self, removed: tuple[Removed, str] | None, test: SuiteTest) -> tuple[Certainty, str]:
        if removed and removed[0] == "symbol":
            return "harmless", f": {removed[1]}, which it is about"
        twin = self._twins.of_test(test)
        if twin:
            return "harmless", f", and stands in {twin} as well"
        return ("explainable", f": {removed[1]}; was that meant?") if removed else self._unexplained(test)

    def _unexplained(self, test: SuiteTest) -> tuple[Certainty, str]:
        targets = self._removals.targets(test)
        present = sorted(one for one in targets if self._removals.exists(one))
        if not self._removals.touches_source:
            return "likely", ", and no source changed that would be a reason"
        if not targets:
            return "likely", "; what it tested cannot be told"
        if not present:
            return "harmless", f", and so is all that it tested ({min(targets)})"
        shown = _foremost(present, test)
        if self._replaced(test, targets) or self._remaining.resembles(test):
            return "explainable", f"; another test of {shown} resembles it: does it show the same?"
        reduced = self._removals.reduced(targets)
        if reduced:
            return "explainable", f", while {shown} is still there; {reduced} does less than it did"
        certainty: Certainty = "certain" if self._removals.touches(targets) else "provable"
        return certainty, f", while {shown} is still there"

    def _replaced(self, test: SuiteTest, targets: frozenset[Target]) -> bool:
        """Tell whether a new test with assertions uses what a vanished one did, and looks like it rewritten."""
        wanted = {target.symbol for target in targets} & names_of(test)
        speaking = [one for one in self._matching.new if self._oracles.head.alive(one)]
        shapes = {shape(one.claim) for one in self._oracles.base.alive(test)}
        for one in speaking:
            if wanted and not wanted & names_of(one):
                continue
            same = bool(shapes) and shapes <= {shape(oracle.claim) for oracle in self._oracles.head.alive(one)}
            if same or likeness(test, one) >= _REWRITTEN or _same_topic(test, one):
                return True
        return False


def _same_topic(one: SuiteTest, other: SuiteTest) -> bool:
    ours, theirs = ({*test.node.name.split("_")} - {"test"} for test in (one, other))
    return bool(ours) and 2 * len(ours & theirs) > len(ours | theirs)


def _foremost(targets: Sequence[Target], test: SuiteTest) -> Target:
    """Return the target that the name of the test speaks of, else one that the test itself names, else any."""
    named = [one for one in targets if one.symbol and one.symbol.lower() in test.node.name.lower()]
    direct = [one for one in targets if one.symbol in names_of(test)]
    return next(iter([*named, *direct, *(one for one in targets if one.symbol), *targets]))


def _why_not(base: SuiteTest, head: SuiteTest) -> str:
    if head.blocked:
        return head.blocked
    return f"it is called {head.node.name}" if head.node.name != base.node.name else "nothing runs it"
