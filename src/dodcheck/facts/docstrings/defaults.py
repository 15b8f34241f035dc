"""Defaults as docstrings state them, held against those of the signature."""

import ast

from dodcheck.facts.code.parsing import expression
from dodcheck.facts.docstrings.docstring import Entry
from dodcheck.patterns import pattern

_STATED = pattern(
    r"(?i)\bdefaults?(?: value)?(?: is|:| to|=)+\s*"
    r"(?P<value>'[^']*'|\"[^\"]*\"|`+[^`]*`+|(?:None|True|False)\b|[-+]?\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*\w))"
    r"(?P<after>\s*[\w%/*^-]+)?"
)
_UNITS = pattern(
    r"(?i)\s*(?:%|/|\*|\^|-|[munμ]?s(?:ec\w*)?|min\w*|h(?:ours?|rs?)?|days?|weeks?|[kmgt]i?b\w*|bytes?|px|degrees?|percent"
    r"|million|thousand|times)"
)


def differs(entry: Entry, default: str) -> str | None:
    """Return the default that a docstring states when it is another than the signature's; None when they agree.

    Only literals are compared. None in the signature stands for whatever the body puts in its place, and a number with
    a unit may be any number.

    Args:
        entry: What the docstring says of the parameter.
        default: Text of the default in the signature.
    """
    actual = _literal(default)
    if actual is None or actual.value is None:
        return None
    for text in _stated(entry):
        said = _literal(text.strip("`"))
        if said is None:
            continue
        if _same(said.value, actual.value):
            return None
        if isinstance(said.value, type(actual.value) | bool | None) or _numbers(said.value, actual.value):
            return text.strip("`")
    return None


def _stated(entry: Entry) -> list[str]:
    marked = [entry.default] if entry.default else []
    found = list(_STATED.finditer(f"{entry.type}. {entry.text}"))
    if len(found) > 1:  # "defaults to 3 for trees, defaults to 5 for forests"
        return marked
    return marked + [one["value"] for one in found if not (one["after"] and _UNITS.fullmatch(one["after"]))]


def _literal(text: str) -> ast.Constant | None:
    try:
        return ast.Constant(ast.literal_eval(expression(text.strip())))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _numbers(one: object, other: object) -> bool:
    return isinstance(one, int | float) and isinstance(other, int | float)


def _same(one: object, other: object) -> bool:
    return one == other or str(one) == str(other)
