"""What migrations destroy, and what they do or say about it."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple

from dodcheck.facts.schema.operations import Migration, Operation
from dodcheck.facts.schema.raw_sql import fills

Sort = Literal["drop-table", "drop-column", "rename-table", "rename-column", "not-null"]
SORTS: tuple[Sort, ...] = ("drop-table", "drop-column", "rename-table", "rename-column", "not-null")

_GONE = r"\b(drop|remov|delet|clean|unused|obsolete|retire|replace|deprecat|migrat|revert|merg|squash|split|mov)\w*"
_WORDS: dict[Sort, str] = {
    "drop-table": _GONE,
    "drop-column": _GONE,
    "rename-table": r"\b(renam|chang|mov|replac)\w*",
    "rename-column": r"\b(renam|chang|mov|replac)\w*|→|->",
    "not-null": r"\b(no[nt][- ]?null\w*|required|mandatory|nullable|backfill\w*|enforce\w*|empty|never null)\b",
}


class Destruction(NamedTuple):
    """One operation that loses data or refuses rows of today.

    Args:
        sort: Which sort.
        operation: The operation.
        migration: Its migration.
        filled_by: The line that moves or fills data first; 0 for none.
        told: The migration's own words speak of it.
    """

    sort: Sort
    operation: Operation
    migration: Migration
    filled_by: int
    told: bool

    @property
    def words(self) -> str:
        """The operation in words."""
        table = self.operation.tables[0] if self.operation.tables else "a table that cannot be told"
        column = self.operation.columns[0] if self.operation.columns else ""
        place = f"{table}.{column}" if column and "table" not in self.sort else table
        if self.sort == "not-null":
            return f"{place} becomes NOT NULL without a default"
        verb = "dropped" if self.sort.startswith("drop") else f"renamed to {self.operation.name or 'another name'}"
        return f"{self.sort.partition('-')[2]} {place} is {verb}"


def destructions(
    migrations: Sequence[Migration], known: Sequence[Migration] = (), strict: Collection[tuple[str, str]] = ()
) -> Iterator[Destruction]:
    """Yield the destructive operations of the upgrades.

    Args:
        migrations: The migrations to judge.
        known: What the edited ones among them were: what they did already is not judged again.
        strict: Table and column of what the models make NOT NULL. Django writes a whole field anew whatever it alters.
    """
    created = {t for m in migrations for o in m.upgrade if o.kind == "create table" for t in o.tables}
    old = {(one.path, _key(o)) for one in known for o in one.upgrade}
    for migration in migrations:
        for operation in migration.upgrade:
            sort = _sort(operation, created)
            if migration.tool == "django" and operation.kind == "alter column" and sort == "not-null":
                pairs = {(table, column) for table in operation.tables for column in operation.columns}
                sort = sort if pairs & set(strict) else None
            if sort is not None and not operation.state_only and (migration.path, _key(operation)) not in old:
                filled = _filled(sort, operation, migrations)
                yield Destruction(sort, operation, migration, filled, _told(sort, operation, migration.doc))


def _key(operation: Operation) -> tuple[str, tuple[str, ...], tuple[str, ...], bool]:
    return operation.kind, operation.tables, operation.columns, operation.strict


def _sort(operation: Operation, created: set[str]) -> Sort | None:
    kind = operation.kind
    new = bool(operation.tables) and set(operation.tables) <= created
    if kind in {"drop table", "drop column", "rename table", "rename column"}:
        found: dict[str, Sort] = {
            "drop table": "drop-table", "drop column": "drop-column", "rename table": "rename-table",
            "rename column": "rename-column",
        }  # fmt: skip
        return None if new else found[kind]
    if kind in {"add column", "alter column"} and operation.strict and not operation.filled and not new:
        return "not-null"
    return None


def _filled(sort: Sort, operation: Operation, migrations: Sequence[Migration]) -> int:
    """Return the line of a statement that writes rows before; of the same table when it can be told."""
    tables = {table.rpartition(".")[2].lower() for table in operation.tables}
    for migration in migrations:
        for other in migration.upgrade:
            if other is operation:
                break
            if other.kind == "code" or (other.text and fills(other.text)):
                words = {word.lower() for word in re.findall(r"\w+", other.text)}
                close = sort != "not-null" or not tables or tables & words or other.kind == "code"
                if close:
                    return other.line
    return 0


def speaks_of(sort: Sort, operation: Operation, line: str) -> bool:
    """Return whether a line names what is lost, and says that it goes.

    Args:
        sort: How it is lost.
        operation: The operation.
        line: The line.
    """
    listed = operation.tables if "table" in sort else operation.columns
    names = [name.rpartition(".")[2] for name in listed]
    named = any(name and re.search(rf"\b{re.escape(name)}\b", line, re.IGNORECASE) for name in names)
    return named and bool(re.search(_WORDS[sort], line, re.IGNORECASE))


def _told(sort: Sort, operation: Operation, doc: str) -> bool:
    if re.search(_WORDS[sort], doc, re.IGNORECASE):
        return True
    names = [name.rpartition(".")[2] for name in (*operation.columns, *(operation.tables if "table" in sort else ()))]
    return any(re.search(rf"\b{re.escape(name)}\b", doc, re.IGNORECASE) for name in names if name)
