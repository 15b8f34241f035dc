"""What an acceptance criterion names that can be looked up: files, routes, options, variables, symbols, texts."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

AnchorKind = Literal["path", "route", "option", "variable", "symbol", "text"]

_CODE = re.compile(r"`([^`]+)`")
_ROUTE = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(/[\w{}<>:./*-]*)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]+")
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_PATH = re.compile(r"(?<![\w/.])(?:\.?[\w-]+/)*\.?[\w-]+\.[a-z][a-z0-9]{0,4}\b(?!\()")
_SUFFIXED = re.compile(
    r"\S*\.(py|pyi|md|rst|toml|ya?ml|json|cfg|ini|txt|sh|sql|html|css|js|jsx|ts|tsx|csv|ipynb|j2|lock|env|feature|proto)"
)
_SYMBOL = re.compile(r"[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*(?:\(.*\))?")
_BARE_SYMBOL = re.compile(r"\b(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[a-z_]\w*(?=\(\)))\b")
_QUOTED = re.compile('["\u201c]([^"\u201c\u201d]{2,80})["\u201d]')
_KINDS: tuple[tuple[AnchorKind, re.Pattern[str]], ...] = (
    ("route", re.compile(r"/[\w{}<>:./*-]+")),
    ("variable", _VARIABLE),
    ("path", _SUFFIXED),
    ("symbol", _SYMBOL),
)
_LITERAL = {"true", "false", "none", "null", "int", "str", "float", "bool", "list", "dict", "tuple", "set", "bytes"}


class Anchor(msgspec.Struct, frozen=True):
    """One thing that a criterion names.

    Args:
        kind: What it is.
        text: It, without its markup.
        is_hard: The criterion names it so that it cannot be meant otherwise; what is hard and absent is not done.
    """

    kind: AnchorKind
    text: str
    is_hard: bool = True

    @property
    def name(self) -> str:
        """The last part of a symbol's dotted name, without its call; anything else as it stands."""
        return self.text.partition("(")[0].rpartition(".")[2] if self.kind == "symbol" else self.text


def anchors_in(text: str) -> tuple[Anchor, ...]:
    """Return what a text names, each thing once, in the order of the text."""
    found = sorted(_anchors(text), key=lambda pair: pair[0])
    return tuple(dict.fromkeys(anchor for _, anchor in found))


def _anchors(text: str) -> Iterator[tuple[int, Anchor]]:
    plain = _CODE.sub(lambda match: " " * len(match[0]), text)
    for match in _ROUTE.finditer(text.replace("`", " ")):
        yield match.start(), Anchor("route", f"{match[1]} {match[2].rstrip('.')}")
    for match in _CODE.finditer(text):
        found = _of_code(match[1].strip())
        if found:
            yield match.start(), found
    for kind, pattern in (("option", _OPTION), ("variable", _VARIABLE)):
        for match in pattern.finditer(plain):
            yield match.start(), Anchor("option" if kind == "option" else "variable", match[0])
    for match in _PATH.finditer(plain):
        if _SUFFIXED.fullmatch(match[0]) and "/" in match[0]:
            yield match.start(), Anchor("path", match[0])
    for match in _BARE_SYMBOL.finditer(plain):
        yield match.start(), Anchor("symbol", match[0], is_hard=False)
    for match in _QUOTED.finditer(plain):
        yield match.start(), Anchor("text", match[1], is_hard=False)


def _of_code(code: str) -> Anchor | None:
    if _ROUTE.search(code) or code.lower() in _LITERAL or not code:
        return None
    option = _OPTION.match(code)
    if option:
        return Anchor("option", option[0])
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(code)), None)
    return Anchor(kind, code) if kind else Anchor("text", code, is_hard=False)
