"""What claims are held against."""

from typing import Self

import msgspec

from dodcheck.change import Change
from dodcheck.errors import ToolError
from dodcheck.facts.breaking.all_breaks import Breaks
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.claims.known_names import KnownNames
from dodcheck.facts.runs.matrix import BaseTestsOnHead
from dodcheck.facts.runs.seen import Seen
from dodcheck.facts.setup.dependencies import DependencyChanges
from dodcheck.run import Outcome


class Measured(msgspec.Struct, frozen=True):
    """The change as it is.

    Args:
        change: Its files.
        names: What the repository knows at either side.
        dependencies: What it adds; None where a manifest cannot be read.
        breaks: What it breaks.
        seen: What the runs show; None where the tests did not run.
        old: Base's tests on head's source; likewise.
    """

    change: Change
    names: KnownNames
    dependencies: DependencyChanges | None
    breaks: Breaks
    seen: Seen | None
    old: BaseTestsOnHead | None

    @classmethod
    def of(
        cls,
        change: Change,
        names: KnownNames,
        breaks: Breaks,
        dependencies: DependencyChanges | None,
        seen: Seen | None,
        old: BaseTestsOnHead | None,
    ) -> Self:
        """Put it together; nothing of it is looked at yet."""
        return cls(change, names, dependencies, breaks, seen, old)

    @property
    def new_dependencies(self) -> list[str]:
        """Names of direct dependencies that the change adds."""
        return [name for project in (self.dependencies.projects if self.dependencies else ()) for name in project.added]

    @property
    def contract_failures(self) -> tuple[Outcome, ...]:
        """Old tests that fail on the new source, where the suite at head is green."""
        return self.old.failing if self.old and self.seen and self.seen.green else ()

    @property
    def confirmed_breaks(self) -> list[Break]:
        """Breaks of what users were told of, where code that worked fails."""
        try:
            return [one for one in self.breaks.all if one.certain and one.declared]
        except ToolError:  # told by the rule of breaking changes
            return []
