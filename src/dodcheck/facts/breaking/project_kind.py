"""Whether a project is made for others to import, and which version it has."""

import re
import tomllib
from collections.abc import Iterator
from functools import cached_property
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
_DEPTH = 2  # folders above a file that may hold the version
_HEAD = 4000  # characters of a changelog in which its newest heading stands
_CHANGELOG = re.compile(
    r"^(docs?/|docs?/source/)?(changelog|changes|history|news|release[-_ ]?notes)(\.\w+)?$", re.IGNORECASE
)


class ProjectKind:
    """What one side says of the project itself; the manifests at the root are read, once.

    Args:
        snapshot: The side.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    @cached_property
    def kind(self) -> Kind:
        """A library is packaged and not deployed; what is packaged and deployed, or a set of commands, is unclear.

        Raises:
            ToolError: pyproject.toml is not well-formed.
        """
        if not self._is_packaged:
            return "application"
        return "unclear" if self._is_deployed else "library"

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
        for path in self._snapshot.paths():
            if _VERSION_FILE.search(path) and path.count("/") <= _DEPTH:
                yield from _ASSIGNED.findall(self._snapshot.read(path) or "")
        for path in self._snapshot.paths():
            if _CHANGELOG.match(path):
                yield from _HEADING.findall((self._snapshot.read(path) or "")[:_HEAD])[:1]

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
    def _is_deployed(self) -> bool:
        return any(_DEPLOYED.search(path) and path.count("/") <= 1 for path in self._snapshot.paths())

    @cached_property
    def _pyproject(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._snapshot.read("pyproject.toml") or "")
        except tomllib.TOMLDecodeError as error:
            raise ToolError(f"pyproject.toml: {str(error).splitlines()[0]}", "mend the file") from error

    @cached_property
    def _setup(self) -> str:
        return "\n".join(self._snapshot.read(path) or "" for path in ("setup.cfg", "setup.py"))


def _table(value: object, *keys: str) -> dict[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
