"""Which parameters and returns of functions have no type, in the module or in a stub."""

from collections.abc import Collection, Iterator
from typing import Self

from dodcheck.facts.code.exports import Exports
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.facts.code.modules import Modules, definitions

RETURN = "return"
_STARS = {"var-positional": "*", "var-keyword": "**"}
_NONE_BY_NATURE = {"__init__", "__init_subclass__"}  # mypy takes None for granted once a parameter is annotated


class TypeGaps:
    """Missing types of one side.

    Args:
        functions: The functions of the side.
        exports: Where public modules hand them on: the stub of such a module counts as well.
        modules: Their syntax trees.
    """

    def __init__(self, functions: Functions, exports: Exports, modules: Modules) -> None:
        self._functions = functions
        self._modules = modules
        self._exports = exports

    @classmethod
    def of(cls, functions: Functions, exports: Exports, modules: Modules) -> Self:
        """Nothing is looked at yet."""
        return cls(functions, exports, modules)

    def of_function(self, function: Function) -> tuple[str, ...]:
        """Return what has no type: names of parameters, with their stars, and `return`.

        An implementation behind overloads lacks nothing, for callers see the overloads alone; nor does a
        function whose stub is typed.

        Raises:
            ToolError: A stub, or a module that may hand the function on, cannot be parsed.
        """
        missing = tuple(_missing(function))
        typed_elsewhere = missing and (self._is_behind_overloads(function) or self._typed_in_stub(function))
        return () if typed_elsewhere else missing

    def _is_behind_overloads(self, function: Function) -> bool:
        if function.is_overload:
            return False
        return any(one.name == function.name and one.is_overload for one in self._functions.at(function.path))

    def _typed_in_stub(self, function: Function) -> bool:
        head, dot, members = function.name.partition(".")
        owner, _, name = members.rpartition(".")
        for stub, local in self._stubs(function.path, head):
            if _all_typed([one for one in self._functions.at(stub) if one.name == f"{local}{dot}{members}"]):
                return True
            if name.startswith("__") and self._knows(stub, f"{local}.{owner}".rstrip(".")):
                return True  # stubs leave out dunder methods whose types are those of the base class
        return False

    def _stubs(self, path: str, name: str) -> Iterator[tuple[str, str]]:
        if not self._exports.has_stubs:
            return
        for module, local in [(path, name), *self._exports.places(path, name)]:
            stub = module if module.endswith(".pyi") else f"{module}i"
            if stub != path and self._modules.exists(stub):
                yield self._exports.definition(stub, local)

    def _knows(self, stub: str, name: str) -> bool:
        return any(one == name for one, _ in definitions(self._modules.tree(stub)))


def carried_over(known: Collection[str], base: Function, head: Function) -> set[str]:
    """Return the gaps of base under the names that head has for them: a parameter renamed in its place is no new one.

    Args:
        known: Gaps of the function at base.
        base: The function at base.
        head: The function at head.
    """
    names = {parameter.name for parameter in head.arguments}
    pairs = zip(base.arguments, head.arguments, strict=False)
    return {*known, *(new.name for old, new in pairs if old.name in known and old.name not in names)}


def _all_typed(functions: list[Function]) -> bool:
    return bool(functions) and not any(any(_missing(one)) for one in functions)


def _missing(function: Function) -> Iterator[str]:
    arguments = function.arguments
    yield from (_STARS.get(one.kind, "") + one.name for one in arguments if one.annotation is None)
    if function.signature.returns is None and not _returns_none_by_nature(function):
        yield RETURN


def _returns_none_by_nature(function: Function) -> bool:
    if function.owner is None:
        return False
    annotated = any(one.annotation for one in function.arguments)
    return function.kind in {"setter", "deleter"} or (function.node.name in _NONE_BY_NATURE and annotated)
