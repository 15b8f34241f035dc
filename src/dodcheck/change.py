"""One change: two snapshots and the files between them.

`Snapshot` is a protocol; git implements it in `dodcheck.sources`, and `TreeSnapshot`
is its dict-backed twin for rule cases and for tests of a team's own rules.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha1
from typing import Generic, Literal, Protocol, Self, TypeVar

import msgspec

from dodcheck.roles import Role, role_of

T = TypeVar("T")
FileStatus = Literal["added", "modified", "deleted", "renamed", "type-changed"]
_SIMILAR = 0.5  # git's own default for -M


class Side(StrEnum):
    """The two sides of a change."""

    BASE = "base"
    HEAD = "head"


class Snapshot(Protocol):
    """All files of one side."""

    @property
    def revision(self) -> str:
        """Short commit id, "index" or "working tree"."""

    @property
    def tree(self) -> str:
        """Id of all contents together."""

    def paths(self) -> Sequence[str]:
        """Every file, repository-relative and sorted; no submodules."""

    def within(self, folder: str) -> Sequence[str]:
        """Every file that stands right in a folder, sorted; "" is the root.  It costs no list of everything."""

    def has_folder(self, folder: str) -> bool:
        """Whether a folder is there."""

    def blob(self, path: str) -> str | None:
        """Content id of a file; None when there is none."""

    def read_bytes(self, path: str) -> bytes | None:
        """Content of a file; None when there is none (or it is a link or submodule)."""

    def read(self, path: str) -> str | None:
        """Content as text, undecodable bytes replaced; None when there is none."""


class ChangedFile(msgspec.Struct, frozen=True):
    """One file of a change.

    Args:
        path: Path at head (at base when deleted).
        old_path: Path at base when it differs.
        status: What happened to it.
        added: Lines added; None for binary content.
        deleted: Lines deleted; None for binary content.
        role: What the file is for.
    """

    path: str
    old_path: str | None
    status: FileStatus
    added: int | None
    deleted: int | None
    role: Role

    @property
    def base_path(self) -> str | None:
        """Where the file stood at base; None when it is new."""
        return None if self.status == "added" else self.old_path or self.path

    @property
    def head_path(self) -> str | None:
        """Where the file stands at head; None when it is gone."""
        return None if self.status == "deleted" else self.path


@dataclass(frozen=True)
class Change:
    """Everything between base and head.

    Args:
        base: The side that the change starts from.
        head: The side under test.
        files: The files between them, sorted by path.
        added_lines: 1-based line numbers at head that a file of the change adds.
    """

    base: Snapshot
    head: Snapshot
    files: tuple[ChangedFile, ...]
    added_lines: Callable[[ChangedFile], frozenset[int]] = field(repr=False)

    def at_head(self, *suffixes: str, roles: Sequence[Role] = ()) -> list[ChangedFile]:
        """Files that exist at head, optionally of some suffixes and roles."""
        return [
            f
            for f in self.files
            if f.status != "deleted" and (not suffixes or f.path.endswith(suffixes)) and (not roles or f.role in roles)
        ]

    @classmethod
    def of_trees(cls, before: Mapping[str, str | bytes], after: Mapping[str, str | bytes]) -> Self:
        """Build the change between two dicts of path to content."""
        base, head = TreeSnapshot("base", before), TreeSnapshot("head", after)
        moved = _renames(base, head)
        files = [_changed(base, head, p, moved.get(p)) for p in after if p in moved or base.blob(p) != head.blob(p)]
        files += [_changed(base, head, p, None) for p in before if p not in after and p not in moved.values()]
        ordered = tuple(sorted(files, key=lambda f: f.path))
        return cls(base, head, ordered, lambda f: frozenset(_line_diff(base, head, f)[0]))


class Both(Generic[T]):
    """A fact at both sides, each computed when it is first looked at."""

    def __init__(self, get: Callable[[Side], T]) -> None:
        self._get = get

    @property
    def base(self) -> T:
        """The fact at base."""
        return self._get(Side.BASE)

    @property
    def head(self) -> T:
        """The fact at head."""
        return self._get(Side.HEAD)


class TreeSnapshot:
    """A snapshot held in a dict: for rule cases and tests.

    Args:
        revision: What the side is called in evidence.
        files: Path to content.
    """

    def __init__(self, revision: str, files: Mapping[str, str | bytes]) -> None:
        self.revision = revision
        self._files = {p: c.encode() if isinstance(c, str) else c for p, c in files.items()}

    @property
    def tree(self) -> str:
        """See `Snapshot.tree`."""
        return sha1(repr(sorted(self._files.items())).encode(), usedforsecurity=False).hexdigest()

    def paths(self) -> Sequence[str]:
        """See `Snapshot.paths`."""
        return sorted(self._files)

    def within(self, folder: str) -> Sequence[str]:
        """See `Snapshot.within`."""
        return [path for path in self.paths() if path.rpartition("/")[0] == folder]

    def has_folder(self, folder: str) -> bool:
        """See `Snapshot.has_folder`."""
        return any(path.startswith(f"{folder}/") for path in self._files)

    def blob(self, path: str) -> str | None:
        """See `Snapshot.blob`."""
        content = self._files.get(path)
        return None if content is None else sha1(content, usedforsecurity=False).hexdigest()

    def read_bytes(self, path: str) -> bytes | None:
        """See `Snapshot.read_bytes`."""
        return self._files.get(path)

    def read(self, path: str) -> str | None:
        """See `Snapshot.read`."""
        content = self._files.get(path)
        return None if content is None else content.decode("utf-8", "replace")


def _renames(base: TreeSnapshot, head: TreeSnapshot) -> dict[str, str]:
    gone = [p for p in base.paths() if head.blob(p) is None]
    moved: dict[str, str] = {}
    for path in (p for p in head.paths() if base.blob(p) is None):
        rated = [(_similarity(base.read(old), head.read(path)), old) for old in gone if old not in moved.values()]
        score, old = max(rated, default=(0.0, ""))
        if score >= _SIMILAR:
            moved[path] = old
    return moved


def _similarity(old: str | None, new: str | None) -> float:
    return difflib.SequenceMatcher(None, (old or "").splitlines(), (new or "").splitlines()).ratio()


def _changed(base: TreeSnapshot, head: TreeSnapshot, path: str, old: str | None) -> ChangedFile:
    status: FileStatus = "modified"
    if old:
        status = "renamed"
    elif base.blob(path) is None:
        status = "added"
    elif head.blob(path) is None:
        status = "deleted"
    file = ChangedFile(path, old, status, 0, 0, role_of(path))
    added, deleted = _line_diff(base, head, file)
    return msgspec.structs.replace(file, added=len(added), deleted=len(deleted))


def _line_diff(base: TreeSnapshot, head: TreeSnapshot, file: ChangedFile) -> tuple[set[int], set[int]]:
    old = (base.read(file.base_path) or "").splitlines() if file.base_path else []
    new = (head.read(file.head_path) or "").splitlines() if file.head_path else []
    added: set[int] = set()
    deleted: set[int] = set()
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            deleted.update(range(i1 + 1, i2 + 1))
            added.update(range(j1 + 1, j2 + 1))
    return added, deleted
