"""What one call gives: a split, a fitted object, a statistic, or the same rows in another form."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from dodcheck.facts.code.writing import written
from dodcheck.facts.ml.flow_call import Call, gone_through, is_across, objects, orders_by_time
from dodcheck.facts.ml.flow_choices import best_of
from dodcheck.facts.ml.flow_learning import Learning
from dodcheck.facts.ml.flow_parts import Parts
from dodcheck.facts.ml.flow_values import NOTHING, Learned, Part, Rows, Thing, Value, mixed
from dodcheck.facts.ml.flow_words import (
    CROSS_VALIDATION,
    PREDICTING,
    ROWLESS,
    SCALING_FUNCTIONS,
    SPLITTER_NAMES,
    SPLITTERS,
    STATISTICS,
    STOPPING,
)
from dodcheck.facts.ml.leak_ledger import Ledger

_FITTING = {"fit", "partial_fit", "adapt", "fit_on_texts", "fit_generator", "train", "train_on_batch", "fit_dataset"}
_FITTED = {"fit_transform", "fit_resample", "fit_sample", "fit_predict", "fit_transform_resample"}
_APPLYING = {"transform", "texts_to_sequences", "texts_to_matrix", "inverse_transform"}
_TRAINING = {"xgboost.train", "lightgbm.train", "catboost.train", "xgb.train", "lgb.train"}
_CROSS_TRAINING = {"xgboost.cv", "lightgbm.cv", "catboost.cv"}
_PUTS = {"fillna", "clip", "replace", "map", "apply", "assign", "transform", "merge", "join", "where", "sub", "div",
         "mul", "add", "drop", "with_columns", "select", "subtract", "divide", "applymap", "pipe"}  # fmt: skip
_POSITIONS = re.compile(r"\b(arange|range|permutation)\(|(^|_)(ind|idx|idxs|inds|index|indexes|indices|ids)$")
_COLUMN = re.compile(r"\(*(pl|polars|pl\.selectors|cs)\.")  # polars: rows of what it is put into
_MAKERS = {"make_pipeline", "make_column_transformer", "make_union"}
_LOADING = re.compile(r"(read|load|fetch|make|get|scan|rand|generate|create|open|normal|uniform)(_|n?$|[a-z]*$)")
_SHARED = {"numpy", "pandas", "polars", "scipy", "torch", "tensorflow", "np", "pd", "keras", "sklearn", "tf", "xgboost",
           "lightgbm", "catboost", "datasets", "dask", "cupy", "jax", "imblearn"}  # fmt: skip


class Calls:
    """The meaning of calls that lead out of the project.

    Args:
        ledger: Where splits and leaks are noted.
        parts: The parts of splits.
    """

    def __init__(self, ledger: Ledger, parts: Parts) -> None:
        self._ledger = ledger
        self._parts = parts
        self._learning = Learning(ledger)

    def value(self, call: Call) -> Value:
        """Return what a call gives."""
        scores = best_of(call)
        if scores is not None:
            self._ledger.chosen(scores, call.place)
        readings: Sequence[Callable[[Call], Value | None]] = (
            gone_through,
            self._split,
            self._learnt,
            self._folds,
            self._function,
            self._statistic,
            self._made,
        )
        for reading in readings:
            found = reading(call)
            if found is not None:
                return found
        return self._passed(call)

    def _split(self, call: Call) -> Value | None:
        if call.last == "random_split":
            return self._random_split(call)
        if call.last != "train_test_split":
            return None
        shuffles = call.named.get("shuffle", NOTHING).constant is not False
        if call.owner is not None and call.owner.rows and not call.name.startswith("sklearn"):
            self._ledger.split([call.owner], call.place)
            halves: tuple[Part, Part] = ("train", "test")
            return Value(fields={p: self._parts.of(call.owner, p, call.place, named=True) for p in halves})
        self._ledger.split(call.given, call.place)
        if shuffles:
            self._ledger.shuffled(call.given, call.place)
        if "groups" in call.named:
            return None
        positions = [bool(_POSITIONS.search(written(one))) for one in call.node.args]
        given = [replace(one, index=True) if at else one for one, at in zip(call.given, positions, strict=False)]
        return self._parts.pairs(given, call.place)

    def _random_split(self, call: Call) -> Value:
        data = call.given[:1] or [call.named.get("dataset", NOTHING)]
        self._ledger.split(data, call.place)
        lengths = call.given[1].items if len(call.given) > 1 else None
        middle: tuple[Part, ...] = ("validation",) if lengths is not None and len(lengths) == 3 else ()  # noqa: PLR2004
        names: tuple[Part, ...] = ("train", *middle, "test")
        return Value(items=tuple(self._parts.of(data[0], one, call.place) for one in names))

    def _learnt(self, call: Call) -> Value | None:
        owner = call.owner
        if owner is None or (call.last == "transform" and owner.thing is None):
            return None
        at = (call.place, call.variable)
        if call.last in _FITTING and (owner.thing or not owner.rows):
            self._learning.fit(call.thing, call.last, call.given, call.named, at)
            return Value(thing=owner.thing)
        if call.last in _FITTED:
            return self._learning.fitted(call.thing, call.last, call.given, call.named, at)
        if call.last in _APPLYING and call.given:
            return self._learning.transform(call.thing, call.given[0], call.variable)
        if call.last in PREDICTING and owner.thing is not None:
            return self._learning.evaluate(owner.thing, call.given, call.named, call.place)
        return None

    def _folds(self, call: Call) -> Value | None:
        """Read `splitter.split(X, y)`: pairs of positions."""
        if call.last != "split" or call.owner is None or not call.every:
            return None
        kind = call.thing.name.rpartition(".")[2]
        known = SPLITTERS.fullmatch(kind)
        if not known and (call.owner.stains or not SPLITTER_NAMES.search(call.variable.lower()) or not call.given):
            return None
        values = [*call.given[:2], *(call.named[key] for key in ("X", "y") if key in call.named)]
        self._ledger.split(values, call.place, "" if known else f"nobody can tell how `{call.variable}` splits")
        self._learning.check_groups(call.thing.name, call.named, call.given, call.place)
        if call.thing.given.get("shuffle", NOTHING).constant is True or kind.endswith("ShuffleSplit"):
            self._ledger.shuffled(values[:1], call.place)
        halves: tuple[Part, Part] = ("train", "test")
        pair = tuple(self._parts.of(values[0], one, call.place, index=True) for one in halves)
        return Value(items=(Value(items=pair),))

    def _function(self, call: Call) -> Value | None:
        data = next((one for one in call.every if one.every_row), NOTHING)
        if call.last in CROSS_VALIDATION or call.name in _CROSS_TRAINING:
            values = [one for one in call.given if one.every_row][:2] + [
                call.named[key] for key in ("X", "y") if key in call.named
            ]
            self._ledger.cross_validation(values, call.place, call.last)
            folds = call.named.get("cv", NOTHING).thing
            self._learning.check_groups(folds.name if folds else "KFold", call.named, (), call.place)
            return NOTHING
        if call.name in _TRAINING:
            return self._learning.trained(call.name, call.given, call.named, call.place)
        if SCALING_FUNCTIONS.fullmatch(call.name):
            learned = Learned(call.place, call.last, data.every_row)
            return replace(data.flat(), thing=None).stained([learned])
        if call.name == "sklearn.utils.resample" and data.every_row:
            learned = Learned(call.place, "resample", data.every_row)
            found = [replace(one.flat(), thing=None).stained([learned]) for one in call.given]
            return Value(items=tuple(found)) if len(found) > 1 else found[0] if found else None
        if call.last == "qcut" or (
            call.last == "cut" and len(call.given) > 1 and isinstance(call.given[1].constant, int)
        ):
            learned = Learned(call.place, f"`{call.last}` over all rows", data.every_row)
            return replace(data.flat(), thing=None).stained([learned])
        return None

    def _statistic(self, call: Call) -> Value | None:
        if call.last not in STATISTICS or (call.owner is not None and call.owner.thing and call.owner.thing.name):
            return None
        value = call.owner if call.owner is not None and call.owner.rows else mixed(call.given[:1])
        if is_across(call):
            return replace(value.flat(), thing=None)
        if not value.rows and _COLUMN.match(call.variable):
            return Value(told=frozenset({Learned(call.place, f"`{call.last}` of all rows", frozenset())}))
        return self._learning.statistic(value, call.last, call.place)

    def _made(self, call: Call) -> Value | None:
        """Read the making of an object: of a class, or by `make_pipeline` and its like."""
        is_class = call.last[:1].isupper() or call.last in _MAKERS or STOPPING.fullmatch(call.last)
        if (call.owner is not None and call.owner.rows) or not is_class:
            return None
        trainer = call.last.endswith("Trainer") and not {"train_dataset", "eval_dataset"}.isdisjoint(call.named)
        if not trainer and any(one.every_row and one.thing is None for one in call.every):
            return None
        return Value(thing=Thing(call.name, given=call.named, steps=tuple(objects(call.every)), made=True))

    def _passed(self, call: Call) -> Value:
        """Return what a call gives that nothing is known of: the rows that went in."""
        owner = call.owner
        if call.last in ROWLESS:
            return NOTHING
        if owner is None or not owner.every_row:
            return self._converted(call)
        if call.last == "groupby":
            return replace(owner.flat(), grouped=True, thing=None)
        whole = mixed([owner, *call.every]) if call.last in _PUTS - {"drop"} | {"concat", "append"} else owner.flat()
        whole = replace(whole, index=owner.index, thing=None)
        if owner.grouped and call.last == "transform":
            whole = whole.stained([Learned(call.place, "`groupby().transform` over all rows", owner.rows)])
        knowledge = (one for value in call.every for one in value.all_told)
        told = frozenset(one if one.rows else replace(one, rows=owner.rows) for one in knowledge)
        if told and call.last in _PUTS:
            whole = replace(whole.stained(told), told=frozenset())
        return replace(whole, time=call.place) if orders_by_time(call) else replace(whole, grouped=False)

    def _converted(self, call: Call) -> Value:
        whole = mixed(call.every)
        if not whole.rows and not whole.told and _LOADING.match(call.last):
            return Value(frozenset({Rows(call.place)}), time=call.place if orders_by_time(call) else None)
        top = call.name.partition(".")[0]
        if whole.rows and whole.told and top in _SHARED:
            whole = replace(whole.stained(whole.told), told=frozenset())
        if top not in _SHARED and call.owner is None and whole.stains and not hasattr(__builtins__, top):
            doubt = f"`{call.last}` is not of this project"
            whole = replace(whole, stains=frozenset(replace(one, doubt=one.doubt or doubt) for one in whole.stains))
        return replace(whole, time=call.place) if orders_by_time(call) else whole
