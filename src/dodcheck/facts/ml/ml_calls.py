"""Calls of machine-learning frameworks: what each is for, where it stands, and what it is given."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Self

from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.scopes import Placed, Scope, ScopedModule
from dodcheck.facts.ml.frameworks import Argument, Framework, Frameworks, Kind
from dodcheck.facts.ml.qualified_names import QualifiedNames, imported_modules


@dataclass(frozen=True, eq=False)
class MlCall:
    """One call that the table of frameworks knows.

    Args:
        name: Qualified name, such as `sklearn.preprocessing.StandardScaler.fit`; `?.fit` when nobody knows the owner.
        framework: Name of the framework in the table.
        roles: What the call is for: the words of `frameworks.toml` ("loads", "splits", "fits", "trains", …).
        certain: Imports tell what is called; else it is read off the method's name alone.
        path: The file.
        line: 1-based line of the call.
        symbol: Qualified name of the function or class around it; empty at module level.
        node: The call; nobody may alter it.
        scope: The scope that it is evaluated in.
        takes: Names of its arguments that are hyperparameters.
        hyperparameters: What it is given for them, by name.
        seed_argument: The argument that makes it repeatable; None when there is none.
        seed: What that argument is given; None when it is left out.
    """

    name: str
    framework: str
    roles: frozenset[str]
    certain: bool
    path: str
    line: int
    symbol: str
    node: ast.Call = field(repr=False)
    scope: Scope = field(repr=False)
    takes: tuple[str, ...] = ()
    hyperparameters: Mapping[str, ast.expr] = field(default_factory=dict, repr=False)
    seed_argument: str | None = None
    seed: ast.expr | None = field(default=None, repr=False)

    def has(self, *roles: str) -> bool:
        """Tell whether the call has any of some roles."""
        return not self.roles.isdisjoint(roles)

    def argument(self, name: str, position: int | None = None) -> ast.expr | None:
        """Return what an argument is given, by keyword or by 0-based position; None when it is left out."""
        return _given(self.node, Argument(name, position))

    @property
    def is_open(self) -> bool:
        """The call has `*args` or `**kwargs`: what seems to be left out may be in there."""
        starred = any(isinstance(one, ast.Starred) for one in self.node.args)
        return starred or any(one.arg is None for one in self.node.keywords)


class MlCalls:
    """Calls of frameworks by file of one side; each file is read once, and only when its text imports a framework.

    Args:
        modules: The side to read from.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._table = Frameworks.shipped()
        self.names = QualifiedNames(modules, self._table.mention)
        self._calls: dict[str, tuple[MlCall, ...]] = {}
        self._frameworks: dict[str, tuple[Framework, ...]] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(modules)

    def frameworks(self, path: str | None) -> tuple[Framework, ...]:
        """Return the frameworks that a file imports; none where there is no file.

        Raises:
            ToolError: The file names a framework and cannot be parsed.
        """
        if not path or not self._table.mention.search(self._modules.text(path)):
            return ()
        with self._lock:
            if path not in self._frameworks:
                self._frameworks[path] = self._table.imported(imported_modules(self.names.source(path)))
            return self._frameworks[path]

    def uses(self, path: str | None, *kinds: Kind) -> bool:
        """Tell whether a file imports a framework of some kinds; by default one that trains models."""
        wanted = kinds or ("learning",)
        return any(one.kind in wanted for one in self.frameworks(path))

    def at(self, path: str | None) -> tuple[MlCall, ...]:
        """Return the calls that the table knows in a file, in the order of the text; none where there is no file.

        Raises:
            ToolError: The file names a framework and cannot be parsed.
        """
        frameworks = self.frameworks(path)
        if not path or not frameworks:
            return ()
        with self._lock:
            if path not in self._calls:
                self._calls[path] = tuple(self._read(self.names.source(path), frameworks))
            return self._calls[path]

    def scopes(self, path: str) -> ScopedModule:
        """Return the scopes of a file: what its names are bound to.

        Raises:
            ToolError: It cannot be parsed.
        """
        with self._lock:
            return self.names.source(path)

    def _read(self, source: ScopedModule, frameworks: tuple[Framework, ...]) -> Iterator[MlCall]:
        placed = sorted(source.placed[ast.Call], key=lambda one: (one.node.lineno, one.node.col_offset))  # type: ignore[attr-defined]
        for one in placed:
            node = one.node
            if not isinstance(node, ast.Call):
                continue
            call = self._known(node, one, source.path) or _guessed(node, one, source.path, frameworks)
            if call:
                yield call

    def _known(self, node: ast.Call, one: Placed, path: str) -> MlCall | None:
        found = self.names.of(node.func, one.scope)
        name = self._table.canonical(found) if found else ""
        meaning = self._table.meaning(name) if name else None
        if meaning is None:
            return None
        same = _last(node.func) == name.rpartition(".")[2]  # a class of one's own may take others in these places
        asked = [each if same else Argument(each.name, None) for each in meaning.hyperparameters]
        given = {each.name: value for each in asked if (value := _given(node, each)) is not None}
        return MlCall(
            name=name,
            framework=meaning.framework,
            roles=meaning.roles,
            certain=True,
            path=path,
            line=node.lineno,
            symbol=one.symbol,
            node=node,
            scope=one.scope,
            takes=tuple(each.name for each in meaning.hyperparameters),
            hyperparameters=given,
            seed_argument=meaning.seed.name if meaning.seed else None,
            seed=_given(node, meaning.seed) if meaning.seed else None,
        )


def _guessed(call: ast.Call, one: Placed, path: str, frameworks: tuple[Framework, ...]) -> MlCall | None:
    """Read the role of a call off the name of the method, where the file imports a framework that has it."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    found = [each for each in frameworks if method in each.methods]
    if not found:
        return None
    roles = frozenset().union(*(each.methods[method] for each in found))
    return MlCall(f"?.{method}", found[0].name, roles, False, path, call.lineno, one.symbol, call, one.scope)  # noqa: FBT003


def _last(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _given(call: ast.Call, argument: Argument) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == argument.name:
            return keyword.value
    before = call.args[: argument.position + 1] if argument.position is not None else []
    if argument.position is None or len(before) <= argument.position:
        return None
    return None if any(isinstance(one, ast.Starred) for one in before) else before[-1]
