"""Markdown out of plain words: what came from code cannot become markup."""

import re
from collections.abc import Iterable, Iterator, Sequence

_LANGUAGES = {
    "py": "python",
    "pyi": "python",
    "md": "markdown",
    "toml": "toml",
    "yml": "yaml",
    "yaml": "yaml",
    "json": "json",
    "sql": "sql",
}
_BAR, _ESCAPED_BAR = re.compile(r"(?<!\\)\|"), r"\\|"  # it ends a cell, in a code span too
_SPAN_OR_SPECIAL = re.compile(r"(`+[^`]+`+)|([\\`*_{}\[\]<>|~#$])")


def words(text: str) -> str:
    """Escape prose but keep its code spans; paragraphs stay."""
    paragraphs = (" ".join(one.split()) for one in re.split(r"\n\s*\n", text.strip()))
    return "\n\n".join(_SPAN_OR_SPECIAL.sub(lambda m: m[1] or f"\\{m[2]}", one) for one in paragraphs)


def code(text: str | None) -> str:
    """Return text as a code span that it cannot leave."""
    folded = " ".join((text or "").split())
    fence = "`" * (max((len(run) for run in re.findall("`+", folded)), default=0) + 1)
    pad = " " if folded.startswith("`") or folded.endswith("`") else ""
    return f"{fence}{pad}{folded}{pad}{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; its cells are Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_BAR.sub(_ESCAPED_BAR, cell) for cell in row)} |"


def fenced(path: str, text: str) -> Iterator[str]:
    """Yield a block of code that its text cannot end, in the language of a file's name."""
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    yield f"{fence}{_LANGUAGES.get(path.rpartition('.')[2], 'text')}"
    yield from text.splitlines()
    yield fence
