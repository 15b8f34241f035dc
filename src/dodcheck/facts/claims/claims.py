"""Claims in the author's words: files, tests, numbers, and statements about the whole.

Of 593 descriptions of agents' pull requests, claims of a kind ("tests added") were contradicted by the files 13 times
and wrongly so 11 times; a file that is named and exists nowhere was the most telling one: 5 of 8 were real (own
measurement, each read by hand).  So names are held exactly, and kinds only as far as they can be counted.
"""

import re
from collections.abc import Iterator
from typing import Self

import msgspec

from dodcheck.facts.claims.grammar import (
    BY_HEADING,
    MANNERS,
    PATH,
    STATEMENTS,
    TEST,
    TWO_FILES,
    UNSAID,
    UNSURE,
    ClaimKind,
    Manner,
)
from dodcheck.history import History
from dodcheck.notes import Notes


class Claim(msgspec.Struct, frozen=True):
    """One thing that the author says.

    Args:
        kind: What it is about.
        subject: The path, the test or the number; the words of a statement.
        manner: What is said to have been done to a path or a test.
        where: The notes' path, or the commit.
        line: The sentence that says it.
        in_notes: The handoff notes say it, not a commit.
    """

    kind: ClaimKind
    subject: str
    manner: Manner
    where: str
    line: str
    in_notes: bool


class Claims(msgspec.Struct, frozen=True):
    """What the notes and the commit messages of the change claim.

    Args:
        all: The claims, the notes' first.
        texts: How many texts were read.
    """

    all: tuple[Claim, ...]
    texts: int

    @classmethod
    def of(cls, notes: Notes, history: History) -> Self:
        """Read the notes, then the messages of the change's commits."""
        found = list(_in_text(notes.text, notes.path or "notes", in_notes=True)) if notes.text else []
        for message in history.messages:
            found += _in_text(message.text, f"commit {message.commit[:10]}", in_notes=False)
        return cls(tuple(dict.fromkeys(found)), bool(notes.text) + len(history.messages))


def _in_text(text: str, where: str, *, in_notes: bool) -> Iterator[Claim]:
    heading: Manner = "named"
    bare = UNSAID.sub(" ", text)
    for line in _sentences(bare):
        if line.startswith("#"):
            words = line.lower()
            heading = next((manner for word, manner in BY_HEADING if word in words), "named")
            continue
        for kind, subject, manner in _in_line(line, heading):
            yield Claim(kind, subject, manner, where, line.strip()[:200], in_notes)


def _sentences(text: str) -> Iterator[str]:
    """Yield headings and sentences; a paragraph's lines belong together, bullets stand alone."""
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s|#)", text):
        first, _, rest = block.strip().partition("\n")
        is_heading = first.startswith("#")
        if is_heading:
            yield first
        yield from re.split(r"(?<=[.;!?])\s+", " ".join((rest if is_heading else block).split()))


def _in_line(line: str, heading: Manner) -> Iterator[tuple[ClaimKind, str, Manner]]:
    for match in PATH.finditer(line):
        if TWO_FILES.search(match[0]):
            continue
        if not TEST.fullmatch(match[0]) and "::" not in line[match.end() : match.end() + 2]:
            yield "path", match[0].removeprefix("./"), _manner(line[: match.start()], heading)
    for match in TEST.finditer(line):
        yield "test", match[1], _manner(line[: match.start()], heading)
    for kind, pattern in STATEMENTS:
        for match in pattern.finditer(line):
            if not UNSURE.search(line[: match.start()]):
                yield kind, match.groupdict().get("number") or match[0], "named"


def _manner(before: str, heading: Manner) -> Manner:
    """Return what the words before a name say was done to it: the last of them counts."""
    if UNSURE.search(before):
        return "named"
    ends = [(match.end(), manner) for manner, pattern in MANNERS for match in pattern.finditer(before)]
    return max(ends, default=(0, heading))[1]
