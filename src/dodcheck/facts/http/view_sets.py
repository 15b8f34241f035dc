"""Routes that a router of the REST framework makes of a view set."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.expressions import Expressions, Target
from dodcheck.facts.http.path_texts import PathTexts
from dodcheck.facts.http.routers import is_constant
from dodcheck.facts.http.view_methods import ViewMethods, defined, literal_list, of_decorators

_LIST = {"list": "GET", "create": "POST"}
_DETAIL = {"retrieve": "GET", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE"}
_BROUGHT = {
    "ModelViewSet": ("list", "create", "retrieve", "update", "partial_update", "destroy"),
    "ReadOnlyModelViewSet": ("list", "retrieve"),
    "ListModelMixin": ("list",),
    "CreateModelMixin": ("create",),
    "RetrieveModelMixin": ("retrieve",),
    "UpdateModelMixin": ("update", "partial_update"),
    "DestroyModelMixin": ("destroy",),
}
_ACTIONS = {"action", "list_route", "detail_route"}


class SetRoute(NamedTuple):
    """One route of a view set."""

    methods: tuple[str, ...]
    path: str
    name: str


class ViewSets:
    """View sets of one side.

    Args:
        expressions: The side.
        texts: Its path expressions.
    """

    def __init__(self, expressions: Expressions, texts: PathTexts) -> None:
        self._texts = texts
        self._views = ViewMethods(expressions)

    def routes(self, prefix: str, view: Target) -> Iterator[SetRoute]:
        """Yield the routes of a view set that is registered under a prefix."""
        start = f"/{prefix}/" if prefix else "/"
        lookup = self._lookup(view)
        allowed = self._allowed(view)
        names: dict[str, None] = {}
        for one in self._views.lineage(view):
            if isinstance(one.node, ast.ClassDef):
                names.update(dict.fromkeys(defined(one.node)))
            else:
                names.update(dict.fromkeys(_BROUGHT.get(one.dotted.rpartition(".")[2], ())))
        for name in names:
            if name in _LIST and _LIST[name] in allowed:
                yield SetRoute((_LIST[name],), start, name)
            elif name in _DETAIL and _DETAIL[name] in allowed:
                yield SetRoute((_DETAIL[name],), f"{start}{{{lookup}}}/", name)
        yield from self._extra(start, lookup, view, allowed)

    def _allowed(self, view: Target) -> set[str]:
        for one in self._views.lineage(view):
            listed = literal_list(one.node, "http_method_names") if isinstance(one.node, ast.ClassDef) else None
            if listed is not None:
                return {name.upper() for name in listed}
        return {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

    def _lookup(self, view: Target) -> str:
        for one in self._views.lineage(view):
            for node in one.node.body if isinstance(one.node, ast.ClassDef) else []:
                if isinstance(node, ast.Assign) and written(node.targets[0]) in {
                    "lookup_field",
                    "lookup_url_kwarg",
                }:
                    return str(node.value.value) if isinstance(node.value, ast.Constant) else "pk"
        return "pk"

    def _extra(self, start: str, lookup: str, view: Target, allowed: set[str]) -> Iterator[SetRoute]:
        seen: set[str] = set()
        for one in self._views.lineage(view):
            for name, node in defined(one.node).items() if isinstance(one.node, ast.ClassDef) else ():
                call = _action(node)
                if name in seen or call is None or one.scope is None:
                    continue
                seen.add(name)
                given = {k.arg: k.value for k in call.keywords if k.arg}
                detail = is_constant(given.get("detail"), value=True) or written(call.func).endswith("detail_route")
                inner = self._texts.of(given.get("url_path"), one.scope) or name
                methods = tuple(m for m in of_decorators(node) if m in allowed)
                below = f"{start}{{{lookup}}}/" if detail else start
                yield SetRoute(methods, f"{below}{inner}/", name)
                yield from self._mapped(node, name, f"{below}{inner}/", one)

    def _mapped(self, action: Function, name: str, path: str, owner: Target) -> Iterator[SetRoute]:
        """Yield what `@name.mapping.delete` adds to an action."""
        for other in defined(owner.node).values() if isinstance(owner.node, ast.ClassDef) else ():
            for mark in other.decorator_list:
                start, _, verb = written(mark).rpartition(".")
                if start == f"{name}.mapping" and other is not action:
                    yield SetRoute((verb.upper(),), path, other.name)


def _action(node: Function) -> ast.Call | None:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and written(mark.func).rpartition(".")[2] in _ACTIONS:
            return mark
    return None
