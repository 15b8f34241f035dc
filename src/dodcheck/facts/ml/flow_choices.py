"""Choices by a score: a loop keeps the best model, threshold or epoch so far or stops early; the best of a list."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.ml.flow_call import Call
from dodcheck.facts.ml.flow_values import Value

_BEST = re.compile(
    r"best|lowest|highest|(max|min|top)_?(acc|auc|f1|score|loss|err|rmse|mae|mse|r2|reward)", re.IGNORECASE
)
_STOPS = re.compile(r"early_?stop|stop_?early", re.IGNORECASE)
_IS_BEST = re.compile(r"(is|new|found)_?(the_?)?best\w*|improved|is_better", re.IGNORECASE)
_SCORE = re.compile(r"acc|score|auc|f1|err|loss|rmse|mse|mae|r2|metric|perf|result|epoch|step|iter", re.IGNORECASE)
_SCORES = re.compile(
    r"acc(urac\w+)?s?\b|acc_|scores?|auc|f1|err(or)?s?(_|\b)|loss|rmse|mse|mae|r2|metric|result", re.IGNORECASE
)
_PREDICTED = re.compile(r"pred|prob|logit|output|y_hat|predict", re.IGNORECASE)
_SHOWS = re.compile(r"^(print|tqdm\.write|pprint|display|log\w*\.\w+|\w*logger\.\w+|wandb\.\w+|mlflow\.\w+|plt\.\w+)$")
_NO_MORE = "no more than the best score is kept by it"
_FIRST_BEST = {"argmax", "argmin", "idxmax", "idxmin", "nanargmax", "nanargmin"}


class Choice(NamedTuple):
    """A choice by a score.

    Args:
        score: The score.
        doubt: Why nothing may rest on it; empty when something is kept by it.
    """

    score: ast.expr
    doubt: str


def judged_by(node: ast.If | ast.Assign) -> Iterator[Choice]:
    """Yield the scores by which a condition keeps what is best so far, or ends the training.

    Args:
        node: A statement in a loop: `if score > best: best = score`, `if early_stopping(loss, model): break`,
            `is_best = score > best`, `best = max(best, score)`.
    """
    if isinstance(node, ast.Assign):
        name = written(node.targets[0])
        if _IS_BEST.fullmatch(name):
            yield from (Choice(score, "") for score in _compared(node.value, None))
        elif isinstance(node.value, ast.Call) and written(node.value.func) in {"max", "min"} and _BEST.search(name):
            others = [one for one in node.value.args if written(one) != name]
            yield from (Choice(one, _NO_MORE) for one in others if len(others) < len(node.value.args))
        return
    kept = [target for part in node.body for target in _stored(part)]
    doubt = "" if _keeps_more(node, kept) else _NO_MORE
    yield from (Choice(score, doubt) for score in _compared(node.test, {written(one) for one in kept}))
    for part in walk(node.test):
        if isinstance(part, ast.Call) and _STOPS.search(written(part.func)):
            yield from (Choice(one, doubt) for one in part.args)


def best_of(call: Call) -> Value | None:
    """Return the scores of which a call gives the place of the best; None when it gives no such thing."""
    if not call.every and call.owner is None:
        return None
    node, value = _picked_from(call)
    text = written(node) if node is not None else ""
    return value if _SCORES.search(text) and not _PREDICTED.search(text) else None


def _picked_from(call: Call) -> tuple[ast.expr | None, Value | None]:
    owner = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
    first, given = (call.node.args[0], call.given[0]) if call.node.args and call.given else (None, None)
    if call.last in _FIRST_BEST and "axis" not in call.named and len(call.node.args) <= 1:
        return (first, given) if first is not None else (owner, call.owner)
    if call.last == "index" and isinstance(first, ast.Call) and written(first.func) in {"max", "min"}:
        return owner, call.owner
    if call.name in {"max", "min"} and "key" in call.named:
        return first, given
    return None, None


def _compared(test: ast.expr, kept: set[str] | None) -> Iterator[ast.expr]:
    """Yield what is compared with the best so far: with what is kept, or with whatever is named so."""
    for part in walk(test):
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            sides = (part.left, part.comparators[0])
            for best, score in (sides, sides[::-1]):
                names = [written(one) for one in _names(best)]
                if any(_BEST.search(one) and (kept is None or one in kept) for one in names):
                    yield score


def _keeps_more(choice: ast.If, kept: list[ast.expr]) -> bool:
    """Tell whether more is kept than scores and when they were reached: a model, a threshold, a file."""
    if any(not _SCORE.search(written(one)) and written(one) != "best" for one in kept):
        return True
    nodes = [node for part in choice.body for node in walk(part)]
    if any(isinstance(node, ast.Break | ast.Return) for node in nodes):
        return True
    calls = (node.value for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    return any(not _SHOWS.match(written(one.func)) for one in calls)


def _stored(part: ast.stmt) -> Iterator[ast.expr]:
    for node in walk(part):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _names(side: ast.expr) -> Iterator[ast.expr]:
    return (node for node in walk(side) if isinstance(node, ast.Name | ast.Attribute | ast.Subscript))
