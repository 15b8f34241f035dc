"""Where a change says that it breaks something on purpose: notes, commit messages, the changelog."""

import re
from collections.abc import Iterator, Sequence
from typing import Self

import msgspec

from dodcheck.change import Change
from dodcheck.history import History
from dodcheck.notes import Notes

_CHANGELOG = re.compile(
    r"(^|/)(changelog|changes|history|news|upgrading|migrating|migration|breaking)[^/]*\.(md|rst|txt)$"
    r"|(^|/)(changelog\.d|newsfragments|changes|news)/",
    re.IGNORECASE,
)
_BREAKING = re.compile(
    r"\b(breaking|breaks|incompatib\w+|backwards?|removed?|removes|dropp?e?d?|renamed?|no longer|instead of|deprecat\w+"
    r"|migrat\w+|must now|now (raises?|returns?|requires?|is|are)|changed?)\b",
    re.IGNORECASE,
)
_RULER = re.compile(r"^\s*([-=~^#*])\1{2,}\s*$")


class ContractRecord(msgspec.Struct, frozen=True):
    """What the change says it breaks.

    Args:
        lines: Each with where it stands.
    """

    lines: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, notes: Notes, change: Change, history: History) -> Self:
        """Read the notes' section on breaking changes, BREAKING CHANGE footers, and new lines of the changelog."""
        found = [(line, notes.path or "the notes") for line in notes.section("breaking")]
        for message in history.messages:
            found += [(line, "the commit message") for line in message.trailers.get("breaking change", ())]
        return cls((*found, *_changelog(change)))

    def naming(self, words: Sequence[str]) -> str:
        """Return where one of some names is said to break, with the line; empty when none is."""
        for line, where in self.lines:
            if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line) for word in words):
                return f"{where}: {line.strip()[:160]}"
        return ""


def _changelog(change: Change) -> Iterator[tuple[str, str]]:
    for file in change.at_head():
        if file.role != "docs" or not _CHANGELOG.search(file.path):
            continue
        lines = (change.head.read(file.path) or "").splitlines()
        for at in sorted(change.added_lines(file)):
            paragraph = _paragraph(lines, at - 1)
            if _BREAKING.search(f"{file.path} {paragraph} {_title(lines, at - 1)}"):
                yield paragraph, f"{file.path}:{at}"


def _paragraph(lines: Sequence[str], at: int) -> str:
    """Return the text around a line, up to empty lines and other entries."""
    first = last = at
    while first > 0 and lines[first].strip() and not re.match(r"\s*([-*+]|\d+\.)\s", lines[first]):
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip() and not re.match(r"\s*([-*+]|\d+\.)\s", lines[last + 1]):
        last += 1
    return " ".join(line.strip() for line in lines[first : last + 1])


def _title(lines: Sequence[str], at: int) -> str:
    """Return the heading that a line stands under, in Markdown or reStructuredText."""
    for number in range(at, -1, -1):
        if lines[number].startswith("#"):
            return lines[number]
        if number and _RULER.match(lines[number]) and lines[number - 1].strip():
            return lines[number - 1]
    return ""
