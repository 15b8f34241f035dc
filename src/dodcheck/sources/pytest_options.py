"""What pytest is told on top of the project's own settings, in one folder of a repository."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dodcheck.change import Change
from dodcheck.settings import Read, below, pytest_settings
from dodcheck.sources.coverage import quick_core
from dodcheck.sources.environment import Interpreter

_GUARDED = ("addopts", "testpaths", "python_files", "python_classes", "python_functions", "norecursedirs")
_GO_ON = ("--continue-on-collection-errors", "--maxfail=0")  # one broken test must not hide the others
_WORKERS = re.compile(r"(?:^|\s)(?:-n\s*\w|--numprocesses|--dist|--tx)")


class Guard(NamedTuple):
    """Options that bring base's settings back where head says otherwise, and a note of it."""

    options: tuple[str, ...]
    note: str


class Start(NamedTuple):
    """How pytest starts: the module to run with its options, variables, and a note."""

    command: tuple[str, ...]
    environ: Mapping[str, str]
    note: str


def guard(change: Change, folder: str) -> Guard:
    """Override what head says of which tests run, and how, where base says otherwise."""
    base, head = pytest_settings(below(change.base, folder)), pytest_settings(below(change.head, folder))
    if base is None:
        return Guard((), "")
    now = head.table if head else {}
    moved = [key for key in _GUARDED if key in base.table and base.table[key] != now.get(key)]
    flags = [flag for key in moved for flag in ("-o", f"{key}={_flat(base.table[key])}")]
    return Guard(tuple(flags), f"base's settings were used for {', '.join(moved)}" if moved else "")


def given(change: Change, folder: str, args: Sequence[str]) -> str:
    """Return every option that pytest takes from settings, environment and configuration, as one text."""
    found = pytest_settings(below(change.head, folder)) or pytest_settings(below(change.base, folder))
    addopts = _flat(found.table.get("addopts", "")) if found else ""
    return " ".join([os.environ.get("PYTEST_ADDOPTS", ""), addopts, *args])


def start(python: Interpreter, read: Read, options: str, data: str, *, measured: bool) -> Start:
    """Measure coverage of the whole suite with what the project has installed; nothing is added to it.

    Args:
        python: The project's interpreter.
        read: Reads a file of the folder that pytest runs in.
        options: Every option that pytest is given.
        data: Where coverage writes.
        measured: Coverage is wanted.
    """
    has = python.packages
    rest = ("-p", "dodcheck_outcomes", *_GO_ON, *_seeds(python, options))
    quick = quick_core(python.version, has.get("coverage", ""), read, options) if measured else {}
    if "pytest-cov" in has and "no:pytest_cov" not in options:
        return Start(("-m", "pytest", *(["--cov", "--cov-report="] if measured else ["--no-cov"]), *rest), quick, "")
    if not measured:
        return Start(("-m", "pytest", *rest), {}, "")
    if "pytest-xdist" in has and _WORKERS.search(options):
        return Start(("-m", "pytest", *rest), {}, "no coverage: with pytest-xdist it takes pytest-cov")
    if "coverage" in has:
        return Start(("-m", "coverage", "run", f"--data-file={data}", "-m", "pytest", *rest), quick, "")
    return Start(("-m", "pytest", *rest), {}, "no coverage: neither pytest-cov nor coverage is installed there")


def shown(command: Sequence[str]) -> list[str]:
    """Return a command as a person would type it."""
    own = {"-p", "dodcheck_outcomes", *_GO_ON}
    return ["python", *(part for part in command if part not in own and not part.startswith("--data-file"))]


def _seeds(python: Interpreter, options: str) -> tuple[str, ...]:
    """Make a random order the same order in every run."""
    has = python.packages
    if "pytest-randomly" in has and not re.search(r"no:randomly|randomly-seed|PYTEST_DISABLE", options):
        return ("--randomly-seed=1",)
    if "pytest-random-order" in has and "--random-order" in options and "random-order-seed" not in options:
        return ("--random-order-seed=1",)
    return ()


def _flat(value: Any) -> str:  # noqa: ANN401 - a value of somebody's settings
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
