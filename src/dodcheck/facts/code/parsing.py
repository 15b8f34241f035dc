"""Parsing, one text at a time.

CPython 3.11 counts the depth of the trees that all threads build in one place, and a garbage collection in the middle
lets another thread in: two that parse at once may end in `SystemError: AST constructor recursion depth mismatch`
(python/cpython#106905).  Rules run side by side, so every text is parsed under one lock; it costs nothing, for the
parser holds the interpreter's own lock all the while.
"""

import ast
from threading import RLock

from dodcheck.errors import ToolError

PARSING = RLock()


def parsed(text: str | bytes, path: str = "<unknown>") -> ast.Module:
    """Return the tree of a module, as `ast.parse` does.

    Raises:
        SyntaxError: It is no Python.
        ValueError: It holds a null byte.
        RecursionError: It is nested too deep.
    """
    with PARSING:
        return ast.parse(text, path)


def well_formed(text: str, path: str) -> ast.Module:
    """Return the tree of a module.

    Raises:
        ToolError: It is no Python.
    """
    try:
        return parsed(text, path)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ToolError(f"{path}: {error}", "mend the file") from error


def expression(text: str) -> ast.expr:
    """Return the tree of an expression; raises as `parsed` does."""
    with PARSING:
        return ast.parse(text, mode="eval").body
