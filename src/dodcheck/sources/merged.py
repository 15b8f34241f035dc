"""The changes that a branch has taken in: its first-parent history, a merge as one change."""

import os
from collections.abc import Collection, Iterable, Sequence

from dodcheck.errors import UsageError
from dodcheck.history import Merged
from dodcheck.sources.plumbing import Git

_DEFAULTS = ("origin/HEAD", "origin/main", "origin/master", "main", "master", "HEAD")
_FIELDS = ("%H", "%cI", "%s")


def default_branch(git: Git, given: str | None) -> tuple[str, str]:
    """Return the branch whose changes are looked at, and its newest commit.

    Args:
        git: The repository.
        given: The ref asked for; None for the default branch.

    Raises:
        UsageError: There is no such ref, or no commit at all.
    """
    if given is not None and given.startswith("-"):
        raise UsageError(f"{given!r} is no ref", "give a branch, tag or commit")
    for ref in _DEFAULTS if given is None else (given,):
        asked = ("--quiet", "--verify", "--end-of-options", f"{ref}^{{commit}}")
        commit = git.run("rev-parse", *asked, may_fail=True).decode().strip()
        if commit:
            return ref, commit
    if given is None:
        raise UsageError(f"{git.top}: no commit there", "commit something first")
    raise UsageError(f"{git.top}: unknown ref {given!r}", "see `git branch -a`")


def merged(git: Git, newest: str, most: int) -> tuple[Merged, ...]:
    """Return the last changes of a branch, newest first; the first commit of all is no change.

    Args:
        git: The repository.
        newest: The commit to start from.
        most: How many.
    """
    shape = f"--format=tformat:{'%x00'.join(_FIELDS)}"
    listed = git.run(
        "log", "-z", "--first-parent", "--min-parents=1", f"--max-count={most}", shape, "--no-show-signature", newest
    )
    fields = listed.decode("utf-8", "replace").split("\0")[:-1]
    return tuple(Merged(*fields[at : at + len(_FIELDS)]) for at in range(0, len(fields), len(_FIELDS)))


def is_shallow(git: Git) -> bool:
    """Tell whether the clone holds a part of the history only."""
    return git.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def absent(git: Git, commits: Iterable[str]) -> frozenset[str]:
    """Return the blobs of changes, of whole trees on both sides, that are not in this clone."""
    sides = "".join(f"{one}^{{tree}}\n{one}^^{{tree}}\n" for one in commits)
    asked = ("rev-list", "--objects", "--missing=print", "--no-object-names", "--stdin")
    listed = git.run(*asked, stdin=sides.encode()).decode().split()
    return frozenset(one[1:] for one in listed if one.startswith("?"))


def changes_any(git: Git, commit: str, blobs: Collection[str]) -> bool:
    """Tell whether a change has one of `blobs` on either side of a file that it changes."""
    raw = git.run("diff-tree", "-r", "--raw", "--no-abbrev", "--no-renames", f"{commit}^", commit)
    lines: Sequence[list[str]] = [os.fsdecode(line).split() for line in raw.splitlines()]
    return any(blob in blobs for line in lines for blob in line[2:4])
