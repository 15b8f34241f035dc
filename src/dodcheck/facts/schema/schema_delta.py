"""What the change does to the schema that the models declare."""

import re
from typing import Literal, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.schema.schema_model import ENUM_PREFIX, SchemaModel
from dodcheck.facts.schema.table_diff import Element, compared

_ASIDE = re.compile(r"(^|/)(docs?|docs_src|examples?|samples?|tutorials?|benchmarks?|migrations|versions)/")

__all__ = ["Element", "SchemaDelta"]

Kind = Literal["table", "column", "index"]


class SchemaDelta(msgspec.Struct, frozen=True):
    """The difference of the models, by meaning.

    Args:
        elements: Every part of the schema that is new, gone or different.
        files: Model files at head that were compared.
        models_touched: The change touches files with models.
    """

    elements: tuple[Element, ...]
    files: tuple[str, ...] = ()
    models_touched: bool = False

    @classmethod
    def of(cls, change: Change, models: Both[SchemaModel]) -> Self:
        """Compare the models of the changed files, and of those that use a changed mixin or enumeration.

        Raises:
            ToolError: A file with models cannot be parsed.
        """
        files = [file for file in change.files if _may_hold_models(file)]
        base, head = _paths(files)
        if not (models.base.speaks_of_tables(base) or models.head.speaks_of_tables(head)):
            return cls(())
        before, after = models.base.tables(base), models.head.tables(head)
        own = {table.symbol for table in (*before.values(), *after.values())}
        old, new = models.base.shared(base), models.head.shared(head)
        moved = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} - own
        if moved:
            enums = frozenset(name for name in moved if name.startswith(ENUM_PREFIX))
            more = {*models.head.users(moved - enums, enums, head), *models.base.users(moved - enums, enums, base)}
            touched = {*base, *head, *(file.path for file in change.files)}
            unchanged = sorted(path for path in more if path not in touched and not _ASIDE.search(path))
            before, after = models.base.tables(base + unchanged), models.head.tables(head + unchanged)
        return cls(tuple(compared(before, after)), tuple(head), models_touched=True)

    @property
    def destructive(self) -> tuple[Element, ...]:
        """The elements that lose data or refuse what was allowed."""
        return tuple(one for one in self.elements if one.destructive)


def _may_hold_models(file: ChangedFile) -> bool:
    return file.path.endswith(".py") and file.role == "source" and not _ASIDE.search(file.path)


def _paths(files: list[ChangedFile]) -> tuple[list[str], list[str]]:
    return [f.base_path for f in files if f.base_path], [f.head_path for f in files if f.head_path]
