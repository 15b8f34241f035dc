"""What a variable of training code holds: which rows of which data, and what was learnt from which rows before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from dodcheck.facts.ml.flow_code import Code

Part = Literal["train", "test", "validation"]


@dataclass(frozen=True)
class Place:
    """One statement of checked code.

    Args:
        path: The file.
        line: 1-based line.
        symbol: Qualified name of the function around it; empty at module level.
        text: The code in one normal form.
    """

    path: str
    line: int
    symbol: str
    text: str


@dataclass(eq=False)
class Rows:
    """A set of rows: all that a source gives, or one part of a split of it.

    Args:
        origin: Where they come from: the loading, or the split.
        part: What the split means them for; None for what is not split.
        parent: The rows that were split.
        named: A name says what they are for, not the position among the results of a split alone.
        assumed: They are what a parameter holds, and nobody knows what it is given.
    """

    origin: Place
    part: Part | None = None
    parent: "Rows | None" = None
    named: bool = False
    assumed: bool = False
    parts: list["Rows"] = field(default_factory=list, repr=False)

    def holds(self, other: "Rows") -> bool:
        """Tell whether the other rows are these, or a part of them."""
        seen: Rows | None = other
        while seen is not None and seen is not self:
            seen = seen.parent
        return seen is self

    @property
    def is_test(self) -> bool:
        """A name says that they are kept for the test."""
        return self.part == "test" and self.named

    @property
    def is_assumed(self) -> bool:
        """They are what a parameter holds, or a part of it: the caller may give what is left for training."""
        return self.assumed or (self.parent is not None and self.parent.is_assumed)

    @property
    def within_train(self) -> bool:
        """They are what a split left for training, or a part of it."""
        return self.parent is not None and (self.part == "train" or self.parent.within_train)


def in_order(rows: Iterable[Rows]) -> list[Rows]:
    """Bring rows into the order of the code, for a set of them has another order in every run."""
    return sorted(rows, key=_rank)


def _rank(rows: Rows) -> tuple[str, int, str, str, bool, bool]:
    origin = rows.origin
    return origin.path, origin.line, origin.text, rows.part or "", rows.named, rows.assumed


@dataclass(frozen=True)
class Learned:
    """Something computed over rows: the state of a fitted transformer, a mean, a resampling.

    Args:
        place: Where it was computed.
        what: What computes it, such as `StandardScaler.fit_transform`.
        rows: The rows that it knows.
        doubt: Why it is not certain that it learns from these rows, or that what it learns reaches the split.
        mild: It is no more than the list of categories or columns.
        again: What learnt from the training part before learns anew, from the rows for the test.
    """

    place: Place
    what: str
    rows: frozenset[Rows]
    doubt: str = ""
    mild: bool = False
    again: bool = False

    def has_seen_beyond(self, kept: Iterable[Rows]) -> Rows | None:
        """Return the rows for the test that it knows of besides those of a training part; None when there are none."""
        for mine in in_order(kept):
            for known in in_order(self.rows):
                if mine.part == "train" and known is not mine and known.holds(mine) and not known.within_train:
                    return next((one for one in known.parts if one.part != "train"), None)
                if mine.part == "train" and known.part == "test" and known.parent is mine.parent:
                    return known
        return None


@dataclass(eq=False)
class Thing:
    """An object with a state: an estimator, a splitter, an instance of a class of the project.

    Args:
        name: Qualified name of its class; empty when nobody knows.
        fits: What it has learnt.
        chosen_on: Rows on which its training stops early or picks the best state.
        watched: Rows that its training reports on, without choosing by them.
        attributes: What its attributes hold.
        given: The arguments that it was made with, by name.
        steps: The objects among them, such as the steps of a pipeline.
        code: The function or class of the project that it is, or is an instance of.
        made: It is an instance, not the class.
    """

    name: str = ""
    fits: tuple[Learned, ...] = ()
    chosen_on: dict[Rows, Place] = field(default_factory=dict)
    watched: dict[Rows, Place] = field(default_factory=dict)
    attributes: dict[str, "Value"] = field(default_factory=dict)
    given: Mapping[str, "Value"] = field(default_factory=dict)
    steps: tuple["Thing", ...] = ()
    code: Code | None = None
    made: bool = False


@dataclass(frozen=True)
class Value:
    """What an expression holds.

    Args:
        rows: The rows that it has an entry for each of.
        stains: What was learnt and put into them.
        told: What it knows without having rows: a mean, a list of selected columns.
        items: The elements of a tuple or list, where they can be told apart.
        fields: The entries of a mapping, where they can be told apart.
        thing: The object that it is.
        index: It is the positions of rows, not the rows.
        time: Where the rows were put in the order of time.
        grouped: It is rows in groups, whose statistics may be put back.
        constant: The literal that it is.
    """

    rows: frozenset[Rows] = frozenset()
    stains: frozenset[Learned] = frozenset()
    told: frozenset[Learned] = frozenset()
    items: tuple["Value", ...] | None = None
    fields: Mapping[str, "Value"] | None = None
    thing: Thing | None = None
    index: bool = False
    time: Place | None = None
    grouped: bool = False
    constant: object = None

    @property
    def every_row(self) -> frozenset[Rows]:
        """Its rows, and those of its elements."""
        return self.rows.union(*(one.every_row for one in self.items or ()))

    @property
    def every_stain(self) -> frozenset[Learned]:
        """Its stains, and those of its elements."""
        return self.stains.union(*(one.every_stain for one in self.items or ()))

    @property
    def all_told(self) -> frozenset[Learned]:
        """What it knows, and what its elements know."""
        return self.told.union(*(one.all_told for one in self.items or ()))

    def flat(self) -> "Value":
        """Return it as one set of rows."""
        return Value(self.every_row, self.every_stain, self.all_told, thing=self.thing, time=self.time)

    def stained(self, learned: Iterable[Learned]) -> "Value":
        """Return the same rows with more put into them."""
        return replace(self, stains=self.stains | {*learned})


NOTHING = Value()


def mixed(values: Iterable[Value]) -> Value:
    """Return what is made of several values together: a sum, a table, the result of a function."""
    parts = [one.flat() for one in values]
    return Value(
        frozenset().union(*(one.rows for one in parts)),
        frozenset().union(*(one.stains for one in parts)),
        frozenset().union(*(one.told for one in parts)),
        time=next((one.time for one in parts if one.time), None),
    )


def either(one: Value, other: Value) -> Value:
    """Return what a variable holds after two branches that leave it differently."""
    if one == other:
        return one
    items = one.items if other.items is None else other.items if one.items is None else None
    if one.items is not None and other.items is not None and len(one.items) == len(other.items):
        items = tuple(map(either, one.items, other.items))
    rows = one.rows | other.rows
    narrow = frozenset(row for row in rows if not any(row is not more and row.holds(more) for more in rows))
    return Value(
        narrow,
        one.stains | other.stains,
        one.told | other.told,
        items=items,
        fields=one.fields or other.fields,
        thing=one.thing or other.thing,
        index=one.index or other.index,
        time=one.time or other.time,
        grouped=one.grouped or other.grouped,
    )


def element(value: Value) -> Value:
    """Return one element of what a loop goes through."""
    if not value.items:
        return replace(value, thing=None, items=None) if value.items is None else NOTHING
    first, *others = value.items
    for one in others:
        first = either(first, one)
    return first


def spread(value: Value, count: int) -> Sequence[Value]:
    """Return the elements of a value that is unpacked into so many targets."""
    if value.items is not None and len(value.items) == count:
        return value.items
    return [replace(value.flat(), thing=None)] * count
