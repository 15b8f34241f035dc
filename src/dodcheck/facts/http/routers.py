"""Routers and apps of FastAPI, Starlette and Flask: which call makes one, and what it says of all its routes."""

import ast
import re
from collections.abc import Hashable, Iterator

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.expressions import Expressions, Target
from dodcheck.facts.http.path_texts import PathTexts
from dodcheck.facts.http.route_table import Inclusion, RouteTable

_ROUTER = re.compile(r"(Router|Blueprint|Blp|Namespace)$")
_APP = re.compile(r"(^|[a-z_.])(FastAPI|Starlette|Flask|Quart|OpenAPI|APIFlask|NinjaAPI)$|^(App|Application)$")
_EXTENSION = re.compile(r"(^|\.)\w*Api$")
_PREFIXES = ("prefix", "url_prefix", "path")
_APP_NAMES = {"app", "application", "_app", "fastapi_app", "flask_app", "server", "web_app"}


class Routers:
    """Finds the router that an expression stands for, and notes in the table what the router says of itself.

    Args:
        expressions: The side.
        texts: Its path expressions.
        table: Where routers are noted.
    """

    def __init__(self, expressions: Expressions, texts: PathTexts, table: RouteTable) -> None:
        self._expressions = expressions
        self._texts = texts
        self._table = table
        self._kinds: dict[ast.AST, str] = {}
        self._asked: set[ast.arg] = set()  # a function may hand its own parameter to itself

    def keys(self, node: ast.expr, scope: Scope) -> list[Hashable]:
        """Return the routers that an expression stands for; none for what is no router."""
        found = (self._key(one, node) for one in self._expressions.targets(node, scope))
        return list(dict.fromkeys(key for key in found if key is not None))

    def _key(self, target: Target, shown: ast.expr) -> Hashable | None:
        if isinstance(target.node, ast.Call) and target.scope:
            return target.node if self.kind(target.node, target.scope) else None
        if isinstance(target.node, ast.arg) and target.scope:
            return self._parameter(target.node, target.scope)
        if target.node is None and target.module is None and "." not in written(shown).removeprefix("self."):
            return (
                target.dotted
                if target.dotted.rpartition(".")[2].lower().endswith(("app", "router", "api", "bp"))
                else None
            )
        return None

    def _parameter(self, arg: ast.arg, scope: Scope) -> Hashable | None:
        hint = arg.annotation
        typed = self._expressions.named(hint, scope.parent or scope) if hint else ""
        is_app = bool(_APP.search(typed)) or (not typed and arg.arg in _APP_NAMES)
        if (
            not is_app
            and not _ROUTER.search(typed)
            and not arg.arg.lower().endswith(("router", "api", "bp", "blueprint"))
        ):
            return None
        if arg not in self._asked:
            self._asked.add(arg)
            given = self._given(arg, scope)
            self._asked.discard(arg)
            if given:
                return given
        key = ("parameter", self._expressions.file_of(scope), arg.arg, getattr(scope.node, "name", ""))
        if is_app:
            self._table.apps[key] = None
        return key

    def _given(self, arg: ast.arg, scope: Scope) -> Hashable | None:
        """Return the router that the calls of the function in its own module hand in."""
        function = scope.node
        if not isinstance(function, Function):
            return None
        module = self._expressions.scopes.module_of(scope)
        names = [one.arg for one in [*function.args.posonlyargs, *function.args.args]]
        for placed in module.placed[ast.Call]:
            call = placed.node
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == function.name:
                index = names.index(arg.arg) if arg.arg in names else -1
                values = [k.value for k in call.keywords if k.arg == arg.arg]
                values += call.args[index : index + 1] if index >= 0 else []
                for value in values:
                    found = self.keys(value, placed.scope)
                    if found:
                        return found[0]
        return None

    def kind(self, call: ast.Call, scope: Scope) -> str:
        """Return `app`, `router`, `extension` (flask-restful's Api) or nothing; note what a router says of itself."""
        if call not in self._kinds:
            self._kinds[call] = ""
            names = [written(call.func).rpartition(".")[2], *self._names(call, scope)]
            kind = next((kind for kind in map(_kind_of, names) if kind), "")
            self._kinds[call] = kind
            if kind:
                self._note(call, scope, kind)
        return self._kinds[call]

    def _names(self, call: ast.Call, scope: Scope) -> Iterator[str]:
        for one in self._expressions.targets(call.func, scope):
            if isinstance(one.node, ast.ClassDef) and one.scope:
                yield one.node.name
                for base in self._expressions.bases(one.node, one.scope):
                    yield base.node.name if isinstance(base.node, ast.ClassDef) else base.dotted
            elif one.dotted:
                yield one.dotted

    def _note(self, call: ast.Call, scope: Scope, kind: str) -> None:
        given = {k.arg: k.value for k in call.keywords if k.arg}
        prefix = next((given[name] for name in _PREFIXES if name in given), None)
        if kind == "app":
            self._table.apps[call] = None
            prefix = None
        if prefix is not None:
            self._table.prefixes[call] = self._texts.shown(prefix, scope)
        if is_constant(given.get("include_in_schema"), value=False):
            self._table.hidden.add(call)
        if is_constant(given.get("deprecated"), value=True):
            self._table.deprecated.add(call)
        if kind == "extension":
            owners = self.keys(call.args[0], scope) if call.args else []
            self._table.inclusions += [Inclusion(owner, call) for owner in owners]
            if not owners:
                self._table.apps[call] = None


def _kind_of(name: str) -> str:
    if _APP.search(name):
        return "app"
    if _ROUTER.search(name):
        return "router"
    return "extension" if _EXTENSION.search(name) else ""


def is_constant(node: ast.expr | None, *, value: object) -> bool:
    """Tell whether an expression is this constant."""
    return isinstance(node, ast.Constant) and node.value is value
