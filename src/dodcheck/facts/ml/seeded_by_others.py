"""Calls that draw at random without a seed of their own, and that something else in the code makes repeatable."""

import ast
import re
from collections.abc import Iterable, Iterator

from dodcheck.facts.code.walking import walk
from dodcheck.facts.ml.ml_calls import MlCall

_ENSEMBLES = re.compile(
    r"(sklearn|imblearn)\.ensemble\.(\w*Bagging|AdaBoost|RUSBoost|EasyEnsemble)(Classifier|Regressor)"
)
_TRAINERS = re.compile(r"(transformers|trl)\.[\w.]*Trainer\.train")


def parts_of_ensembles(calls: Iterable[MlCall]) -> frozenset[ast.AST]:
    """Return what ensembles are made of: each hands seeds of its own `random_state` on (scikit-learn, "Glossary")."""
    return frozenset(part for call in calls if _ENSEMBLES.fullmatch(call.name) for part in _inside(call))


def draws_nothing(call: MlCall) -> bool:
    """Tell whether a call leaves nothing to chance: it does not shuffle, or k-means starts once at given centres."""
    shuffle = call.argument("shuffle")
    if isinstance(shuffle, ast.Constant) and not shuffle.value:
        return True
    start, times = call.argument("init"), call.argument("n_init")
    once = isinstance(times, ast.Constant) and times.value == 1
    return call.name.endswith("KMeans") and start is not None and once and not isinstance(start, ast.Constant)


def trainer_seeds(calls: Iterable[MlCall]) -> bool:
    """Tell whether a trainer of Transformers runs: when it is made it seeds all families, by its arguments."""
    return any(_TRAINERS.fullmatch(call.name) for call in calls)


def _inside(call: MlCall) -> Iterator[ast.AST]:
    given = [*call.node.args, *(one.value for one in call.node.keywords)]
    names = [one.id for one in given if isinstance(one, ast.Name)]
    bound = (one.value for name in names for one in call.scope.bound.get(name, ()))
    for one in [*given, *(value for value in bound if isinstance(value, ast.expr))]:
        yield from (part for part in walk(one) if isinstance(part, ast.Call))
