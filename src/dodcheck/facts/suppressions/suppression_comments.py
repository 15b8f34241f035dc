"""Comments that silence a checker, read off the tokens of one file."""

import io
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from dodcheck.errors import ToolError

Kind = Literal["lint", "types", "security", "format", "coverage", "branch"]
Reach = Literal["line", "block", "file"]

_CODES = r"[A-Za-z]+[0-9]+(?:(?:\s*,\s*|\s+)[A-Za-z]+[0-9]+)*\b"
_LIST = r"[\w.-]+(?:\s*,\s*[\w.-]+)*"
_BRACKETS = r"(?:\s*\[(?P<codes>[^\]]*)\])?"
_TESTS = r"(?:B\d{3}|[a-z]+_\w+)"

_DIRECTIVES: Sequence[tuple[str, Kind, Reach, str]] = [
    ("noqa", "lint", "line", rf"noqa\b(?:\s*:\s*(?P<codes>{_CODES}))?"),
    ("ruff: noqa", "lint", "file", rf"ruff:\s*noqa\b(?:\s*:\s*(?P<codes>{_CODES}))?"),
    ("flake8: noqa", "lint", "file", rf"flake8[:=]\s*noqa\b(?:\s*:\s*(?P<codes>{_CODES}))?"),
    ("ruff: file-ignore", "lint", "file", rf"ruff:\s*file-ignore\b{_BRACKETS}"),
    ("ruff: disable", "lint", "block", rf"ruff:\s*(?:disable|ignore)\b{_BRACKETS}"),
    (
        "skip-file",
        "lint",
        "file",
        r"(?:pylint|pytype):\s*skip-file\b|pyrefly:\s*ignore-errors\b|pyre-ignore-all-errors\b",
    ),
    ("type: ignore", "types", "line", rf"type:\s*ignore\b{_BRACKETS}"),
    ("mypy", "types", "file", r"mypy:(?P<settings>.*)"),
    ("pyright: ignore", "types", "line", rf"(?:based)?pyright:\s*ignore\b{_BRACKETS}"),
    ("pyright", "types", "file", r"(?:based)?pyright:(?P<settings>.*)"),
    ("ty: ignore", "types", "line", rf"ty:\s*ignore\b{_BRACKETS}"),
    ("pyrefly: ignore", "types", "line", rf"pyrefly:\s*ignore\b{_BRACKETS}"),
    ("pyre-ignore", "types", "line", rf"pyre-(?:ignore|fixme)\b{_BRACKETS}"),
    ("pytype", "types", "line", rf"pytype:\s*disable\s*=\s*(?P<codes>{_LIST})"),
    ("pylint: disable", "lint", "line", rf"pylint:\s*disable(?:-next|-msg)?\s*=\s*(?P<codes>{_LIST})"),
    ("nosec", "security", "line", rf"nosec\b(?::?\s*(?P<codes>{_TESTS}(?:[,\s]+{_TESTS})*))?"),
    ("nosemgrep", "security", "line", rf"nosem(?:grep)?\b(?:\s*:\s*(?P<codes>{_LIST}))?"),
    ("lint-ignore", "lint", "line", rf"lint-(?:ignore|fixme)\b(?:\s*:\s*(?P<codes>{_LIST}))?"),
    ("NOSONAR", "lint", "line", r"nosonar\b(?:\s*\((?P<codes>[^)]*)\))?"),
    ("fmt: skip", "format", "line", r"fmt:\s*skip\b"),
    ("fmt: off", "format", "block", r"(?:fmt|autopep8):\s*off\b|yapf:\s*disable\b"),
    ("isort: skip", "format", "line", r"isort:\s*skip\b(?![-_]file)|isort:\s*dont[-_]add"),
    ("isort: off", "format", "block", r"(?:ruff:\s*)?isort:\s*(?:off|skip[-_]file)\b"),
    ("pragma: no cover", "coverage", "block", r"pragma[:\s]?\s*no\s*cover\w*|no\s?cov(?:er(?:age)?)?\b"),
    ("pragma: no branch", "branch", "block", r"pragma[:\s]?\s*no\s*branch\b"),
]
WORDS = (  # in lower case
    *("noqa", "nosec", "nosem", "nosonar", "no ?cov", "pragma", "lint-ignore", "lint-fixme", "pyre-"),
    *("mypy:", "pyright:", "pylint:", "pytype:", "pyrefly:", r"type:\s*ignore", r"ty:\s*ignore"),
    *("fmt:", "autopep8:", "yapf:", "isort:", "ruff:"),
)
_SEARCHED = [*map(re.compile, WORDS)]  # one by one: a pattern that begins with fixed letters is found fast
_OFF = r"\s*=\s*\"?(?:false|0|none|warning|information)\b"
_SETTINGS = re.compile(  # what a file may ask of mypy and pyright that leaves more errors unsaid
    r"(?<![\w-])(?:allow-(?!redefinition)[\w-]+|ignore-missing-imports|no-(?:disallow|check|warn|strict)[\w-]+"
    rf"|disable-error-code|follow-imports(?=\s*=\s*\"?(?:skip|silent))|(?:disallow|check|warn|strict)-[\w-]+(?={_OFF})"
    rf"|report\w+(?={_OFF}))",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(rf"(?<![\w-])ignore-errors\b(?!{_OFF})", re.IGNORECASE)
_ALL = {"all", "c", "r", "w", "e", "f", "*"}  # what means everything in a list of codes
_BARE = {"else :", "try :", "finally :", "except :", "except Exception :"}
_LAYOUT = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT}


class Directive(msgspec.Struct, frozen=True):
    """One order to a checker to say nothing.

    Args:
        tool: Which checker, in the words of its comment.
        kind: What it checks.
        reach: How far the order goes.
        codes: What is silenced, in lower case and sorted; empty when it is everything.
        text: The order as it is written.
    """

    tool: str
    kind: Kind
    reach: Reach
    codes: tuple[str, ...]
    text: str


class Comment(msgspec.Struct, frozen=True):
    """One comment.

    Args:
        line: 1-based line.
        alone: No code stands on its line.
        symbol: Qualified name of the class or function around it; empty at the top level.
        statement: The logical line that it stands in, without comments and layout; empty between two.
        first_line: 1-based first line of that logical line; its own between two.
        number: How many logical lines stand above it in the file.
        directives: The orders to checkers in it.
        rest: What else it says.
    """

    line: int
    alone: bool
    symbol: str
    statement: str
    first_line: int
    number: int
    directives: tuple[Directive, ...]
    rest: str


class CommentedFile(msgspec.Struct, frozen=True):
    """The comments of one file by line, and its logical lines."""

    by_line: Mapping[int, Comment]
    statements: tuple[str, ...]

    def subject(self, comment: Comment) -> str:
        """Return the logical line that a comment is about: its own, or the next; with the next where `else:` is all."""
        following = comment.number + 1 if comment.statement else comment.number
        after = self.statements[following] if following < len(self.statements) else ""
        return f"{comment.statement} {after}" if comment.statement in _BARE else comment.statement or after


def mentions(lowered: str) -> list[int]:
    """Return where a text in lower case holds a word that an order needs; strings and identifiers included."""
    return [match.start() for word in _SEARCHED for match in word.finditer(lowered)]


def read_comments(text: str, path: str) -> CommentedFile:
    """Return the comments of a file with the statements they belong to.

    Raises:
        ToolError: The running Python cannot split it into tokens; the message names `path`.
    """
    comments: list[Comment] = []
    statements: list[str] = []
    around: list[tuple[int, str]] = []
    try:
        for line in _logical_lines(text):
            code = [t for t in line if t.type not in _LAYOUT]
            _enter(around, code)
            comments += _comments(line, code, ".".join(name for _, name in around), len(statements))
            statements += [_normalised(code)] if code else []
    except (tokenize.TokenError, SyntaxError) as error:  # IndentationError is one of the latter
        raise ToolError(f"{path}: cannot be split into tokens ({error.args[0]})", "mend the syntax") from error
    return CommentedFile({one.line: one for one in comments}, tuple(statements))


def directives(comment: str) -> tuple[tuple[Directive, ...], str]:
    """Return the orders in a comment (with its `#`), and what else it says."""
    if not mentions(comment.lower()):
        return (), comment.strip("# ")
    found: list[Directive] = []
    rest: list[str] = []
    for part in comment.split("#"):
        segment = part.strip()
        while segment:
            one = _directive(segment)
            if one is None:
                rest.append(segment)
                break
            directive, before, segment = one
            found.append(directive)
            rest.append(before)
    return tuple(found), " ".join(filter(None, rest))


def _directive(segment: str) -> tuple[Directive, str, str] | None:
    """Return the order that a segment begins with; only pylint finds its own anywhere in a comment."""
    for tool, kind, reach, pattern in _DIRECTIVES:
        look = re.search if "pylint" in pattern else re.match
        match = look(pattern, segment, re.IGNORECASE)
        if match:
            codes = _codes(match)
            if codes is not None:
                one = Directive(tool, kind, reach, codes, match[0].strip())
                return one, segment[: match.start()].strip(), segment[match.end() :].lstrip(" ,;").strip()
    return None


def _codes(match: re.Match[str]) -> tuple[str, ...] | None:
    """Return the codes of a match, none for everything; None when it silences nothing after all."""
    groups = match.groupdict()
    if "settings" in groups:
        return _settings(groups["settings"])
    codes = {one.lower() for one in re.split(r"[,\s]+", groups.get("codes") or "") if one}
    return () if codes & _ALL else tuple(sorted(codes))


def _settings(text: str) -> tuple[str, ...] | None:
    if _EVERYTHING.search(text):
        return ()
    return tuple(sorted({match[0].lower() for match in _SETTINGS.finditer(text)})) or None


def _logical_lines(text: str) -> Iterator[list[tokenize.TokenInfo]]:
    line: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(text.removeprefix("\ufeff"), newline=None).readline):
        if token.type == tokenize.ERRORTOKEN and token.string.strip():  # what later Pythons raise by themselves
            raise SyntaxError(f"line {token.start[0]}")
        line.append(token)
        if token.type in {tokenize.NEWLINE, tokenize.ENDMARKER}:
            yield line
            line = []


def _enter(around: list[tuple[int, str]], code: Sequence[tokenize.TokenInfo]) -> None:
    """Keep the classes and functions around a logical line, each with its column."""
    if not code:
        return
    column = code[0].start[1]
    while around and around[-1][0] >= column:
        around.pop()
    words = [token.string for token in code[:3]]
    named = words[2:] if words[0] == "async" else words[1:]
    if named and (words[0] in {"def", "class"} or words[:2] == ["async", "def"]):  # `def` alone is no Python
        around.append((column, named[0]))


def _normalised(code: Sequence[tokenize.TokenInfo]) -> str:
    words = [token.string for token in code]
    kept = [w for w, after in zip(words, [*words[1:], ""], strict=True) if w != "," or after not in {")", "]", "}"}]
    return " ".join(kept).replace("'", '"')


def _comments(
    line: Sequence[tokenize.TokenInfo], code: Sequence[tokenize.TokenInfo], symbol: str, number: int
) -> Iterator[Comment]:
    first = code[0].start[0] if code else None
    full = {row for t in code for row in range(t.start[0], t.end[0] + 1)}
    for token in line:
        if token.type == tokenize.COMMENT:
            row = token.start[0]
            inside = first is not None and row >= first
            yield Comment(
                row,
                row not in full,
                symbol,
                _normalised(code) if inside else "",
                first if inside and first else row,
                number,
                *directives(token.string),
            )
