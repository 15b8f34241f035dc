"""Runs of suites that are kept for later runs, and digests of what they depend on."""

import contextlib
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from dodcheck import __version__
from dodcheck.run import Ran, Suite
from dodcheck.sources.environment import Interpreter
from dodcheck.store import Store

_NOTE = "the answer comes from the cache: the same tree, settings and environment were checked before"
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


def elsewhere(places: Iterable[str], top: Path, known: dict[Path, str | None]) -> list[str | None]:
    """Return digests of the folders that lie outside the repository, whose trees do not tell of them.

    Args:
        places: The folders.
        top: The work tree's root.
        known: Digests that this run has made; new ones are added.
    """
    outside = [path for place in places if place and not (path := Path(place).resolve()).is_relative_to(top)]
    known |= {one: folder_digest(one) for one in outside if one not in known}
    return [known[one] for one in outside]


def identity(python: Interpreter, top: Path, known: dict[Path, str | None]) -> object:
    """Return what an interpreter is, with the code that is developed elsewhere; None when that is too much."""
    linked = elsewhere([url.removeprefix("file://") for url in python.linked], top, known)
    return None if None in linked else [python.path, python.version, python.packages, python.installed, linked]


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


class TypeMemory:
    """Runs of a type checker by everything that they depend on.

    Args:
        home: The cache folder.
        top: The work tree's root.
        digests: See `elsewhere`.
    """

    def __init__(self, home: Path, top: Path, digests: dict[Path, str | None]) -> None:
        self._store = Store(home / "types")
        self._top = top
        self._digests = digests

    def key(self, python: Interpreter, parts: Sequence[str]) -> str | None:
        """Return the key of a run; None where something that it depends on cannot be told.

        Args:
            python: The interpreter whose packages are looked at.
            parts: The tree, the command, its version and its settings.
        """
        who = identity(python, self._top, self._digests)
        if who is None or os.environ.get("MYPYPATH"):
            return None
        said = [__version__, parts, who, environment_digest(os.environ)]
        return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()

    def get(self, key: str | None) -> Ran | None:
        """Return the run that was kept under a key; None without one, and for one that is damaged."""
        body = None if key is None else self._store.get(key)
        try:
            ran = None if body is None else msgspec.json.decode(zlib.decompress(body), type=Ran)
        except (zlib.error, msgspec.DecodeError):
            return None
        if ran is None:
            return None
        note = "; ".join(filter(None, [ran.note, _NOTE]))
        return msgspec.structs.replace(ran, note=note, seconds=0.0)

    def put(self, key: str | None, ran: Ran) -> None:
        """Keep a run that ended by itself; where that is not possible, nothing happens."""
        if key is not None and not ran.timed_out and ran.exit in {0, 1}:
            self._store.put(key, zlib.compress(msgspec.json.encode(ran), level=1))
