"""What stands beside the columns of a table: indexes, constraints, references."""

import ast
from collections.abc import Iterable
from typing import NamedTuple

from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.column_declarations import actions_of
from dodcheck.facts.schema.column_types import bare, string_of
from dodcheck.facts.schema.definitions import Definitions
from dodcheck.facts.schema.expressions import called, flag, keywords_of, last_name
from dodcheck.facts.schema.values import ForeignKey, Index

_WHERE = ("postgresql_where", "sqlite_where", "mssql_where")


class TableArguments(NamedTuple):
    """Indexes, references, checks and primary key that arguments of a table declare."""

    indexes: frozenset[Index] = frozenset()
    foreign_keys: frozenset[ForeignKey] = frozenset()
    checks: frozenset[str] = frozenset()
    primary_key: tuple[str, ...] = ()


def read_arguments(definitions: Definitions, path: str, arguments: Iterable[ast.expr]) -> TableArguments:
    """Read `__table_args__`, or what follows the columns of `Table(...)`."""
    indexes: set[Index] = set()
    keys: set[ForeignKey] = set()
    checks: set[str] = set()
    primary: tuple[str, ...] = ()
    for node in arguments:
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name == "Index":
            indexes.add(index_of(definitions, path, node))
        elif name == "UniqueConstraint":
            named = string_of(definitions, path, keywords_of(node).get("name")) or ""
            indexes.add(Index(columns_of(definitions, path, node.args), unique=True, constraint=True, name=named))
        elif name == "ForeignKeyConstraint" and len(node.args) > 1:
            ours, theirs = (columns_of(definitions, path, listed(one)) for one in node.args[:2])
            keys.add(ForeignKey(ours, ",".join(theirs), actions_of(node)))
        elif name == "PrimaryKeyConstraint":
            primary = columns_of(definitions, path, node.args)
        elif name in {"CheckConstraint", "ExcludeConstraint"} and node.args:
            inner = node.args[0]
            text = inner.args[0] if isinstance(inner, ast.Call) and called(inner) == "text" and inner.args else inner
            checks.add(string_of(definitions, path, text) or written(node))
    return TableArguments(frozenset(indexes), frozenset(keys), frozenset(checks), primary)


def index_of(definitions: Definitions, path: str, node: ast.Call) -> Index:
    """Read `Index("name", "column", ..., unique=...)`."""
    keywords = keywords_of(node)
    name = string_of(definitions, path, node.args[0]) if node.args else None
    where = " ".join(bare(written(keywords[key])) for key in _WHERE if key in keywords)
    return Index(
        columns_of(definitions, path, node.args[1:]), flag(keywords.get("unique")), name=name or "", where=where
    )


def columns_of(definitions: Definitions, path: str, nodes: Iterable[ast.expr]) -> tuple[str, ...]:
    """Return the column names of arguments: text, `Class.column`, or an expression as written."""
    found = []
    for node in nodes:
        text = string_of(definitions, path, node)
        if text is None and isinstance(node, ast.Call) and called(node) in {"desc", "asc", "text", "nullslast"}:
            inner = node.args[0] if node.args else getattr(node.func, "value", node)
            text = string_of(definitions, path, inner) or last_name(inner) or bare(written(inner))
        found.append(text if text is not None else last_name(node) or bare(written(node)))
    return tuple(found)


def listed(node: ast.expr) -> list[ast.expr]:
    """Return the elements of a literal list or tuple."""
    return node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else []
