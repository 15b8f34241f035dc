"""The statements of a test in order: which of them run, on what condition, and what hides their failure."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.suites.folding import Tables, is_empty, text_of, truth

_ENDING = {"pytest.skip", "pytest.xfail", "pytest.fail", "pytest.exit", "sys.exit", "os._exit", "exit", "quit"}
_ENDING_METHODS = {"skipTest", "fail"}
_BROAD = {"AssertionError", "Exception", "BaseException"}
_REVERSING = {"raises", "assertRaises"}
_IDLE_CALLS = {"print", "sleep", "debug", "info", "warning", "error", "exception", "log", "print_exc", "warn"}


class Step(NamedTuple):
    """One statement.

    Args:
        stmt: The statement; of a compound one only the head counts.
        guards: Texts of the conditions that it stands under.
        dead: Why it never runs; empty when it may.
        hidden: The statement that swallows its failure.
        looped: It stands in a loop.
        local: It stands in a function inside of the test.
    """

    stmt: ast.stmt
    guards: tuple[str, ...] = ()
    dead: str = ""
    hidden: ast.stmt | None = None
    looped: bool = False
    local: bool = False

    @property
    def parts(self) -> list[ast.AST]:
        """What is evaluated by the statement itself."""
        if isinstance(self.stmt, ast.With | ast.AsyncWith):
            return [item.context_expr for item in self.stmt.items]
        if isinstance(self.stmt, ast.If | ast.While):
            return [self.stmt.test]
        if isinstance(self.stmt, ast.For | ast.AsyncFor):
            return [self.stmt.iter]
        if isinstance(self.stmt, ast.Match):
            return [self.stmt.subject]
        return [] if isinstance(self.stmt, ast.Try | ast.TryStar | Definition) else [self.stmt]


def steps(body: Sequence[ast.stmt], tables: Tables | None = None) -> Iterator[Step]:
    """Yield every statement of a function's body, those of nested blocks and functions too.

    Args:
        body: The statements.
        tables: What the names of the module are assigned once.
    """
    names = {node.id for stmt in body for node in walk(stmt) if isinstance(node, ast.Name)}
    yield from _Walker(tables or {}, names).walk(body, Step(ast.Pass()))


class _Walker:
    def __init__(self, tables: Tables, names: set[str]) -> None:
        self._tables = tables
        self._names = names

    def walk(self, body: Sequence[ast.stmt], around: Step) -> Iterator[Step]:
        dead, guards = around.dead, around.guards
        for stmt in body:
            here = around._replace(stmt=stmt, dead=dead, guards=guards)
            yield here
            yield from self._inside(stmt, here)
            dead = dead or self._ends(stmt)
            if isinstance(stmt, ast.If) and not stmt.orelse and isinstance(stmt.body[-1], ast.Return):
                guards = (*guards, f"not ({text_of(stmt.test)})")

    def _inside(self, stmt: ast.stmt, here: Step) -> Iterator[Step]:
        if isinstance(stmt, ast.If):
            yield from self._branches(stmt, here)
        elif isinstance(stmt, ast.For | ast.AsyncFor | ast.While):
            yield from self._loop(stmt, here)
        elif isinstance(stmt, ast.Try | ast.TryStar):
            yield from self._tried(stmt, here)
        elif isinstance(stmt, ast.With | ast.AsyncWith):
            hides = any(_catches(item.context_expr, {"suppress", *_REVERSING}) for item in stmt.items)
            yield from self.walk(stmt.body, here._replace(hidden=stmt if hides else here.hidden))
        elif isinstance(stmt, ast.Match):
            for case in stmt.cases:
                yield from self.walk(case.body, _under(here, f"case {text_of(case.pattern)}"))
        elif isinstance(stmt, ast.ClassDef):
            for method in (one for one in stmt.body if isinstance(one, Function)):
                yield from self.walk(method.body, here._replace(local=True))
        elif isinstance(stmt, Function):
            called = bool(stmt.decorator_list) or stmt.name in self._names
            dead = here.dead or ("" if called else f"nothing calls {stmt.name}")
            yield from self.walk(stmt.body, here._replace(local=True, dead=dead))

    def _branches(self, stmt: ast.If, here: Step) -> Iterator[Step]:
        known, test = truth(stmt.test, self._tables), text_of(stmt.test)
        for body, holds, guard in ((stmt.body, True, test), (stmt.orelse, False, f"not ({test})")):
            if known is None:
                yield from self.walk(body, _under(here, guard))
            else:
                dead = here.dead or ("" if known is holds else f"`{guard}` never holds")
                yield from self.walk(body, here._replace(dead=dead))

    def _loop(self, stmt: ast.For | ast.AsyncFor | ast.While, here: Step) -> Iterator[Step]:
        if isinstance(stmt, ast.While):
            never = truth(stmt.test, self._tables) is False
        else:
            over = self._tables.get(stmt.iter.id, stmt.iter) if isinstance(stmt.iter, ast.Name) else stmt.iter
            never = is_empty(over)
        dead = here.dead or ("the loop around it never runs" if never else "")
        yield from self.walk(stmt.body, here._replace(dead=dead, looped=True))
        yield from self.walk(stmt.orelse, here)

    def _tried(self, stmt: ast.Try | ast.TryStar, here: Step) -> Iterator[Step]:
        hides = any(swallows(handler) for handler in stmt.handlers)
        hides = hides or any(isinstance(last, ast.Return) for last in stmt.finalbody)
        yield from self.walk(stmt.body, here._replace(hidden=stmt if hides else here.hidden))
        for handler in stmt.handlers:
            yield from self.walk(handler.body, _under(here, f"except {handler.type and text_of(handler.type)}"))
        yield from self.walk(stmt.orelse, here)
        yield from self.walk(stmt.finalbody, here)

    def _ends(self, stmt: ast.stmt) -> str:
        """Say why nothing after a statement of the same block runs."""
        if isinstance(stmt, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return f"it stands after `{text_of(stmt).split()[0]}`"
        if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call) and ends(stmt.value):
            return f"it stands after `{text_of(stmt.value.func)}`"
        if isinstance(stmt, ast.If) and (known := truth(stmt.test, self._tables)) is not None:
            return next(filter(None, map(self._ends, stmt.body if known else stmt.orelse)), "")
        return ""


def ends(call: ast.Call) -> bool:
    """Tell whether a call never returns: pytest.skip, self.fail, sys.exit."""
    name = text_of(call.func)
    owner, _, method = name.rpartition(".")
    return name in _ENDING or (owner == "self" and method in _ENDING_METHODS)


def swallows(handler: ast.ExceptHandler) -> bool:
    """Tell whether an `except` catches a failed assertion and lets the test pass.

    What records the failure, checks it, or raises anything does not.
    """
    caught = [text_of(one) for one in _each(handler.type)] if handler.type else ["BaseException"]
    if not any(one.rpartition(".")[2] in _BROAD for one in caught):
        return False
    return all(_is_idle(stmt) for stmt in handler.body)


def _is_idle(stmt: ast.stmt) -> bool:
    if isinstance(stmt, ast.Pass | ast.Continue | ast.Break):
        return True
    if isinstance(stmt, ast.Return):
        return stmt.value is None or isinstance(stmt.value, ast.Constant)
    value = stmt.value.value if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Await) else None
    value = value or (stmt.value if isinstance(stmt, ast.Expr) else None)
    if isinstance(value, ast.Call):
        return text_of(value.func).rpartition(".")[2] in _IDLE_CALLS
    if isinstance(stmt, ast.Assert):
        return truth(stmt.test) is True
    return isinstance(value, ast.Constant)


def is_reversed(stmt: ast.stmt | None) -> bool:
    """Tell whether a `with` expects what stands in it to fail: `raises(AssertionError)`."""
    contexts = [item.context_expr for item in stmt.items] if isinstance(stmt, ast.With) else []
    return any(_catches(context, _REVERSING) for context in contexts)


def _catches(context: ast.expr, names: set[str]) -> bool:
    """Tell whether a context manager of some name keeps a failed assertion from failing the test."""
    if not isinstance(context, ast.Call) or not context.args:
        return False
    name = text_of(context.func).rpartition(".")[2]
    caught = context.args if name == "suppress" else _each(context.args[0])
    return name in names and any(text_of(one).rpartition(".")[2] in _BROAD for one in caught)


def _each(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _under(step: Step, guard: str) -> Step:
    return step._replace(guards=(*step.guards, guard))


def own_nodes(node: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body, those of nested functions and classes left out."""
    stack: list[ast.AST] = list(node.body)
    while stack:
        part = stack.pop()
        yield part
        if not isinstance(part, Definition | ast.Lambda):
            stack += children(part)
