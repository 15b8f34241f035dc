"""How long a function is: the lines of code in its body, and its statements."""

import ast
from collections.abc import Iterator
from typing import Self

import msgspec

from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.walking import blocks, children, walk

_DISPLAYS = ast.Dict | ast.List | ast.Set | ast.Tuple
_LOGIC = ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.IfExp | ast.NamedExpr
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
_DECLARING = {
    "add_argument", "add_argument_group", "add_parser", "add_subparsers", "add_option", "add_mutually_exclusive_group",
    "set_defaults", "add_typer", "add_command",
}  # fmt: skip
_MOSTLY = 2 / 3


class FunctionLength(msgspec.Struct, frozen=True):
    """Size of one function.

    Args:
        lines: Lines of the body that hold code: no docstring, blank line or comment.  A literal of many lines
            counts as one, and so does a `match` whose cases are one simple statement each.
        statements: Its statements, those of nested functions and lambdas inside lambdas included.
        declares: Most of its statements declare arguments of a command.
    """

    lines: int
    statements: int
    declares: bool

    @classmethod
    def measure(cls, function: Function, *, whole: bool = False) -> Self:
        """Measure a function.

        Args:
            function: The function; functions inside of it count as parts of it.
            whole: Count every line of literals and of `match`.
        """
        span = function.body_lines
        if span is None:
            return cls(0, 0, declares=False)
        aside = {line for node in _folded(function, whole=whole) for line in _inner_lines(node)}
        aside |= {line for node in _docstrings(function) for line in range(node.lineno, (node.end_lineno or 0) + 1)}
        text = function.file.lines
        body = [number for number in range(span[0], span[1] + 1) if number not in aside]
        lines = sum(bool(text[number - 1].strip()) and text[number - 1].lstrip()[0] != "#" for number in body)
        found = list(_statements(function.body, whole=whole))
        declaring = sum(map(_declares, found))
        return cls(lines, len(found) + _chained(function), declares=declaring > _MOSTLY * len(found))


def _inner_lines(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)


def _folded(function: Function, *, whole: bool) -> Iterator[ast.expr | ast.stmt]:
    """Yield the literals and dispatch tables that count as one line."""
    stack: list[ast.AST] = [] if whole else list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.expr | ast.stmt) and node.lineno != node.end_lineno and _is_data(node):
            yield node
        else:
            stack.extend(children(node))


def _is_data(node: ast.AST) -> bool:
    if isinstance(node, ast.Match):
        return _is_dispatch(node)
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return True
    return isinstance(node, _DISPLAYS) and not any(isinstance(part, _LOGIC) for part in walk(node))


def _is_dispatch(node: ast.Match) -> bool:
    return all(
        len(case.body) == 1 and not isinstance(case.body[0], (*_COMPOUND, *Definition.__args__)) for case in node.cases
    )


def _docstrings(function: Function) -> Iterator[ast.stmt]:
    for statement in function.body:
        for node in walk(statement):
            if isinstance(node, Definition) and ast.get_docstring(node, clean=False) is not None:
                yield node.body[0]


def _statements(body: list[ast.stmt], *, whole: bool) -> Iterator[ast.stmt]:
    """Yield the statements below, docstrings and the cases of a dispatch table left out."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.Match) and not whole and _is_dispatch(node):
            continue
        below = blocks(node)
        if isinstance(node, Definition) and ast.get_docstring(node, clean=False) is not None:
            below.remove(node.body[0])
        stack.extend(below)


def _chained(function: Function) -> int:
    """Count lambdas inside of lambdas: statements in disguise."""
    outer = (node for part in function.body for node in walk(part) if isinstance(node, ast.Lambda))
    return len({inner for one in outer for inner in walk(one.body) if isinstance(inner, ast.Lambda)})


def _declares(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in _DECLARING
