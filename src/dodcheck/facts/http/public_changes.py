"""The part of an interface's changes that its clients see, and its breaking differences put together."""

from collections.abc import Iterator, Sequence

import msgspec

from dodcheck.facts.http.endpoint import WEBSOCKET, Endpoint
from dodcheck.facts.http.endpoint_changes import EndpointChange, EndpointChanges
from dodcheck.facts.http.payload_changes import Difference

_SHOWN = 4  # differences that a message lists


class Break(msgspec.Struct, frozen=True):
    """Breaking differences that show in the same endpoints.

    Args:
        text: The differences, in words.
        fields: The last parts of the names of the fields, if they are fields.
        endpoints: Where they show, at head.
    """

    text: str
    fields: tuple[str, ...]
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
    shared: dict[tuple[str, str], tuple[Difference, dict[Endpoint, None]]] = {}
    for one in altered:
        for difference in one.differences:
            if difference.breaking:
                field = difference.name.rpartition(".")[2]
                kind = difference.text.replace(f"`{difference.name}`", "") if difference.name else difference.text
                shared.setdefault((field, kind), (difference, {}))[1][one.head] = None
    together: dict[tuple[Endpoint, ...], list[Difference]] = {}
    for difference, endpoints in shared.values():
        together.setdefault(tuple(endpoints), []).append(difference)
    for where, differences in together.items():
        texts = [one.text for one in differences]
        words = "; ".join(texts[:_SHOWN]) + (f" (and {len(texts) - _SHOWN} more)" if len(texts) > _SHOWN else "")
        fields = dict.fromkeys(one.name.rpartition(".")[2] for one in differences if one.name)
        yield Break(words, tuple(fields), where)
