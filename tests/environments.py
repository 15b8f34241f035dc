"""Environments of checked projects: what a test needs and no more, for every plugin slows each of its pytest runs."""

import atexit
import tempfile
import venv
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
_MEASURED = (*PYTEST, "pytest-cov", "coverage", "pytest-xdist", "execnet")


def environment_with(home: Path, names: tuple[str, ...]) -> str:
    """Make an environment in a folder with links to distributions of the running one; return its path."""
    venv.create(home, symlinks=True, with_pip=False)
    (site,) = home.glob("lib/python*/site-packages")
    for top in {path.name: path for name in names for path in _tops(name)}.values():
        (site / top.name).symlink_to(top)
    return str(home)


@cache
def usual_environment() -> str:
    """Return the environment of a checked project that asks for no other: pytest, its coverage and xdist plugins."""
    folder = tempfile.TemporaryDirectory(prefix="dodcheck-tests-")
    atexit.register(folder.cleanup)
    return environment_with(Path(folder.name), _MEASURED)


def _tops(name: str) -> Iterator[Path]:
    """Yield the files and folders of site-packages that hold a distribution, without what starts by itself."""
    found = distribution(name)
    names = {file.parts[0] for file in found.files or ()}
    yield from (Path(str(found.locate_file(one))) for one in names - {"..", "__pycache__"} if not one.endswith(".pth"))
