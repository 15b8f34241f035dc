"""What the author says: handoff notes, in Markdown with the report's own headings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from dodcheck.patterns import pattern

_BOX = pattern(r"^\[[ xX]\]\s+")
_SPOKEN = pattern(
    r"^(explanations|breaking changes|acceptance criteria|decisions(?: made(?: and why)?)?|e2e scenarios affected"
    r"|(?:any )?(?:remaining )?(?:concerns|risks)(?: (?:and|or) (?:concerns|risks))?):\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_SEPARATOR = pattern(r":\s+|\s+[—–-]\s+")


class Notes(msgspec.Struct, frozen=True):
    """Handoff notes.

    Args:
        sections: Lines by heading, the heading in plain lower-case words.
        explanations: The author's word by item id, item text or rule id, in plain lower-case words.
        path: Where they were read from.
        text: The whole of them.
    """

    sections: Mapping[str, tuple[str, ...]] = {}
    explanations: Mapping[str, str] = {}
    path: str | None = None
    text: str = ""

    def section(self, *words: str) -> tuple[str, ...]:
        """Return the lines of the first section whose heading holds one of the words."""
        for heading, lines in self.sections.items():
            if any(word in heading for word in words):
                return lines
        return ()

    def explanation(self, *keys: str) -> str | None:
        """Return what is said under the first of the keys that is explained."""
        for key in map(plain, keys):
            if key in self.explanations:
                return self.explanations[key]
        return None


def plain(text: str) -> str:
    """Return words in lower case without markup, for comparing headings and keys."""
    return re.sub(r"[^a-z0-9#]+", " ", text.lower()).strip()


def parse(text: str, path: str | None = None) -> Notes:
    """Read notes; text outside of any heading is left alone.

    Args:
        text: Markdown; each list item and each paragraph is a line of its section.
        path: Where it came from.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 50 ms that only a run with notes pays

    sections: dict[str, list[str]] = {}
    lines: list[str] | None = None
    tokens = MarkdownIt("commonmark").parse(text.lstrip("\ufeff"))
    for before, token in pairwise(tokens):
        if token.type != "inline":
            continue
        content = " ".join(_BOX.sub("", token.content).split())
        if before.type == "heading_open":
            lines = sections.setdefault(plain(content), [])
        elif lines is not None and content:
            lines.append(content)
    explained = {key: said for line in sections.get("explanations", []) for key, said in _splits(line)}
    return Notes({name: tuple(lines) for name, lines in sections.items()}, explained, path, text)


def of_messages(texts: Sequence[str]) -> Notes:
    """Read what commit messages say under the headings of notes.

    Git takes lines with # for comments, so a line like `Explanations:` is a heading here.

    Args:
        texts: The messages, newest first.
    """
    bodies = "\n\n".join(text.partition("\n")[2] for text in texts)
    if not _SPOKEN.search(bodies):
        return Notes()
    return parse(_SPOKEN.sub(r"\n\n# \1\n\n", bodies), "the commit messages")


def _splits(line: str) -> Iterator[tuple[str, str]]:
    """Split a line at each separator: the key is an item's text, and that may hold separators itself."""
    for match in _SEPARATOR.finditer(line):
        yield plain(line[: match.start()]), line[match.end() :].strip("* ")
