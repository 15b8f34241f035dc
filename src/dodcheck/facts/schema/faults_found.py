"""Findings and evidence of the rule on migrations, in words."""

from collections.abc import Iterator, Sequence

from dodcheck.facts.schema.changed_migrations import ChangedMigration
from dodcheck.facts.schema.destruction import Destruction
from dodcheck.facts.schema.element_coverage import Carried, same_table
from dodcheck.facts.schema.migration_graph import MigrationGraph
from dodcheck.facts.schema.migration_words import Words
from dodcheck.facts.schema.operations import Migration
from dodcheck.facts.schema.table_diff import Element
from dodcheck.verdict import Evidence, Finding, Level

_MAKE = {
    "sqlalchemy": 'alembic revision --autogenerate -m "…"',
    "django": "python manage.py makemigrations",
}


def names(elements: Sequence[Element]) -> list[str]:
    """Return the tables that some elements are about, and their columns as "table.column"."""
    found = [one.table for one in elements]
    return [*found, *(f"{one.table}.{one.columns[0]}" for one in elements if one.part == "column" and one.columns)]


def keeps_migrations(*sides: MigrationGraph) -> bool:
    """Tell whether a side has any migration."""
    return any(graph.nodes(folder) for graph in sides for folder in graph.folders())


def known_table(element: Element, graph: MigrationGraph, present: Sequence[Migration]) -> bool:
    """Tell whether some migration speaks of an element's table."""
    if any(same_table(t, element) for m in present for o in m.upgrade for t in o.tables):
        return True
    app, _, name = element.table.rpartition(".")
    folders = [f for f in graph.folders() if not app or f.split("/")[-2:-1] == [app]]
    exact = element.exact or element.library == "django"
    return any(graph.mentions(word, folders) for word in ([name] if exact else _spellings(name)))


def _spellings(name: str) -> Iterator[str]:
    yield name
    yield f"{name}s"
    yield name.replace("_", "")


def seen(element: Element) -> Evidence:
    """What changed."""
    return Evidence(element.words, "symbol", element.path, element.line, element.symbol)


def carried(one: Carried) -> Evidence:
    """A change of the schema with the migration that carries it out."""
    place = one.by.path if one.by else None
    return Evidence(f"{one.element.words}: {place}", "file", place, one.line, one.element.symbol)


def told(words: Words) -> Evidence:
    """What tells people."""
    return Evidence(f"told: {words.text}", "file", words.path, words.line)


def declared(one: Migration) -> Evidence:
    """Operations that speak for themselves."""
    words = f"`manage.py migrate` runs {one.revision}, whose {len(one.upgrade)} operations say what they do"
    return Evidence(words, "file", one.path, 1)


def uncovered(element: Element, empty: Migration | None, migrations: bool) -> Finding:  # noqa: FBT001 - a fact
    """No migration carries a change out."""
    if empty is not None:
        why = f"and the upgrade of {empty.path} is empty"
    else:
        why = "and no migration of the change does it" if migrations else "and the change has no migration"
    fix = f"{_MAKE[element.library]}, and read what it writes"
    return _of(element, f"{element.words}, {why}", fix, "no-migration")


def unsure(element: Element, by: Migration, line: int) -> Finding:
    """SQL or code may carry it out."""
    message = f"{element.words}: does {by.path}:{line} carry it out? It is SQL or code that cannot be read to the end"
    return Finding(message, by.path, line, symbol=element.symbol, code="raw-sql", level="warning",
                   fix="have a person read it, or use the tool's own operations")  # fmt: skip


def unknown_table(element: Element) -> Finding:
    """The table may be none of the migrations' business."""
    message = f"{element.words}, and no migration ever named the table {element.table}"
    fix = "add a migration, or set `orm_globs` to the models that have migrations"
    return _of(element, message, fix, "unknown-table", level="warning")


def no_migrations(element: Element) -> Finding:
    """The project has none at all."""
    return _of(
        element, element.words, "say in a document what to do with a database of today", "undocumented", "warning"
    )


def state(element: Element) -> Finding:
    """Only the migration's own records differ."""
    message = f"{element.words}: `makemigrations` will write a migration for it"
    return _of(element, message, _MAKE["django"], "state-only", "warning")


def edited(one: ChangedMigration, level: Level) -> Finding:
    """A migration that base has does something else now."""
    revision = one.head.revision if one.head else ""
    message = f"migration {revision} exists at base and does something else now: databases that ran it stay as they are"
    fix = "leave it as it was, and add a new migration"
    message += " (the last release has not got it)" if one.released is False else ""
    return Finding(message, one.path, 1, code="edited", fix=fix, level=level)


def deleted(one: ChangedMigration) -> Finding:
    """A migration that base has is gone."""
    message = f"migration {one.base.revision if one.base else ''} is gone: databases that ran it do not know the way on"
    return Finding(message, one.path, None, code="deleted", level="warning",
                   fix="keep it, or say what people with such a database do")  # fmt: skip


def destructive(one: Destruction) -> Finding:
    """Data is lost without a word."""
    fix = "fill or move the data first, or say in the migration's docstring what is lost and why that is right"
    if one.sort == "not-null":
        fix = "give a server default, or fill the rows of today first, or say in its docstring why there are none"
    message = f"{one.words}, and nothing moves the data first or speaks of it"
    symbol = "upgrade" if one.migration.tool == "alembic" else "Migration"
    return Finding(message, one.migration.path, one.operation.line, symbol=symbol, code=one.sort, fix=fix)


def unsaid(migration: Migration, wanted: str) -> Finding:
    """No instructions."""
    where = "no document names it" if wanted == "docs" else "neither its docstring nor a document says what it is for"
    if wanted == "docs":
        fix = "name the migration, its table or the command in CHANGELOG, UPGRADING or the docs"
    else:
        fix = "say in its docstring what it does and what people must mind when they run it"
    message = f"migration {migration.revision}: {where}"
    return Finding(message, migration.path, 1, code="no-instructions", level="warning", fix=fix)


def _of(element: Element, message: str, fix: str, code: str, level: str = "error") -> Finding:
    return Finding(
        message, element.path, element.line, symbol=element.symbol, code=code, fix=fix,
        level="error" if level == "error" else "warning",
    )  # fmt: skip
