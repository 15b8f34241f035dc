"""Runs of suites that are kept for later runs, and digests of what they depend on."""

import contextlib
import os
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from dodcheck.run import Suite
from dodcheck.store import Store

_WATCHED = 20_000  # files of a folder outside the repository
_MEASURED = ".coverage"  # data files that a measured run writes beside the code, under ever new names
_NO_CODE = {"__pycache__", "node_modules", "venv", "build", "dist"}
_PASSING = {  # what a terminal or a login differs in, and no test should
    "_", "COLORTERM", "COLUMNS", "LINES", "LS_COLORS", "NO_COLOR", "OLDPWD", "PS1", "PWD", "SHLVL", "TERM",
    "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERM_SESSION_ID", "WINDOWID",
}  # fmt: skip
_PASSING_FAMILIES = ("GIT_", "DODCHECK_", "SSH_", "GPG_", "DBUS_", "TMUX", "VSCODE_", "XDG_SESSION", "PRE_COMMIT")


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
        self._store = Store(home / "suites")

    def get(self, key: str) -> Suite | None:
        """Return the run that was kept under a key; None without one, and for one that is damaged."""
        body = self._store.get(key)
        try:
            return None if body is None else msgspec.json.decode(zlib.decompress(body), type=Suite)
        except (zlib.error, msgspec.DecodeError):
            return None

    def put(self, key: str, suite: Suite) -> None:
        """Keep a run; where that is not possible, nothing happens."""
        shown = msgspec.structs.replace(suite.ran, stdout="", stderr="")
        self._store.put(key, zlib.compress(msgspec.json.encode(msgspec.structs.replace(suite, ran=shown)), level=1))
