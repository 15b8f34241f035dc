"""What the rule `suppressions` says of code that a comment takes out of the coverage figures."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import children, walk
from dodcheck.patterns import pattern

_PLATFORM = {"sys.platform", "sys.version_info", "sys.implementation", "sys.version", "os.name", "sys.maxsize"}
_PLATFORM_NAMES = [
    pattern(r"(HAS|HAVE)_[A-Z]\w*"),
    pattern(
        r"_*(is_|on_|not_|has_|have_|no_)*(win(dows|32|64)?|linux|mac(os)?|darwin|osx|posix|unix|bsd|cygwin|android|ios|pypy|cpython"
        r"|jython|graalpy|wasm|emscripten|pyodide|py_?[23]\d*(_?(plus|or_later|\d+_plus))?|free_?thread(ed|ing)|gil)(_\w+)?",
        re.IGNORECASE,
    ),
]
_SHOWING = {"__repr__", "__rich_repr__", "__repr_args__"}
_PLATFORM_MODULES = {"os", "signal", "socket", "select", "sys", "asyncio", "time", "ssl"}
_ABSENT = {"ImportError", "ModuleNotFoundError", "PackageNotFoundError"}
_ABSTRACT = {"abstractmethod", "abstractproperty", "overload"}
_UNREACHABLE = {"NotImplementedError", "AssertionError", "UnreachableError"}


class Excluded(NamedTuple):
    """The code that a comment takes out.

    Args:
        owner: The statement or clause whose line carries the comment.
        body: The statements that no longer count.
        above: Statements and clauses around it, innermost first.
    """

    owner: ast.AST
    body: Sequence[ast.stmt]
    above: Sequence[ast.AST]

    @property
    def first(self) -> int:
        """1-based first line of the code."""
        return min(one.lineno for one in self.body)

    @property
    def last(self) -> int:
        """1-based last line of the code."""
        return max(one.end_lineno or one.lineno for one in self.body)

    @property
    def is_guard(self) -> bool:
        """It does nothing but refuse."""
        return all(isinstance(one, ast.Raise) for one in self.body)


def excluded(tree: ast.Module, line: int) -> Excluded | None:
    """Return what a comment on a line takes out of coverage; None when no statement has that line."""
    return next((one for one, first, last in _clauses(tree, ()) if first <= line <= last and one.body), None)


def is_harmless(code: Excluded, tree: ast.Module) -> bool:
    """Tell whether no test here could run the code, or would prove anything by it."""
    names = names_of(tree)
    if _is_declaration(code, names) or all(_is_empty(one, names) for one in code.body):
        return True
    elsewhere = _Elsewhere(tree, names)
    return any(map(elsewhere.holds, [code.owner, *code.above, *_left_before(code)]))


def _left_before(code: Excluded) -> Iterator[ast.If]:
    """Yield conditions above the code that leave its block: what follows them is their other branch."""
    around = code.above[0] if code.above else None
    for part in ("body", "orelse", "finalbody"):
        block = getattr(around, part, [])
        if code.owner in block:
            for one in block[: block.index(code.owner)]:
                if isinstance(one, ast.If) and isinstance(one.body[-1], ast.Raise | ast.Return | ast.Continue):
                    yield one


def _clauses(node: ast.AST, above: tuple[ast.AST, ...]) -> Iterator[tuple[Excluded, int, int]]:
    """Yield each statement and clause with the lines that a comment on it may stand on, outer ones first."""
    for child in children(node):
        if not isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            continue
        line = child.pattern.lineno if isinstance(child, ast.match_case) else child.lineno
        first = min([line, *(one.lineno for one in getattr(child, "decorator_list", []))])
        body = getattr(child, "body", None)
        if not isinstance(body, list):
            cases = child.cases if isinstance(child, ast.Match) else []
            alone = [child] if isinstance(child, ast.stmt) else []
            last = cases[0].pattern.lineno - 1 if cases else getattr(child, "end_lineno", None) or first
            yield Excluded(child, alone, above), first, last
            yield from _clauses(child, (child, *above))  # the cases of a match
            continue
        yield Excluded(child, body, above), first, max(body[0].lineno - 1, line)
        before = body[-1].end_lineno
        for part in ("handlers", "orelse", "finalbody"):
            rest = getattr(child, part, [])
            if rest and part != "handlers":
                yield Excluded(child, rest, above), before + 1, rest[0].lineno - 1
            before = rest[-1].end_lineno if rest else before
        yield from _clauses(child, (child, *above))


def _is_declaration(code: Excluded, names: Names) -> bool:
    owner = code.owner
    if isinstance(owner, Function):
        marks = {(names.of(mark) or "").rpartition(".")[2] for mark in owner.decorator_list}
        if owner.name in _SHOWING or marks & _ABSTRACT:
            return True
    classes = [one for one in [owner, *code.above] if isinstance(one, ast.ClassDef)]
    bases = [base.value if isinstance(base, ast.Subscript) else base for one in classes for base in one.bases]
    return any((names.of(base) or "").rpartition(".")[2] in {"Protocol", "TypedDict"} for base in bases)


def _is_empty(statement: ast.stmt, names: Names) -> bool:
    if isinstance(statement, ast.Pass | ast.Import | ast.ImportFrom):
        return True
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return raised is not None and names.of(raised) in _UNREACHABLE
    if isinstance(statement, ast.Assert):
        return isinstance(statement.test, ast.Constant) and not statement.test.value
    value = statement.value if isinstance(statement, ast.Expr | ast.Return) else None
    if isinstance(value, ast.Call):
        return (names.of(value.func) or "").rpartition(".")[2] == "assert_never"
    return isinstance(statement, ast.Expr) and isinstance(value, ast.Constant)


class _Elsewhere:
    """Other platforms, versions, installations and ways to start: a run of the tests sees one side of each alone."""

    def __init__(self, tree: ast.Module, names: Names) -> None:
        self._names = names
        handlers = (node for node in walk(tree) if isinstance(node, ast.ExceptHandler) and self._of_absent(node))
        bound = (node for handler in handlers for node in walk(handler) if isinstance(node, ast.Name))
        self._flags = {node.id for node in bound if isinstance(node.ctx, ast.Store)}

    def holds(self, node: ast.AST) -> bool:
        """Tell whether a statement or clause is run elsewhere alone."""
        if isinstance(node, ast.ExceptHandler):
            return self._of_absent(node)
        if isinstance(node, ast.Try):
            return any(map(self._of_absent, node.handlers))
        return isinstance(node, ast.If) and any(map(self._tells_apart, walk(node.test)))

    def _of_absent(self, node: ast.ExceptHandler) -> bool:
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        return any(kind is not None and (self._names.of(kind) or "").rpartition(".")[2] in _ABSENT for kind in kinds)

    def _tells_apart(self, part: ast.AST) -> bool:
        if isinstance(part, ast.Call):
            owner = self._names.of(part.args[0]) if part.args else None
            called = self._names.of(part.func) or ""
            return called.startswith("platform.") or (called == "hasattr" and owner in _PLATFORM_MODULES)
        if not isinstance(part, ast.Name | ast.Attribute):
            return False
        dotted = self._names.of(part) or ""
        last = dotted.rpartition(".")[2]
        if last in {"TYPE_CHECKING", "__name__"} or dotted in _PLATFORM:
            return True
        own = part.id if isinstance(part, ast.Name) else part.attr
        return own in self._flags or any(one.fullmatch(own) for one in _PLATFORM_NAMES)
