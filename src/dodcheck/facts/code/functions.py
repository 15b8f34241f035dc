"""Functions of one side: where each stands, its signature, its decorators, its docstring and its body."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Literal, Self

from dodcheck.facts.code.modules import Definition, Modules
from dodcheck.facts.code.modules import Function as FunctionNode
from dodcheck.facts.code.scripts import is_main_guard
from dodcheck.facts.code.signatures import FunctionFile, Parameter, Signature
from dodcheck.facts.code.walking import children
from dodcheck.facts.code.writing import written

FunctionKind = Literal["function", "method", "classmethod", "staticmethod", "property", "setter", "deleter"]

_STATIC_BY_NATURE = {"__new__", "__init_subclass__", "__class_getitem__"}  # classmethods without saying so
_OVERLOADS = {"typing.overload", "typing_extensions.overload"}
_KIND_OF: Mapping[str, FunctionKind] = {
    "classmethod": "classmethod",
    "abstractclassmethod": "classmethod",
    "staticmethod": "staticmethod",
    "abstractstaticmethod": "staticmethod",
    "property": "property",
    "abstractproperty": "property",
    "cached_property": "property",
    "getter": "property",
    "setter": "setter",
    "deleter": "deleter",
}


@dataclass(frozen=True, eq=False)
class Function:
    """One function or method of one file.

    Args:
        file: The file.
        name: Qualified name in the file.
        node: Its syntax tree; nobody may alter it.
        parents: Classes and functions around it, outermost first.
        guarded: Stands under `if __name__ == "__main__"`.
    """

    file: FunctionFile = field(repr=False)
    name: str
    node: FunctionNode = field(repr=False)
    parents: tuple[Definition, ...] = field(repr=False)
    guarded: bool = field(repr=False)

    @property
    def path(self) -> str:
        """The file's path."""
        return self.file.path

    @property
    def line(self) -> int:
        """1-based line of `def`."""
        return self.node.lineno

    @property
    def end_line(self) -> int:
        """1-based last line."""
        return self.node.end_lineno or self.node.lineno

    @cached_property
    def text(self) -> str:
        """The lines of the function as they stand in the file, decorators included."""
        first = min([self.line, *(one.lineno for one in self.node.decorator_list)])
        return "\n".join(self.file.lines[first - 1 : self.end_line])

    @property
    def owner(self) -> ast.ClassDef | None:
        """The class that it is a method of."""
        return next((p for p in self.parents[-1:] if isinstance(p, ast.ClassDef)), None)

    @property
    def is_local(self) -> bool:
        """No other module can reach it: it stands in a function, or under the main guard."""
        return self.guarded or any(isinstance(p, FunctionNode) for p in self.parents)

    @property
    def is_async(self) -> bool:
        """It is declared with `async def`."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    @cached_property
    def is_generator(self) -> bool:
        """It yields."""
        return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in self.own_nodes())

    @cached_property
    def returns_value(self) -> bool:
        """It has a `return` with a value other than a plain None."""
        found = (node.value for node in self.own_nodes() if isinstance(node, ast.Return))
        return any(v is not None and not (isinstance(v, ast.Constant) and v.value is None) for v in found)

    @property
    def is_placeholder(self) -> bool:
        """The body only says `...`, passes or raises: an abstract method, a stub."""
        return all(
            isinstance(s, ast.Pass | ast.Raise) or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            for s in self.body
        )

    @cached_property
    def decorators(self) -> tuple[str, ...]:
        """Dotted names of the decorators through imports, without their arguments."""
        bare = [d.func if isinstance(d, ast.Call) else d for d in self.node.decorator_list]
        return tuple(self.file.names.of(d) or written(d) for d in bare)

    @property
    def is_overload(self) -> bool:
        """It is an `@overload` stub."""
        return not _OVERLOADS.isdisjoint(self.decorators)

    @cached_property
    def kind(self) -> FunctionKind:
        """What it is to its class."""
        if self.owner is None:
            return "function"
        if self.node.name in _STATIC_BY_NATURE:
            return "classmethod"
        found = (_KIND_OF.get(name.rpartition(".")[2]) for name in self.decorators)
        return next((kind for kind in found if kind), "method")

    @cached_property
    def signature(self) -> Signature:
        """Its parameters and its return."""
        return Signature(self.node, self.file)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, in the order of the text."""
        return self.signature.parameters

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """The parameters that a caller fills: without `self` and `cls`."""
        bound = self.owner is not None and self.kind != "staticmethod"
        first = self.parameters[:1]
        return self.parameters[1:] if bound and first and first[0].kind.startswith("positional") else self.parameters

    @cached_property
    def docstring(self) -> str | None:
        """The docstring, unindented; None when there is none."""
        return ast.get_docstring(self.node)

    @property
    def body(self) -> list[ast.stmt]:
        """The statements without the docstring."""
        return self.node.body[1:] if ast.get_docstring(self.node, clean=False) is not None else self.node.body

    @property
    def body_lines(self) -> tuple[int, int] | None:
        """1-based first and last line of the body without the docstring; None when there is nothing else."""
        return (self.body[0].lineno, self.end_line) if self.body else None

    @cached_property
    def body_text(self) -> str:
        """The body without docstring, comments and formatting."""
        return "\n".join(map(written, self.body))

    @property
    def body_digest(self) -> str:
        """Stays the same as long as the code in the body does."""
        return sha256(self.body_text.encode("utf-8", "surrogatepass")).hexdigest()

    def own_nodes(self) -> Iterator[ast.AST]:
        """Yield the nodes of the body, those of nested functions, classes and lambdas left out."""
        stack: list[ast.AST] = list(self.body)
        while stack:
            node = stack.pop()
            yield node
            if not isinstance(node, Definition | ast.Lambda):
                stack.extend(children(node))


class Functions:
    """Functions by file; each file is read once a side.

    Args:
        modules: The side to read from.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._known: dict[str, tuple[Function, ...]] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(modules)

    def at(self, path: str | None) -> tuple[Function, ...]:
        """Return every function of a file in the order of the text; none where there is no file.

        Raises:
            ToolError: The running Python cannot parse the file.
        """
        if path is None:
            return ()
        with self._lock:
            if path not in self._known:
                self._known[path] = tuple(self._read(path))
            return self._known[path]

    def _read(self, path: str) -> Iterator[Function]:
        text = self._modules.text(path)
        if "def " not in text:
            return
        file = FunctionFile(path, self._modules.tree(path), text)
        for node, parents, guarded in _walk(file.tree, (), guarded=False):
            yield Function(file, ".".join([*(p.name for p in parents), node.name]), node, parents, guarded)


def _walk(
    node: ast.AST, parents: tuple[Definition, ...], *, guarded: bool
) -> Iterator[tuple[FunctionNode, tuple[Definition, ...], bool]]:
    for child in children(node):
        if isinstance(child, FunctionNode):
            yield child, parents, guarded
        if isinstance(child, Definition):
            yield from _walk(child, (*parents, child), guarded=guarded)
        elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _walk(child, parents, guarded=guarded or (not parents and is_main_guard(child)))
