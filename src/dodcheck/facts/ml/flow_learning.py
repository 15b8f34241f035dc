"""What estimators, transformers and statistics do to the data that they are given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dodcheck.facts.ml.flow_values import NOTHING, Learned, Place, Thing, Value, in_order, mixed
from dodcheck.facts.ml.flow_words import BOUNDS, CATEGORIES, GROUP_BLIND, SEARCHES, STOPPING, learns
from dodcheck.facts.ml.leak_ledger import Ledger

Arguments = Mapping[str, Value]
_WATCHED = ("eval_set", "validation_data", "evals", "valid_sets", "X_val", "val_dataset", "eval_dataset")
_EVALUATED = ("X", "x", "data", "eval_dataset", "test_dataset")
_GROWING = {"partial_fit", "train_on_batch"}
_ROUNDS = ("early_stopping_rounds", "early_stopping", "use_best_model", "od_type", "od_wait")


class Learning:
    """The meaning of `fit`, `transform`, `predict` and their kin.

    Args:
        ledger: Where fits and leaks are noted.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def fit(self, thing: Thing, method: str, given: Sequence[Value], named: Arguments, at: tuple[Place, str]) -> None:
        """Let an object learn.

        Args:
            thing: The object.
            method: Name of the method that fits it.
            given: Its positional arguments.
            named: Its keyword arguments.
            at: Where, and the variable that holds the object.
        """
        place, variable = at
        named = {**_prepared(thing), **named}
        value = _training(given, named)
        learned = self._learned(thing, method, value, place, variable)
        thing.fits = (*thing.fits, learned) if method in _GROWING else (learned,)
        self._ledger.fit(thing, learned, value)
        self._watch(thing, named, place)
        name = thing.name.rpartition(".")[2]
        if SEARCHES.fullmatch(name) or "cv" in thing.given:
            self._ledger.cross_validation([value], place, name)
        if SEARCHES.fullmatch(name):
            self._ledger.chosen(value, place)

    def transform(self, thing: Thing, value: Value, variable: str) -> Value:
        """Return rows into which goes what an object has learnt."""
        if not thing.fits or _keeps(thing, variable) is False:
            return replace(value.flat(), thing=None)
        self._ledger.applied(thing.fits, value.every_row)
        return replace(value.flat(), thing=None).stained(thing.fits)

    def fitted(
        self, thing: Thing, method: str, given: Sequence[Value], named: Arguments, at: tuple[Place, str]
    ) -> Value:
        """Return what `fit_transform`, `fit_resample` and `fit_predict` give; see `fit`."""
        place, variable = at
        value = _training(given, named)
        learned = self._learned(thing, method, value, place, variable)
        again = thing.fits
        thing.fits = (learned,)
        self._ledger.fits[place] = None
        if method.startswith("fit_resample") or method == "fit_sample":
            return Value(items=tuple(replace(one.flat(), thing=None).stained([learned]) for one in given))
        if method == "fit_predict":
            return Value(rows=value.every_row, told=frozenset({learned}))
        del again
        return self.transform(thing, given[0] if given else value, variable)

    def statistic(self, value: Value, name: str, place: Place) -> Value:
        """Return what a mean, a deviation or a quantile tells of rows; it has rows no more."""
        flat = value.flat()
        if flat.grouped or not flat.rows:
            return Value(told=flat.told)
        doubt = "a bound may be a constant of the data's unit" if name in BOUNDS else ""
        return Value(told=flat.told | {Learned(place, f"`{name}` of all rows", flat.rows, doubt)})

    def evaluate(self, thing: Thing, given: Sequence[Value], named: Arguments, place: Place) -> Value:
        """Return what a model predicts for rows."""
        given = given or [one for key, one in _prepared(thing).items() if key == "eval_dataset"]
        value = mixed([*given, *(named[key] for key in _EVALUATED if key in named)])
        self._ledger.evaluated(thing, value, place)
        return Value(rows=value.rows)

    def trained(self, name: str, given: Sequence[Value], named: Arguments, place: Place) -> Value:
        """Return the model that a function such as `xgboost.train` gives."""
        data = next((one for one in [*given, *named.values()] if one.every_row), NOTHING)
        thing = Thing(name, given=named, made=True)
        self.fit(thing, "train", [data], named, (place, ""))
        return Value(thing=thing)

    def check_groups(self, splitter: str, named: Arguments, given: Sequence[Value], place: Place) -> None:
        """Note groups that are given to a splitter that has no use for them."""
        groups = named.get("groups") or (given[2] if len(given) > 2 else None)  # noqa: PLR2004 - X, y, groups
        if groups is not None and groups.every_row and splitter.rpartition(".")[2] in GROUP_BLIND:
            self._ledger.ungrouped(splitter, place)

    def _learned(self, thing: Thing, method: str, value: Value, place: Place, variable: str) -> Learned:
        name = thing.name.rpartition(".")[2] or variable.rpartition(".")[2]
        keeps = _keeps(thing, variable)
        doubt = f"nobody can tell what `{name}` is" if keeps is None else ""
        rows = value.every_row
        again = keeps is True and all(one.is_test for one in rows) and any(_on_train(one) for one in thing.fits)
        return Learned(place, f"{name}.{method}", rows, doubt, _is_mild(thing, name), again)

    def _watch(self, thing: Thing, named: Arguments, place: Place) -> None:
        watched = [named[key] for key in _WATCHED if key in named]
        stops = _stops([*thing.steps], {**thing.given, **named}) or (
            thing.name.startswith("catboost") and bool(watched)
        )
        if stops:
            thing.chosen_on.update((one, place) for value in watched for one in in_order(value.every_row))
        else:  # a list of sets to print scores of is no validation
            reported = [named[key] for key in ("validation_data", "eval_dataset") if key in named]
            thing.watched.update((one, place) for value in reported for one in in_order(value.every_row))


def _training(given: Sequence[Value], named: Arguments) -> Value:
    """Return the rows that a call of `fit` trains on: its first argument, not what comes with it."""
    first = [
        named[key] for key in ("X", "x", "X_train", "data", "train_set", "dtrain", "train_dataset") if key in named
    ]
    return (given[0] if given else first[0] if first else NOTHING).flat()


def _keeps(thing: Thing, variable: str) -> bool | None:
    if thing.steps and thing.name.rpartition(".")[2] in {"Pipeline", "FeatureUnion", "ColumnTransformer"}:
        return any(_keeps(step, "") is not False for step in thing.steps)
    strategy = thing.given.get("strategy")
    if strategy is not None and strategy.constant == "constant":
        return False
    return learns(thing.name, variable)


def _is_mild(thing: Thing, name: str) -> bool:
    """Tell whether what is learnt is a list of categories alone, also by the steps of a transformer of columns."""
    if name in {"ColumnTransformer", "make_column_transformer", "Pipeline", "make_pipeline", "FeatureUnion"}:
        kinds = [(step, step.name.rpartition(".")[2]) for step in thing.steps]
        return bool(kinds) and all(_is_mild(step, kind) or learns(step.name, "") is False for step, kind in kinds)
    return name in CATEGORIES


def _on_train(learned: Learned) -> bool:
    return any(one.part == "train" for one in learned.rows)


def _prepared(thing: Thing) -> Arguments:
    """Return the data that a trainer of Hugging Face was made with."""
    return {key: thing.given[key] for key in ("train_dataset", "eval_dataset") if key in thing.given}


def _stops(steps: Sequence[Thing], named: Arguments) -> bool:
    if any(_is_set(named.get(key)) for key in _ROUNDS):
        return True
    parts = [*steps, *_things(named.values())]
    return any(STOPPING.fullmatch(one.name.rpartition(".")[2]) or _saves_best(one) for one in parts)


def _is_set(value: Value | None) -> bool:
    return value is not None and (bool(value.rows or value.thing) or value.constant not in {None, False})


def _saves_best(thing: Thing) -> bool:
    if thing.name.endswith("ModelCheckpoint"):
        return thing.given.get("save_best_only", NOTHING).constant is True
    return thing.given.get("load_best_model_at_end", NOTHING).constant is True


def _things(values: Iterable[Value]) -> Iterable[Thing]:
    for value in values:
        if value.thing:
            yield value.thing
        yield from _things(value.items or ())
