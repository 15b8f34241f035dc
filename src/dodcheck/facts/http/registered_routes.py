"""Routes of FastAPI, Starlette and Flask: decorators, registering calls, route lists, inclusions and mounts."""

import ast
import re
from collections.abc import Hashable, Sequence

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.scopes import Placed, ScopedModule
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.endpoint import ANY, WEBSOCKET, Unresolved
from dodcheck.facts.http.expressions import Expressions, Target
from dodcheck.facts.http.loops import Loops
from dodcheck.facts.http.path_texts import PathTexts
from dodcheck.facts.http.route_table import Inclusion, Route, RouteTable
from dodcheck.facts.http.routers import Routers, is_constant
from dodcheck.facts.http.view_methods import ViewMethods

_VERBS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
_GENERAL = {"route", "api_route", "add_api_route", "add_route", "add_url_rule", "add_view_func"}
_SOCKETS = {"websocket", "websocket_route", "add_api_websocket_route", "add_websocket_route"}
_INCLUDES = {"include_router", "register_blueprint", "mount", "add_namespace", "host"}
_RESOURCES = re.compile(r"^add_\w*resource$")
_LISTED = {"Route", "APIRoute", "WebSocketRoute", "APIWebSocketRoute", "Mount"}
_PATHS = ("path", "rule", "prefix", "url_prefix")
_HANDLERS = ("endpoint", "view_func", "route", "handler", "app")


class RegisteredRoutes:
    """Reads the routes of one module after the other into a table.

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
        self.unresolved: list[Unresolved] = []

    def read(self, module: ScopedModule) -> None:
        """Read one module."""
        decorated = _decorated(module)
        loops = Loops(module)
        for placed in module.placed[ast.Call]:
            call = placed.node
            if not isinstance(call, ast.Call):
                continue
            if isinstance(call.func, ast.Attribute):
                self._method(call, call.func, placed, module, decorated.get(call), loops)
            if _makes(call) and self._routers.kind(call, placed.scope):
                self._listed(call, call, placed, module)

    def _method(
        self,
        call: ast.Call,
        func: ast.Attribute,
        placed: Placed,
        module: ScopedModule,
        decorated: Definition | None,
        loops: Loops,
    ) -> None:
        name = func.attr
        known = name in _VERBS or name in _GENERAL or name in _SOCKETS or name in _INCLUDES or _RESOURCES.match(name)
        if not known or (isinstance(func.value, ast.Attribute) and func.value.attr == "webhooks"):
            return
        owners = self._routers.keys(func.value, placed.scope)
        if not owners:
            return
        if name in _INCLUDES:
            self._included(call, owners, placed, loops)
        elif name in _VERBS and decorated is None and not _is_called(call, module):
            return  # client.get("/path"), or a dictionary's get
        else:
            self._routed(call, name, owners, placed, module, decorated)

    def _included(self, call: ast.Call, owners: Sequence[Hashable], placed: Placed, loops: Loops) -> None:
        given = {k.arg: k.value for k in call.keywords if k.arg}
        args = list(call.args)
        mounted = isinstance(call.func, ast.Attribute) and call.func.attr in {"mount", "host"}
        prefix = next((given[name] for name in (*_PATHS, "url_prefix") if name in given), None)
        if mounted:
            prefix = prefix or (args.pop(0) if args else None)
        child = next((given[k] for k in ("router", "blueprint", "app", "ns") if k in given), args[0] if args else None)
        if child is None or (mounted and not self._serves(child, placed)):
            return
        blueprint = isinstance(call.func, ast.Attribute) and call.func.attr in {"register_blueprint", "add_namespace"}
        routers = loops.values(child, call.lineno)
        prefixes: list[ast.expr | None] = [None] if prefix is None else [*loops.values(prefix, call.lineno)]
        prefixes = prefixes if len(prefixes) == len(routers) else [prefix] * len(routers)
        for one, start in zip(routers, prefixes, strict=True):
            children: list[Hashable | None] = [*self._routers.keys(one, placed.scope)]
            for owner in owners:
                self._table.inclusions += [
                    Inclusion(
                        owner,
                        key,
                        self._texts.shown(start, placed.scope),
                        not (is_constant(given.get("include_in_schema"), value=False)),
                        is_constant(given.get("deprecated"), value=True),
                        blueprint and prefix is not None,
                    )
                    for key in children or [None]
                ]

    def _serves(self, child: ast.expr, placed: Placed) -> bool:
        """A mount of static files, or of another protocol's app, has no routes."""
        return bool(self._routers.keys(child, placed.scope))

    def _routed(
        self,
        call: ast.Call,
        name: str,
        owners: Sequence[Hashable],
        placed: Placed,
        module: ScopedModule,
        decorated: Definition | None,
    ) -> None:
        given = {k.arg: k.value for k in call.keywords if k.arg}
        args = list(call.args)
        resource = _RESOURCES.match(name)
        handler = Target(decorated, placed.scope) if decorated else None
        if resource and args:
            handler = self._definition(args.pop(0), placed)
        paths = args if resource else [next((given[k] for k in _PATHS if k in given), args[0] if args else None)]
        if handler is None:
            handler = self._handler(call, name, given, placed)
        for node in paths:
            path = self._texts.of(node, placed.scope) if node is not None else ""
            if path is None:
                self._doubt(call, placed, module)
                continue
            if path and not path.startswith(("/", "<", "{")) and name in _VERBS:
                continue  # responses.get("https://…") and the like
            methods = self._methods(name, given, handler)
            shown = name not in _SOCKETS and not is_constant(given.get("include_in_schema"), value=False)
            for owner in owners:
                route = Route(owner, methods, path, call, placed.scope, module.path, handler, shown)
                self._table.routes.append(route)

    def _handler(self, call: ast.Call, name: str, given: dict[str, ast.expr], placed: Placed) -> Target | None:
        node = next((given[k] for k in _HANDLERS if k in given and (name != "add_url_rule" or k == "view_func")), None)
        position = 2 if name == "add_url_rule" else 1
        if node is None and len(call.args) > position:
            node = call.args[position]
        return self._definition(node, placed) if node is not None else None

    def _definition(self, node: ast.expr, placed: Placed) -> Target | None:
        """Return the function or class behind a handler; `View.as_view("name")` is the class."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "as_view":
            node = node.func.value
        found = self._expressions.targets(node, placed.scope)
        return next((one for one in found if isinstance(one.node, Definition)), None)

    def _methods(self, name: str, given: dict[str, ast.expr], handler: Target | None) -> tuple[str, ...]:
        if name in _VERBS:
            return (name.upper(),)
        if name in _SOCKETS:
            return (WEBSOCKET,)
        listed = given.get("methods")
        if isinstance(listed, ast.List | ast.Tuple | ast.Set):
            words = [str(one.value).upper() for one in listed.elts if isinstance(one, ast.Constant)]
            return tuple(dict.fromkeys(words)) or (ANY,)
        if listed is not None and not is_constant(listed, value=None):
            return (ANY,)
        if handler and isinstance(handler.node, ast.ClassDef):
            return self._views.of_class(handler) or (ANY,)
        return ("GET",)

    def _listed(self, maker: ast.Call, owner: Hashable, placed: Placed, module: ScopedModule) -> None:
        """Read `routes=[Route(…), Mount(…)]` of an app, a router or a mount."""
        routes = next((k.value for k in maker.keywords if k.arg == "routes"), None)
        for target in self._expressions.targets(routes, placed.scope) if routes is not None else ():
            for one in target.node.elts if isinstance(target.node, ast.List | ast.Tuple) else []:
                if isinstance(one, ast.Call) and written(one.func).rpartition(".")[2] in _LISTED:
                    scope = target.scope or placed.scope
                    self._entry(one, owner, Placed(one, scope, placed.symbol), module)

    def _entry(self, one: ast.Call, owner: Hashable, placed: Placed, module: ScopedModule) -> None:
        kind = written(one.func).rpartition(".")[2]
        if kind != "Mount":
            self._routed(one, "websocket" if "WebSocket" in kind else "add_route", [owner], placed, module, None)
            return
        given = {k.arg: k.value for k in one.keywords if k.arg}
        prefix = self._texts.shown(given.get("path") or (one.args[0] if one.args else None), placed.scope)
        app = given.get("app") or (one.args[1] if len(one.args) > 1 else None)
        children = self._routers.keys(app, placed.scope) if app is not None else [one]
        self._table.inclusions += [Inclusion(owner, child, prefix) for child in children]
        if app is None:
            self._listed(one, one, placed, module)

    def _doubt(self, call: ast.Call, placed: Placed, module: ScopedModule) -> None:
        text = "\n".join([written(call), *Loops.tables(module)])
        self.unresolved.append(Unresolved(module.path, call.lineno, placed.symbol, text))


def _decorated(module: ScopedModule) -> dict[ast.AST, Definition]:
    return {mark: node for node in module.inner if isinstance(node, Definition) for mark in node.decorator_list}


def _makes(call: ast.Call) -> bool:
    """Tell whether a call looks like one of a class."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name[:1].isupper()


def _is_called(call: ast.Call, module: ScopedModule) -> bool:
    """Tell whether a decorator is applied by hand: `app.get("/path")(handler)`."""
    return any(isinstance(one.node, ast.Call) and one.node.func is call for one in module.placed[ast.Call])
