"""JSON with the place of every value, so that a message can name a line and an edit keep the formatting."""

import json
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented nowhere, there since Python 2.6
from typing import NamedTuple, cast

from dodcheck.patterns import pattern

_BLANK = pattern(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()

Path = tuple[str | int, ...]


class Span(NamedTuple):
    """Where a value stands in its text: offsets of its first character and of the one after its last."""

    start: int
    end: int


def spans(text: str) -> dict[Path, Span]:
    """Return the place of every value by its path of keys and indexes; of a repeated key the last counts.

    Args:
        text: JSON.

    Raises:
        json.JSONDecodeError: It is none.
    """
    start = 1 if text.startswith("\ufeff") else 0
    json.loads(text[start:])  # from here on the text is known to be well-formed
    return dict(_values(text, _after_blank(text, start), ()))


def line_of(text: str, offset: int) -> int:
    """Return the 1-based line of an offset."""
    return text.count("\n", 0, offset) + 1


def _values(text: str, start: int, path: Path) -> Iterator[tuple[Path, Span]]:
    opening = text[start]
    if opening not in "[{":
        _, end = _DECODER.raw_decode(text, start)
        yield path, Span(start, end)
        return
    at, index = _after_blank(text, start + 1), 0
    while text[at] not in "]}":
        key: str | int = index
        if opening == "{":
            key, at = cast("tuple[str, int]", scanstring(text, at + 1))
            at = _after_blank(text, _after_blank(text, at) + 1)
        inner = list(_values(text, at, (*path, key)))
        yield from inner
        at = _after_blank(text, inner[-1][1].end)
        at = _after_blank(text, at + 1) if text[at] == "," else at
        index += 1
    yield path, Span(start, at + 1)


def _after_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
