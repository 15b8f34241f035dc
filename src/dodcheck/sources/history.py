"""Commit messages, read by git plumbing."""

from collections.abc import Sequence
from functools import cache

from dodcheck.history import History, Message
from dodcheck.sources.plumbing import Git

_MOST = 2_000  # commits of one change; a range beyond it is a fork, not a change
_END = "\x1e"


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

    branch = git.run("symbolic-ref", "--quiet", "--short", "HEAD", may_fail=True).decode("utf-8", "replace").strip()
    return History(told, before, branch or None, released)


def _messages(git: Git, span: Sequence[str]) -> tuple[Message, ...]:
    out = git.run("log", f"--format=%H %ae%n%B{_END}", "--no-show-signature", *span, "--").decode("utf-8", "replace")
    parts = [part.strip("\n") for part in out.split(_END)]
    found = (part.partition("\n") for part in parts if part)
    return tuple(Message(head.partition(" ")[0], text, head.partition(" ")[2]) for head, _, text in found)
