"""The endpoints of one side: what clients of the project's HTTP interface can call."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import RLock
from typing import Self

from dodcheck.change import Snapshot
from dodcheck.facts.code.exports import is_api_file
from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.django_routes import DjangoRoutes
from dodcheck.facts.http.endpoint import Endpoint, EndpointTable, Payload, Unresolved
from dodcheck.facts.http.expressions import Expressions, Target
from dodcheck.facts.http.payloads import Payloads
from dodcheck.facts.http.registered_routes import RegisteredRoutes
from dodcheck.facts.http.route_table import Placement, Route, RouteTable
from dodcheck.facts.http.routers import is_constant
from dodcheck.facts.http.source_scopes import SourceScopes
from dodcheck.readings import Readings

_GENERATES = re.compile(
    r"\bfastapi\b|\bFastAPI\b|\bdrf_spectacular\b|\bdrf_yasg\b|\bflask_restx\b|\bflasgger\b|\bapispec\b|\bflask_smorest\b"
    r"|\bapiflask\b|\bspectree\b|\bflask_openapi3\b|\bninja\b|\bconnexion\b"
)
_STATUS = re.compile(r"([1-5]\d\d)(\D|$)")


class Endpoints:
    """Endpoints of one side, tests, examples and documentation left out.

    Args:
        snapshot: The side.
        scopes: Its files.
        readings: What earlier runs read off the same tree.
    """

    def __init__(self, snapshot: Snapshot, scopes: SourceScopes, readings: Readings | None = None) -> None:
        self._snapshot = snapshot
        self._scopes = scopes
        self._readings = readings or Readings()
        self._expressions = Expressions(scopes)
        self._payloads = Payloads(self._expressions)
        self._lock = RLock()

    @classmethod
    def of(cls, snapshot: Snapshot, scopes: SourceScopes, readings: Readings) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, scopes, readings)

    @cached_property
    def all(self) -> tuple[Endpoint, ...]:
        """Every endpoint, by path and method; one that is registered twice counts once.

        Raises:
            ToolError: A file of the change that holds routes cannot be parsed.
        """
        if self._kept:
            return tuple(self._kept_payloads)
        return tuple(sorted(self._routes, key=lambda one: (one.path, one.method, one.file, one.line)))

    @cached_property
    def unresolved(self) -> tuple[Unresolved, ...]:
        """Registrations whose path only a run would tell."""
        return self._kept.unresolved if self._kept else self._read[1]

    @property
    def unread(self) -> tuple[str, ...]:
        """Why files behind what was asked for so far could not be read, one line each."""
        return self._scopes.unread

    @cached_property
    def self_documenting(self) -> bool:
        """Some module that registers routes uses a framework or an extension that generates documentation from them."""
        if self._kept:
            return self._kept.self_documenting
        files = {one.file for one in self.all} | {route.file for route in self._routes.values()}
        return any(_GENERATES.search(self._scopes.text(path)) for path in sorted(files))

    def payload(self, endpoint: Endpoint) -> Payload:
        """Return what an endpoint takes and gives."""
        if self._kept:
            return self._kept_payloads[endpoint]
        with self._lock:
            return self._payloads.of(self._routes[endpoint], endpoint)

    def keep(self) -> None:
        """Keep everything for later runs on the same tree; nothing where a file of it could not be read."""
        if self._readings.keeps_trees and self._kept is None:
            told = tuple((one, self.payload(one)) for one in self.all)
            table = EndpointTable(told, self.unresolved, self.self_documenting)
            if not self.unread:
                self._readings.keep_tree(self._snapshot.tree, table)

    @cached_property
    def _kept(self) -> EndpointTable | None:
        return self._readings.of_tree(self._snapshot.tree, EndpointTable)

    @cached_property
    def _kept_payloads(self) -> Mapping[Endpoint, Payload]:
        return dict(self._kept.endpoints) if self._kept else {}

    @cached_property
    def _routes(self) -> Mapping[Endpoint, Route]:
        found: dict[tuple[str, str], tuple[Endpoint, Route]] = {}
        with self._lock:
            for placement in self._read[0].placements():
                for endpoint in self._placed(placement):
                    found.setdefault((endpoint.method, endpoint.path), (endpoint, placement.route))
        return dict(found.values())

    @cached_property
    def _read(self) -> tuple[RouteTable, tuple[Unresolved, ...]]:
        table = RouteTable()
        registered, django = RegisteredRoutes(self._expressions, table), DjangoRoutes(self._expressions, table)
        with self._lock:
            for path in self._snapshot.paths():
                if is_api_file(path) and path.endswith(".py") and self._scopes.registers(path):
                    module = self._scopes.at(path)
                    if module:
                        registered.read(module)
                        django.read(module)
        return table, (*registered.unresolved, *django.unresolved)

    def _placed(self, placement: Placement) -> Iterator[Endpoint]:
        route = placement.route
        given = {k.arg: k.value for k in route.call.keywords if k.arg}
        for method in dict.fromkeys(route.methods):
            node, scope = handler_of(route, method, self._expressions)
            path = placement.path if placement.path.startswith("/") else f"/{placement.path}"
            said = {**given, **_marked(node)}
            yield Endpoint(
                method=method,
                path=path,
                handler=_symbol(node, scope) if node and scope else "",
                file=self._expressions.file_of(scope) if scope else route.file,
                line=route.call.lineno if scope is None or not node else _line(node),
                status=_status(given.get("status_code")),
                deprecated=placement.deprecated or is_constant(given.get("deprecated"), value=True),
                in_schema=placement.in_schema,
                described=_described(node, said),
                typed=_typed(node, said) or _serializes(route.handler),
            )


def handler_of(route: Route, method: str, expressions: Expressions) -> tuple[Definition | None, Scope | None]:
    """Return the function that answers a method of a route, with the scope around it; a class when it inherits it."""
    target = route.handler
    if target is None or not isinstance(target.node, Definition) or target.scope is None:
        return None, None
    if isinstance(target.node, ast.ClassDef):
        name = route.method_of.get(method, method.lower())
        bases = expressions.bases(target.node, target.scope)
        for one in [target, *bases]:
            found = _method(one, name)
            if found and one.scope:
                return found, expressions.inner(one.node, one.scope) if one.node else one.scope
    return target.node, target.scope


def _method(target: Target, name: str) -> Function | None:
    body = target.node.body if isinstance(target.node, ast.ClassDef) else []
    return next((one for one in body if isinstance(one, Function) and one.name == name), None)


def _symbol(node: Definition, scope: Scope) -> str:
    names = [node.name]
    here: Scope | None = scope
    while here is not None:
        if isinstance(here.node, Definition):
            names.append(here.node.name)
        here = here.parent
    return ".".join(reversed(names))


def _line(node: Definition) -> int:
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _status(node: ast.expr | None) -> int | None:
    found = _STATUS.search(written(node)) if node is not None else None
    return int(found[1]) if found else None


def _marked(node: Definition | None) -> Mapping[str, ast.expr]:
    """Return what decorators of a handler are given, as drf-spectacular's `extend_schema` and wrappers of it are."""
    calls = [mark for mark in node.decorator_list if isinstance(mark, ast.Call)] if node else []
    return {k.arg: k.value for call in calls for k in call.keywords if k.arg}


def _serializes(view: Target | None) -> bool:
    """Tell whether a view of the REST framework names the serializer that documents what it gives."""
    body = view.node.body if view and isinstance(view.node, ast.ClassDef) else []
    bound = [one for one in body if isinstance(one, ast.Assign)]
    return any(isinstance(to, ast.Name) and to.id == "serializer_class" for one in bound for to in one.targets)


def _described(node: Definition | None, given: Mapping[str, ast.expr]) -> bool:
    said = any(not is_constant(given.get(k), value=None) for k in ("summary", "description") if k in given)
    return said or (node is not None and bool(ast.get_docstring(node)))


def _typed(node: Definition | None, given: Mapping[str, ast.expr]) -> bool:
    declared = ("response_model", "response_class", "responses")
    if any(not is_constant(given.get(k), value=None) for k in declared if k in given):
        return True
    no_content = _status(given.get("status_code")) == 204  # noqa: PLR2004 - RFC 9110: there is nothing to describe
    return no_content or (isinstance(node, Function) and (node.returns is not None or not _gives(node)))


def _gives(node: Function) -> bool:
    """Tell whether a function returns anything, so that there is something to declare."""
    found = (one.value for one in walk(node) if isinstance(one, ast.Return))
    placeholder = isinstance(node.body[-1], ast.Expr) and isinstance(node.body[-1].value, ast.Constant)
    return placeholder or any(value is not None for value in found)
