"""Tool settings of one side, read from its files: where they stand and what they say."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.roles import role_of

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
_PROJECT_FILES = {file for file, _ in _PYTEST} | {"setup.py"}
_NO_SUITES = {"build", "dist", "node_modules", "venv", "docs", "examples", "vendor", "third_party", "templates"}
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


def below(snapshot: Snapshot, folder: str) -> Read:
    """Return a reader of one folder of a side; "" is the root."""
    return lambda path: snapshot.read(f"{folder}/{path}" if folder else path)


def suite_roots(base: Snapshot, head: Snapshot) -> tuple[str, ...]:
    """Return the folders that pytest is run from, the repository's root as "".

    Where the root has settings of pytest, everything runs from there.  In a monorepo without
    them each folder with pytest's settings or a project file, and with tests below, is a suite of
    its own, as its team runs it; what lies outside of them all runs from the root.

    Args:
        base: The side whose settings say how tests are run.
        head: The side that may add projects.
    """
    for side in (base, head):
        if pytest_settings(side.read) is not None:
            return ("",)
        projects = set(_projects(side))
        if projects:
            break
    if side is base:  # what head adds to a monorepo runs as well
        projects |= set(_projects(head))
    outside = any(suite_of(path, projects) == "" for one in (base, head) for path in _test_files(one.paths()))
    return tuple(sorted(projects)) if projects and not outside else ("", *sorted(projects))


def suite_of(path: str, roots: Iterable[str]) -> str:
    """Return the nearest suite root at or above a path."""
    above = {path, *map(str, PurePosixPath(path).parents)}
    return max((root for root in roots if root in above), key=len, default="")


def _projects(side: Snapshot) -> Iterator[str]:
    paths = side.paths()
    tests = {str(folder) for path in _test_files(paths) for folder in PurePosixPath(path).parents}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name not in _PROJECT_FILES or folder not in tests or _aside(folder):
            continue
        read = below(side, folder)
        if name in {"setup.py", "setup.cfg"} or _is_project(side.read(path) or "") or pytest_settings(read) is not None:
            yield folder


def _is_project(text: str) -> bool:
    return "[project]" in text or "[tool.poetry]" in text


def _aside(folder: str) -> bool:
    """Tell whether a folder is data of tests, an example or a hidden one."""
    parts = PurePosixPath(folder).parts
    return role_of(f"{folder}/x.py") == "test" or any(part.startswith(".") or part in _NO_SUITES for part in parts)


def _test_files(paths: Sequence[str]) -> Iterator[str]:
    return (path for path in paths if path.endswith(".py") and role_of(path) == "test")


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


def _section(file: str, text: str, name: str) -> Mapping[str, Any] | None:
    import configparser  # noqa: PLC0415 - most projects have TOML alone

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
        return dict(parser[name]) if parser.has_section(name) else None
    except (configparser.Error, ValueError, RecursionError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: Exception) -> ToolError:
    return ToolError(f"{file}: {str(error).splitlines()[0]}", "mend the file")


def _table(file: str, text: str, keys: tuple[str, ...]) -> Mapping[str, Any] | None:
    if not file.endswith(".toml"):
        return _section(file, text, keys[0])
    try:
        table: Any = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(file, error) from error
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None
