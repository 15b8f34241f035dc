"""What the code of base says about the end of something: deprecation warnings, decorators and notes in docstrings."""

import re
from collections.abc import Iterator

from dodcheck.facts.breaking.breaks import Announcement

_DEPRECATED = re.compile(
    r"\b(?:Pending)?DeprecationWarning\b|\b(?:Future|Removed\w*)Warning\b|\bdeprecat(?:ed|ion)\b|\bwarn_deprecated\b",
    re.IGNORECASE,
)
_VERSION = r"v?(\d+(?:\.\d+)*)\b"
_GOES = re.compile(
    r"\b(?:remov\w+|dropp?\w*|disappear\w*|go(?:es|ne)?(?: away)?|delet\w+|unsupported|not supported|no longer)\b"
    rf"[^.;]{{0,60}}?\b(?:in|with|as of|from|since|until|by)\s+(?:[A-Za-z]\w*\s+){{0,3}}{_VERSION}",
    re.IGNORECASE,
)
_NEAR = 3  # lines around a warning in which it names the parameter that it is about
_CLASS = re.compile(r"\bRemovedIn\w*?(\d+(?:_?\d+)*)\w*Warning\b")
_ARGUMENT = re.compile(rf"\b(?:remov\w+|end|until)_?(?:in|version|at)?\s*=\s*[\"']{_VERSION}")


def announcement(lines: list[str], path: str, first: int, last: int, name: str = "") -> Announcement | None:
    """Return what a stretch of code says about its end.

    Args:
        lines: The lines of the file.
        path: The file.
        first: 1-based first line of the stretch.
        last: 1-based last line.
        name: What the stretch must speak of, when it is not the stretch itself.
    """
    for number, part in _passages(lines, first, last):
        near = "\n".join(lines[max(first, number - _NEAR) - 1 : min(last, number + _NEAR)])
        if not name or re.search(rf"(?<!\buse )[`'\"]{re.escape(name)}(?!\w)", near, re.IGNORECASE):
            flat = re.sub(r"[\"']\s*\n\s*f?[\"']", "", part)
            found = _GOES.search(" ".join(flat.split())) or _ARGUMENT.search(flat)
            version = found[1] if found else None
            if not found and (warning := _CLASS.search(part)):
                version = (
                    ".".join(warning[1].replace("_", "")) if "_" not in warning[1] else warning[1].replace("_", ".")
                )
            return Announcement(path, number, version)
    return None


def _passages(lines: list[str], first: int, last: int) -> Iterator[tuple[int, str]]:
    """Yield each line that speaks of a deprecation with what stands around it."""
    for number in range(first, min(last, len(lines)) + 1):
        if _DEPRECATED.search(lines[number - 1]):
            yield number, "\n".join(lines[max(first, number - 6) - 1 : min(last, number + 6)])
