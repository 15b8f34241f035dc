"""What users of one class notice when it changes: bases, members, enum members, the fields of its constructor."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from dodcheck.facts.breaking.callables import Difference, call_differences
from dodcheck.facts.breaking.constructor_fields import base_names, constructor_fields
from dodcheck.facts.breaking.registrations import serves_a_framework
from dodcheck.facts.breaking.relatives import Relatives
from dodcheck.facts.code.module_face import is_private
from dodcheck.facts.code.parsing import expression

if TYPE_CHECKING:
    import griffe

_PROTOCOL = {
    "__call__", "__iter__", "__next__", "__enter__", "__exit__", "__aenter__", "__aexit__", "__await__", "__len__",
    "__getitem__", "__setitem__", "__delitem__", "__contains__", "__bool__", "__aiter__", "__anext__",
}  # fmt: skip
_RAISED = re.compile(r"(Error|Exception|Warning|Exit|Interrupt)$")
_BARE_BASES = {"object", "Generic", "Protocol", "ABC", "NamedTuple", "TypedDict"}


class Member(NamedTuple):
    """A difference with the member that it is about.

    Args:
        name: The member; empty for the class itself.
        line: 1-based line at head; at base for what is gone.
        difference: What users notice.
        gone: The line is base's.
    """

    name: str
    line: int
    difference: Difference
    gone: bool = False


def class_differences(old: "griffe.Class", new: "griffe.Class", after: Relatives) -> Iterator[Member]:
    """Compare two versions of a class.

    Args:
        old: At base.
        new: At head.
        after: Its relatives at head.
    """
    line = new.lineno or 1
    lost = [name for name in base_names(old) if name not in after.names and name != new.name]
    yield from (Member("", line, one) for one in _bases(old, lost))
    fields = [] if "__init__" in old.members else constructor_fields(old)
    now_fields = [] if "__init__" in new.members else constructor_fields(new)
    told = {one.name for one in fields} if now_fields else set()
    for name, was in old.members.items():
        if was.is_alias or not _is_public(name):
            continue
        now = new.all_members.get(name)
        if now is None and name not in told:
            yield from _removed(old, was, after.inherits(name))  # type: ignore[arg-type] # no alias
        elif now is not None and not now.is_alias and not (name in told and now.is_attribute):
            yield from (Member(name, now.lineno or line, one) for one in _member(old, was, now))  # type: ignore[arg-type]
    if fields and now_fields:
        yield from _constructor(old, new, fields, now_fields)
    yield from _abstract(old, new)


def is_enum(one: "griffe.Class") -> bool:
    """Tell whether a class is an enumeration."""
    return any(base.endswith(("Enum", "Flag")) for base in base_names(one))


def _is_public(name: str) -> bool:
    return name in _PROTOCOL or name == "__init__" or not name.startswith("_")


def _bases(old: "griffe.Class", lost: list[str]) -> Iterator[Difference]:
    raised = bool(_RAISED.search(old.name)) or any(_RAISED.search(base) for base in base_names(old))
    for base in lost:
        if base not in _BARE_BASES and not is_private(base):
            text = f"is no longer a `{base}`" + (f": `except {base}` does not catch it" if raised else "")
            remedy = f"catch `{old.name}` itself" if raised else f"do not take it for a `{base}`"
            yield Difference("base-removed", "", text, certain=raised, remedy=remedy)


def _member(owner: "griffe.Class", was: "griffe.Object", now: "griffe.Object") -> Iterator[Difference]:
    import griffe  # noqa: PLC0415 - see GriffeModules

    if isinstance(was, griffe.Function) and isinstance(now, griffe.Function):
        yield from _method(was, now)
    elif isinstance(was, griffe.Function) and isinstance(now, griffe.Attribute):
        if "property" in now.labels or _is_constant(now):
            text = f"was a method and is {_kind(now)} now"
            yield Difference("kind-changed", "", text, certain=True, remedy="drop the `()`")
    elif isinstance(was, griffe.Attribute) and isinstance(now, griffe.Function):
        if "property" in was.labels or _is_constant(was) or was.value is None:
            text = f"was {_kind(was)} and is a method now"
            yield Difference("kind-changed", "", text, certain=True, remedy="call it: add `()`")
    elif isinstance(was, griffe.Attribute) and isinstance(now, griffe.Attribute):
        values = [str(one.value) for one in (was, now) if one.value is not None]
        if is_enum(owner) and values[1:] and values[0] != values[1]:
            text = f"has another value: `{values[0]}` became `{values[1]}`"
            yield Difference("enum-value", "", text, certain=False, remedy="migrate stored values")
        elif "class-attribute" in was.labels and was.value is not None and now.value is None:
            yield Difference("value-removed", "", "no longer has a value on the class", certain=False)


def _method(was: "griffe.Function", now: "griffe.Function") -> Iterator[Difference]:
    alone = {"staticmethod", "classmethod"}
    if was.labels & alone and not now.labels & alone:
        text = f"is no longer a {min(was.labels & alone)}"
        yield Difference("binding-changed", "", text, certain=True, remedy="call it on an instance")
        return
    bound = not any("staticmethod" in one.labels for one in (was, now))
    if not (serves_a_framework(was) and serves_a_framework(now)):
        yield from call_differences(was, now, bound=bound)


def _kind(attribute: "griffe.Attribute") -> str:
    return "a property" if "property" in attribute.labels else "an attribute"


def _is_constant(attribute: "griffe.Attribute") -> bool:
    try:
        return isinstance(expression(str(attribute.value)), ast.Constant)
    except (SyntaxError, ValueError):
        return False


def _removed(owner: "griffe.Class", was: "griffe.Object", inherited: "bool | None") -> Iterator[Member]:
    if inherited or was.name == "__init__":
        return
    enum = is_enum(owner) and was.is_attribute
    own = was.is_attribute and not {"class-attribute", "property"} & was.labels
    set_inside = own and cast("griffe.Attribute", was).annotation is None
    word = "enum-member" if enum else "method" if was.is_function else "attribute"
    text = "is gone" + (" here, and may be inherited from elsewhere" if inherited is None else "")
    certain = inherited is False and not set_inside
    yield Member(was.name, was.lineno or 1, Difference(f"{word}-removed", "", text, certain=certain), gone=True)


def _abstract(old: "griffe.Class", new: "griffe.Class") -> Iterator[Member]:
    for name, now in new.members.items():
        if not now.is_alias and "abstractmethod" in now.labels and name not in old.all_members:
            text = f"has the new abstract method `{name}`, which subclasses lack"
            yield Member("", now.lineno or 1, Difference("abstract-added", name, text, certain=False))


def _constructor(
    old: "griffe.Class", new: "griffe.Class", before: list["griffe.Parameter"], after: list["griffe.Parameter"]
) -> Iterator[Member]:
    import griffe  # noqa: PLC0415 - see GriffeModules

    was, now = (griffe.Function("__init__", parameters=griffe.Parameters(*one)) for one in (before, after))
    known, gone = ({n: m.lineno or 1 for n, m in one.members.items() if not m.is_alias} for one in (new, old))
    for one in call_differences(was, now, bound=False, what="field"):
        at = known.get(one.subject) or known.get(f"_{one.subject}")
        yield Member("", at or gone.get(one.subject, 1), one, gone=at is None)
