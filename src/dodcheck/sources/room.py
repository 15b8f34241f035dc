"""Room on disk: what failed, or ended, where none is left says nothing of the change."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dodcheck.errors import ToolError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LEAST = 1 << 16  # bytes; what fails for want of room seldom leaves more


def is_full(place: Path | str) -> bool:
    """Tell whether next to nothing can be written in a folder; of one that tells no size, nobody knows."""
    try:
        found = os.statvfs(place)
    except OSError:
        return False
    no_bytes = found.f_blocks > 0 and found.f_bavail * found.f_frsize < _LEAST
    return no_bytes or (found.f_files > 0 and found.f_favail == 0)


def no_room(place: Path | str) -> ToolError:
    """Return what to raise when there is no room in a folder."""
    return ToolError(f"no room is left in {place}", "make room there, or name another folder in TMPDIR")


@contextmanager
def needed(place: Path) -> Iterator[None]:
    """Say of a write that fails for want of room where that was.

    Raises:
        ToolError: It did.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise no_room(place) from error
