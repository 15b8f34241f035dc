"""Commits, the index and the working tree as snapshots, and the change between two of them."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property

from dodcheck.change import Change, ChangedFile, FileStatus
from dodcheck.roles import role_of
from dodcheck.sources.patches import RENAMES, Patches
from dodcheck.sources.plumbing import Entry, Git

_STATUS: Mapping[str, FileStatus] = {
    "A": "added",
    "C": "added",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "T": "type-changed",
}
_SUBMODULE, _LINK, _FOLDER = b"160000", b"120000", b"40000"
_NOTHING: Entry = (b"", "")
_NO_FILES = {_SUBMODULE, _FOLDER, b""}


class GitSnapshot:
    """All files of one git tree; contents are read from objects, never from disk.

    Folders are read one by one as they are asked for, so that a few files of a large repository cost
    what they cost in a small one; only `paths` reads the whole tree.

    Args:
        git: The repository.
        tree: The tree's id.
        revision: What the side is called in evidence.
    """

    def __init__(self, git: Git, tree: str, revision: str) -> None:
        self._git = git
        self.tree = tree
        self.revision = revision
        self._folders: dict[str, Mapping[str, Entry]] = {}

    @cached_property
    def _paths(self) -> Sequence[str]:
        listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", self.tree)
        records = (record.partition(b"\t") for record in listed.split(b"\0")[:-1])
        return sorted(os.fsdecode(path) for meta, _, path in records if not meta.startswith(_SUBMODULE))

    def paths(self) -> Sequence[str]:
        """See `Snapshot.paths`."""
        return self._paths

    def within(self, folder: str) -> Sequence[str]:
        """See `Snapshot.within`."""
        start = f"{folder}/" if folder else ""
        found = (name for name, (mode, _) in self._folder(folder).items() if mode not in _NO_FILES)
        return sorted(f"{start}{name}" for name in found)

    def has_folder(self, folder: str) -> bool:
        """See `Snapshot.has_folder`."""
        return bool(self._folder(folder))

    def blob(self, path: str) -> str | None:
        """See `Snapshot.blob`."""
        mode, name = self._entry(path)
        return None if mode in _NO_FILES else name

    def read_bytes(self, path: str) -> bytes | None:
        """See `Snapshot.read_bytes`."""
        mode, name = self._entry(path)
        return None if mode == _LINK or mode in _NO_FILES else self._git.content(name)

    def _entry(self, path: str) -> Entry:
        folder, _, name = path.rpartition("/")
        return _NOTHING if path.startswith("/") else self._folder(folder).get(name, _NOTHING)

    def _folder(self, path: str) -> Mapping[str, Entry]:
        if path not in self._folders:
            mode, tree = self._entry(path) if path else (_FOLDER, self.tree)
            self._folders[path] = self._git.folder(tree) if mode == _FOLDER else {}
        return self._folders[path]

    def read(self, path: str) -> str | None:
        """See `Snapshot.read`."""
        content = self.read_bytes(path)
        return None if content is None else content.decode("utf-8", "replace")


def snapshot_at(git: Git, commit: str) -> GitSnapshot:
    """Return a commit's files.

    Raises:
        UsageError: There is no such commit.
    """
    tree = git.run("rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}").decode().split()[-1]
    return GitSnapshot(git, tree, commit[:9])


def change_between(git: Git, base: GitSnapshot, head: GitSnapshot) -> Change:
    """Return the change between two trees, renames followed."""
    raw = git.run(
        "diff-tree", "-r", "-z", *RENAMES, "--raw", "--numstat", "--no-ext-diff", "--no-textconv", base.tree, head.tree
    )
    files = _files([os.fsdecode(part) for part in raw.split(b"\0")])
    patches = Patches(git, (base.tree, head.tree), files)
    return Change(base, head, tuple(sorted(files, key=lambda file: file.path)), patches.added)


def _files(fields: Sequence[str]) -> list[ChangedFile]:
    names: list[tuple[str, str | None, FileStatus]] = []
    at = 0
    while fields[at].startswith(":"):
        letter = fields[at].rsplit(" ", 1)[1][0]
        moved = letter in "RC"
        old, new = fields[at + 1], fields[at + (2 if moved else 1)]
        names.append((new, old if letter == "R" else None, _STATUS[letter]))
        at += 3 if moved else 2
    files = []
    for path, old_path, status in names:
        added, deleted, name = fields[at].split("\t", 2)
        at += 1 if name else 3
        files.append(ChangedFile(path, old_path, status, _count(added), _count(deleted), role_of(path)))
    return files


def _count(text: str) -> int | None:
    return None if text == "-" else int(text)
