"""Walks over syntax trees, as `ast.walk` makes them but several times as fast; those of whole modules are remembered.

Every rule walks every module of the change.  What makes `ast.walk` slow is that it asks each node for each of its
fields, though most can hold no node; and names and attributes each have a context, which no rule looks at.
"""

import ast
from collections.abc import Callable, Sequence
from typing import TypeVar

_BARREN = {"ctx", "id", "attr", "kind", "type_comment", "lineno", "module", "level", "asname", "conversion", "simple"}
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_N = TypeVar("_N", bound=ast.AST)
T = TypeVar("T")


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of a kind of node that may hold nodes, in their order."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        barren = issubclass(kind, ast.Constant)
        self[kind] = () if barren else tuple(name for name in kind._fields if name not in _BARREN)
        return self[kind]


_FIELDS = _Fields()


def remembered(tree: ast.Module, what: str, make: Callable[[], T]) -> T:
    """Return what is found out once a tree; it is kept with the tree, and must not hold the tree itself.

    Weak references would do as well, but their callbacks run whenever a tree goes, in whatever thread.
    """
    kept = vars(tree)
    if what not in kept:
        kept[what] = make()
    found: T = kept[what]
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes right below one, in the order of `ast.iter_child_nodes`, contexts left out."""
    found: list[ast.AST] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(root: ast.AST) -> list[ast.AST]:
    """Return a node and all below it in the order of `ast.walk`, contexts left out."""
    if not isinstance(root, ast.Module):
        return _walked(root)
    return [root, *remembered(root, "_walk", lambda: _walked(root)[1:])]


def _walked(root: ast.AST) -> list[ast.AST]:
    found = [root]
    add = found.append
    for node in found:  # it grows meanwhile
        for name in _FIELDS[type(node)]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                for part in value:
                    if isinstance(part, ast.AST):
                        add(part)
            elif isinstance(value, ast.AST):
                add(value)
    return found


def nodes(root: ast.AST, *kinds: type[_N]) -> list[_N]:
    """Return the nodes of some kinds among those of `walk`."""
    return [node for node in walk(root) if isinstance(node, kinds)]


def statements(tree: ast.Module) -> Sequence[ast.stmt]:
    """Return every statement of a module in the order of `ast.walk`; no expression is looked into."""
    return remembered(tree, "_statements", lambda: _statements(tree))


def _statements(tree: ast.Module) -> Sequence[ast.stmt]:
    queue: list[ast.AST] = [tree]
    for node in queue:  # it grows meanwhile
        queue += blocks(node)
    return [node for node in queue if isinstance(node, ast.stmt)]


def blocks(node: ast.AST) -> list[ast.AST]:
    """Return the statements, handlers and cases right below a node, in their order."""
    if isinstance(node, ast.expr):
        return []
    found: list[ast.AST] = []
    for name in _BLOCKS:
        found += getattr(node, name, ())
    return found
