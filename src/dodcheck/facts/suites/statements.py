"""Statements of a test module: what they assign, mark, and take out of collection."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from dodcheck.facts.suites.folding import text_of, truth


def classes(body: Sequence[ast.stmt]) -> Iterator[ast.ClassDef]:
    """Yield the classes of a module, those in others too."""
    for stmt in body:
        if isinstance(stmt, ast.ClassDef):
            yield stmt
            yield from classes(stmt.body)
        for part, _ in blocks(stmt):
            yield from classes(part)


def marks(body: Sequence[ast.stmt], decorators: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """Yield decorators and the values of `pytestmark`."""
    yield from decorators
    for name, value in assigned(body):
        if name == "pytestmark":
            yield from value.elts if isinstance(value, ast.List | ast.Tuple) else [value]


def assigned(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that statements assign, with what they assign."""
    for stmt in body:
        if isinstance(stmt, ast.Assign | ast.AnnAssign) and stmt.value:
            targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
            yield from ((target.id, stmt.value) for target in targets if isinstance(target, ast.Name))


def switches(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is taken out of collection: `test_x.__test__ = False`, `test_x = None`, `del test_x`."""
    yield from assigned(body)
    for stmt in body:
        if isinstance(stmt, ast.Delete):
            yield from ((text_of(target), ast.Constant(value=None)) for target in stmt.targets)
        elif isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Attribute):
            owner, _, attribute = text_of(stmt.targets[0]).rpartition(".")
            if attribute == "__test__":
                yield owner, stmt.value


def tables(body: Sequence[ast.stmt], text: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield names that are bound once, the empty containers that code fills later left out."""
    found = list(_bound(body))
    often = Counter([*(name for name, _ in found), *_imported(body)])
    for name, value in found:
        filled = truth(value) is False and re.search(rf"\b{name}(\.\w|\[| *\+=)|global .*\b{name}\b", text)
        if often[name] == 1 and not filled:
            yield name, value


def _imported(body: Sequence[ast.stmt]) -> Iterator[str]:
    for stmt in body:
        if isinstance(stmt, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in stmt.names)
        for part, _ in blocks(stmt):
            yield from _imported(part)


def _bound(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    yield from assigned(body)
    for stmt in body:
        for part, _ in blocks(stmt):
            yield from _bound(part)


def blocks(stmt: ast.stmt) -> Iterator[tuple[Sequence[ast.stmt], tuple[tuple[ast.expr, bool], ...]]]:
    """Yield the statements inside of a compound statement that opens no scope, each with its condition."""
    if isinstance(stmt, ast.If):
        yield stmt.body, ((stmt.test, True),)
        yield stmt.orelse, ((stmt.test, False),)
    elif isinstance(stmt, ast.Try | ast.With | ast.For):
        for handler in getattr(stmt, "handlers", ()):
            yield handler.body, ()
        for part in ("body", "orelse", "finalbody"):
            yield getattr(stmt, part, []), ()
