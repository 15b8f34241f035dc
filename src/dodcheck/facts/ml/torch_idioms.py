"""How PyTorch is written: what clears gradients, turns a model to evaluation and back, or runs it."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.modules import Function as FunctionNode
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.code.writing import written

Loop = ast.For | ast.AsyncFor | ast.While

MODEL = re.compile(r"(^|[._])(\w*model|\w*net|network|module|classifier|encoder|decoder)$", re.IGNORECASE)
_CLEARS = {"zero_grad", "zero_grads", "zero_", "clear_grad", "clear_gradients", "clip_grad_and_zero"}


class Reach(NamedTuple):
    """What some code does, itself or in the functions of the file that it calls.

    Args:
        nodes: Every call and assignment.
        owners: The text of what each method is called on, by method.
    """

    nodes: tuple[ast.AST, ...]
    owners: Mapping[str, tuple[str, ...]]


def within(loop: Loop, line: int) -> bool:
    """Tell whether a 1-based line stands in a loop."""
    return loop.lineno <= line <= (loop.end_lineno or line)


def outer_loops(node: ast.AST) -> Iterator[Loop]:
    """Yield the outermost loops of some code, those of nested functions and classes left out."""
    for child in children(node):
        if isinstance(child, Loop):
            yield child
        elif not isinstance(child, Definition):
            yield from outer_loops(child)


def read(nodes: Iterable[ast.AST]) -> Reach:
    """Return what the calls and assignments among some nodes do."""
    kept = tuple(one for one in nodes if isinstance(one, ast.Call | ast.Assign))
    owners: dict[str, tuple[str, ...]] = {}
    for one in kept:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            owners[one.func.attr] = (*owners.get(one.func.attr, ()), owner(one))
    return Reach(kept, owners)


def method(node: ast.AST) -> str:
    """Return the name of the method that a node calls; empty when it calls none."""
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def owner(call: ast.Call) -> str:
    """Return the text of what a method is called on."""
    return written(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def clears(reach: Reach) -> bool:
    """Tell whether gradients are cleared: by a method, by hand, or by an optimizer that is handed over for it."""
    if not _CLEARS.isdisjoint(reach.owners):
        return True
    targets = [target for one in reach.nodes if isinstance(one, ast.Assign) for target in one.targets]
    return any(isinstance(target, ast.Attribute) and target.attr == "grad" for target in targets)


def _flag(call: ast.Call) -> object:
    given = [*call.args, *(one.value for one in call.keywords)]
    if not given:
        return None
    return given[0].value if isinstance(given[0], ast.Constant) else ...


def turns_off(node: ast.AST) -> bool:
    """Tell whether a call turns a model to evaluation: `eval()`, `train(False)`."""
    if not isinstance(node, ast.Call):
        return False
    return (method(node) == "eval" and _flag(node) is None) or (method(node) == "train" and _flag(node) is False)


def turns_on(node: ast.AST) -> bool:
    """Tell whether a call turns a model to training, or gives back the mode that it had."""
    return isinstance(node, ast.Call) and method(node) == "train" and _flag(node) is not False


def uses_model(loop: Loop, owner: str) -> bool:
    """Tell whether a loop runs a model, or hands it on, besides turning it to evaluation."""
    if not MODEL.search(owner):
        return False
    calls = [one for one in walk(loop) if isinstance(one, ast.Call) and not turns_off(one)]
    return any(written(one.func) == owner or owner in map(written, one.args) for one in calls)


def handed_for(function: FunctionNode, call: ast.Call, name: str) -> str | None:
    """Return what a call hands over for a parameter, in the caller's words; an attribute of self is itself."""
    if name.startswith("self."):
        return name
    names = [one.arg for one in [*function.args.posonlyargs, *function.args.args]]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    keyword = next((one.value for one in call.keywords if one.arg == name), None)
    at = names.index(name) if name in names else len(call.args)
    value = keyword or (call.args[at] if at < len(call.args) else None)
    return written(value) if value is not None else None


def is_handed_self(call: ast.Call) -> bool:
    """`Parent.forward(self, x)` is how a class calls the one that it extends."""
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Name) and first.id in {"self", "ctx"}
