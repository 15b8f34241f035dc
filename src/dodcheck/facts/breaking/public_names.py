"""Top-level names that others import from modules of a change, with every address that they have."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from threading import RLock
from typing import Self

import msgspec

from dodcheck.change import Snapshot
from dodcheck.facts.code.exports import Exports, is_api_file
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.code.writing import written

_SUFFIXES = (".py", "/__init__.py", ".pyi", "/__init__.pyi")
_INIT = re.compile(r"(^|/)__init__\.pyi?$")
_OBJECTS = "function|class|method|data|exception|attribute|decorator|module"
_PROSE = re.compile(r"\.(md|mdx|rst|adoc|txt)$|(^|/)readme$", re.IGNORECASE)
_HISTORY = re.compile(r"(^|/)(changelog|changes|history|news|release|whats|upgrad|migrat|contribut)", re.IGNORECASE)
_FOLDER = re.compile(r"^(docs?|documentation|doc_src|website)/|^[^/]*readme[^/]*$", re.IGNORECASE)


class Address(msgspec.Struct, frozen=True):
    """One way to import a thing.

    Args:
        path: File of the module.
        name: Its name there.
    """

    path: str
    name: str

    @property
    def module(self) -> str:
        """Dotted name of the module."""
        return module_name(self.path)

    @property
    def dotted(self) -> str:
        """The name that users write."""
        return f"{self.module}.{self.name}" if self.module else self.name


def module_name(path: str) -> str:
    """Return the dotted name under which a file is imported, the folder of the sources left out."""
    stem = re.sub(r"(/__init__)?\.pyi?$", "", path)
    return re.sub(r"^(?:[^/]+/)*?(?:src|lib|python)/", "", stem).replace("/", ".")


class PublicNames:
    """Public names of one side.

    Args:
        snapshot: The side.
        modules: Its syntax trees.
        exports: Who may use what.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules, exports: Exports) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._exports = exports
        self._lock = RLock()
        self._told: dict[str, bool] = {}

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules, exports: Exports) -> Self:
        """Nothing is looked at yet."""
        return cls(snapshot, modules, exports)

    def at(self, path: str) -> Iterator[tuple[str, tuple[Address, ...]]]:
        """Yield what a module defines or hands on and others may import, with every address of it.

        Raises:
            ToolError: The module, or one that may hand its names on, cannot be parsed.
        """
        if not is_api_file(path) or path.endswith((".pyi", "__main__.py")):
            return
        shown = self._exports.shown(path)
        tree = self._modules.tree(path)
        bound = _bound(tree)
        for name in sorted((shown | bound) - (_bound(tree, guarded=True) - bound)):
            own = [Address(path, name)] if name in shown else []
            others = [Address(*place) for place in self._exports.places(path, name)]
            if own or others:
                yield name, tuple(dict.fromkeys([*own, *others]))

    def is_declared(self, address: Address) -> bool:
        """Tell whether users are told of an address: listed, handed on by a package, documented, or all there is.

        What a package defines itself, beside what it hands on and without `__all__`, may well be its own business.
        """
        if self.is_listed(address):
            return True
        if _INIT.search(address.path):
            handed_on = self._exports.definition(address.path, address.name) != (address.path, address.name)
            return handed_on or not self._exports.handed_on(address.path) or self.is_documented(address)
        top_level = "." not in address.module
        return top_level or self.is_documented(address) or self._is_only_way(address.path)

    def is_listed(self, address: Address) -> bool:
        """Tell whether the module's `__all__` lists the name."""
        return address.name in (self._exports.listed(address.path) or ())

    def is_documented(self, address: Address) -> bool:
        """Tell whether README or documentation names an address: dotted, or by its last part in markup."""
        with self._lock:
            if address.dotted not in self._told:
                bare, module = re.escape(address.name), re.escape(address.module)
                forms = [
                    rf"(?<![\w.]){module}\.{bare}(?!\w)",
                    rf"\bfrom {module} import [^\n]*\b{bare}\b",
                    rf"`~?{re.escape(address.module.rpartition('.')[2])}\.{bare}\b",
                    rf"\bautomodule::\s*{module}\s*\n(?:\s+:.*\n)*?\s+:members:\s*$",
                    rf"module::\s*{module}\s*$(?s:.*)^\s*\.\.\s+(?:auto|py:)?(?:{_OBJECTS})::\s*{bare}\b",
                ]
                pattern = re.compile("|".join(forms), re.MULTILINE)
                self._told[address.dotted] = any(map(pattern.search, self._documents))
            return self._told[address.dotted]

    def _is_only_way(self, path: str) -> bool:
        """Tell whether a package shows nothing at its top, so that its modules are what users import."""
        top = self._top_init(path)
        return top is not None and not any(not name.startswith("__") for name in self._exports.shown(top))

    def _top_init(self, path: str) -> str | None:
        folders = path.split("/")[:-1]
        for depth in range(1, len(folders) + 1):
            init = "/".join([*folders[:depth], "__init__.py"])
            if self._modules.exists(init):
                return init
        return None

    @cached_property
    def _documents(self) -> list[str]:
        paths = self._snapshot.paths()
        kept = [p for p in paths if _PROSE.search(p) and _FOLDER.search(p) and not _HISTORY.search(p)]
        return [self._snapshot.read(p) or "" for p in kept]

    def home(self, address: Address) -> tuple[str, str] | None:
        """Return where an address of the other side leads on this one; None when the name is not bound there.

        Raises:
            ToolError: A module on the way cannot be parsed.
        """
        path = self.module_path(address.path)
        if path is None:
            return None
        home = self._exports.definition(path, address.name)
        if home[0] != path or home[1] != address.name:
            return home
        return home if address.name in _bound(self._modules.tree(path)) else None

    def module_path(self, path: str) -> str | None:
        """Return the file of a module of the other side; it may have become a package, or stopped to be one."""
        if self._modules.exists(path):
            return path
        stem = re.sub(r"(/__init__)?\.pyi?$", "", path)
        return next((f"{stem}{suffix}" for suffix in _SUFFIXES if self._modules.exists(f"{stem}{suffix}")), None)

    def is_served(self, path: str, name: str) -> bool | None:
        """Tell whether a module's `__getattr__` serves a name; None when there is one that does not spell it out."""
        found = self.module_path(path)
        tree = self._modules.tree(found)
        if found is None or "__getattr__" not in _bound(tree):
            return False
        spelt = any(isinstance(node, ast.Constant) and node.value == name for node in walk(tree))
        return True if spelt else None


def _bound(tree: ast.Module, *, guarded: bool = False) -> set[str]:
    """Return every name that the top level of a module binds, in whatever branch; under the main guard if asked."""
    found: set[str] = set()
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name):
            found.update([node.id] if isinstance(node.ctx, ast.Store) else [])
        elif guarded or not (isinstance(node, ast.If) and "__name__" in written(node.test)):
            stack += children(node)
    return found
