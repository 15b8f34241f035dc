"""Jupyter notebooks as Python: the code cells in their order, without magics, shell lines and outputs."""

import json
import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Self

from dodcheck.facts.code.parsing import parsed
from dodcheck.patterns import pattern

SUFFIX = ".ipynb"
_MAGIC = pattern(r"(\s*)(?:[%!]|\?)|(\s*)(?![#\s]).*(?<![#\s])\?{1,2}\s*$")
_ASSIGNED = pattern(r"(\s*[\w, .\[\]'\"]+?=\s*)[%!]")
_TIMING = pattern(r"\s*%%(?:time|timeit|capture|prun|memit|mprun|wandb)\b")


class CellLine(NamedTuple):
    """A place in a notebook.

    Args:
        cell: 1-based number of the cell among all cells, prose included, as editors show them.
        line: 1-based line in the cell.
    """

    cell: int
    line: int

    def __str__(self) -> str:
        return f"cell {self.cell}, line {self.line}"


class Notebook:
    """The code of one notebook.

    Args:
        text: The file's text.
        cells: Number of each code cell, and its lines as they stand there.
    """

    def __init__(self, text: str, cells: Sequence[tuple[int, Sequence[str]]]) -> None:
        self._text = text
        self._cells = cells
        self._places = [CellLine(number, at) for number, lines in cells for at in range(1, len(lines) + 1)]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a notebook of any version of the format; one in another language than Python has no code.

        Raises:
            ValueError: The text is no notebook.
        """
        data = json.loads(text)
        sheets = data.get("worksheets") if isinstance(data, dict) else None
        held = sheets[0] if sheets else data
        if not isinstance(held, dict) or not isinstance(held.get("cells"), list):
            raise ValueError("it has no cells")  # noqa: TRY004 - what json raises, too
        cells = enumerate(held["cells"] if _is_python(data.get("metadata", {})) else (), 1)
        return cls(text, [(number, _lines(cell)) for number, cell in cells if cell.get("cell_type") == "code"])

    @cached_property
    def code(self) -> str:
        """The code cells one after another, line for line; what is no Python is blank or `pass`."""
        return "".join(f"{line}\n" for _, lines in self._cells for line in _python(lines))

    @cached_property
    def written(self) -> str:
        """The code cells one after another as they stand, magics included; line for line as in `code`."""
        return "".join(f"{line}\n" for _, lines in self._cells for line in lines)

    def place(self, line: int) -> CellLine:
        """Return where a 1-based line of `code` stands in the notebook."""
        return self._places[min(line, len(self._places)) - 1]

    def line_in_file(self, line: int) -> int | None:
        """Return the 1-based line of the file that holds a line of `code`; None where lines do not stand apart."""
        held = self._file_lines
        return held[line - 1] if line <= len(held) else None

    @cached_property
    def _file_lines(self) -> Sequence[int | None]:
        """Find each cell's lines one below another in the file, as every editor writes them."""
        rows = [row.strip().removesuffix(",") for row in self._text.split("\n")]
        found: list[int | None] = []
        start = 0
        for _, lines in self._cells:
            at = _block(rows, lines, start)
            found += [None if at is None else at + offset + 1 for offset in range(len(lines))]
            start = start if at is None else at + len(lines)
        return found


def _is_python(metadata: Mapping[str, Any]) -> bool:
    kernel, info = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    language = info.get("name") or kernel.get("language") or "python"
    return str(language).lower() in {"python", "ipython"}


def _lines(cell: Mapping[str, Any]) -> Sequence[str]:
    source = cell.get("source", cell.get("input", ""))
    return ("".join(source) if isinstance(source, list) else str(source)).split("\n")


def _python(lines: Sequence[str]) -> Sequence[str]:
    """Return a cell with its magics blanked, as far left as Jupyter runs it; as it is where it is Python already."""
    if _parses(lines):
        return lines
    lines = _at_margin(lines)
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip().startswith("%%") and not _TIMING.match(first):
        return [""] * len(lines)  # another language, or text for a file
    kept: list[str] = []
    continued = False
    for line in lines:
        magic, assigned = _MAGIC.match(line), _ASSIGNED.match(line)
        if continued:
            kept.append("")
        elif magic:
            kept.append(f"{magic[1] or magic[2] or ''}pass")
        else:
            kept.append(f"{assigned[1]}None" if assigned else line)
        continued = (continued or bool(magic or assigned)) and line.endswith("\\")
    return kept


def _at_margin(lines: Sequence[str]) -> Sequence[str]:
    """Take away the indent of a cell's first line, as Jupyter does."""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(indent) for line in lines]


def _parses(lines: Sequence[str]) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def _block(rows: Sequence[str], lines: Sequence[str], start: int) -> int | None:
    """Return the 0-based row at which JSON strings of these lines stand one below another."""
    ends = [*(f"{line}\n" for line in lines[:-1]), lines[-1]]
    ends = ends if ends[-1] or len(ends) == 1 else ends[:-1]
    wanted = [{json.dumps(one), json.dumps(one, ensure_ascii=False)} for one in ends]
    wanted[0] |= {f'"source": [{one}' for one in wanted[0]} | {f'"source": [{one}]' for one in wanted[0]}
    last = len(rows) - len(wanted)
    return next((at for at in range(start, last + 1) if all(rows[at + i] in w for i, w in enumerate(wanted))), None)
