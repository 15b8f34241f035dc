"""What an exception handler does with the error: tells somebody, works around it, or drops it."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.walking import children
from dodcheck.facts.code.writing import written
from dodcheck.patterns import pattern

Effect = Literal["reported", "handled", "default", "nothing"]
SILENT: frozenset[Effect] = frozenset({"default", "nothing"})
WayOut = Literal["return", "raise", "break", "continue"]

_WAYS: Mapping[type[ast.AST], WayOut] = {
    ast.Return: "return",
    ast.Raise: "raise",
    ast.Break: "break",
    ast.Continue: "continue",
}

_TOKEN = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_REPORTING = {
    "log", "logs", "logger", "logging", "warn", "warning", "warnings", "print", "echo", "secho", "debug", "info",
    "critical", "fatal", "traceback", "exc", "report", "reporter", "notify", "alert", "abort", "exit", "quit",
    "reraise", "throw", "excepthook", "stderr", "stdout", "sentry", "telemetry", "metrics", "statsd", "incr", "inc",
    "audit", "flash", "toast",
}  # fmt: skip
_FAILURE = {
    "error", "errors", "err", "errs", "errored", "exception", "exceptions", "fail", "failed", "failure", "failures",
    "fails", "invalid", "unavailable", "unhealthy", "unknown", "missing", "broken", "aborted", "skipped", "bad",
    "crashed", "degraded", "rejected", "unsupported", "undecided",
}  # fmt: skip
_FAILURE_TEXT = pattern(
    r"\b(?:err(?:or)?s?|exceptions?|fail\w*|invalid|un(?:available|healthy|known|able|supported|reachable|parsable)"
    r"|missing|not found|broken|abort\w*|skipp\w+|crash\w*|degraded|reject\w+|could ?n[o']t|can ?not|can't|n/a|down)\b",
    re.IGNORECASE,
)
_MAKERS = {
    "dict", "list", "set", "tuple", "frozenset", "str", "bytes", "bytearray", "int", "float", "bool", "object", "repr",
    "type",
}  # fmt: skip
_IDLE = {"sleep", "collect", "clear", "pop", "discard", "setdefault", "pass_", "noop"}
_LITERALS = (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr)
_IDLE_STATEMENTS = (ast.Pass, ast.Continue, ast.If, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FIRST_FAILURE, _LAST_FAILURE = 400, 599  # status codes of HTTP that say no


class Surroundings(msgspec.Struct, frozen=True):
    """What the effect of a handler depends on besides its own body.

    Args:
        bound: The name that the exception is bound to.
        body: The statements of the handler.
        guarded: The statements whose errors it catches, `else` included.
        after: What runs next when the handler comes to its end but the guarded code does not.
        later: The statements that follow in the same block.
        function: The statements of the function or module around it.
    """

    bound: str | None
    body: Sequence[ast.stmt]
    guarded: Sequence[ast.stmt]
    after: Sequence[ast.stmt]
    later: Sequence[ast.stmt]
    function: Sequence[ast.stmt]


def effect_of(one: Surroundings) -> Effect:
    """Return what becomes of the error; `nothing` when the code goes on as if there had been none."""
    body = [stmt for stmt in one.body if not _is_void(stmt, one.bound)]
    whole = [*body, *_until_left(one.after)]
    nodes = list(own_nodes(whole))
    if any(_tells(node, one.bound) for node in nodes) or _differs(nodes, one):
        return "reported"
    if _works_around(whole) or _checked_later(body, one.later):
        return "handled"
    simple = [node for node in nodes if isinstance(node, ast.stmt) and not isinstance(node, _IDLE_STATEMENTS)]
    return "nothing" if all(_ends_quietly(stmt, one) for stmt in simple) else "default"


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of statements in the order of the text; nested functions, classes and lambdas are left out."""
    stack = list(body)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, ast.ExceptHandler):  # what it catches says nothing of what it does
            stack += node.body[::-1]
        elif not isinstance(node, Definition | ast.Lambda) and not _never_runs(node):
            stack += list(children(node))[::-1]


def tokens(name: str) -> set[str]:
    """Split an identifier at underscores and humps; lower case."""
    return {part.lower() for part in _TOKEN.findall(name)}


def way_out(body: Sequence[ast.stmt]) -> WayOut | None:
    """Return how statements may be left before their end when nothing goes wrong; None when they may not."""
    found = {way for stmt in body for way in _ways(stmt)}
    return next((way for way in _WAYS.values() if way in found), None)


def _ways(node: ast.AST) -> set[WayOut]:
    if isinstance(node, tuple(_WAYS)):
        return {_WAYS[type(node)]}
    if isinstance(node, Definition | ast.expr | ast.ExceptHandler) or _never_runs(node):
        return set()
    found = {way for child in children(node) for way in _ways(child)}
    return found - {"break", "continue"} if isinstance(node, ast.For | ast.AsyncFor | ast.While) else found


def _never_runs(node: ast.AST) -> bool:
    return isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Constant) and not node.test.value


def _is_void(stmt: ast.stmt, bound: str | None) -> bool:
    """Tell whether a statement is there for show: a string, `...`, a name alone, `_ = error`, `del error`."""
    if isinstance(stmt, ast.Expr):
        made = isinstance(stmt.value, ast.Call) and written(stmt.value.func) in _MAKERS
        return made or isinstance(stmt.value, ast.Constant | ast.Name | ast.Attribute)
    if isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Name) and stmt.value.id == bound:
        return all(isinstance(to, ast.Name) and not to.id.strip("_") for to in stmt.targets)
    if isinstance(stmt, ast.Delete):
        return all(isinstance(one, ast.Name) and one.id == bound for one in stmt.targets)
    return isinstance(stmt, ast.Global | ast.Nonlocal)


def _until_left(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    kept: list[ast.stmt] = []
    for stmt in body:
        kept.append(stmt)
        if isinstance(stmt, ast.Return | ast.Raise | ast.Break | ast.Continue):
            break
    return kept


def _tells(node: ast.AST, bound: str | None) -> bool:
    if isinstance(node, ast.Raise | ast.Assert):
        return True
    if isinstance(node, ast.Call):
        return not _REPORTING.isdisjoint(tokens(written(node.func))) or any(map(_is_status, _arguments(node)))
    if isinstance(node, ast.Name):
        used = node.id == bound and isinstance(node.ctx, ast.Load)
        return used or not _FAILURE.isdisjoint(tokens(node.id)) or node.id == "NotImplemented"
    if isinstance(node, ast.Attribute):
        return not _FAILURE.isdisjoint(tokens(node.attr))
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_FAILURE_TEXT.search(node.value))


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)


def _is_status(node: ast.expr) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return type(value) is int and _FIRST_FAILURE <= value <= _LAST_FAILURE


def _differs(nodes: Sequence[ast.AST], one: Surroundings) -> bool:
    """Tell whether the handler leaves a value behind that success never does."""
    handlers = [node for node in own_nodes(one.function) if isinstance(node, ast.ExceptHandler)]
    handled = {node for handler in handlers for node in own_nodes(handler.body)}
    others = [node for node in own_nodes(one.function) if node not in handled and node not in nodes]
    returned = [node.value for node in others if isinstance(node, ast.Return)]
    for node in nodes:
        if isinstance(node, ast.Return) and node.value and _is_sentinel(node.value, returned):
            return True
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = {written(target) for target in node.targets}
            same = [a for a in others if isinstance(a, ast.Assign) and names & set(map(written, a.targets))]
            if isinstance(node.value.value, bool) and _is_sentinel(node.value, [a.value for a in same]):
                return True
    return False


def _is_sentinel(value: ast.expr, others: Sequence[ast.expr | None]) -> bool:
    if isinstance(value, ast.Tuple):
        return any(isinstance(part, ast.Constant) and part.value is False for part in value.elts)
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return isinstance(value.operand, ast.Constant)
    if not isinstance(value, ast.Constant) or value.value is None or value.value == "":
        return False
    if value.value is False and {written(other) for other in others if other} == {"True", "False"}:
        return True  # a question: what cannot be read is no yes
    return bool(others) and all(_is_other(value, other) for other in others)


def _is_other(value: ast.Constant, other: ast.expr | None) -> bool:
    if other is None or isinstance(other, _LITERALS):
        return True
    return isinstance(other, ast.Constant) and other.value != value.value


def _works_around(body: Sequence[ast.stmt]) -> bool:
    """Tell whether another piece of work takes the place of the one that failed."""
    return any(isinstance(node, ast.Call) and _is_work(node) for node in own_nodes(body))


def _is_work(call: ast.Call) -> bool:
    name = written(call.func).rpartition(".")[2]
    bare = not call.args and not call.keywords
    return name not in _MAKERS | _IDLE and not (bare and name[:1].isupper())


def _checked_later(body: Sequence[ast.stmt], later: Sequence[ast.stmt]) -> bool:
    """Tell whether a later condition asks for the value that the handler leaves behind."""
    set_here = {written(to) for stmt in body if isinstance(stmt, ast.Assign) for to in stmt.targets}
    conditions = [node.test for node in own_nodes(later) if isinstance(node, ast.If | ast.IfExp | ast.While)]
    return any(written(asked) in set_here for test in conditions for asked in _asked(test))


def _asked(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.BoolOp):
        yield from (asked for part in test.values for asked in _asked(part))
    elif isinstance(test, ast.UnaryOp):
        yield from _asked(test.operand)
    elif isinstance(test, ast.Compare):
        yield test.left
    else:
        yield test


def _ends_quietly(stmt: ast.stmt, one: Surroundings) -> bool:
    """Tell whether a statement returns nothing from a function that never returns anything."""
    if not isinstance(stmt, ast.Return) or not _is_none(stmt.value):
        return False
    return all(_is_none(node.value) for node in own_nodes(one.function) if isinstance(node, ast.Return))


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)
