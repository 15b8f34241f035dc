"""Installations in notebook cells that no manifest knows of."""

import re
from collections.abc import Iterator
from typing import Any, Self

import msgspec

from dodcheck.change import Change, Snapshot
from dodcheck.facts.setup.dependencies import Dependencies
from dodcheck.facts.setup.requirements_files import distribution

_INSTALL = re.compile(r"^\s*[!%]\s*(?:(?:python3?|sys\.executable) -m )?(?:uv )?pip3? install\s+(.*)", re.MULTILINE)
_TAKES_VALUE = {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-c", "--constraint", "-t", "--target"}
_PATHS = {"-r", "--requirement", "-e", "--editable"}
_TOOLS = {"pip", "setuptools", "wheel", "uv"}


class Installed(msgspec.Struct, frozen=True):
    """One distribution that a cell installs.

    Args:
        path: The notebook.
        name: Canonical name.
        text: The requirement as written.
        pinned: It is asked for in one version.
    """

    path: str
    name: str
    text: str
    pinned: bool


class NotebookInstalls(msgspec.Struct, frozen=True):
    """What new lines of the change's notebooks install and no manifest of the tree declares.

    Args:
        found: One entry a notebook and name.
    """

    found: tuple[Installed, ...]

    @classmethod
    def of(cls, change: Change, dependencies: Dependencies) -> Self:
        """Read the changed notebooks that speak of pip; one that is no notebook at all installs nothing."""
        seen: dict[tuple[str, str], Installed] = {}
        for file in change.at_head(".ipynb"):
            old = {one.name for one in _installed(file.base_path or "", change.base)}
            for one in _installed(file.path, change.head):
                if one.name not in old:
                    seen.setdefault((one.path, one.name), one)
        declared = _declared(dependencies) if seen else frozenset()
        return cls(tuple(one for one in seen.values() if one.name not in declared))


def _installed(path: str, snapshot: Snapshot) -> Iterator[Installed]:
    text = snapshot.read(path) or ""
    if "pip" not in text:
        return
    for command in _INSTALL.findall("\n".join(_code(text))):
        words = iter(re.split(r"\s+", re.split(r"\s[|;&#>]", command)[0].strip()))
        for word in words:
            if word in _TAKES_VALUE | _PATHS:
                next(words, None)
            elif not word.startswith("-") and (name := distribution(word.strip("\"'"))):
                bare = word.strip("\"'")
                if name not in _TOOLS and "/" not in bare.partition("@")[0] and not re.search(r"[{$]", bare):
                    yield Installed(path, name, bare, "==" in bare or "@" in bare)


def _code(text: str) -> Iterator[str]:
    try:
        data: Any = msgspec.json.decode(text)
    except msgspec.DecodeError:  # nothing can run it either
        return
    for cell in data.get("cells", ()) if isinstance(data, dict) else ():
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            yield source if isinstance(source, str) else "".join(map(str, source))


def _declared(dependencies: Dependencies) -> frozenset[str]:
    manifests = [dependencies.manifest(path) for paths in dependencies.projects.values() for path in paths]
    extras = [name for one in manifests for names in one.extras.values() for name in names]
    own = [one.name for one in manifests if one.name]
    runtime = [name for one in manifests for name in one.runtime]
    return frozenset([*extras, *own, *runtime, *(name for one in manifests for name in one.development)])
