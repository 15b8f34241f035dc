"""The migrations that the change adds, edits or deletes."""

import re
from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Literal, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.schema.migration_reading import meaning_of, read_migration, tool_of
from dodcheck.facts.schema.operations import Migration, Tool
from dodcheck.history import History

_ASIDE = re.compile(r"(^|/)(docs?|docs_src|examples?|samples?|tutorials?|site-packages)/")

What = Literal["added", "edited", "deleted", "moved"]


class ChangedMigration(msgspec.Struct, frozen=True):
    """One migration of the change.

    Args:
        what: What became of it; `moved` when only its place, comments or layout differ.
        path: Its file, at head when it is there.
        base: What it was.
        head: What it is.
        base_path: Where it stood at base.
        released: For an edited one, whether the last release has it; None when there never was a release.
    """

    what: What
    path: str
    base: Migration | None
    head: Migration | None
    base_path: str | None = None
    released: bool | None = None


class ChangedMigrations:
    """Reads the migrations of the change.

    Args:
        change: The change.
        modules: Syntax trees of both sides.
        history: What was released.
    """

    def __init__(self, change: Change, modules: Both[Modules], history: History) -> None:
        self._change = change
        self._modules = modules
        self._history = history

    @classmethod
    def of(cls, change: Change, modules: Both[Modules], history: History) -> Self:
        """Nothing is read yet."""
        return cls(change, modules, history)

    def all(self, folders: Sequence[str] = ()) -> list[ChangedMigration]:
        """Return the migrations of the change.

        Args:
            folders: Patterns of further folders whose SQL files are migrations.

        Raises:
            ToolError: One of them cannot be parsed.
        """
        found = [self._read(file, folders) for file in self._change.files if not _ASIDE.search(file.path)]
        return [one for one in found if one is not None]

    def _read(self, file: ChangedFile, folders: Sequence[str]) -> ChangedMigration | None:
        if not file.path.endswith((".py", ".sql")) or file.role == "test":
            return None
        before = self._side(self._modules.base, file.base_path, folders)
        after = self._side(self._modules.head, file.head_path, folders)
        if before is None and after is None:
            return None
        what = self._what(file, before, after)
        released = self._history.released(file.base_path or file.path) if what == "edited" else None
        return ChangedMigration(what, file.path, before, after, file.base_path, released)

    def _side(self, modules: Modules, path: str | None, folders: Sequence[str]) -> Migration | None:
        text = modules.text(path)
        tool = _tool(path, text, folders) if path and text else None
        if path is None or tool is None:
            return None
        return read_migration(path, text, modules.tree(path if tool != "sql" else None), tool)

    def _what(self, file: ChangedFile, before: Migration | None, after: Migration | None) -> What:
        if before is None or after is None:
            return "added" if before is None else "deleted"
        if before.tool == "sql" or after.tool == "sql":
            same = self._modules.base.text(file.base_path).split() == self._modules.head.text(file.head_path).split()
        else:
            same = meaning_of(self._modules.base.tree(file.base_path)) == meaning_of(
                self._modules.head.tree(file.head_path)
            )
        if same:
            return "moved"
        return "edited" if before.revision == after.revision or before.path == after.path else "added"


def _tool(path: str, text: str, folders: Sequence[str]) -> Tool | None:
    found = tool_of(path, text)
    if found is None and path.endswith(".sql") and any(fnmatch(path, f"{folder.rstrip('/')}/*") for folder in folders):
        return "sql"
    return found
