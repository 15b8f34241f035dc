"""Two versions of one thing that others import: what they notice, whatever its kind."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from dodcheck.facts.breaking.callables import Difference, call_differences
from dodcheck.facts.breaking.classes import Member, class_differences
from dodcheck.facts.breaking.registrations import serves_a_framework
from dodcheck.facts.breaking.relatives import Relatives

if TYPE_CHECKING:
    import griffe

_CONSTANT = re.compile(r"None|True|False|-?[\d.]+|(['\"]).*\1", re.DOTALL)
_SHOWN = 40


def differences(old: "griffe.Object", new: "griffe.Object", after: Relatives) -> Iterator[Member]:
    """Compare two versions of a function, a class or a value.

    Args:
        old: At base.
        new: At head.
        after: Of a class, its relatives at head.
    """
    import griffe  # noqa: PLC0415 - see GriffeModules

    line = new.lineno or 1
    if isinstance(old, griffe.Function) and isinstance(new, griffe.Function):
        if not (serves_a_framework(old) or serves_a_framework(new)):
            yield from (Member("", line, one) for one in call_differences(old, new, bound=False))
    elif isinstance(old, griffe.Class) and isinstance(new, griffe.Class):
        yield from class_differences(old, new, after)
    elif old.kind is not new.kind and (found := _other_kind(old, new)):
        yield Member("", line, found)


def _other_kind(old: "griffe.Object", new: "griffe.Object") -> Difference | None:
    was, now = old.kind.value, new.kind.value
    if new.is_attribute:
        value = str(cast("griffe.Attribute", new).value or "")
        constant = bool(_CONSTANT.fullmatch(value))
        if old.is_function and not constant:
            return None  # whatever is assigned may well be called as before
        return Difference("kind-changed", "", f"was a {was} and is the value `{value[:_SHOWN]}` now", certain=constant)
    if old.is_attribute:
        plain = _CONSTANT.fullmatch(str(cast("griffe.Attribute", old).value or ""))
        return Difference("kind-changed", "", f"was a value and is a {now} now", certain=True) if plain else None
    if old.is_class and new.is_function:
        return Difference("kind-changed", "", "was a class and is a function now", certain=False)
    return None
