"""What the commits of a change say, and what was said before it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import msgspec

from dodcheck.patterns import pattern

_TRAILER = pattern(r"^(?P<key>[A-Za-z][A-Za-z-]*|BREAKING CHANGE)(?::\s+|\s+#)(?P<value>\S.*)$")


class Message(msgspec.Struct, frozen=True):
    """One commit's message.

    Args:
        commit: The commit's full id.
        text: The whole message.
        author: The author's mail address.
    """

    commit: str
    text: str
    author: str = ""

    @property
    def subject(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0].strip()

    @property
    def body(self) -> str:
        """Everything after the first line."""
        return self.text.partition("\n")[2].strip()

    @property
    def trailers(self) -> Mapping[str, tuple[str, ...]]:
        """Values by key in lower case: the `Key: value` lines of the last paragraph (git-interpret-trailers).

        A footer of Conventional Commits 1.0.0 is one as well, `BREAKING CHANGE: ...` and `Fixes #12` among them;
        a line that starts with a blank goes on with the line before it.
        """
        found: dict[str, list[str]] = {}
        last: list[str] | None = None
        for line in self.text.strip().rpartition("\n\n")[2].splitlines():
            match = _TRAILER.match(line)
            if match:
                last = found.setdefault(match["key"].lower(), [])
                last.append(match["value"].strip())
            elif last and line[:1].isspace():
                last[-1] = f"{last[-1]} {line.strip()}"
        return {key: tuple(values) for key, values in found.items()}


class Merged(msgspec.Struct, frozen=True):
    """One change that a branch has taken in.

    Args:
        commit: What was merged or committed; the change is it against its first parent.
        date: When it was committed, ISO 8601.
        subject: The first line of its message.
    """

    commit: str
    date: str
    subject: str


@dataclass(frozen=True)
class History:
    """Commit messages around a change.

    Args:
        messages: Of the change's commits, newest first; none for what is not committed.
        before: Returns the messages of commits that base holds and that contain a text, newest first.
        branch: The branch that is checked out; None on a detached head.
        released: Tells whether the last tag that base holds has a file; None when base holds no tag.
        replaced: Returns, by path, the content ids that files had in the last commits that base holds, each with the
            commit that put something else in its place.
    """

    messages: tuple[Message, ...] = ()
    before: Callable[[str], tuple[Message, ...]] = field(default=lambda _: (), repr=False)
    branch: str | None = None
    released: Callable[[str], bool | None] = field(default=lambda _: None, repr=False)
    replaced: Callable[[Sequence[str]], Mapping[str, Mapping[str, str]]] = field(default=lambda _: {}, repr=False)

    @classmethod
    def of_texts(cls, texts: tuple[str, ...], before: tuple[str, ...] = (), branch: str | None = None) -> Self:
        """Build a history from messages alone, for the cases of rules and for tests.

        Args:
            texts: Messages of the change, newest first; a first line `From: MAIL` names the author.
            before: Messages that base holds, newest first.
            branch: The branch.
        """
        old = tuple(_message(number, text) for number, text in enumerate(before, 1))
        new = tuple(_message(number, text) for number, text in enumerate(texts, len(old) + 1))
        return cls(new, lambda words: tuple(one for one in old if words in one.text), branch)


def _message(number: int, text: str) -> Message:
    first, _, rest = text.partition("\n")
    named = first.startswith("From: ")
    author = first.removeprefix("From: ").strip() if named else ""
    return Message(f"{number:040x}", rest.lstrip("\n") if named else text, author)
