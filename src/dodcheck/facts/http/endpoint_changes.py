"""What a change does to the project's HTTP interface: endpoints added, removed, moved and altered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, Self

import msgspec

from dodcheck.change import Both, Change
from dodcheck.facts.http.endpoint import ANY, Endpoint, Payload, Unresolved
from dodcheck.facts.http.endpoints import Endpoints
from dodcheck.facts.http.payload_changes import Difference, differences
from dodcheck.facts.http.routing_surface import RoutingSurface


class Interface(Protocol):
    """The HTTP interface of one side, read from the code or from a document."""

    @property
    def all(self) -> tuple[Endpoint, ...]:
        """Every endpoint."""

    @property
    def unresolved(self) -> tuple[Unresolved, ...]:
        """Registrations whose path only a run would tell."""

    @property
    def unread(self) -> tuple[str, ...]:
        """Why files behind what was asked for so far could not be read."""

    def payload(self, endpoint: Endpoint) -> Payload:
        """Return what an endpoint takes and gives."""


class EndpointChange(msgspec.Struct, frozen=True):
    """One endpoint that both sides have, under the same key or moved.

    Args:
        base: What it was.
        head: What it is.
        differences: How they differ.
    """

    base: Endpoint
    head: Endpoint
    differences: tuple[Difference, ...] = ()

    @property
    def breaking(self) -> bool:
        """A client of base is no longer served."""
        return any(one.breaking for one in self.differences)


class EndpointChanges(msgspec.Struct, frozen=True):
    """The difference between two HTTP interfaces; endpoints match by method and path, parameters' names aside.

    Args:
        added: New ones.
        removed: Those that are gone.
        moved: The handler lives on under another path or method.
        altered: The same key with another payload, status or standing.
        unresolved: New registrations whose path only a run would tell.
        before: Every endpoint at base; empty when the change cannot touch any.
        after: Every endpoint at head; empty when the change cannot touch any.
        unread: Why files that may hold endpoints, or what they rest on, could not be read.
    """

    added: tuple[Endpoint, ...] = ()
    removed: tuple[Endpoint, ...] = ()
    moved: tuple[EndpointChange, ...] = ()
    altered: tuple[EndpointChange, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    before: tuple[Endpoint, ...] = ()
    after: tuple[Endpoint, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is different."""
        return not (self.added or self.removed or self.moved or self.altered or self.unresolved)

    @classmethod
    def of(cls, change: Change, surface: RoutingSurface, endpoints: Both[Endpoints]) -> Self:
        """Compare what the code of both sides registers, if the change touches anything that may matter.

        Raises:
            ToolError: A file of the change that holds routes cannot be parsed.
        """
        if not surface.touched:
            return cls()
        own = {path for file in change.files for path in (file.base_path, file.head_path) if path}
        found = cls.between(endpoints.base, endpoints.head, lambda one: surface.models_touched or one.file in own)
        endpoints.base.keep()  # head is another tree in the next run
        return found

    @classmethod
    def between(cls, base: Interface, head: Interface, worth: Callable[[Endpoint], bool] = lambda _: True) -> Self:
        """Compare two interfaces.

        Args:
            base: One side.
            head: The other.
            worth: Tells whether the payload of an endpoint of head may differ.
        """
        before, after = _by_key(base.all), _by_key(head.all)
        gone = [one for key, one in before.items() if key not in after and not _answered(one, after)]
        new = [one for key, one in after.items() if key not in before and not _answered(one, before)]
        pairs = _moves(gone, new)
        kept = [(before[key], after[key]) for key in before if key in after]
        altered = [_altered(old, one, base, head, worth) for old, one in kept]
        known = {one.text for one in base.unresolved}
        return cls(
            added=tuple(one for one in new if one not in pairs.values()),
            removed=tuple(one for one in gone if one not in pairs),
            moved=tuple(EndpointChange(old, one, (_move(old, one),)) for old, one in pairs.items()),
            altered=tuple(one for one in altered if one.differences),
            unresolved=tuple(one for one in head.unresolved if one.text not in known),
            before=base.all,
            after=head.all,
            unread=tuple(dict.fromkeys((*head.unread, *base.unread))),
        )


def _by_key(endpoints: Sequence[Endpoint]) -> Mapping[tuple[str, str], Endpoint]:
    """Index endpoints; of two under one key the first answers, as in every framework."""
    return {one.key: one for one in reversed(endpoints)}


def _answered(endpoint: Endpoint, others: Mapping[tuple[str, str], Endpoint]) -> bool:
    """Tell whether a view that takes any method answers the path on the other side, or this one is such a view."""
    path = endpoint.key[1]
    if endpoint.method == ANY:
        return any(key[1] == path for key in others)
    return (ANY, path) in others


def _moves(gone: Sequence[Endpoint], new: Sequence[Endpoint]) -> dict[Endpoint, Endpoint]:
    """Pair what is gone with what is new when the same handler answers it, and only one such pair exists."""
    pairs: dict[Endpoint, Endpoint] = {}
    for old in gone:
        heirs = [one for one in new if _is_heir(old, one)]
        rivals = [one for one in gone if heirs and _is_heir(one, heirs[0])]
        if len(heirs) == 1 and len(rivals) == 1:
            pairs[old] = heirs[0]
    return pairs


def _is_heir(old: Endpoint, new: Endpoint) -> bool:
    if not old.handler or old.handler != new.handler:
        return False
    return old.method == new.method or old.key[1] == new.key[1]


def _move(old: Endpoint, new: Endpoint) -> Difference:
    return Difference(f"{old.label} became {new.label}", breaking=True)


def _altered(
    old: Endpoint, new: Endpoint, base: Interface, head: Interface, worth: Callable[[Endpoint], bool]
) -> EndpointChange:
    found = list(_standing(old, new))
    if worth(new) or worth(old):
        found += differences(base.payload(old), head.payload(new))
    return EndpointChange(old, new, tuple(found))


def _standing(old: Endpoint, new: Endpoint) -> Iterator[Difference]:
    if old.status != new.status:
        was, now = (str(one.status) if one.status else "the framework's own" for one in (old, new))
        breaking = (old.status or 200) != (new.status or 200)
        yield Difference(f"the status code of success was {was}, is {now}", breaking=breaking)
    if old.deprecated != new.deprecated:
        yield Difference("it is deprecated now" if new.deprecated else "it is no longer deprecated")
    if old.in_schema != new.in_schema:
        words = "shown in" if new.in_schema else "left out of"
        yield Difference(f"it is {words} the generated documentation now")
