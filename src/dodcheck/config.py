"""`[tool.dodcheck]` of pyproject.toml, or dodcheck.toml, as frozen values.

Read from base: a change cannot configure its own check.  An unknown key is an error that
names the file, the line and the nearest key that exists.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, get_args, get_type_hints

import msgspec

from dodcheck.errors import ConfigError
from dodcheck.patterns import pattern

_OWN_FILE, _SHARED_FILE = "dodcheck.toml", "pyproject.toml"
_MESSAGE = pattern(r"^(?P<what>.*?)(?: - at `\$(?P<where>.*)`)?$")


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Base of every table: kebab-case keys, nothing unknown."""


class Waiver(_Table, frozen=True, kw_only=True):
    """One finding or item that the team accepts for a while.

    Args:
        rule: A rule's id; this or `item` is required.
        item: An item's id or text.
        path: Glob over repository-relative paths; `**` for all.
        reason: Why it is accepted.
        expires: The last day on which it holds.
    """

    rule: str = ""
    item: str = ""
    path: str
    reason: str
    expires: date

    def __post_init__(self) -> None:
        if bool(self.rule) == bool(self.item):
            raise ValueError("a waiver names either `rule` or `item`")


class Types(_Table, frozen=True):
    """How mypy runs.

    Args:
        targets: What to check when mypy's own settings name nothing.
    """

    targets: tuple[str, ...] = ()


class Tests(_Table, frozen=True):
    """How pytest runs.

    Args:
        args: Arguments on top of the project's own `addopts`.
    """

    args: tuple[str, ...] = ()


class Config(_Table, frozen=True):
    """The whole configuration; every key has a default.

    Args:
        definition: Path of the definition, when it has none of the usual names.
        notes: Path of the handoff notes; by default `handoff/TASK.md` of the change's task.
        tasks: Path of the task file; by default `tasks.json`, also in `.claude/` or `docs/`.
        python: The interpreter that the tests run with, relative to the repository; by default that of `.venv` or
            `venv`, else of the active environment.
        timeout: Seconds until a tool's run is ended.
        sandbox: `bwrap` runs code of the project in a bubblewrap sandbox, as `--sandbox` does.
        needs_review: `report` lets items pass that wait for a person and are not explained.
        rule_folders: Folders with rules of the team's own, one module a rule.
        bind: Item text or id to rule ids, where the wording alone does not bind.
        rules: Settings by rule id.
        waivers: What is accepted for a while.
        types: How mypy runs.
        tests: How pytest runs.
    """

    definition: str | None = None
    notes: str | None = None
    tasks: str | None = None
    python: str | None = None
    timeout: float = 900
    sandbox: Literal["bwrap"] | None = None
    needs_review: Literal["block", "report"] = "block"
    rule_folders: tuple[str, ...] = ()
    bind: dict[str, tuple[str, ...]] = {}
    rules: dict[str, dict[str, Any]] = {}
    waivers: tuple[Waiver, ...] = ()
    types: Types = Types()
    tests: Tests = Tests()


class Loaded(msgspec.Struct, frozen=True):
    """A configuration, and the file that it stands in (None: all defaults)."""

    config: Config
    file: str | None


def load(read: Callable[[str], str | None]) -> Loaded:
    """Read the configuration of one side.

    Args:
        read: Returns the text of a repository-relative path, None when there is none.

    Raises:
        ConfigError: It cannot be parsed, has an unknown key or a value of the wrong type.
    """
    for file, keys in ((_OWN_FILE, ()), (_SHARED_FILE, ("tool", "dodcheck"))):
        text = read(file)
        table = None if text is None else _table(file, text, keys)
        if text is not None and table is not None:
            return Loaded(_convert(file, text, table), file)
    return Loaded(Config(), None)


def _table(file: str, text: str, keys: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        table: Any = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: {error}", "mend the file") from error
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def _convert(file: str, text: str, table: dict[str, Any]) -> Config:
    try:
        return msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise _explained(file, text, str(error)) from error


def _explained(file: str, text: str, said: str) -> ConfigError:
    """Turn msgspec's message into one with the line and the nearest key."""
    match = _MESSAGE.match(said)
    what, where = (match["what"], match["where"] or "") if match else (said, "")
    unknown = re.search(r"unknown field `(.+?)`", what)
    name = unknown[1] if unknown else where.rpartition(".")[2].partition("[")[0]
    line = next(
        (n for n, row in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[*.*\b{re.escape(name)}\b", row)), 1
    )
    if not unknown:
        given = re.search(r"enum value '(.+?)'$", what)
        remedy = _nearest(given[1], _values(where), "values") if given else "see the configuration table in the README"
        return ConfigError(f"{file}:{line}: {where.lstrip('.') or name}: {what}", remedy)
    return ConfigError(f"{file}:{line}: unknown key {name!r}", _nearest(name, _known(where), "keys"))


def _nearest(name: str, known: Sequence[str], what: str) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"known {what}: {', '.join(known)}"


def _known(where: str) -> list[str]:
    """Return the keys of the table that a msgspec path leads to."""
    inner: Mapping[str, type[_Table]] = {"waivers": Waiver, "types": Types, "tests": Tests}
    kind = inner.get(where.lstrip(".").partition("[")[0].partition(".")[0], Config)
    return [field.replace("_", "-") for field in get_type_hints(kind)]


def _values(where: str) -> list[str]:
    """Return the words that a key of the configuration may have."""
    kind = get_type_hints(Config).get(where.lstrip(".").replace("-", "_"))
    parts = (kind, *get_args(kind))
    return [value for part in parts for value in get_args(part) if isinstance(value, str)]
