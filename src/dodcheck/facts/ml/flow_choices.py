"""Choices that a loop makes by a score: it keeps the best model, threshold or epoch so far, or stops early."""

import ast
import re
from collections.abc import Iterator

from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written

_BEST = re.compile(
    r"best|lowest|highest|(max|min|top)_?(acc|auc|f1|score|loss|err|rmse|mae|mse|r2|reward)", re.IGNORECASE
)
_STOPS = re.compile(r"early_?stop|stop_?early", re.IGNORECASE)


def judged_by(choice: ast.If) -> Iterator[ast.expr]:
    """Yield the scores by which a condition keeps what is best so far, or ends the training.

    Args:
        choice: A condition in a loop: `if score > best: best = score`, `if early_stopping(loss, model): break`.
    """
    kept = {written(target) for part in choice.body for target in _stored(part)}
    for part in walk(choice.test):
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            sides = (part.left, part.comparators[0])
            for best, score in (sides, sides[::-1]):
                if any(written(one) in kept and _BEST.search(written(one)) for one in _names(best)):
                    yield score
        elif isinstance(part, ast.Call) and _STOPS.search(written(part.func)):
            yield from part.args


def _stored(part: ast.stmt) -> Iterator[ast.expr]:
    for node in walk(part):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _names(side: ast.expr) -> Iterator[ast.expr]:
    return (node for node in walk(side) if isinstance(node, ast.Name | ast.Attribute | ast.Subscript))
