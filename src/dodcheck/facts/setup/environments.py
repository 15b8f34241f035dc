"""What leaves a project's environment open: requirements that neither a manifest nor a lock binds to one version."""

from collections.abc import Mapping
from functools import cached_property
from threading import Lock as Mutex
from typing import Literal, Self

import msgspec

from dodcheck.change import Both, Change, Snapshot
from dodcheck.facts.breaking.project_kind import Kind, Projects
from dodcheck.facts.setup.bounds import Bound, read_bounds
from dodcheck.facts.setup.dependencies import Dependencies, is_aside
from dodcheck.facts.setup.lock_files import LockFile, LockFiles, is_lock_name
from dodcheck.facts.setup.manifests import is_manifest, project_of

Code = Literal["unpinned", "not-locked", "lock-differs"]
_RESOLVED = ("pyproject.toml", "Pipfile", ".in")  # what lock files are made from
_PACKAGING = ("pyproject.toml", "setup.cfg", "setup.py")


class Fault(msgspec.Struct, frozen=True):
    """One requirement that does not come to one version.

    Args:
        code: `unpinned` when nothing binds it, `not-locked` when the lock lacks it, `lock-differs` when the lock has
            a version that the requirement does not allow.
        bound: The requirement.
        lock: The lock in question.
        held: The versions that the lock has.
    """

    code: Code
    bound: Bound
    lock: str = ""
    held: frozenset[str] = frozenset()


class Environments:
    """The environments of one side, by the folder of their project.

    Args:
        snapshot: The side.
        dependencies: Its manifests.
        locks: Its lock files.
        projects: What each project is.
    """

    def __init__(self, snapshot: Snapshot, dependencies: Dependencies, locks: LockFiles, projects: Projects) -> None:
        self._snapshot = snapshot
        self._dependencies = dependencies
        self._locks = locks
        self._projects = projects
        self._known: dict[str, Environment] = {}
        self._mutex = Mutex()

    @classmethod
    def of(cls, snapshot: Snapshot, dependencies: Dependencies, locks: LockFiles, projects: Projects) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, dependencies, locks, projects)

    def at(self, folder: str) -> "Environment":
        """Return the environment of one project.

        Raises:
            ToolError: One of its manifests or locks is not well-formed.
        """
        with self._mutex:
            if folder not in self._known:
                self._known[folder] = self._read(folder)
            return self._known[folder]

    def _read(self, folder: str) -> "Environment":
        manifests = [self._dependencies.manifest(path) for path in self._dependencies.projects.get(folder, ())]
        name = next((one.name for one in manifests if one.name), None)
        locks = self._locks.of_project(folder, name)
        listed = {one.path for one in locks}
        bounds = [
            bound
            for one in manifests
            if one.path not in listed
            for bound in read_bounds(one.path, self._snapshot.read(one.path) or "", one.runtime)
            if bound.name != name
        ]
        return Environment(folder, tuple(bounds), locks, self._kind(folder))

    def _kind(self, folder: str) -> Kind:
        start = f"{folder}/" if folder else ""
        kind = self._projects.at(f"{start}requirements.txt").kind
        own = any(self._snapshot.blob(start + name) is not None for name in _PACKAGING)
        return kind if own or kind == "application" else "unclear"  # a folder inside of somebody's package


class Environment:
    """What binds the runtime requirements of one project.

    Args:
        folder: The project's folder; the root is "".
        bounds: Its requirements.
        locks: Its lock files.
        kind: Whether others import it, or it is run as it is.
    """

    def __init__(self, folder: str, bounds: tuple[Bound, ...], locks: tuple[LockFile, ...], kind: Kind) -> None:
        self.folder = folder
        self.bounds = bounds
        self.locks = locks
        self.kind = kind

    @cached_property
    def faults(self) -> Mapping[tuple[str, Code], Fault]:
        """What is open, by name and code."""
        found = [fault for bound in self.bounds if (fault := self._fault(bound))]
        return {(one.bound.name, one.code): one for one in reversed(found)}

    def holding(self, name: str) -> LockFile | None:
        """Return the first lock that has a distribution."""
        return next((lock for lock in self.locks if name in lock.versions), None)

    @cached_property
    def _pinned(self) -> frozenset[str]:
        return frozenset(bound.name for bound in self.bounds if bound.pinned)

    def _fault(self, bound: Bound) -> Fault | None:
        for lock in self.locks:
            held = lock.versions.get(bound.name, frozenset())
            if held and not any(map(bound.allows, held)):
                return Fault("lock-differs", bound, lock.path, held)
        if self.holding(bound.name):
            return None
        resolved = [lock for lock in self.locks if bound.path.endswith(_RESOLVED) and _locks_all(lock, bound)]
        if resolved:
            return Fault("not-locked", bound, resolved[0].path)
        return None if bound.name in self._pinned else Fault("unpinned", bound)


def _locks_all(lock: LockFile, bound: Bound) -> bool:
    """A list that pip made has what one platform needs, and that of the other manifest is none of ours."""
    if not is_lock_name(lock.path):
        return bound.path.endswith(".in") and ";" not in bound.text
    return not bound.path.endswith(".in")


class ChangedEnvironment(msgspec.Struct, frozen=True):
    """One project whose requirements or locks differ.

    Args:
        folder: Its folder at head.
        kind: Whether others import it, or it is run as it is.
        faults: What the change leaves open that base did not.
        bound: Requirements that are new or written otherwise, and in order, each with the lock that holds it, if any.
        relocked: Locks that differ.
    """

    folder: str
    kind: Kind
    faults: tuple[Fault, ...]
    bound: tuple[tuple[Bound, str | None], ...]
    relocked: tuple[str, ...]


class ChangedEnvironments(msgspec.Struct, frozen=True):
    """The projects of changed manifests and locks.

    Args:
        found: One entry each, where some requirement or lock differs.
    """

    found: tuple[ChangedEnvironment, ...]

    @classmethod
    def of(cls, change: Change, environments: Both[Environments]) -> Self:
        """Compare each project as a whole, so that a move between manifests is none.

        Raises:
            ToolError: A manifest or a lock of such a project is not well-formed.
        """
        touched: dict[str, set[str]] = {}
        for file in change.files:
            here, there = (_folder(path) for path in (file.head_path, file.base_path))
            for folder in {here, there} - {None}:
                touched.setdefault(here if here is not None else folder or "", set()).add(there or folder or "")
        compared = (_compared(now, was, change, environments) for now, was in sorted(touched.items()))
        return cls(tuple(one for one in compared if one.faults or one.bound or one.relocked))


def _folder(path: str | None) -> str | None:
    if path is None or is_aside(path):
        return None
    if is_manifest(path):
        return project_of(path)
    return path.rpartition("/")[0] if is_lock_name(path) else None


def _compared(now: str, was: set[str], change: Change, environments: Both[Environments]) -> ChangedEnvironment:
    head = environments.head.at(now)
    before = [environments.base.at(folder) for folder in sorted(was)]
    old = {key for one in before for key in one.faults}
    texts = {(bound.name, bound.text) for one in before for bound in one.bounds}
    faults = tuple(fault for key, fault in head.faults.items() if key not in old)
    broken = {fault.bound.name for fault in head.faults.values()}
    bound = [one for one in head.bounds if (one.name, one.text) not in texts and one.name not in broken]
    changed = {file.path for file in change.files}
    return ChangedEnvironment(
        now,
        head.kind,
        faults,
        tuple((one, lock.path if (lock := head.holding(one.name)) else None) for one in bound),
        tuple(lock.path for lock in head.locks if lock.path in changed),
    )
