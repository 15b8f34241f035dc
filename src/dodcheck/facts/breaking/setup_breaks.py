"""Breaks of what a project asks of its surroundings: environment variables, entry points, the Python version."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Self

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from dodcheck.change import Both, Change
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.documents.documentation import Documentation
from dodcheck.facts.setup.dependencies import is_aside
from dodcheck.facts.setup.environment import VariableChanges
from dodcheck.facts.setup.setup_surface import SurfaceChanges
from dodcheck.facts.setup.variables import Variable

_ASIDE = re.compile(r"^(dev|test|doc|lint|typ|ci|build)|:")  # extras for developers, and markers of an environment
_MINORS = [f"3.{minor}" for minor in range(6, 20)]


class SetupBreaks:
    """Breaks of the setup surface.

    Args:
        change: The change.
        variables: How environment variables differ.
        surface: How entry points and the bound on Python differ.
        documents: The setup documents of both sides.
    """

    def __init__(
        self, change: Change, variables: VariableChanges, surface: SurfaceChanges, documents: Both[Documentation]
    ) -> None:
        self._change = change
        self._variables = variables
        self._surface = surface
        self._documents = documents

    @classmethod
    def of(
        cls, change: Change, variables: VariableChanges, surface: SurfaceChanges, documents: Both[Documentation]
    ) -> Self:
        """Nothing is judged yet."""
        return cls(change, variables, surface, documents)

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Every break."""
        return (*self._gone(), *self._required(), *self._scripts(), *self._python())

    def _gone(self) -> Iterator[Break]:
        fresh = {one.path: one for one in self._variables.new}
        for one in self._variables.gone:
            now = fresh.get(one.path)
            told = self._is_documented(one)
            name = one.names[0]
            text = f"environment variable `{name}` is read no more"
            text += f"; `{now.names[0]}` is new in the same file" if now else ""
            remedy = f"set `{now.names[0]}`" if now else ""
            yield Break(
                "environment",
                "variable-removed",
                name,
                text,
                one.path,
                one.line,
                declared=told or now is not None,
                names=one.names,
                remedy=remedy,
            )

    def _required(self) -> Iterator[Break]:
        for one in self._variables.now_required:
            name, remedy, place = one.names[0], f"set `{one.names[0]}`", (one.path, one.line)
            text = f"environment variable `{name}` is required now"
            yield Break("environment", "variable-required", name, text, *place, names=one.names, remedy=remedy)

    def _scripts(self) -> Iterator[Break]:
        for one in self._surface.gone:
            if one.kind == "script":
                text = f"command `{one.name}` is no longer installed"
                yield Break("entry point", "script-removed", one.name, text, one.path, one.line, names=(one.name,))
            elif (
                one.kind == "extra"
                and ":" not in one.name
                and not re.search(r"^(dev|test|doc|lint|typ|ci|build)", one.name)
            ):
                text, place, names = f"extra `{one.name}` is gone", (one.path, one.line), (one.name,)
                yield Break("entry point", "extra-removed", one.name, text, *place, declared=False, names=names)

    def _python(self) -> Iterator[Break]:
        for path, (old, new) in self._surface.python.items():
            dropped = [] if is_aside(path) else _dropped(old, new)
            if dropped:
                listed = ", ".join(dropped)
                text = f"Python {listed} is no longer supported: `{old}` became `{new}`"
                line = next(iter(sorted(self._lines(path))), 1)
                names = (*dropped, "python_requires", "requires-python", new)
                remedy = f"upgrade Python to {new}"
                yield Break(
                    "python version", "python-dropped", "requires-python", text, path, line, names=names, remedy=remedy
                )

    def _lines(self, path: str) -> frozenset[int]:
        return next((self._change.added_lines(f) for f in self._change.files if f.path == path), frozenset())

    def _is_documented(self, one: Variable) -> bool:
        return next(iter(self._documents.base.mentions(one.pattern)), None) is not None


def _dropped(old: str, new: str) -> list[str]:
    try:
        before, after = SpecifierSet(_plain(old)), SpecifierSet(_plain(new))
    except InvalidSpecifier:
        return []
    return [one for one in _MINORS if before.contains(f"{one}.99") and not after.contains(f"{one}.99")]


def _plain(bound: str) -> str:
    """Turn poetry's caret and tilde into what the standard knows."""
    found = re.fullmatch(r"\s*\^\s*(\d+)\.(\d+)(\.\d+)?\s*", bound)
    return f">={found[1]}.{found[2]},<{int(found[1]) + 1}" if found else bound
