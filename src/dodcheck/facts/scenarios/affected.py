"""Which scenarios a change affects, and by what."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Self

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.scenarios.edits import differences
from dodcheck.facts.scenarios.inventory import Inventory, is_scenario_code
from dodcheck.facts.scenarios.reached_tests import ReachedTests
from dodcheck.facts.scenarios.scenario import Affected, Scenario, ScenarioFile
from dodcheck.facts.scenarios.steps import Step, steps
from dodcheck.facts.scenarios.support import users_of
from dodcheck.facts.scenarios.surface import SurfaceChanges, SurfaceLiteral, is_shown

_MANY = 10  # scenarios, from which on a cause that reaches more than half of them all says little of any
_HALF = 0.5


class AffectedScenarios:
    """Scenarios that a change affects.

    Direct is a scenario that is new, changed or gone, one whose step definition changed, and one that names a route,
    option, selector or text that changed, itself or by way of a page object. Transitive is one that runs changed code
    by way of imports, and whatever a cause reaches that reaches most of them.

    Args:
        change: The change.
        inventory: The scenarios of both sides.
        surface: What users see of the change.
        reached: Python tests that import changed code.
        source: Changed Python source that does something else than before.
    """

    def __init__(
        self,
        change: Change,
        inventory: Both[Inventory],
        surface: SurfaceChanges,
        reached: ReachedTests,
        source: BehaviouralSource,
    ) -> None:
        self._change = change
        self._inventory = inventory
        self.surface = surface
        self._reached = reached
        self._source = source

    @classmethod
    def of(
        cls,
        change: Change,
        inventory: Both[Inventory],
        surface: SurfaceChanges,
        reached: ReachedTests,
        source: BehaviouralSource,
    ) -> Self:
        """Nothing is looked at yet."""
        return cls(change, inventory, surface, reached, source)

    @property
    def has_inventory(self) -> bool:
        """The repository holds scenarios, or held some that the change deletes."""
        gone = any(file.base_path and self._inventory.base.kind(file.base_path) for file in self._change.files)
        return gone or bool(self._inventory.head.kinds)

    @property
    def can_affect(self) -> bool:
        """The change touches what the program does, or files that may be of scenarios; told without listing those."""
        return self.touches_behaviour or any(is_scenario_code(file.path) for file in self._change.files)

    @property
    def touches_behaviour(self) -> bool:
        """The change alters what the program does, as far as that can be told: code, pages, code of the browser."""
        code = any(is_shown(file.path) for file in self._source.files)
        return code or bool(self.surface.pages or self.surface.literals)

    @cached_property
    def direct(self) -> tuple[Affected, ...]:
        """The scenarios that are certainly affected, by file and line.

        Raises:
            ToolError: A changed file of scenarios cannot be read.
        """
        return _ordered(self._edited, self._reached_by(certain=True))

    @cached_property
    def transitive(self) -> tuple[Affected, ...]:
        """Further scenarios that may be affected."""
        known = {one.scenario.id for one in self.direct}
        found = [*self._reached_by(certain=False), *self._by_imports()]
        return tuple(one for one in _ordered(found) if one.scenario.id not in known)

    @cached_property
    def unmapped(self) -> tuple[str, ...]:
        """Files of scenarios of which nothing tells what they run, while the change touches what the program does."""
        if not self.touches_behaviour:
            return ()
        return tuple(path for path, kind in self._inventory.head.kinds.items() if kind != "pytest")

    @cached_property
    def _edited(self) -> tuple[Affected, ...]:
        found: list[Affected] = []
        for file in self._change.files:
            base, head = self._inventory.base.at(file.base_path), self._inventory.head.at(file.head_path)
            found += differences(file, base, head)
        kept = {(one.scenario.title, one.scenario.text) for one in found if not one.gone}
        titles = {title for title, _ in kept}
        return tuple(one for one in found if not (one.gone and one.scenario.title in titles))

    @cached_property
    def _groups(self) -> tuple[tuple[bool, tuple[Affected, ...]], ...]:
        """The scenarios that each cause outside of them reaches, and whether it affects them for certain."""
        found = [(True, self._by_step(file, step)) for file, step in self._changed_steps()]
        literals = [one for one in self.surface.literals if not one.is_new] if self.has_inventory else []
        found += [(one.certain, self._by_literal(one)) for one in literals]
        return tuple((certain and not self._is_wide(group), group) for certain, group in found)

    def _reached_by(self, *, certain: bool) -> Iterator[Affected]:
        yield from (one for sure, group in self._groups if sure is certain for one in group)

    def _is_wide(self, group: tuple[Affected, ...]) -> bool:
        total = sum(len(file.scenarios) for file in self._files)
        return total >= _MANY and len(group) > total * _HALF

    @cached_property
    def _files(self) -> tuple[ScenarioFile, ...]:
        return tuple(self._inventory.head.readable())

    def _changed_steps(self) -> Iterator[tuple[ChangedFile, Step]]:
        features = [path for path in self._inventory.head.kinds if path.endswith(".feature")]
        for file in self._change.files if features else ():
            if file.path.endswith((".py", ".ts", ".js")):
                texts = (self._inventory.base.text(file.base_path), self._inventory.head.text(file.head_path))
                base, head = (steps(text, file.path) for text in texts)
                yield from ((file, one) for one in {*base} ^ {*head})

    def _by_step(self, file: ChangedFile, step: Step) -> tuple[Affected, ...]:
        why = f"its step `{step.pattern}` changed"
        return tuple(Affected(one, why, file.path) for one in self._all if step.serves(one))

    @property
    def _all(self) -> Iterable[Scenario]:
        return (one for file in self._files for one in file.scenarios)

    def _by_literal(self, literal: SurfaceLiteral) -> tuple[Affected, ...]:
        why = f"{literal.kind} `{literal.text}` {literal.why}"
        users = users_of(literal, self._files, self._inventory.head)
        return tuple(Affected(one, why, literal.path) for one in users)

    def _by_imports(self) -> Iterator[Affected]:
        for path, cause in self._reached.by_path.items():
            file = _safely(self._inventory.head.at, path)
            for one in file.scenarios if file else ():
                yield Affected(one, f"it imports `{cause}`, which changed", cause)


def _safely(read: Callable[[str], ScenarioFile | None], path: str) -> ScenarioFile | None:
    try:
        return read(path)
    except ToolError:  # one that the change does not touch and nobody can read
        return None


def _ordered(*groups: Iterable[Affected]) -> tuple[Affected, ...]:
    found: dict[str, Affected] = {}
    for group in groups:
        for one in group:
            found.setdefault(one.scenario.id, one)
    return tuple(sorted(found.values(), key=lambda one: (one.scenario.path, one.scenario.line)))
