"""What a class has from its ancestors on one side, as far as the project and Python itself tell."""

import ast
import builtins
from typing import Self

import msgspec

from dodcheck.facts.code.class_tree import ClassTree
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written

_BUILT_IN = {name: one for name, one in vars(builtins).items() if isinstance(one, type)}
_BARE = {
    "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol", "typing.NamedTuple",
    "typing.TypedDict", "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag",
    "pydantic.BaseModel", "msgspec.Struct",
}  # fmt: skip


class Relatives(msgspec.Struct, frozen=True):
    """The ancestors of one class.

    Args:
        names: Last parts of their names, those of Python's own classes included.
        members: What those of the project define.
        foreign: Dotted names of ancestors that are not the project's.
    """

    names: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()

    def inherits(self, name: str) -> bool | None:
        """Tell whether the class has a name from its ancestors; None when a foreign one may bring it."""
        built_in = {one for one in self.foreign if one in _BUILT_IN}
        if name in self.members or any(hasattr(_BUILT_IN[one], name) for one in built_in):
            return True
        return None if self.foreign - built_in - _BARE else False


class ClassRelatives:
    """Relatives by class of one side; nothing is read before it is asked for.

    Args:
        modules: Syntax trees.
        tree: Which class inherits from which.
    """

    def __init__(self, modules: Modules, tree: ClassTree) -> None:
        self._modules = modules
        self._tree = tree

    @classmethod
    def of(cls, modules: Modules, tree: ClassTree) -> Self:
        """Nothing is looked at yet."""
        return cls(modules, tree)

    def above(self, path: str, name: str) -> Relatives:
        """Return the ancestors of a class; none of what is no class.

        Raises:
            ToolError: The file, or that of an ancestor, cannot be parsed.
        """
        node = self._class(path, name)
        if node is None:
            return Relatives()
        family = self._tree.family(path, node)
        names = {one.name for one in family.ancestors} | {one.rpartition(".")[2] for one in family.foreign}
        bases = [base for one in (node, *family.ancestors) for base in one.bases]
        names |= {written(base).partition("[")[0].rpartition(".")[2] for base in bases}
        names |= {above.__name__ for name in names if name in _BUILT_IN for above in _BUILT_IN[name].__mro__}
        members = {name for one in family.ancestors for name in _defined(one)}
        return Relatives(frozenset(names), frozenset(members), frozenset(family.foreign))

    def taken_above(self, path: str, name: str, method: str) -> frozenset[str] | None:
        """Return the parameters of the methods of one name that ancestors in the project have; None if none has it.

        Raises:
            ToolError: The file, or that of an ancestor, cannot be parsed.
        """
        node = self._class(path, name)
        ancestors = self._tree.family(path, node).ancestors if node else ()
        found = [
            one
            for above in ancestors
            for one in above.body
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == method
        ]
        taken = (arg.arg for one in found for arg in walk(one.args) if isinstance(arg, ast.arg))
        return frozenset(taken) if found else None

    def _class(self, path: str, name: str) -> ast.ClassDef | None:
        classes = (node for node in walk(self._modules.tree(path)) if isinstance(node, ast.ClassDef))
        return next((one for one in classes if one.name == name), None)


def _defined(node: ast.ClassDef) -> set[str]:
    found = {one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    for part in walk(node):
        if isinstance(part, ast.Name | ast.Attribute) and isinstance(part.ctx, ast.Store):
            found.add(part.id if isinstance(part, ast.Name) else part.attr)
    return found
