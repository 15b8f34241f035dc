"""The table of frameworks: which call of which one loads, splits, fits, trains, evaluates, saves, logs or seeds.

The table itself is data: `frameworks.toml` beside this module, which says how its patterns are read.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

Kind = Literal["learning", "data", "tracking", "random"]
_ALTERNATIVES = re.compile(r"\{([^}]*)\}")


class Argument(NamedTuple):
    """One argument of a call that the table names.

    Args:
        name: Its keyword.
        position: 0-based position at which it may stand without the keyword; None when only by keyword.
    """

    name: str
    position: int | None


class Framework(NamedTuple):
    """One framework.

    Args:
        name: What the table calls it.
        kind: What it is for.
        imports: Modules that a file imports when it uses the framework.
        methods: Roles by the name of a method whose owner nobody knows.
    """

    name: str
    kind: Kind
    imports: tuple[str, ...]
    methods: Mapping[str, frozenset[str]]


class Meaning(NamedTuple):
    """What the table says of one qualified name.

    Args:
        framework: Name of the framework.
        roles: What the call is for.
        hyperparameters: Its arguments that are hyperparameters.
        seed: The argument that makes it repeatable; None when it has none.
    """

    framework: str
    roles: frozenset[str]
    hyperparameters: tuple[Argument, ...]
    seed: Argument | None


class Frameworks:
    """The table, ready to be asked.

    Args:
        table: The content of `frameworks.toml`.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.all = tuple(_framework(name, one) for name, one in table.items())
        self._also = {old: new for one in table.values() for old, new in one.get("also", {}).items()}
        self._by_root: dict[str, list[tuple[re.Pattern[str], Meaning]]] = {}
        for name, one in table.items():
            for pattern, meaning in _meanings(name, one):
                for root in _spelled(pattern.partition(".")[0]):
                    self._by_root.setdefault(root, []).append((_compiled(pattern), meaning))
        names = "|".join(
            sorted({re.escape(module) for one in self.all for module in one.imports}, key=len, reverse=True)
        )
        self.mention = re.compile(rf'(?m)(?:^|"|\\n|;)[ \t>]*(?:import|from)[ \t].{{0,200}}?\b(?:{names})\b')

    @classmethod
    @cache
    def shipped(cls) -> "Frameworks":
        """Return the table that dodcheck ships."""
        return cls(tomllib.loads(files(__package__).joinpath("frameworks.toml").read_text(encoding="utf-8")))

    def canonical(self, name: str) -> str:
        """Return a qualified name in the spelling that the patterns use."""
        for old, new in self._also.items():
            if name == old or name.startswith(f"{old}."):
                return self.canonical(new + name[len(old) :]) if new != old else name
        return name

    def meaning(self, name: str) -> Meaning | None:
        """Return what a canonical qualified name stands for; None when the table is silent."""
        found = [one for pattern, one in self._by_root.get(name.partition(".")[0], ()) if pattern.fullmatch(name)]
        if not found:
            return None
        return Meaning(
            found[0].framework,
            frozenset().union(*(one.roles for one in found)),
            tuple(dict.fromkeys(argument for one in found for argument in one.hyperparameters)),
            next((one.seed for one in found if one.seed), None),
        )

    def imported(self, modules: Iterable[str]) -> tuple[Framework, ...]:
        """Return the frameworks that a file uses which imports these dotted modules."""
        seen = tuple(modules)
        return tuple(one for one in self.all if any(_within(module, one.imports) for module in seen))


def _framework(name: str, table: Mapping[str, Any]) -> Framework:
    methods: dict[str, set[str]] = {}
    for role, names in table.get("methods", {}).items():
        for method in names:
            methods.setdefault(method, set()).add(role)
    return Framework(name, table["kind"], tuple(table["imports"]), {key: frozenset(v) for key, v in methods.items()})


def _meanings(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for role, patterns in table.get("roles", {}).items():
        for pattern in patterns:
            yield pattern, Meaning(name, frozenset({role}), (), None)
    for pattern, arguments in table.get("hyperparameters", {}).items():
        yield pattern, Meaning(name, frozenset(), tuple(map(_argument, arguments)), None)
    for pattern, argument in table.get("seeds", {}).items():
        yield pattern, Meaning(name, frozenset(), (), _argument(argument))


def _argument(text: str) -> Argument:
    name, at, position = text.partition("@")
    return Argument(name, int(position) if at else None)


def _spelled(part: str) -> Sequence[str]:
    return part[1:-1].split(",") if part.startswith("{") else [part]


def _compiled(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\{", "{").replace(r"\}", "}")
    text = _ALTERNATIVES.sub(lambda found: f"(?:{found[1].replace(',', '|')})", text)
    text = text.replace(r"\.\*\*", r"(?:\.\w+)*").replace(r"\*", r"\w*")
    return re.compile(text)


def _within(module: str, imports: Sequence[str]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in imports)
