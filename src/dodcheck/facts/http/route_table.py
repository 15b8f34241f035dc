"""Routes, the routers that they stand on, and how routers are put into one another."""

import ast
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.http.endpoint import joined
from dodcheck.facts.http.expressions import Target


@dataclass(frozen=True, eq=False)
class Route:
    """One registration.

    Args:
        owner: The router, as a key; see `RouteTable`.
        methods: In capitals.
        path: The template below the router.
        call: Where it stands.
        scope: The scope of the call.
        file: The file of the call.
        handler: The function or class that answers; None when it is not known.
        in_schema: The generated documentation shows it.
        method_of: Name of the handler's method that answers a method, for classes.
    """

    owner: Hashable
    methods: tuple[str, ...]
    path: str
    call: ast.Call
    scope: Scope
    file: str
    handler: Target | None = None
    in_schema: bool = True
    method_of: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Inclusion:
    """A router put into another.

    Args:
        parent: The router that takes it; None when it is not known.
        child: The router taken; None when it is not known.
        prefix: What comes before its paths there.
        in_schema: The generated documentation shows it.
        deprecated: Marked so as a whole.
        replaces: The prefix takes the place of the child's own.
    """

    parent: Hashable | None
    child: Hashable | None
    prefix: str = ""
    in_schema: bool = True
    deprecated: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """One route under one full path."""

    route: Route
    path: str
    in_schema: bool
    deprecated: bool


@dataclass(eq=False)
class RouteTable:
    """All routes of one side; routers are keys: the call that makes one, or whatever names it.

    Args:
        routes: Every registration.
        inclusions: Every router put into another.
        apps: Routers that serve by themselves, in the order of the code: of two under one path the first answers.
        prefixes: Own prefixes by router.
        hidden: Routers left out of the generated documentation.
        deprecated: Routers marked so.
    """

    routes: list[Route] = field(default_factory=list)
    inclusions: list[Inclusion] = field(default_factory=list)
    apps: dict[Hashable, None] = field(default_factory=dict)
    prefixes: dict[Hashable, str] = field(default_factory=dict)
    hidden: set[Hashable] = field(default_factory=set)
    deprecated: set[Hashable] = field(default_factory=set)

    def placements(self) -> Iterator[Placement]:
        """Yield each route under each of its full paths.

        A router that nothing includes serves nothing, unless some inclusion cannot be read or there is no app at all.
        """
        by_owner: dict[Hashable, list[Route]] = {}
        for route in self.routes:
            by_owner.setdefault(route.owner, []).append(route)
        below: dict[Hashable, list[Inclusion]] = {}
        for one in self.inclusions:
            below.setdefault(one.parent, []).append(one)
        for root in dict.fromkeys(self._roots(by_owner)):
            yield from self._below(root, "", Inclusion(None, root), by_owner, below, ())

    def _roots(self, owners: dict[Hashable, list[Route]]) -> Iterator[Hashable]:
        included = {one.child for one in self.inclusions}
        open_ended = not self.apps or any(one.child is None or one.parent is None for one in self.inclusions)
        parents = [one.parent for one in self.inclusions if one.parent is not None]
        for key in (*self.apps, *owners, *parents):
            if key not in included and (key in self.apps or open_ended):
                yield key
        yield from (one.child for one in self.inclusions if one.parent is None and one.child is not None)

    def _below(
        self,
        key: Hashable,
        before: str,
        way: Inclusion,
        routes: dict[Hashable, list[Route]],
        below: dict[Hashable, list[Inclusion]],
        seen: tuple[Hashable, ...],
    ) -> Iterator[Placement]:
        if key in seen:
            return
        own = "" if way.replaces else self.prefixes.get(key, "")
        prefix = joined(before + way.prefix, own)
        shown = way.in_schema and key not in self.hidden
        old = way.deprecated or key in self.deprecated
        for route in routes.get(key, ()):
            yield Placement(route, joined(prefix, route.path), route.in_schema and shown, old)
        for one in below.get(key, ()):
            if one.child is not None:
                inner = Inclusion(
                    key, one.child, one.prefix, one.in_schema and shown, one.deprecated or old, one.replaces
                )
                yield from self._below(one.child, prefix, inner, routes, below, (*seen, key))
