"""Routes of Django and of the REST framework: `urlpatterns`, `include`, class views, routers and view sets."""

import ast
from collections.abc import Hashable, Iterator

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.scopes import Placed, Scope, ScopedModule
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.endpoint import ANY, Unresolved
from dodcheck.facts.http.expressions import Expressions
from dodcheck.facts.http.loops import Loops
from dodcheck.facts.http.path_texts import PathTexts
from dodcheck.facts.http.route_table import Inclusion, Route, RouteTable
from dodcheck.facts.http.routers import Routers
from dodcheck.facts.http.url_patterns import as_template
from dodcheck.facts.http.view_methods import ViewMethods
from dodcheck.facts.http.view_sets import ViewSets

_PATTERNS = {"path", "re_path", "url"}
_WRAPPERS = {"format_suffix_patterns", "i18n_patterns", "list", "tuple", "patterns"}
_LIST = "urlpatterns"


class DjangoRoutes:
    """Reads the URL configurations of one side into a table; a configuration's key is `("urls", file)`.

    Args:
        expressions: The side.
        table: Where routes go.
    """

    def __init__(self, expressions: Expressions, table: RouteTable) -> None:
        self._expressions = expressions
        self._texts = PathTexts(expressions)
        self._table = table
        self._routers = Routers(expressions, self._texts, table)
        self._views = ViewMethods(expressions)
        self._sets = ViewSets(expressions, self._texts)
        self._read_lists: set[ast.List] = set()
        self.unresolved: list[Unresolved] = []

    def read(self, module: ScopedModule) -> None:
        """Read one module."""
        if _LIST in module.root.bound:
            key = ("urls", module.path)
            self._table.apps[key] = None
            for value in _lists(module):
                self._patterns(value, module.root, key, module)
        for placed in module.placed[ast.Call]:
            call = placed.node
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "register":
                self._register(call, call.func.value, placed, module)

    def _patterns(self, node: ast.expr, scope: Scope, owner: Hashable, module: ScopedModule) -> None:
        if isinstance(node, ast.List | ast.Tuple):
            for one in node.elts:
                self._entry(one, scope, owner, module)
        elif isinstance(node, ast.BinOp):
            self._patterns(node.left, scope, owner, module)
            self._patterns(node.right, scope, owner, module)
        elif isinstance(node, ast.Starred):
            self._patterns(node.value, scope, owner, module)
        elif isinstance(node, ast.Call) and _name(node) in _WRAPPERS:
            for one in node.args:
                self._patterns(one, scope, owner, module) if isinstance(one, ast.List) else self._entry(
                    one, scope, owner, module
                )
        elif isinstance(node, ast.Name | ast.Attribute) and written(node) != _LIST:
            self._included(node, "", scope, owner, module)

    def _entry(self, node: ast.expr, scope: Scope, owner: Hashable, module: ScopedModule) -> None:
        if not isinstance(node, ast.Call) or _name(node) not in _PATTERNS:
            self._patterns(node, scope, owner, module)
            return
        given = {k.arg: k.value for k in node.keywords if k.arg}
        route = given.get("route") or given.get("regex") or (node.args[0] if node.args else None)
        view = given.get("view") or (node.args[1] if len(node.args) > 1 else None)
        text = self._texts.of(route, scope)
        if view is None:
            return
        if text is None:
            self.unresolved.append(_doubt(node, module))
            return
        template = as_template(text, regex=_name(node) != "path")
        if isinstance(view, ast.Call) and _name(view) == "include":
            inside = view.args[0] if view.args else None
            if inside is not None:
                self._included(inside, template, scope, owner, module)
        elif isinstance(view, ast.Attribute) and view.attr == "urls":
            self._included(view, template, scope, owner, module)
        else:
            self._viewed(node, template, view, Placed(node, scope, ""), owner, module)

    def _included(self, node: ast.expr, prefix: str, scope: Scope, owner: Hashable, module: ScopedModule) -> None:
        if isinstance(node, ast.Tuple) and node.elts:
            node = node.elts[0]
        for child in self._children(node, scope, module):
            self._table.inclusions.append(Inclusion(owner, child, prefix))

    def _children(self, node: ast.expr, scope: Scope, module: ScopedModule) -> Iterator[Hashable]:
        named = self._texts.of(node, scope)
        if named is not None:
            path = self._expressions.find(named, module.path)
            yield from [("urls", path)] if path else []
        elif isinstance(node, ast.List | ast.BinOp):
            self._patterns(node, scope, node, module)
            yield node
        elif isinstance(node, ast.Attribute) and node.attr == "urls":
            yield from self._routers.keys(node.value, scope)
        else:
            yield from self._named(node, scope, module)

    def _named(self, node: ast.expr, scope: Scope, module: ScopedModule) -> Iterator[Hashable]:
        for one in self._expressions.targets(node, scope):
            if one.module:
                yield "urls", one.module
            elif isinstance(one.node, ast.List | ast.Tuple) and one.scope:
                if isinstance(one.node, ast.List):
                    yield self._listed(one.node, one.scope)
                elif one.node.elts:
                    yield from self._children(one.node.elts[0], one.scope, module)
            elif isinstance(one.node, ast.Attribute) and one.scope:
                yield from self._children(one.node, one.scope, module)

    def _listed(self, node: ast.List, scope: Scope) -> Hashable:
        """Return the key of a list of patterns: the configuration that it is the `urlpatterns` of, else itself."""
        at = self._expressions.scopes.module_of(scope)
        if any(one.value is node for one in at.root.bound.get(_LIST, ())):
            return "urls", at.path
        if node not in self._read_lists:
            self._read_lists.add(node)
            self._patterns(node, scope, node, at)
        return node

    def _viewed(
        self, call: ast.Call, path: str, view: ast.expr, placed: Placed, owner: Hashable, module: ScopedModule
    ) -> None:
        while isinstance(view, ast.Call) and _name(view) != "as_view" and view.args:
            view = view.args[0]  # csrf_exempt(view), cache_page(60)(view)
        handler, table = view, None
        if isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute):
            handler = view.func.value
            table = view.args[0] if view.args and isinstance(view.args[0], ast.Dict) else None
        found = self._expressions.targets(handler, placed.scope)
        target = next((one for one in found if isinstance(one.node, Definition)), None)
        named = _actions(table)
        methods = tuple(named) or self._views.of_view(target) or (ANY,)
        self._table.routes.append(
            Route(owner, methods, path, call, placed.scope, module.path, target, method_of=named or _by_verb(methods))
        )

    def _register(self, call: ast.Call, owner: ast.expr, placed: Placed, module: ScopedModule) -> None:
        if len(call.args) + len(call.keywords) < 2:  # noqa: PLR2004 - a prefix and a view set
            return
        given = {k.arg: k.value for k in call.keywords if k.arg}
        prefix = given.get("prefix") or (call.args[0] if call.args else None)
        view = given.get("viewset") or (call.args[1] if len(call.args) > 1 else None)
        keys = self._routers.keys(owner, placed.scope)
        if not keys or view is None:
            return
        text = self._texts.of(prefix, placed.scope)
        if text is None:
            self.unresolved.append(_doubt(call, module, placed.symbol))
            return
        for target in self._expressions.targets(view, placed.scope):
            if isinstance(target.node, ast.ClassDef):
                for one in self._sets.routes(as_template(text, regex=True), target):
                    for key in keys:
                        named = dict.fromkeys(one.methods, one.name)
                        self._table.routes.append(
                            Route(key, one.methods, one.path, call, placed.scope, module.path, target, method_of=named)
                        )


def _lists(module: ScopedModule) -> Iterator[ast.expr]:
    """Yield what is assigned to `urlpatterns`, and added to it later."""
    for binding in module.root.bound.get(_LIST, ()):
        if isinstance(binding.value, ast.expr):
            yield binding.value
    for node in walk(module.root.node):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == _LIST:
            yield node.value
        elif isinstance(node, ast.Call) and written(node.func) == f"{_LIST}.append":
            yield ast.List(node.args)
        elif isinstance(node, ast.Call) and written(node.func) == f"{_LIST}.extend" and node.args:
            yield node.args[0]


def _name(call: ast.Call) -> str:
    return written(call.func).rpartition(".")[2]


def _doubt(call: ast.Call, module: ScopedModule, symbol: str = "") -> Unresolved:
    return Unresolved(module.path, call.lineno, symbol, "\n".join([written(call), *Loops.tables(module)]))


def _actions(table: ast.expr | None) -> dict[str, str]:
    """Read `{"get": "list"}` of `ViewSet.as_view`."""
    if not isinstance(table, ast.Dict):
        return {}
    pairs = zip(table.keys, table.values, strict=True)
    return {
        str(k.value).upper(): str(v.value)
        for k, v in pairs
        if isinstance(k, ast.Constant) and isinstance(v, ast.Constant)
    }


def _by_verb(methods: tuple[str, ...]) -> dict[str, str]:
    return {one: one.lower() for one in methods if one != ANY}
