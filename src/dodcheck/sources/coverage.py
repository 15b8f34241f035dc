"""How lines are measured, and the lines that ran, read from a coverage data file."""

import re
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

from dodcheck.settings import Read, coverage_settings

_OTHERWISE = {"branch", "dynamic_context", "plugins", "concurrency", "core", "timid"}
_OPTIONS = re.compile(r"--cov-(?:branch|context|config)\b")
_MONITORED, _BRANCHES = (3, 12), (3, 14)  # from these Pythons on sys.monitoring serves lines, and is the default
_SERVED = (7, 6)


def quick_core(python: str, coverage: str, read: Read, options: str) -> Mapping[str, str]:
    """Return the variables that make coverage use `sys.monitoring`, where it can serve what is asked.

    An explicit core that cannot serve warns and falls back, and under `filterwarnings = error` that
    warning ends the whole run; so whatever else the project asks of coverage keeps coverage's own choice.

    Args:
        python: The interpreter's version.
        coverage: Coverage's version.
        read: Returns a file of the folder that pytest runs in.
        options: Every option that pytest is given.
    """
    if not _MONITORED <= _numbers(python) < _BRANCHES or _numbers(coverage) < _SERVED or _OPTIONS.search(options):
        return {}
    if coverage_settings(read).get("run", {}).keys() & _OTHERWISE:
        return {}
    return {"COVERAGE_CORE": "sysmon"}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def executed_lines(data: Path, tree: Path, folder: str = "") -> Mapping[str, frozenset[int]] | None:
    """Return the lines that ran, by path relative to the tree; None without data.

    Args:
        data: The data file of coverage, in a folder of its own.
        tree: The tree that was measured.
        folder: Where in it the run was started; `relative_files` counts from there.
    """
    copy = _apart(data)
    if copy is None:
        return None
    from coverage import CoverageData  # noqa: PLC0415 - 95 ms that only a measured run pays
    from coverage.exceptions import CoverageException  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        measured = CoverageData(str(copy))
        try:
            measured.read()
        except CoverageException:  # written by a version whose format ours does not know
            return None
    root = tree.resolve()
    lines: dict[str, frozenset[int]] = {}
    for file in measured.measured_files():
        path = Path(file) if Path(file).is_absolute() else root / folder / file
        if path.is_relative_to(root):
            lines[path.relative_to(root).as_posix()] = frozenset(measured.lines(file) or ())
    measured.close()
    return lines


def _apart(data: Path) -> Path | None:
    """Copy a data file to where its run could not write: reading writes, through links and what lies beside a file."""
    if data.is_symlink() or not data.is_file():
        return None
    return shutil.copyfile(data, data.parent.with_name(f"{data.parent.name}.read"))
