"""What the keys of a settings table are, for a person: from the fields of its struct and from its docstring."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

_PLAIN: Mapping[object, str] = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    date: "date",
}


class Key(NamedTuple):
    """One key of a table.

    Args:
        name: As the file has it.
        kind: Which values it takes, in words.
        default: Its default as TOML; None where it has none, or none that can be written down.
        required: It must be given.
        meaning: The docstring's words.
    """

    name: str
    kind: str
    default: str | None
    required: bool
    meaning: str


def keys_of(table: type[msgspec.Struct]) -> tuple[Key, ...]:
    """Return the keys of a table, in its order."""
    return tuple(_keys(table))


def meanings(documented: type) -> Mapping[str, str]:
    """Return what a class's docstring says of its arguments (Google's style), each as one line."""
    import griffe  # noqa: PLC0415 - a tenth of a second, for explanations alone

    sections = griffe.parse_google(griffe.Docstring(documented.__doc__ or ""), warnings=False)
    told = [one.value for one in sections if one.kind is griffe.DocstringSectionKind.parameters]
    return {one.name: " ".join(one.description.split()) for parameters in told for one in parameters}


def _keys(table: type[msgspec.Struct]) -> Iterator[Key]:
    told = meanings(table)
    for field in msgspec.structs.fields(table):
        name = field.encode_name.replace("_", "-")
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        yield Key(name, kind_of(field.type), _toml(default), field.required, told.get(field.name, ""))


@cache
def kind_of(annotation: object) -> str:
    """Return in words which values an annotation lets in."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(map(_quoted, args))
    if origin in {Union, UnionType}:
        return " or ".join(kind_of(one) for one in args if one is not NoneType)
    if origin in {tuple, list, dict}:
        return _container(origin, args)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return "table"
    return _PLAIN.get(annotation, str(annotation))


def _container(origin: object, args: Sequence[object]) -> str:
    inner = args[1] if origin is dict else args[0]
    if inner is Any:
        return "table"
    if get_origin(inner) is Literal:
        return f"list out of {', '.join(map(_quoted, get_args(inner)))}"
    return f"{'table' if origin is dict else 'list'} of {_many(kind_of(inner))}"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _many(kind: str) -> str:
    """Return the plural: "list of texts", "table of lists of texts"."""
    first, _, rest = kind.partition(" of ")
    return f"{first}s of {rest}" if rest else f"{first}s"


def _toml(value: object) -> str | None:
    """Write a default as TOML, which a struct and nothing at all are not."""
    if value is None or value is msgspec.NODEFAULT or isinstance(value, msgspec.Struct):
        return None
    return msgspec.json.encode(value).decode()  # a text, number, list or empty table reads the same in both
