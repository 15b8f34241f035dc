"""Lock files: which versions of which distributions each holds, and whose project it locks."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from threading import Lock as Mutex
from typing import Any, Self

import msgspec
import yaml
from packaging.utils import canonicalize_name

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.setup.requirements_files import audience, distribution, is_generated, is_pinned, logical_lines

_NAMES = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml")
_OTHER_NAME = re.compile(r"(pylock\.[\w-]+\.toml|[\w-]*conda-lock\.ya?ml|requirements[\w.-]*\.lock)$")
_VERSION = re.compile(r"===?\s*([\w.!+-]+)")


class LockFile(msgspec.Struct, frozen=True):
    """What one lock holds.

    Args:
        path: The file.
        versions: Versions by canonical name; without any for what has none (a repository, a folder).
    """

    path: str
    versions: Mapping[str, frozenset[str]]


class LockFiles:
    """The locks of one side; each is read when it is asked for, once.

    Args:
        snapshot: The side to read from.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._read: dict[str, LockFile] = {}
        self._mutex = Mutex()

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    def of_project(self, folder: str, name: str | None) -> tuple[LockFile, ...]:
        """Return the locks beside a project's manifest, else uv's lock of the workspace that it is a member of.

        Args:
            folder: The project's folder; the root is "".
            name: The project's own name, where its manifest gives one.

        Raises:
            ToolError: One of them is not well-formed.
        """
        start = f"{folder}/" if folder else ""
        beside = [path[len(start) :] for path in self._snapshot.paths() if path.startswith(start)]
        found = [one for one in beside if "/" not in one and is_lock_name(one)]
        found += [one for one in beside if one.count("/") <= 1 and self._is_list(start + one)]
        if found:
            return tuple(self._at(start + one) for one in found)
        while folder and name:
            folder = folder.rpartition("/")[0]
            path = f"{folder}/uv.lock" if folder else "uv.lock"
            if self._snapshot.blob(path) is not None:
                lock = self._at(path)
                return (lock,) if name in lock.versions else ()
        return ()

    def _is_list(self, path: str) -> bool:
        """A requirements file that a resolver wrote, or that goes by the name of a lock and pins everything."""
        if audience(path) is None and not re.search(r"(^|/)constraints[\w.-]*\.txt$", path):
            return False
        text = self._snapshot.read(path) or ""
        source = path.removesuffix(".txt") + ".in"
        made = is_generated(text) or (path.endswith(".txt") and self._snapshot.blob(source) is not None)
        return is_pinned(text) and (made or bool(re.search(r"lock|frozen|freeze|constraint", path)))

    def _at(self, path: str) -> LockFile:
        with self._mutex:
            if path not in self._read:
                self._read[path] = read_lock(path, self._snapshot.read(path) or "")
            return self._read[path]


def is_lock_name(path: str) -> bool:
    """Tell by its name whether a file is a lock of Python distributions."""
    return path.endswith(_NAMES) or bool(_OTHER_NAME.search(path))


def read_lock(path: str, text: str) -> LockFile:
    """Read one lock file.

    Raises:
        ToolError: It is not well-formed.
    """
    try:
        pairs = list(_pairs(path.rpartition("/")[2], text))
    except (yaml.YAMLError, ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ToolError(f"{path}: {str(error).splitlines()[0]}", "write the lock file again") from error
    versions: dict[str, set[str]] = {}
    for name, version in pairs:
        versions.setdefault(canonicalize_name(name), set()).update([version] if version else [])
    return LockFile(path, {name: frozenset(found) for name, found in versions.items()})


def _pairs(name: str, text: str) -> Iterator[tuple[str, str]]:
    if name == "Pipfile.lock":
        data = msgspec.json.decode(text)
        for section in ("default", "develop"):
            for key, one in data.get(section, {}).items():
                yield key, str(one.get("version", "")).removeprefix("==")
    elif name.endswith(("conda-lock.yml", "conda-lock.yaml")):
        yield from _named_versions((yaml.safe_load(text) or {}).get("package", ()))
    elif name.endswith((".txt", ".in", ".pip")) or name.startswith("requirements"):
        for _, line in logical_lines(text):
            if found := distribution(line):
                version = _VERSION.search(line.partition(" --")[0].partition(";")[0])
                yield found, version[1] if version else ""
    else:
        data = tomllib.loads(text)
        yield from _named_versions(data.get("package") or data.get("packages") or ())


def _named_versions(packages: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever the file holds
    for one in packages:
        yield str(one["name"]), str(one.get("version", ""))
