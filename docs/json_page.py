"""The page of the JSON's keys, from the structs of a report and their docstrings."""

from collections.abc import Iterator
from types import NoneType
from typing import get_args

import msgspec
from markup import code, table, words

from dodcheck.keys import kind_of, meanings
from dodcheck.report import Report

_INTRO = """# JSON

What `--format json` and `-o result.json` write: UTF-8, keys sorted, the same for the same change but for `seconds` and
`started`. `dodcheck schema` prints the schema (draft 2020-12), which is {download}`here <schema.json>` as well. Keys
may be added within one value of `schema`; none is taken away."""


def json_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield _INTRO
    for struct in _reached(Report):
        told = meanings(struct)
        yield f"\n({_label(struct)})=\n## {struct.__name__}\n\n{words((struct.__doc__ or '').partition('Args:')[0])}\n"
        fields = msgspec.structs.fields(struct)
        rows = [(code(one.encode_name), _value(one.type), words(told.get(one.name, ""))) for one in fields]
        yield from table(("key", "value", "meaning"), rows)


def _reached(struct: type) -> Iterator[type]:
    """Yield a struct and every one within it, once each, from the outside in."""
    queue, seen = [struct], set[type]()
    while queue:
        one = queue.pop(0)
        if one not in seen:
            seen.add(one)
            yield one
            queue += [inner for field in msgspec.structs.fields(one) for inner in _structs(field.type)]


def _structs(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for inner in get_args(annotation):
        yield from _structs(inner)


def _label(struct: type) -> str:
    return f"json-{struct.__name__.lower()}"


def _value(annotation: object) -> str:
    null = " or null" if NoneType in get_args(annotation) else ""
    inner = next(_structs(annotation), None)
    if inner is None:
        return words(kind_of(annotation)) + null
    many = "list of " if kind_of(annotation).startswith("list") else ""
    return f"{many}[{inner.__name__}](#{_label(inner)}){null}"
