"""Which file of the project an import or a pytest fixture comes from."""

import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Protocol

from dodcheck.patterns import pattern
from dodcheck.roles import role_of

_IMPORT = pattern(r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import\b|import[ \t]+()([\w.]+))", re.MULTILINE)


class Texts(Protocol):
    """Files of one side, as text."""

    def text(self, path: str) -> str:
        """Return the text of a file; empty when there is none."""


class ImportPaths:
    """Files by import, as far as they are worth parsing.

    Files are asked for one by one: listing a large repository costs more than reading a few.

    Args:
        modules: The side.
        worth: What the text of a file outside the tests must hold to be of interest.
    """

    def __init__(self, modules: Texts, worth: re.Pattern[str]) -> None:
        self._modules = modules
        self._worth = worth
        self._known: dict[tuple[str, int, str], str | None] = {}
        self._conftests: dict[str, list[str]] = {}

    def find(self, module: str, level: int, importer: str) -> str | None:
        """Return the file of a module; None when it is not the project's or not worth parsing.

        Args:
            module: Dotted name as written, without leading dots.
            level: Number of leading dots.
            importer: The file with the import.
        """
        folder = importer.rpartition("/")[0]
        key = (module, level, folder)
        if key not in self._known:
            self._known[key] = next(self._candidates(module, level, PurePosixPath(folder)), None)
        return self._known[key]

    def conftests(self, path: str) -> list[str]:
        """Return the conftest files whose fixtures a file sees, nearest first."""
        if path not in self._conftests:
            found = [str(folder / "conftest.py") for folder in PurePosixPath(path).parents]
            kept = [one for one in found if one != path and self._worth.search(self._modules.text(one))]
            self._conftests[path] = kept
        return self._conftests[path]

    def reached(self, path: str) -> Iterator[str]:
        """Yield, without parsing, the files that a file imports or gets fixtures from."""
        yield from self.conftests(path)
        for match in _IMPORT.finditer(self._modules.text(path)):
            dots, name = match[1] or "", match[2] or match[4]
            at = self.find(name, len(dots), path) if name else None
            if at:
                yield at

    def _candidates(self, module: str, level: int, folder: PurePosixPath) -> Iterator[str]:
        head = module.partition(".")[0]
        if not level and (head in sys.stdlib_module_names or not head):
            return
        if level:
            roots = [folder, *folder.parents][level - 1 : level]
        else:
            roots = [PurePosixPath(), PurePosixPath("src"), folder, *folder.parents[:-1]]
        for root in roots:
            stem = root.joinpath(*module.split(".")) if module else root
            for path in (f"{stem}.py", f"{stem}/__init__.py"):
                text = self._modules.text(path)
                if text and (role_of(path) == "test" or self._worth.search(text)):
                    yield path
