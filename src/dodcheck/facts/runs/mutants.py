"""Mutants: changed code with one small fault, which a test of the change ought to notice.

At most one a line, chosen by the file's content, so that the same change is always sampled in the same way; more
than one a line adds nothing on over 90 % of lines (Google, arXiv:2103.07189).  Own text edits rather than mutmut or
cosmic-ray: both want to be installed in the environment under test and to own the run, and mutate whole modules.
"""

import ast
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dodcheck.facts.code.modules import symbol_at
from dodcheck.facts.code.parsing import parsed
from dodcheck.facts.code.walking import children

_SWAPPED = {
    "==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">=", "is not": "is", "is": "is not",
    "not in": "in", "in": "not in", "and": "or", "or": "and", "+": "-", "-": "+", "*": "/", "//": "*", "/": "*",
    "%": "*", "**": "*", "&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<",
}  # fmt: skip
_OPERATOR = re.compile(r"\bis\s+not\b|\bnot\s+in\b|\bis\b|\bin\b|\band\b|\bor\b|==|!=|<<|>>|<=|>=|\*\*|//|[-+*/%&|^<>]")
_IDLE = re.compile(r"(^|\.)(log|logger|_log|logging|warnings|print|debug|info|warning|error|exception|critical|warn)\b")


class Mutant(NamedTuple):
    """One fault.

    Args:
        path: The file.
        line: 1-based line.
        symbol: The function or class around it; empty at the level of the module.
        what: The fault in words.
        text: The whole file with it.
    """

    path: str
    line: int
    symbol: str
    what: str
    text: str


class _Edit(NamedTuple):
    start: int
    end: int
    new: bytes
    what: str


def mutants_of(path: str, text: str, tree: ast.Module, lines: frozenset[int], seed: str) -> list[Mutant]:
    """Return one mutant for each line that allows one, in an order that depends on the content alone.

    Args:
        path: The file.
        text: Its text.
        tree: Its syntax tree.
        lines: 1-based lines that may be altered.
        seed: Content id of the file.
    """
    by_line: dict[int, list[_Edit]] = {}
    source = _Source(text)
    for node, edit in _edits(tree, source):
        if node.lineno in lines:
            by_line.setdefault(node.lineno, []).append(edit)
    found = []
    for line, edits in by_line.items():
        at = int(_digest(seed, line), 16)
        edit = edits[at % len(edits)]
        mutated = source.data[: edit.start] + edit.new + source.data[edit.end :]
        if _parses(mutated):
            symbol = symbol_at(tree, line) or ""
            found.append(Mutant(path, line, symbol, edit.what, mutated.decode("utf-8", "surrogateescape")))
    return sorted(found, key=lambda one: _digest(seed, one.line))


class _Source:
    """Text by the byte offsets that syntax trees use."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "surrogateescape")
        self._starts = [0]
        for line in self.data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Return where a node begins."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Return where a node ends."""
        return self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def text(self, node: ast.expr | ast.stmt) -> str:
        """Return a node as it is written."""
        return self.data[self.start(node) : self.end(node)].decode("utf-8", "replace")


def _edits(tree: ast.Module, source: _Source) -> Iterator[tuple[ast.expr | ast.stmt, _Edit]]:
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Expr) and (
            isinstance(node.value, ast.Constant) or _IDLE.search(source.text(node).partition("(")[0])
        ):
            continue  # what is said and not done: docstrings, log lines
        if isinstance(node, ast.expr | ast.stmt):
            for kind, edit in _KINDS:
                if isinstance(node, kind):
                    yield from ((node, one) for one in edit(node, source))
        stack += [child for child in children(node) if not _is_annotation(node, child)]


def _is_annotation(node: ast.AST, child: ast.AST) -> bool:
    return child in {getattr(node, "annotation", None), getattr(node, "returns", None)}


def _between(left: ast.expr, right: ast.expr, source: _Source) -> Iterator[_Edit]:
    start, end = source.end(left), source.start(right)
    found = _OPERATOR.search(source.data[start:end].decode("utf-8", "replace"))
    if found:
        old = " ".join(found[0].split())
        new = _SWAPPED[old]
        yield _Edit(start + found.start(), start + found.end(), new.encode(), f"`{old}` became `{new}`")


def _of_comparison(node: ast.Compare, source: _Source) -> Iterator[_Edit]:
    yield from _between(node.left, node.comparators[0], source)


def _of_boolean(node: ast.BoolOp, source: _Source) -> Iterator[_Edit]:
    yield from _between(node.values[0], node.values[1], source)


def _of_arithmetic(node: ast.BinOp, source: _Source) -> Iterator[_Edit]:
    if not isinstance(node.left, ast.Constant) or not isinstance(node.left.value, str):  # a text that is formatted
        yield from _between(node.left, node.right, source)


def _of_constant(node: ast.Constant, source: _Source) -> Iterator[_Edit]:
    if isinstance(node.value, bool):
        new = repr(not node.value)
    elif isinstance(node.value, int | float):
        new = repr(node.value + 1)
    else:
        return
    yield _Edit(source.start(node), source.end(node), new.encode(), f"`{source.text(node)}` became `{new}`")


def _of_return(node: ast.Return, source: _Source) -> Iterator[_Edit]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield _Edit(source.start(node), source.end(node), b"return None", "it returns None")


def _of_condition(node: ast.If | ast.While, source: _Source) -> Iterator[_Edit]:
    test = source.data[source.start(node.test) : source.end(node.test)]
    new = b"not (" + test + b")"
    yield _Edit(source.start(node.test), source.end(node.test), new, "its condition is negated")


def _of_statement(node: ast.Expr | ast.Assign | ast.AugAssign, source: _Source) -> Iterator[_Edit]:
    stored = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name | ast.Tuple) for one in stored):
        return  # what uses the name would only crash
    yield _Edit(source.start(node), source.end(node), b"pass", f"`{source.text(node)[:40]}` is left out")


_KINDS: Sequence[tuple[type | tuple[type, ...], Callable[..., Iterator[_Edit]]]] = (
    (ast.Compare, _of_comparison),
    (ast.BoolOp, _of_boolean),
    (ast.BinOp, _of_arithmetic),
    (ast.Constant, _of_constant),
    (ast.Return, _of_return),
    ((ast.If, ast.While), _of_condition),
    ((ast.Expr, ast.Assign, ast.AugAssign), _of_statement),
)


def _digest(seed: str, line: int) -> str:
    return hashlib.sha256(f"{seed}:{line}".encode()).hexdigest()


def _parses(data: bytes) -> bool:
    try:
        parsed(data)
    except (SyntaxError, ValueError):
        return False
    return True
