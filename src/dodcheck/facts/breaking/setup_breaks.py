"""Breaks of what a project asks of its surroundings: variables, entry points, versions of Python and dependencies."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Self

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from dodcheck.change import Both, Change
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.breaking.project_kind import Projects
from dodcheck.facts.documents.documentation import Documentation
from dodcheck.facts.setup.dependencies import Dependencies, is_aside
from dodcheck.facts.setup.environment import VariableChanges
from dodcheck.facts.setup.floors import RaisedFloors
from dodcheck.facts.setup.manifests import is_manifest
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
        floors: Dependencies whose older versions no longer do.
        manifests: What the projects declare.
        projects: What the projects say of themselves.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one a part of the surface
        self,
        change: Change,
        variables: VariableChanges,
        surface: SurfaceChanges,
        documents: Both[Documentation],
        floors: RaisedFloors,
        manifests: Both[Dependencies],
        projects: Both[Projects],
    ) -> None:
        self._change = change
        self._variables = variables
        self._surface = surface
        self._documents = documents
        self._floors = floors
        self._manifests = manifests
        self._projects = projects

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - as above
        cls,
        change: Change,
        variables: VariableChanges,
        surface: SurfaceChanges,
        documents: Both[Documentation],
        floors: RaisedFloors,
        manifests: Both[Dependencies],
        projects: Both[Projects],
    ) -> Self:
        """Nothing is judged yet."""
        return cls(change, variables, surface, documents, floors, manifests, projects)

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Every break."""
        setup = (*self._gone(), *self._required(), *self._scripts(), *self._plugins())
        return (*setup, *self._python(), *self._raised())

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
            elif one.kind == "extra" and not _ASIDE.search(one.name):
                text, place, names = f"extra `{one.name}` is gone", (one.path, one.line), (one.name,)
                told = self._is_written(re.compile(rf"\w\[[\w, .-]*\b{re.escape(one.name)}\b[\w, .-]*\]"))
                yield Break("entry point", "extra-removed", one.name, text, *place, declared=told, names=names)

    def _plugins(self) -> Iterator[Break]:
        paths = [f.path for f in self._change.files if is_manifest(f.path) and not is_aside(f.path)]
        kept = {name for path in paths for name in self._manifests.head.manifest(path).plugins}
        for path in paths:
            for name, line in self._manifests.base.manifest(path).plugins.items():
                if name not in kept:
                    text, names = f"entry point `{name}` is gone", (name.partition(": ")[2], name)
                    yield Break("entry point", "plugin-removed", name, text, path, line, names=names)

    def _raised(self) -> Iterator[Break]:
        """Yield raised floors of libraries: whoever must keep an older version of a dependency cannot upgrade."""
        for one in self._floors.all:
            if self._projects.base.at(one.path).kind == "library":
                text = f"`{one.name}` {one.was} no longer does: {one.now} or newer is needed"
                remedy, place = f"upgrade {one.name}", (one.path, one.line)
                yield Break(
                    "dependency",
                    "floor-raised",
                    one.name,
                    text,
                    *place,
                    certain=False,
                    names=(one.name,),
                    remedy=remedy,
                )

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
        return self._is_written(one.pattern)

    def _is_written(self, pattern: re.Pattern[str]) -> bool:
        return next(iter(self._documents.base.mentions(pattern)), None) is not None


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
