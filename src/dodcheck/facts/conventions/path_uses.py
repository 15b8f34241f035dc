"""Uses of `os` and `os.path` that ruff leaves alone: os.walk, and functions that are handed on instead of called."""

import ast
import re
from collections.abc import Iterator, Mapping

from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.names import names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.runs.diagnostics import Diagnostic, located

MESSAGES: Mapping[str, str] = {
    "os-walk": "`os.walk()` can be `Path.walk()` from Python 3.12 on",
    "os-path": "`{}` is handed on: a `Path` has this itself",
}
_WORDS = re.compile(r"\bos\b")
_REPLACED = {
    f"os.path.{name}"
    for name in (
        "abspath", "basename", "dirname", "exists", "expanduser", "getatime", "getctime", "getmtime", "getsize",
        "isabs", "isdir", "isfile", "islink", "join", "realpath", "samefile", "split", "splitext",
    )
}  # fmt: skip


def path_uses(modules: Modules, path: str) -> Iterator[Diagnostic]:
    """Yield them for one file.

    Raises:
        ToolError: The file cannot be parsed.
    """
    text = modules.text(path)
    if not _WORDS.search(text) or ("walk" not in text and "path" not in text):
        return
    tree = modules.tree(path)
    names = names_of(tree)
    calls = [node for node in walk(tree) if isinstance(node, ast.Call)]
    for call in calls:
        if names.of(call.func) == "os.walk":
            yield _at(modules, path, call, "os-walk", "")
    called = {call.func for call in calls}
    for node in walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load) and node not in called:
            name = names.of(node)
            if name in _REPLACED:
                yield _at(modules, path, node, "os-path", name)


def _at(modules: Modules, path: str, node: ast.expr, code: str, name: str) -> Diagnostic:
    symbol, text = located(modules, path, node.lineno)
    return Diagnostic(path, node.lineno, node.end_lineno, code, MESSAGES[code].format(name), symbol, text)
