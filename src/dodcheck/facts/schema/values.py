"""A database schema as values, whichever library declares it."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Library = Literal["sqlalchemy", "django"]


class ForeignKey(msgspec.Struct, frozen=True):
    """A reference to another table.

    Args:
        columns: The columns that refer.
        target: What they refer to, as written: "user.id", or a class.
        on: Actions, by event: `ondelete=CASCADE`.
    """

    columns: tuple[str, ...]
    target: str
    on: str = ""


class Index(msgspec.Struct, frozen=True):
    """An index or a unique constraint.

    Args:
        columns: Columns or expressions, in order.
        unique: No two rows may be alike.
        constraint: It is a constraint of the table.
        name: Its name; empty when the database or a naming convention gives one.
        where: The condition of a partial index.
    """

    columns: tuple[str, ...]
    unique: bool = False
    constraint: bool = False
    name: str = ""
    where: str = ""


class Column(msgspec.Struct, frozen=True):
    """One column, under its name in the database.

    Args:
        name: Its name.
        type: Its type in one spelling; `~` in front when only a Python annotation tells it, `?` when nothing does.
        nullable: It may be NULL.
        primary_key: It is part of the primary key.
        server_default: What the database fills in; empty for nothing.
        members: Members of its enumeration, when the database knows them.
        enum: Name of the type of that enumeration.
        state: Settings that a migration records and no database sees (Django's choices, defaults, texts).
        line: 1-based line of the declaration.
        path: Its file; a mixin's differs from the table's.
    """

    name: str
    type: str = ""
    nullable: bool = True
    primary_key: bool = False
    server_default: str = ""
    members: tuple[str, ...] = ()
    enum: str = ""
    state: str = ""
    line: int = 1
    path: str = ""


class Table(msgspec.Struct, frozen=True):
    """One table.

    Args:
        name: Its name; `app.model` for Django.
        columns: By name.
        indexes: Indexes and unique constraints.
        foreign_keys: References.
        checks: Conditions of check constraints.
        library: Who declares it.
        path: File of the declaration.
        line: 1-based line of the declaration.
        symbol: The class, or the variable.
        exact: The name stands there; otherwise it is worked out from the class's.
        options: Further settings that the database sees (Django's `db_table`).
    """

    name: str
    columns: Mapping[str, Column]
    indexes: frozenset[Index] = frozenset()
    foreign_keys: frozenset[ForeignKey] = frozenset()
    checks: frozenset[str] = frozenset()
    library: Library = "sqlalchemy"
    path: str = ""
    line: int = 1
    symbol: str = ""
    exact: bool = True
    options: str = ""
