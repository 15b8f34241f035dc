"""How the payload of one endpoint differs between two sides, and what of it breaks clients.

The kinds are those of oasdiff's checks: response-property-removed, new-required-request-property,
request-property-became-required, response-property-type-changed.
"""

import re
from collections.abc import Iterator

import msgspec

from dodcheck.facts.http.endpoint import Field, Payload

_OPTIONAL = re.compile(r"Optional\[(.*)\]|(.*?)\s*\|\s*None|None\s*\|\s*(.*)")
_SCALARS = {"str", "int", "float", "bool", "dict", "list"}


class Difference(msgspec.Struct, frozen=True):
    """One way in which an endpoint differs.

    Args:
        text: What is different, in words.
        breaking: A client of base is no longer served.
        name: The field, if it is one.
        gone: The field was in the answer and is no more.
    """

    text: str
    breaking: bool = False
    name: str = ""
    gone: bool = False


def differences(base: Payload, head: Payload) -> Iterator[Difference]:
    """Yield the differences of two payloads; a side that declares nothing tells nothing."""
    yield from _of_request(base, head)
    if base.response and head.response:
        yield from _of_response(base, head)


def _of_request(base: Payload, head: Payload) -> Iterator[Difference]:
    old, new = _named(base.request), _named(head.request)
    for name, field in new.items():
        if name not in old:
            words = "requires" if field.required else "takes"
            if not (field.required and _inside(name, set(new) - set(old))):
                yield Difference(f"the request {words} the new `{name}`", breaking=field.required, name=name)
        elif field.required and not old[name].required:
            yield Difference(f"the request now requires `{name}`", breaking=True, name=name)
    for name in old.keys() - new.keys():
        if not _inside(name, old.keys() - new.keys()):
            yield Difference(f"the request no longer takes `{name}`", name=name)


def _of_response(base: Payload, head: Payload) -> Iterator[Difference]:
    old, new = _named(base.response), _named(head.response)
    gone, added = old.keys() - new.keys(), new.keys() - old.keys()
    for name in sorted(gone):
        if not _inside(name, gone):
            yield Difference(f"the response no longer has `{name}`", breaking=True, name=name, gone=True)
    for name in sorted(added):
        if not _inside(name, added):
            yield Difference(f"the response has the new `{name}`", name=name)
    for name in old.keys() & new.keys():
        were, are = _scalar(old[name].type), _scalar(new[name].type)
        if were and are and were != are:
            yield Difference(f"`{name}` of the response was {were}, is {are}", breaking=True, name=name)


def _named(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {one.name: one for one in fields}


def _inside(name: str, others: set[str]) -> bool:
    """Tell whether a field stands in one that is told of already."""
    parts = name.split(".")
    return any(".".join(parts[:size]) in others for size in range(1, len(parts)))


def _scalar(hint: str) -> str | None:
    found = _OPTIONAL.fullmatch(hint)
    bare = next(filter(None, found.groups()), "") if found else hint
    plain = bare.partition("[")[0].lower()
    return plain if plain in _SCALARS else None
