"""Two sets of tables, compared part by part."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from dodcheck.facts.schema.values import Column, ForeignKey, Index, Library, Table

Part = Literal["table", "column", "index", "foreign key", "check", "enum", "option", "state"]
_UNTOLD = {"~", "?"}  # only an annotation tells the type, or a variable that is bound by code
_SIZE = re.compile(r"~?(\w+)\((?:\w+=)?(\d+)\)")
What = Literal["added", "dropped", "changed"]


class Element(msgspec.Struct, frozen=True):
    """One part of the schema that differs.

    Args:
        part: What kind of part.
        what: What became of it.
        table: Its table.
        columns: Its columns, in order; of an enumeration the members that came or went.
        detail: The difference in words.
        attributes: For a changed column, what of it: type, nullable, server default, primary key.
        name: The name of an index or of an enumeration's type, if it has one.
        path: File of the declaration.
        line: 1-based line of it, at the side that has it.
        symbol: The class.
        destructive: It loses data, or refuses what was allowed.
        library: Who declares it.
        exact: The table's name stands in the code; it is not worked out.
    """

    part: Part
    what: What
    table: str
    columns: tuple[str, ...] = ()
    detail: str = ""
    attributes: tuple[str, ...] = ()
    name: str = ""
    path: str = ""
    line: int = 1
    symbol: str = ""
    destructive: bool = False
    library: Library = "sqlalchemy"
    exact: bool = True

    @property
    def words(self) -> str:
        """The element in words: "column user.email added"."""
        place = f"{self.table}.{self.columns[0]}" if self.part in {"column", "state"} and self.columns else self.table
        if self.part in {"index", "foreign key"}:
            place = f"on {self.table} ({', '.join(self.columns)})"
        if self.part == "enum":
            place = f"{self.name} ({', '.join(self.columns)})"
        return f"{self.part} {place} {self.what}" + (f": {self.detail}" if self.detail else "")


def compared(before: Mapping[str, Table], after: Mapping[str, Table]) -> Iterator[Element]:
    """Yield what differs between the tables of both sides, by name of the table."""
    enums: set[tuple[str, tuple[str, ...]]] = set()
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        found = _table(name, old, new) if old is None or new is None else _parts(old, new)
        for one in found:
            key = (one.name, one.columns)
            if one.part != "enum" or key not in enums:
                yield one
            if one.part == "enum":
                enums.add(key)


def _table(name: str, old: Table | None, new: Table | None) -> Iterator[Element]:
    one = new or old
    if one is None:
        return
    yield Element(
        "table",
        "added" if new else "dropped",
        name,
        tuple(one.columns),
        path=one.path,
        line=one.line,
        symbol=one.symbol,
        destructive=new is None,
        library=one.library,
        exact=one.exact,
    )
    if new is not None and new.library == "sqlalchemy":
        yield from _indexes(msgspec.structs.replace(new, indexes=frozenset()), new, _Maker(new), _Maker(new))


class _Maker:
    """Makes elements of one table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __call__(  # noqa: PLR0913 - the fields that differ
        self,
        part: Part,
        what: What,
        columns: tuple[str, ...] = (),
        detail: str = "",
        *,
        column: Column | None = None,
        attributes: tuple[str, ...] = (),
        name: str = "",
        destructive: bool = False,
    ) -> Element:
        table = self._table
        return Element(
            part, what, table.name, columns, detail, attributes, name,
            column.path if column and column.path else table.path, column.line if column else table.line,
            table.symbol, destructive, table.library, table.exact,
        )  # fmt: skip


def _parts(old: Table, new: Table) -> Iterator[Element]:
    make, made = _Maker(new), _Maker(old)
    for name in [*new.columns, *(n for n in old.columns if n not in new.columns)]:
        yield from _column(old.columns.get(name), new.columns.get(name), make, made)
    yield from _indexes(old, new, make, made)
    left = frozenset(key for key in old.foreign_keys if not set(key.columns) - new.columns.keys())
    yield from _keys(left - new.foreign_keys, new.foreign_keys - old.foreign_keys, make)
    for check in sorted(new.checks - old.checks):
        yield make("check", "added", (), check)
    for check in sorted(old.checks - new.checks):
        yield made("check", "dropped", (), check)
    if old.options != new.options:
        yield make("option", "changed", (), f"{old.options or 'none'} → {new.options or 'none'}")


def _column(old: Column | None, new: Column | None, make: _Maker, made: _Maker) -> Iterator[Element]:
    if old is None and new is not None:
        strict = not new.nullable and not new.server_default and not new.primary_key
        yield make("column", "added", (new.name,), "NOT NULL without a default" if strict else "", column=new)
    elif new is None and old is not None:
        yield made("column", "dropped", (old.name,), column=old, destructive=True)
    elif old is not None and new is not None:
        yield from _changed(old, new, make)


def _changed(old: Column, new: Column, make: _Maker) -> Iterator[Element]:
    differs: dict[str, str] = {}
    told = old.type[:1] not in _UNTOLD and new.type[:1] not in _UNTOLD
    if old.type != new.type and (told or (old.type[:1] == new.type[:1] == "~")):
        differs["type"] = f"type {old.type.lstrip('~')} → {new.type.lstrip('~')}"
    if old.nullable != new.nullable:
        differs["nullable"] = "now may be NULL" if new.nullable else "now NOT NULL"
    if old.server_default != new.server_default:
        differs["server default"] = f"server default {old.server_default or 'none'} → {new.server_default or 'none'}"
    if old.primary_key != new.primary_key:
        differs["primary key"] = "in" * new.primary_key + ("out of" * old.primary_key) + " the primary key"
    if differs:
        strict = ("nullable" in differs and not new.nullable) or _is_narrower(old.type, new.type)
        words = "; ".join(differs.values())
        yield make("column", "changed", (new.name,), words, column=new, attributes=tuple(differs), destructive=strict)
    elif old.state != new.state:
        yield make("state", "changed", (new.name,), f"{old.state} → {new.state}", column=new)
    came = tuple(m for m in new.members if m not in old.members)
    went = tuple(m for m in old.members if m not in new.members)
    if old.members and new.members and came:
        yield make("enum", "added", came, "", column=new, name=new.enum)
    if old.members and new.members and went:
        yield make("enum", "dropped", went, "", column=new, name=new.enum, destructive=True)


def _is_narrower(old: str, new: str) -> bool:
    """Tell whether a type of the same name takes less: `String(50)` became `String(20)`."""
    sizes = [_SIZE.fullmatch(text) for text in (old, new)]
    return bool(sizes[0] and sizes[1] and sizes[0][1] == sizes[1][1] and int(sizes[1][2]) < int(sizes[0][2]))


def _indexes(old: Table, new: Table, make: _Maker, made: _Maker) -> Iterator[Element]:
    before, after = ({_identity(i): i for i in t.indexes} for t in (old, new))
    for key in sorted(after.keys() - before.keys()):
        yield make("index", "added", after[key].columns, _index_words(after[key]), name=after[key].name)
    for key in sorted(before.keys() - after.keys()):
        if set(before[key].columns).isdisjoint(old.columns.keys() - new.columns.keys()):  # others go with the column
            yield made("index", "dropped", before[key].columns, _index_words(before[key]), name=before[key].name)
    for key in sorted(after.keys() & before.keys()):
        names = before[key].name, after[key].name
        if all(names) and names[0] != names[1]:
            yield make("index", "changed", after[key].columns, f"{names[0]} → {names[1]}", name=names[1])


def _identity(index: Index) -> tuple[tuple[str, ...], bool, str]:
    return index.columns, index.unique, index.where


def _index_words(index: Index) -> str:
    return "unique" if index.unique else ""


def _keys(gone: frozenset[ForeignKey], fresh: frozenset[ForeignKey], make: _Maker) -> Iterator[Element]:
    before = {key.columns: key for key in gone}
    for key in sorted(fresh, key=lambda one: one.columns):
        was = before.pop(key.columns, None)
        same = was is not None and was.on == key.on and _same_target(was.target, key.target)
        if was is None or not same:
            words = f"to {key.target} {key.on}".strip()
            yield make("foreign key", "changed" if was else "added", key.columns, words)
    for key in before.values():
        yield make("foreign key", "dropped", key.columns, f"to {key.target}")


def _same_target(one: str, other: str) -> bool:
    """`ForeignKey(User.id)` and `ForeignKey("users.id")` may be the same."""
    exact = one.replace("_", "").lower(), other.replace("_", "").lower()
    stems = [text.rpartition(".")[0].rstrip("s") for text in exact]
    return exact[0] == exact[1] or stems[0] == stems[1]
