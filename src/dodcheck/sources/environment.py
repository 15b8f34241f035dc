"""The project's own Python environment, and where its tools are."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dodcheck.errors import ToolError
from dodcheck.sources import children
from dodcheck.sources.plumbing import tracks
from dodcheck.store import Store, cache_home

if TYPE_CHECKING:
    from dodcheck.sources.sandbox import Sandbox

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
_UNKNOWN = "unknown"
_REMEDY = "set `python` in [tool.dodcheck] to the project's, outside of what git tracks"
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


def interpreter(
    root: Path, configured: str | None, folder: str = "", *, sandbox: "Sandbox | None" = None
) -> Interpreter:
    """Find the project's Python: configured, `.venv` or `venv`, the active one.

    Args:
        root: The work tree's root.
        configured: The configured executable, relative to the root, if any.
        folder: Where the project stands in a repository of several; its own environment comes first.
        sandbox: Where it is asked; None to ask it outside.

    Raises:
        ToolError: The configured one is missing, or none answers.
    """
    with _asking:  # whoever comes second waits for the first's answer
        return _interpreter(root, configured, folder, sandbox)


@lru_cache
def _interpreter(root: Path, configured: str | None, folder: str, sandbox: "Sandbox | None") -> Interpreter:
    path, found = locate(root, configured, folder)
    asked = _inside([path, "-c", _PROBE, *_TOOLS], sandbox)
    try:
        # `-c` imports from the current folder first, and that is the checked code's
        ran = children.ran(asked, cwd=Path(path).anchor, limit=60)
        ran.check_returncode()
        version, packages, installed, linked = msgspec.json.decode(ran.stdout, type=_Answer)
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError) as error:
        raise ToolError(f"{path}: does not answer as a Python ({_why(error)})", _REMEDY) from error
    return Interpreter(path, found, ".".join(map(str, version)), packages, installed, linked)


def _inside(command: Sequence[str], sandbox: "Sandbox | None") -> list[str]:
    """Return the command of a program that is asked about itself, from the folder that holds none of the project."""
    if sandbox is None:
        return list(command)
    from dodcheck.sources.sandbox import Box  # noqa: PLC0415 - few runs ask for one

    return Box(sandbox, programs=(command[0],)).command(command, Path("/"))


def _why(error: Exception) -> str:
    """Say in a few words why a Python did not answer, without the program that it was given."""
    match error:
        case subprocess.CalledProcessError():
            said = error.stderr.decode("utf-8", "replace").strip().splitlines()
            return said[-1] if said else f"exit {error.returncode}"
        case subprocess.TimeoutExpired():
            return f"no answer in {error.timeout:.0f} s"
        case _:
            return str(error)


def locate(root: Path, configured: str | None, folder: str = "") -> tuple[str, str]:
    """Return the project's Python, unasked, and how it was found; see `interpreter`.

    An environment that git tracks comes with the change that it would judge, and is not used.

    Raises:
        ToolError: The configured one is missing or tracked, or there is none.
    """
    if configured:
        path = root / Path(configured).expanduser()
        if not path.exists():
            raise ToolError(f"python = {configured!r}: no such file", "mend it in [tool.dodcheck]")
        if _is_judged(path, root):
            raise ToolError(f"python = {configured!r}: git tracks it, so a change could alter its judge", _REMEDY)
        return str(path), "configured"
    there = [place for place in _upwards(root, folder) if (place / "bin" / "python").exists()]
    refused = [place for place in there if _is_judged(place, root)]
    for place in there:
        if place not in refused:
            return str(place / "bin" / "python"), str(place.relative_to(root))
    active, found = _active(root)
    return active, "; ".join([found, *(f"{one.relative_to(root)} is tracked by git, and not used" for one in refused)])


def _is_judged(place: Path, root: Path) -> bool:
    """Tell whether an environment or a program is part of what is checked."""
    named = place.parent.resolve() / place.name  # what a tracked link points to is no matter
    return named.is_relative_to(root.resolve()) and tracks(named)


def _active(root: Path) -> tuple[str, str]:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        prefix = Path(os.environ.get(variable) or os.devnull)
        if (prefix / "bin" / "python").exists() and not _private(prefix) and not _is_judged(prefix, root):
            return str(prefix / "bin" / "python"), f"active environment ({variable})"
    for name in ("python", "python3"):
        path = on_path(name, root)
        if path and not _private(path.parent.parent):
            return str(path), f"`{name}` on PATH"
    raise ToolError("no Python of the project found", "make a .venv that git ignores, or set `python`")


def on_path(name: str, root: Path) -> Path | None:
    """Return a program on PATH, where environments that are part of what is checked do not count.

    Args:
        name: The program.
        root: The work tree's root.
    """
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    trusted = [one for one in entries if one and not _is_judged(Path(one).absolute().parent, root)]
    found = shutil.which(name, path=os.pathsep.join(trusted))
    return Path(found).absolute() if found else None


def _upwards(root: Path, folder: str) -> list[Path]:
    """Return where a virtual environment may be: in a project's folder, then in those above it."""
    places = [place for place in (root / folder, *(root / folder).parents) if place.is_relative_to(root)]
    return [place / name for place in places for name in (".venv", "venv")]


def _private(prefix: Path) -> bool:
    """Tell whether an environment is dodcheck's own, made for it by a hook runner."""
    return "PRE_COMMIT" in os.environ and prefix.resolve() == Path(sys.prefix).resolve()


def binary(name: str, root: Path, configured: str | None, sandbox: "Sandbox | None" = None) -> Tool:
    """Find ruff or mypy: the project's, then the one on PATH, then dodcheck's own.

    Args:
        name: The program.
        root: The work tree's root.
        configured: The configured Python of the project, if any.
        sandbox: Where it is asked for its version; None to ask it outside.

    Raises:
        ToolError: It is nowhere.
    """
    with contextlib.suppress(ToolError):
        beside = Path(locate(root, configured)[0]).with_name(name)
        if beside.exists() and not (configured and _is_judged(beside, root)):  # a folder that was found is not
            return Tool((str(beside),), _version(str(beside), sandbox))
    own = Path(sys.executable).with_name(name)
    path = on_path(name, root) or (own if own.exists() else None)
    if path is None:
        raise ToolError(f"{name} is not installed", f"install {name} in the project's environment")
    whose = "dodcheck's own" if path.resolve() == own.resolve() else "the one on PATH"
    return Tool((str(path),), _version(str(path), sandbox), f"{name} is {whose}: the project's environment has none")


@lru_cache
def _version(path: str, sandbox: "Sandbox | None") -> str:
    """Return what a program says of its version, or said before: a program that was installed anew has another time."""
    seen = Path(path).resolve().stat()
    store = Store(cache_home() / "versions", keep=_KEPT)
    key = sha256(repr((path, seen.st_size, seen.st_mtime_ns)).encode()).hexdigest()
    known = store.get(key)
    if known is not None:
        return known.decode()
    said = _asked_version(path, sandbox)
    if said != _UNKNOWN:
        store.put(key, said.encode())
    return said


def _asked_version(path: str, sandbox: "Sandbox | None") -> str:
    ran = children.ran(_inside([path, "--version"], sandbox), limit=60)
    words = ran.stdout.decode("utf-8", "replace").split()
    return words[1] if len(words) > 1 else _UNKNOWN
