"""Lexical scopes of one module: what each name is bound to, and in which scope every node stands."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.writing import written

_KEPT = (ast.Call, ast.Dict, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef)
_OPENING = {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}
_NOTED = {ast.Import, ast.ImportFrom, ast.Return, ast.Yield}
_BARE = (ast.Constant, ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)


class Imported(msgspec.Struct, frozen=True):
    """One imported name: `from module import name` (level dots), or `import module` with no name."""

    module: str
    name: str | None = None
    level: int = 0


BoundTo: TypeAlias = ast.expr | ast.arg | Definition | Imported | None


class Binding(msgspec.Struct, eq=False):
    """One thing that a name is bound to; None when it cannot be read off, as in `for name in …`.

    Args:
        value: The thing.
        scope: Where the names in it are to be looked up.
    """

    value: BoundTo
    scope: "Scope"


class Scope(msgspec.Struct, eq=False):
    """A module, class, function or lambda; comprehensions belong to the scope around them.

    Args:
        node: What opens the scope.
        parent: The scope around it.
        bound: Bindings by name, in the order of the text.
        attributes: Of a class: what its methods assign to attributes of `self` and `cls`.
        stars: Modules imported with `*`.
        returns: Of a function: what it returns or yields.
    """

    node: ast.AST
    parent: "Scope | None" = None
    bound: dict[str, list[Binding]] = msgspec.field(default_factory=dict)
    attributes: dict[str, list[Binding]] = msgspec.field(default_factory=dict)
    stars: list[Imported] = msgspec.field(default_factory=list)
    returns: list[ast.expr] = msgspec.field(default_factory=list)

    @property
    def is_class(self) -> bool:
        """Names of a class body are not seen by the functions in it."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def enclosing_class(self) -> "Scope | None":
        """The nearest class around, or the scope itself."""
        scope: Scope | None = self
        while scope is not None and not scope.is_class:
            scope = scope.parent
        return scope

    def bind(self, name: str, value: BoundTo, scope: "Scope | None" = None) -> None:
        """Add a binding, read in `scope` (by default in this one)."""
        self.bound.setdefault(name, []).append(Binding(value, scope or self))


class Placed(NamedTuple):
    """A node with the scope it is evaluated in and the qualified name of what it belongs to."""

    node: ast.AST
    scope: Scope
    symbol: str


class ScopedModule:
    """The scopes of one module.

    Attributes: `root` and `inner` are its scopes (the latter by the node that opens them), `placed` are nodes by
    type in the order of the text, `loaded` those that read a name or attribute, by it; `fixtures` are pytest's by
    name, `dotted` what `import a.b` names.

    Args:
        tree: The module.
        path: Its file.
    """

    def __init__(self, tree: ast.Module, path: str) -> None:
        self.path = path
        self.root = Scope(tree)
        self.inner: dict[ast.AST, Scope] = {tree: self.root}
        self.fixtures: dict[str, list[Function]] = {}
        self.dotted: set[str] = set()
        self.placed: dict[type[ast.AST], list[Placed]] = {kind: [] for kind in _KEPT}
        self.loaded: dict[str, list[Placed]] = {}
        stack = [Placed(tree, self.root, "")]
        while stack:
            one = stack.pop()
            kind = type(one.node)
            if kind in _KEPT:
                self.placed[kind].append(one)
            parts = self._parts(one)
            parts.reverse()
            stack += parts

    def local_names(self, imported: str) -> set[str]:
        """Return what the module calls the things that it imports under a name."""
        return {
            name
            for scope in self.inner.values()
            for name, bindings in scope.bound.items()
            if any(isinstance(one.value, Imported) and one.value.name == imported for one in bindings)
        }

    def _parts(self, one: Placed) -> list[Placed]:
        node, scope, symbol = one
        kind = type(node)
        if kind in _OPENING:
            return list(self._open(node, one))  # type: ignore[arg-type]
        if isinstance(node, ast.Name | ast.Attribute):
            self._named(node, one)
        elif kind in _NOTED:
            self._note(node, scope)
        if isinstance(node, ast.Assign):
            children: Iterable[ast.AST] = [*_unread(node.targets, node.value, scope), node.value]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            children = [*_unread([node.target], node.value, scope), node.value]
        elif isinstance(node, ast.comprehension):  # its targets are visible in the comprehension alone
            children = [node.iter, *node.ifs]
        else:
            children = _children(node)
        return [Placed(child, scope, symbol) for child in children]

    def _named(self, node: ast.Name | ast.Attribute, one: Placed) -> None:
        name = node.id if isinstance(node, ast.Name) else node.attr
        if isinstance(node.ctx, ast.Load):
            self.loaded.setdefault(name, []).append(one)
        elif isinstance(node.ctx, ast.Store) and isinstance(node, ast.Name):
            one.scope.bind(name, None)

    def _open(self, node: Definition | ast.Lambda, outer: Placed) -> Iterator[Placed]:
        inner = self.inner[node] = Scope(node, outer.scope)
        symbol = outer.symbol
        body: Sequence[ast.AST]
        if isinstance(node, ast.Lambda):
            inner.returns.append(node.body)
            body = [node.body]
        else:
            symbol = f"{symbol}.{node.name}" if symbol else node.name
            outer.scope.bind(node.name, node)
            body = node.body
        around: list[ast.AST] = []
        if isinstance(node, ast.ClassDef):
            around += [*node.decorator_list, *node.bases, *node.keywords]
        else:
            around += [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
            for arg in _parameters(node.args):
                inner.bind(arg.arg, arg)
        if isinstance(node, Function):
            around = [*node.decorator_list, *around]
            self._fixture(node)
        yield from (Placed(part, outer.scope, symbol) for part in around)
        yield from (Placed(part, inner, symbol) for part in body)

    def _fixture(self, node: Function) -> None:
        for mark in node.decorator_list:
            call = mark if isinstance(mark, ast.Call) else None
            if written(call.func if call else mark).endswith("fixture"):
                named = [k.value for k in call.keywords if k.arg == "name"] if call else []
                name = named[0].value if named and isinstance(named[0], ast.Constant) else node.name
                self.fixtures.setdefault(str(name), []).append(node)

    def _note(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                head = alias.name.partition(".")[0]
                scope.bind(alias.asname or head, Imported(alias.name if alias.asname else head))
                if not alias.asname:
                    self.dotted.add(alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                one = Imported(node.module or "", alias.name, node.level)
                if alias.name == "*":
                    scope.stars.append(one)
                else:
                    scope.bind(alias.asname or alias.name, one)
        elif isinstance(node, ast.Return | ast.Yield) and node.value:
            scope.returns.append(node.value)


def _children(node: ast.AST) -> list[ast.AST]:
    """Return what a node is made of, less what holds no name: half of the time of ast.iter_child_nodes."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [part for part in value if isinstance(part, ast.AST) and not isinstance(part, _BARE)]
        elif isinstance(value, ast.AST) and not isinstance(value, _BARE):
            found.append(value)
    return found


def _parameters(args: ast.arguments) -> list[ast.arg]:
    starred = [arg for arg in (args.vararg, args.kwarg) if arg]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *starred]


def _unread(targets: Iterable[ast.expr], value: ast.expr, scope: Scope) -> list[ast.expr]:
    """Bind the plain targets of an assignment to its value; return the others."""
    others: list[ast.expr] = []
    for target in targets:
        owner = target.value if isinstance(target, ast.Attribute) else None
        holder = scope.enclosing_class
        if isinstance(target, ast.Name):
            scope.bind(target.id, value)
        elif isinstance(target, ast.Attribute) and isinstance(owner, ast.Name) and owner.id in {"self", "cls"}:
            if holder:
                holder.attributes.setdefault(target.attr, []).append(Binding(value, scope))
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, its in zip(target.elts, value.elts, strict=True):
                others += _unread([one], its, scope)
        else:
            others.append(target)
    return others
