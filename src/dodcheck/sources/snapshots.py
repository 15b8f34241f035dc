"""Commits, the index and the working tree as snapshots, and the change between two of them."""

import os
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from dodcheck.change import Change, ChangedFile, FileStatus
from dodcheck.errors import UsageError
from dodcheck.roles import role_of
from dodcheck.sources.plumbing import Git

_RENAME_LIMIT = "-l5000"
_STATUS: Mapping[str, FileStatus] = {
    "A": "added",
    "C": "added",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "T": "type-changed",
}
_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_SUBMODULE, _LINK = "160000", "120000"
_LONGEST_TARGET = 4096  # bytes, PATH_MAX


class GitSnapshot:
    """All files of one git tree; contents are read from objects, never from disk.

    Args:
        git: The repository.
        tree: The tree's id.
        revision: What the side is called in evidence.
    """

    def __init__(self, git: Git, tree: str, revision: str) -> None:
        self._git = git
        self.tree = tree
        self.revision = revision

    @cached_property
    def _entries(self) -> Mapping[str, tuple[str, str]]:
        listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", self.tree)
        entries: dict[str, tuple[str, str]] = {}
        for record in listed.split(b"\0")[:-1]:
            meta, _, path = record.partition(b"\t")
            mode, _, blob = meta.decode().split()
            if mode != _SUBMODULE:
                entries[os.fsdecode(path)] = (mode, blob)
        return entries

    def paths(self) -> Sequence[str]:
        """See `Snapshot.paths`."""
        return sorted(self._entries)

    def blob(self, path: str) -> str | None:
        """See `Snapshot.blob`."""
        entry = self._entries.get(path)
        return entry[1] if entry else None

    def read_bytes(self, path: str) -> bytes | None:
        """See `Snapshot.read_bytes`; asks git for one path as long as nobody needed the whole list."""
        if "_entries" not in self.__dict__ and "\n" not in path:
            content = self._git.content(f"{self.tree}:{path}")
            return None if content is not None and self._may_be_link(content) and self._is_link(path) else content
        mode, blob = self._entries.get(path, (_LINK, ""))
        return None if mode == _LINK else self._git.content(blob)

    @staticmethod
    def _may_be_link(content: bytes) -> bool:
        """A link's content is its target: one short line without an end."""
        return 0 < len(content) < _LONGEST_TARGET and b"\n" not in content

    def _is_link(self, path: str) -> bool:
        listed = self._git.run("ls-tree", "-z", "--full-tree", self.tree, "--", f":(literal,top){path}", may_fail=True)
        return listed.startswith(_LINK.encode())

    def read(self, path: str) -> str | None:
        """See `Snapshot.read`."""
        content = self.read_bytes(path)
        return None if content is None else content.decode("utf-8", "replace")


def change_between(git: Git, base: GitSnapshot, head: GitSnapshot) -> Change:
    """Return the change between two trees, renames followed."""
    raw = git.run(
        "diff-tree", "-r", "-z", "-M", _RENAME_LIMIT, "--raw", "--numstat", "--no-ext-diff", "--no-textconv",
        base.tree, head.tree,
    )  # fmt: skip
    fields = [os.fsdecode(part) for part in raw.split(b"\0")]
    files = tuple(sorted(_files(fields), key=lambda file: file.path))
    return Change(base, head, files, lambda file: _added_lines(git, base, head, file))


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


def _added_lines(git: Git, base: GitSnapshot, head: GitSnapshot, file: ChangedFile) -> frozenset[int]:
    if file.status == "deleted" or file.added is None:
        return frozenset()
    if file.status == "added":
        return frozenset(range(1, file.added + 1))
    paths = sorted({file.path, file.old_path or file.path})
    try:
        out = git.run(
            "diff-tree", "-r", "-p", "-U0", "-M", _RENAME_LIMIT, "--no-ext-diff", "--no-textconv", "--no-color",
            base.tree, head.tree, "--", *(f":(literal,top){path}" for path in paths),
        )  # fmt: skip
    except UsageError:  # a file name that no pathspec can spell
        return frozenset()
    lines: set[int] = set()
    for start, count in _HUNK.findall(out):
        lines.update(range(int(start), int(start) + int(count or 1)))
    return frozenset(lines)
