"""Markdown as a tree of headings with the list items under them; what they mean is not known here.

Only block structure is parsed: fences, tables, HTML comments and indented code give no
list items because the Markdown parser says so, not a regular expression.
"""

import re
from collections.abc import Sequence

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dodcheck.wording import comments, without_comments

BOLD_LEVEL = 7
LEAD_LEVEL = 8

_BLANKS = str.maketrans(
    dict.fromkeys("\u00a0\u1680\u2007\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x7f")
    | dict.fromkeys((*range(1, 9), *range(14, 32)))  # what steers a terminal
)
_FRONT = re.compile(r"\A---[ \t]*\n((?:[ \t]*(?:#.*)?\n)*[\w.-]+[ \t]*:(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?=\n|\Z)")
_NAME = re.compile(r"""^name[ \t]*:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#].*?))[ \t]*(?:[ \t]#.*)?$""", re.MULTILINE)
_BOX = re.compile(r"\\?\[[ \t]*([xX✓✔✅~/-]?)[ \t]*\\?\](?![(\[:])\s*|([☐☑☒⬜🔲🗹])\ufe0f?\s*")
_LIST_OPEN = frozenset({"bullet_list_open", "ordered_list_open"})
_LIST_CLOSE = frozenset({"bullet_list_close", "ordered_list_close"})
_MARKER = re.compile(r"<!--\s*dodcheck\s*:(.*?)-->", re.DOTALL)
_BOLD_LINE = re.compile(r"(\*\*|__)(?P<text>(?:(?!\1).)+)\1[ \t]*:?", re.DOTALL)


class Heading(msgspec.Struct, frozen=True):
    """A heading, or a line before a list that stands for one.

    Args:
        text: Its words, inline markup kept.
        level: 1 to 6; `BOLD_LEVEL` for a bold line before a list, `LEAD_LEVEL` for a
            sentence that ends in a colon before one.
        line: 1-based line in the file.
    """

    text: str
    level: int
    line: int


class Bullet(msgspec.Struct, frozen=True):
    """One list item, of a bullet list or a numbered one.

    Args:
        text: Its own words on one line, without the box and without nested lists.
        line: 1-based line in the file.
        depth: Number of list items around it.
        box: Whether its box is ticked; None when it has none.
        marker: Rule ids of the `<!-- dodcheck: … -->` comments in it.
        parent: It has list items of its own.
        headings: What it stands under, outermost first.
    """

    text: str
    line: int
    depth: int
    box: bool | None
    marker: tuple[str, ...]
    parent: bool
    headings: tuple[Heading, ...]


class Outline(msgspec.Struct, frozen=True):
    """A document's headings and list items, in document order.

    Args:
        name: `name` of the YAML front matter.
        headings: Every heading.
        bullets: Every list item.
    """

    name: str | None
    headings: tuple[Heading, ...]
    bullets: tuple[Bullet, ...]


def outline(text: str) -> Outline:
    """Return the outline of a Markdown document; any text has one."""
    source = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)
    front = _FRONT.match(source)
    name = _NAME.search(front[1]) if front else None
    if front:
        source = "\n" * front[0].count("\n") + source[front.end() :]
    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table").disable(["inline", "text_join"])
    walk = _Walk(parser.parse(source))
    return Outline(next(filter(None, name.groups()), None) if name else None, *walk.read())


class _Open:
    """A list item whose end is not reached yet."""

    def __init__(self, at: int, token: Token, headings: Sequence[Heading]) -> None:
        self.at = at
        self.level = token.level
        self.line = _line(token)
        self.headings = tuple(headings)
        self.words: list[str] = []
        self.comments: list[str] = []
        self.parent = False

    def closed(self, depth: int) -> Bullet:
        """Return the item, all of which was read."""
        source = "\n\n".join(self.words)
        box = _BOX.match(source)
        markers = _MARKER.findall("\n".join([*self.comments, *comments(source)]))
        return Bullet(
            text=" ".join(without_comments(source[box.end() :] if box else source).split()),
            line=self.line,
            depth=depth,
            box=None if box is None else (box[1] or box[2]) in tuple("xX✓✔✅☑☒🗹"),
            marker=tuple(dict.fromkeys(one for marker in markers for one in re.split(r"[\s,]+", marker) if one)),
            parent=self.parent,
            headings=self.headings,
        )


class _Walk:
    """One pass over the parser's tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._path: list[Heading] = []
        self._quoted: list[list[Heading]] = []
        self._open: list[_Open] = []
        self._headings: list[Heading] = []
        self._bullets: dict[int, Bullet] = {}

    def read(self) -> tuple[tuple[Heading, ...], tuple[Bullet, ...]]:
        """Return headings and list items in document order: an item goes before those in it."""
        for at, token in enumerate(self._tokens):
            if token.type == "list_item_open":
                if self._open:
                    self._open[-1].parent = True
                self._open.append(_Open(at, token, self._path))
            elif token.type == "list_item_close":
                item = self._open.pop()
                self._bullets[item.at] = item.closed(len(self._open))
            elif self._open:
                self._inside(token)
            else:
                self._outside(at, token)
        return tuple(self._headings), tuple(self._bullets[at] for at in sorted(self._bullets))

    def _inside(self, token: Token) -> None:
        """Take what belongs to the innermost item itself: no quotation, table or code in it."""
        item = self._open[-1]
        if token.type == "inline" and token.level == item.level + 2:
            item.words.append(token.content)
        elif token.type == "html_block" and token.level == item.level + 1:
            item.comments.append(token.content)

    def _outside(self, at: int, token: Token) -> None:
        """Follow the headings; those of a quotation hold inside it alone."""
        if token.type == "blockquote_open":
            self._quoted.append(self._path)
        elif token.type == "blockquote_close":
            self._path = self._quoted.pop()
        elif token.type in _LIST_CLOSE:
            self._path = [one for one in self._path if one.level != LEAD_LEVEL]
        elif token.type in {"heading_open", "paragraph_open"}:
            heading = self._heading(at, token)
            if heading:
                self._path = [*(one for one in self._path if one.level < heading.level), heading]
                self._headings.append(heading)

    def _heading(self, at: int, token: Token) -> Heading | None:
        text = " ".join(without_comments(self._tokens[at + 1].content).split())
        if token.type == "heading_open":
            return Heading(text, int(token.tag[1]), _line(token))
        follows = self._tokens[at + 3].type if at + 3 < len(self._tokens) else ""
        bold = _BOLD_LINE.fullmatch(text)
        if follows in _LIST_OPEN and bold:
            return Heading(bold["text"].rstrip(": "), BOLD_LEVEL, _line(token))
        if follows in _LIST_OPEN and text.endswith(":"):
            return Heading(text, LEAD_LEVEL, _line(token))
        return None


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1
