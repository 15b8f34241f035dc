"""Rules of the team's own, laid out to be imported."""

from pathlib import Path

from dodcheck.change import Snapshot
from dodcheck.errors import ConfigError
from dodcheck.sources.scratch import Scratch

FAST = ("--fast runs no code of the change", "merge the rules first, or check without --fast")
BOXED = (
    "no code of the change runs outside of a sandbox that is asked for",
    "merge the rules first, or ask for no sandbox",
)


def laid_out(folder: str, sides: tuple[Snapshot, Snapshot], scratch: Scratch, unsafe: tuple[str, str] | None) -> Path:
    """Lay out a team's own rules as base has them, or as head has them where base has none; return the folder.

    They run in our own process.

    Args:
        folder: The folder.
        sides: Base and head.
        scratch: Where to lay them out.
        unsafe: Why rules that only head has must not run, and what to do; None where they may.

    Raises:
        ConfigError: They must not run, and base has none.
    """
    name = folder.strip("/")
    base, head = ([path for path in side.within(name) if path.endswith(".py")] for side in sides)
    if head and not base and unsafe:
        why, remedy = unsafe
        raise ConfigError(f"rule-folders: {folder}: base has no rules there, and {why}", remedy)
    snapshot, there = (sides[0], base) if base else (sides[1], head)
    target = scratch.folder(f"own-rules/{name}")
    for path in there:
        (target / path.rpartition("/")[2]).write_bytes(snapshot.read_bytes(path) or b"")
    return target
