"""Whether a project is made for others to import, and which version it has."""

import re
import tomllib
from collections.abc import Iterator
from functools import cached_property
from threading import Lock
from typing import Any, Literal, Self

from packaging.version import InvalidVersion, Version

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError

Kind = Literal["library", "unclear", "application"]

_DEPLOYED = re.compile(r"(^|/)(Dockerfile|Procfile|manage\.py|app\.json|fly\.toml|(docker-)?compose[\w.-]*\.ya?ml)$")
_ASSIGNED = re.compile(r"^__version__\s*(?::\s*\w+\s*)?=\s*[\"']([\w.+!-]+)[\"']", re.MULTILINE)
_VERSION_FILE = re.compile(r"(^|/)(__init__|_?version|__version__|__about__|_?meta(data)?)\.py$")
_HEADING = re.compile(
    r"^(?:#+\s*|=+\s*)?(?:version|release)?\s*\[?v?(\d+\.\d+(?:\.\d+)?(?:\.?(?:dev|a|b|rc)\d*)?)\]?(?=[\s()\[\]:,-]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py")
_DEPTH = 2  # folders above a file that may hold the version
_HEAD = 4000  # characters of a changelog in which its newest heading stands
_CHANGELOG = re.compile(
    r"^(docs?/|docs?/source/)?(changelog|changes|history|news|release[-_ ]?notes)(\.\w+)?$", re.IGNORECASE
)


class Projects:
    """The projects of one side, each found from a file of it; manifests are read when they are asked for, once.

    Args:
        snapshot: The side.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[str, Project] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    def at(self, path: str) -> "Project":
        """Return the project that a file belongs to: that of the nearest manifest above it, else the root's."""
        folder = path.rpartition("/")[0]
        while folder and all(self._snapshot.blob(f"{folder}/{name}") is None for name in _MANIFESTS):
            folder = folder.rpartition("/")[0]
        with self._lock:
            return self._known.setdefault(folder, Project(self._snapshot, folder))


class Project:
    """What one side says of one project.

    Args:
        snapshot: The side.
        folder: Where its manifest stands; the root is "".
    """

    def __init__(self, snapshot: Snapshot, folder: str) -> None:
        self._snapshot = snapshot
        self._prefix = f"{folder}/" if folder else ""

    @cached_property
    def kind(self) -> Kind:
        """A library is packaged and not deployed; what is packaged and deployed, or a set of commands, is unclear.

        Raises:
            ToolError: pyproject.toml is not well-formed.
        """
        if not self._is_packaged:
            return "application"
        return "unclear" if self.is_deployed else "library"

    @cached_property
    def has_commands(self) -> bool:
        """It installs commands."""
        poetry = _table(self._pyproject, "tool", "poetry")
        listed = _table(self._pyproject, "project").get("scripts") or poetry.get("scripts")
        return bool(listed) or "console_scripts" in self._setup

    @cached_property
    def version(self) -> Version | None:
        """The version that the side has or prepares; None when it is only known at run time."""
        for text in self._versions():
            try:
                found = Version(text)
            except InvalidVersion:
                continue
            if found.release != (0, 0, 0):
                return found
        return None

    def _versions(self) -> Iterator[str]:
        project, poetry = _table(self._pyproject, "project"), _table(self._pyproject, "tool", "poetry")
        yield from (str(table["version"]) for table in (project, poetry) if isinstance(table.get("version"), str))
        yield from re.findall(r"^\s*version\s*=\s*[\"']?([\w.+!-]+)", self._setup, re.MULTILINE)
        for path in self._paths:
            if _VERSION_FILE.search(path) and path.count("/") <= _DEPTH:
                yield from _ASSIGNED.findall(self._read(path))
        for path in self._paths:
            if _CHANGELOG.match(path):
                yield from _HEADING.findall(self._read(path)[:_HEAD])[:1]

    @cached_property
    def _paths(self) -> list[str]:
        """Its files, seen from its folder."""
        size = len(self._prefix)
        return [path[size:] for path in self._snapshot.paths() if path.startswith(self._prefix)]

    def _read(self, path: str) -> str:
        return self._snapshot.read(self._prefix + path) or ""

    @cached_property
    def _is_packaged(self) -> bool:
        poetry, uv = _table(self._pyproject, "tool", "poetry"), _table(self._pyproject, "tool", "uv")
        named = bool(_table(self._pyproject, "project").get("name") or poetry.get("name"))
        if poetry.get("package-mode") is False or uv.get("package") is False:
            return False
        private = "Private :: Do Not Upload" in str(_table(self._pyproject, "project").get("classifiers", ""))
        built = "build-system" in self._pyproject and named
        return not private and (built or bool(re.search(r"\bsetup\(|^\[metadata\]", self._setup, re.MULTILINE)))

    @cached_property
    def is_deployed(self) -> bool:
        """It brings along how it is run: an image, a service, Django's `manage.py`."""
        return any(_DEPLOYED.search(path) and path.count("/") <= 1 for path in self._paths)

    @cached_property
    def _pyproject(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._read("pyproject.toml"))
        except (ValueError, RecursionError) as error:
            raise ToolError(f"{self._prefix}pyproject.toml: {str(error).splitlines()[0]}", "mend the file") from error

    @cached_property
    def _setup(self) -> str:
        return "\n".join(map(self._read, _MANIFESTS[1:]))


def _table(value: object, *keys: str) -> dict[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
