"""Places in Python code whose reason the code itself does not show, read off the syntax tree."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.comments.number_sites import is_bit_arithmetic, is_pause, is_plain_number, is_stabiliser
from dodcheck.facts.comments.text_sites import inner_comments, is_intricate_regex, is_long_query
from dodcheck.facts.comments.tool_sites import (
    is_deep_comprehension,
    is_idle_branch,
    is_patch,
    is_runtime_code,
    is_shape_chain,
    is_shared_state,
)

COMPLEX = 15  # the limit of SonarSource's rule S3776, which introduced the measure
_FEWEST = 5  # branches inside each other add 1 + 2 + 3 + 4 + 5
_BRANCHING = (
    ast.If
    | ast.For
    | ast.AsyncFor
    | ast.While
    | ast.ExceptHandler
    | ast.Match
    | ast.IfExp
    | ast.BoolOp
    | ast.comprehension
)
_Test = Callable[[ast.AST, Names], bool]


class Site(msgspec.Struct, frozen=True):
    """One place.

    Args:
        kind: Why it is not obvious, a key of `KINDS`.
        line: 1-based first line of its statement.
        end_line: 1-based last line of its statement, of a compound one that of its header.
        text: The code that makes it so, without comments and layout.
        words: Identifiers and numbers in its statement, as written.
        inner: Comments inside its code: of a verbose pattern, of a query.
    """

    kind: str
    line: int
    end_line: int
    text: str
    words: frozenset[str]
    inner: str = ""


_TESTS: Mapping[type[ast.AST], Mapping[str, _Test]] = {
    ast.Call: {
        "regex": is_intricate_regex,
        "stabiliser": is_stabiliser,
        "pause": is_pause,
        "shapes": is_shape_chain,
        "runtime-code": is_runtime_code,
        "shared-state": is_shared_state,
    },
    ast.BinOp: {"bits": is_bit_arithmetic, "stabiliser": is_stabiliser, "number": is_plain_number},
    ast.Compare: {"number": is_plain_number},
    ast.Constant: {"query": is_long_query},
    ast.JoinedStr: {"query": is_long_query},
    **{kind: {"comprehension": is_deep_comprehension} for kind in (ast.ListComp, ast.SetComp, ast.DictComp)},
    ast.GeneratorExp: {"comprehension": is_deep_comprehension},
    **{kind: {"idle-branch": is_idle_branch} for kind in (ast.If, ast.For, ast.AsyncFor, ast.While)},
    ast.ClassDef: {"runtime-code": is_runtime_code},
    ast.FunctionDef: {"shared-state": is_shared_state},
    ast.Global: {"shared-state": is_shared_state},
    ast.Assign: {"patch": is_patch},
}
KINDS: Mapping[str, str] = {
    "complexity": "much branching",
    "regex": "an intricate regular expression",
    "query": "an SQL query of several clauses",
    "bits": "bit arithmetic",
    "comprehension": "nested comprehensions",
    "stabiliser": "a guard for numerical stability",
    "number": "a number without a name",
    "pause": "a fixed pause",
    "shapes": "a chain of shape changes",
    "runtime-code": "code made at run time",
    "shared-state": "state shared between callers",
    "patch": "a patch of foreign code",
    "idle-branch": "a branch that does nothing",
}


class SiteReader:
    """Reads the sites of one file.

    Args:
        tree: Its syntax tree.
        text: Its text.
    """

    def __init__(self, tree: ast.Module, text: str) -> None:
        self._tree = tree
        self._text = text
        self._known: dict[ast.AST, tuple[Site, ...]] = {}

    @cached_property
    def names(self) -> Names:
        """What names of the file stand for."""
        return names_of(self._tree)

    def of_function(self, function: Function, lines: frozenset[int] | None = None) -> Iterator[Site]:
        """Yield the sites in the body of a function, those of functions inside it left out.

        Args:
            function: The function.
            lines: 1-based lines; only statements on them are read.
        """
        yield from self._of(function.node, function.body, lines)

    def of_module(self, lines: frozenset[int] | None = None) -> Iterator[Site]:
        """Yield the sites at the top level and in the bodies of classes; `lines` as above."""
        yield from self._of(self._tree, self._tree.body, lines)

    def _of(self, whole: ast.AST, body: Sequence[ast.stmt], lines: frozenset[int] | None) -> Iterator[Site]:
        if whole not in self._known:
            self._known[whole] = tuple(self._read(_statements(body, into_classes=whole is self._tree)))
        for site in self._known[whole]:
            if lines is None or not lines.isdisjoint(range(site.line, site.end_line + 1)):
                yield site

    def _read(self, statements: Iterator[ast.stmt]) -> Iterator[Site]:
        for statement in statements:
            nodes = _own_nodes(statement)
            found: dict[str, ast.AST] = {}
            for node in nodes:
                for kind, test in _TESTS.get(type(node), {}).items():
                    if kind not in found and test(node, self.names):
                        found[kind] = node
            yield from (_site(kind, statement, node, nodes) for kind, node in found.items())


def branching(function: Function) -> Site | None:
    """Return a function as a site when its cognitive complexity is 15 or more (Campbell 2018, by complexipy)."""
    branches = sum(isinstance(node, _BRANCHING) for node in walk(function.node))
    if branches < _FEWEST:
        return None
    from complexipy import code_complexity  # noqa: PLC0415 - 12 ms that only functions with many branches cost

    scored = code_complexity(written(function.node)).functions
    score = scored[0].complexity if scored else 0
    words = frozenset(word for node in walk(function.node) for word in _word(node))
    return Site("complexity", function.line, function.end_line, str(score), words) if score >= COMPLEX else None


def _statements(body: Sequence[ast.stmt], *, into_classes: bool) -> Iterator[ast.stmt]:
    for one in body:
        yield one
        if isinstance(one, Definition) and not (into_classes and isinstance(one, ast.ClassDef)):
            continue
        for part in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(one, part, []), into_classes=into_classes)
        for inner in [*getattr(one, "handlers", []), *getattr(one, "cases", [])]:
            yield from _statements(inner.body, into_classes=into_classes)


def _own_nodes(statement: ast.stmt) -> Sequence[ast.AST]:
    """Return a statement and the expressions in it, outer ones first; no statements inside, no annotations."""
    if isinstance(statement, Definition):
        return [statement]  # decorators and defaults are settings, not logic
    noted = statement.annotation if isinstance(statement, ast.AnnAssign) else None
    found: list[ast.AST] = [one for one in children(statement) if one is not noted and not isinstance(one, _INNER)]
    for node in found:  # it grows meanwhile
        found += children(node)
    return [statement, *found]


_INNER = (ast.stmt, ast.excepthandler, ast.match_case)


def _site(kind: str, statement: ast.stmt, found: ast.AST, nodes: Sequence[ast.AST]) -> Site:
    text = written(_header(found)) if isinstance(found, ast.stmt) else written(found)
    words = frozenset(word for node in nodes for word in _word(node))
    inner = inner_comments(found) if kind in {"regex", "query"} else ""
    return Site(kind, statement.lineno, _last_line(statement), text, words, inner)


def _last_line(statement: ast.stmt) -> int:
    """Return the last line of a statement, of a compound one that of its header."""
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        first: ast.stmt = body[0]
        return max(statement.lineno, first.lineno - 1)
    return statement.end_lineno or statement.lineno


def _header(statement: ast.stmt) -> ast.AST:
    """Of a statement with a body the part that tells it from others."""
    for name in ("test", "iter", "subject"):
        if isinstance(part := getattr(statement, name, None), ast.AST):
            return part
    if isinstance(statement, Definition):
        return ast.Name(statement.name, ast.Load())
    return statement


def _word(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.keyword | ast.arg) and node.arg:
        yield node.arg
    elif isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield str(node.value)
