"""Modules that stand in the project's own tree."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Self

from dodcheck.change import Snapshot

_CODE = {".py", ".pyi", ".pyx", ".so", ".pyd", ".c", ".cpp", ".rs"}
_GENERATED = {".proto": ("_pb2", "_pb2_grpc"), ".fbs": ("",), ".ui": ("", "_ui"), ".g4": ("Lexer", "Parser")}


class OwnModules:
    """What code of one side can import from the tree, wherever a test runner or a script puts the path's start.

    Args:
        snapshot: The side.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is listed yet."""
        return cls(snapshot)

    def has(self, name: str, importer: str) -> bool:
        """Tell whether a module or package of this name stands at the root, in a folder that is no package, or near.

        Args:
            name: The first part of the module's name.
            importer: The file that imports it; the folders around it count as they are.
        """
        around = [str(folder) for folder in PurePosixPath(importer).parents]
        quick = ["", "src/", *(f"{folder}/" for folder in around[:1] if folder != ".")]
        probes = (f"{start}{name}{end}" for start in quick for end in (".py", "/__init__.py"))
        if any(self._snapshot.blob(path) is not None for path in probes):
            return True
        folders = self._folders.get(name, frozenset())
        return "" in folders or any(folder in around or folder not in self._packages for folder in folders)

    @cached_property
    def _packages(self) -> frozenset[str]:
        paths = self._snapshot.paths()
        return frozenset(path.rpartition("/")[0] for path in paths if path.endswith(("/__init__.py", "/__init__.pyi")))

    @cached_property
    def _folders(self) -> Mapping[str, frozenset[str]]:
        """The folders that hold a module or package, by its name."""
        found: dict[str, set[str]] = {}
        seen: set[str] = set()
        for path in self._snapshot.paths():
            file = PurePosixPath(path)
            endings = ("",) if file.suffix in _CODE else _GENERATED.get(file.suffix)
            if endings is None:
                continue
            folder = path.rpartition("/")[0]
            for ending in endings:
                found.setdefault(file.name.partition(".")[0] + ending, set()).add(folder)
            while folder and folder not in seen:
                seen.add(folder)
                folder, _, name = folder.rpartition("/")
                found.setdefault(name, set()).add(folder)
        return {name: frozenset(folders) for name, folders in found.items()}
