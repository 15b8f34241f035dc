"""Leaks of test data as the flow of data meets them, each once, with the path that the data takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dodcheck.facts.ml.flow_values import Learned, Place, Rows, Thing, Value, in_order
from dodcheck.facts.ml.flow_words import GROUP_BLIND, SEARCHES

LeakKind = Literal[
    "fit-before-split",
    "fit-before-cross-validation",
    "fit-on-all",
    "trained-on-test",
    "chosen-on-test",
    "watched-on-test",
    "selected-on-test",
    "refit-on-test",
    "time-shuffled",
    "groups-ignored",
]


@dataclass(frozen=True)
class Leak:
    """One way of data kept for the test into training.

    Args:
        kind: How it gets there.
        what: What learns from it.
        where: Where that happens.
        split: Where the data is split, or where the split is used.
        source: Where the data comes from.
        doubt: Why it is not certain; empty when it is.
        mild: It gives away no more than a list of categories.
    """

    kind: LeakKind
    what: str
    where: Place
    split: Place
    source: Place
    doubt: str = ""
    mild: bool = False


class Ledger:
    """What the flow through the code has met: splits, what was fitted, and leaks.

    `doubt` holds why whatever is noted at the moment is not certain; `cut` tells that not every call was followed.

    Args:
        held_out: A name of the code that speaks of a validation part; empty when none does.
    """

    def __init__(self, held_out: str = "") -> None:
        self.held_out = held_out
        self.splits: dict[Place, None] = {}
        self.fits: dict[Place, None] = {}
        self.doubt = ""
        self.cut = False
        self._leaks: dict[tuple[str, Place], Leak] = {}

    @property
    def leaks(self) -> list[Leak]:
        """Every leak, by file and line."""
        return sorted(self._leaks.values(), key=lambda one: (one.where.path, one.where.line, one.kind))

    def split(self, values: Iterable[Value], place: Place, doubt: str = "") -> None:
        """Note a split, and what was learnt from its rows before."""
        self.splits[place] = None
        for value in values:
            rows = value.every_row
            if not rows or all(one.within_train for one in rows):
                continue
            for learned in _ordered(value.every_stain):
                if learned.place != place and _overlap(learned.rows, rows):
                    self._learned("fit-before-split", learned, place, doubt)

    def cross_validation(self, values: Iterable[Value], place: Place, name: str) -> None:
        """Note a cross-validation: each of its folds is a split."""
        self.splits[place] = None
        for value in values:
            rows = value.every_row
            if not rows or any(one.parent is not None or one.part for one in rows):
                continue
            for learned in _ordered(value.every_stain):
                if _overlap(learned.rows, rows):
                    doubt = "the search may be no more than a choice" if SEARCHES.fullmatch(name) else ""
                    self._learned("fit-before-cross-validation", learned, place, doubt)

    def fit(self, thing: Thing, learned: Learned, value: Value) -> None:
        """Note that a model is trained on rows: what they bring with them may know the test data."""
        self.fits[learned.place] = None
        del thing
        self.applied(value.every_stain, value.every_row)

    def applied(self, knowledge: Iterable[Learned], rows: Iterable[Rows]) -> None:
        """Note that what was learnt is put into rows that a model is trained on."""
        kept = [*rows]
        for learned in _ordered(knowledge):
            beyond = learned.has_seen_beyond(kept)
            if beyond is not None:
                self._learned("fit-on-all", learned, beyond.origin)

    def evaluated(self, thing: Thing, value: Value, place: Place) -> None:
        """Note that a model is evaluated on rows: it must not have been trained on them, nor chosen by them."""
        tests = [one for one in in_order(value.every_row) if one.is_test]
        for one in tests:
            for learned in thing.fits:
                if learned.rows and all(known.holds(one) for known in learned.rows):
                    source = one.parent.origin if one.parent else one.origin
                    again = learned.what.endswith((".train_on_batch", ".partial_fit"))
                    doubt = "each call of it may be given other rows" if again else ""
                    self._note(Leak("trained-on-test", learned.what, learned.place, place, source, doubt))
            for rows, where in thing.chosen_on.items():
                if _same_test(rows, one):
                    self._note(Leak("chosen-on-test", "early stopping", where, place, one.origin))
            for rows, where in thing.watched.items():
                if _same_test(rows, one):
                    self._note(Leak("watched-on-test", "validation", where, place, one.origin))
        for learned in _ordered(value.every_stain):
            if learned.again and tests and learned.rows <= {*tests}:
                self._note(Leak("refit-on-test", learned.what, learned.place, place, tests[0].origin))

    def chosen(self, value: Value, place: Place, doubt: str = "") -> None:
        """Note that something is chosen by a score, which may be one of the test data."""
        rows = in_order(value.every_row)
        tests = [one for one in rows if one.is_test and not one.within_train]  # a part of that is a validation part
        if any(one.part == "validation" for one in rows) or not tests:
            return
        if self.held_out:
            doubt = f"there is a validation part as well (`{self.held_out}`)"
        elif len(tests) < len(rows):
            doubt = "the score may be one of other rows"
        elif all(one.is_assumed for one in tests):
            doubt = "whoever calls this may hand over a validation part"
        self._note(Leak("selected-on-test", "the choice", place, tests[0].origin, tests[0].origin, doubt))

    def shuffled(self, values: Iterable[Value], place: Place) -> None:
        """Note that rows are split at random."""
        for value in values:
            if value.time is not None and not any(one.within_train for one in value.rows):
                self._note(Leak("time-shuffled", "the order of time", value.time, place, value.time))

    def ungrouped(self, splitter: str, place: Place) -> None:
        """Note that groups are given to a splitter that may not know of them."""
        name = splitter.rpartition(".")[2]
        if name in GROUP_BLIND:
            self._note(Leak("groups-ignored", name, place, place, place))

    def _learned(self, kind: LeakKind, learned: Learned, split: Place, doubt: str = "") -> None:
        source = min(in_order(learned.rows), key=lambda one: one.origin.line).origin
        self._note(Leak(kind, learned.what, learned.place, split, source, doubt or learned.doubt, learned.mild))

    def _note(self, leak: Leak) -> None:
        """Keep one leak a place and family of kinds; a certain one rather than a doubtful one."""
        if self.doubt and not leak.doubt:
            leak = Leak(leak.kind, leak.what, leak.where, leak.split, leak.source, self.doubt, leak.mild)
        family = "learnt" if leak.kind.startswith("fit-") else leak.kind
        known = self._leaks.get((family, leak.where))
        if known is None or (known.doubt and not leak.doubt):
            self._leaks[family, leak.where] = leak


def _ordered(knowledge: Iterable[Learned]) -> list[Learned]:
    """Bring what was learnt into one order, so that the same code is always told the same way."""
    return sorted(
        knowledge,
        key=lambda one: (
            *(one.place.path, one.place.line, one.what, one.doubt, one.mild, one.again),
            [(rows.origin.path, rows.origin.line, rows.origin.text) for rows in in_order(one.rows)],
        ),
    )


def _same_test(rows: Rows, other: Rows) -> bool:
    if rows is other:
        return True
    beside = rows.parent is not None and rows.parent is other.parent  # a dataset's part, asked for once more
    return rows.is_test and other.is_test and (beside or rows.origin == other.origin)


def _overlap(known: Iterable[Rows], split: Iterable[Rows]) -> bool:
    there = [*split]
    return any(mine is other or mine.holds(other) for mine in known for other in there)
