"""Distributions in the tables of tools that have their own way to ask for them, and in the headers of scripts."""

import re
import tomllib
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from dodcheck.facts.setup.requirements_files import distribution

_LISTS = re.compile(r"depend|requires|^deps$|packages$", re.IGNORECASE)
_TABLES = {
    "dependencies",
    "dev-dependencies",
    "pypi-dependencies",
    "build-dependencies",
    "host-dependencies",
    "run-dependencies",
}
_PINS = {"version", "path", "git", "url", "workspace", "extras", "markers", "index", "editable"}
_INLINE = re.compile(r"^# /// script\s*$(.*?)^# ///\s*$", re.MULTILINE | re.DOTALL)


def _requirements(table: object, *, named: bool = False, listed: bool = False) -> Iterator[str]:
    """Yield the distributions in lists and tables of dependencies: by key when `named`, by element when `listed`."""
    if isinstance(table, dict):
        for key, value in table.items():
            if named and (isinstance(value, str) or (isinstance(value, dict) and not _PINS.isdisjoint(value))):
                yield canonicalize_name(key)
            else:
                yield from _requirements(value, named=key in _TABLES, listed=bool(_LISTS.search(key)))
    elif isinstance(table, list):
        for value in table:
            if listed and isinstance(value, str) and (name := distribution(value)):
                yield name
            elif isinstance(value, dict):
                yield from _requirements(value)


def tool_requirements(text: str) -> frozenset[str]:
    """Return what any table of a TOML file asks for; nothing when it is not well-formed, as a template is not."""
    try:
        return frozenset(_requirements(tomllib.loads(text)))
    except (ValueError, RecursionError):
        return frozenset()


def script_requirements(text: str) -> frozenset[str]:
    """Return what the metadata in the header of a script asks for (PEP 723)."""
    block = _INLINE.search(text)
    return tool_requirements(re.sub(r"(?m)^# ?", "", block[1])) if block else frozenset()
