"""The least version that a project asks of each runtime dependency, and where the change raises it."""

from collections.abc import Iterator
from typing import Self

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from dodcheck.change import Both, Change
from dodcheck.facts.setup.bounds import Bound, read_bounds
from dodcheck.facts.setup.dependencies import Dependencies, is_aside
from dodcheck.facts.setup.manifests import is_manifest

_LOWER = {">=", ">", "~=", "==", "==="}
_TOLD = 2  # parts of a version whose rise users feel; a patch is a matter of an hour


class RaisedFloor(msgspec.Struct, frozen=True):
    """A runtime dependency of which older versions will no longer do.

    Args:
        name: Canonical name of the distribution.
        was: The least version at base.
        now: The least version at head.
        path: The manifest at head.
        line: 1-based line in it.
    """

    name: str
    was: str
    now: str
    path: str
    line: int


class RaisedFloors(msgspec.Struct, frozen=True):
    """The floors that the change raises.

    Args:
        all: One entry a manifest and dependency.
    """

    all: tuple[RaisedFloor, ...]

    @classmethod
    def of(cls, change: Change, dependencies: Both[Dependencies]) -> Self:
        """Compare the changed manifests of the product; locks and lists of pins are none.

        Raises:
            ToolError: One of them is not well-formed.
        """
        found: list[RaisedFloor] = []
        for file in change.files:
            base, head = file.base_path, file.head_path
            if base and head and is_manifest(head) and not is_aside(head) and not head.endswith((".txt", ".in")):
                old = _floors(_bounds(change.base.read(base) or "", base, dependencies.base))
                new = _bounds(change.head.read(head) or "", head, dependencies.head)
                found += _raised(old, new)
        return cls(tuple(found))


def _bounds(text: str, path: str, dependencies: Dependencies) -> tuple[Bound, ...]:
    return read_bounds(path, text, dependencies.manifest(path).runtime)


def _raised(old: dict[str, Version], new: tuple[Bound, ...]) -> Iterator[RaisedFloor]:
    floors = _floors(new)
    for one in {bound.name: bound for bound in reversed(new)}.values():
        was, now = old.get(one.name), floors.get(one.name)
        if was and now and now.release[:_TOLD] > was.release[:_TOLD]:
            yield RaisedFloor(one.name, str(was), str(now), one.path, one.line)


def _floors(bounds: tuple[Bound, ...]) -> dict[str, Version]:
    """Return the least version of each; of several lines for one, as markers make them, the lowest."""
    found: dict[str, Version] = {}
    for one in bounds:
        floor = _floor(one)
        if floor is not None:
            found[one.name] = min(floor, found.get(one.name, floor))
    return found


def _floor(bound: Bound) -> Version | None:
    try:
        lower = [Version(s.version.removesuffix(".*")) for s in SpecifierSet(bound.versions) if s.operator in _LOWER]
    except (InvalidSpecifier, InvalidVersion):
        return None
    return max(lower, default=None)
