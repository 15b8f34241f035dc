"""Programs in single files: nobody imports them, so what they define is no interface."""

import ast
import re
from pathlib import PurePosixPath
from typing import Self

from dodcheck.change import Snapshot
from dodcheck.facts.code.modules import Definition, Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.patterns import pattern

_WORK = ast.For | ast.While | ast.With
_SERVED = pattern(r"\b(FastAPI|Flask|Starlette|Quart|Sanic|Litestar|Celery|get_wsgi_application)\(")
_SETS_UP = pattern(r"(sys\.path|warnings|logging|logger|log|load_dotenv|dotenv|os\.environ|matplotlib\.use)\b")
_FOLDERS = {"scripts", "bin"}
_MANY = 300  # files of one folder that are searched


class Scripts:
    """Which files of one side are scripts.

    Args:
        snapshot: The side.
        modules: Its syntax trees.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._known: dict[str, bool] = {}

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules) -> Self:
        """Nothing is looked at yet."""
        return cls(snapshot, modules)

    def is_script(self, path: str) -> bool:
        """Tell whether a file outside of packages does its work when it is run, and no file beside it imports it.

        Work is a main guard, or a call, a loop or a `with` at the top. A folder named `scripts` or `bin` is no package
        to others, even if it has an `__init__`. What serves an application is run by importing it.

        Raises:
            ToolError: The file cannot be parsed.
        """
        if path not in self._known:
            self._known[path] = self._works(path) and not self._is_imported(path)
        return self._known[path]

    def _works(self, path: str) -> bool:
        text = self._modules.text(path)
        inside = self.is_packaged(path) and path.rpartition("/")[0].rpartition("/")[2] not in _FOLDERS
        if not path.endswith(".py") or inside or _SERVED.search(text):
            return False
        return any(is_main_guard(node) or does_work(node) for node in self._modules.tree(path).body)

    def called_by_guard(self, path: str) -> frozenset[str]:
        """Return the names that a file's main guard calls, of whatever: they are where the program begins.

        Raises:
            ToolError: The file cannot be parsed.
        """
        if "__main__" not in self._modules.text(path):
            return frozenset()
        calls = (
            part.func
            for node in self._modules.tree(path).body
            if is_main_guard(node)
            for part in walk(node)
            if isinstance(part, ast.Call)
        )
        return frozenset(func.id for func in calls if isinstance(func, ast.Name))

    def is_packaged(self, path: str) -> bool:
        """Tell whether a file lies in a package."""
        folder = path.rpartition("/")[0]
        return self._modules.exists(f"{folder}/__init__.py" if folder else "__init__.py")

    def _is_imported(self, path: str) -> bool:
        file = PurePosixPath(path)
        folder = str(file.parent).removeprefix(".")
        imports = re.compile(rf"^[ \t]*(?:from|import)\b[^#\n]*\b{re.escape(file.stem)}\b", re.MULTILINE)
        beside = [one for one in self._snapshot.within(folder) if one.endswith(".py") and one != path]
        return any(imports.search(self._modules.text(one)) for one in beside[:_MANY])


def is_main_guard(node: ast.AST) -> bool:
    """Tell whether a statement is `if __name__ == "__main__"`."""
    return isinstance(node, ast.If) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in walk(node.test)
    )


def does_work(node: ast.stmt) -> bool:
    """Tell whether a statement at the top of a module does more than define, import and assign."""
    if isinstance(node, _WORK):
        return not any(isinstance(part, Definition) for part in node.body)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not _sets_up(node.value)


def _sets_up(call: ast.Call) -> bool:
    """Tell whether a call only prepares what follows: the path of modules, warnings, logging, random seeds."""
    return bool(_SETS_UP.match(written(call.func)))
