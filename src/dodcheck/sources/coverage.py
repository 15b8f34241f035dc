"""Lines that ran, read from a coverage data file."""

import warnings
from collections.abc import Mapping
from pathlib import Path


def executed_lines(data: Path, tree: Path) -> Mapping[str, frozenset[int]] | None:
    """Return the lines that ran, by path relative to the tree; None without data.

    Args:
        data: The data file of coverage.
        tree: The tree that was measured.
    """
    if not data.is_file():
        return None
    from coverage import CoverageData  # noqa: PLC0415 - 95 ms that only a measured run pays
    from coverage.exceptions import CoverageException  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        measured = CoverageData(str(data))
        try:
            measured.read()
        except CoverageException:  # written by a version whose format ours does not know
            return None
    root = tree.resolve()
    lines: dict[str, frozenset[int]] = {}
    for file in measured.measured_files():
        path = Path(file) if Path(file).is_absolute() else root / file
        if path.is_relative_to(root):
            lines[path.relative_to(root).as_posix()] = frozenset(measured.lines(file) or ())
    measured.close()
    return lines
