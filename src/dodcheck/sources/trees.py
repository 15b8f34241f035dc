"""The index and the working tree as git trees, made without touching either.

A copy of the index and an object folder of our own take every write, so that the user's
index, work tree and object database stay as they were.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dodcheck.errors import UsageError
from dodcheck.sources.plumbing import Git

HUGE = 50 * 1024 * 1024  # bytes; an untracked file above it is data, and hashing it would take seconds


class WrittenTree(NamedTuple):
    """A tree id, and the untracked files that were left out of it for their size."""

    id: str
    left_out: Sequence[str]


def index_tree(git: Git, scratch: Path) -> WrittenTree:
    """Write the staged content as a tree.

    Raises:
        UsageError: The index holds unmerged paths.
    """
    copy = _copy_of_index(git, scratch)
    try:
        return WrittenTree(git.run("write-tree", index=copy).decode().strip(), ())
    except UsageError:
        unmerged = git.run("ls-files", "--unmerged", "-z", index=copy)
        if not unmerged:
            raise
    path = os.fsdecode(unmerged.partition(b"\0")[0].partition(b"\t")[2])
    raise UsageError(f"{path}: unmerged in the index", "resolve the conflict and `git add` it")


def working_tree(git: Git, scratch: Path) -> WrittenTree:
    """Write committed, uncommitted and untracked-not-ignored content as a tree."""
    copy = _copy_of_index(git, scratch)
    git.run("add", "--update", "--", ":/", index=copy)
    listed = git.run("ls-files", "--others", "--exclude-standard", "-z", index=copy)
    untracked = [os.fsdecode(name) for name in listed.split(b"\0") if name and not name.endswith(b"/")]
    huge = [path for path in untracked if _size(git.top / path) > HUGE]
    wanted = b"".join(os.fsencode(path) + b"\0" for path in untracked if path not in huge)
    if wanted:
        git.run("update-index", "--add", "-z", "--stdin", stdin=wanted, index=copy)
    return WrittenTree(git.run("write-tree", index=copy).decode().strip(), huge)


def _copy_of_index(git: Git, scratch: Path) -> Path:
    copy = scratch / "index"
    if git.index.exists():
        shutil.copy2(git.index, copy)  # with its time: by it git knows which entries it must read again
    else:
        copy.unlink(missing_ok=True)  # nothing was ever staged
    return copy


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:  # gone between the listing and now
        return 0
