"""What an expression stands for in the words of `unittest.mock`, across scopes, fixtures and modules."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress

from msgspec.structs import replace

from dodcheck.errors import ToolError
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Definition, Modules
from dodcheck.facts.code.scopes import Binding, Imported, Scope, ScopedModule
from dodcheck.facts.mocks.mock_meaning import MOCKER, UNKNOWN, Answers, Meaning, canonical
from dodcheck.patterns import pattern
from dodcheck.roles import role_of

_MOCKERS = {"mocker", "class_mocker", "module_mocker", "package_mocker", "session_mocker"}
_MOCKER_TYPES = pattern(r"(pytest_mock(\.plugin)?\.)?Mocke?r?Fixture")
_IMPORTERS = {"importlib.import_module", "pytest.importorskip", "__import__"}
_WORTH = pattern(r"autospec|\bmock|MockPatch|Mock\w*Fixture|pytest_mock|asynctest")
_WRAPPERS = {"functools.partial", "functools.partialmethod", "staticmethod", "classmethod", "getattr"}
_DEEPEST = 60  # expressions inside expressions; the interpreter stops at 1,000 calls
_GENERATES = pattern(r"autospec|\bspec(_set)?\W{1,4}True")


class MockNames:
    """Meanings of the expressions of one side's modules.

    Args:
        modules: The side.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._sources: dict[str, ScopedModule] = {}
        self._of_root: dict[Scope, ScopedModule] = {}
        self._answers = Answers()
        self._paths = ImportPaths(modules, _WORTH)
        self._active: set[ast.AST] = set()  # fixtures being read: one may take the one that it overrides
        self._depth = 0

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

    def inner(self, node: ast.AST, scope: Scope) -> Scope:
        """Return the scope that a definition opens."""
        return self._module(scope).inner[node]

    def reached(self, path: str) -> bool:
        """Tell, without parsing, whether a test imports, or has fixtures of, a file that generates mocks."""
        reached = self._paths.reached(path) if role_of(path) == "test" else ()
        return any(_GENERATES.search(self._modules.text(one)) for one in reached)

    def meaning(self, node: ast.AST, scope: Scope) -> Meaning:
        """Return what an expression stands for in a scope."""
        if self._depth > _DEEPEST:
            return UNKNOWN
        self._depth += 1
        try:
            return self._read(node, scope)
        finally:
            self._depth -= 1

    def _read(self, node: ast.AST, scope: Scope) -> Meaning:
        if isinstance(node, ast.Name):
            return self._lookup(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope)
        if isinstance(node, ast.Call):
            return self._called(node, scope)
        if isinstance(node, ast.NamedExpr):
            return self.meaning(node.value, scope)
        return Meaning(node=node, scope=scope)

    def _lookup(self, name: str, scope: Scope) -> Meaning:
        here: Scope | None = scope
        while here is not None:
            if name in here.bound and (here is scope or not here.is_class):
                return self._choose((here, name), here.bound[name])
            here = here.parent
        starred = self._starred(name, self._module(scope).root)
        return Meaning(name) if starred == UNKNOWN else starred

    def _module(self, scope: Scope) -> ScopedModule:
        while scope.parent is not None:
            scope = scope.parent
        return self._of_root[scope]

    def _starred(self, name: str, root: Scope) -> Meaning:
        def ask(again: bool) -> Meaning:  # noqa: FBT001 - as Answers calls it
            stars = () if again else root.stars
            tried = [self._imported(Imported(star.module, name, star.level), root) for star in stars]
            return next((one for one in tried if one.is_mock or one.node), UNKNOWN)

        return self._answers.get((root, name, "*"), ask) if root.stars else UNKNOWN

    def _choose(self, key: tuple[Scope, str], bindings: Sequence[Binding]) -> Meaning:
        """Of several bindings one of mock's wins; several different literals are unknown."""

        def ask(again: bool) -> Meaning:  # noqa: FBT001 - as Answers calls it
            kept = [one for one in bindings if not (again and isinstance(one.value, ast.expr))]
            found = [self._value(one) for one in kept]
            mocks = [one for one in found if one.is_mock]
            if mocks or not found:
                return mocks[-1] if mocks else UNKNOWN
            several = len(found) > 1 and any(isinstance(one.node, ast.expr) for one in found)
            alike = several and len({one.node and ast.dump(one.node) for one in found}) == 1
            return UNKNOWN if several and not alike else found[-1]

        return self._answers.get(key, ask)

    def _value(self, binding: Binding) -> Meaning:
        value = binding.value
        if value is None:
            return UNKNOWN
        if isinstance(value, Imported):
            return self._imported(value, binding.scope)
        if isinstance(value, ast.arg):
            return self._parameter(value, binding.scope)
        if isinstance(value, Definition):
            return Meaning(node=value, scope=binding.scope)
        return self.meaning(value, binding.scope)

    def _imported(self, one: Imported, scope: Scope) -> Meaning:
        path = self._module(scope).path
        at = self._paths.find(one.module, one.level, path)
        dotted = ".".join(part for part in ("." * one.level + one.module, one.name) if part)
        if one.name is None:
            return Meaning(canonical(dotted), module=at)
        member = self._member(at, one.name) if at else None
        if member:
            return member
        submodule = self._paths.find(f"{one.module}.{one.name}".lstrip("."), one.level, path)
        return Meaning(canonical(dotted), module=submodule)

    def _member(self, path: str, name: str) -> Meaning | None:
        try:
            source = self.source(path)
        except ToolError:  # as in `_conftests`
            return None
        found = self._lookup(name, source.root)
        return found if found.is_mock or found.node or name in source.root.bound else None

    def _parameter(self, arg: ast.arg, scope: Scope) -> Meaning:
        hint = arg.annotation
        if isinstance(hint, ast.Constant) and isinstance(hint.value, str):
            typed = hint.value
        else:
            typed = self.meaning(hint, scope.parent or scope).name if hint else ""
        if _MOCKER_TYPES.fullmatch(typed):
            return Meaning(MOCKER)
        fixture = self.fixture(arg.arg, scope)
        if fixture:
            return self._given(fixture)
        other = typed and not typed.endswith("Any") and not typed.startswith("pytest_mock")
        return Meaning(MOCKER) if arg.arg in _MOCKERS and not other else UNKNOWN

    def fixture(self, name: str, scope: Scope) -> Scope | None:
        """Return the function that a parameter's pytest fixture is made by, of the module or its conftests."""
        here = self._module(scope)
        for source in [here, *self._conftests(here.path)]:
            for function in source.fixtures.get(name, ()):
                if function not in self._active:
                    return source.inner[function]
        return None

    def _given(self, inner: Scope) -> Meaning:
        self._active.add(inner.node)
        try:
            values = [self.meaning(value, inner) for value in inner.returns]
        finally:
            self._active.discard(inner.node)
        return next((one for one in values if one.is_mock or isinstance(one.node, Definition)), UNKNOWN)

    def _conftests(self, path: str) -> Iterator[ScopedModule]:
        for one in self._paths.conftests(path):
            with suppress(ToolError):  # some other rule's business: it is not a file that this one judges
                yield self.source(one)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Meaning:
        if isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"} and scope.enclosing_class:
            return self._of_class(scope.enclosing_class, node.attr)
        owner = self.meaning(node.value, scope)
        if owner.module:
            return self._member(owner.module, node.attr) or Meaning(canonical(f"{owner.name}.{node.attr}"))
        if owner.is_class and owner.node and owner.scope:
            return self._of_class(self.inner(owner.node, owner.scope), node.attr)
        if not owner.name:
            return UNKNOWN
        dotted = f"{owner.name}.{node.attr}"
        imports = self._module(scope).dotted
        at = self._paths.find(dotted, 0, self._module(scope).path) if dotted in imports else None
        return Meaning(canonical(dotted), module=at)

    def _of_class(self, holder: Scope, name: str) -> Meaning:
        own = [*holder.bound.get(name, ()), *holder.attributes.get(name, ())]

        def inherited(again: bool) -> Meaning:  # noqa: FBT001 - as Answers calls it
            bases = [] if again else getattr(holder.node, "bases", [])
            found = [self.meaning(base, holder.parent or holder) for base in bases]
            inner = [self.inner(one.node, one.scope) for one in found if one.is_class and one.node and one.scope]
            return next((one for one in (self._of_class(base, name) for base in inner) if one != UNKNOWN), UNKNOWN)

        return self._choose((holder, f"self.{name}"), own) if own else self._answers.get((holder, name, "*"), inherited)

    def _called(self, call: ast.Call, scope: Scope) -> Meaning:
        """Read the calls that give a name of mock's back, or an instance; any other result is unknown."""
        function = self.meaning(call.func, scope)
        first = call.args[0] if call.args else None
        word = str(first.value) if isinstance(first, ast.Constant) else ""
        asked = isinstance(call.func, ast.Attribute) and call.func.attr == "getfixturevalue" and word in _MOCKERS
        if function.is_class:
            return function
        if asked or _MOCKER_TYPES.fullmatch(function.name):
            return Meaning(MOCKER)
        if function.name in _IMPORTERS and word:
            return Meaning(canonical(word))
        if first is not None and function.name in _WRAPPERS:
            return self._wrapped(function.name, first, call, scope)
        return Meaning(node=call, scope=scope) if function.name == "dict" else UNKNOWN

    def _wrapped(self, function: str, first: ast.expr, call: ast.Call, scope: Scope) -> Meaning:
        if function == "getattr":
            named = call.args[1] if len(call.args) > 1 else None
            name = named.value if isinstance(named, ast.Constant) else None
            return self._attribute(ast.Attribute(first, str(name), ast.Load()), scope) if name else UNKNOWN
        whole = self.meaning(first, scope)
        bound = function.startswith("functools.")
        return replace(whole, partial=(*whole.partial, (call, scope))) if bound else whole
