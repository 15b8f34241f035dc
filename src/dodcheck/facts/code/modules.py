"""Python modules of one side as syntax trees, parsed when asked for."""

import ast
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Self, TypeVar

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.foreign_trees import is_foreign, rebuilt, with_old_strings
from dodcheck.facts.code.notebooks import SUFFIX, Notebook
from dodcheck.facts.code.parsing import parsed
from dodcheck.facts.code.walking import blocks, remembered
from dodcheck.readings import Readings
from dodcheck.run import Parsed, SyntaxReader

T = TypeVar("T")

_LONG = 1 << 20  # characters of a text that is not kept

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


class Modules:
    """Syntax trees by path; each file is parsed once a side. Of a notebook they are what its code cells say.

    Args:
        snapshot: The side to read from.
        newer: Parses what the running Python cannot.
        readings: What earlier runs read off the same files.
    """

    def __init__(self, snapshot: Snapshot, newer: SyntaxReader, readings: Readings | None = None) -> None:
        self._snapshot = snapshot
        self._newer = newer
        self._readings = readings or Readings()
        self._texts: dict[str, str] = {}
        self._trees: dict[str, ast.Module] = {}
        self._notebooks: dict[str, Notebook | None] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, snapshot: Snapshot, newer: SyntaxReader, readings: Readings) -> Self:
        """Nothing is parsed yet."""
        return cls(snapshot, newer, readings)

    def text(self, path: str | None) -> str:
        """Return the text of a file without a byte order mark; empty when there is none.

        Raises:
            ToolError: It is called a notebook and is none.
        """
        if not path:
            return ""
        known = self._texts.get(path)
        if known is None:
            notebook = self.notebook(path)
            known = notebook.code if notebook else (self._snapshot.read(path) or "").removeprefix("\ufeff")
            if len(known) < _LONG:
                self._texts[path] = known
        return known

    def told(self, path: str, kind: type[T], read: Callable[[str], T]) -> T:
        """Return what a function reads off the text of a file; what an earlier run read off it is not read again.

        Args:
            path: The file.
            kind: Type of what is read, as msgspec encodes it.
            read: A function of a module; it must look at nothing else.
        """
        shelf = self._readings.shelf(f"{read.__module__}.{read.__qualname__}", kind)
        return shelf.of(self._snapshot.blob(path), lambda: read(self.text(path)))

    def notebook(self, path: str | None) -> Notebook | None:
        """Return the notebook in a file, which knows the cell of each line; None when it is no notebook's file.

        Raises:
            ToolError: It is called a notebook and is none.
        """
        if not path or not path.endswith(SUFFIX):
            return None
        if path not in self._notebooks:
            text = self._snapshot.read(path)
            self._notebooks[path] = None if text is None else _notebook(path, text)
        return self._notebooks[path]

    def tree(self, path: str | None) -> ast.Module:
        """Return the syntax tree of a file; an empty module when there is no file.

        Raises:
            ToolError: Neither the running Python nor the project's can parse it.
        """
        key = path or ""
        with self._lock:
            if key not in self._trees:
                notebook = self.notebook(path)
                place = notebook.place if notebook else str
                self._trees[key] = _parse(self.text(path), key, self._newer, place)
            return self._trees[key]

    def old_text(self, path: str | None) -> str:
        """Return the text of a file as the running Python can split it into tokens; see `with_old_strings`."""
        text = self.text(path)
        try:
            tree = self.tree(path) if "{" in text else None
        except ToolError:  # whoever splits it hears of it
            return text
        return with_old_strings(text, tree) if tree is not None and is_foreign(tree) else text

    def exists(self, path: str) -> bool:
        """Tell whether the side has this file."""
        return self._snapshot.blob(path) is not None


def _notebook(path: str, text: str) -> Notebook:
    try:
        return Notebook.read(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ToolError(f"{path}: it is no notebook ({error})", "save it again from Jupyter") from error


def _parse(text: str, path: str, newer: SyntaxReader, place: Callable[[int], object]) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in checked code are the linter's business
            return parsed(text, path)
    except (SyntaxError, ValueError, RecursionError) as error:
        told = newer.read(text)
        if not told.nodes:
            raise _unreadable(path, error, told, place) from error
    tree = rebuilt(told.nodes, told.kinds)
    if not isinstance(tree, ast.Module):
        raise ToolError(f"{path}: Python {told.python} gave no module")
    return tree


def _unreadable(path: str, error: Exception, parsed: Parsed, place: Callable[[int], object]) -> ToolError:
    number = parsed.line if parsed.newer else getattr(error, "lineno", None) or 1
    line = place(number or 1)
    problem = parsed.problem if parsed.newer else getattr(error, "msg", None) or error
    running = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    if parsed.newer:
        who = f"neither {running}, which runs dodcheck, nor the project's {parsed.python} can parse it"
        return ToolError(f"{path}:{line}: {who} ({problem})", "mend the syntax")
    asked = f"the project's is {parsed.python}" if parsed.python else parsed.problem or "no Python of the project found"
    return ToolError(
        f"{path}:{line}: {running} cannot parse it ({problem}; {asked})",
        "mend the syntax, or set `python` in [tool.dodcheck] to the Python that the code is written for",
    )


def definitions(tree: ast.Module) -> Sequence[tuple[str, Definition]]:
    """Return every class and function with its qualified name, outer ones first; they are found once a tree."""
    return remembered(tree, "_definitions", lambda: tuple(_definitions(tree)))


def _definitions(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    stack: list[tuple[str, ast.AST]] = [("", tree)]
    while stack:
        prefix, node = stack.pop()
        for child in blocks(node):
            if isinstance(child, Definition):
                name = f"{prefix}.{child.name}" if prefix else child.name
                yield name, child
                stack.append((name, child))
            else:
                stack.append((prefix, child))


def symbol_at(tree: ast.Module, line: int) -> str | None:
    """Return the innermost class or function that holds a 1-based line."""
    best: tuple[int, str | None] = (0, None)
    for name, node in definitions(tree):
        if line > (node.end_lineno or node.lineno):
            continue
        first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        if best[0] < first <= line:
            best = (first, name)
    return best[1]
