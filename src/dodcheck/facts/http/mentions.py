"""Lines of documents that name an endpoint's path."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from dodcheck.facts.http.endpoint import Endpoint, anonymous

_UNKNOWN = re.compile(r"<[^<>]*>")
_METHOD = re.compile(
    r"\b(GET|POST|PUT|PATCH|DELETE)\b|-X\s*(GET|POST|PUT|PATCH|DELETE)\b|\.(get|post|put|patch|delete)\("
)
_PART = r"(?:[{<:\[$][^\s`\"'|)/]*|[\w.~%@*-]+)"
_AFTER = r"(?![\w{<-]|/[\w{<:$])"


class Mention(msgspec.Struct, frozen=True):
    """One line that names a path.

    Args:
        path: The document.
        line: 1-based line.
        text: The line.
        method: The only HTTP method that the line names; empty when it names none or several.
    """

    path: str
    line: int
    text: str
    method: str


def mentions(path: str, text: str, endpoint: Endpoint) -> Iterator[Mention]:
    """Yield the lines of a document that name the whole path of an endpoint, parameters under any name."""
    first = _first(endpoint.key[1])
    if first not in text:
        return
    pattern = naming(endpoint.key[1], whole=True)
    for number, line in enumerate(text.splitlines(), 1):
        if first in line and pattern.search(line):
            found = {next(filter(None, m.groups())).upper() for m in _METHOD.finditer(line)}
            yield Mention(path, number, line.strip(), found.pop() if len(found) == 1 else "")


@lru_cache(maxsize=4096)
def naming(path: str, *, whole: bool) -> re.Pattern[str]:
    """Return what finds an anonymous path in a line.

    Args:
        path: The anonymous path.
        whole: The line must have all of it, after a host or by itself; else what comes behind the first parts will do.
    """
    parts = [one for one in _UNKNOWN.sub("", anonymous(path)).split("/") if one]
    if not whole:
        literal = [i for i, one in enumerate(parts) if one != "{}"]
        parts = parts[literal[-2] if len(literal) > 1 else literal[-1] :] if literal else parts
    inside = "/".join(re.escape(one).replace(r"\{\}", _PART) for one in parts)
    before = r"(?:^|[\s`\"'(|\[<>=:,*]|\w\.\w+|localhost(?::\d+)?|:\d+|\}\}?|\$\w+)" if whole else ""
    return re.compile(f"{before}/{inside}/?{_AFTER}")


def _first(path: str) -> str:
    """Return a part of the path that any line must have which names it."""
    literal = [one for one in path.split("/") if one and "{" not in one and "<" not in one]
    return max(literal, key=len, default="/")
