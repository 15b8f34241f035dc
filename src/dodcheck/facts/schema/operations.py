"""What a migration does, operation by operation, whichever tool runs it."""

from typing import Literal

import msgspec

Kind = Literal[
    "create table", "drop table", "rename table", "add column", "drop column", "alter column", "rename column",
    "create index", "drop index", "create constraint", "drop constraint", "create foreign key", "enum", "sql", "code",
    "table options", "state",
]  # fmt: skip
Tool = Literal["alembic", "django", "sql"]


class Operation(msgspec.Struct, frozen=True):
    """One operation.

    Args:
        kind: What it does.
        tables: The tables that it may be about; several when it stands in a loop, none when that cannot be told.
        columns: Names of columns, likewise; of a new table all of them.
        name: Name of an index, a constraint or a type; the new name of what is renamed.
        attributes: What it alters: type, nullable, server default.
        strict: It makes a column NOT NULL.
        filled: The column has a default that rows of today get.
        text: SQL as far as it can be read.
        line: 1-based line in the migration.
        inline: Indexes, constraints and references that a new table or column brings along, by their columns.
        state_only: Only Django's own picture of the schema follows it; the database stays as it is.
    """

    kind: Kind
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    name: str = ""
    attributes: tuple[str, ...] = ()
    strict: bool = False
    filled: bool = False
    text: str = ""
    line: int = 1
    inline: tuple[tuple[str, ...], ...] = ()
    state_only: bool = False


class Migration(msgspec.Struct, frozen=True):
    """One migration.

    Args:
        path: Its file.
        tool: Who runs it.
        revision: Its id; for Django the file's stem.
        parents: Ids of the migrations that it comes after.
        doc: What its docstrings and comments say, without what a generator writes; of Django the name as well.
        upgrade: What it does.
        downgrade: How it is undone.
        reversible: It says how it is undone, or that it is not.
        unread: Statements of the upgrade that are no operation known here.
    """

    path: str
    tool: Tool
    revision: str
    parents: tuple[str, ...]
    doc: str
    upgrade: tuple[Operation, ...]
    downgrade: tuple[Operation, ...] = ()
    reversible: bool = True
    unread: int = 0

    @property
    def merges(self) -> bool:
        """It joins two lines of migrations."""
        return len(self.parents) > 1

    @property
    def is_declarative(self) -> bool:
        """Django's operations say what they do to which model; code and SQL do not."""
        told = bool(self.upgrade) and not self.unread
        return self.tool == "django" and told and not any(o.kind in {"code", "sql"} for o in self.upgrade)
