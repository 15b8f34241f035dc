"""What became of one claim when it was altered: weaker, other, or as strong as before."""

import ast
import builtins
from typing import Literal

from dodcheck.facts.code.parsing import expression
from dodcheck.facts.suites.claims import Claim
from dodcheck.facts.suites.folding import constants, literal, number, text_of
from dodcheck.patterns import pattern

_OPPOSED = {("==", "!="), ("is", "is not"), ("truthy", "falsy"), ("in", "not in"), ("contains", "excludes")}
_FAILURES = {"raises", "warns", "logs"}
_LOOSE = 1e-3  # a deviation that no rounding error explains; see `Tolerance`
_BROADEST = {"Exception", "BaseException", "Warning"}
_VAGUE = pattern(r"r?['\"][.*+?^$ ]*['\"]")
Turn = Literal["weakened", "perhaps weakened", "changed", "none"]


def literal_text(text: str) -> bool:
    """Tell whether the text of an expression is a literal."""
    try:
        return literal(expression(text)) is not ...
    except SyntaxError:
        return False


def expected_failures(claim: Claim) -> list[str]:
    """Return the exceptions or warnings that a claim expects."""
    return claim.expected.split(", ") if claim.relation in {"raises", "warns"} else []


def turned(old: Claim, new: Claim) -> tuple[Turn, str]:
    """Say what became of a claim on the same subject, and how."""
    idle = _idle(old, new)
    if idle:
        return "weakened", idle
    if old.relation == new.relation:
        return _same_relation(old, new)
    if {old.relation, new.relation} == {"==", "approx"}:
        return _approximated(old, new)
    if {old.relation, new.relation} & _FAILURES:
        return "changed", "it expects another kind of outcome"
    return _other_relation(old, new)


def _idle(old: Claim, new: Claim) -> str:
    """Say why a claim holds whatever the old one asked for; empty when it does not."""
    if new.relation == "or":
        return "another way to pass was added"
    if new.expected in {new.subject, "mock.ANY", "ANY"} and old.expected != new.expected:
        return "it holds whatever the value is"
    itself = "(" in new.subject and new.subject in new.expected and literal_text(old.expected)
    return "it is held against what the code itself gives" if itself else ""


def _other_relation(old: Claim, new: Claim) -> tuple[Turn, str]:
    opposed = (old.relation, new.relation) in _OPPOSED or (new.relation, old.relation) in _OPPOSED
    if opposed and (old.expected == new.expected or new.rank >= old.rank):
        return "changed", "it is turned round"
    if new.rank >= old.rank:
        return "none", ""
    if old.relation == "falsy":
        return "changed", "it is turned round"
    return "weakened", f"`{_shown(old)}` became `{_shown(new)}`"


def _same_relation(old: Claim, new: Claim) -> tuple[Turn, str]:
    if old.relation in {"raises", "warns"}:
        return _expected(old, new)
    if old.relation == "approx":
        return _approximated(old, new)
    if old.relation in {"<", "<=", ">", ">="}:
        return _bound(old, new)
    if old.relation in {"in", "isinstance"}:
        return _choice(old, new)
    if old.relation in {"contains", "matches"} and literal_text(old.expected) and literal_text(new.expected):
        shorter = old.expected.strip("rb'\"") != (part := new.expected.strip("rb'\"")) and part in old.expected
        return ("perhaps weakened", "it asks for a part of the text") if shorter else ("changed", "")
    return _value(old, new)


def _value(old: Claim, new: Claim) -> tuple[Turn, str]:
    """Tell whether the expected literals are others; another name for a value is not."""
    was, now = (constants(*one.sides[1:]) for one in (old, new))
    return ("changed", "") if was and was != now else ("none", "")


def _approximated(old: Claim, new: Claim) -> tuple[Turn, str]:
    scale = abs(number(new.sides[1]) or 1.0) if len(new.sides) > 1 else 1.0
    was, now = (max(relative, absolute / scale) for relative, absolute in (old.tolerance, new.tolerance))
    if now > was and (old.relation == "approx" or now > _LOOSE):
        return "weakened", f"the tolerance grew from {was:.3g} to {now:.3g}"
    return _value(old, new)


def _bound(old: Claim, new: Claim) -> tuple[Turn, str]:
    was, now = (number(one.sides[1]) if len(one.sides) > 1 else None for one in (old, new))
    if was is None or now is None:
        return _value(old, new)
    looser = now > was if old.relation in {"<", "<="} else now < was
    counts = was.is_integer() and now.is_integer() and "time" not in old.subject
    if looser:
        return "perhaps weakened" if counts else "weakened", f"the bound moved from {was:g} to {now:g}"
    return "none", ""


def _choice(old: Claim, new: Claim) -> tuple[Turn, str]:
    was, now = (_members(one.expected) for one in (old, new))
    if now == ["object"]:
        return "weakened", "everything is an object"
    if set(was) < set(now):
        return "perhaps weakened", "it allows more"
    return _value(old, new)


def _members(text: str) -> list[str]:
    tree = expression(text or "()")
    return [text_of(one) for one in tree.elts] if isinstance(tree, ast.Tuple | ast.List | ast.Set) else [text]


def _expected(old: Claim, new: Claim) -> tuple[Turn, str]:
    was, now = ([name.rpartition(".")[2] for name in expected_failures(one)] for one in (old, new))
    if set(now) & _BROADEST and not set(was) & _BROADEST:
        return "weakened", f"{old.expected} became {new.expected}, which any failure is"
    if set(was) < set(now) or (was != now and _is_base(now[0], was[0])):
        return "perhaps weakened", f"{old.expected} became {new.expected}"
    if old.detail and not new.detail and was == now:
        return "weakened", f"it no longer asks for the message {old.detail}"
    if old.detail and _VAGUE.fullmatch(new.detail) and not _VAGUE.fullmatch(old.detail):
        return "weakened", f"the pattern {new.detail} matches every message"
    if was != now or old.detail != new.detail:
        return ("changed", "") if was != now or (old.detail and new.detail) else ("none", "")
    return "none", ""


def _is_base(one: str, other: str) -> bool:
    base, derived = getattr(builtins, one, None), getattr(builtins, other, None)
    return isinstance(base, type) and isinstance(derived, type) and base is not derived and issubclass(derived, base)


def _shown(claim: Claim) -> str:
    words = claim.relation if claim.relation not in {"truthy", "falsy"} else f"is {claim.relation}"
    value = claim.expected if len(claim.expected) <= 30 else f"{claim.expected[:27]}..."  # noqa: PLR2004 - of a line
    return f"{words} {value}".strip()
