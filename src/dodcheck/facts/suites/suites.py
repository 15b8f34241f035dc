"""The tests of one file, and what they share: helpers, fixtures, tables, marks."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import children
from dodcheck.facts.suites.collection import Collection
from dodcheck.facts.suites.folding import text_of, truth
from dodcheck.facts.suites.statements import assigned, blocks, classes, marks, switches, tables
from dodcheck.patterns import pattern

_WORD = pattern(r"\w+|[^\w\s]")
_TEXT = pattern(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
_SELF = {"self", "cls"}


@dataclass(frozen=True, eq=False)
class SuiteTest:
    """One function of a test file.

    Args:
        path: The file.
        name: Qualified name in the file.
        node: Its syntax tree; nobody may alter it.
        parents: Classes around it, outermost first.
        guards: Conditions under which it is defined; a pair with False is the `else` of one.
        blocked: Why the runner does not collect it; empty when it does, or when that cannot be told.
        module: The file.
    """

    path: str
    name: str
    node: Function = field(repr=False)
    parents: tuple[ast.ClassDef, ...] = field(repr=False)
    guards: tuple[tuple[ast.expr, bool], ...] = field(repr=False)
    blocked: str
    module: "SuiteModule" = field(repr=False)

    @property
    def id(self) -> str:
        """The runner's name of it, without parameters."""
        return "::".join([self.path, *self.name.split(".")])

    @property
    def line(self) -> int:
        """1-based line of `def`."""
        return self.node.lineno

    @cached_property
    def text(self) -> str:
        """The lines of the function, decorators included, as they stand."""
        first = min([self.line, *(one.lineno for one in self.node.decorator_list)])
        return "\n".join(self.module.lines[first - 1 : self.node.end_lineno])

    @cached_property
    def body(self) -> list[ast.stmt]:
        """The statements without the docstring."""
        return self.node.body[1:] if ast.get_docstring(self.node, clean=False) is not None else self.node.body

    @cached_property
    def code(self) -> str:
        """The body without docstring, comments and formatting."""
        return "\n".join(map(text_of, self.body))

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word and sign stands in the body; texts count as one word."""
        return Counter(_WORD.findall(_TEXT.sub("_", self.code)))

    @property
    def marks(self) -> Sequence[ast.expr]:
        """Decorators and `pytestmark` values that hold for it, outermost first."""
        of_classes = [mark for parent in self.parents for mark in marks(parent.body, parent.decorator_list)]
        return [*self.module.marks, *of_classes, *self.node.decorator_list]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, `self` and `cls` left out."""
        args = self.node.args
        return tuple(a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs] if a.arg not in _SELF)


class _Place(NamedTuple):
    body: Sequence[ast.stmt]
    parents: tuple[ast.ClassDef, ...] = ()
    guards: tuple[tuple[ast.expr, bool], ...] = ()
    inside: str = ""  # the function around


class SuiteModule:
    """One test file of one side.

    Attributes: `tests` are what the runner collects, `others` every further function; `classes` are by name,
    `tables` what module names are assigned, `marks` the values of `pytestmark`; `is_named`
    tells whether the file is called like a test module.

    Args:
        path: The file.
        text: Its text.
        tree: Its syntax tree.
        collection: What the runner takes for a test.
    """

    def __init__(self, path: str, text: str, tree: ast.Module, collection: Collection) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.tree = tree
        self.marks = tuple(marks(tree.body, ()))
        self.classes = {node.name: node for node in classes(tree.body)}
        self.tables: Mapping[str, ast.expr] = dict(tables(tree.body, text))
        self._collection = collection
        self.is_named = collection.names_file(path)
        self._disowned = {name for name, value in switches(tree.body) if truth(value) is False}
        functions = list(self._read(_Place(tree.body)))
        self.tests = tuple(one for one in functions if self._is_test(one) and not one.blocked)
        self.others = tuple(one for one in functions if not self._is_test(one) or one.blocked)

    @cached_property
    def names(self) -> Names:
        """What the names of the file stand for."""
        return names_of(self.tree, ".".join(self.path.split("/")[:-1]))

    @cached_property
    def helpers(self) -> Mapping[str, SuiteTest]:
        """Every function that is no test, by qualified name."""
        return {one.name: one for one in self.others}

    @cached_property
    def fixtures(self) -> Mapping[str, SuiteTest]:
        """Pytest's fixtures by the name under which tests ask for them."""
        return {_fixture_name(one.node): one for one in self.others if is_fixture(one.node)}

    def of_class(self, cls: ast.ClassDef, name: str) -> "SuiteTest | None":
        """Return a method of a class, or of the bases that the file defines."""
        own = f"{self._path_of(cls)}.{name}"
        found = self.helpers.get(own) or next((one for one in self.tests if one.name == own), None)
        if found:
            return found
        bases = [self.classes.get(base.id) for base in cls.bases if isinstance(base, ast.Name)]
        return next((m for base in bases if base and base is not cls and (m := self.of_class(base, name))), None)

    def _path_of(self, cls: ast.ClassDef) -> str:
        owners = {method.parents[-1]: method for method in [*self.others, *self.tests] if method.parents}
        return owners[cls].name.rpartition(".")[0] if cls in owners else cls.name

    def _is_test(self, one: SuiteTest) -> bool:
        return self._collection.names_function(one.node.name) and not is_fixture(one.node)

    def _read(self, place: _Place) -> Iterator[SuiteTest]:
        last = {stmt.name: stmt for stmt in place.body if isinstance(stmt, Function)}
        for stmt in place.body:
            if isinstance(stmt, Function):
                name = ".".join([*(parent.name for parent in place.parents), stmt.name])
                shadowed = last[stmt.name] is not stmt and not _may_repeat(stmt)
                blocked = "another one of its name follows" if shadowed else self._blocked(stmt, name, place)
                yield SuiteTest(self.path, name, stmt, place.parents, place.guards, blocked, self)
                nested = _Place(stmt.body, place.parents, place.guards, stmt.name)
                yield from (one for one in self._read(nested) if self._is_test(one))
            elif isinstance(stmt, ast.ClassDef):
                yield from self._read(_Place(stmt.body, (*place.parents, stmt), place.guards, place.inside))
            else:
                for part, guards in blocks(stmt):
                    yield from self._read(place._replace(body=part, guards=(*place.guards, *guards)))

    def _blocked(self, node: Function, name: str, place: _Place) -> str:
        if place.inside:
            return f"it stands inside of {place.inside}"
        if any(truth(guard, self.tables) is (not held) for guard, held in place.guards):
            return "the condition around it never holds"
        if name in self._disowned:
            return "__test__ is False"
        if _yields(node, self.lines) and not is_fixture(node) and not _may_repeat(node):
            return "a test that yields never runs"
        return next(filter(None, (self._refused(parent) for parent in place.parents)), "")

    def _refused(self, cls: ast.ClassDef) -> str:
        """Say why a class is not collected; a class with bases may be a TestCase, or a mixin of one elsewhere."""
        if any(name == "__test__" and truth(value) is False for name, value in assigned(cls.body)):
            return "" if self._subclassed(cls) else f"{cls.name}.__test__ is False"
        if cls.bases and not all(_is_plain(base) for base in cls.bases):
            return ""
        makers = {"__init__", "__new__"}
        if any(isinstance(stmt, Function) and stmt.name in makers for stmt in cls.body):
            return f"{cls.name} has a constructor"
        if self.is_named and not self._collection.names_class(cls.name) and not self._subclassed(cls):
            return f"{cls.name} is not named like a class of tests"
        return ""

    def _subclassed(self, cls: ast.ClassDef) -> bool:
        return any(isinstance(b, ast.Name) and b.id == cls.name for other in self.classes.values() for b in other.bases)


def is_fixture(node: Function) -> bool:
    """Tell whether a function is a fixture of pytest."""
    bare = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
    return any(text_of(mark).rpartition(".")[2] in {"fixture", "yield_fixture"} for mark in bare)


def _fixture_name(node: Function) -> str:
    calls = [mark for mark in node.decorator_list if isinstance(mark, ast.Call)]
    named = [k.value.value for c in calls for k in c.keywords if k.arg == "name" and isinstance(k.value, ast.Constant)]
    return str(named[0]) if named else node.name


def _may_repeat(node: Function) -> bool:
    """A property's setter, an overload or a singledispatch variant repeats a name on purpose."""
    return any(not text_of(mark).startswith(("pytest.", "mock.", "patch")) for mark in node.decorator_list)


def _is_plain(base: ast.expr) -> bool:
    return text_of(base).rpartition(".")[2].partition("[")[0] in {"object", "ABC", "Generic", "Protocol"}


def _yields(node: Function, lines: Sequence[str]) -> bool:
    if not any("yield" in line for line in lines[node.lineno - 1 : node.end_lineno]):
        return False
    stack: list[ast.AST] = list(node.body)
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(part, Function | ast.ClassDef | ast.Lambda):
            stack += children(part)
    return False
