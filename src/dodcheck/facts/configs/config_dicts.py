"""Dicts that hold configuration: constants at the top of a module, and chains of keys."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Self, cast

import msgspec

from dodcheck.change import Snapshot
from dodcheck.facts.code.exports import is_api_file
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.patterns import pattern

_NAMED = pattern(
    r"(?i)(?:^|_)(?:configs?|configuration|cfg|conf|settings|options|opts|h?params|hyperparams|defaults)(?:$|_)"
)
_MAY_HOLD = pattern(r"(?i)^\w*(?:conf|cfg|settings|opt|params|defaults)\w*[^=\n]*=\s*(?:\{|dict\()", re.MULTILINE)
_MAY_CHAIN = pattern(r"(?i)(?:conf|cfg|settings|opt|params)\w*(?:\[|\.get\()")
_FRAMEWORK_FILES = {"settings.py", "conf.py", "local_settings.py", "setup.py", "gunicorn.conf.py", "celeryconfig.py"}
_LOGGING = {"version", "handlers", "formatters", "loggers"}
_ENOUGH = 4
_DICTS = {"dict", "Dict", "Mapping", "MutableMapping", "Final", "Any"}


class ConfigDict(msgspec.Struct, frozen=True):
    """One dict literal of scalars under a name of configuration.

    Args:
        name: The name.
        line: 1-based line.
        size: How many scalars it holds.
    """

    name: str
    line: int
    size: int


class KeyChain(msgspec.Struct, frozen=True):
    """One `config["a"]["b"]`.

    Args:
        text: As written.
        line: 1-based line.
    """

    text: str
    line: int


class ConfigDicts:
    """Configuration in dicts, of one side.

    Args:
        snapshot: The side.
        modules: Its syntax trees.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules) -> None:
        self._snapshot = snapshot
        self._modules = modules

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, modules)

    def literals(self, path: str | None) -> tuple[ConfigDict, ...]:
        """Return the dicts with four scalars or more at the top of a module.

        Logging's dictConfig, Django's settings and dicts that a type describes are none.

        Raises:
            ToolError: The file cannot be parsed.
        """
        text = self._modules.text(path)
        if path is None or PurePosixPath(path).name in _FRAMEWORK_FILES or not _MAY_HOLD.search(text):
            return ()
        return () if "INSTALLED_APPS" in text else tuple(_literals(self._modules.tree(path)))

    def chains(self, path: str | None) -> tuple[KeyChain, ...]:
        """Return where a module reads two keys or more in a row out of a configuration.

        Raises:
            ToolError: The file cannot be parsed.
        """
        if path is None or not _MAY_CHAIN.search(self._modules.text(path)):
            return ()
        return tuple(_chains(self._modules.tree(path)))

    def users(self, path: str, name: str) -> tuple[str, ...]:
        """Return the other modules of the side that import a name from a module, told by their text."""
        file = PurePosixPath(path)
        module = file.parent.name if file.stem == "__init__" else file.stem
        imports = re.compile(
            rf"^[ \t]*from[ \t]+[\w.]*\b{module}[ \t]+import\b(?:[^(\n]*|[ \t]*\([^)]*)\b{name}\b|\b{module}\.{name}\b",
            re.MULTILINE,
        )
        others = (p for p in self._snapshot.paths() if p != path and is_api_file(p))
        return tuple(p for p in others if imports.search(self._modules.text(p)))


def _literals(tree: ast.Module) -> Iterator[ConfigDict]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, described = node.targets[0], False
        elif isinstance(node, ast.AnnAssign):
            hint = written(node.annotation).partition("[")[0]
            target, described = node.target, hint.rpartition(".")[2] not in _DICTS
        else:
            continue
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Dict) and not described:
            size = _scalars(node.value)
            if _NAMED.search(target.id) and size >= _ENOUGH and not _is_logging(node.value):
                yield ConfigDict(target.id, node.lineno, size)


def _scalars(node: ast.Dict) -> int:
    """Count the scalars under text keys, those of inner dicts included; none if something else is in it."""
    count = 0
    for key, value in zip(node.keys, node.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            return 0
        inner = value.operand if isinstance(value, ast.UnaryOp) else value
        count += _scalars(inner) if isinstance(inner, ast.Dict) else isinstance(inner, ast.Constant)
    return count


def _is_logging(node: ast.Dict) -> bool:
    keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return len(keys & _LOGGING) > 1


def _chains(tree: ast.Module) -> Iterator[KeyChain]:
    inner: set[ast.AST] = set()
    for node in walk(tree):
        if node in inner or not isinstance(node, ast.Subscript | ast.Call):
            continue
        keys, at = 0, cast("ast.expr", node)
        while (below := _below(at)) is not None:
            inner.add(below)
            keys, at = keys + 1, below
        name = at.id if isinstance(at, ast.Name) else at.attr if isinstance(at, ast.Attribute) else ""
        if keys > 1 and _NAMED.search(name):
            yield KeyChain(written(node), node.lineno)


def _below(node: ast.AST) -> ast.expr | None:
    """Return what a text key is read from: `x` of `x["a"]` and of `x.get("a")`."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_text(node.slice):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        return node.func.value if _is_text(node.args[0]) else None
    return None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
