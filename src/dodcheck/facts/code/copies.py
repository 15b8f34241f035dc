"""Functions that a change copies word for word: the copy is no new work, and what it lacks is an old debt."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import Self

from dodcheck.change import Change, Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.patterns import pattern

_TELLING = 80  # characters of a function from which on it is no coincidence that two are the same
_TELLING_BY_NAME = 40  # of one that stands under the same qualified name: `def exists(val): return val is not None`
_MANY = 300  # files of one folder that are searched
_DEFINED = pattern(r"\bdef +(\w+)")


class Copies:
    """Functions of base by their text, looked for where copies are made from: beside the copy and in changed files.

    A search through the whole repository would make a check as slow as the repository is large.

    Args:
        change: The change.
        functions: The functions of base.
    """

    def __init__(self, change: Change, functions: Functions) -> None:
        self._base: Snapshot = change.base
        self._changed = tuple(f.base_path for f in change.files if f.base_path and f.base_path.endswith(".py"))
        self._functions = functions
        self._folders: dict[str, Mapping[str, Sequence[str]]] = {}

    @classmethod
    def of(cls, change: Change, functions: Functions) -> Self:
        """Nothing is read yet."""
        return cls(change, functions)

    def original(self, function: Function) -> Function | None:
        """Return the function of base with the same text, decorators and docstring included; None without one.

        A short one counts when its qualified name is the same as well.
        """
        if len(function.text) < _TELLING_BY_NAME:
            return None
        name = function.node.name
        paths = (*self._beside(function.path).get(name, ()), *self._in_changed.get(name, ()))
        holding = [path for path in paths if function.text in (self._base.read(path) or "")]
        for path in sorted(holding, key=self._lists):  # what a module does not list was private there
            found = next((one for one in self._at(path) if _is_copy(function, one)), None)
            if found:
                return found
        return None

    def _lists(self, path: str) -> bool:
        return "__all__" in (self._base.read(path) or "")

    def _at(self, path: str) -> Sequence[Function]:
        try:
            return self._functions.at(path)
        except ToolError:  # nothing is known of what cannot be parsed
            return ()

    def _beside(self, path: str) -> Mapping[str, Sequence[str]]:
        folder = str(PurePosixPath(path).parent).removeprefix(".")
        if folder not in self._folders:
            inside = [one for one in self._base.within(folder) if one.endswith(".py")]
            self._folders[folder] = self._by_name((inside or self._in_folders_beside(folder))[:_MANY])
        return self._folders[folder]

    def _in_folders_beside(self, folder: str) -> list[str]:
        """Return the modules that a new folder may be made from; the root has too many to be looked through."""
        around, _, _ = folder.rpartition("/")
        if not around or self._base.has_folder(folder) or not self._base.has_folder(around):
            return []
        depth = folder.count("/") + 1
        near = [one for one in self._base.paths() if one.startswith(f"{around}/") and one.endswith(".py")]
        return sorted((one for one in near if one.count("/") <= depth), key=lambda one: one.count("/"))

    @cached_property
    def _in_changed(self) -> Mapping[str, Sequence[str]]:
        return self._by_name(self._changed)

    def _by_name(self, paths: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return the files that define a function of a name, found by the text alone."""
        found: dict[str, list[str]] = {}
        for path in paths:
            for name in set(_DEFINED.findall(self._base.read(path) or "")):
                found.setdefault(name, []).append(path)
        return found


def _is_copy(function: Function, original: Function) -> bool:
    if function.text != original.text:
        return False
    return len(function.text) >= _TELLING or function.name == original.name
