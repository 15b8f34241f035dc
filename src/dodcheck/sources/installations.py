"""Where a program's installation stands, read from its files: what a sandbox must leave visible of a hidden home.

Nothing is asked of the program itself, for what runs inside could then name any place.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

_PARTS = ("bin", "lib", "lib64", "libexec")
_SITES = ("lib/python*/site-packages", "lib64/python*/site-packages")
_ENVIRONMENT = "pyvenv.cfg"


@lru_cache
def installation(program: str) -> frozenset[Path]:
    """Return the folders that a Python, or a tool written in Python, is read from, as they are spelled.

    They are the environments around it and what these are made of: the Python that a virtual environment was made
    from, the folders that `.pth` files and editable installs name, and the user's own packages.

    Args:
        program: The executable; links are followed.
    """
    spelled = Path(program)
    found: set[Path] = set()
    for one in (spelled, spelled.resolve()):
        found |= _around(one)
        beside = one.with_name("python")  # what a tool's script starts
        if beside.exists():
            found |= _around(beside) | _around(beside.resolve())
    users = Path(os.environ.get("HOME") or os.devnull) / ".local" / "lib"
    sites = [site for place in (*found, users.parent) for pattern in _SITES for site in _prefix(place).glob(pattern)]
    return frozenset({*found, *users.glob("python*"), *(one for site in sites for one in _named(site))})


def _prefix(place: Path) -> Path:
    return place.parent if place.name in _PARTS else place


def _around(executable: Path) -> set[Path]:
    """Return what is read of the prefix that a program stands in: an environment whole, of others no more than code."""
    settings = executable.parent.parent / _ENVIRONMENT
    found = _read_of(executable)
    if settings.is_file():
        python = _home_of(settings) / "python3"
        found |= _read_of(python) | _read_of(python.resolve())
    return found


def _read_of(executable: Path) -> set[Path]:
    prefix = executable.parent.parent
    if (
        (prefix / _ENVIRONMENT).is_file() or (prefix / "conda-meta").is_dir() or executable.parent.name == "shims"
    ):  # of pyenv, asdf, mise
        return {prefix, executable}
    return {executable, executable.parent, *(place for name in _PARTS if (place := prefix / name).is_dir())}


def _home_of(settings: Path) -> Path:
    """Return the folder of the Python that a virtual environment was made from; the environment when it is not told."""
    rows = (row.partition("=") for row in settings.read_text("utf-8", "replace").splitlines())
    home = next((value.strip() for key, _, value in rows if key.strip() == "home"), "")
    return Path(home) if home else settings.parent


def _named(site: Path) -> Iterator[Path]:
    """Yield the folders elsewhere that a site-packages folder names, or links to, as uv does with `link-mode`."""
    yield from (entry for entry in site.iterdir() if entry.is_symlink())
    linked = (file for file in site.glob("*.dist-info/METADATA") if file.is_symlink())
    yield from (file.resolve().parent.parent for file in linked)
    for file in site.glob("*.pth"):
        rows = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
        yield from (Path(row) for line in rows if (row := line.strip()).startswith("/") and Path(row).is_dir())
    for file in site.glob("*.dist-info/direct_url.json"):
        try:
            said = msgspec.json.decode(file.read_bytes(), type=_Direct)
        except (OSError, msgspec.DecodeError):
            continue
        if said.dir_info.get("editable"):
            yield Path(unquote(urlsplit(said.url).path))


class _Direct(msgspec.Struct, frozen=True):
    """Where a distribution was installed from (PEP 610)."""

    url: str
    dir_info: dict[str, object] = {}
