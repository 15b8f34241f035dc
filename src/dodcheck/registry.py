"""Find rule modules: those that ship, then those of the team's own folders."""

import hashlib
import importlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import get_args, get_origin

from dodcheck.change import Both, Change, Side, Snapshot
from dodcheck.engine import is_fast, needs, optional
from dodcheck.errors import ConfigError
from dodcheck.history import History
from dodcheck.notes import Notes
from dodcheck.rule import Body, Rule
from dodcheck.rule_index import Card, RuleIndex, stamp_of
from dodcheck.run import Linter, SchemaDatabase, SchemaGenerator, SuiteRunner, TypeChecker
from dodcheck.tasks import TaskRequest

_TOOLS = (Linter, SchemaDatabase, SchemaGenerator, SuiteRunner, TypeChecker)
_ROOTS = (*_TOOLS, Change, Side, Snapshot, Notes, History, TaskRequest)


def load(folders: Iterable[Path] = (), home: Path | None = None) -> Mapping[str, Rule]:
    """Return every rule by id, shipped ones first, in the order of their folders.

    Args:
        folders: Folders with rule modules of the team's own.
        home: The cache folder; with it, shipped rules are imported only when they run.

    Raises:
        ConfigError: A module without exactly one rule, a rule that asks for something
            that is no fact, an id used twice.
    """
    found: dict[str, Rule] = {}
    for one in [*(_shipped() if home is None else _indexed(home)), *map(_rule_of, _own(folders))]:
        if one.id in found:
            raise ConfigError(f"{one.path}: rule id {one.id!r} is taken by {found[one.id].path}", "rename the file")
        found[one.id] = one
    return found


def _shipped() -> Iterator[Rule]:
    yield from (_rule_of(importlib.import_module(name)) for name in _names())


def _names() -> list[str]:
    import pkgutil  # noqa: PLC0415 - where the index has them, nobody walks

    package = importlib.import_module("dodcheck.rules")
    found = [info for info in pkgutil.walk_packages(package.__path__, "dodcheck.rules.") if not info.ispkg]
    return sorted(info.name for info in found if not info.name.rpartition(".")[2].startswith("_"))


def _indexed(home: Path) -> list[Rule]:
    """Return the shipped rules from the index, which is made where there is none."""
    index = RuleIndex(home, installation())
    cards = index.read()
    if not cards:
        rules = {name: _rule_of(importlib.import_module(name)) for name in _names()}
        cards = tuple(Card.of(name, one, fast=is_fast(one.check)) for name, one in rules.items())
        index.write(cards)
    return [card.rule(_body) for card in cards]


@cache  # the modules of a process stay what they were when it began
def installation() -> str:
    """Return a stamp that is another one when any module of dodcheck or any shipped rule is another one."""
    places = importlib.import_module("dodcheck.rules").__path__
    return stamp_of(Path(__file__).parent, *map(Path, places))


def _body(module: str) -> Body:
    """Return what an indexed rule runs with; its module was looked at when the index was made."""
    (one,) = (value for value in vars(importlib.import_module(module)).values() if isinstance(value, Rule))
    return one.body


def _own(folders: Iterable[Path]) -> Iterator[ModuleType]:
    for folder in folders:
        files = sorted(p for p in folder.glob("*.py") if not p.name.startswith("_"))
        if not files:
            raise ConfigError(f"{folder}: no rule modules there", "mend `rule-folders` in the configuration")
        yield from map(_import_file, files)


def _import_file(file: Path) -> ModuleType:
    name = f"dodcheck_own_{hashlib.sha256(str(file).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{file}: not a Python module", "mend `rule-folders` in the configuration")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a team's own code may raise anything
        raise ConfigError(f"{file}: {type(error).__name__}: {error}", "mend the rule") from error
    return module


def _rule_of(module: ModuleType) -> Rule:
    rules = [value for value in vars(module).values() if isinstance(value, Rule)]
    if len(rules) != 1:
        raise ConfigError(f"{module.__file__}: {len(rules)} rules in it", "one file holds one rule")
    (one,) = rules
    if not one.title:
        raise ConfigError(f"{one.path}: no docstring", "say in it what the rule decides, and why")
    for pattern in (*one.answers, *one.unless):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ConfigError(f"{one.path}: pattern {pattern!r}: {error}") from error
    _refuse_non_facts(one)
    return one


def _refuse_non_facts(one: Rule) -> None:
    for name, kind in needs(one.check).items():
        inner = optional(kind) or kind
        fact = get_args(inner)[0] if get_origin(inner) is Both else inner
        if fact not in (*_ROOTS, one.options) and not hasattr(fact, "of"):
            raise ConfigError(f"{one.path}: parameter {name!r} is no fact", "give the type a classmethod `of`")
