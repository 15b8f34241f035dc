"""Where a line of a module stands for a reader: in the file, or in which cell of a notebook."""

from typing import NamedTuple, Self

from dodcheck.facts.code.modules import Modules


class Place(NamedTuple):
    """Where something stands.

    Args:
        path: The file.
        line: 1-based line of the file; None where a notebook's lines do not stand apart.
        symbol: The function or class around it, or the cell and its line in a notebook; None at module level.
        where: `cell 3, line 2: ` in a notebook, to start a message with; else empty.
    """

    path: str
    line: int | None
    symbol: str | None
    where: str


class Places:
    """Places of one side.

    Args:
        modules: The side.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(modules)

    def at(self, path: str, line: int, symbol: str = "") -> Place:
        """Return the place of a 1-based line of a module's code, and what is around it."""
        notebook = self._modules.notebook(path)
        if notebook is None:
            return Place(path, line, symbol or None, "")
        cell = notebook.place(line)
        named = f"{cell} in {symbol}" if symbol else str(cell)
        return Place(path, notebook.line_in_file(line), named, f"{cell}: ")
