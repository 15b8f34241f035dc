"""Commit messages, read by git plumbing."""

from collections.abc import Sequence
from functools import cache

from dodcheck.history import History, Message
from dodcheck.sources.plumbing import Git

_MOST = 2_000  # commits of one change; a range beyond it is a fork, not a change
_END = "\x1e"
_BRANCH = "ref: refs/heads/"
_NO_FILES = "ref: refs/heads/.invalid"  # what git writes there for programs that do not know reftable
_PAST = 300  # commits on the default branch that are searched for older versions of files


def history(git: Git, base: str | None, head: str | None) -> History:
    """Return what the commits between two points say, and a way to search those before them.

    Args:
        git: The repository.
        base: Commit that the change starts from; None when nothing was there.
        head: Commit that it ends with; None when it is not committed at all.
    """
    span = [] if head is None else [f"{base}..{head}" if base else head]
    told = _messages(git, [f"--max-count={_MOST}", *span]) if span and base != head else ()

    def before(words: str) -> tuple[Message, ...]:
        if base is None or not words:
            return ()
        return _messages(git, ["--fixed-strings", f"--grep={words}", f"--max-count={_MOST}", base])

    @cache
    def tag() -> str:
        found = git.run("describe", "--tags", "--abbrev=0", base, may_fail=True) if base else b""
        return found.decode("utf-8", "replace").strip()

    def released(path: str) -> bool | None:
        if not tag():
            return None
        listed = git.run(
            "ls-tree", "--full-tree", "--end-of-options", tag(), "--", f":(literal,top){path}", may_fail=True
        )
        return bool(listed)

    def replaced(paths: Sequence[str]) -> dict[str, dict[str, str]]:
        if base is None or not paths:
            return {}
        far = git.run("rev-list", "--first-parent", f"--skip={_PAST}", "--max-count=1", base).decode().strip()
        span = [f"{far}..{base}"] if far else [base]
        listed = [f":(literal,top){path}" for path in paths]
        out = git.run("log", "--raw", "-z", "--no-abbrev", "--no-renames", "--format=%x1e%H", *span, "--", *listed)
        return _replaced(out.decode("utf-8", "surrogateescape"))

    return History(told, before, _branch(git), released, replaced)


def _branch(git: Git) -> str | None:
    """Return the branch that is checked out: what HEAD's file says, which costs no child, unless refs are no files."""
    try:
        said = (git.git_dir / "HEAD").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        said = _NO_FILES
    if said == _NO_FILES:
        found = git.run("symbolic-ref", "--quiet", "--short", "HEAD", may_fail=True)
        return found.decode("utf-8", "replace").strip() or None
    return said.removeprefix(_BRANCH) if said.startswith(_BRANCH) else None


def _replaced(out: str) -> dict[str, dict[str, str]]:
    """Read `git log --raw -z`: after a commit's id come pairs of what differs and the path."""
    found: dict[str, dict[str, str]] = {}
    for part in out.split(_END)[1:]:
        commit, *fields = (field.strip("\n") for field in part.split("\0"))
        for what, path in zip(fields[::2], fields[1::2], strict=False):
            if what.startswith(":"):
                found.setdefault(path, {}).setdefault(what.split()[2], commit)
    return found


def _messages(git: Git, span: Sequence[str]) -> tuple[Message, ...]:
    out = git.run("log", f"--format=%H %ae%n%B{_END}", "--no-show-signature", *span, "--").decode("utf-8", "replace")
    parts = [part.strip("\n") for part in out.split(_END)]
    found = (part.partition("\n") for part in parts if part)
    return tuple(Message(head.partition(" ")[0], text, head.partition(" ")[2]) for head, _, text in found)
