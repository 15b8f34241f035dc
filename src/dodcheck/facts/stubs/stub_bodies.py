"""Function bodies that do nothing yet: empty, refusing, a constant, made-up data, or a note to write them later."""

import ast
import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.handlers.reasons import Comments
from dodcheck.patterns import pattern

StubKind = Literal["placeholder", "not-implemented", "empty", "constant", "sample"]

_LATER = pattern(  # said in a comment, a message or a returned text of a body that does nothing else
    r"\b(todo|fixme|xxx|tbd|unimplemented|not (yet )?(been )?(implemented|written|done)( yet)?"
    r"|(to be|will be) implemented|implement (me|this|it|later|the)|implementation (goes|pending|here|missing)"
    r"|placeholder|stub(bed)?|coming soon|your (code|implementation) here|for now|skeleton|wip|work in progress"
    r"|(dummy|mock(ed)?|fake|sample|hard-?coded) (data|value|response|result|implementation)s?)\b",
    re.IGNORECASE,
)
_LATER_IN_DOCSTRING = pattern(
    r"\b(todo|fixme|unimplemented|not (yet )?implemented( yet)?|to be implemented|implement me|stub implementation)\b",
    re.IGNORECASE,
)
_SAYING = {"print", "warn", "debug", "info", "warning", "error", "log", "echo", "secho"}
_MADE_UP = pattern(
    r"\b(john|jane|doe|lorem|foo|bar|sample|dummy|placeholder|mock(ed)?|fake|test)\b|example\.(com|org)", re.IGNORECASE
)
_CAUSE = pattern(
    r"\b(not|un) ?support|\bdoes(n't| not)\b|\bcan(no|')t\b|\bonly\b|not (available|possible|applicable|allowed)|\bno\b"
)
_WIDTH = 100


class Stub(msgspec.Struct, frozen=True):
    """What a body says in place of code.

    Args:
        kind: Which kind of nothing it is.
        text: The body, or what gives it away, in one line.
        noted: A comment or the docstring says that the code comes later, beside what the kind says.
    """

    kind: StubKind
    text: str
    noted: bool = False


def stub_of(function: Function, comments: Comments) -> Stub | None:
    """Return what a function says in place of code; None when it does something.

    Args:
        function: The function.
        comments: The comments of its file.
    """
    core = [one for one in function.body if not _is_idle(one)]
    stub = _empty(function) if not core else _of_statements(core)
    if stub is None:
        return None
    said = _LATER.search(
        comments.within(function.line, function.end_line)
        + comments.below(function.end_line, function.node.col_offset + 1)
    )
    promised = _LATER_IN_DOCSTRING.search(function.docstring or "")
    told = said or promised
    if told and (stub.kind != "sample" or told[0].lower() in {"todo", "fixme"}):
        return Stub(stub.kind, f"{stub.text} and {told[0]!r}", noted=True)
    return stub


def refuses(stub: Stub) -> bool:
    """Tell whether a stub raises with a cause: what it is asked for cannot be had, now or later."""
    return stub.kind == "not-implemented" and not stub.noted and bool(_CAUSE.search(stub.text))


def is_made_up(function: Function) -> bool:
    """Tell whether a body speaks of people, places and words that stand for any."""
    return any(_MADE_UP.search(_strings(one)) for one in function.body)


def _is_idle(statement: ast.stmt) -> bool:
    """It does nothing by itself: `pass`, `...`, a bare string, `del argument`, `_ = argument`."""
    if isinstance(statement, ast.Assign):
        names = [one.id for one in statement.targets if isinstance(one, ast.Name)]
        return names == ["_"] and isinstance(statement.value, ast.Name | ast.Tuple)
    bare = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return bare or isinstance(statement, ast.Pass | ast.Delete | ast.Global | ast.Nonlocal)


def _empty(function: Function) -> Stub:
    body = function.body
    if not body:
        return Stub("empty", "nothing but a docstring")
    return Stub("empty", "`...`" if isinstance(body[0], ast.Expr) else "`pass`")


def _of_statements(core: Sequence[ast.stmt]) -> Stub | None:
    *first, last = core
    if all(map(_says_later, core)):
        return Stub("placeholder", f"`{_line(last)}`")
    if first and all(map(_says_later, first)):
        last_one = _of_statement(last)
        return Stub("placeholder", f"`{_line(first[0])}`") if last_one else None
    if not first:
        return _of_statement(last)
    value = last.value if isinstance(last, ast.Return) else None
    if isinstance(value, ast.Name) and len(first) == 1 and isinstance(first[0], ast.Assign | ast.AnnAssign):
        targets = first[0].targets if isinstance(first[0], ast.Assign) else [first[0].target]
        if [one.id for one in targets if isinstance(one, ast.Name)] == [value.id] and first[0].value:
            return _of_value(first[0].value)
    return None


def _of_statement(statement: ast.stmt) -> Stub | None:
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        name = written(raised).rpartition(".")[2]
        if _LATER.search(_strings(statement)):
            kind: StubKind = "not-implemented" if name == "NotImplementedError" else "placeholder"
            return Stub(kind, f"`{_line(statement)}`")
        return Stub("not-implemented", f"`{_line(statement)}`") if name.startswith("NotImplemented") else None
    if isinstance(statement, ast.Return):
        return _of_value(statement.value) if statement.value else Stub("constant", "`return`")
    return None


def _of_value(value: ast.expr) -> Stub | None:
    text = f"`return {_line(value)}`"
    if isinstance(value, ast.Name):
        return Stub("not-implemented", text) if value.id == "NotImplemented" else None
    if isinstance(value, ast.Call):
        return _of_call(value, text)
    try:
        constant = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    if _LATER.search(_strings(value)):
        return Stub("placeholder", text)
    return Stub("sample" if isinstance(constant, list | dict | set | tuple) and constant else "constant", text)


def _of_call(call: ast.Call, text: str) -> Stub | None:
    """Judge what a body returns: an empty `dict()`, or an object of made-up data."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not given:
        empty = isinstance(call.func, ast.Name) and call.func.id in {"dict", "list", "set", "tuple", "str"}
        return Stub("constant", text) if empty else None
    if _says_later(ast.Expr(call)) or re.search(r"not (yet )?implemented", _strings(call), re.IGNORECASE):
        return Stub("placeholder", text)
    try:
        [ast.literal_eval(one) for one in given]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return Stub("sample", text) if _MADE_UP.search(_strings(call)) else None


def _says_later(statement: ast.stmt) -> bool:
    """It prints or logs that the code will come later."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = written(call.func).rpartition(".")[2]
    return name in _SAYING and bool(_LATER.search(_strings(call)))


def _strings(node: ast.AST) -> str:
    return " ".join(n.value for n in walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _line(node: ast.AST) -> str:
    text = " ".join(written(node).split())
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
