"""Statements that stand at both sides, however they are formatted there and whatever their local annotations say.

An annotation inside a function is never evaluated (PEP 526): to alter one alters nothing that runs.
"""

import ast
import copy
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from dodcheck.facts.code.foreign_trees import is_foreign

_INNER = ("body", "orelse", "finalbody", "handlers", "cases")
_MOST = 5000  # statements of one file that are compared


def standing(base: ast.Module, head: ast.Module) -> frozenset[int]:
    """Return the first lines of head's statements that base has too, in the same order and the same kinds of blocks.

    Args:
        base: The file at base.
        head: The file at head.
    """
    if is_foreign(base) or is_foreign(head):
        return frozenset()
    before, after = list(_statements(base, (), local=False)), list(_statements(head, (), local=False))
    if max(len(before), len(after)) > _MOST:
        return frozenset()
    matcher = SequenceMatcher(None, [one.key for one in before], [one.key for one in after], autojunk=False)
    blocks = matcher.get_matching_blocks()
    return frozenset(line for block in blocks for one in after[block.b : block.b + block.size] for line in one.lines)


def is_local(node: ast.AST, *, outside: bool) -> bool:
    """Return whether what is inside a node runs in a function.

    Args:
        node: The node.
        outside: Whether the node itself does.
    """
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return True
    return outside and not isinstance(node, ast.ClassDef)


def unannotated(node: object) -> object:
    """Return a part of a function without annotations of its own: an assignment, or a list without bare annotations."""
    if isinstance(node, ast.AnnAssign):
        return ast.Assign([node.target], node.value, lineno=node.lineno) if node.value else None
    if isinstance(node, list):
        return [one for one in node if not (isinstance(one, ast.AnnAssign) and one.value is None)]
    return node


class _Statement(NamedTuple):
    """One statement: where it stands and what it says, and its lines of code without those of inner blocks."""

    key: tuple[tuple[str, ...], str]
    lines: tuple[int, ...]


def _statements(node: ast.AST, blocks: tuple[str, ...], *, local: bool) -> Iterator[_Statement]:
    for field in _INNER:
        for child in getattr(node, field, ()):
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                continue
            kind = f"{field} {type(child).__name__} {getattr(child, 'name', '')}"
            if not isinstance(child, ast.match_case):
                decorators = [one.lineno for one in getattr(child, "decorator_list", ())]
                yield _Statement(((*blocks, field), _header(child, local=local)), (child.lineno, *decorators))
            yield from _statements(child, (*blocks, kind), local=is_local(child, outside=local))


def _header(node: ast.AST, *, local: bool) -> str:
    """Return what a statement says, without the statements inside it."""
    head = copy.copy(node)
    for field in _INNER:
        if isinstance(getattr(node, field, None), list):
            setattr(head, field, [])
    said = unannotated(head) if local else head
    return ast.dump(said) if isinstance(said, ast.AST) else ""
