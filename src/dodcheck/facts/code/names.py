"""What a name in a module stands for, through imports, aliases and assignments."""

import ast
from collections.abc import Mapping
from functools import cached_property

from dodcheck.facts.code.walking import remembered, statements


class Names:
    """Qualified names of the expressions of one module.

    Reads imports and plain `alias = dotted.name` assignments anywhere in the module; a name
    bound twice to different things resolves to the last.

    Args:
        tree: The module.
        package: Dotted name of the package that relative imports start from.
    """

    def __init__(self, tree: ast.Module, package: str = "") -> None:
        self._package = package
        self._bound: dict[str, str] = {}
        for node in statements(tree):
            self._read(node)

    @property
    def bound(self) -> Mapping[str, str]:
        """Local name to qualified name."""
        return self._bound

    @cached_property
    def roots(self) -> frozenset[str]:
        """The packages that something bound comes from."""
        return frozenset(one.partition(".")[0] for one in self._bound.values())

    def of(self, node: ast.AST) -> str | None:
        """Return the dotted name that an expression stands for; None when it has none."""
        if isinstance(node, ast.Name):
            return self._bound.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.of(node.value)
            return f"{owner}.{node.attr}" if owner else None
        return None

    def _read(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                head = alias.name.partition(".")[0]
                self._bound[alias.asname or head] = alias.name if alias.asname else head
        elif isinstance(node, ast.ImportFrom):
            source = self._absolute(node)
            for alias in node.names:
                self._bound[alias.asname or alias.name] = f"{source}.{alias.name}"
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = self.of(node.value)
            if value and value != node.targets[0].id and "." in value:
                self._bound[node.targets[0].id] = value

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self._package.split(".") if self._package else []
        kept = parts[: len(parts) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])


def names_of(tree: ast.Module, package: str = "") -> Names:
    """Return the names of a module, which are read once; see `Names`."""
    return remembered(tree, f"_names of {package}", lambda: Names(tree, package))
