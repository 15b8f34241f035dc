"""Breaks of the HTTP interface: endpoints that are gone or moved, and payloads that no longer serve their clients."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from dodcheck.facts.breaking.breaks import Announcement, Break
from dodcheck.facts.http.endpoint import Endpoint
from dodcheck.facts.http.endpoint_changes import EndpointChanges
from dodcheck.facts.http.public_changes import breaks, public_part


class HttpBreaks:
    """Breaks of what the code of both sides registers.

    Args:
        changes: How the two interfaces differ.
    """

    def __init__(self, changes: EndpointChanges) -> None:
        self._changes = public_part(changes, ())

    @classmethod
    def of(cls, changes: EndpointChanges) -> Self:
        """Nothing is judged yet."""
        return cls(changes)

    @property
    def compared(self) -> int:
        """How many endpoints of base were looked at."""
        return len(self._changes.before)

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Every break."""
        return (*self._gone(), *self._moved(), *self._altered(), *self._unread())

    def _gone(self) -> Iterator[Break]:
        for one in self._changes.removed:
            announced = Announcement(one.file, one.line, None) if one.deprecated else None
            yield Break(
                "http",
                "endpoint-removed",
                one.label,
                f"`{one.label}` is gone",
                one.file,
                one.line,
                names=_names(one),
                announced=announced,
            )

    def _moved(self) -> Iterator[Break]:
        for one in self._changes.moved:
            old, new = one.base, one.head
            text, remedy = f"`{old.label}` is `{new.label}` now", f"call `{new.label}`"
            place, names = (new.file, new.line), _names(old)
            yield Break("http", "endpoint-moved", old.label, text, *place, names=names, remedy=remedy)

    def _altered(self) -> Iterator[Break]:
        for one in breaks(self._changes.altered):
            first = one.endpoints[0]
            others = f" (and {len(one.endpoints) - 1} more endpoints)" if one.endpoints[1:] else ""
            names = (*one.fields, *(name for each in one.endpoints for name in _names(each)))
            text = f"`{first.label}`{others}: {one.text}"
            yield Break("http", "payload-changed", first.label, text, first.file, first.line, names=names)

    def _unread(self) -> Iterator[Break]:
        for why in self._changes.unread:
            path, text = why.partition(":")[0], f"what endpoints this touches is not known to the end: {why}"
            yield Break("http", "unread", path, text, path, 1, certain=False, names=(path,))


def _names(endpoint: Endpoint) -> tuple[str, ...]:
    return (endpoint.label, endpoint.path)
