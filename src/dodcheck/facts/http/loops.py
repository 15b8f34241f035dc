"""Loops over literal lists in a module, and the tables that its registrations may read from."""

import ast
from collections.abc import Sequence

from dodcheck.facts.code.scopes import ScopedModule
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written


class Loops:
    """What loop variables of a module stand for.

    Args:
        module: The module.
    """

    def __init__(self, module: ScopedModule) -> None:
        self._module = module
        self._loops: list[ast.For] | None = None

    def values(self, node: ast.expr, line: int) -> Sequence[ast.expr]:
        """Return the elements that a loop variable takes on one after the other; else the expression itself."""
        if not isinstance(node, ast.Name):
            return [node]
        if self._loops is None:
            root = self._module.root.node
            self._loops = [one for one in walk(root) if isinstance(one, ast.For)]
        for loop in self._loops:
            if loop.lineno <= line <= (loop.end_lineno or line):
                position = _position(loop.target, node.id)
                elements = self._elements(loop.iter) if position is not None else None
                if elements:
                    return [_part(one, position) for one in elements]
        return [node]

    def _elements(self, node: ast.expr) -> list[ast.expr] | None:
        """Return what a literal list holds; of `table.items()` the pairs."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
            table = self._literal(node.func.value)
            if isinstance(table, ast.Dict) and all(table.keys):
                return [ast.Tuple([k, v]) for k, v in zip(table.keys, table.values, strict=True) if k]
        found = self._literal(node)
        return list(found.elts) if isinstance(found, ast.List | ast.Tuple) else None

    def _literal(self, node: ast.expr) -> ast.expr:
        bound = self._module.root.bound.get(node.id, []) if isinstance(node, ast.Name) else []
        return next((one.value for one in bound if isinstance(one.value, ast.List | ast.Tuple | ast.Dict)), node)

    @staticmethod
    def tables(module: ScopedModule) -> list[str]:
        """Return the text of the literal tables at the top of a module."""
        literals = (ast.List, ast.Tuple, ast.Dict, ast.Set)
        bound = (one.value for bindings in module.root.bound.values() for one in bindings)
        return [written(one) for one in bound if isinstance(one, literals)]


def _position(target: ast.expr, name: str) -> int | None:
    """Return where a name stands in a loop's target; -1 when it is the whole of it."""
    if isinstance(target, ast.Name):
        return -1 if target.id == name else None
    parts = target.elts if isinstance(target, ast.Tuple) else []
    return next((i for i, one in enumerate(parts) if isinstance(one, ast.Name) and one.id == name), None)


def _part(element: ast.expr, position: int | None) -> ast.expr:
    if position is None or position < 0 or not isinstance(element, ast.List | ast.Tuple):
        return element
    return element.elts[position] if position < len(element.elts) else element
