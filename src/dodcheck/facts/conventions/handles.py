"""What becomes of a handle inside the function that opens it: closed on every path, handed on, or left open."""

import ast
import re
from typing import TypeGuard

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.conventions.handle_uses import (
    CLOSERS,
    CONSUMERS,
    MANAGERS,
    THREADS,
    Fate,
    HandleUses,
    Parents,
    handed_out,
    last_name,
)
from dodcheck.facts.conventions.resources import LASTING, Resource

_ENDS = re.compile(
    r"^(?:__exit__|__aexit__|__del__|\w*(?:close|stop|shutdown|disconnect|cleanup|tear_?down|dispose|release|finish|end)\w*)$",
    re.IGNORECASE,
)


def parents_of(tree: ast.Module) -> Parents:
    """Return the parent of each node."""
    return {child: node for node in walk(tree) for child in children(node)}


def fate(one: Resource, parents: Parents) -> Fate:
    """Tell what becomes of a handle; empty when it is closed whatever happens, or when it is nobody's business.

    `dropped`, `left-open` and `unsafe-close` are certain; the others depend on code elsewhere.
    """
    node: ast.AST = one.call
    parent = parents.get(node)
    while _passes_on(parent, node):
        node, parent = parent, parents.get(parent)
    if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        return _assigned(one, parent, parents)
    return _used(one, node, parent, parents)


def _passes_on(parent: ast.AST | None, node: ast.AST) -> TypeGuard[ast.AST]:
    """Tell whether an expression stands for the handle in it."""
    if isinstance(parent, ast.Call):
        return node is not parent.func and last_name(parent.func) == "closing"
    return isinstance(parent, ast.Await | ast.IfExp | ast.BoolOp | ast.keyword | ast.Starred)


def _used(one: Resource, node: ast.AST, parent: ast.AST | None, parents: Parents) -> Fate:
    """Judge a handle that gets no name."""
    if isinstance(parent, ast.Attribute):
        return "" if parent.attr in CLOSERS or one.kind == "cursor" else "dropped"
    if isinstance(parent, ast.Expr) or (isinstance(parent, ast.For | ast.comprehension) and parent.iter is node):
        return "dropped"
    if isinstance(parent, ast.Call):
        fate = _given(parent)
        return "" if fate == "given" and isinstance(parents.get(parent), ast.withitem) else fate
    if one.function is None:
        return ""
    if isinstance(parent, ast.Return | ast.Yield):
        return handed_out(one.function)
    held = isinstance(parent, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.DictComp)
    return "stored" if held and not _is_returned(node, parents) else ""


def _is_returned(node: ast.AST, parents: Parents) -> bool:
    while not isinstance(node, ast.stmt):
        node = parents[node]
    return isinstance(node, ast.Return)


def _given(call: ast.Call) -> Fate:
    """Judge a handle that a call takes: some read it to the end, some keep it."""
    name = last_name(call.func)
    if name in MANAGERS or name.lstrip("_")[:1].isupper():
        return "thread" if name in THREADS else ""
    if name in CONSUMERS:
        return "dropped"
    return "thread" if name in THREADS else "given"


def _assigned(one: Resource, node: ast.Assign | ast.AnnAssign | ast.NamedExpr, parents: Parents) -> Fate:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if isinstance(node, ast.NamedExpr) and isinstance(parents.get(node), ast.withitem):
        return ""
    attributes = [one for one in targets if isinstance(one, ast.Attribute)]
    if attributes:
        return _kept(one, attributes[0])
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if one.function is None or not names:
        return ""
    return HandleUses(one.function, names[0], parents).fate()


def _kept(one: Resource, target: ast.Attribute) -> Fate:
    """An attribute lives as long as its object, which must have a way to end."""
    if one.owner is None or one.kind in LASTING or one.owner.bases:
        return ""
    methods = {node.name for node in one.owner.body if isinstance(node, Function)}
    closed = any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == target.attr
        for node in walk(one.owner)
        if isinstance(node, ast.Attribute) and node.attr in CLOSERS
    )
    return "" if closed or any(map(_ENDS.match, methods)) else "kept"
