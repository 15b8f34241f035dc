"""The texts that an expression of a migration may stand for: literals, constants, loops over literals, f-strings."""

import ast
from collections.abc import Mapping
from itertools import product

from dodcheck.facts.code.walking import walk
from dodcheck.facts.schema.expressions import last_name

Texts = tuple[str, ...]
_MOST = 64
_WRAPPERS = {"text", "dedent", "TextClause", "SQL", "quoted_name", "f"}


def texts_of(node: ast.expr | None, known: Mapping[str, Texts]) -> Texts | None:
    """Return every text that an expression may stand for; None when that cannot be told.

    Args:
        node: The expression.
        known: Texts by name of a variable.
    """
    match node:
        case ast.Constant(value=str(text)):
            found: Texts | None = (text,)
        case ast.Name(id=name):
            found = known.get(name)
        case ast.JoinedStr(values=values):
            found = _joined([v.value if isinstance(v, ast.FormattedValue) else v for v in values], known)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            found = _joined([left, right], known)
        case ast.IfExp(body=body, orelse=orelse):
            found = tuple(t for one in (body, orelse) for t in texts_of(one, known) or ()) or None
        case ast.Call(func=ast.Attribute(attr="strip" | "lower", value=value)):
            found = texts_of(value, known)
        case ast.Call(func=func, args=[first, *_]) if last_name(func) in _WRAPPERS:
            found = texts_of(first, known)
        case _:
            found = None
    return found


def loosely(node: ast.expr | None, known: Mapping[str, Texts]) -> str:
    """Return the text of an expression with what cannot be told left out."""
    whole = texts_of(node, known)
    if whole:
        return "\n".join(whole)
    parts = [n.value for n in walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)] if node else []
    return " ".join(parts)


def list_of(node: ast.expr | None, known: Mapping[str, Texts]) -> Texts | None:
    """Return the texts in a literal list, or the keys of a literal dict; None when one of them cannot be told."""
    if isinstance(node, ast.Dict):
        return list_of(ast.List([key for key in node.keys if key]), known)
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return texts_of(node, known)
    found = [texts_of(one, known) for one in node.elts]
    return None if any(one is None for one in found) else tuple(t for one in found if one for t in one)


def looped(target: ast.expr, source: ast.expr, known: Mapping[str, Texts]) -> Mapping[str, Texts]:
    """Return what the variables of a loop over a literal may stand for."""
    rows = source.elts if isinstance(source, ast.List | ast.Tuple | ast.Set) else []
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "items":
        first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else None
        return looped(first, source.func.value, known) if isinstance(first, ast.Name) else known
    if isinstance(target, ast.Name):
        values = list_of(source, known)
        return {**known, target.id: values} if values else known
    found = dict(known)
    for at, one in enumerate(target.elts if isinstance(target, ast.Tuple) else []):
        column = [texts_of(row.elts[at], known) for row in rows if isinstance(row, ast.Tuple) and at < len(row.elts)]
        if isinstance(one, ast.Name) and column and all(column):
            found[one.id] = tuple(t for c in column if c for t in c)
    return found


def _joined(parts: list[ast.expr], known: Mapping[str, Texts]) -> Texts | None:
    each = [texts_of(one, known) for one in parts]
    if any(one is None for one in each):
        return None
    return tuple("".join(row) for row in list(product(*(one or () for one in each)))[:_MOST])
