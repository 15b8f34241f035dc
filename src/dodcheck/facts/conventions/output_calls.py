"""Writing past the logging module, as far as ruff does not see it: streams, rich's print, and loggers by name."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dodcheck.facts.code.modules import Function, Modules
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.runs.diagnostics import Diagnostic, located
from dodcheck.patterns import pattern

_WORDS = pattern(r"\bstd(out|err)__?\b|\bstd(out|err)\b|\brich\b|\bgetLogger\b")
_STREAMS = {
    f"sys.{name}.{call}"
    for name in ("stdout", "stderr", "__stdout__", "__stderr__")
    for call in ("write", "writelines")
}
_RICH = {"rich.print", "rich.print_json", "rich.inspect"}
_EMITS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"}
_SETS_UP = {"setLevel", "addHandler", "removeHandler", "handlers", "addFilter", "propagate", "level", "hasHandlers"}

MESSAGES: Mapping[str, str] = {
    "stream": "writes to a standard stream, past the logging module",
    "rich-print": "prints with rich, past the logging module",
    "root-logger": "`getLogger()` without a name is the root logger: the module has none of its own",
    "named-logger": "the logger has a literal name: `getLogger(__name__)` follows the module",
}


class _Logger(NamedTuple):
    """One call of getLogger: the name bound to it, and whether functions see that name."""

    call: ast.Call
    name: str | None
    shared: bool


def output_calls(modules: Modules, path: str) -> Iterator[Diagnostic]:
    """Yield what one file writes past the logging module, and loggers that are not the module's own.

    Raises:
        ToolError: The file cannot be parsed.
    """
    if not _WORDS.search(modules.text(path)):
        return
    tree = modules.tree(path)
    names = names_of(tree)
    for node in walk(tree):
        called = names.of(node.func) if isinstance(node, ast.Call) else None
        code = "stream" if called in _STREAMS else "rich-print" if called in _RICH else None
        if code:
            yield _at(modules, path, node, code)
    for logger in _loggers(tree, names):
        code = _judged(logger, tree)
        if code:
            yield _at(modules, path, logger.call, code)


def _at(modules: Modules, path: str, node: ast.AST, code: str) -> Diagnostic:
    line = getattr(node, "lineno", 1)
    symbol, text = located(modules, path, line)
    return Diagnostic(path, line, getattr(node, "end_lineno", line), code, MESSAGES[code], symbol, text)


def _loggers(tree: ast.Module, names: Names) -> Iterator[_Logger]:
    """Yield the calls of getLogger that are bound to a name, or logged with on the spot."""
    stack: list[tuple[ast.AST, bool]] = [(tree, True)]
    while stack:
        node, shared = stack.pop()
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and names.of(value.func) == "logging.getLogger":
            if isinstance(node, ast.Assign | ast.AnnAssign):
                bound = node.targets[0] if isinstance(node, ast.Assign) else node.target
                yield from [_Logger(value, bound.id, shared)] if isinstance(bound, ast.Name) else []
            elif isinstance(node, ast.Attribute) and node.attr in _EMITS:
                yield _Logger(value, None, shared=False)
        inside = shared and not isinstance(node, Function)
        stack.extend((child, inside) for child in children(node))


def _judged(logger: _Logger, tree: ast.Module) -> str | None:
    """Tell what is wrong with a logger; one that is only set up is no module's logger."""
    given = [*logger.call.args, *(keyword.value for keyword in logger.call.keywords)]
    literal = given[0].value if given and isinstance(given[0], ast.Constant) else None
    if given and not isinstance(given[0], ast.Constant):
        return None
    used = {
        node.attr
        for node in walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == logger.name
    }
    emits = logger.name is None or bool(used & _EMITS) or (logger.shared and not used)
    if not emits or (used & _SETS_UP and not used & _EMITS):
        return None
    if not literal:
        return "root-logger"
    return "named-logger" if logger.shared else None
