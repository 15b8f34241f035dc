"""A document's words without their Markdown, in the forms that patterns and ids are made of."""

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LONGEST = 2_000  # patterns are searched in every item: an item of a page's length must not stall them
_SLUG_LENGTH = 60

_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣", "-")  # noqa: RUF001 - what typists use
_QUOTES = dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″«»", '"')  # noqa: RUF001 - likewise
_ASCII = str.maketrans(_DASHES | _QUOTES)
_CODE_OR_COMMENT = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)|<!--.*?-->", re.DOTALL)
_MARKUP: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])"), r"\1"),
    (re.compile(r"<((?:https?|mailto):[^<>\s]*)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), " "),
    (re.compile(r"(?<!\\)(\*{1,3}|~~)(?=[^\s*])(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def without_comments(text: str) -> str:
    """Return `text` without its HTML comments; those in code spans are words."""
    return _CODE_OR_COMMENT.sub(lambda match: match[0] if match["code"] else "", text)


def comments(text: str) -> list[str]:
    """Return the HTML comments of `text`; those in code spans are words."""
    return [match[0] for match in _CODE_OR_COMMENT.finditer(text) if not match["code"]]


def plain(text: str) -> str:
    """Return Markdown source as the words that a reader sees, on one line."""
    spans: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if not match["code"]:
            return ""
        spans.append(match["code"])
        return f"\x00{len(spans) - 1}\x00"

    words = _CODE_OR_COMMENT.sub(keep, text.replace("\x00", "")[:_LONGEST])
    for pattern, instead in _MARKUP:
        words = pattern.sub(instead, words)
    words = re.sub(r"\x00(\d+)\x00", lambda match: spans[int(match[1])], html.unescape(words))
    return " ".join(words.split())


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """Return Markdown source in the form that a rule's `answers` are searched in.

    Lower case; no markup, comments or leading symbols; dashes and quotes in ASCII; one line;
    no punctuation at the end.
    """
    words = unicodedata.normalize("NFKC", plain(text)).translate(_ASCII).lower()
    words = re.sub(r"(?<=\s)--+(?=\s)", "-", " ".join(words.split()))
    first = next((at for at, char in enumerate(words) if unicodedata.category(char)[0] not in "SZCM"), len(words))
    return words[first:].rstrip(" .,;:!?-")


def slug(text: str) -> str:
    """Return an id made of the words of `text`, cut between two of them."""
    full = re.sub(r"[\W_]+", "-", normalised(text)).strip("-")
    if len(full) <= _SLUG_LENGTH:
        return full or "item"
    head = full[: _SLUG_LENGTH + 1]
    return head.rpartition("-")[0] or full[:_SLUG_LENGTH]
