"""Modules of one side as griffe sees them; the code is read, never imported."""

import re
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self, cast

from dodcheck.errors import ToolError
from dodcheck.facts.code.foreign_trees import is_foreign
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.parsing import PARSING

if TYPE_CHECKING:
    import griffe

_INTERNAL = re.compile(r"([\w.]+\.)?(TypeVar|ParamSpec|TypeVarTuple|getLogger|get_logger)\(")


class GriffeModules:
    """griffe's objects by path; each file is visited when it is asked for, once.

    Args:
        modules: The side to read from.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._known: dict[str, griffe.Module] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is visited yet."""
        return cls(modules)

    def at(self, path: str) -> "griffe.Module":
        """Return the module of a file.

        Each stands alone: what it imports is an alias that leads nowhere, and `Exports` knows where to.

        Raises:
            ToolError: The running Python cannot parse it.
        """
        import griffe  # noqa: PLC0415 - 90 ms that only a change of public code pays

        with self._lock:
            if path not in self._known:
                if is_foreign(self._modules.tree(path)):
                    raise ToolError(
                        f"{path}: its syntax is newer than the Python that runs dodcheck, and griffe needs that Python",
                        "run dodcheck under the Python that the code is written for",
                    )
                name = path.removesuffix(".py").replace("/", "_").replace(".", "_")
                collection = griffe.ModulesCollection()
                with PARSING:
                    module = griffe.visit(name, Path(path), self._modules.text(path), modules_collection=collection)
                collection[name] = module
                self._known[path] = module
            return self._known[path]

    def member(self, path: str, name: str) -> "griffe.Object | griffe.Alias | None":
        """Return what a module binds a top-level name to: an alias for an import; None for nothing."""
        return self.at(path).members.get(name)

    @staticmethod
    def is_internal(one: "griffe.Object | griffe.Alias") -> bool:
        """Tell whether a value serves its own module alone, whatever its name: a type variable, a logger."""
        return not one.is_alias and bool(_INTERNAL.match(str(getattr(one, "value", None) or "")))

    @staticmethod
    def lines(one: "griffe.Object | griffe.Alias") -> tuple[int, int]:
        """Return the 1-based first and last line of a definition or an import."""
        if one.is_alias:
            alias = cast("griffe.Alias", one)
            return alias.alias_lineno or 1, alias.alias_endlineno or 1
        return one.lineno or 1, one.endlineno or 1
