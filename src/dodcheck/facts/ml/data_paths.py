"""Which file, address or data set an argument names, as far as the code itself says so."""

import ast
import re
from typing import Literal, NamedTuple

from dodcheck.facts.code.scopes import Imported, Scope
from dodcheck.facts.code.writing import written

_DEEPEST = 8
_UNKNOWN = "\0"
_ENVIRONMENT = re.compile(r"\b(environ|getenv|env)\b")
_SAME = {
    "Path",
    "PurePath",
    "PosixPath",
    "str",
    "join",
    "fspath",
    "expanduser",
    "open",
    "resolve",
    "as_posix",
    "abspath",
}

Kind = Literal["file", "address", "environment", "given"]


class Target(NamedTuple):
    """What an argument names.

    Args:
        kind: `file` for a path, `address` for a URL, `environment` for what a variable of the environment holds,
            `given` for what comes from elsewhere.
        text: The path or address; of a path that starts somewhere unknown, the part that is known.
        whole: The text is all of it.
    """

    kind: Kind
    text: str = ""
    whole: bool = True


GIVEN = Target("given")


def target_of(node: ast.expr | None, scope: Scope) -> Target:
    """Read the path or address that an argument stands for."""
    if node is None:
        return GIVEN
    text = _text(node, scope, 0)
    if text is None or not text.strip(f"{_UNKNOWN}/."):
        return Target("environment") if _ENVIRONMENT.search(_source(node, scope)) else GIVEN
    known = text.rpartition(_UNKNOWN)[2].lstrip("/") if _UNKNOWN in text else text
    if "://" in text:
        return Target("address", text.replace(_UNKNOWN, "…"), _UNKNOWN not in text)
    if _UNKNOWN in text and not ("." in known and text.count(_UNKNOWN) == 1 and text.startswith(_UNKNOWN)):
        return Target("environment") if _ENVIRONMENT.search(_source(node, scope)) else GIVEN
    return Target("file", known.removeprefix("./"), _UNKNOWN not in text)


def literal_of(node: ast.expr | None, scope: Scope) -> str | None:
    """Return the text that an argument is, when the code says all of it."""
    text = _text(node, scope, 0) if node is not None else None
    return None if text is None or _UNKNOWN in text else text


def _source(node: ast.expr, scope: Scope) -> str:
    found = _bound(node.id, scope) if isinstance(node, ast.Name) else None
    return written(found[0]) if found else written(node)


def _text(node: ast.expr, scope: Scope, depth: int) -> str | None:  # noqa: PLR0911 - one line a kind of expression
    """Return the text of an expression, `_UNKNOWN` for each part that cannot be told; None when none of it can."""
    if depth > _DEEPEST:
        return None
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            found = _bound(name, scope)
            return _text(*found, depth + 1) if found else None
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _joined("/", [left, right], scope, depth)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined("", [left, right], scope, depth)
        case ast.JoinedStr(values=values):
            return _joined(
                "", [one.value if isinstance(one, ast.FormattedValue) else one for one in values], scope, depth
            )
        case ast.Call(func=func, args=args) if _last(func) in _SAME:
            inside = args or ([func.value] if isinstance(func, ast.Attribute) else [])
            return _joined("/", inside[:1] if _last(func) == "open" else inside, scope, depth)
        case _:
            return None


def _joined(between: str, parts: list[ast.expr], scope: Scope, depth: int) -> str | None:
    texts = [_text(one, scope, depth + 1) for one in parts]
    if all(one is None for one in texts):
        return None
    return between.join(_UNKNOWN if one is None else one.rstrip("/") if between else one for one in texts)


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _bound(name: str, scope: Scope) -> tuple[ast.expr, Scope] | None:
    """Return the one value that a name has, with the scope to read it in."""
    here: Scope | None = scope
    while here is not None:
        if name in here.bound and (here is scope or not here.is_class):
            bindings = here.bound[name]
            value = bindings[0].value
            return (value, bindings[0].scope) if len(bindings) == 1 and _is_value(value) else None  # type: ignore[return-value]
        here = here.parent
    return None


def _is_value(value: object) -> bool:
    return isinstance(value, ast.expr) and not isinstance(value, Imported)
