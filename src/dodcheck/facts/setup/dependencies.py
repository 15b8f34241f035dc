"""Direct dependencies by project, and which of them the change adds or removes by name."""

import re
from collections.abc import Mapping
from functools import cached_property
from threading import Lock
from typing import Self

import msgspec

from dodcheck.change import Both, Change, Snapshot
from dodcheck.facts.setup.manifests import Manifest, is_manifest, project_of, read_manifest
from dodcheck.facts.setup.requirements_files import is_pinned
from dodcheck.roles import role_of

_ASIDE = re.compile(
    r"(^|/)(examples?|samples?|demos?|tutorials?|notebooks|benchmarks?|bench|fixtures?|docs?|templates|vendor(ed)?|_vendor"
    r"|third_party|node_modules|cookiecutters?|skeletons?|\.[^/]+)/|\{\{|\{%",
    re.IGNORECASE,
)


def is_aside(path: str) -> bool:
    """Tell whether a path belongs to examples, tests, documents or other people's code, not to the product."""
    return role_of(path) == "test" or bool(_ASIDE.search(path))


class Dependencies:
    """The manifests of one side; each is read when it is asked for, once.

    Args:
        snapshot: The side to read from.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._read: dict[str, Manifest] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    @cached_property
    def projects(self) -> Mapping[str, tuple[str, ...]]:
        """Manifests of the product by the folder of their project; the root is ""."""
        found: dict[str, list[str]] = {}
        for path in self._snapshot.paths():
            if is_manifest(path) and not is_aside(path):
                found.setdefault(project_of(path), []).append(path)
        return {folder: tuple(paths) for folder, paths in found.items()}

    def manifest(self, path: str) -> Manifest:
        """Return what a file declares; nothing when there is no such file.

        Raises:
            ToolError: The file is not well-formed.
        """
        with self._lock:
            if path not in self._read:
                text = self._snapshot.read(path)
                self._read[path] = Manifest(path) if text is None else read_manifest(path, text, self._snapshot.read)
            return self._read[path]

    def declaring(self, project: str) -> tuple[Manifest, ...]:
        """Return the manifests that say what a project asks for directly; locks are left out.

        Raises:
            ToolError: One of them is not well-formed.
        """
        paths = self.projects.get(project, ())
        read = {path: self.manifest(path) for path in paths}
        packaged = any(one.runtime for path, one in read.items() if not path.endswith((".txt", ".in")))
        return tuple(one for path, one in read.items() if not self._is_lock(path, one, packaged=packaged))

    def runtime(self, project: str) -> Mapping[str, tuple[str, int]]:
        """Return the direct runtime dependencies of a project, each with file and line."""
        return {name: (one.path, line) for one in self.declaring(project) for name, line in one.runtime.items()}

    def extras(self, project: str) -> frozenset[str]:
        """Return the names of a project's extras."""
        return frozenset(name for one in self.declaring(project) for name in one.extras)

    def is_foreign(self, document: str, path: str) -> bool:
        """Tell whether a document stands in the folder of a project that a file is no part of."""
        inside = (folder for folder in self.projects if folder and document.startswith(f"{folder}/"))
        return any(not path.startswith(f"{folder}/") for folder in inside)

    def _is_lock(self, path: str, one: Manifest, *, packaged: bool) -> bool:
        if not one.runtime or not path.endswith((".txt", ".in")):
            return one.lock
        source = path.removesuffix(".txt") + ".in"
        compiled = path.endswith(".txt") and self._snapshot.blob(source) is not None
        return one.lock or compiled or (packaged and is_pinned(self._snapshot.read(path) or ""))


class ProjectChange(msgspec.Struct, frozen=True):
    """How the direct runtime dependencies of one project differ.

    Args:
        folder: The project's folder at head; the root is "".
        manifest: One of its changed manifests.
        added: New names, each with file and line at head.
        removed: Names that are gone, each with file and line at base.
        kept: Names that both sides have.
        new: Base had no such project.
    """

    folder: str
    manifest: str
    added: Mapping[str, tuple[str, int]]
    removed: Mapping[str, tuple[str, int]]
    kept: frozenset[str]
    new: bool = False


class DependencyChanges(msgspec.Struct, frozen=True):
    """Projects whose direct runtime dependencies differ by name.

    Args:
        projects: One entry each; version bumps, locks, extras and development groups do not count.
    """

    projects: tuple[ProjectChange, ...]

    @classmethod
    def of(cls, change: Change, dependencies: Both[Dependencies]) -> Self:
        """Compare the projects of changed manifests as wholes, so that a move between manifests is none.

        Raises:
            ToolError: A manifest of such a project is not well-formed.
        """
        touched: dict[str, set[str]] = {}
        for file in change.files:
            for path in {file.head_path, file.base_path} - {None}:
                if path and is_manifest(path) and not is_aside(path):
                    now = project_of(file.head_path or path)
                    touched.setdefault(now, set()).add(project_of(file.base_path or path))
        found = [_compared(now, was, change, dependencies) for now, was in sorted(touched.items())]
        moved = [one for one in found if one.added or one.removed]
        return cls(tuple(one for one in moved if one.folder in dependencies.head.projects))


def _compared(now: str, was: set[str], change: Change, dependencies: Both[Dependencies]) -> ProjectChange:
    before: dict[str, tuple[str, int]] = {}
    for folder in sorted(was):
        before |= dependencies.base.runtime(folder)
    after = dependencies.head.runtime(now)
    paths = [file.path for file in change.files if is_manifest(file.path) and project_of(file.path) == now]
    return ProjectChange(
        now,
        next(iter(paths), now),
        {name: at for name, at in after.items() if name not in before},
        {name: at for name, at in before.items() if name not in after},
        frozenset(before.keys() & after.keys()),
        new=not any(folder in dependencies.base.projects for folder in was),
    )
