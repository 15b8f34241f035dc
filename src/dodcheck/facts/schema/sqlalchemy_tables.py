"""Tables that the modules of one side declare with SQLAlchemy or SQLModel."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple, Self

from msgspec.structs import replace

from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.class_bodies import Body, BodyReader
from dodcheck.facts.schema.column_declarations import COLUMN_CALLS, ColumnReader, Declared
from dodcheck.facts.schema.column_types import string_of
from dodcheck.facts.schema.definitions import Definitions
from dodcheck.facts.schema.expressions import called, last_name
from dodcheck.facts.schema.table_arguments import TableArguments, read_arguments
from dodcheck.facts.schema.values import Column, ForeignKey, Index, Table

_ROOTS = {"DeclarativeBase", "DeclarativeBaseNoMeta", "AsyncAttrs", "MappedAsDataclass", "DeclarativeMeta"}
_FLASK_ROOT = re.compile(r"(^|\.)(db|database|flask_app|app)\.Model$|flask_sqlalchemy(\.\w+)*\.Model$")
_DECLARATIVE = {"declarative_base", "generate_base", "automap_base"}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class _Ancestor(NamedTuple):
    path: str
    node: ast.ClassDef
    body: Body


class SqlalchemyTables:
    """Reads tables of one side; mixins and abstract bases are followed into other modules.

    Args:
        definitions: Where names are defined.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._bodies = BodyReader(definitions)
        self._columns = ColumnReader(definitions)

    @classmethod
    def of(cls, definitions: Definitions) -> Self:
        """Nothing is read yet."""
        return cls(definitions)

    def tables(self, path: str) -> Iterator[Table]:
        """Yield the tables of a file; a class that only adds to its parent's table yields that part.

        Raises:
            ToolError: The file, or one that it takes a base class from, cannot be parsed.
        """
        tree = self._definitions.scope(path).tree
        for node in walk(tree):
            if isinstance(node, ast.Call) and called(node) == "Table":
                yield from self._core(path, node)
            elif isinstance(node, ast.ClassDef):
                yield from self._of_class(path, node)

    def own_columns(self, path: str, node: ast.ClassDef) -> frozenset[object]:
        """Return what the body of a class declares itself, for comparing mixins; empty for what has no columns."""
        body = self._bodies.read(path, node)
        inherited = any(last_name(base) == "SQLModel" for at in self._lineage(path, node) for base in at.node.bases)
        columns = [*body.columns, *(body.fields if inherited else ())]
        told = [replace(one.column, line=0, path="") for one in columns]
        extra = [(one.column.name, one.indexes, one.foreign_keys, one.checks) for one in columns]
        arguments = [written(one) for one in body.arguments]
        return frozenset([*told, *extra, *arguments, *[body.tablename] * bool(body.tablename)])

    def _of_class(self, path: str, node: ast.ClassDef) -> Iterator[Table]:
        body = self._bodies.read(path, node)
        if body.abstract or body.is_root:
            return
        line = list(self._lineage(path, node))
        known = [one for one in line[1:] if one.body.tablename or one.body.sqlmodel_table]
        named = body.tablename or next((one.body.tablename for one in known if not self._is_table(one)), None)
        is_sqlmodel = body.sqlmodel_table
        if named is None and not is_sqlmodel:
            computed = any(one.body.computes_name for one in line)
            parent = next((one for one in line[1:] if self._is_table(one)), None)
            if parent is not None and not computed:
                named = parent.body.tablename or parent.node.name
            elif not self._is_mapped(line) or not (body.columns or computed):
                return
        parents = [one for one in line[1:] if self._is_table(one)]
        parts = [one for one in line if not any(one.node in self._nodes(p) for p in parents)]
        name = named or (node.name.lower() if is_sqlmodel else _snake(node.name))
        yield self._built(name, path, node, parts, exact=named is not None or is_sqlmodel)

    def _nodes(self, one: _Ancestor) -> list[ast.ClassDef]:
        return [found.node for found in self._lineage(one.path, one.node)]

    def _is_table(self, one: _Ancestor) -> bool:
        if one.body.abstract:
            return False
        if one.body.tablename or one.body.sqlmodel_table:
            return bool(one.body.columns) or one.body.sqlmodel_table
        line = list(self._lineage(one.path, one.node))
        return (
            bool(one.body.columns)
            and any(c.column.primary_key for o in line for c in o.body.columns)
            and (self._is_mapped(line))
        )

    def _is_mapped(self, line: list[_Ancestor]) -> bool:
        return any(one.body.is_root or self._from_root(one) for one in line)

    def _from_root(self, one: _Ancestor) -> bool:
        scope = self._definitions.scope(one.path)
        for base in one.node.bases:
            dotted = scope.origin(base)
            if last_name(base) in _ROOTS or (_FLASK_ROOT.search(dotted) and not dotted.startswith("django")):
                return True
            found = self._definitions.find(one.path, base)
            if found and isinstance(found.node, ast.Call) and called(found.node) in _DECLARATIVE:
                return True
            if found is None and last_name(base) in {"Base", "ORMBase", "ModelBase"}:
                return True
        return False

    def _lineage(self, path: str, node: ast.ClassDef) -> Iterator[_Ancestor]:
        """Yield a class and its ancestors in the project, nearest first."""
        queue, seen = [(path, node)], {(path, node.name)}
        while queue:
            at, one = queue.pop(0)
            yield _Ancestor(at, one, self._bodies.read(at, one))
            for base in one.bases:
                found = self._definitions.find(at, base.value if isinstance(base, ast.Subscript) else base)
                if found and isinstance(found.node, ast.ClassDef) and (found.path, found.node.name) not in seen:
                    seen.add((found.path, found.node.name))
                    queue.append((found.path, found.node))

    def _built(self, name: str, path: str, node: ast.ClassDef, parts: list[_Ancestor], *, exact: bool) -> Table:
        plain = parts[0].body.sqlmodel_table
        columns: dict[str, Declared] = {}
        for part in reversed(parts):
            declared = [*part.body.columns, *(part.body.fields if plain else ())]
            columns |= {one.column.name: one for one in declared}
        arguments = [self._read(part) for part in parts if part.body.arguments][:1]
        return self._table(
            name,
            columns,
            arguments[0] if arguments else TableArguments(),
            Table(name, {}, path=path, line=node.lineno, symbol=node.name, exact=exact),
        )

    def _read(self, part: _Ancestor) -> TableArguments:
        return read_arguments(self._definitions, part.path, part.body.arguments)

    def _core(self, path: str, node: ast.Call) -> Iterator[Table]:
        name = string_of(self._definitions, path, node.args[0]) if node.args else None
        calls = [a for a in node.args[1:] if isinstance(a, ast.Call)]
        declared = [self._columns.call(path, a) for a in calls if called(a) in COLUMN_CALLS]
        if name and declared:
            columns = {one.column.name: one for one in declared}
            arguments = read_arguments(self._definitions, path, calls)
            yield self._table(name, columns, arguments, Table(name, {}, path=path, line=node.lineno, symbol=name))

    @staticmethod
    def _table(name: str, declared: dict[str, Declared], arguments: TableArguments, table: Table) -> Table:
        columns: dict[str, Column] = {}
        indexes: set[Index] = set(arguments.indexes)
        keys: set[ForeignKey] = set(arguments.foreign_keys)
        checks: set[str] = set(arguments.checks)
        for column, one in declared.items():
            is_key = column in arguments.primary_key
            columns[column] = replace(one.column, primary_key=True, nullable=False) if is_key else one.column
            indexes.update(one.indexes)
            keys.update(one.foreign_keys)
            checks.update(one.checks)
        return replace(
            table, name=name, columns=columns, indexes=frozenset(indexes), foreign_keys=frozenset(keys),
            checks=frozenset(checks),
        )  # fmt: skip


def _snake(name: str) -> str:
    return "_".join(part.lower() for part in _WORD.split(name))
