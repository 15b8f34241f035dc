"""What the change says of its migrations: in their own docstrings, and in documents."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Self

from dodcheck.change import Change
from dodcheck.facts.schema.destruction import Destruction, speaks_of
from dodcheck.facts.schema.operations import Migration

_PROSE = (".md", ".rst", ".txt", ".adoc", ".mdx")
_COMMAND = re.compile(
    r"\b(alembic\s+(-\w+\s+\S+\s+)*(upgrade|stamp|downgrade)|manage\.py\s+(migrate|sqlmigrate)|\w+ db (upgrade|migrate)"
    r"|database upgrade|(run|apply|execute)\w*\s+(the\s+|all\s+|database\s+|db\s+|new\s+)*migrations?"
    r"|make (db-?)?(migrate|upgrade)\S*|nautobot-server migrate)\b",
    re.IGNORECASE,
)
_LEAST = 2  # words of a docstring that say something


class Words(NamedTuple):
    """A place that tells of a migration."""

    path: str
    line: int
    text: str


class MigrationWords:
    """Looks for what tells people of a migration.

    Args:
        change: The change.
    """

    def __init__(self, change: Change) -> None:
        self._change = change

    @classmethod
    def of(cls, change: Change) -> Self:
        """Nothing is read yet."""
        return cls(change)

    def docstring(self, migration: Migration) -> Words | None:
        """Return the first words of a migration's own about itself; None when there are none but a generator's."""
        for line in migration.doc.splitlines():
            if len(re.findall(r"[^\W\d_]{2,}", line)) >= _LEAST:
                return Words(migration.path, 1, line[:160])
        return None

    def documents(self, migrations: Sequence[Migration], tables: Sequence[str]) -> Words | None:
        """Return a changed line of a document that names a migration, a table, a column, or the command.

        Args:
            migrations: The migrations.
            tables: Names of what they change: tables, and columns as "table.column".
        """
        names = [one.revision for one in migrations] + [t.rpartition(".")[2] for t in tables]
        pattern = re.compile("|".join(rf"\b{re.escape(n)}\b" for n in sorted(set(names)) if len(n) > _LEAST) or r"(?!)")
        return self._first(lambda line: bool(_COMMAND.search(line) or pattern.search(line)))

    def loss(self, one: Destruction) -> Words | None:
        """Return a changed line of a document that says what a migration destroys."""
        return self._first(lambda line: speaks_of(one.sort, one.operation, line))

    def _first(self, tells: Callable[[str], bool]) -> Words | None:
        for path, number, line in self._added():
            if tells(line):
                return Words(path, number, line.strip()[:160])
        return None

    def _added(self) -> Iterator[tuple[str, int, str]]:
        for file in self._change.at_head(*_PROSE, roles=("docs",)):
            lines = (self._change.head.read(file.path) or "").splitlines()
            for number in sorted(self._change.added_lines(file)):
                if number <= len(lines):
                    yield file.path, number, lines[number - 1]
