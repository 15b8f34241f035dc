"""What an expression stands for across scopes, classes, factories and modules of one side."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Definition, Function, Modules
from dodcheck.facts.code.scopes import Binding, Imported, Scope, ScopedModule
from dodcheck.facts.http.source_scopes import SourceScopes

_DEEPEST = 40  # expressions inside expressions
_ANYTHING = re.compile("")


class Target(NamedTuple):
    """What an expression stands for.

    Args:
        node: The call, definition, parameter or literal that it comes from; None for what is not the project's.
        scope: Where the names in it are looked up.
        dotted: The name of what is not the project's: `fastapi.APIRouter`.
        module: The file, when it is a module.
    """

    node: ast.AST | None = None
    scope: Scope | None = None
    dotted: str = ""
    module: str | None = None


class _Present:
    """Stands for the texts of a side where it only matters which files there are: nothing is read."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules

    def text(self, path: str) -> str:
        """Return some text for a file that exists."""
        return "." if self._modules.exists(path) else ""


class Expressions:
    """Targets of the expressions of one side.

    Args:
        scopes: The side.
    """

    def __init__(self, scopes: SourceScopes) -> None:
        self.scopes = scopes
        self._paths = ImportPaths(_Present(scopes.modules), _ANYTHING)
        self._depth = 0
        self._active: set[tuple[object, ...]] = set()
        self._known: dict[tuple[str, str], tuple[Target, ...]] = {}
        self._lines: dict[ast.ClassDef, tuple[Target, ...]] = {}

    def targets(self, node: ast.AST, scope: Scope) -> tuple[Target, ...]:
        """Return all that an expression may stand for; a call of a class stands for itself."""
        if self._depth > _DEEPEST or (node, scope) in self._active:
            return ()
        self._depth += 1
        self._active.add((node, scope))
        try:
            return tuple(dict.fromkeys(self._read(node, scope)))
        finally:
            self._depth -= 1
            self._active.discard((node, scope))

    def file_of(self, scope: Scope) -> str:
        """Return the file that a scope belongs to."""
        return self.scopes.module_of(scope).path

    def inner(self, node: ast.AST, scope: Scope) -> Scope:
        """Return the scope that a definition opens."""
        return self.scopes.module_of(scope).inner[node]

    def find(self, module: str, importer: str) -> str | None:
        """Return the file of a module by its dotted name."""
        return self._paths.find(module, 0, importer)

    def named(self, node: ast.AST, scope: Scope) -> str:
        """Return the dotted name of what is not the project's, or the name of the class or function that is."""
        for one in self.targets(node, scope):
            if isinstance(one.node, Definition):
                return one.node.name
            if one.dotted:
                return one.dotted
        return ""

    def member(self, target: Target, name: str) -> Iterator[Target]:
        """Yield what an attribute of a target stands for."""
        if target.module:
            yield from self.top_level(target.module, name)
        elif isinstance(target.node, ast.ClassDef) and target.scope:
            yield from self._of_class(self.inner(target.node, target.scope), name)
        elif isinstance(target.node, ast.Call) and target.scope:
            for made in self.targets(target.node.func, target.scope):
                if isinstance(made.node, ast.ClassDef):
                    yield from self.member(made, name)
        elif target.dotted:
            yield Target(dotted=f"{target.dotted}.{name}")

    def top_level(self, path: str, name: str) -> Iterator[Target]:
        """Yield what a name at the top of a file stands for."""
        known = self._known.get((path, name))
        if known is None:
            module = self.scopes.at(path)
            known = tuple(self._lookup(name, module.root)) if module else ()
            if known:  # nothing may only mean that it is being looked up further out
                self._known[path, name] = known
        yield from known

    def bases(self, node: ast.ClassDef, scope: Scope) -> Iterator[Target]:
        """Yield the classes that a class inherits from, near ones first; those of others by their dotted names."""
        known = self._lines.get(node)
        if known is None:
            known = tuple(self._bases(node, scope))
            if not self._active:  # inside of a look-up they are what that has not been through yet
                self._lines[node] = known
        yield from known

    def _bases(self, node: ast.ClassDef, scope: Scope) -> Iterator[Target]:
        queue: list[tuple[ast.ClassDef, Scope]] = [(node, scope)]
        seen: set[ast.AST] = {node}
        while queue:
            one, at = queue.pop(0)
            for base in one.bases:
                bare = base.value if isinstance(base, ast.Subscript) else base
                for found in self.targets(bare, at):
                    if found.node not in seen and isinstance(found.node, ast.ClassDef) and found.scope:
                        seen.add(found.node)
                        queue.append((found.node, found.scope))
                        yield found
                    elif found.dotted:
                        yield found

    def _read(self, node: ast.AST, scope: Scope) -> Iterable[Target]:
        if isinstance(node, ast.Name):
            return self._lookup(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope)
        if isinstance(node, ast.Call):
            return self._called(node, scope)
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.targets(node.value, scope)
        if isinstance(node, ast.IfExp):
            return [*self.targets(node.body, scope), *self.targets(node.orelse, scope)]
        return [Target(node, scope)]

    def _lookup(self, name: str, scope: Scope) -> Iterator[Target]:
        here: Scope | None = scope
        while here is not None:
            if name in here.bound and (here is scope or not here.is_class):
                for binding in here.bound[name]:
                    yield from self._value(binding)
                return
            here = here.parent
        module = self.scopes.module_of(scope)
        found = [one for star in module.root.stars for one in self._starred(star, name, module)]
        yield from found or [Target(dotted=name)]

    def _starred(self, star: Imported, name: str, module: ScopedModule) -> Iterator[Target]:
        path = self._paths.find(star.module, star.level, module.path)
        inner = self.scopes.at(path) if path else None
        if inner and path != module.path and (path, name) not in self._active:
            self._active.add((path, name))
            yield from (one for one in self._lookup(name, inner.root) if one.node or one.module)
            self._active.discard((path, name))

    def _value(self, binding: Binding) -> Iterable[Target]:
        value = binding.value
        if isinstance(value, Imported):
            return self._imported(value, binding.scope)
        if isinstance(value, ast.arg | Definition):
            return [Target(value, binding.scope)]
        return self.targets(value, binding.scope) if value is not None else ()

    def _imported(self, one: Imported, scope: Scope) -> Iterator[Target]:
        path = self.file_of(scope)
        at = self._paths.find(one.module, one.level, path)
        dotted = ".".join(part for part in ("." * one.level + one.module, one.name) if part)
        if one.name is None:
            yield Target(dotted=dotted, module=at)
            return
        key = (at, one.name)
        found: list[Target] = []
        if at and key not in self._active:
            self._active.add(key)
            found = [found for found in self.top_level(at, one.name) if found.node or found.dotted != one.name]
            self._active.discard(key)
        if not found:
            inside = f"{one.module}.{one.name}".lstrip(".")
            found = [Target(dotted=dotted, module=self._paths.find(inside, one.level, path))]
        yield from found

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Iterator[Target]:
        holder = scope.enclosing_class
        if isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"} and holder:
            yield from self._of_class(holder, node.attr)
            return
        for owner in self.targets(node.value, scope):
            if owner.module is None and owner.dotted:
                dotted = f"{owner.dotted}.{node.attr}"
                imported = dotted in self.scopes.module_of(scope).dotted
                yield Target(dotted=dotted, module=self.find(dotted, self.file_of(scope)) if imported else None)
                continue
            found = list(self.member(owner, node.attr))
            if owner.module and all(one.dotted == node.attr for one in found):
                dotted = f"{owner.dotted}.{node.attr}".lstrip(".")
                yield Target(dotted=dotted, module=self._submodule(owner.module, node.attr))
            else:
                yield from found

    def _submodule(self, path: str, name: str) -> str | None:
        folder = path.removesuffix("/__init__.py")
        probes = (f"{folder}/{name}.py", f"{folder}/{name}/__init__.py")
        return next((one for one in probes if self.scopes.modules.exists(one)), None)

    def _of_class(self, holder: Scope, name: str) -> Iterator[Target]:
        own = [*holder.bound.get(name, ()), *holder.attributes.get(name, ())]
        for binding in own:
            yield from self._value(binding)
        if own or not isinstance(holder.node, ast.ClassDef):
            return
        for base in self.bases(holder.node, holder.parent or holder):
            if isinstance(base.node, ast.ClassDef) and base.scope:
                inner = self.inner(base.node, base.scope)
                bound = [*inner.bound.get(name, ()), *inner.attributes.get(name, ())]
                if bound:
                    for binding in bound:
                        yield from self._value(binding)
                    return

    def _called(self, call: ast.Call, scope: Scope) -> Iterator[Target]:
        """A factory of the project stands for what it returns; any other call for itself."""
        made = self.targets(call.func, scope)
        factories = [one for one in made if isinstance(one.node, Function) and one.scope]
        returned = []
        for one in factories:
            if one.node and one.scope:
                inner = self.inner(one.node, one.scope)
                returned += [found for value in inner.returns for found in self.targets(value, inner)]
        yield from [one for one in returned if one.node] or [Target(call, scope)]
