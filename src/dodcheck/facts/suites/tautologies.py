"""Assertions that cannot fail, are never reached, or whose failure nobody sees."""

import ast
from collections.abc import Iterator

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.claims import Claim
from dodcheck.facts.suites.flow import is_reversed
from dodcheck.facts.suites.folding import literal, text_of, truth
from dodcheck.facts.suites.inlining import assigned_once, inlined
from dodcheck.facts.suites.oracles import Oracle, Oracles
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.facts.suites.weakening import key
from dodcheck.patterns import pattern

_OF_EQUALITY = pattern(r"eq|compar|ident|hash|reflex|order|same|nan|cache|singleton|copy|determin|idempot|stable")
_FIX = "assert what the code under test gives, against a value that the test states"


class Tautologies:
    """Finds assertions of a test that prove nothing.

    Args:
        test: The test, at head.
        oracles: The assertions of head.
        base: Its counterpart at base; None when it is new.
        before: The assertions of base.
    """

    def __init__(self, test: SuiteTest, oracles: Oracles, base: SuiteTest | None, before: Oracles) -> None:
        self._test = test
        self._base = base
        self._own = [one for one in oracles.all(test) if not one.helper]
        self._alive = oracles.alive(test)
        self._old = {*_asserted(base)} if base else set()
        self._old_alive = {text_of(one.step.stmt) for one in before.alive(base)} if base else set()
        self._fewer = base is not None and len(before.alive(base)) > len(self._alive)
        self._values = assigned_once(test.node)

    def suspicions(self) -> Iterator[Suspicion]:
        """Yield what is new about the test, one a statement."""
        seen: set[ast.AST] = set()
        for one in self._own:
            found = self._of_oracle(one)
            if found and one.step.stmt not in seen:
                seen.add(one.step.stmt)
                kind, why, certainty = found
                message = f"`{one.written.text}` {why}"
                yield Suspicion(
                    kind, self._test.path, one.claim.line, self._test.name, message, _FIX, certainty,
                    self._base.id if self._base else "", self._test.id,
                )  # fmt: skip

    def _of_oracle(self, one: Oracle) -> tuple[str, str, Certainty] | None:
        text = text_of(one.step.stmt)
        was_alive = text in self._old_alive and not one.alive
        if (text in self._old and not was_alive) or (is_reversed(one.step.hidden) and not was_alive):
            return None
        if isinstance(one.step.stmt, ast.Raise):
            return None  # a path of the test's own that it hopes not to take
        if one.step.dead:
            return "T6", f"is never checked: {one.step.dead}", "certain"
        if one.step.hidden is not None:
            retried = one.step.looped
            return "T7", "may fail, and the test passes: its failure is caught", "likely" if retried else "certain"
        if isinstance(one.step.stmt, ast.Assert):
            return self._of_assert(one.step.stmt, one)
        return self._of_claim(one.written)

    def _of_assert(self, stmt: ast.Assert, one: Oracle) -> tuple[str, str, Certainty] | None:
        test = stmt.test
        if isinstance(test, ast.Tuple) and test.elts:
            return "T6", "asserts a tuple, which is always true", "certain"
        if truth(test) is True:
            other = [o for o in self._alive if o.step.stmt is not stmt]
            return "T6", "cannot fail", "doubtful" if other and not self._fewer else "certain"
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) and any(truth(p) for p in test.values):
            return "T6", "cannot fail: one of its ways to pass always holds", "certain"
        if isinstance(test, ast.Name) and self._is_function(test.id):
            return "T6", f"asserts the function {test.id} itself, which is always true; it is not called", "certain"
        return self._of_claim(one.written)

    def _of_claim(self, claim: Claim) -> tuple[str, str, Certainty] | None:
        """Judge what holds of everything: a thing against itself, against a literal twice, or against its own mock."""
        idle = _holds_always(claim)
        if idle:
            return "T6", idle, "certain"
        if claim.relation not in {"==", "is", "<=", ">=", "in", "approx"} or len(claim.sides) < 2:  # noqa: PLR2004 - both
            return None
        left, right = claim.sides[0], claim.sides[1]
        if claim.subject == claim.expected:
            return self._of_same(left)
        if literal(left) is not ... and literal(right) is not ...:
            return ("T6", "compares two literals", "certain") if literal(left) == literal(right) else None
        told_all: Certainty
        told = dict(_told(self._test.node)).get(claim.subject) if claim.relation in {"==", "is"} else None
        if told is not None:
            value = text_of(inlined(told, self._values))
            if value in {claim.expected, text_of(inlined(right, self._values))}:
                others = [one for one in self._alive if key(one.claim) != key(claim) and one.written != claim]
                told_all = "doubtful" if others and not self._fewer else "certain"
                return "T6", "asserts what the test itself told the mock to answer", told_all
        return None

    def _of_same(self, side: ast.AST) -> tuple[str, str, Certainty] | None:
        if _OF_EQUALITY.search(self._test.node.name.lower()):
            return None
        if any(isinstance(node, ast.Call) for node in walk(side)):
            return "T6", "compares a call with itself", "likely"
        return "T6", "compares a thing with itself", "certain"

    def _is_function(self, name: str) -> bool:
        own = self._test.module.helpers.get(name)
        inner = any(isinstance(node, Function) and node.name == name for node in walk(self._test.node))
        known = own is not None and name not in self._test.parameters
        return (known or inner) and name not in self._values


def _holds_always(claim: Claim) -> str:
    """Say why a comparison cannot fail; empty when it can."""
    size = claim.subject.startswith(("len(", "abs("))
    if size and (claim.relation, claim.expected) in {(">=", "0"), (">", "-1")}:
        return "cannot fail: no size is negative"
    if claim.relation == "isinstance" and claim.expected == "object":
        return "cannot fail: everything is an object"
    if claim.relation == "==" and claim.expected.rpartition(".")[2] == "ANY":
        return "cannot fail: ANY equals everything"
    texts = [text_of(side) for side in claim.sides] if claim.relation == "or" else []
    negated = {text_of(ast.UnaryOp(ast.Not(), side)) for side in claim.sides if isinstance(side, ast.expr)}
    return "cannot fail: one of its ways to pass always holds" if negated & {*texts} else ""


def _asserted(test: SuiteTest) -> Iterator[str]:
    """Yield the statements of a test as text."""
    for node in walk(test.node):
        if isinstance(node, ast.stmt) and not isinstance(node, Function | ast.ClassDef):
            yield text_of(node)


def _told(node: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield expressions whose value the test sets up itself, with the value: of mocks, by call and by attribute."""
    for part in walk(node):
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Attribute):
            target = part.targets[0]
            owner = text_of(target.value)
            if target.attr == "return_value":
                yield f"{owner}()", part.value
                yield f"{owner}.return_value", part.value
        elif isinstance(part, ast.Assign) and isinstance(part.value, ast.Call):
            maker = text_of(part.value.func).rpartition(".")[2]
            given = {one.arg: one.value for one in part.value.keywords if one.arg}
            if maker in {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "SimpleNamespace", "stub"}:
                yield from _built(text_of(part.targets[0]), text_of(part.value), given)


def _built(name: str, call: str, given: dict[str, ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    for word, value in given.items():
        for owner in (name, call):
            yield (f"{owner}()" if word == "return_value" else f"{owner}.{word}"), value
