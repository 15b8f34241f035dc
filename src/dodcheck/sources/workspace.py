"""What every tool run of one change shares."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dodcheck.change import Change, Side, Snapshot
from dodcheck.sources.plumbing import Git
from dodcheck.sources.scratch import Scratch, Trees

if TYPE_CHECKING:
    from dodcheck.sources.sandbox import Box, Sandbox


class Workspace(msgspec.Struct, frozen=True):
    """One change, with the places that its tools may write to.

    Args:
        git: The repository.
        scratch: The run's own folder.
        trees: Whole trees of both sides.
        change: The change.
        limit: Seconds until a tool's run is ended.
        digests: Of folders outside the repository, as far as they are known.
        sandbox: Where code of the change runs; None for no sandbox.
    """

    git: Git
    scratch: Scratch
    trees: Trees
    change: Change
    limit: float
    digests: dict[Path, str | None] = msgspec.field(default_factory=dict)
    sandbox: "Sandbox | None" = None

    def box(self, *writes: Path, programs: tuple[str, ...]) -> "Box | None":
        """Return the sandbox of one child, None for none; see `Box`."""
        if self.sandbox is None:
            return None
        from dodcheck.sources.sandbox import Box  # noqa: PLC0415 - few runs ask for one

        return Box(self.sandbox, writes, programs)

    def snapshot(self, side: Side) -> Snapshot:
        """Return one side of the change."""
        return self.change.base if side is Side.BASE else self.change.head
