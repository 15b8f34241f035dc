"""What pytest takes for a test on one side, as the project's settings say."""

import shlex
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, Self

import msgspec

from dodcheck.change import Snapshot
from dodcheck.patterns import pattern
from dodcheck.settings import pytest_settings

_FILES = ("test_*.py", "*_test.py")
_NOT = pattern(r"\bnot\s+(\w+)")


class Collection(msgspec.Struct, frozen=True):
    """pytest's settings for what it collects and runs.

    Args:
        file: The file that holds them; empty when there is none.
        files: Patterns of file names.
        classes: Prefixes or patterns of class names.
        functions: Prefixes or patterns of function names.
        paths: Folders and files that a run without arguments looks at; empty means all.
        skipped: Folder names that it does not enter, where the project says so.
        options: Further command line options, split.
        strict_xfail: An xfailed test that passes is a failure.
    """

    file: str = ""
    files: tuple[str, ...] = _FILES
    classes: tuple[str, ...] = ("Test",)
    functions: tuple[str, ...] = ("test",)
    paths: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    strict_xfail: bool = False

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Read the settings; what they do not name is pytest's default.

        Raises:
            ToolError: The file that holds them cannot be parsed.
        """
        found = pytest_settings(snapshot.read)
        if found is None:
            return cls()
        table = found.table
        strict = table.get("xfail_strict", table.get("strict", False))
        return cls(
            file=found.file,
            files=_words(table, "python_files") or _FILES,
            classes=_words(table, "python_classes") or ("Test",),
            functions=_words(table, "python_functions") or ("test",),
            paths=tuple(path.strip("/").removeprefix("./") for path in _words(table, "testpaths")),
            skipped=_words(table, "norecursedirs"),
            options=_words(table, "addopts"),
            strict_xfail=str(strict).lower() in {"true", "1", "yes", "on"},
        )

    def names_file(self, path: str) -> bool:
        """Tell whether a file is called like a test module."""
        pure = PurePosixPath(path)
        return pure.suffix == ".py" and any(
            fnmatchcase(path if "/" in one else pure.name, f"*{one}" if "/" in one else one) for one in self.files
        )

    def reaches(self, path: str) -> bool:
        """Tell whether a run without arguments comes to a file, if it is called like a test module."""
        inside = not self.paths or any(_within(path, one) for one in self.paths)
        entered = not any(
            fnmatchcase(part, one) for part in PurePosixPath(path).parts[:-1] for one in self.skipped if "/" not in one
        )
        return inside and entered and not any(_within(path, one) for one in self.left_out)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Paths and patterns that the options ignore or deselect."""
        return tuple(one.partition("::")[0] for one in self.values("--ignore", "--ignore-glob", "--deselect"))

    @property
    def deselected_marks(self) -> frozenset[str]:
        """Marks whose tests the options leave out, as in `-m "not slow"`."""
        return frozenset(mark for expression in self.values("-m") for mark in _NOT.findall(expression))

    def values(self, *names: str) -> list[str]:
        """Return what the options give to a flag, as `--flag=value`, `--flag value` or `-fvalue`."""
        found = []
        for at, word in enumerate(self.options):
            for name in names:
                if word == name and at + 1 < len(self.options):
                    found.append(self.options[at + 1])
                elif word.startswith(f"{name}="):
                    found.append(word.partition("=")[2])
                elif len(name) == 2 and word.startswith(name) and len(word) > 2:  # noqa: PLR2004 - a short flag
                    found.append(word[2:])
        return found

    def names_function(self, name: str) -> bool:
        """Tell whether a function is called like a test."""
        return _matches(name, self.functions)

    def names_class(self, name: str) -> bool:
        """Tell whether a class is called like one with tests."""
        return _matches(name, self.classes)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(name.startswith(one) or (set("*?[") & set(one) and fnmatchcase(name, one)) for one in patterns)


def _within(path: str, place: str) -> bool:
    place = place.strip("/").removeprefix("./")
    return path == place or path.startswith(f"{place}/") or place in {"", "."} or fnmatchcase(path, place)


def _words(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, ())
    if isinstance(value, str):
        try:
            return tuple(shlex.split(value, comments=key != "addopts"))
        except ValueError:  # an unbalanced quote
            return tuple(value.split())
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
