"""What the change does to end-to-end scenarios beside what its author says: for the report."""

from typing import Self

import msgspec

from dodcheck.facts.scenarios.affected import AffectedScenarios
from dodcheck.facts.scenarios.scenario import Affected
from dodcheck.facts.scenarios.stated import StatedScenario, StatedScenarios


class ScenarioHandoff(msgspec.Struct, frozen=True):
    """Computed and stated scenarios.

    Args:
        computed: Scenarios that are certainly affected.
        possible: Scenarios that may be.
        stated: What the author lists, in the notes and in the task.
        says_none: The author says that none is affected.
    """

    computed: tuple[Affected, ...]
    possible: tuple[Affected, ...]
    stated: tuple[StatedScenario, ...]
    says_none: bool

    @classmethod
    def of(cls, affected: AffectedScenarios, stated: StatedScenarios) -> Self:
        """Put both lists together.

        Raises:
            ToolError: A changed file of scenarios cannot be read.
        """
        if not affected.has_inventory:
            return cls((), (), stated.listed, stated.says_none)
        return cls(affected.direct, affected.transitive, stated.listed, stated.says_none)

    @property
    def lines(self) -> tuple[str, ...]:
        """The section of the report: what was found and whether it is listed, then what is listed beyond that."""
        found = [self._line(one, "affected") for one in self.computed]
        found += [self._line(one, "may be affected") for one in self.possible]
        every = [one.scenario for one in (*self.computed, *self.possible)]
        beyond = [line for line in self.stated if not any(map(line.names, every))]
        found += [f"{one.text} (listed in the {one.source})" for one in beyond]
        return (*found, *(["none, by the notes"] if self.says_none and not self.stated else []))

    def _line(self, one: Affected, how: str) -> str:
        listed = "listed" if any(line.names(one.scenario) for line in self.stated) else "not listed"
        return f"`{one.scenario.id}` {how}: {one.why} ({listed})"
