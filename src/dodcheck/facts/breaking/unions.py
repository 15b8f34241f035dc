"""What an annotation allows, read off its text."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import griffe

_OPTIONAL = re.compile(r"^(?:typing\.|t\.|te\.)?Optional\[(.*)\]$", re.DOTALL)
_UNION = re.compile(r"^(?:typing\.|t\.|te\.)?Union\[(.*)\]$", re.DOTALL)


def union_members(annotation: "str | griffe.Expr") -> set[str]:
    """Return the members of a union, as far as the text of an annotation tells; of another type, itself."""
    text = str(annotation).strip().strip("'\"")
    if match := _OPTIONAL.match(text):
        return union_members(match[1]) | {"None"}
    if match := _UNION.match(text):
        return {part for one in _split(match[1], ",") for part in union_members(one)}
    pieces = list(_split(text, "|"))
    if len(pieces) > 1:
        return {part for one in pieces for part in union_members(one)}
    return {re.sub(r"\b(typing|t|te|collections\.abc|cabc)\.", "", text)}


def _split(text: str, mark: str) -> Iterator[str]:
    depth, start = 0, 0
    for index, letter in enumerate(text):
        depth += (letter in "[(") - (letter in "])")
        if letter == mark and not depth:
            yield text[start:index]
            start = index + 1
    yield text[start:]
