"""Lines of styled text for a terminal, wrapped to its width.

rich measures and click styles; rich's own console would be a third of the time of a commit hook.
"""

import os
import shutil
from collections.abc import Iterator, Sequence

import click
from rich.cells import cell_len, chop_cells

from dodcheck.patterns import pattern

Part = str | tuple[str, str]  # words, or words with a style such as "bold red"
_EFFECTS = {"bold", "dim", "underline"}  # the other words of a style are colours
_WORD = pattern(r"\S+")
_NARROWEST = 20  # columns; nothing is legible below
_PIPED = 100  # columns when nobody looks


class Sheet:
    """Collects lines.

    Args:
        terminal: Styles are shown at all.
        color: Colours are among them.
        width: Columns.
    """

    def __init__(self, *, terminal: bool, color: bool, width: int) -> None:
        self._terminal = terminal
        self._color = color
        self._width = width
        self._lines: list[str] = []

    @classmethod
    def of(cls, *, tty: bool, color: bool | None, width: int | None) -> "Sheet":
        """Return a sheet as the terminal and `NO_COLOR` say.

        Args:
            tty: Somebody looks.
            color: Force colours on or off.
            width: Columns; by default the terminal's.
        """
        dumb = os.environ.get("TERM") in {"dumb", "unknown"}
        terminal = (tty and not dumb) if color is None else color
        bright = not os.environ.get("NO_COLOR") if color is None else color
        columns = width or (shutil.get_terminal_size().columns if tty else _PIPED)
        return cls(terminal=terminal, color=bright, width=max(columns, _NARROWEST))

    def line(self, *parts: Part, indent: int = 0, mark: tuple[str, str] = ("", "")) -> None:
        """Add text that goes on under its beginning.

        Args:
            parts: What it says.
            indent: Blanks before it.
            mark: What stands before its first line, and its style.
        """
        styled = [(_shown(part), "") if isinstance(part, str) else (_shown(part[0]), part[1]) for part in parts]
        words = "".join(text for text, _ in styled)
        first = " " * indent + self._styled(*mark)
        later = " " * (indent + cell_len(mark[0]))
        for number, (start, end) in enumerate(_broken(words, self._width - len(later)) or [(0, 0)]):
            row = "".join(self._styled(text, style) for text, style in _cut(styled, start, end))
            self._lines.append(((later if number else first) + row).rstrip())

    def text(self) -> str:
        """Return all lines."""
        return "\n".join(self._lines) + "\n"

    def _styled(self, text: str, style: str) -> str:
        words = set(style.split()) if self._terminal and text else set[str]()
        color = next(iter(words - _EFFECTS), None) if self._color else None
        effects = dict.fromkeys(words & _EFFECTS, True)
        return click.style(text, fg=color, **effects) if color or effects else text


def _shown(text: str) -> str:
    """Leave out what would steer the terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else " " if char == "\t" else "" for char in text)


def _broken(text: str, width: int) -> list[tuple[int, int]]:
    """Return where each line begins and ends: between words where that is possible."""
    found: list[tuple[int, int]] = []
    start = 0
    for paragraph in text.split("\n"):
        found += [(start + a, start + b) for a, b in _wrapped(paragraph, max(width, 1))]
        start += len(paragraph) + 1
    return found


def _wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    if cell_len(text) <= width:
        yield 0, len(text)
        return
    start, end = 0, 0
    for word in _WORD.finditer(text):
        if cell_len(text[start : word.end()]) > width and end > start:
            yield start, end
            start = word.start()
        end = word.end()
        if cell_len(text[start:end]) > width:
            for part in chop_cells(text[start:end], width)[:-1]:
                yield start, start + len(part)
                start += len(part)
    yield start, end


def _cut(parts: Sequence[tuple[str, str]], start: int, end: int) -> Iterator[tuple[str, str]]:
    at = 0
    for text, style in parts:
        inside = text[max(start - at, 0) : max(end - at, 0)]
        if inside:
            yield inside, style
        at += len(text)
