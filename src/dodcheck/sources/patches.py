"""Which lines a change adds, read from one diff of everything: a child of git a file costs more than the file does."""

import re
from collections.abc import Mapping, Sequence
from threading import Lock

from dodcheck.change import ChangedFile
from dodcheck.errors import UsageError
from dodcheck.sources.plumbing import Git

RENAMES = ("-M", "-l5000")
_PATCH = ("diff-tree", "-r", "-p", "-U0", *RENAMES, "--no-ext-diff", "--no-textconv", "--no-color")
_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_FILE = re.compile(rb"^diff --git ", re.MULTILINE)
_MOST = 200_000  # lines added and deleted; beyond it each file is asked for by itself


class Patches:
    """The patches between two trees.

    Args:
        git: The repository.
        trees: Base's tree and head's.
        files: The files between them, in git's own order.
    """

    def __init__(self, git: Git, trees: tuple[str, str], files: Sequence[ChangedFile]) -> None:
        self._git = git
        self._trees = trees
        self._files = files
        self._known: Mapping[str, frozenset[int]] | None = None
        self._lock = Lock()

    def added(self, file: ChangedFile) -> frozenset[int]:
        """Return the 1-based lines at head that a file of the change adds."""
        if file.status == "deleted" or file.added is None:
            return frozenset()
        if file.status == "added":
            return frozenset(range(1, file.added + 1))
        with self._lock:
            if self._known is None:
                self._known = self._read()
        known = self._known.get(file.path)
        return self._alone(file) if known is None else known

    def _read(self) -> Mapping[str, frozenset[int]]:
        """Return the lines of every file; nothing where the diff is too large, or is not one part a file."""
        if sum((one.added or 0) + (one.deleted or 0) for one in self._files) > _MOST:
            return {}
        parts = _FILE.split(self._git.run(*_PATCH, *self._trees))[1:]
        owners = [one for one in self._files for _ in range(2 if one.status == "type-changed" else 1)]
        if len(parts) != len(owners):
            return {}
        found: dict[str, frozenset[int]] = {}
        for owner, part in zip(owners, parts, strict=True):
            found[owner.path] = found.get(owner.path, frozenset()) | _lines(part)
        return found

    def _alone(self, file: ChangedFile) -> frozenset[int]:
        paths = sorted({file.path, file.old_path or file.path})
        try:
            return _lines(self._git.run(*_PATCH, *self._trees, "--", *(f":(literal,top){path}" for path in paths)))
        except UsageError:  # a file name that no pathspec can spell
            return frozenset()


def _lines(patch: bytes) -> frozenset[int]:
    lines: set[int] = set()
    for start, count in _HUNK.findall(patch):
        lines.update(range(int(start), int(start) + int(count or 1)))
    return frozenset(lines)
