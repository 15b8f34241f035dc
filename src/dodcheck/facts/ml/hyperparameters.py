"""Hyperparameters that a file gives to its frameworks, and where each value comes from."""

import ast
import re
from collections.abc import Collection, Iterator
from threading import RLock
from typing import NamedTuple, Self

from dodcheck.errors import ToolError
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.scopes import Imported, Scope
from dodcheck.facts.ml.chosen_settings import has_rate_of_its_own, searched
from dodcheck.facts.ml.ml_calls import MlCall, MlCalls
from dodcheck.facts.ml.written_values import GIVEN, Origin, Value, WrittenValues

_CONFIGURATION = re.compile(
    r"(^|/)(conf(ig)?s?|settings|hparams|hydra)/"
    r"|(^|[/_])(conf(ig)?s?|configuration|settings|hparams|hyper_?parameters|params|constants?|defaults)\.(py|ipynb)$"
)
_ANY = re.compile("")
_OFF = {"0", "0.0", "-1", "''", "'auto'", "'balanced'"}
_ONE = {"1", "1.0"}  # one layer, a batch of one, all of the data: no choice; but a learning rate of one is one
_CHOSEN_WHEN_ONE = {
    "lr",
    "learning_rate",
    "eta",
    "C",
    "alpha",
    "epochs",
    "max_epochs",
    "num_train_epochs",
    "temperature",
}
_OWN_CHOICE = re.compile(
    r"sklearn\.ensemble\.(RandomForest|ExtraTrees|GradientBoosting|HistGradientBoosting|AdaBoost)\w+"
    r"|sklearn\.svm\.(SVC|SVR|NuSVC|NuSVR)|sklearn\.neural_network\.MLP\w+|xgboost\.XGB(Classifier|Regressor|Ranker)"
    r"|lightgbm\.LGBM(Classifier|Regressor|Ranker)|torch\.optim\.(Adam|AdamW|RMSprop|Adagrad|NAdam|RAdam|SGD)"
)
_BOOSTING = {
    "eta", "learning_rate", "max_depth", "num_leaves", "min_child_weight", "subsample", "colsample_bytree", "lambda",
    "alpha", "gamma", "num_boost_round", "feature_fraction", "bagging_fraction", "bagging_freq", "min_data_in_leaf",
    "lambda_l1", "lambda_l2", "max_bin", "reg_alpha", "reg_lambda", "n_estimators", "num_iterations",
}  # fmt: skip
LEFT_OUT = "(none)"
ALL_GIVEN = "whatever it is given"


class Hyperparameter(NamedTuple):
    """One hyperparameter of one call.

    Args:
        call: The call.
        name: The argument; `LEFT_OUT` when the call is given none at all and leaves them to the library, `ALL_GIVEN`
            when a table of settings is spread into it.
        value: Where its value comes from.
    """

    call: MlCall
    name: str
    value: Value

    @property
    def origin(self) -> Origin:
        """See `Value`."""
        return self.value.origin

    @property
    def line(self) -> int:
        """1-based line at which the value is handed over."""
        return self.value.line or self.call.line


class Hyperparameters:
    """Hyperparameters by file of one side.

    Args:
        modules: The side.
        calls: Its calls of frameworks.
    """

    def __init__(self, modules: Modules, calls: MlCalls) -> None:
        self._calls = calls
        self._paths = ImportPaths(modules, _ANY)
        self._known: dict[str, tuple[Hyperparameter, ...]] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, modules: Modules, calls: MlCalls) -> Self:
        """Nothing is read yet."""
        return cls(modules, calls)

    def at(self, path: str) -> tuple[Hyperparameter, ...]:
        """Return the hyperparameters of a file; none of a module of configuration, for there they belong.

        Raises:
            ToolError: The file names a framework and cannot be parsed.
        """
        if is_configuration(path):
            return ()
        with self._lock:
            if path not in self._known:
                self._known[path] = tuple(self._read(path))
            return self._known[path]

    def _read(self, path: str) -> Iterator[Hyperparameter]:
        found = self._calls.at(path)
        if not found:
            return
        source = self._calls.scopes(path)
        values = WrittenValues(source, lambda one: self._member(one, path))
        tried = searched(source)
        for call in found:
            yield from _of_call(call, values, tried)

    def _member(self, one: Imported, importer: str) -> tuple[ast.expr, Scope] | None:
        """Return what a module of the project, none of configuration, assigns to a name."""
        at = self._paths.find(one.module, one.level, importer) if one.name else None
        if not at or is_configuration(at):
            return None
        try:
            root = self._calls.scopes(at).root
        except ToolError:  # told by the rules that judge that file
            return None
        bound = root.bound.get(one.name or "", ())
        value = bound[0].value if len(bound) == 1 else None
        return (value, root) if isinstance(value, ast.expr) else None


def is_configuration(path: str) -> bool:
    """Tell whether a module is there to hold configuration."""
    return bool(_CONFIGURATION.search(path))


def _of_call(call: MlCall, values: WrittenValues, tried: Collection[ast.AST]) -> Iterator[Hyperparameter]:
    for name, node in call.hyperparameters.items():
        if name == "params":
            yield from _of_table(call, node, values)
        else:
            value = values.of(node, call.scope)
            if _is_choice(name, value) and not _is_for_a_plot(call, name, value):
                yield Hyperparameter(call, name, value)
    spread = [
        one for keyword in call.node.keywords if keyword.arg is None for one in _of_spread(call, keyword.value, values)
    ]
    yield from spread
    if spread:
        return
    if call.has("instantiates") or (call.takes and call.is_open and not call.hyperparameters):
        yield Hyperparameter(call, ALL_GIVEN, GIVEN)
    elif not call.hyperparameters and not call.is_open and _OWN_CHOICE.fullmatch(call.name):
        given = call.node in tried or has_rate_of_its_own(call.argument("params", 0), call.scope)
        yield Hyperparameter(call, ALL_GIVEN if given else LEFT_OUT, GIVEN if given else Value("written"))


def _is_choice(name: str, value: Value) -> bool:
    return value.text not in _OFF and (value.text not in _ONE or name in _CHOSEN_WHEN_ONE)


def _is_for_a_plot(call: MlCall, name: str, value: Value) -> bool:
    """Two or three components are what can be drawn."""
    return name == "n_components" and call.name.startswith("sklearn.decomposition.") and value.text in {"2", "3"}


def _of_spread(call: MlCall, node: ast.expr, values: WrittenValues) -> Iterator[Hyperparameter]:
    """Read `**params`, where the dict is written out: what stands in it is given like any argument."""
    table = values.table(node, call.scope)
    for key, value in zip(table.keys, table.values, strict=True) if table else ():
        name = str(key.value) if isinstance(key, ast.Constant) else ""
        found = values.of(value, call.scope)
        if name in call.takes and _is_choice(name, found) and not _is_for_a_plot(call, name, found):
            yield Hyperparameter(call, name, found)


def _of_table(call: MlCall, node: ast.expr, values: WrittenValues) -> Iterator[Hyperparameter]:
    """Read the parameters that boosting takes as a dict, where the dict is written out."""
    table = values.table(node, call.scope)
    for key, value in zip(table.keys, table.values, strict=True) if table else ():
        name = key.value if isinstance(key, ast.Constant) else None
        if name in _BOOSTING:
            found = values.of(value, call.scope)
            if _is_choice(str(name), found):
                yield Hyperparameter(call, str(name), found)
