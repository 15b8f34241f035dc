"""Tests of both sides whose assertions are weaker, fewer or other at head."""

import ast
import builtins
from collections.abc import Iterator, Sequence

from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.claims import Claim
from dodcheck.facts.suites.context import Context
from dodcheck.facts.suites.flow import own_nodes
from dodcheck.facts.suites.folding import constants, text_of
from dodcheck.facts.suites.matching import FilePair
from dodcheck.facts.suites.oracles import Oracle
from dodcheck.facts.suites.strength import literal_text
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.facts.suites.weakening import Comparison, Difference, compare

_KEEP = "assert what was asserted before; if the contract changed, say so in the notes"
_LONG = 4  # characters of a literal, quotes included, that says something
_MANY = 3  # assertions that one message shows
_CONTEXT = 20  # characters before the place where two long assertions part


class Altered:
    """Judges one test, or helper of tests, at both sides.

    Args:
        base: It at base.
        head: It at head.
        context: What judging needs.
    """

    def __init__(self, base: SuiteTest, head: SuiteTest, context: Context) -> None:
        self._base, self._head, self._context = base, head, context
        self._was, self._now = _telling(context.oracles.base.alive(base)), _telling(context.oracles.head.alive(head))
        if base not in base.module.tests:  # what a helper has from other helpers is judged there
            self._was = [one for one in self._was if not one.helper]
        self._found: Comparison = compare(self._was, self._now)

    def suspicions(self, told: Sequence[Suspicion] = ()) -> Iterator[Suspicion]:
        """Yield what is suspicious about the pair.

        Args:
            told: What is known already of assertions that prove nothing; they are not said to be gone as well.
        """
        if not self._was:
            return
        if not self._now:
            yield from () if told else self._silenced()
            return
        yield from self._weakened()
        yield from self._changed()
        yield from self._guarded()
        yield from self._fewer(len(told))

    def _weakened(self) -> Iterator[Suspicion]:
        for one in self._found.differences:
            if (
                one.turn == "changed"
                or self._is_of_helper(one)
                or self._context.remaining.asserts(one.before, self._base)
            ):
                continue
            certainty: Certainty = "certain" if one.turn == "weakened" else "explainable"
            message = f"`{one.before.claim.text}` became `{one.after.claim.text}`: {one.how}"
            yield self._suspicion("T5", one.after.claim.line, message, _KEEP, certainty)

    def _changed(self) -> Iterator[Suspicion]:
        """One a test: its expected values are others."""
        found = [one for one in self._found.differences if one.turn == "changed" and not self._is_of_helper(one)]
        found = [one for one in found if not self._context.remaining.asserts(one.before, self._base)]
        if found:
            shown = "; ".join(_side_by_side(one.before.claim, one.after.claim) for one in found[:_MANY])
            more = f" (and {len(found) - _MANY} more)" if len(found) > _MANY else ""
            fix = "say in the notes why the old value was wrong, or why it is another now"
            line = found[0].after.claim.line
            yield self._suspicion("T4", line, f"{shown}{more}", fix, "explainable")

    def _guarded(self) -> Iterator[Suspicion]:
        for one, guard in self._found.guarded:
            weight = self._context.conditions.of_guard(guard, self._head.module)
            if weight == "unknown":
                message = f"`{one.claim.text}` is now checked only under `{guard}`"
                yield self._suspicion("T3", one.claim.line, message, "check it always", "likely")

    def _fewer(self, told: int) -> Iterator[Suspicion]:
        lost = [one for one in self._found.lost if not self._is_explained(one)]
        certain = [one for one in lost if one.claim.relation == "raises" and not self._expects_failure()]
        net = len(lost) - len(self._found.gained) - told
        if certain or net > 0:
            shown = certain or lost
            text = "; ".join(f"`{one.claim.text}`" for one in shown[:_MANY])
            more = f" (and {len(shown) - _MANY} more)" if len(shown) > _MANY else ""
            yield self._suspicion("T3", self._head.line, f"no longer asserted: {text}{more}", _KEEP, "explainable")

    def _expects_failure(self) -> bool:
        return any(one.claim.relation in {"raises", "call", "warns"} for one in self._found.gained)

    def _silenced(self) -> Iterator[Suspicion]:
        """Every assertion is gone from a test that is still there."""
        open_ones = [one for one in self._was if not self._is_explained(one)]
        if not open_ones:
            return
        handed_on = sorted(_unknown_calls(self._head) - _unknown_calls(self._base))
        certainty: Certainty = "likely" if handed_on else "certain"
        seen_by = f"; perhaps {handed_on[0]} checks it now" if handed_on else ""
        count = f"all {len(self._was)} assertions are" if len(self._was) > 1 else "its one assertion is"
        message = f"{count} gone or never checked, `{open_ones[0].claim.text}` first{seen_by}"
        yield self._suspicion("T3", self._head.line, message, _KEEP, certainty)

    def _is_explained(self, one: Oracle) -> bool:
        if one.helper and one.helper in _called(self._head):
            return True  # the helper itself is judged
        if self._context.remaining.asserts(one, self._base) or self._context.remaining.has_taken_over(self._base, one):
            return True
        if self._is_said_otherwise(one):
            return True
        removed = self._context.removals.mentioned(self._base, one.step.stmt, *one.claim.sides)
        return removed is not None and removed[0] == "symbol"

    def _is_said_otherwise(self, one: Oracle) -> bool:
        """Tell whether another assertion of the test now asks for the same texts, as `match=` does for a message."""
        texts = [part.strip("'\"") for part in constants(*one.claim.sides) if len(part) > _LONG]
        now = [f"{other.claim.subject} {other.claim.expected} {other.claim.detail}" for other in self._found.new]
        return bool(texts) and any(all(_plain(text) in _plain(said) for text in texts) for said in now)

    def _is_of_helper(self, one: Difference) -> bool:
        return bool(one.before.helper) and one.before.helper == one.after.helper

    def _suspicion(self, kind: str, line: int, message: str, fix: str, certainty: Certainty) -> Suspicion:
        head = self._head
        return Suspicion(kind, head.path, line, head.name, message, fix, certainty, self._base.id, head.id)


def _telling(oracles: Sequence[Oracle]) -> list[Oracle]:
    """Leave out what asserts by the way, and the `assert False` after a line that should have raised."""
    return [one for one in oracles if one.claim.relation != "implicit" and not _is_marker(one.claim)]


def _side_by_side(was: Claim, now: Claim) -> str:
    """Show two claims; of long ones that begin alike, the place where they part."""
    texts = [was.text, now.text]
    if texts[0] == texts[1]:
        whole = [text_of(one.node).replace("\n", " ") for one in (was, now)]
        parted = (at for at, (old, new) in enumerate(zip(*whole, strict=False)) if old != new)
        start = max(next(parted, 0) - _CONTEXT, 0)
        texts = [f"...{text[start : start + 3 * _CONTEXT]}..." for text in whole]
    return f"`{texts[0]}` is now `{texts[1]}`"


def _is_marker(claim: Claim) -> bool:
    return claim.relation == "call" and (literal_text(claim.subject) or claim.subject.startswith("fail("))


def _plain(text: str) -> str:
    return text.replace("\\", "")


def _called(test: SuiteTest) -> set[str]:
    calls = [node for node in walk(test.node) if isinstance(node, ast.Call)]
    return {text_of(call.func).rpartition(".")[2] for call in calls}


def _unknown_calls(test: SuiteTest) -> set[str]:
    """Return calls of names that are neither built in nor a function of the same file."""
    known = {name.rpartition(".")[2] for name in test.module.helpers} | {*dir(builtins)}
    local = {n.name for n in own_nodes(test.node) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    return _called(test) - known - local


def helper_pairs(pair: FilePair) -> Iterator[tuple[SuiteTest, SuiteTest]]:
    """Yield the altered helpers and fixtures of a file at both sides."""
    if not pair.base or not pair.head:
        return
    for name, base in pair.base.helpers.items():
        head = pair.head.helpers.get(name)
        if head and not base.blocked and not head.blocked and base.text != head.text:
            yield base, head
