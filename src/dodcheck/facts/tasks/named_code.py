"""Where the code of one side has what an acceptance criterion names; comments and docstrings do not count."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple, Self

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Definition, Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.http.endpoint import ANY, anonymous
from dodcheck.facts.http.endpoints import Endpoints
from dodcheck.facts.tasks.anchors import Anchor
from dodcheck.roles import role_of

_ROLES = {"source", "config", "migration"}
_LARGE = 2_000_000  # characters; a file beyond it is data
_COMMENT = re.compile(r"^\s*(?:#|//|/?\*|--|;|<!--).*$", re.MULTILINE)


class Place(NamedTuple):
    """One file and 1-based line."""

    path: str
    line: int


class NamedCode:
    """Places of names in the code of one side.

    Args:
        snapshot: The side.
        modules: Its Python.
        endpoints: Its HTTP interface.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules, endpoints: Endpoints) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._endpoints = endpoints
        self._known: dict[Anchor, Place | None] = {}

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules, endpoints: Endpoints) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, modules, endpoints)

    def can_tell(self, anchor: Anchor) -> bool:
        """Tell whether what is not found is not there: routes of an unknown framework, or made at run time, may be."""
        return anchor.kind != "route" or bool(self._endpoints.all and not self._endpoints.unresolved)

    def place(self, anchor: Anchor) -> Place | None:
        """Return the first place of what is named; a definition comes before a use."""
        if anchor not in self._known:
            self._known[anchor] = self._find(anchor)
        return self._known[anchor]

    def is_unused(self, anchor: Anchor, place: Place) -> bool:
        """Return whether no source, setting or template refers to a function or class that a module defines.

        What a decorator registers and what has a base class is used by whoever calls it through those.

        Args:
            anchor: The name.
            place: Where it is defined.
        """
        body = self._modules.tree(place.path).body if place.path.endswith(".py") else []
        named = [n for n in body if isinstance(n, Definition) and n.name == anchor.name]
        if len(named) != 1 or named[0].decorator_list or getattr(named[0], "bases", None):
            return False
        return next(self._uses(anchor, place, named[0]), None) is None

    def _uses(self, anchor: Anchor, place: Place, node: Definition) -> Iterator[tuple[int, Place]]:
        own = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for path in self._snapshot.paths():
            text = self._modules.text(path) if role_of(path) in {*_ROLES, "other"} else ""
            if anchor.name in text and len(text) <= _LARGE:
                if not path.endswith(".py"):
                    yield from self._in_file(path, text, anchor)
                    continue
                try:
                    found = [(rank, Place(path, line)) for rank, line in _in_tree(self._modules.tree(path), anchor)]
                except ToolError:  # who knows
                    found = [(2, Place(path, 1))]
                yield from (one for one in found if path != place.path or one[1].line not in own)

    def _find(self, anchor: Anchor) -> Place | None:
        if anchor.kind == "path":
            paths = self._snapshot.paths()
            found = [path for path in paths if path == anchor.text or path.endswith(f"/{anchor.text}")]
            return Place(found[0], 1) if found else None
        if anchor.kind == "route":
            return self._route(anchor.text)
        places = sorted(self._places(anchor), key=lambda pair: pair[0])
        return places[0][1] if places else None

    def _route(self, text: str) -> Place | None:
        """Return the endpoint of a method and a path; a criterion may leave out a prefix that all paths have."""
        method, _, path = text.rpartition(" ")
        wanted = anonymous(path)
        for one in self._endpoints.all:
            if method in {"", one.method} or one.method == ANY:
                found = anonymous(one.path)
                if found == wanted or found.endswith(wanted):
                    return Place(one.file, one.line)
        return None

    def _places(self, anchor: Anchor) -> Iterator[tuple[int, Place]]:
        name = anchor.name
        for path in self._snapshot.paths():
            if role_of(path) not in _ROLES or not (text := self._modules.text(path)) or name not in text:
                continue
            if len(text) > _LARGE:
                continue
            yield from self._in_file(path, text, anchor)

    def _in_file(self, path: str, text: str, anchor: Anchor) -> Iterator[tuple[int, Place]]:
        if path.endswith(".py"):
            try:
                tree = self._modules.tree(path)
            except ToolError:  # told by the rules that judge this file
                return
            found = sorted(_in_tree(tree, anchor))
            yield from ((rank, Place(path, line)) for rank, line in found[:1])
            return
        bare = _COMMENT.sub("", text)
        match = re.search(rf"(?<![\w-]){re.escape(anchor.name)}(?![\w-])", bare)
        if match:
            yield 2, Place(path, bare.count("\n", 0, match.start()) + 1)


def _in_tree(tree: ast.Module, anchor: Anchor) -> Iterator[tuple[int, int]]:
    """Yield a rank and a line for each place: 0 defined, 1 bound or imported, 2 used or written in a text."""
    documentation = set(_docstrings(tree))
    for node in walk(tree):
        line = getattr(node, "lineno", 1)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node not in documentation and _says(node.value, anchor):
                yield 2, line
        elif anchor.kind == "symbol":
            rank = _rank(node, anchor.name)
            if rank is not None:
                yield rank, line


def _rank(node: ast.AST, name: str) -> int | None:
    if isinstance(node, Definition):
        return 0 if node.name == name else None
    if isinstance(node, ast.alias):
        return 1 if name in {node.asname, node.name.rpartition(".")[2]} else None
    if isinstance(node, ast.arg | ast.keyword):
        return 1 if node.arg == name else None
    if isinstance(node, ast.Name):
        return (1 if isinstance(node.ctx, ast.Store) else 2) if node.id == name else None
    if isinstance(node, ast.Attribute):
        return (1 if isinstance(node.ctx, ast.Store) else 2) if node.attr == name else None
    return None


def _says(text: str, anchor: Anchor) -> bool:
    if anchor.kind == "symbol":
        return text == anchor.name
    if anchor.kind == "text":
        return anchor.text in text
    return re.search(rf"(?<![\w-]){re.escape(anchor.text)}(?![\w-])", text) is not None


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield every text that stands alone as a statement: docstrings, and what is written like one."""
    for node in walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
