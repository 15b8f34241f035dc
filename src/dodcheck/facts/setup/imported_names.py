"""Constants, functions and classes that a module takes from other modules of the project."""

import ast
import re

from dodcheck.errors import ToolError
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.setup.reading_context import constant_strings

_ASSIGNS = re.compile(r"=\s*[rf]?[\"']|import")


class ImportedNames:
    """What stands behind the imports of one module.

    Args:
        tree: The module.
        path: Its file.
        modules: The side.
    """

    def __init__(self, tree: ast.Module, path: str, modules: Modules) -> None:
        self._path = path
        self._modules = modules
        self._paths = ImportPaths(modules, _ASSIGNS)
        self._from = {
            alias.asname or alias.name: (node.module or "", node.level, alias.name)
            for node in walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def strings(self, node: ast.expr) -> tuple[str, ...]:
        """Return the strings that `NAME` or `module.NAME` stands for; empty when that is not known."""
        found = self.origin(node)
        return constant_strings(list(walk(found[1]))).get(found[2], ()) if found else ()

    def origin(self, node: ast.expr) -> tuple[str, ast.Module, str] | None:
        """Return the file, the tree and the name there of `name` or `module.name`; None when that is not known."""
        if isinstance(node, ast.Name) and node.id in self._from:
            module, level, name = self._from[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self._from:
            module, level, inner = self._from[node.value.id]
            module, name = f"{module}.{inner}".strip("."), node.attr
        else:
            return None
        file = self._paths.find(module, level, self._path)
        try:
            return (file, self._modules.tree(file), name) if file else None
        except ToolError:  # the change need not touch that file; the name stays unknown
            return None
