"""What became of a test's assertions: kept, tightened, weakened, turned round, or gone."""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from dodcheck.facts.suites.claims import Claim
from dodcheck.facts.suites.folding import constants
from dodcheck.facts.suites.oracles import Oracle
from dodcheck.facts.suites.strength import Turn, literal_text, turned
from dodcheck.patterns import pattern

_SYMMETRIC = {"==", "!=", "is", "is not", "approx"}
_EXACT = 5  # rank from which on a claim pins its subject down
_LITERAL = pattern(r"[rbf]*'(?:[^'\\]|\\.)*'|[rbf]*\"(?:[^\"\\]|\\.)*\"|-?\b\d[\w.]*|\b(?:True|False|None)\b")
_ASPECTS = ("len({})", "set({})", "{}.keys()")
_KINDS = ("type({})", "bool({})", "isinstance({}", "callable({})")  # what any value of the kind is


class Difference(msgspec.Struct, frozen=True):
    """One assertion of base that is not as it was.

    Args:
        turn: What became of it: `weakened` holds for more values than before, `perhaps weakened` may do so,
            `changed` holds for others.
        before: The assertion at base.
        after: Its counterpart at head.
        how: What is weaker, in words.
    """

    turn: Turn
    before: Oracle
    after: Oracle
    how: str = ""


class Comparison(msgspec.Struct, frozen=True):
    """The assertions of a test at both sides.

    Args:
        differences: Those that have a counterpart of another force or value.
        lost: Those of base without a counterpart.
        gained: Those of head without a counterpart.
        guarded: Those that now hold on a condition alone, with it.
        kept: Number of those that are as they were.
        new: All of head that are not as they were.
    """

    differences: tuple[Difference, ...]
    lost: tuple[Oracle, ...]
    gained: tuple[Oracle, ...]
    guarded: tuple[tuple[Oracle, str], ...]
    kept: int
    new: tuple[Oracle, ...]


def key(claim: Claim) -> tuple[object, ...]:
    """Return what makes two claims the same."""
    sides: object = (claim.subject, claim.expected)
    if claim.relation in _SYMMETRIC:
        sides = frozenset((claim.subject, claim.expected))
    return claim.relation, sides, claim.detail, claim.tolerance


def shape(claim: Claim) -> tuple[str, str]:
    """Return a claim without its literals."""
    return claim.relation, re.sub(r"_(, _)+", "_", _LITERAL.sub("_", claim.subject))


def compare(before: Sequence[Oracle], after: Sequence[Oracle]) -> Comparison:
    """Match the assertions of a test at base with those at head.

    Args:
        before: Base's, as far as they are checked.
        after: Head's.
    """
    lost, gained = list(before), list(after)
    guarded: list[tuple[Oracle, str]] = []
    for by in (lambda one: key(one.claim), lambda one: key(one.written)):
        guarded += _strike(lost, gained, by)
    kept = len(before) - len(lost)
    differences: list[Difference] = []
    paired: list[Oracle] = []
    for one in list(lost):
        candidates = [other for other in gained if _same_subject(one, other)]
        best = max(
            candidates, key=lambda other: (other.claim.relation == one.claim.relation, other.claim.rank), default=None
        )
        if best is None:
            continue
        turn, how = turned(one.claim, best.claim)
        if turn == "weakened" and _taken_apart(one, gained):
            turn = "none"
        elif turn == "weakened" and _hemmed_in(best, gained):
            turn = "perhaps weakened"
        lost.remove(one)
        gained.remove(best)
        paired.append(best)
        differences += [Difference(turn, one, best, how)] if turn != "none" else []
    differences += _displaced(lost, gained)
    differences += _fed_otherwise(lost, gained)
    new = (*paired, *gained, *(one.after for one in differences))
    return Comparison(tuple(differences), tuple(lost), tuple(gained), tuple(guarded), kept, new)


def _strike(lost: list[Oracle], gained: list[Oracle], by: Callable[[Oracle], object]) -> Iterator[tuple[Oracle, str]]:
    """Take out what both sides have; return what is now checked under a further condition."""
    found: list[tuple[Oracle, str]] = []
    for one in list(lost):
        same = [other for other in gained if by(other) == by(one)]
        best = min(same, key=lambda other: len(set(other.step.guards) - set(one.step.guards)), default=None)
        if best is not None:
            lost.remove(one)
            gained.remove(best)
            new = [guard for guard in best.step.guards if guard not in one.step.guards]
            found += [(best, new[0])] if new and not one.step.guards and not best.helper else []
    return iter(found)


def _same_subject(one: Oracle, other: Oracle) -> bool:
    ours = {one.claim.subject, one.written.subject}
    theirs = {other.claim.subject, other.written.subject}
    if other.claim.relation == "or":
        return any(key(part)[1] == key(one.claim)[1] for part in other.claim.parts + other.written.parts)
    if ours & theirs and one.claim.subject:
        return True
    swapped = one.claim.relation in _SYMMETRIC and other.claim.relation in _SYMMETRIC
    return swapped and one.claim.expected == other.claim.subject and literal_text(one.claim.subject)


def _taken_apart(one: Oracle, gained: Sequence[Oracle]) -> bool:
    """Tell whether exact claims on parts of a subject hold it to what one claim on the whole did."""
    subject = one.claim.subject
    parts = [
        g.claim for g in gained if g.claim.rank >= _EXACT and subject in g.claim.subject and subject != g.claim.subject
    ]
    wanted = set(constants(*one.claim.sides[1:]))
    return bool(parts) and wanted <= set(constants(*(side for part in parts for side in part.sides)))


def _hemmed_in(one: Oracle, gained: Sequence[Oracle]) -> bool:
    """Tell whether a value is held between two bounds: less than an equation, and still something."""
    other = {"<": ">", "<=": ">", ">": "<", ">=": "<"}.get(one.claim.relation)
    same = [g for g in gained if g is not one and one.claim.subject in {g.claim.subject, g.claim.expected}]
    return other is not None and any(g.claim.relation[:1] in "<>" for g in same)


def _fed_otherwise(lost: list[Oracle], gained: list[Oracle]) -> Iterator[Difference]:
    """Find claims of one shape on other literals: the test feeds something else in."""
    for one in list(lost):
        form = shape(one.claim)
        other = next((g for g in gained if shape(g.claim) == form and one.claim.subject != g.claim.subject), None)
        if other and "_" in form[1]:
            lost.remove(one)
            gained.remove(other)
            yield Difference("changed", one, other, "its input is another")


def _displaced(lost: list[Oracle], gained: list[Oracle]) -> Iterator[Difference]:
    """Find claims that look at an aspect of what an exact one looked at, or at the same value from farther off."""
    for one in list(lost):
        other = next((other for other in gained if _looks_at(one.claim, other.claim)), None)
        if one.claim.rank < _EXACT or other is None:
            continue
        kind = any(other.claim.subject.startswith(form.format(one.claim.subject)) for form in _KINDS)
        turn: Turn = "weakened" if kind and len(gained) == 1 else "perhaps weakened"
        lost.remove(one)
        gained.remove(other)
        yield Difference(turn, one, other, "it looks at less")


def _looks_at(old: Claim, new: Claim) -> bool:
    """Tell whether a claim looks at what another looked at, and sees less of it."""
    if any(new.subject.startswith(form.format(old.subject)) for form in (*_ASPECTS, *_KINDS)):
        return new.relation != "falsy"
    same = bool(old.expected) and old.expected == new.expected and new.subject in old.subject
    return (same or ("(" in old.subject and old.subject in new.subject)) and new.rank < old.rank
