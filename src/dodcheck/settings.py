"""Tool settings of one side, read from its files: where they stand and what they say."""

import configparser
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dodcheck.errors import ToolError

Read = Callable[[str], str | None]


class Settings(NamedTuple):
    """A tool's settings: the file that holds them, its text, and the table read from it."""

    file: str
    text: str
    table: Mapping[str, Any]


_PYTEST = (
    ("pytest.toml", ("pytest",)),
    (".pytest.toml", ("pytest",)),
    ("pytest.ini", ("pytest",)),
    (".pytest.ini", ("pytest",)),
    ("pyproject.toml", ("tool", "pytest", "ini_options")),
    ("pyproject.toml", ("tool", "pytest")),
    ("tox.ini", ("pytest",)),
    ("setup.cfg", ("tool:pytest",)),
)
_MYPY = (
    ("mypy.ini", ("mypy",)),
    (".mypy.ini", ("mypy",)),
    ("pyproject.toml", ("tool", "mypy")),
    ("setup.cfg", ("mypy",)),
)
_COVERAGE = (
    (".coveragerc", "{}"),
    (".coveragerc.toml", "tool.coverage.{}"),
    ("setup.cfg", "coverage:{}"),
    ("tox.ini", "coverage:{}"),
    ("pyproject.toml", "tool.coverage.{}"),
)
_RUFF_FORMAT = (
    ("ruff.toml", ("format",)),
    (".ruff.toml", ("format",)),
    ("pyproject.toml", ("tool", "ruff", "format")),
)


def pytest_settings(read: Read) -> Settings | None:
    """Return pytest's settings, from the first file that has any, in pytest's own order."""
    return _first(_PYTEST, read)


def mypy_settings(read: Read) -> Settings | None:
    """Return mypy's settings, from the first file that has any, in mypy's own order."""
    return _first(_MYPY, read)


def coverage_settings(read: Read) -> Mapping[str, Mapping[str, Any]]:
    """Return coverage's settings by section ("run", "report"), from the first file that has any."""
    for file, pattern in _COVERAGE:
        text = read(file)
        keys = {one: pattern.format(one) for one in ("run", "report")} if text is not None else {}
        split = file.endswith(".toml")
        found = {one: _table(file, text or "", tuple(k.split(".")) if split else (k,)) for one, k in keys.items()}
        if any(table is not None for table in found.values()):
            return {one: table for one, table in found.items() if table is not None}
    return {}


def formats_with_ruff(read: Read) -> bool:
    """Tell whether the project says itself that ruff formats its code."""
    hooks = read(".pre-commit-config.yaml") or ""
    return "ruff-format" in hooks or _first(_RUFF_FORMAT, read) is not None


def lints_with_ruff(read: Read) -> bool:
    """Tell whether the project configures ruff's linter."""
    tables = (("ruff.toml", ()), (".ruff.toml", ()), ("pyproject.toml", ("tool", "ruff")))
    return _first(tables, read) is not None


def _first(places: tuple[tuple[str, tuple[str, ...]], ...], read: Read) -> Settings | None:
    for file, keys in places:
        text = read(file)
        if text is None:
            continue
        table = _table(file, text, keys)
        if table is not None:
            return Settings(file, text, table)
    return None


def _table(file: str, text: str, keys: tuple[str, ...]) -> Mapping[str, Any] | None:
    try:
        if not file.endswith(".toml"):
            parser = configparser.RawConfigParser()
            parser.read_string(text)
            return dict(parser[keys[0]]) if parser.has_section(keys[0]) else None
        table: Any = tomllib.loads(text)
    except (configparser.Error, tomllib.TOMLDecodeError) as error:
        raise ToolError(f"{file}: {str(error).splitlines()[0]}", "mend the file") from error
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None
