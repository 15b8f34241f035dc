"""The part of an interface's changes that its clients see, and its breaking differences put together."""

from collections.abc import Iterator, Sequence

import msgspec

from dodcheck.facts.http.endpoint import WEBSOCKET, Endpoint
from dodcheck.facts.http.endpoint_changes import EndpointChange, EndpointChanges


class Break(msgspec.Struct, frozen=True):
    """One breaking difference and all endpoints that it shows in.

    Args:
        text: The difference.
        word: The last part of the field's name, if it is a field.
        endpoints: Where it shows, at head.
    """

    text: str
    word: str
    endpoints: tuple[Endpoint, ...]


def public_part(changes: EndpointChanges, internal: Sequence[str]) -> EndpointChanges:
    """Leave out websockets, what the generated documentation leaves out, and what stands under internal prefixes."""

    def public(one: Endpoint) -> bool:
        return one.in_schema and one.method != WEBSOCKET and not one.path.startswith(tuple(internal))

    moved = [one for one in changes.moved if public(one.base)]
    altered = [one for one in changes.altered if public(one.base) and public(one.head)]
    return msgspec.structs.replace(
        changes,
        added=tuple(filter(public, changes.added)),
        removed=tuple(filter(public, changes.removed)),
        moved=tuple(moved),
        altered=tuple(altered),
        before=tuple(filter(public, changes.before)),
        after=tuple(filter(public, changes.after)),
    )


def breaks(altered: Sequence[EndpointChange]) -> Iterator[Break]:
    """Yield the breaking differences; one model that many endpoints share breaks once."""
    found: dict[tuple[str, str], tuple[str, list[Endpoint]]] = {}
    for one in altered:
        for difference in one.differences:
            if difference.breaking:
                word = difference.name.rpartition(".")[2]
                key = (word, difference.text.replace(difference.name, "") if difference.name else difference.text)
                found.setdefault(key, (difference.text, []))[1].append(one.head)
    for (word, _), (text, endpoints) in found.items():
        yield Break(text, word, tuple(dict.fromkeys(endpoints)))
