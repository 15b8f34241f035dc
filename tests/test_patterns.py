"""Patterns that are compiled when they are first used: nobody must be the first to hear that one is wrong."""

import copy
import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import dodcheck
from dodcheck.patterns import pattern

KIND = type(pattern(""))


def lazy_ones() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns of every module, those in tuples included."""
    for found in pkgutil.walk_packages(dodcheck.__path__, "dodcheck."):
        if not found.name.endswith("__main__") and ".probe." not in found.name:
            yield from ((found.name, one) for one in inside(vars(importlib.import_module(found.name)).values()))


def inside(values: object) -> Iterator[re.Pattern[str]]:
    for one in values if isinstance(values, tuple | list | type({}.values())) else ():
        if isinstance(one, KIND):
            yield one
        elif isinstance(one, tuple):
            yield from inside(one)


def test_every_pattern_is_one() -> None:
    known = list(lazy_ones())
    assert len(known) > 150
    assert [(name, one.pattern) for name, one in known if not isinstance(one.search(""), re.Match | None)] == []


def test_a_wrong_one_is_told_when_it_is_used() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.search("")


def test_it_is_used_like_a_compiled_one() -> None:
    one = pattern(r"(a)(b)?", re.IGNORECASE)
    assert one.sub("x", "AB") == "x"
    assert [match[1] for match in copy.copy(one).finditer("a A")] == ["a", "A"]
