"""Whether the migrations of a change carry out what it does to the models."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from dodcheck.facts.schema.operations import Kind, Migration, Operation
from dodcheck.facts.schema.table_diff import Element

Covered = Literal["yes", "maybe", "no"]

_COLUMN_MAKERS: tuple[Kind, ...] = ("add column", "create table", "rename column")
_BY: Mapping[str, tuple[Kind, ...]] = {
    "table added": ("create table", "rename table"),
    "table dropped": ("drop table", "rename table"),
    "column added": _COLUMN_MAKERS,
    "column dropped": ("create table", "drop column", "drop table", "rename column"),
    "column changed": ("alter column", "add column", "create table", "create constraint", "drop constraint"),
    "index added": ("create index", "create constraint", "create table", "add column", "alter column", "rename column"),
    "index dropped": (
        "create table",
        "drop index",
        "drop constraint",
        "drop column",
        "drop table",
        "alter column",
        "create constraint",
    ),
    "index changed": ("create index", "create constraint", "drop index", "drop constraint"),
    "foreign key added": ("create foreign key", "add column", "create table", "create constraint", "alter column"),
    "foreign key dropped": ("create table", "drop constraint", "drop column", "drop table", "alter column"),
    "foreign key changed": ("create foreign key", "add column", "create table", "drop constraint", "alter column"),
    "check added": ("create constraint", "create table", "add column"),
    "check dropped": ("create table", "drop constraint", "drop column", "drop table"),
    "option changed": ("table options", "rename table", "create table", "create constraint", "create index", "state"),
    "state changed": ("alter column", "add column", "create table"),
}
_WORD = re.compile(r"\w+")


class Carried(NamedTuple):
    """One element of the difference, and how far the migrations carry it out."""

    element: Element
    covered: Covered
    by: Migration | None = None
    line: int = 1


def carried_out(elements: Iterable[Element], migrations: Sequence[Migration]) -> list[Carried]:
    """Look for an operation for each element.

    Args:
        elements: The difference of the models.
        migrations: The migrations that the change adds or edits.
    """
    return [_carried(element, migrations) for element in elements]


def _carried(element: Element, migrations: Sequence[Migration]) -> Carried:
    best = Carried(element, "no")
    for migration in migrations:
        for operation in migration.upgrade:
            found = _covers(element, operation)
            if found == "yes":
                return Carried(element, "yes", migration, operation.line)
            if found == "maybe" and best.covered == "no":
                best = Carried(element, "maybe", migration, operation.line)
    unread = next((one for one in migrations if one.unread), None)
    if best.covered == "no" and unread is not None:
        return Carried(element, "maybe", unread)
    return best


def _covers(element: Element, operation: Operation) -> Covered:
    if operation.kind in {"sql", "code"} or operation.text:
        return _sql_covers(element, operation)
    if element.part == "enum":
        return _enum_covers(element, operation)
    if operation.kind not in _BY.get(f"{element.part} {element.what}", ()):
        return "no"
    named = bool(operation.name) and operation.name == element.name
    if not operation.tables:
        return "no" if operation.name and element.name and not named else "maybe"
    tables = [*operation.tables, *([operation.name] if operation.kind == "rename table" else [])]
    if any(same_table(table, element) for table in tables):
        return _same_table_covers(element, operation)
    return "yes" if named and element.part == "index" else "no"


def _same_table_covers(element: Element, operation: Operation) -> Covered:
    """Both speak of the same table."""
    kind = operation.kind
    if kind == "create table" and element.what == "dropped":  # the table is made anew without it
        return "yes" if element.part != "column" or element.columns[0] not in operation.columns else "no"
    if element.part == "table" or kind in {"drop table", "rename table", "table options", "state"}:
        return "yes"
    if element.part in {"column", "state"}:
        return _column_covers(element, operation)
    if element.part in {"index", "foreign key"}:
        return _group_covers(element, operation)
    return "yes" if kind in {"create constraint", "drop constraint"} else "maybe"


def _column_covers(element: Element, operation: Operation) -> Covered:
    renamed = operation.kind == "rename column" and element.what == "added"
    names = [name.lower() for name in ((operation.name,) if renamed else operation.columns)]
    wanted = element.columns[0].lower()
    if not names:
        return "maybe"
    if wanted not in names and f"{wanted}_id" not in names:
        return "no"
    if operation.kind == "alter column" and element.attributes:
        return "yes" if set(element.attributes) & {*operation.attributes} else "no"
    return "maybe" if operation.kind == "drop constraint" else "yes"


def _group_covers(element: Element, operation: Operation) -> Covered:
    kind = operation.kind
    wanted, columns = _lower(element.columns), _lower(operation.columns)
    if operation.name and operation.name == element.name:
        return "yes"
    if any(set(wanted) == set(_lower(group)) for group in operation.inline):
        return "yes"
    if kind in {"drop index", "drop constraint"}:
        by_name = all(_WORD.findall(word)[0] in operation.name.lower() for word in wanted if _WORD.search(word))
        return "yes" if by_name and operation.name else "maybe"
    if kind in {"create index", "create constraint", "create foreign key"}:
        same = set(columns) == set(wanted)
        return "maybe" if not columns else "yes" if same else "no"
    touches = kind in {"alter column", "drop column"} and bool(set(wanted) & set(columns))
    return "yes" if touches else "no"


def _lower(words: Sequence[str]) -> list[str]:
    return [word.lower() for word in words]


def _enum_covers(element: Element, operation: Operation) -> Covered:
    if operation.kind == "enum":
        return "yes" if operation.text or operation.name.lower() == element.name.lower() else "no"
    if operation.kind == "alter column" and "type" in operation.attributes:
        return "yes" if any(same_table(table, element) for table in operation.tables) else "no"
    return "no"


def _sql_covers(element: Element, operation: Operation) -> Covered:
    """SQL that names what it takes is for a person; a type that gains the very member is not."""
    words = {word.lower() for word in _WORD.findall(operation.text)}
    if element.part == "enum":
        named = element.name.lower() in words or operation.name.lower() == element.name.lower()
        members = all({w.lower() for w in _WORD.findall(m)} <= words for m in element.columns)
        return "yes" if operation.kind == "enum" and named and members else "maybe" if named or members else "no"
    table = element.table.rpartition(".")[2].lower()
    known = table in words or any(same_table(one, element) for one in operation.tables)
    columns = [w.lower() for column in element.columns for w in _WORD.findall(column)]
    if element.part == "table":
        return "maybe" if known else "no"
    named = all(column in words for column in columns) if columns else True
    dynamic = operation.kind == "code" and named
    return "maybe" if (known and named) or dynamic else "no"


def same_table(name: str, element: Element) -> bool:
    """Tell whether a name in a migration is the element's table; loosely where the model's name is worked out."""
    one, other = name.lower(), element.table.lower()
    if element.library == "django":
        return one == other or (one.rpartition(".")[2] == other.rpartition(".")[2] and "." in one)
    one, other = one.rpartition(".")[2], other.rpartition(".")[2]
    if one == other or element.exact:
        return one == other
    plain = [text.replace("_", "") for text in (one, other)]
    return plain[0] == plain[1] or plain[0] in {f"{plain[1]}s", f"{plain[1]}es", f"{plain[1][:-1]}ies"}
