"""The schema that some files of one side declare, with what other files add to it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Self

from msgspec.structs import replace

from dodcheck.change import Snapshot
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.schema.column_types import is_enum, members_of
from dodcheck.facts.schema.definitions import Definitions
from dodcheck.facts.schema.django_tables import DjangoTables
from dodcheck.facts.schema.sqlalchemy_tables import SqlalchemyTables
from dodcheck.facts.schema.values import Table

_MARKERS = re.compile(
    r"mapped_column|\bColumn\(|\bMapped\[|\btable\s*=\s*True|__tablename__|__table_args__|\bSQLModel\b"
    r"|\bmodels\.\w*(?:Field|ForeignKey|Model)\b|\bfrom django\.db\b.*\bmodels\b"
)
_MARKS = ("olumn(", "mapped_column", "Mapped[", "table=True", "table = True", "__table", "SQLModel", "models")
ENUM_PREFIX = "enum "
_MODEL_PATH = re.compile(r"model|entit|table|schema|orm|(^|/)db|database|domain|persist", re.IGNORECASE)
_ENUM = re.compile(r"^[ \t]*class[ \t]+\w+[ \t]*\([^)]*\b\w*(?:Enum|Choices)\b", re.MULTILINE)


class SchemaModel:
    """Reads the models of one side, file by file.

    Args:
        snapshot: The side.
        modules: Its syntax trees.
        definitions: Where names are defined.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules, definitions: Definitions) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._definitions = definitions
        self._sqlalchemy = SqlalchemyTables(definitions)
        self._django = DjangoTables(definitions)

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules, definitions: Definitions) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, modules, definitions)

    def tables(self, paths: Iterable[str]) -> Mapping[str, Table]:
        """Return the tables that files declare, by name.

        Raises:
            ToolError: One of them cannot be parsed.
        """
        found: dict[str, Table] = {}
        for path in paths:
            if not has_marker(self._modules.text(path)):
                continue
            for one in [*self._sqlalchemy.tables(path), *self._django.tables(path)]:
                known = found.get(one.name)
                found[one.name] = _merged(known, one) if known else one
        return found

    def speaks_of_tables(self, paths: Iterable[str]) -> bool:
        """Tell by text alone whether some files may declare tables, or what tables are made of."""
        return any(has_marker(text) or _ENUM.search(text) for text in map(self._modules.text, paths))

    def shared(self, paths: Iterable[str]) -> dict[str, frozenset[object]]:
        """Return what classes of files may hand on to tables of others: own columns, or members of enumerations.

        Names of enumerations start with `ENUM_PREFIX`.
        """
        found: dict[str, frozenset[object]] = {}
        for path in paths:
            text = self._modules.text(path)
            if not (has_marker(text) or _ENUM.search(text)):
                continue
            for node in walk(self._definitions.scope(path).tree):
                if not isinstance(node, ast.ClassDef):
                    continue
                if is_enum(self._definitions, path, node):
                    found[ENUM_PREFIX + node.name] = frozenset([members_of(node), members_of(node, values=True)])
                elif told := self._sqlalchemy.own_columns(path, node) | self._django.own_columns(path, node):
                    found[node.name] = told
        return found

    def users(self, classes: Iterable[str], enums: Iterable[str], near: Iterable[str]) -> list[str]:
        """Return the files with models that use some classes, directly or by way of another class.

        Args:
            classes: The classes.
            enums: Enumerations.
            near: The files that define them. Searched are files beside them, and under the same top folder those
                whose path speaks of models or a database.
        """
        places = [path.rpartition("/")[0] for path in near]
        tops = {place.partition("/")[0] for place in places}
        paths = [
            path
            for path in self._snapshot.paths()
            if path.endswith(".py")
            and path.partition("/")[0] in tops
            and (_MODEL_PATH.search(path) or path.rpartition("/")[0] in places)
        ]
        wanted = set(classes)
        texts = {path: text for path in paths if has_marker(text := self._modules.text(path))}
        heirs = _heirs(texts) if wanted else {}
        queue = list(wanted)
        while queue:
            fresh = heirs.get(queue.pop(), set()) - wanted
            wanted |= fresh
            queue += fresh
        words = sorted(wanted | {name.removeprefix(ENUM_PREFIX) for name in enums})
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b") if words else re.compile(r"(?!)")
        return [path for path, text in texts.items() if any(w in text for w in words) and pattern.search(text)]


def has_marker(text: str) -> bool:
    """Tell by its text alone whether a file may declare tables."""
    return any(word in text for word in _MARKS) and bool(_MARKERS.search(text))


def _heirs(texts: Mapping[str, str]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts.values():
        for match in re.finditer(r"^[ \t]*class[ \t]+(\w+)[ \t]*\(([^:]*)\)[ \t]*:", text, re.MULTILINE):
            for base in re.findall(r"\w+", match[2]):
                found[base].add(match[1])
    return found


def _merged(known: Table, one: Table) -> Table:
    """Two classes of one table: single-table inheritance, or a table that is extended."""
    return replace(
        known,
        columns={**one.columns, **known.columns},
        indexes=known.indexes | one.indexes,
        foreign_keys=known.foreign_keys | one.foreign_keys,
        checks=known.checks | one.checks,
    )
