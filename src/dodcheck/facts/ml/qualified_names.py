"""What an expression of machine-learning code is made by, as one dotted name.

`StandardScaler().fit` is `sklearn.preprocessing.StandardScaler.fit` through imports, aliases, assignments, `self.x`,
annotations, base classes and one function call; so is `scaler.fit` where `scaler` was made that way.
"""

import ast
import re
from collections.abc import Iterator, Sequence

from dodcheck.errors import ToolError
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Definition, Modules
from dodcheck.facts.code.modules import Function as FunctionNode
from dodcheck.facts.code.parsing import expression
from dodcheck.facts.code.scopes import Binding, Imported, Scope, ScopedModule
from dodcheck.facts.code.walking import walk

_DEEPEST = 24  # steps from a name to what it stands for; real chains take fewer than ten
_TRANSPARENT = {"self", "cls"}


class QualifiedNames:
    """Dotted names of the expressions of one side's modules.

    Args:
        modules: The side.
        worth: What a project's own file must hold for a name imported from it to be looked up there.
    """

    def __init__(self, modules: Modules, worth: re.Pattern[str]) -> None:
        self._modules = modules
        self._paths = ImportPaths(modules, worth)
        self._sources: dict[str, ScopedModule] = {}
        self._of_root: dict[Scope, ScopedModule] = {}

    def source(self, path: str) -> ScopedModule:
        """Return the scopes of a file.

        Raises:
            ToolError: It cannot be parsed.
        """
        known = self._sources.get(path)
        if known is None:
            known = self._sources[path] = ScopedModule(self._modules.tree(path), path)
            self._of_root[known.root] = known
        return known

    def of(self, node: ast.AST, scope: Scope, depth: int = 0) -> str | None:
        """Return the dotted name of what an expression is, or is made by; None when that cannot be told."""
        if depth > _DEEPEST:
            return None
        found = None
        if isinstance(node, ast.Name):
            found = self._lookup(node, scope, depth + 1)
        elif isinstance(node, ast.Attribute):
            found = self._attribute(node, scope, depth + 1)
        elif isinstance(node, ast.Call):
            found = self._made(node, scope, depth + 1)
        elif isinstance(node, ast.Subscript | ast.Await | ast.NamedExpr | ast.Starred):
            found = self.of(node.value, scope, depth + 1)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = self._quoted(node.value, scope, depth)
        return found

    def _lookup(self, node: ast.Name, scope: Scope, depth: int) -> str | None:
        here: Scope | None = scope
        while here is not None:
            if node.id in here.bound and (here is scope or not here.is_class):
                return self._chosen(here.bound[node.id], node, depth, within=here is scope)
            here = here.parent
        return None

    def _chosen(self, bindings: Sequence[Binding], use: ast.Name, depth: int, *, within: bool) -> str | None:
        """Of several bindings the last before the use wins; where the use is in another scope, the last of all."""
        before = [one for one in bindings if not within or getattr(one.value, "lineno", 0) <= use.lineno]
        for one in reversed(before or bindings):
            if isinstance(one.value, ast.AST) and any(part is use for part in walk(one.value)):
                continue  # `x = f(x)`: the x that is given is an earlier one
            found = self._bound(one, use.id, depth)
            if found:
                return found
        return None

    def _bound(self, binding: Binding, name: str, depth: int) -> str | None:
        value, scope = binding.value, binding.scope
        if isinstance(value, Imported):
            return self._imported(value, scope, depth)
        if isinstance(value, ast.arg):
            return self.of(value.annotation, scope.parent or scope, depth) if value.annotation else None
        if isinstance(value, ast.ClassDef):
            return self._of_class(value, scope, depth)
        if isinstance(value, Definition) or value is None:
            return None
        return self.of(value, scope, depth) if name not in _TRANSPARENT else None

    def _imported(self, one: Imported, scope: Scope, depth: int) -> str | None:
        path = self._module(scope).path
        at = self._paths.find(one.module, one.level, path)
        if at and at != path and one.name:
            return self._member(at, one.name, depth)
        return None if one.level else ".".join(filter(None, (one.module, one.name)))

    def _member(self, path: str, name: str, depth: int) -> str | None:
        if depth > _DEEPEST:
            return None
        try:
            root = self.source(path).root
        except ToolError:  # told by the rules that judge this file
            return None
        for one in reversed(root.bound.get(name, ())):
            return self._bound(one, name, depth + 1)
        return None

    def _attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> str | None:
        holder = scope.enclosing_class
        if isinstance(node.value, ast.Name) and node.value.id in _TRANSPARENT and holder:
            for one in [*holder.attributes.get(node.attr, ()), *holder.bound.get(node.attr, ())]:
                found = self._bound(one, node.attr, depth) if not isinstance(one.value, Definition) else None
                if found:
                    return found
            own = node.attr in holder.bound
            base = None if own else self._of_class(holder.node, holder.parent or holder, depth)
            return f"{base}.{node.attr}" if base else None
        owner = self.of(node.value, scope, depth)
        return f"{owner}.{node.attr}" if owner else None

    def _of_class(self, node: ast.AST, scope: Scope, depth: int) -> str | None:
        """A class of the project stands for the first base that is somebody else's."""
        for base in getattr(node, "bases", ()):
            found = self.of(base, scope, depth + 1)
            if found:
                return found
        return None

    def _made(self, call: ast.Call, scope: Scope, depth: int) -> str | None:
        function = self._definition(call.func, scope)
        if function is None:
            return self.of(call.func, scope, depth)
        node, inner = function
        for value in inner.returns if isinstance(node, FunctionNode) else ():
            found = self.of(value, inner, depth + 1)
            if found:
                return found
        hint = node.returns if isinstance(node, FunctionNode) else None
        return self.of(hint, inner.parent or inner, depth + 1) if hint else None

    def _definition(self, func: ast.expr, scope: Scope) -> tuple[FunctionNode, Scope] | None:
        """Return the function of this module that a call reaches, by name or as `self.method`."""
        bindings: Sequence[Binding] = ()
        holder = scope.enclosing_class
        if isinstance(func, ast.Name):
            here: Scope | None = scope
            while here is not None and not bindings:
                bindings = here.bound.get(func.id, ()) if here is scope or not here.is_class else ()
                here = here.parent
        elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in _TRANSPARENT:
            bindings = holder.bound.get(func.attr, ()) if holder else ()
        for one in bindings:
            if isinstance(one.value, FunctionNode):
                return one.value, self._module(one.scope).inner[one.value]
        return None

    def _quoted(self, text: str, scope: Scope, depth: int) -> str | None:
        try:
            node = expression(text)
        except (SyntaxError, ValueError):
            return None
        return self.of(node, scope, depth + 1) if isinstance(node, ast.Name | ast.Attribute) else None

    def _module(self, scope: Scope) -> ScopedModule:
        while scope.parent is not None:
            scope = scope.parent
        return self._of_root[scope]


def imported_modules(source: ScopedModule) -> Iterator[str]:
    """Yield the dotted modules, and the names out of them, that a module imports anywhere."""
    yield from source.dotted
    for scope in source.inner.values():
        stars = [f"{one.module}" for one in scope.stars if not one.level]
        yield from stars
        for bindings in scope.bound.values():
            for one in bindings:
                if isinstance(one.value, Imported) and not one.value.level:
                    yield ".".join(filter(None, (one.value.module, one.value.name)))
