"""Where a name that a model uses is defined: in its own module, or through imports in another of the project."""

import ast
import re
from functools import cached_property
from typing import NamedTuple, Self

from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk

_FOREIGN = {
    "sqlalchemy", "sqlmodel", "django", "alembic", "pydantic", "fastapi", "sqlalchemy_utils", "flask_sqlalchemy",
    "rest_framework", "sqlalchemy_json", "starlette", "geoalchemy2", "pgvector",
}  # fmt: skip
_DEEPEST = 6  # imports that are followed from one module to the next


class Defined(NamedTuple):
    """What a name stands for, and where that is."""

    path: str
    node: ast.ClassDef | ast.expr


class _Imported(NamedTuple):
    module: str
    level: int
    name: str | None


class Scope:
    """The names of one module.

    Args:
        path: Its file.
        tree: Its syntax tree.
    """

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.path = path
        self.tree = tree
        self.imported: dict[str, _Imported] = {}
        self.defined: dict[str, ast.ClassDef | ast.expr] = {}
        for node in walk(tree):
            self._read(node)

    @cached_property
    def stars(self) -> list[_Imported]:
        """What the module imports whole."""
        return [
            _Imported(node.module or "", node.level, None)
            for node in self.tree.body
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
        ]

    def origin(self, node: ast.expr | None) -> str:
        """Return the dotted name of an expression with its import written out; empty when it has none."""
        if isinstance(node, ast.Name):
            known = self.imported.get(node.id)
            if known is None:
                return node.id
            return ".".join(filter(None, (known.module, known.name)))
        if isinstance(node, ast.Attribute):
            owner = self.origin(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""

    def _read(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                head = alias.name if alias.asname else alias.name.partition(".")[0]
                self.imported[alias.asname or head] = _Imported(head, 0, None)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.imported[alias.asname or alias.name] = _Imported(node.module or "", node.level, alias.name)
        elif isinstance(node, ast.ClassDef):
            self.defined.setdefault(node.name, node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.col_offset == 0 and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                self.defined[target.id] = node.value


class Definitions:
    """Names of one side's modules, followed through its imports.

    Args:
        modules: The syntax trees.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._paths = ImportPaths(modules, re.compile(""))
        self._scopes: dict[str, Scope] = {}

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(modules)

    def scope(self, path: str) -> Scope:
        """Return the names of a file.

        Raises:
            ToolError: It cannot be parsed.
        """
        if path not in self._scopes:
            self._scopes[path] = Scope(path, self._modules.tree(path))
        return self._scopes[path]

    def find(self, path: str, node: ast.expr | None) -> Defined | None:
        """Return what an expression of a file stands for; None for what is not the project's, or not to be told."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            return self._named(path, node.value, _DEEPEST)
        if isinstance(node, ast.Name):
            return self._named(path, node.id, _DEEPEST)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            known = self.scope(path).imported.get(node.value.id)
            if known is None:
                return None
            module = ".".join(filter(None, (known.module, known.name)))
            at = self._file(module, known.level, path)
            return self._named(at, node.attr, _DEEPEST) if at else None
        return None

    def _named(self, path: str, name: str, left: int) -> Defined | None:
        scope = self.scope(path)
        if name in scope.defined:
            return Defined(path, scope.defined[name])
        if left == 0:
            return None
        known = scope.imported.get(name)
        if known is not None and known.name is not None:
            at = self._file(known.module, known.level, path)
            return self._named(at, known.name, left - 1) if at else None
        for star in scope.stars if known is None else ():
            at = self._file(star.module, star.level, path)
            found = self._named(at, name, left - 1) if at else None
            if found:
                return found
        return None

    def _file(self, module: str, level: int, importer: str) -> str | None:
        if not level and module.partition(".")[0] in _FOREIGN:
            return None
        return self._paths.find(module, level, importer)
