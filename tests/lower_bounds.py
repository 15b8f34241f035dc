"""The lowest versions that pyproject.toml allows, as constraints of pip: `make lowest` tests them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

_PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def requirements() -> Iterator[Requirement]:
    """Yield every requirement: of the build, of the tool, of its extras and of its development."""
    said = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))
    project = said["project"]
    lists = [said["build-system"]["requires"], project["dependencies"], *project["optional-dependencies"].values()]
    for lines in [*lists, *said["dependency-groups"].values()]:
        yield from (Requirement(line) for line in lines if isinstance(line, str))  # a table includes another group


def lower_bound(one: Requirement) -> str:
    """Return the lowest version that a requirement allows.

    Raises:
        LookupError: it has no lower bound.
    """
    for part in one.specifier:
        if part.operator == ">=":
            return part.version
    raise LookupError(f"{one} has no lower bound: say `{one.name}>=` and the oldest version that was tried")


def constraints() -> list[str]:
    """Return a line of pip's constraints for each dependency of the tool and of its extras."""
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    said = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return [f"{one.name}=={lower_bound(one)}" for one in map(Requirement, said)]


if __name__ == "__main__":
    print("\n".join(constraints()))  # noqa: T201 - its output is what it is for
