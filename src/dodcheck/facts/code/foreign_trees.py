"""Syntax trees that another Python has read, rebuilt as nodes of the running one.

Node types that the running Python lacks (`TypeAlias`, `TypeVar`, `TemplateStr`) become
subclasses of the nearest type that it has; fields that it lacks (`type_params`) are part
of the node's own `_fields`, so `ast.walk` and visitors reach what is in them.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_MARK = "foreign"
_made: dict[str, type[ast.AST]] = {}
_CONSTANTS: Mapping[str, Callable[[Any], object]] = {
    "int": lambda text: int(text, 16),
    "float": float,
    "complex": lambda parts: complex(*map(float, parts)),
    "bytes": lambda text: text.encode("latin-1"),
    "ellipsis": lambda _: ...,
}


def is_foreign(node: ast.AST) -> bool:
    """Tell whether another Python has read a node: `ast.unparse` may crash on it, or leave parts of it out."""
    return hasattr(node, _MARK)


def rebuilt(nodes: Sequence[Sequence[Any]], kinds: Mapping[str, Sequence[Any]]) -> ast.AST:
    """Return the tree of what `probe/dodcheck_syntax.py` says of one module.

    Args:
        nodes: Kind, position and fields of each node, children first, the root last.
        kinds: Base and names of fields of each kind.
    """
    built: list[ast.AST] = []
    types = {kind: _type(kind, base, fields) for kind, (base, fields) in kinds.items()}
    for kind, position, fields in nodes:
        node = types[kind].__new__(types[kind])
        for name, value in fields.items():
            setattr(node, name, _value(value, built))
        for name, number in zip(_POSITION, position or (), strict=False):
            setattr(node, name, number)
        more = [name for name in fields if name not in node._fields and getattr(node, name)]
        if more:
            setattr(node, "_fields", (*node._fields, *more))  # noqa: B010 - typeshed has it as the type's alone
        setattr(node, _MARK, True)
        built.append(node)
    return built[-1]


def _type(kind: str, base: str, fields: Sequence[str]) -> type[ast.AST]:
    known = getattr(ast, kind, None)
    if isinstance(known, type) and issubclass(known, ast.AST):
        return known
    parent = getattr(ast, base, ast.AST)
    body = {"_fields": tuple(fields), "_field_types": dict.fromkeys(fields, object), "_attributes": _POSITION}
    return _made.setdefault(kind, type(kind, (parent,), body))


def _value(value: Any, built: Sequence[ast.AST]) -> object:  # noqa: ANN401 - anything that JSON holds
    if isinstance(value, list):
        return [_value(one, built) for one in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    return built[content] if kind == "node" else _CONSTANTS[kind](content)
