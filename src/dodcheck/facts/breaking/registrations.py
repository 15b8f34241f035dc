"""Functions that a decorator of the project registers: others reach them through the registry, not by their names."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from dodcheck.facts.breaking.public_names import Address, PublicNames
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Definition, Function, Modules
from dodcheck.facts.code.names import names_of
from dodcheck.facts.code.walking import walk
from dodcheck.patterns import pattern

if TYPE_CHECKING:
    import griffe

_NO_PYTHON_CALL = pattern(
    r"(^|\.)(command|group|callback|(api_|websocket_)?route|get|post|put|patch|delete|head|options|websocket|fixture"
    r"|task|shared_task|hookimpl|register|receiver|listens_for|on_event|middleware|errorhandler|exception_handler"
    r"|(before|after|teardown)_(request|appcontext)|context_processor|((field|model|root)_)?validator)$"
)
_ONLY_LOOKS = {
    "callable", "cast", "dir", "get_type_hints", "getattr", "getdoc", "getmodule", "getsource", "getsourcefile",
    "hasattr", "id", "isinstance", "iscoroutinefunction", "isclass", "isfunction", "issubclass", "print", "repr",
    "setattr", "signature", "str", "type", "unwrap", "vars",
}  # fmt: skip
_ADAPTS = {"partial", "update_wrapper", "wraps", "partialmethod", "lru_cache", "cache"}


class Registrations:
    """Which functions of one side a decorator registers.

    A decorator that is defined in the project registers when it hands the function to other code or stores it, and
    gives back the function itself, or an object that cannot be called. One that wraps the function, or marks it alone,
    does not: what it gives back is called as the function was.

    Args:
        modules: Syntax trees of the side.
        names: Its public names.
    """

    def __init__(self, modules: Modules, names: PublicNames) -> None:
        self._modules = modules
        self._names = names
        self._paths = ImportPaths(modules, re.compile(""))

    @classmethod
    def of(cls, modules: Modules, names: PublicNames) -> Self:
        """Nothing is looked at yet."""
        return cls(modules, names)

    def holds(self, path: str, name: str) -> bool:
        """Tell whether a function at the top of a module is registered, and is not exported or documented by name.

        Args:
            path: Where it is defined.
            name: Its name there.

        Raises:
            ToolError: The module, or that of a decorator, cannot be parsed.
        """
        node = self._definition(path, name)
        if not isinstance(node, Function) or not any(self._registers(path, one) for one in node.decorator_list):
            return False
        own = Address(path, name)
        handed_on = any(one.path != path for found, all_of in self._names.at(path) if found == name for one in all_of)
        return not (handed_on or self._names.is_listed(own) or self._names.is_documented(own))

    def _registers(self, path: str, decorator: ast.expr) -> bool:
        given = isinstance(decorator, ast.Call)
        bare = decorator.func if isinstance(decorator, ast.Call) else decorator
        home, made = self._made(path, bare)
        if not isinstance(made, Function):
            return False
        takers = list(_returned(made)) if given else [made]
        return any(self._keeps(home, one) for one in takers)

    def _keeps(self, path: str, taker: Function) -> bool:
        if not taker.args.args:
            return False
        name = taker.args.args[0].arg
        if _wraps(taker, name) or not any(_stores(node, name) for node in walk(taker)):
            return False
        returned = [node.value for node in walk(taker) if isinstance(node, ast.Return) and node.value]
        return bool(returned) and all(self._is_no_wrapper(path, one, name) for one in returned)

    def _is_no_wrapper(self, path: str, returned: ast.expr, name: str) -> bool:
        if isinstance(returned, ast.Name):
            return returned.id == name
        made = self._made(path, returned.func)[1] if isinstance(returned, ast.Call) else None
        return isinstance(made, ast.ClassDef) and not any(
            isinstance(one, Function) and one.name == "__call__" for one in made.body
        )

    def _made(self, path: str, called: ast.expr) -> tuple[str, ast.stmt | None]:
        """Return the definition of what a module calls, with its file, however the project's folders are laid out."""
        home = self._names.home(Address(path, called.id)) if isinstance(called, ast.Name) else None
        made = self._definition(*home) if home else None
        if home and made:
            return home[0], made
        module, _, name = (names_of(self._modules.tree(path)).of(called) or "").rpartition(".")
        file = self._paths.find(module, 0, path) if module else None
        home = self._names.home(Address(file, name)) if file else None
        return (home[0], self._definition(*home)) if home else (path, None)

    def _definition(self, path: str, name: str) -> ast.stmt | None:
        body = self._modules.tree(path).body
        return next((one for one in reversed(body) if isinstance(one, Definition) and one.name == name), None)


def serves_a_framework(function: "griffe.Function") -> bool:
    """Tell whether a decorator makes a command, a route, a fixture or a hook of it: nobody calls it by name."""
    return any(_NO_PYTHON_CALL.search(str(one.value).partition("(")[0]) for one in function.decorators)


def _returned(made: Function) -> Iterator[Function]:
    """Yield the functions inside of a decorator that it gives back."""
    names = {node.value.id for node in walk(made) if isinstance(node, ast.Return) and isinstance(node.value, ast.Name)}
    yield from (one for one in walk(made) if isinstance(one, Function) and one is not made and one.name in names)


def _wraps(taker: Function, name: str) -> bool:
    """Tell whether a call of the function stands in the decorator, or what makes another function of it."""
    for node in walk(taker):
        if isinstance(node, ast.Call):
            func = node.func
            last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            if last == name and isinstance(func, ast.Name):
                return True
            if last in _ADAPTS and any(isinstance(one, ast.Name) and one.id == name for one in node.args):
                return True
    return False


def _stores(node: ast.AST, name: str) -> bool:
    """Tell whether a node hands the function to other code, or puts it into an attribute or a collection."""
    if isinstance(node, ast.Call):
        func = node.func
        last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
        given = [*node.args, *(one.value for one in node.keywords)]
        return last not in _ONLY_LOOKS and any(isinstance(one, ast.Name) and one.id == name for one in given)
    if isinstance(node, ast.Assign):
        kept = isinstance(node.value, ast.Name) and node.value.id == name
        return kept and any(isinstance(one, ast.Attribute | ast.Subscript) for one in node.targets)
    return False
