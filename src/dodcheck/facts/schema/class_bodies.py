"""What the body of one class says of a table: columns, table name, arguments, abstract or not."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.column_declarations import ColumnReader, Declared
from dodcheck.facts.schema.column_types import string_of
from dodcheck.facts.schema.definitions import Definitions
from dodcheck.facts.schema.expressions import flag, inside_mapped, last_name
from dodcheck.facts.schema.table_arguments import listed


class Body(NamedTuple):
    """One class body.

    Args:
        columns: Columns that are declared as such.
        fields: Annotated fields, which are columns only in a SQLModel table.
        tablename: The literal `__tablename__`.
        computes_name: `__tablename__` is a method or an expression.
        abstract: `__abstract__ = True`, or it has a `__table__` of its own.
        sqlmodel_table: `table=True`.
        is_root: The class itself is a declarative base.
        arguments: Elements of `__table_args__`.
    """

    columns: tuple[Declared, ...]
    fields: tuple[Declared, ...]
    tablename: str | None
    computes_name: bool
    abstract: bool
    sqlmodel_table: bool
    is_root: bool
    arguments: tuple[ast.expr, ...]


class BodyReader:
    """Reads class bodies of one side, each once.

    Args:
        definitions: Where names are defined.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._columns = ColumnReader(definitions)
        self._known: dict[tuple[str, ast.ClassDef], Body] = {}

    def read(self, path: str, node: ast.ClassDef) -> Body:
        """Return what the body of a class says."""
        key = (path, node)
        if key not in self._known:
            self._known[key] = self._read(path, node)
        return self._known[key]

    def _read(self, path: str, node: ast.ClassDef) -> Body:
        special = {name: value for name, value, _ in _bound(node.body) if name.startswith("__")}
        name, arguments = special.get("__tablename__"), special.get("__table_args__")
        literal = string_of(self._definitions, path, name)
        table = any(k.arg == "table" and flag(k.value) for k in node.keywords)
        sqlmodel = any(last_name(base) == "SQLModel" for base in node.bases) or table
        fields = tuple(self._fields(path, node))
        decorated = any("as_declarative" in written(one) for one in node.decorator_list)
        return Body(
            columns=tuple(self._declared(path, node)),
            fields=fields,
            tablename=literal,
            computes_name=name is not None and literal is None,
            abstract=flag(special.get("__abstract__")) or "__table__" in special,
            sqlmodel_table=table,
            is_root=decorated or (not sqlmodel and any(last_name(b).startswith("DeclarativeBase") for b in node.bases)),
            arguments=tuple(listed(arguments)) if arguments is not None else (),
        )

    def _declared(self, path: str, node: ast.ClassDef) -> Iterator[Declared]:
        for name, value, annotation in _bound(node.body):
            if name.startswith("__"):
                continue
            found = None
            if annotation is not None and inside_mapped(annotation) is not None:
                found = self._columns.mapped(path, name, annotation, value)
            elif value is not None:
                found = self._columns.classic(path, name, value)
            if found is not None:
                yield found

    def _fields(self, path: str, node: ast.ClassDef) -> Iterator[Declared]:
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                found = self._columns.sqlmodel(path, one.target.id, one.annotation, one.value)
                if found is not None and inside_mapped(one.annotation) is None:
                    yield found


def _bound(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """Yield each name of a class with its value and annotation; a declared_attr with what it returns."""
    for one in body:
        if isinstance(one, ast.Assign):
            yield from ((t.id, one.value, None) for t in one.targets if isinstance(t, ast.Name))
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            yield one.target.id, one.value, one.annotation
        elif isinstance(one, ast.FunctionDef) and any("declared_attr" in written(d) for d in one.decorator_list):
            returned = next((r.value for r in walk(one) if isinstance(r, ast.Return) and r.value), None)
            if returned is not None:
                yield one.name, returned, one.returns
        elif isinstance(one, ast.If):  # `if not TYPE_CHECKING:` and the like
            yield from _bound([*one.body, *one.orelse])
