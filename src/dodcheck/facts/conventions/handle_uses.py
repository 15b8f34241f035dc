"""What a function does with the name that it gave to a handle."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.walking import walk

Fate = Literal["", "dropped", "left-open", "unsafe-close", "returned", "kept", "given", "thread", "stored"]
Parents = Mapping[ast.AST, ast.AST]

CLOSERS = {
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
MANAGERS = {
    "enter_context", "enter_async_context", "push", "push_async_exit", "callback", "push_async_callback", "finalize",
    "register", "addCleanup", "enterContext", "addfinalizer", "aclosing", "closing",
}  # fmt: skip
CONSUMERS = {
    "load", "safe_load", "reader", "DictReader", "list", "sorted", "tuple", "set", "len", "sum", "max", "min", "dump",
    "enumerate", "zip", "map", "filter", "iter", "next", "print", "str", "isinstance", "copyfileobj", "hasattr", "id",
    "writer", "DictWriter", "safe_dump", "any", "all", "dict", "repr", "getattr", "type", "bool",
}  # fmt: skip
THREADS = {
    "Thread",
    "Process",
    "submit",
    "run_in_executor",
    "to_thread",
    "create_task",
    "start_new_thread",
    "apply_async",
}
_PARTS = {"cursor", "makefile", "__enter__", "__aenter__"}  # what they return keeps the handle alive
_KEEPERS = {"append", "add", "put", "setdefault"}
_EVERYTHING = {"BaseException", "Exception"}
_SETTLED = {"managed", "safe", "shared", "captured"}
_REST: Mapping[str, Fate] = {
    "kept": "",
    "thread": "thread",
    "closed": "unsafe-close",
    "handled": "unsafe-close",
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


def last_name(func: ast.expr) -> str:
    """Return the last name of what is called."""
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def handed_out(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Fate:
    """A function that says what it returns hands the duty to close over with it."""
    said = (ast.get_docstring(function) or "").lower()
    told = function.returns is not None or _DOCUMENTED.search(said) or _HANDS_OUT.search(function.name.lower())
    return "" if told else "returned"


class HandleUses:
    """The uses of one name in the function that bound a handle to it.

    Args:
        function: The function.
        name: The name.
        parents: The parent of each node of the module.
    """

    def __init__(self, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, parents: Parents) -> None:
        self._name = name
        self._function = function
        self._parents = parents
        self._found = {self._of(node) for node in self._loads()}

    def fate(self) -> Fate:
        """Weigh the uses, the surest first."""
        found = self._found
        if {"yielded", "closed"} <= found and not found & {"safe", "handled"}:
            return "unsafe-close"
        if found & _SETTLED or {"handled", "closed"} <= found:
            return ""
        if found & {"returned", "yielded"}:
            return handed_out(self._function)
        return next((known for use, known in _REST.items() if use in found), "left-open")

    def _loads(self) -> Iterator[ast.AST]:
        for node in walk(self._function):
            shared = isinstance(node, ast.Global | ast.Nonlocal) and self._name in node.names
            if shared or (isinstance(node, ast.Name) and node.id == self._name and isinstance(node.ctx, ast.Load)):
                yield node

    def _of(self, node: ast.AST) -> str:
        if isinstance(node, ast.Global | ast.Nonlocal):
            return "shared"
        if self._is_inner(node):
            return "captured"
        parent = self._parents[node]
        while isinstance(parent, ast.keyword | ast.Starred | ast.Await | ast.IfExp) and node is not _asked(parent):
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
        if node.attr in _PARTS and isinstance(self._parents.get(self._parents[node]), ast.Return):
            return "returned"
        if node.attr not in CLOSERS:
            return "read"
        called = isinstance(self._parents[node], ast.Call) and self._parents[node].func is node  # type: ignore[attr-defined]
        if called and self._is_handler(node):
            return "handled"
        return "closed" if called and not self._is_final(node) else "safe"

    def _handed(self, call: ast.Call) -> str:
        name = last_name(call.func)
        for names, use in ((MANAGERS, "managed"), (THREADS, "thread"), (CONSUMERS, "read"), (_KEEPERS, "kept")):
            if name in names:
                return use
        return "kept" if name.lstrip("_")[:1].isupper() else "given"

    def _is_inner(self, node: ast.AST) -> bool:
        while node is not self._function:
            node = self._parents[node]
            if isinstance(node, Function | ast.Lambda) and node is not self._function:
                return True
        return False

    def _is_handler(self, node: ast.AST) -> bool:
        """Tell whether a node stands in an `except` that catches everything."""
        while node is not self._function:
            node = self._parents[node]
            if isinstance(node, ast.ExceptHandler):
                return node.type is None or (isinstance(node.type, ast.Name) and node.type.id in _EVERYTHING)
        return False

    def _is_final(self, node: ast.AST) -> bool:
        """Tell whether a node stands in a `finally` of the function."""
        while node is not self._function:
            parent = self._parents[node]
            if isinstance(parent, ast.Try | ast.TryStar) and node in parent.finalbody:
                return True
            node = parent
        return False


def _asked(node: ast.AST) -> ast.AST | None:
    """Return the condition of a conditional expression: it is no value of it."""
    return node.test if isinstance(node, ast.IfExp) else None


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
