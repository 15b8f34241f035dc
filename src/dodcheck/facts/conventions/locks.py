"""Locks taken by hand, and what PyTorch is told for all that follows."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.conventions.handle_uses import Parents

_LOCK = re.compile(r"(?:lock|mutex|sem|semaphore|cond|condition)\d?$", re.IGNORECASE)
_LOCKERS = re.compile(r"acquire|__a?enter__|lock$")
_MODES = re.compile(r"torch\.(?:no_grad|inference_mode|enable_grad|autocast|cuda\.amp\.autocast|amp\.autocast)")
_EMPTIES = re.compile(r"torch\.(?:cuda|mps|xpu)\.empty_cache")
_Place = ast.FunctionDef | ast.AsyncFunctionDef | None


class Lapse(NamedTuple):
    """One place where something is taken and not given back for certain.

    Args:
        call: The call.
        code: `lock`, `mode` or `gpu-memory`; `lock-elsewhere` where nothing in the file releases it.
    """

    call: ast.Call
    code: str


def lapses(tree: ast.Module, parents: Parents) -> Iterator[Lapse]:
    """Yield the lapses of a module.

    Args:
        tree: The module.
        parents: The parent of each of its nodes.
    """
    names = names_of(tree)
    for node in walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = names.of(node.func) or ""
        code = _torch(node, called, names, parents)
        if not code and isinstance(node.func, ast.Attribute) and node.func.attr == "acquire":
            code = _lock(node.func, node, tree, parents)
        if code:
            yield Lapse(node, code)


def _torch(node: ast.Call, called: str, names: Names, parents: Parents) -> str:
    parent = parents[node]
    if _MODES.fullmatch(called) and isinstance(parent, ast.Expr):
        return "mode"  # it is over before the next line
    if isinstance(node.func, ast.Attribute) and node.func.attr == "__enter__" and isinstance(node.func.value, ast.Call):
        return "mode" if _MODES.fullmatch(names.of(node.func.value.func) or "") else ""
    function = _around(node, parents)
    if called == "torch.set_grad_enabled" and isinstance(parent, ast.Expr) and function is not None:
        off = [arg for arg in node.args if isinstance(arg, ast.Constant) and arg.value is False]
        again = [one for one in walk(function) if isinstance(one, ast.Call) and names.of(one.func) == called]
        return "mode" if off and len(again) == 1 else ""
    if _EMPTIES.fullmatch(called) and function is not None and _in_loop(node, function, parents):
        freed = any(isinstance(one, ast.Delete | ast.With | ast.AsyncWith) for one in walk(function))
        return "" if freed else "gpu-memory"
    return ""


def _lock(func: ast.Attribute, call: ast.Call, tree: ast.Module, parents: Parents) -> str:
    receiver = written(func.value)
    function = _around(call, parents)
    if not _LOCK.search(receiver) or function is None or _LOCKERS.search(function.name.lower()):
        return ""
    releases = list(_releases(function, receiver))
    if any(_is_final(one, function, parents) for one in releases):
        return ""
    if releases:
        return "lock"
    return "" if any(_releases(tree, receiver)) else "lock-elsewhere"


def _releases(tree: ast.AST, receiver: str) -> Iterator[ast.Attribute]:
    for node in walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "release" and written(node.value) == receiver:
            yield node


def _is_final(node: ast.AST, function: ast.AST, parents: Parents) -> bool:
    while node is not function:
        parent = parents[node]
        if isinstance(parent, ast.Try | ast.TryStar) and node in parent.finalbody:
            return True
        if isinstance(parent, Function | ast.Lambda) and parent is not function:
            return True  # a callback's
        node = parent
    return False


def _around(node: ast.AST, parents: Parents) -> _Place:
    while node in parents:
        node = parents[node]
        if isinstance(node, Function):
            return node
    return None


def _in_loop(node: ast.AST, function: ast.AST, parents: Parents) -> bool:
    while node is not function:
        node = parents[node]
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            return True
    return False
