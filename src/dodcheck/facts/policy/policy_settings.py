"""Settings of the tools that judge a project, before and after a change, in one shape for all of them.

Each tool's settings are looked up where the tool itself looks, so that moving them from one file
to another changes nothing, and a nested file that shadows the root's is compared with the root's.
"""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any, Self

import msgspec

from dodcheck.change import Change
from dodcheck.errors import ToolError
from dodcheck.facts.policy.policy_files import is_ci, read_document
from dodcheck.settings import Read

_PLACES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ruff": ((".ruff.toml", ""), ("ruff.toml", ""), ("pyproject.toml", "tool.ruff")),
    "flake8": ((".flake8", "flake8"), ("setup.cfg", "flake8"), ("tox.ini", "flake8"),
               ("pyproject.toml", "tool.flake8")),
    "pylint": ((".pylintrc", "*"), ("pylintrc", "*"), ("pyproject.toml", "tool.pylint"), ("setup.cfg", "pylint*")),
    "mypy": (("mypy.ini", "mypy"), (".mypy.ini", "mypy"), ("pyproject.toml", "tool.mypy"), ("setup.cfg", "mypy")),
    "pyright": (("pyrightconfig.json", ""), ("pyproject.toml", "tool.pyright"),
                ("pyproject.toml", "tool.basedpyright")),
    "pytest": (("pytest.toml", "pytest"), (".pytest.toml", "pytest"), ("pytest.ini", "pytest"),
               (".pytest.ini", "pytest"), ("pyproject.toml", "tool.pytest.ini_options"),
               ("pyproject.toml", "tool.pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")),
    "coverage": ((".coveragerc", "*"), (".coveragerc.toml", "tool.coverage"), (".coveragerc.toml", ""),
                 ("setup.cfg", "coverage:*"), ("tox.ini", "coverage:*"), ("pyproject.toml", "tool.coverage")),
    "codecov": (("codecov.yml", ""), (".codecov.yml", ""), (".github/codecov.yml", "")),
    "interrogate": (("pyproject.toml", "tool.interrogate"), ("setup.cfg", "tool:interrogate")),
    "bandit": (("pyproject.toml", "tool.bandit"), (".bandit", "bandit")),
}  # fmt: skip
_FILES = {file.rpartition("/")[2] for places in _PLACES.values() for file, _ in places}
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_KEPT_WHOLE = {"per_file_ignores", "extend_per_file_ignores", "overrides"}
# A tool's settings in a folder of samples judge nothing of the project.
_SAMPLES = re.compile(r"(^|/)(fixtures?|testdata|test_data|examples?|templates?|data|cookiecutter[^/]*|\{\{.*)/")


class ToolSettings(msgspec.Struct, frozen=True):
    """One tool's settings on one side.

    Args:
        tool: The tool.
        file: The file that holds them.
        text: Its content.
        folder: What their patterns are relative to; the root is "".
        values: Keys in snake case, inner tables joined by dots; INI words already converted.
    """

    tool: str
    file: str
    text: str
    folder: str
    values: Mapping[str, Any]


class SettingsPair(msgspec.Struct, frozen=True):
    """One tool's settings in one folder, at base and at head; they differ."""

    tool: str
    base: ToolSettings | None
    head: ToolSettings | None


class PolicySettings(msgspec.Struct, frozen=True):
    """The tools' settings that a change touches.

    Args:
        pairs: One a folder and tool whose settings differ.
        unreadable: Files of base that cannot be parsed, with the reason; then nothing can be compared with them.
    """

    pairs: tuple[SettingsPair, ...]
    unreadable: Mapping[str, str] = {}

    @classmethod
    def of(cls, change: Change) -> Self:
        """Read both sides of every folder in which a settings file changed.

        Raises:
            ToolError: A file of head is not well-formed.
        """
        unreadable = dict(_unreadable(change))
        pairs = []
        for tool, was, now in sorted(_touched(change)):
            head = _found(tool, now, change.head.read)
            try:
                base = _found(tool, was, change.base.read)
            except ToolError as error:
                unreadable.setdefault(error.problem.partition(":")[0], error.problem)
                continue
            if (base and base.values) != (head and head.values):
                pairs.append(SettingsPair(tool, base, head))
        return cls(tuple(pairs), unreadable)


def _unreadable(change: Change) -> Iterator[tuple[str, str]]:
    for file in change.files:
        path = file.base_path or ""
        if is_ci(path) or path.endswith(".pre-commit-config.yaml") or path.rpartition("/")[2] in _FILES:
            try:
                read_document(path, change.base.read(path) or "")
            except ToolError as error:
                yield file.path, error.problem


def _touched(change: Change) -> set[tuple[str, str, str]]:
    """Return each tool with its folder at base and at head, where a file that may hold its settings changed."""
    found = set()
    for file in change.files:
        old, new = file.base_path or file.path, file.head_path or file.path
        names = {path.rpartition("/")[2] for path in (old, new)} & _FILES
        if not names or _SAMPLES.search(new):
            continue
        was, now = (re.sub(r"(^|/)\.github$", "", dirname(path)) for path in (old, new))
        was = was if old.rpartition("/")[2] == new.rpartition("/")[2] else now
        found |= {
            (tool, was, now) for tool, places in _PLACES.items() for f, _ in places if f.rpartition("/")[2] in names
        }
    return found


def _found(tool: str, folder: str, read: Read) -> ToolSettings | None:
    """Return a tool's settings for a folder; those of ruff come from the nearest folder above that has any."""
    for name, key in _PLACES[tool]:
        path = join(folder, name)
        text = read(path)
        emptied = text is not None and name in {"pytest.ini", ".pytest.ini"}  # pytest takes it even with nothing in it
        if text is None or (key and not _names(key, text) and not emptied):
            continue
        table = _table(read_document(path, text), key, ini=not path.endswith((".toml", ".json", ".yml", ".yaml")))
        if table is not None or emptied:
            table = table or {}
            values = _normalised(tool, table, read_document(path, text))
            return _extended(ToolSettings(tool, path, text, folder, values), read)
    return _found(tool, dirname(folder), read) if tool == "ruff" and folder else None


def _names(key: str, text: str) -> bool:
    """Tell whether a file can hold a section at all: most do not, and need no parsing."""
    return key.rpartition(".")[2].strip("*") in text


def _table(document: Mapping[str, Any], key: str, *, ini: bool) -> Mapping[str, Any] | None:
    table: Any = document
    if ini and key.endswith("*"):
        inner = {name.removeprefix(key[:-1]): part for name, part in document.items() if name.startswith(key[:-1])}
        return inner or None
    for part in (key,) if ini else filter(None, key.split(".")):
        table = table.get(part) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def _normalised(tool: str, table: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(_flat(table))
    if tool == "ruff":
        return {key if key == "lint.exclude" else key.removeprefix("lint."): value for key, value in values.items()}
    if tool == "pylint":
        return {key.rpartition(".")[2]: value for key, value in values.items()}
    if tool == "mypy":
        values["overrides"] = _overrides(table.get("overrides"), document)
    return values


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = prefix + str(name).replace("-", "_")
        if isinstance(value, dict) and key.rpartition(".")[2] not in _KEPT_WHOLE:
            yield from _flat(value, f"{key}.")
        else:
            yield key, _typed(value)


def _typed(value: object) -> object:
    """Turn the words and numbers of an INI file into values."""
    if not isinstance(value, str):
        return value
    word = value.strip()
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    return (float(word) if "." in word else int(word)) if re.fullmatch(r"-?\d+(\.\d+)?", word) else word


def _overrides(tables: object, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return mypy's settings by module pattern, from either form of them."""
    found: dict[str, dict[str, Any]] = {}
    for table in tables if isinstance(tables, list) else []:
        modules = table.get("module") or ()
        for module in [modules] if isinstance(modules, str) else modules:
            found.setdefault(module, {}).update((k, v) for k, v in _flat(table) if k != "module")
    for section, table in document.items():
        for module in section.removeprefix("mypy-").split(",") if section.startswith("mypy-") else ():
            found.setdefault(module.strip(), {}).update(_flat(table))
    return found


def _extended(settings: ToolSettings, read: Read) -> ToolSettings:
    """Lay ruff's settings over those of the file that they extend."""
    above = settings.values.get("extend")
    if settings.tool != "ruff" or not isinstance(above, str):
        return settings
    path = normpath(join(settings.folder, above))
    text = read(path)
    if text is None or path == settings.file:
        return settings
    key = "tool.ruff" if path.endswith("pyproject.toml") else ""
    table = _table(read_document(path, text), key, ini=False) or {}
    inner = ToolSettings("ruff", path, text, dirname(path), _normalised("ruff", table, {}))
    values = {**inner.values, **{k: v for k, v in settings.values.items() if k != "extend"}}
    return msgspec.structs.replace(settings, values=values)
