"""Expressions of a function with its own variables put in, so that giving a value a name changes nothing."""

import ast
from collections.abc import Mapping
from typing import TypeVar, cast

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.flow import own_nodes

Node = TypeVar("Node", bound=ast.AST)
_DEPTH, _NODES = 6, 600  # a chain of variables longer than any test has, and what keeps `x = f(x, x)` from growing


def assigned_once(node: Function) -> dict[str, ast.expr]:
    """Return the variables of a function that are bound once, to an expression, with it."""
    stored: dict[str, int] = {}
    values: dict[str, ast.expr] = {}
    for part in own_nodes(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del):
            stored[part.id] = stored.get(part.id, 0) + 1
        elif isinstance(part, ast.Assign) and len(part.targets) == 1 and isinstance(part.targets[0], ast.Name):
            values[part.targets[0].id] = part.value
        elif isinstance(part, ast.AnnAssign | ast.NamedExpr) and isinstance(part.target, ast.Name) and part.value:
            values[part.target.id] = part.value
    given = {arg.arg for arg in walk(node.args) if isinstance(arg, ast.arg)}
    return {name: value for name, value in values.items() if stored.get(name) == 1 and name not in given}


def arguments(node: Function, call: ast.Call) -> dict[str, ast.expr]:
    """Return the arguments of a call by the parameters that they are given to; empty when that cannot be told."""
    if any(isinstance(arg, ast.Starred) for arg in call.args) or any(one.arg is None for one in call.keywords):
        return {}
    names = [arg.arg for arg in [*node.args.posonlyargs, *node.args.args] if arg.arg not in {"self", "cls"}]
    given = dict(zip(names, call.args, strict=False))
    return given | {one.arg: one.value for one in call.keywords if one.arg}


def inlined(node: Node, values: Mapping[str, ast.expr]) -> Node:
    """Return a copy with variables put in, `await` dropped and `self.x` read as `x`.

    Args:
        node: What to copy; it stays as it is.
        values: Expressions by name.
    """
    try:
        made = _Copy(values).of(node, 0)
    except RecursionError:
        return node
    return cast(Node, made)


class _Copy:
    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values
        self._made = 0

    def of(self, node: ast.AST, depth: int) -> ast.AST:
        self._made += 1
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = self._values.get(node.id) if depth < _DEPTH and self._made < _NODES else None
            return node if value is None else self.of(value, depth + 1)
        if isinstance(node, ast.Await):
            return self.of(node.value, depth)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
            return ast.copy_location(ast.Name(node.attr, ast.Load()), node)
        if isinstance(node, ast.Constant):
            return ast.copy_location(ast.Constant(node.value), node)  # `u""` is `""`
        if not node._fields:
            return node
        made = {name: self._field(getattr(node, name, None), depth) for name in node._fields}
        return ast.copy_location(type(node)(**made), node)

    def _field(self, value: object, depth: int) -> object:
        if isinstance(value, list):
            return [self.of(one, depth) if isinstance(one, ast.AST) else one for one in value]
        return self.of(value, depth) if isinstance(value, ast.AST) else value
