"""One changed source file at both sides, as far as the checks of tests look into it."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Definition, Modules, definitions
from dodcheck.facts.code.walking import children


class SourcePair:
    """A source file; a side that cannot be parsed is empty (the linter and the runner tell of it).

    Args:
        path: The file at head.
        head: Head's modules.
        base: Base's modules.
        base_path: The file at base; None when it is new.
    """

    def __init__(self, path: str, head: Modules, base: Modules, base_path: str | None) -> None:
        self.path = path
        self.head_text = head.text(path)
        self.base_text = base.text(base_path)
        self._sides = (head, path), (base, base_path)

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of head."""
        return self.head_text.splitlines()

    @cached_property
    def new_lines(self) -> frozenset[int]:
        """1-based numbers of the lines that base has nowhere."""
        known = {line.strip() for line in self.base_text.splitlines()}
        return frozenset(at for at, line in enumerate(self.lines, 1) if line.strip() and line.strip() not in known)

    @cached_property
    def new_text(self) -> str:
        """The lines that base has nowhere."""
        return "\n".join(self.lines[at - 1] for at in sorted(self.new_lines))

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of head."""
        return _tree(*self._sides[0])

    @cached_property
    def changed(self) -> tuple[tuple[str, Definition], ...]:
        """Functions and classes that the change adds or alters, with their qualified names."""
        base = _texts(_tree(*self._sides[1]), self.base_text.splitlines())
        return tuple((n, d) for n, d in definitions(self.tree) if base.get(n) != _text(d, self.lines))

    def is_new(self, node: ast.stmt | ast.expr) -> bool:
        """Tell whether a part of head has a line that base has nowhere."""
        return not self.new_lines.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1))

    def has_more(self, words: re.Pattern[str]) -> bool:
        """Tell whether head has some words more often than base: a line that is written anew brings none.

        Args:
            words: What one line of head holds; where line breaks divide it, it counts as new.
        """
        known, now = (sum(1 for _ in words.finditer(text)) for text in (self.base_text, self.head_text))
        return now == 0 or now > known

    def text(self, node: ast.stmt | ast.expr) -> str:
        """Return the lines that hold a part of head."""
        return "\n".join(self.lines[node.lineno - 1 : node.end_lineno])

    def statements(self) -> Iterator[ast.stmt | ast.expr]:
        """Yield the simple statements and the conditions of head that have a new line."""
        stack: list[ast.AST] = [self.tree]
        while stack:
            node = stack.pop()
            for child in children(node):
                if isinstance(child, ast.stmt):
                    simple = not hasattr(child, "body")
                    if self.is_new(child):
                        stack += [] if simple else [child]
                        if simple and not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                            yield child
                elif isinstance(child, ast.expr) and isinstance(node, ast.If | ast.While) and self.is_new(child):
                    yield child
                elif isinstance(child, ast.excepthandler | ast.match_case):
                    stack.append(child)


def _tree(modules: Modules, path: str | None) -> ast.Module:
    try:
        return modules.tree(path)
    except ToolError:
        return ast.Module([], [])


def _texts(tree: ast.Module, lines: Sequence[str]) -> dict[str, str]:
    return {name: _text(node, lines) for name, node in definitions(tree)}


def _text(node: Definition, lines: Sequence[str]) -> str:
    first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
    return "\n".join(lines[first - 1 : node.end_lineno])
