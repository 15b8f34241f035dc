"""The functions and classes of the project that training code calls, wherever they stand."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dodcheck.errors import ToolError
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Definition, Function, Modules
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written

_WORTH = re.compile(r"\b(def|class)\b")


@dataclass(eq=False)
class Source:
    """One module.

    Args:
        path: Its file.
        tree: Its syntax tree.
        names: What its names stand for.
        own: Its top-level functions and classes by name.
        imported: Dotted module, level of dots and name there (None for a module) by local name.
    """

    path: str
    tree: ast.Module
    names: Names
    own: Mapping[str, Definition]
    imported: Mapping[str, tuple[str, int, str | None]]
    _texts: dict[ast.AST, str] = field(default_factory=dict)

    def text(self, node: ast.AST) -> str:
        """Return the code of a node of the module in one normal form."""
        if node not in self._texts:
            self._texts[node] = written(node)
        return self._texts[node]


@dataclass(frozen=True, eq=False)
class Code:
    """A function, class or lambda that a value is, with the module it stands in.

    Args:
        node: The definition.
        source: Its module.
        symbol: Its qualified name there.
        closure: The variables around it.
    """

    node: Function | ast.ClassDef | ast.Lambda
    source: Source
    symbol: str
    closure: Mapping[str, object] = field(default_factory=dict)


class Project:
    """Modules of one side, found by what the code imports.

    Args:
        modules: The side.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._paths = ImportPaths(modules, _WORTH)
        self._sources: dict[str, Source] = {}

    def source(self, path: str) -> Source:
        """Return a module.

        Raises:
            ToolError: It cannot be parsed.
        """
        if path not in self._sources:
            tree = self._modules.tree(path)
            own = {node.name: node for node in tree.body if isinstance(node, Definition)}
            self._sources[path] = Source(path, tree, names_of(tree), own, _imports(tree))
        return self._sources[path]

    def found(self, node: ast.expr, source: Source) -> Code | None:
        """Return the function or class of another module of the project that an expression names."""
        if isinstance(node, ast.Name) and node.id in source.imported:
            module, level, name = source.imported[node.id]
            return self._code(module, level, name, source.path) if name else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in source.imported:
            module, level, name = source.imported[node.value.id]
            inner = f"{module}.{name}" if module and name else name or module
            return self._code(inner, level, node.attr, source.path)
        return None

    def _code(self, module: str, level: int, name: str | None, importer: str) -> Code | None:
        path = self._paths.find(module, level, importer)
        if path is None or name is None:
            return None
        try:
            source = self.source(path)
        except ToolError:  # it is not of the change: whoever judges that file hears of it
            return None
        node = source.own.get(name)
        return Code(node, source, name) if node else None

    def method(self, code: Code, name: str, depth: int = 3) -> Code | None:
        """Return a method of a class, or of a base of it that stands in the project."""
        if not isinstance(code.node, ast.ClassDef):
            return None
        for node in code.node.body:
            if isinstance(node, Function) and node.name == name:
                return Code(node, code.source, f"{code.symbol}.{name}", code.closure)
        for base in code.node.bases if depth else ():
            own = code.source.own.get(base.id) if isinstance(base, ast.Name) else None
            parent = Code(own, code.source, own.name) if own else self.found(base, code.source)
            found = self.method(parent, name, depth - 1) if parent else None
            if found:
                return found
        return None


def _imports(tree: ast.Module) -> dict[str, tuple[str, int, str | None]]:
    found: dict[str, tuple[str, int, str | None]] = {}
    for node in walk(tree):
        if isinstance(node, ast.Import):
            found.update((one.asname or one.name, (one.name, 0, None)) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update((one.asname or one.name, (node.module or "", node.level, one.name)) for one in node.names)
    return found
