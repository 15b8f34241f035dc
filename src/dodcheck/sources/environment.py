"""The project's own Python environment, and where its tools are."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import msgspec

from dodcheck.errors import ToolError
from dodcheck.store import Store, cache_home

_PROBE = """
import glob, json, os, sys
from importlib.metadata import version, PackageNotFoundError
found, names, linked = {}, set(), []
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
for entry in filter(os.path.isdir, sys.path):
    for name in os.listdir(entry):
        if name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth")):
            names.add(name)
    for link in glob.glob(os.path.join(glob.escape(entry), "*.dist-info", "direct_url.json")):
        with open(link) as file:
            said = json.load(file)
        if said.get("dir_info", {}).get("editable"):
            linked.append(said["url"])
print(json.dumps([list(sys.version_info[:3]), found, sorted(names), sorted(linked)]))
"""
_TOOLS = (
    "pytest", "pytest-cov", "pytest-xdist", "pytest-randomly", "pytest-random-order", "coverage", "mypy", "ruff",
    "alembic",
)  # fmt: skip


_KEPT = 50  # versions of tools
_asking = Lock()
_Answer = tuple[tuple[int, int, int], dict[str, str], tuple[str, ...], tuple[str, ...]]


class Tool(NamedTuple):
    """How to start a tool, its version, and what a reader must know of it."""

    command: tuple[str, ...]
    version: str
    note: str = ""


class Interpreter(msgspec.Struct, frozen=True):
    """A Python of the project.

    Args:
        path: The executable.
        found: How it was found, in words.
        version: "3.12.1".
        packages: Versions of the tools that it has installed, by distribution name.
        installed: Every distribution, as its metadata folder is called: name and version.
        linked: URLs of the folders that editable installs name.
    """

    path: str
    found: str
    version: str
    packages: Mapping[str, str]
    installed: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


def interpreter(root: Path, configured: str | None, folder: str = "") -> Interpreter:
    """Find the project's Python: configured, `.venv` or `venv`, the active one.

    Args:
        root: The work tree's root.
        configured: The configured executable, relative to the root, if any.
        folder: Where the project stands in a repository of several; its own environment comes first.

    Raises:
        ToolError: The configured one is missing, or none answers.
    """
    with _asking:  # whoever comes second waits for the first's answer
        return _interpreter(root, configured, folder)


@lru_cache
def _interpreter(root: Path, configured: str | None, folder: str) -> Interpreter:
    path, found = locate(root, configured, folder)
    asked = [path, "-c", _PROBE, *_TOOLS]
    try:
        out = subprocess.run(asked, capture_output=True, check=True, timeout=60).stdout  # noqa: S603 - fixed arguments
        version, packages, installed, linked = msgspec.json.decode(out, type=_Answer)
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError) as error:
        raise ToolError(f"{path}: does not answer as a Python ({error})", "set `python` in [tool.dodcheck]") from error
    return Interpreter(path, found, ".".join(map(str, version)), packages, installed, linked)


def locate(root: Path, configured: str | None, folder: str = "") -> tuple[str, str]:
    """Return the project's Python, unasked, and how it was found; see `interpreter`."""
    if configured:
        path = root / Path(configured).expanduser()
        if not path.exists():
            raise ToolError(f"python = {configured!r}: no such file", "mend it in [tool.dodcheck]")
        return str(path), "configured"
    for place in _upwards(root, folder):
        if (place / "bin" / "python").exists():
            return str(place / "bin" / "python"), str(place.relative_to(root))
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        prefix = os.environ.get(variable)
        if prefix and (Path(prefix) / "bin" / "python").exists() and not _private(Path(prefix)):
            return str(Path(prefix) / "bin" / "python"), f"active environment ({variable})"
    for name in ("python", "python3"):
        path_found = shutil.which(name)
        if path_found and not _private(Path(path_found).parent.parent):
            return path_found, f"`{name}` on PATH"
    raise ToolError("no Python of the project found", "make a .venv, or set `python` in [tool.dodcheck]")


def _upwards(root: Path, folder: str) -> list[Path]:
    """Return where a virtual environment may be: in a project's folder, then in those above it."""
    places = [place for place in (root / folder, *(root / folder).parents) if place.is_relative_to(root)]
    return [place / name for place in places for name in (".venv", "venv")]


def _private(prefix: Path) -> bool:
    """Tell whether an environment is dodcheck's own, made for it by a hook runner."""
    return "PRE_COMMIT" in os.environ and prefix.resolve() == Path(sys.prefix).resolve()


def binary(name: str, root: Path, configured: str | None) -> Tool:
    """Find ruff or mypy: the project's, then the one on PATH, then dodcheck's own.

    Args:
        name: The program.
        root: The work tree's root.
        configured: The configured Python of the project, if any.

    Raises:
        ToolError: It is nowhere.
    """
    with contextlib.suppress(ToolError):
        beside = Path(locate(root, configured)[0]).with_name(name)
        if beside.exists():
            return Tool((str(beside),), _version(str(beside)))
    own = Path(sys.executable).with_name(name)
    path = shutil.which(name) or (str(own) if own.exists() else None)
    if path is None:
        raise ToolError(f"{name} is not installed", f"install {name} in the project's environment")
    whose = "dodcheck's own" if Path(path).resolve() == own.resolve() else "the one on PATH"
    return Tool((path,), _version(path), f"{name} is {whose}: the project's environment has none")


@lru_cache
def _version(path: str) -> str:
    """Return what a program says of its version, or said before: a program that was installed anew has another time."""
    seen = Path(path).resolve().stat()
    store = Store(cache_home() / "versions", keep=_KEPT)
    key = sha256(repr((path, seen.st_size, seen.st_mtime_ns)).encode()).hexdigest()
    known = store.get(key)
    if known is not None:
        return known.decode()
    said = _asked_version(path)
    store.put(key, said.encode())
    return said


def _asked_version(path: str) -> str:
    ran = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)  # noqa: S603 - a tool found above
    words = ran.stdout.decode("utf-8", "replace").split()
    return words[1] if len(words) > 1 else "unknown"
