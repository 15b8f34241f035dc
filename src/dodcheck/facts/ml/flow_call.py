"""One call whose arguments are known."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dodcheck.facts.ml.flow_values import NOTHING, Place, Thing, Value, element
from dodcheck.facts.ml.flow_words import is_time

_SAME = {"list", "tuple", "iter", "reversed", "copy.deepcopy", "copy.copy"}


@dataclass(frozen=True)
class Call:
    """A call whose parts are known.

    Args:
        node: The call.
        name: Qualified name of what is called, through imports.
        owner: What it is a method of; None for a function.
        variable: The code of the owner.
        given: Positional arguments.
        named: Keyword arguments.
        place: Where it stands.
    """

    node: ast.Call
    name: str
    owner: Value | None
    variable: str
    given: Sequence[Value]
    named: Mapping[str, Value]
    place: Place

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    @property
    def every(self) -> list[Value]:
        """All arguments."""
        return [*self.given, *self.named.values()]

    @property
    def thing(self) -> Thing:
        """The object that it is a method of."""
        return (self.owner and self.owner.thing) or Thing()


def gone_through(call: Call) -> Value | None:
    """Read what only goes through the elements of something."""
    if call.owner is not None or not call.given:
        return None
    first = call.given[0]
    if call.name in _SAME or call.last == "tqdm":
        return first
    if call.name == "next":
        return element(first)
    if call.name in {"enumerate", "zip"}:
        pair = (NOTHING, element(first)) if call.name == "enumerate" else tuple(map(element, call.given))
        return Value(items=(Value(items=pair),))
    if call.last == "clone" and first.thing:
        return Value(thing=Thing(first.thing.name, given=first.thing.given, steps=first.thing.steps, made=True))
    return None


def is_across(call: Call) -> bool:
    """Tell whether a statistic is one of each row: along the columns."""
    axis = call.named.get("axis", call.named.get("dim", NOTHING)).constant
    positional = call.given[0] if call.owner is not None and call.owner.rows and call.given else None
    return axis in {1, -1, "columns"} or (positional is not None and positional.constant in {1, -1})


def orders_by_time(call: Call) -> bool:
    """Tell whether the rows that a call gives are indexed by time."""
    if call.last == "set_index":
        return any(isinstance(one.constant, str) and is_time(one.constant) for one in call.every)
    parsed = call.named.get("parse_dates")
    return call.last.startswith("read_") and parsed is not None and "index_col" in call.named


def objects(values: Sequence[Value]) -> list[Thing]:
    """Return the objects among values and their elements."""
    found: list[Thing] = []
    for one in values:
        found += [one.thing] if one.thing else objects(one.items or ())
    return found
