"""Which commits a change lies between, asked through GitPython."""

import os
from pathlib import Path
from typing import NamedTuple

from dodcheck.errors import UsageError
from dodcheck.sources.plumbing import EMPTY_TREE

_DEFAULTS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class Point(NamedTuple):
    """One end of a change: what it is called, and its commit (None: nothing was there yet)."""

    ref: str
    commit: str | None

    @property
    def tree(self) -> str:
        """A tree-ish for plumbing."""
        return f"{self.commit}^{{tree}}" if self.commit else EMPTY_TREE


class Refs:
    """Resolves refs of one repository.

    Args:
        top: The work tree's root.
        git_dir: The repository's own directory.
    """

    def __init__(self, top: Path, git_dir: Path) -> None:
        from git import Repo  # noqa: PLC0415 - 70 ms that a commit hook does not pay

        self._repo = Repo(top)
        self._repo.git.update_environment(GIT_DIR=str(git_dir), GIT_WORK_TREE=str(top), GIT_OPTIONAL_LOCKS="0")

    def close(self) -> None:
        """End GitPython's children."""
        self._repo.close()

    def resolve(self, ref: str) -> str:
        """Return the commit that a ref names.

        Raises:
            UsageError: It names none, or could be taken for an option.
        """
        if ref.startswith("-"):
            raise UsageError(f"{ref!r} is no ref", "give a branch, tag or commit")
        commit = self._find(ref)
        if commit is None:
            remedy = (
                "fetch more history: git fetch --unshallow" if self.shallow else "see `git branch -a` and `git tag`"
            )
            raise UsageError(f"unknown ref {ref!r}", remedy)
        return commit

    @property
    def shallow(self) -> bool:
        """The clone holds a part of the history only."""
        return self._ask("rev-parse", "--is-shallow-repository") == "true"

    def base(self, given: str | None, head: str | None, *, uncommitted: bool = False) -> Point:
        """Return where the change starts.

        Args:
            given: The ref asked for; the merge-base with head is taken when the two diverged.
            head: Head's commit; None on an unborn branch.
            uncommitted: On the default branch, start at head itself, not at its parent.

        Raises:
            UsageError: The ref is unknown, or its history is not here.
        """
        if given is not None:
            commit = self.resolve(given)
            return Point(given, self._merge_base(commit, head, given) if head else commit)
        if head is None:
            return Point("(nothing)", None)
        return self._default_base(head) or (Point("HEAD", head) if uncommitted else self.parent(head))

    def _default_base(self, head: str) -> Point | None:
        for ref in _DEFAULTS:
            commit = self._find(ref)
            if commit is None:
                continue
            merge_base = self._ask("merge-base", commit, head)
            on_it = merge_base == head and self._branch() in (None, self._name(ref))
            if merge_base and not on_it:
                return Point(ref, merge_base)
            if on_it:
                break
        return None

    def current(self) -> str | None:
        """Return HEAD's commit; None on an unborn branch."""
        return self._find("HEAD")

    def parent(self, head: str) -> Point:
        """Return a commit's first parent, or the empty tree for a root commit.

        Raises:
            UsageError: The clone is too shallow to tell.
        """
        parent = self._find(f"{head}^")
        if parent is None and self.shallow:
            raise UsageError("HEAD's parent is not in this shallow clone", "git fetch --deepen 1, or --unshallow")
        return Point(f"{head[:9]}^", parent) if parent else Point("(nothing)", None)

    def _merge_base(self, commit: str, head: str, given: str) -> str:
        found = self._ask("merge-base", commit, head)
        if not found and self.shallow:
            raise UsageError(f"no common history of {given!r} and head in this shallow clone", "git fetch --unshallow")
        return found or commit

    def _branch(self) -> str | None:
        return self._ask("symbolic-ref", "--quiet", "--short", "HEAD") or None

    def _name(self, ref: str) -> str:
        full = self._ask("rev-parse", "--abbrev-ref", ref) or ref
        return full.removeprefix("origin/")

    def _find(self, ref: str) -> str | None:
        return self._ask("rev-parse", "--quiet", "--verify", "--end-of-options", f"{ref}^{{commit}}") or None

    def _ask(self, command: str, *args: str) -> str:
        """Return a command's one-line answer; empty when git has none."""
        asked = self._repo.git.execute(["git", command, *args], as_process=True)
        process = asked.proc  # ended with `asked` itself, too
        try:
            out, _ = process.communicate() if process else (b"", b"")
        finally:
            if process:
                process.kill()  # interrupted
        return os.fsdecode(out).strip()
