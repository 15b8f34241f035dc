"""What becomes of a handle inside the function that opens it: closed on every path, handed on, or left open."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeGuard

from dodcheck.facts.code.modules import Function
from dodcheck.facts.conventions.resources import LASTING, Resource

Fate = Literal["", "dropped", "left-open", "unsafe-close", "returned", "kept", "given", "thread", "stored"]
Parents = Mapping[ast.AST, ast.AST]

_CLOSERS = {
    "close",
    "aclose",
    "cleanup",
    "shutdown",
    "disconnect",
    "detach",
    "terminate",
    "remove",
    "dispose",
    "stop",
    "release",
}
_MANAGERS = {
    "enter_context", "enter_async_context", "push", "push_async_exit", "callback", "push_async_callback", "finalize",
    "register", "addCleanup", "enterContext", "addfinalizer", "aclosing", "closing",
}  # fmt: skip
_CONSUMERS = {
    "load", "safe_load", "reader", "DictReader", "list", "sorted", "tuple", "set", "len", "sum", "max", "min", "dump",
    "enumerate", "zip", "map", "filter", "iter", "next", "print", "str", "isinstance", "copyfileobj", "hasattr", "id",
    "writer", "DictWriter", "safe_dump", "any", "all", "dict", "repr", "getattr", "type", "bool",
}  # fmt: skip
_THREADS = {
    "Thread",
    "Process",
    "submit",
    "run_in_executor",
    "to_thread",
    "create_task",
    "start_new_thread",
    "apply_async",
}
_KEEPERS = {"append", "add", "put", "setdefault"}
_SETTLED = {"managed", "safe", "shared", "captured"}
_REST: Mapping[str, Fate] = {
    "kept": "",
    "thread": "thread",
    "closed": "unsafe-close",
    "given": "given",
    "stored": "stored",
}
_HANDS_OUT = re.compile(
    r"open|conn|get|creat|make|build|new|session|client|cursor|load|acquire|file|stream|read|writ|sock|engine|redis"
    r"|handle|start|enter|from_|temp|tmp|factory|db|log|spawn|fixture|prepare|setup|init"
)
_DOCUMENTED = re.compile(
    r"\b(?:open(?:s|ed)?|handles?|files?|streams?|connections?|sessions?|clients?|cursors?|caller|close[sd]?)\b"
)
_ENDS = re.compile(
    r"^(?:__exit__|__aexit__|__del__|\w*(?:close|stop|shutdown|disconnect|cleanup|tear_?down|dispose|release|finish|end)\w*)$",
    re.IGNORECASE,
)


def parents_of(tree: ast.Module) -> Parents:
    """Return the parent of each node."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


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
        return node is not parent.func and _last(parent.func) == "closing"
    return isinstance(parent, ast.Await | ast.IfExp | ast.BoolOp | ast.keyword | ast.Starred)


def _used(one: Resource, node: ast.AST, parent: ast.AST | None, parents: Parents) -> Fate:
    """Judge a handle that gets no name."""
    if isinstance(parent, ast.Attribute):
        return "" if parent.attr in _CLOSERS or one.kind == "cursor" else "dropped"
    if isinstance(parent, ast.Expr) or (isinstance(parent, ast.For | ast.comprehension) and parent.iter is node):
        return "dropped"
    if isinstance(parent, ast.Call):
        return _given(parent)
    if one.function is None:
        return ""
    if isinstance(parent, ast.Return | ast.Yield):
        return _returned(one.function)
    held = isinstance(parent, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.DictComp)
    return "stored" if held and not _is_returned(node, parents) else ""


def _is_returned(node: ast.AST, parents: Parents) -> bool:
    while not isinstance(node, ast.stmt):
        node = parents[node]
    return isinstance(node, ast.Return)


def _given(call: ast.Call) -> Fate:
    """Judge a handle that a call takes: some read it to the end, some keep it."""
    name = _last(call.func)
    if name in _MANAGERS or name[:1].isupper():
        return "thread" if name in _THREADS else ""
    if name in _CONSUMERS:
        return "dropped"
    return "thread" if name in _THREADS else "given"


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Fate:
    """A function that says what it returns hands the duty to close over with it."""
    said = (ast.get_docstring(function) or "").lower()
    told = function.returns is not None or _DOCUMENTED.search(said) or _HANDS_OUT.search(function.name.lower())
    return "" if told else "returned"


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
    return _Uses(one, names[0], parents).fate()


def _kept(one: Resource, target: ast.Attribute) -> Fate:
    """An attribute lives as long as its object, which must have a way to end."""
    if one.owner is None or one.kind in LASTING or one.owner.bases:
        return ""
    methods = {node.name for node in one.owner.body if isinstance(node, Function)}
    closed = any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == target.attr
        for node in ast.walk(one.owner)
        if isinstance(node, ast.Attribute) and node.attr in _CLOSERS
    )
    return "" if closed or any(map(_ENDS.match, methods)) else "kept"


class _Uses:
    """The uses of one name in the function that bound a handle to it."""

    def __init__(self, one: Resource, name: str, parents: Parents) -> None:
        assert one.function is not None  # noqa: S101 - a module's handles live as long as the process
        self._one = one
        self._name = name
        self._function = one.function
        self._parents = parents
        self._found = {self._of(node) for node in self._loads()}

    def fate(self) -> Fate:
        """Weigh the uses, the surest first."""
        found = self._found
        if {"yielded", "closed"} <= found and "safe" not in found:
            return "unsafe-close"
        if found & _SETTLED:
            return ""
        if found & {"returned", "yielded"}:
            return _returned(self._function)
        return next((known for use, known in _REST.items() if use in found), "left-open")

    def _loads(self) -> Iterator[ast.AST]:
        for node in ast.walk(self._function):
            shared = isinstance(node, ast.Global | ast.Nonlocal) and self._name in node.names
            if shared or (isinstance(node, ast.Name) and node.id == self._name and isinstance(node.ctx, ast.Load)):
                yield node

    def _of(self, node: ast.AST) -> str:
        if isinstance(node, ast.Global | ast.Nonlocal):
            return "shared"
        if self._is_inner(node):
            return "captured"
        parent = self._parents[node]
        while isinstance(parent, ast.keyword | ast.Starred | ast.Await | ast.IfExp):
            node, parent = parent, self._parents[parent]
        if isinstance(parent, ast.Attribute):
            return self._member(parent)
        if isinstance(parent, ast.Call):
            return self._handed(parent)
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            return "kept" if all(isinstance(one, ast.Attribute | ast.Subscript) for one in targets) else "captured"
        return _place(parent, self._parents)

    def _member(self, node: ast.Attribute) -> str:
        if node.attr in {"__exit__", "__aexit__", "_exit_stack"}:
            return "safe"
        if node.attr not in _CLOSERS:
            return "read"
        called = isinstance(self._parents[node], ast.Call) and self._parents[node].func is node  # type: ignore[attr-defined]
        return "closed" if called and not self._is_final(node) else "safe"

    def _handed(self, call: ast.Call) -> str:
        name = _last(call.func)
        for names, use in ((_MANAGERS, "managed"), (_THREADS, "thread"), (_CONSUMERS, "read"), (_KEEPERS, "kept")):
            if name in names:
                return use
        return "kept" if name[:1].isupper() else "given"

    def _is_inner(self, node: ast.AST) -> bool:
        while node is not self._function:
            node = self._parents[node]
            if isinstance(node, Function | ast.Lambda) and node is not self._function:
                return True
        return False

    def _is_final(self, node: ast.AST) -> bool:
        """Tell whether a node stands in a `finally` of the function."""
        while node is not self._function:
            parent = self._parents[node]
            if isinstance(parent, ast.Try | ast.TryStar) and node in parent.finalbody:
                return True
            node = parent
        return False


def _place(node: ast.AST, parents: Parents) -> str:
    """Tell what a statement or a collection does with the name in it."""
    if isinstance(node, ast.withitem):
        return "managed"
    held = isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.Set)
    while isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.Set | ast.BoolOp):
        node = parents[node]
    if isinstance(node, ast.Return):
        return "returned"
    if isinstance(node, ast.Yield):
        return "yielded"
    return "stored" if held else "read"
