"""Scratch folders outside the user's tree, gone at every exit and found again after a crash."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Self

from dodcheck.errors import UsageError
from dodcheck.sources import children
from dodcheck.sources.guard import remove
from dodcheck.sources.plumbing import Git
from dodcheck.sources.room import FULL, needed, no_room

_PREFIX = "dodcheck-run-"
_ROOM = 1 << 30  # bytes that must be free before scratch trees go to memory
_LOCK = "lock"
_OLD = 3600.0  # seconds
_MEMORY = Path("/dev/shm")  # noqa: S108 - probed; a folder in it is made by mkdtemp


class Scratch:
    """One folder for everything that a run writes; a lock in it shows that its run is alive."""

    def __init__(self) -> None:
        for parent in dict.fromkeys((_MEMORY, Path(tempfile.gettempdir()))):
            _sweep(parent)  # first: what a killed run left may be what fills the memory
        self.root, self._held = _claimed(_parent())
        children.hold(self.root)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self._held.close()
        children.release(self.root)

    def folder(self, name: str) -> Path:
        """Return a folder of that name, made when it is first asked for."""
        path = self.root / name
        with self.room():
            path.mkdir(parents=True, exist_ok=True)
        return path

    def room(self) -> AbstractContextManager[None]:
        """Return what says of a write that fails for want of room where that was."""
        return needed(self.root)


class Trees:
    """Whole trees of both sides on disk, each written once.

    Args:
        git: The repository.
        scratch: Where to write.
        ids: Tree id by name of the side.
    """

    def __init__(self, git: Git, scratch: Scratch, ids: dict[str, str]) -> None:
        self._git = git
        self._scratch = scratch
        self._ids = ids
        self._locks: dict[str, Lock] = {}
        self._guard = Lock()

    def id_of(self, side: str) -> str:
        """Return the git tree id of one side."""
        return self._ids[side]

    def _lock_of(self, name: str) -> Lock:
        with self._guard:
            return self._locks.setdefault(name, Lock())

    def whole(self, side: str, purpose: str, prepare: Callable[[Path], None] = lambda _: None) -> Path:
        """Return a folder with every file of one side.

        Args:
            side: "base" or "head".
            purpose: Who writes into it; each purpose has a folder of its own.
            prepare: Called once with the new folder.
        """
        target = self._scratch.root / f"{purpose}-{side}"
        with self._lock_of(target.name):
            if not target.exists():
                try:
                    self._write(side, target, prepare)
                except BaseException:
                    shutil.rmtree(target, ignore_errors=True)  # who asks again must not get a part of it
                    raise
        return target

    def _write(self, side: str, target: Path, prepare: Callable[[Path], None]) -> None:
        with self._scratch.room():
            index = target.with_name(f"{target.name}.index")
            self._git.run("read-tree", self._ids[side], index=index)
            self._git.run("checkout-index", "--all", "--quiet", f"--prefix={target}/", index=index)
            target.mkdir(exist_ok=True)  # an empty tree writes nothing
            prepare(target)


def _parent() -> Path:
    """Prefer memory, unless TMPDIR names a place: writing 5,000 files took 0.2 s there and 3 s on disk."""
    if os.environ.get("TMPDIR"):
        return Path(tempfile.gettempdir())
    with contextlib.suppress(OSError):
        if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
            return _MEMORY
    return Path(tempfile.gettempdir())


def _claimed(parent: Path) -> tuple[Path, IO[str]]:
    """Return a new folder and the lock in it, which we hold.

    Raises:
        UsageError: It cannot be made.
        ToolError: There is no room for it.
    """
    try:
        while True:
            root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
            held = (root / _LOCK).open("w")
            fcntl.flock(held, fcntl.LOCK_EX)
            if os.fstat(held.fileno()).st_nlink:
                return root, held
            held.close()  # another run took it for one that was left, before we held the lock
    except OSError as error:
        if error.errno in FULL:
            raise no_room(parent) from error
        raise UsageError(f"{parent}: {error.strerror}", "name a folder that can be written in TMPDIR") from error


def _sweep(parent: Path) -> None:
    """Remove what a killed run left: its folder is there and nobody holds its lock."""
    for stale in _ours(parent):
        with contextlib.suppress(OSError):
            if not (stale / _LOCK).exists():
                _remove_unlocked(stale)
                continue
            with (stale / _LOCK).open("r+") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(str(stale))


def _remove_unlocked(folder: Path) -> None:
    """Remove a folder whose run was killed before it had a lock; a young one may be about to get it."""
    if folder.stat().st_mtime < time.time() - _OLD:
        folder.rmdir()


def _ours(parent: Path) -> Iterable[Path]:
    with contextlib.suppress(OSError), os.scandir(parent) as found:
        mine = [one for one in found if one.name.startswith(_PREFIX)]
        yield from (Path(one) for one in mine if one.stat(follow_symlinks=False).st_uid == os.getuid())
