"""Everything in a project's setup that the change alters."""

from typing import Self

import msgspec

from dodcheck.facts.setup.dependencies import DependencyChanges
from dodcheck.facts.setup.environment import VariableChanges
from dodcheck.facts.setup.setup_surface import SurfaceChanges


class SetupChanges(msgspec.Struct, frozen=True):
    """What the change alters in the setup.

    Args:
        dependencies: Direct runtime dependencies, by project.
        variables: Environment variables.
        surface: Commands, extras, services, system packages and the Python bound.
    """

    dependencies: DependencyChanges
    variables: VariableChanges
    surface: SurfaceChanges

    @classmethod
    def of(cls, dependencies: DependencyChanges, variables: VariableChanges, surface: SurfaceChanges) -> Self:
        """Put the three together."""
        return cls(dependencies, variables, surface)
