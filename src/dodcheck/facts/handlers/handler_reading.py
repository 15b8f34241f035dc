"""Places of one module that catch any exception, what each does with it, and why its silence may be in order."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.names import names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.handlers.handler_effects import SILENT, Effect, Surroundings, effect_of, own_nodes, tokens, way_out
from dodcheck.facts.handlers.reasons import (
    Comments,
    awaits_cancelled,
    gives_cause,
    is_short,
    only_closes,
    optional_import,
    without_directives,
)

_ANY = {"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"}
_ENDINGS = {
    "close", "aclose", "shutdown", "stop", "cleanup", "clean", "teardown", "dispose", "terminate", "disconnect",
    "release", "finalize", "exit", "aexit", "del", "atexit", "kill", "quit", "cancel", "destroy",
}  # fmt: skip
_AT_EXIT = {"atexit.register", "weakref.finalize"}
_ABOUT_FAILURE = re.compile(
    r"ignor|best.?effort|\bfails?\b|failure|\berrors?\b|exception|\brais|swallow|critical|fatal|optional", re.IGNORECASE
)
_DEPTH = 5  # of names that stand for names
_Block = Sequence[ast.stmt]
_Node = ast.ExceptHandler | ast.stmt | ast.expr


@dataclass(frozen=True, eq=False)
class BroadHandler:
    """One place that catches any exception.

    Args:
        path: The file.
        line: 1-based line of the handler.
        end_line: 1-based last line.
        symbol: The class or function around it, by its qualified name.
        form: How it is written: `except Exception`, `suppress(Exception)`, `return in finally`.
        guarded: The code whose errors it catches, without comments and format.
        effect: What it does with them.
        cause: Why silence is in order here, as far as the code or a comment beside it says so.
        remarked: A comment stands beside it.
        closes: The guarded code does nothing but give something back: it closes, disconnects, removes, rolls back.
    """

    path: str
    line: int
    end_line: int
    symbol: str | None
    form: str
    guarded: str = field(repr=False)
    effect: Effect
    cause: str | None
    remarked: bool
    closes: bool

    @property
    def is_silent(self) -> bool:
        """Nobody learns of the error, and nothing takes the place of what failed."""
        return self.effect in SILENT


@dataclass(frozen=True)
class _Place:
    """Where a block stands, and what runs after it, after the innermost loop goes on, and after that is left."""

    symbol: str
    function: _Block
    rest: _Block = ()
    again: _Block = ()
    out: _Block = ()
    cause: str | None = None


class HandlerReader:
    """Reads the broad handlers of one module.

    Args:
        path: The file.
        text: Its content.
        tree: Its syntax tree.
    """

    def __init__(self, path: str, text: str, tree: ast.Module) -> None:
        self._path = path
        self._tree = tree
        self._names = names_of(tree)
        self._comments = Comments(text)
        self._may_suppress = "suppress" in text

    def read(self) -> Iterator[BroadHandler]:
        """Yield them, each `try` after what stands in it."""
        yield from self._block(self._tree.body, _Place("", self._tree.body))

    def _block(self, body: _Block, place: _Place) -> Iterator[BroadHandler]:
        for index, stmt in enumerate(body):
            here = replace(place, rest=[*body[index + 1 :], *place.rest])
            if self._may_suppress:
                yield from self._suppressed(stmt, here)
            if isinstance(stmt, Definition):
                yield from self._block(stmt.body, self._inside(stmt, place))
            elif isinstance(stmt, ast.Try | ast.TryStar):
                yield from self._try(stmt, here, body[:index])
            elif isinstance(stmt, ast.For | ast.AsyncFor | ast.While):
                again = [*stmt.orelse, *here.rest]
                yield from self._block(stmt.body, replace(here, rest=again, again=again, out=here.rest))
                yield from self._block(stmt.orelse, here)
            elif isinstance(stmt, ast.Match):
                for case in stmt.cases:
                    yield from self._block(case.body, here)
            elif isinstance(stmt, ast.If | ast.With | ast.AsyncWith):
                yield from self._block(stmt.body, here)
                yield from self._block(getattr(stmt, "orelse", ()), here)

    def _inside(self, stmt: Definition, place: _Place) -> _Place:
        symbol = f"{place.symbol}.{stmt.name}" if place.symbol else stmt.name
        ends = not isinstance(stmt, ast.ClassDef) and (tokens(stmt.name) & _ENDINGS or stmt.name in self._at_exit)
        return _Place(symbol, stmt.body, cause=f"clean-up in {stmt.name}()" if ends else place.cause)

    def _try(self, stmt: ast.Try | ast.TryStar, place: _Place, earlier: _Block) -> Iterator[BroadHandler]:
        guarded = [*stmt.body, *stmt.orelse]
        in_order = optional_import(guarded) or awaits_cancelled(stmt.body, earlier) or _cause(place, guarded)
        told = False
        yield from self._block(stmt.body, replace(place, rest=[*stmt.orelse, *place.rest]))
        for handler in stmt.handlers:
            around = _around(handler.body, guarded, place, handler.name)
            broad = self._is_broad(handler.type)
            inner = any(isinstance(node, ast.Try | ast.TryStar | ast.With) for node in own_nodes(handler.body))
            effect = effect_of(around) if broad or inner else None
            if broad and effect:
                form = f"except {written(handler.type)}" if handler.type else "except"
                yield self._handler(handler, form, around, effect, replace(place, cause=in_order), stmt)
                told = told or effect == "reported"
            cause = "clean-up while another error is reported" if effect == "reported" else place.cause
            yield from self._block(handler.body, replace(place, cause=cause))
        yield from self._block(stmt.orelse, place)
        yield from self._block(stmt.finalbody, replace(place, cause="clean-up in `finally`"))
        for node in own_nodes(stmt.finalbody):
            if isinstance(node, ast.Return) and not told:
                yield self._handler(node, "return in finally", _around((), guarded, place), "nothing", place)

    def _suppressed(self, stmt: ast.stmt, place: _Place) -> Iterator[BroadHandler]:
        guarded: _Block = place.rest
        parts: list[ast.expr] = []
        if isinstance(stmt, ast.With | ast.AsyncWith):
            parts, guarded = [item.context_expr for item in stmt.items], stmt.body
        elif isinstance(stmt, Definition):
            parts, guarded = stmt.decorator_list, stmt.body
        elif isinstance(stmt, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return) and stmt.value:
            parts = [stmt.value]
        for call in (node for part in parts for node in walk(part) if isinstance(node, ast.Call)):
            if self._names.of(call.func) == "contextlib.suppress" and any(map(self._is_broad, call.args)):
                around = _around((), guarded, place)
                here = replace(place, cause=optional_import(guarded) or _cause(place, guarded))
                yield self._handler(call, written(call), around, effect_of(around), here)

    def _handler(
        self, node: _Node, form: str, around: Surroundings, effect: Effect, place: _Place, whole: ast.stmt | None = None
    ) -> BroadHandler:
        remark = self._remark(node, around, whole) if effect in SILENT else ""
        cause = place.cause
        words = without_directives(remark)
        if gives_cause(remark):
            cause = f"the comment beside it: {words}"
        line, end = node.lineno, node.end_lineno or node.lineno
        guarded = "\n".join(map(written, around.guarded))
        return BroadHandler(
            self._path,
            line,
            end,
            place.symbol or None,
            form,
            guarded,
            effect,
            cause,
            bool(words),
            only_closes(around.guarded),
        )

    def _remark(self, node: _Node, around: Surroundings, whole: ast.stmt | None) -> str:
        """Return the comments above, in and below a handler, and those at `try` that speak of failure."""
        comments, first, last = self._comments, node.lineno, node.end_lineno or node.lineno
        found = [comments.above(first), comments.within(first, last)]
        if around.body:
            found.append(comments.below(last, around.body[0].col_offset))
        elif around.guarded:
            found.append(comments.within(last + 1, around.guarded[0].lineno))
        if whole:
            at_try = f"{comments.above(whole.lineno)} {comments.within(whole.lineno, around.guarded[0].lineno - 1)}"
            found.append(at_try if _ABOUT_FAILURE.search(at_try) else "")
        return " ".join(filter(None, found))

    def _is_broad(self, kind: ast.expr | None, depth: int = 0) -> bool:
        if kind is None or self._names.of(kind) in _ANY:
            return True
        if isinstance(kind, ast.Tuple | ast.List):
            return any(self._is_broad(one, depth) for one in kind.elts)
        if isinstance(kind, ast.Starred):
            return self._is_broad(kind.value, depth)
        if isinstance(kind, ast.BinOp):
            return self._is_broad(kind.left, depth) or self._is_broad(kind.right, depth)
        name = kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "")
        return depth < _DEPTH and any(self._is_broad(one, depth + 1) for one in self._assigned.get(name, ()))

    @cached_property
    def _assigned(self) -> Mapping[str, Sequence[ast.expr]]:
        """What names and attributes are set to, where that can be a class of exceptions."""
        found: dict[str, list[ast.expr]] = {}
        for node in walk(self._tree):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            value = getattr(node, "value", None)
            if isinstance(value, ast.Name | ast.Attribute | ast.Tuple | ast.BinOp):
                for to in targets:
                    if isinstance(to, ast.Name | ast.Attribute):
                        found.setdefault(to.id if isinstance(to, ast.Name) else to.attr, []).append(value)
        return found

    @cached_property
    def _at_exit(self) -> frozenset[str]:
        """Names of functions that run when the program or an object ends."""
        calls = [n for n in walk(self._tree) if isinstance(n, ast.Call) and self._names.of(n.func) in _AT_EXIT]
        return frozenset(written(arg).rpartition(".")[2] for call in calls for arg in call.args)


def _cause(place: _Place, guarded: _Block) -> str | None:
    return place.cause if is_short(guarded) else None


def _around(body: _Block, guarded: _Block, place: _Place, bound: str | None = None) -> Surroundings:
    success, failure = way_out(guarded), way_out(body)
    after: _Block = ()
    if success in {"return", "break"} and failure in {None, "continue"}:
        after = place.again if failure else place.rest
    elif success == "return" and failure == "break":
        after = place.out
    return Surroundings(bound, body, guarded, after, place.rest, place.function)
