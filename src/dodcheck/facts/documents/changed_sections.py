"""Which sections of which documents the change writes in."""

from collections.abc import Iterator
from typing import Self

import msgspec

from dodcheck.change import Change, ChangedFile
from dodcheck.patterns import pattern

_HEADING = pattern(r"^(?P<marks>#{1,6}|={1,6})\s+(?P<title>\S.*?)\s*#*$")  # Markdown and AsciiDoc
_UNDERLINE = pattern(r"^([=\-~^\"'`*+])\1{2,}\s*$")  # reStructuredText, and Markdown's other form
_FENCE = pattern(r"^\s*(```|~~~)")


class DocumentChange(msgspec.Struct, frozen=True):
    """One document of the change.

    Args:
        file: The file.
        sections: Titles of the sections at head that have new or altered lines, in their order.
    """

    file: ChangedFile
    sections: tuple[str, ...]


class ChangedSections(msgspec.Struct, frozen=True):
    """The documents of the change, deleted ones included.

    Args:
        documents: In the order of their paths.
    """

    documents: tuple[DocumentChange, ...]

    @classmethod
    def of(cls, change: Change) -> Self:
        """Find the heading above each added line; what stands above the first heading has none."""
        docs = [file for file in change.files if file.role == "docs"]
        return cls(tuple(DocumentChange(file, tuple(_sections(change, file))) for file in docs))


def _sections(change: Change, file: ChangedFile) -> Iterator[str]:
    if file.head_path is None:
        return
    titles = list(_title_of_each_line(change.head.read(file.head_path) or ""))
    added = change.added_lines(file)
    told = (titles[number - 1] for number in sorted(added) if number <= len(titles))
    yield from dict.fromkeys(title for title in told if title)


def _title_of_each_line(text: str) -> Iterator[str]:
    lines = text.splitlines()
    title, fenced = "", False
    for number, line in enumerate(lines):
        fenced ^= bool(_FENCE.match(line))
        match = None if fenced else _HEADING.match(line)
        under = lines[number + 1] if number + 1 < len(lines) else ""
        if match:
            title = match["title"]
        elif not fenced and line.strip() and _UNDERLINE.match(under) and len(under.strip()) >= len(line.strip()) - 1:
            title = line.strip()
        yield title
