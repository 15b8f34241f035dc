"""A folder of entries that earlier runs left for later ones: at worst they are computed again.

One file an entry, put in place at once by a rename, so that concurrent runs, kill -9 and a full
disk leave no half of one.  An entry holds its own digest; one that does not match is no entry.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

_DIGEST = 32  # bytes
_PART = "new-"
_OLD = 3600.0  # seconds after which a part is what a killed run left
_DEFAULT = 256.0  # MiB of all entries together


class Entry(NamedTuple):
    """One file of a store: when it was last used (seconds since 1970), its bytes, and where it is."""

    used: float
    size: int
    file: Path


def cache_home() -> Path:
    """Return dodcheck's cache folder: `DODCHECK_CACHE`, else `dodcheck` in the user's cache folder."""
    own = os.environ.get("DODCHECK_CACHE")
    return Path(own) if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dodcheck"


def cache_limit() -> int:
    """Return how many bytes a store may hold: `DODCHECK_CACHE_SIZE`, in MiB, else 256 MiB."""
    try:
        return int(max(0.0, float(os.environ.get("DODCHECK_CACHE_SIZE", _DEFAULT))) * 2**20)
    except (ValueError, OverflowError):
        return int(_DEFAULT * 2**20)


class Store:
    """Entries by key, within a limit; the least recently used go first.

    Args:
        folder: Where they stand; made when the first entry is kept.
        limit: Bytes of all entries together.
        keep: Number of entries at most.
    """

    def __init__(self, folder: Path, limit: int | None = None, keep: int | None = None) -> None:
        self._folder = folder
        self._limit = limit
        self._keep = keep

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key; None without an entry, and for one that is damaged."""
        file = self._folder / key
        try:
            content = file.read_bytes()
        except OSError:
            return None
        if sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
            return None
        with contextlib.suppress(OSError):
            os.utime(file)  # the least recently used go first
        return content[_DIGEST:]

    def put(self, key: str, body: bytes) -> None:
        """Keep an entry; where that is not possible, nothing happens."""
        limit = cache_limit() if self._limit is None else self._limit
        if len(body) > limit:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(limit - len(body), None if self._keep is None else self._keep - 1)
            number, name = tempfile.mkstemp(prefix=_PART, dir=self._folder)
            try:
                with os.fdopen(number, "wb") as part:
                    part.write(sha256(body).digest() + body)
                Path(name).replace(self._folder / key)
            except BaseException:  # a full disk, or Ctrl-C
                Path(name).unlink(missing_ok=True)
                raise

    def entries(self) -> Iterator[Entry]:
        """Yield what is kept, and the parts that are being written."""
        with contextlib.suppress(OSError):
            for file in self._folder.iterdir():
                with contextlib.suppress(OSError):  # another run removed it
                    found = file.stat()
                    yield Entry(found.st_mtime, found.st_size, file)

    def _make_room(self, limit: int, keep: int | None) -> None:
        entries = sorted(self.entries(), reverse=True)
        total = 0
        for place, entry in enumerate(entries):
            total += entry.size
            is_left = entry.file.name.startswith(_PART) and entry.used < time.time() - _OLD
            if is_left or total > limit or (keep is not None and place >= keep):
                entry.file.unlink(missing_ok=True)
