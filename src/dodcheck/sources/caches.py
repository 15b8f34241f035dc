"""Results of earlier runs, kept in the user's cache folder: at worst they are computed again.

One file an entry, put in place at once by a rename, so that concurrent runs, kill -9 and a full
disk leave no half of one.  An entry holds its own digest; one that does not match is no entry.
"""

import contextlib
import os
import tempfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from dodcheck.run import Suite

_MOST = 256 * 1024 * 1024  # bytes of all entries together
_DIGEST = 32
_WATCHED = 20_000  # files of a folder outside the repository
_MEASURED = ".coverage"  # data files that a measured run writes beside the code, under ever new names
_NO_CODE = {"__pycache__", "node_modules", "venv", "build", "dist"}
_PASSING = {  # what a terminal or a login differs in, and no test should
    "_", "COLORTERM", "COLUMNS", "LINES", "LS_COLORS", "NO_COLOR", "OLDPWD", "PS1", "PWD", "SHLVL", "TERM",
    "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERM_SESSION_ID", "WINDOWID",
}  # fmt: skip
_PASSING_FAMILIES = ("GIT_", "DODCHECK_", "SSH_", "GPG_", "DBUS_", "TMUX", "VSCODE_", "XDG_SESSION", "PRE_COMMIT")


def cache_home() -> Path:
    """Return dodcheck's cache folder: `DODCHECK_CACHE`, else `dodcheck` in the user's cache folder."""
    own = os.environ.get("DODCHECK_CACHE")
    return Path(own) if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dodcheck"


def environment_digest(environ: Mapping[str, str]) -> str:
    """Return a digest of the variables that a test may look at; no value is kept."""
    kept = [(k, v) for k, v in sorted(environ.items()) if k not in _PASSING and not k.startswith(_PASSING_FAMILIES)]
    return sha256(repr(kept).encode()).hexdigest()


def folder_digest(folder: Path) -> str | None:
    """Return a digest of the names, sizes and times of a folder's files; None when they are too many."""
    seen = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _NO_CODE]
        for name in (one for one in files if not one.startswith(_MEASURED)):
            with contextlib.suppress(OSError):  # gone since it was listed
                found = (Path(place) / name).stat()
                seen.append((place, name, found.st_size, found.st_mtime_ns))
        if len(seen) > _WATCHED:
            return None
    return sha256(repr(sorted(seen)).encode()).hexdigest()


class SuiteCache:
    """Runs of suites by everything that they depend on.

    Args:
        home: The cache folder.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "suites"

    def get(self, key: str) -> Suite | None:
        """Return the run that was kept under a key; None without one, and for one that is damaged."""
        file = self._folder / key
        try:
            content = file.read_bytes()
            if sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
                return None
            suite = msgspec.json.decode(zlib.decompress(content[_DIGEST:]), type=Suite)
        except (OSError, zlib.error, msgspec.DecodeError):
            return None
        with contextlib.suppress(OSError):
            os.utime(file)  # the least used go first
        return suite

    def put(self, key: str, suite: Suite) -> None:
        """Keep a run; where that is not possible, nothing happens."""
        shown = msgspec.structs.replace(suite.ran, stdout="", stderr="")
        body = zlib.compress(msgspec.json.encode(msgspec.structs.replace(suite, ran=shown)), level=1)
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(len(body))
            number, name = tempfile.mkstemp(prefix="new-", dir=self._folder)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(sha256(body).digest() + body)
                Path(name).replace(self._folder / key)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise

    def _make_room(self, wanted: int) -> None:
        entries = []
        for file in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another run removed it
                found = file.stat()
                entries.append((found.st_mtime, found.st_size, file))
        total = wanted + sum(size for _, size, _ in entries)
        for _, size, file in sorted(entries, key=lambda entry: entry[0]):
            if total <= _MOST:
                return
            file.unlink(missing_ok=True)
            total -= size
