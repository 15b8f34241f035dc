"""Whether what is written beside a place explains it, or only seems to."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.parsing import parsed
from dodcheck.facts.comments.sites import Site
from dodcheck.facts.suppressions.suppression_comments import Comment, CommentedFile

_ABOVE = 2  # lines
_LEAST = 3  # words
_RESTATES = 0.8  # share of words that the code has as well
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+(?:\.\d+)?|[^\W\d_a-zA-Z]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}")  # scripts that put no space between words
_PROMISE = re.compile(r"^\W*(todo|fixme|xxx|hack)\b", re.IGNORECASE)
_SHAPE = re.compile(r"[(\[]\s*[\w.*+/ -]+(?:\s*[,x×]\s*[\w.*+/ -]+)+,?\s*[)\]]|\b[A-Z]\w*(?:\s*[x×,]\s*[A-Z\d]\w*)+\b")
_REFERENCE = re.compile(r"https?://|\b(?:RFC|PEP|ISO|IEEE|CVE)[- ]?\d+|(?:^|\s)(?:#|gh-?)\d+", re.IGNORECASE)
_NARRATING = (  # what any line of code does, in words
    "a an the this that these of in on to from by with for if else then and or not is are it its we our each every all "
    "add adds append assign call calls calculate calculates check checks compute computes convert converts create "
    "creates decrement decrements define defines do does execute get gets increment increments initialize initializes "
    "iterate iterates loop loops make makes multiply over perform performs reset return returns run runs set sets "
    "store subtract through update updates use uses using value values variable"
)
_NARRATION = frozenset(_NARRATING.split())


class Explanation(msgspec.Struct, frozen=True):
    """What was found beside a place.

    Args:
        kind: `explained`; `restated` and `dead-code` for a comment that only seems to; `none`.
        text: The words.
        line: 1-based line of the comment; None for a docstring.
    """

    kind: Literal["explained", "restated", "dead-code", "none"]
    text: str = ""
    line: int | None = None


def explanation(site: Site, function: Function | None, file: CommentedFile, lines: Sequence[str]) -> Explanation:
    """Look inside a place, above it as far as its paragraph goes, at least two lines, and in the docstring around it.

    Args:
        site: The place.
        function: The function that it stands in.
        file: The comments of its file.
        lines: The lines of its file.
    """
    if explains(site.inner, site):
        return Explanation("explained", site.inner)
    top = function.line if function else 1
    first = _first_line(site, lines, top)
    blocks = list(_blocks(file, first, site.end_line))
    named = frozenset([function.node.name]) if function else frozenset[str]()
    explained = next((text for _, text in blocks if explains(text, site, named)), None)
    if explained is not None:
        return Explanation("explained", explained)
    docstring = (function.docstring if function else None) or ""
    if mentions(docstring, site):
        return Explanation("explained", "the docstring speaks of it")
    for comment, text in blocks if site.kind != "complexity" else ():
        kind = _seeming(text, site, named)
        if kind:
            return Explanation(kind, text, comment.line)
    return Explanation("none")


def explains(text: str, site: Site, named: frozenset[str] = frozenset()) -> bool:
    """Tell whether a comment says more than the code: three words at least, no promise, no code, no restatement."""
    if _REFERENCE.search(text) or (site.kind == "shapes" and _SHAPE.search(text)):
        return True
    if _UNSPACED.search(text):
        return True
    return (
        len(_parts(text)) >= _LEAST
        and not _PROMISE.match(text)
        and not is_code(text)
        and not restates(text, site, named)
    )


def restates(text: str, site: Site, named: frozenset[str] = frozenset()) -> bool:
    """Tell whether hardly a word of a comment is not in the code or said of any code; a whole function says much.

    Args:
        text: The comment.
        site: The place.
        named: What the code around it is called.
    """
    if site.kind == "complexity":
        return False
    said = set(_parts(text))
    known = {part for word in site.words | named for part in _parts(word)} | _NARRATION
    return bool(said) and len(said & known) / len(said) >= _RESTATES


def is_code(text: str) -> bool:
    """Tell whether a comment is code that was commented out, as ruff's ERA001 does, by parsing it."""
    body = _parsed(text.strip()) or _parsed(text.strip().removesuffix(":") + ": pass")
    return bool(body) and not all(isinstance(one, ast.Expr) and not isinstance(one.value, ast.Call) for one in body)


def mentions(docstring: str, site: Site) -> bool:
    """Tell whether a docstring shares a telling identifier or a number with a place, or gives shapes."""
    said = set(_parts(docstring))
    if len(said) < _LEAST:
        return False
    if site.kind == "shapes" and _SHAPE.search(docstring):
        return True
    telling = {part for word in site.words for part in _parts(word) if len(part) > _LEAST or part[0].isdigit()}
    return bool(said & telling - _NARRATION)


def _seeming(text: str, site: Site, named: frozenset[str]) -> Literal["restated", "dead-code"] | None:
    if is_code(text):
        return "dead-code"
    return "restated" if restates(text, site, named) else None


def _parts(text: str) -> list[str]:
    return [part.lower() for part in _PART.findall(text)]


def _parsed(text: str) -> list[ast.stmt]:
    try:
        return parsed(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _first_line(site: Site, lines: Sequence[str], top: int) -> int:
    if site.kind == "complexity":
        return _above(site.line, lines, _ABOVE)
    first = site.line
    while first - 1 > top and lines[first - 2].strip():
        first -= 1
    return max(min(first, site.line - _ABOVE), top, 1)


def _above(line: int, lines: Sequence[str], least: int) -> int:
    first = line
    while first > 1 and lines[first - 2].strip().startswith(("#", "@")):
        first -= 1
    return max(min(first, line - least), 1)


def _blocks(file: CommentedFile, first: int, last: int) -> Iterator[tuple[Comment, str]]:
    """Yield the comments of some lines; those in lines of their own that follow each other are one."""
    start: Comment | None = None
    words: list[str] = []
    for line in range(first, last + 2):
        one = file.by_line.get(line) if line <= last else None
        if start is not None and (one is None or not one.alone):
            yield start, " ".join(words)
            start, words = None, []
        if one is None or not one.rest:
            continue
        if one.alone:
            start = start or one
            words.append(one.rest)
        else:
            yield one, one.rest
