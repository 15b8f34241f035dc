"""Parts of splits: made once a place and parent, named by the variables that they are put into."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from dodcheck.facts.ml.flow_values import Part, Place, Rows, Value, in_order
from dodcheck.facts.ml.flow_words import part_named
from dodcheck.facts.ml.leak_ledger import Ledger


class Parts:
    """The parts that the flow has met.

    Args:
        ledger: Where splits are noted.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[tuple[Place, Rows | None, Part], Rows] = {}

    def of(self, value: Value, part: Part, place: Place, *, named: bool = False, index: bool = False) -> Value:
        """Return one part of a value that is split at a place."""
        whole = value.flat()
        rows = frozenset(self._part(one, part, place, named=named) for one in whole.rows or {None})
        return replace(whole, rows=rows, index=index or value.index, thing=None)

    def by_name(self, value: Value, name: str, place: Place) -> Value:
        """Return the rows that a selection of rows leaves, when the variable says what part it is meant for."""
        part = part_named(name)
        meant_so = frozenset(one for one in value.rows if one.part == part)
        if part is not None and meant_so:
            return replace(value, rows=meant_so)
        if part is None or not value.rows or any(one.part or one.parent for one in value.rows):
            return value
        found = self.of(value, part, place, named=True, index=value.index)
        parents = [one.parent for one in found.rows if one.parent]
        meant = {one.part for parent in parents for one in parent.parts}
        if "train" in meant and len(meant) > 1:
            self._ledger.split([value], place)
        return found

    def selected(self, value: Value, index: Value) -> Value:
        """Return the rows of a value at positions that are a part of a split."""
        (first, *_) = in_order(index.rows)
        if not first.part:
            return value
        if value.rows & index.rows:
            return value
        self._ledger.split([value], first.origin)
        if value.rows and not any(one.parent in value.rows for one in index.rows):
            rows = frozenset(self._part(one, first.part, first.origin, named=first.named) for one in value.rows)
        else:
            rows = index.rows
        return replace(value.flat(), rows=rows, thing=None)

    def pairs(self, values: Sequence[Value], place: Place) -> Value:
        """Return the result of `train_test_split`: two parts of each value."""
        both: tuple[Part, Part] = ("train", "test")
        return Value(items=tuple(self.of(value, part, place) for value in values for part in both))

    def _part(self, parent: Rows | None, part: Part, place: Place, *, named: bool) -> Rows:
        key = (place, parent, part)
        if key not in self._known:
            made = Rows(place, part, parent, named)
            self._known[key] = made
            if parent is not None:
                parent.parts.append(made)
        return self._known[key]


def name_rows(value: Value, name: str, known: Collection[Rows], *, by_key: bool = False) -> None:
    """Let a variable's name say what the rows of a part, or of a source of their own, are for.

    Args:
        value: The rows.
        name: The name.
        known: Rows that other variables hold as they are: what is computed from them is none of their parts.
        by_key: They come from an entry of a table: the second half of the training part is its `test` as well.
    """
    part = part_named(name)
    if part is None:
        return
    for one in value.rows:
        if by_key and part == "validation" and one.part == "test":
            one.part = part
        elif not one.named and (one.part or (one.parent is None and one not in known)):
            one.part, one.named = part, True
