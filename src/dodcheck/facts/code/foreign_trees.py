"""Syntax trees that another Python has read, rebuilt as nodes of the running one.

Node types that the running Python lacks (`TypeAlias`, `TypeVar`, `TemplateStr`) become
subclasses of the nearest type that it has; fields that it lacks (`type_params`) are part
of the node's own `_fields`, so `ast.walk` and visitors reach what is in them.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dodcheck.facts.code.parsing import parsed
from dodcheck.facts.code.walking import walk

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


def with_old_strings(text: str, tree: ast.Module) -> str:
    """Return a text that the running Python can split into tokens, every token outside strings where it stood.

    F-strings that it cannot read (PEP 701 lets quotes, comments and line ends stand in them) become plain strings.

    Args:
        text: A module that another Python has read.
        tree: Its tree.
    """
    lines = [line.encode("utf-8", "surrogatepass") for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)]
    found: list[Any] = [node for node in walk(tree) if type(node).__name__ in {"JoinedStr", "TemplateStr"}]
    for node in found:
        start, end = (node.lineno - 1, node.col_offset), (node.end_lineno - 1, node.end_col_offset)
        if not _is_old(lines, start, end):
            _blank(lines, start, end)
    return b"".join(lines).decode("utf-8", "surrogatepass")


def _is_old(lines: Sequence[bytes], start: tuple[int, int], end: tuple[int, int]) -> bool:
    parts = [*lines[start[0] : end[0] + 1]]
    parts[-1] = parts[-1][: end[1]]
    parts[0] = parts[0][start[1] :]
    try:
        parsed(b"(" + b"".join(parts) + b")")
    except (SyntaxError, ValueError):
        return False
    return True


def _blank(lines: list[bytes], start: tuple[int, int], end: tuple[int, int]) -> None:
    """Put one plain string, over as many lines, in the place of what stands between two points."""
    for number in range(start[0], end[0] + 1):
        line = lines[number]
        body = line.rstrip(b"\r\n")
        first, last = number == start[0], number == end[0]
        begin, stop = (start[1] if first else 0), (end[1] if last else len(body))
        quotes = (b'"' if first else b""), (b'"' if last else b"\\")
        inside = b" " * (stop - begin - len(quotes[0]) - len(quotes[1]))
        lines[number] = line[:begin] + quotes[0] + inside + quotes[1] + line[stop:]


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
