"""Which setup documents the change touches, and what it says in them."""

import re
from collections import Counter
from typing import Self

import msgspec

from dodcheck.change import Both, Change
from dodcheck.facts.documents.documentation import Documentation, Kind, is_setup_page, kind_of

_SETUP = re.compile(
    r"\b(install\w*|set(ting)?[- ]?up|dependenc(y|ies)|requirements?|prerequisites?|getting[- ]started|conda|poetry"
    r"|quick[- ]?start\w*|environment variables?|env vars?|configur\w+|pipenv|pipx?|docker\w*|deploy\w*)\b",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\b(pip3?|conda|mamba|poetry|uv|pipenv|pdm|apt(-get)?|brew|dnf|apk)\s+(\S+\s+)?(install|add|sync)\b"
    r"|docker[ -]compose|\bdependenc(y|ies)\b|\bprerequisites?\b|requirements[\w-]*\.txt",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^(#{1,6}\s+|=+\s)(?P<title>.+)$")
_UNDERLINE = re.compile(r"^([=\-~^\"'`#*+])\1{2,}\s*$")


class TouchedDocument(msgspec.Struct, frozen=True):
    """A document whose words differ between the sides.

    Args:
        path: The document at head.
        kind: What it is.
        added: Lines that base has not, without surrounding blanks.
        removed: Lines that head has not.
        about_setup: Its path or the heading above a changed line speaks of installing or configuring, or such a
            line installs something.
    """

    path: str
    kind: Kind
    added: tuple[str, ...]
    removed: tuple[str, ...]
    about_setup: bool


class TouchedDocumentation(msgspec.Struct, frozen=True):
    """The setup documents that the change touches.

    Args:
        documents: READMEs and guides first; changelogs, moves and changes of blanks do not count.
    """

    documents: tuple[TouchedDocument, ...]

    @classmethod
    def of(cls, change: Change, docs: Both[Documentation]) -> Self:
        """Compare the changed documents line by line, whatever the order of the lines."""
        found = []
        for file in change.files:
            kind = kind_of(file.path) if file.head_path else None
            if kind is None:
                continue
            before = docs.base.text(file.base_path) if file.base_path else ""
            touched = _compared(file.path, kind, before, docs.head.text(file.path))
            if touched.added or touched.removed:
                found.append(touched)
        order: list[Kind] = ["readme", "guide", "example", "deployment"]
        return cls(tuple(sorted(found, key=lambda one: order.index(one.kind))))


def _compared(path: str, kind: Kind, before: str, after: str) -> TouchedDocument:
    old, new = _sections(before), _sections(after)
    were, are = Counter(line for line, _ in old), Counter(line for line, _ in new)
    added, removed = are - were, were - are
    titles = {title for line, title in new if line in added} | {title for line, title in old if line in removed}
    about = is_setup_page(path) or any(map(_SETUP.search, titles)) or any(map(_STEP.search, (*added, *removed)))
    return TouchedDocument(path, kind, tuple(added), tuple(removed), about)


def _sections(text: str) -> list[tuple[str, str]]:
    """Return every line that is not blank, its blanks made one, with the heading that it stands under."""
    found: list[tuple[str, str]] = []
    title, previous = "", ""
    for raw in text.splitlines():
        line = " ".join(raw.split())
        if heading := _TITLE.match(line):
            title = heading["title"]
        elif _UNDERLINE.match(line) and previous:
            title = previous
        if line:
            found.append((line, title))
        previous = line
    return found
