"""Syntax trees as text, also those that hold syntax newer than the running Python.

`ast.unparse` crashes on an f-string that PEP 701 allows and leaves type parameters out,
where another Python has read the tree; so nothing here calls it on such a tree.
"""

import ast
import copy
from collections.abc import Iterable
from typing import Any

from dodcheck.facts.code.foreign_trees import is_foreign

_STARS = {"TypeVarTuple": "*", "ParamSpec": "**"}


def written(node: ast.AST) -> str:
    """Return the code of a node in one normal form, without comments; newer syntax as that Python writes it."""
    return ast.unparse(portable(node) if is_foreign(node) else node)


def portable(node: ast.AST) -> ast.AST:
    """Return a copy that the running Python can write; newer syntax stands in it as names that hold its text."""
    return _Portable().visit(copy.deepcopy(node))  # type: ignore[no-any-return]


class _Portable(ast.NodeTransformer):
    """Puts the text of newer syntax where older syntax has a name."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._named(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._named(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._named(node)

    def visit_TypeAlias(self, node: Any) -> ast.AST:  # noqa: ANN401 - a type that Python 3.11 lacks
        self.generic_visit(node)
        name = ast.unparse(node.name) + _brackets(node.type_params)
        return ast.Expr(ast.Name(f"type {name} = {ast.unparse(node.value)}"))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        try:  # what the running Python can write must read the same as on a side that it has read itself
            return ast.Name(ast.unparse(node))
        except ValueError:
            return ast.Name(_string("f", node.values))

    def visit_TemplateStr(self, node: Any) -> ast.AST:  # noqa: ANN401 - a type that Python 3.13 lacks
        return ast.Name(_string("t", node.values))

    def _named(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.name += _brackets(getattr(node, "type_params", []))
        node.__dict__.pop("type_params", None)
        return node


def _brackets(parameters: Iterable[Any]) -> str:
    texts = [_parameter(one) for one in parameters]
    return f"[{', '.join(texts)}]" if texts else ""


def _parameter(node: Any) -> str:  # noqa: ANN401 - types that Python 3.11 lacks
    text: str = _STARS.get(type(node).__name__, "") + node.name
    bound, default = getattr(node, "bound", None), getattr(node, "default_value", None)
    text += f": {ast.unparse(bound)}" if bound else ""
    return text + (f" = {ast.unparse(default)}" if default else "")


def _string(prefix: str, parts: Iterable[Any]) -> str:
    return f"{prefix}'{''.join(map(_part, parts))}'"


def _part(node: Any) -> str:  # noqa: ANN401 - `Interpolation` is a type that Python 3.13 lacks
    if isinstance(node, ast.Constant):
        return repr(node.value)[1:-1].replace("{", "{{").replace("}", "}}")
    conversion = f"!{chr(node.conversion)}" if node.conversion > 0 else ""
    spec = ":" + "".join(map(_part, node.format_spec.values)) if node.format_spec else ""
    return "".join(("{", written(node.value), conversion, spec, "}"))
