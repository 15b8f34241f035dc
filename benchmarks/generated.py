"""Generated repositories for the benchmarks: as many modules as asked for, and a staged change of some of them.

Each module has about 130 lines: two classes, eight functions, docstrings, type hints, logging and errors that are
raised.  A changed module gets one function with another body, one that is new, and an import; every fifth changed
file is a test.  Objects and index are real, and the work tree is checked out.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, Self

HEAD = '''"""Orders of warehouse {n}: what is asked for, what is there, and what is sent."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

logger = logging.getLogger(__name__)

LIMIT_{n} = {n}


class OrderError{n}(Exception):
    """An order that cannot be carried out."""


@dataclass(frozen=True)
class Order{n}:
    """One order.

    Args:
        name: What is asked for.
        amount: How much of it.
    """

    name: str
    amount: int

    @property
    def is_large(self) -> bool:
        """Whether it takes a lorry."""
        return self.amount > LIMIT_{n}

    def halves(self) -> tuple["Order{n}", "Order{n}"]:
        """Split it in two."""
        left = self.amount // 2
        return Order{n}(self.name, left), Order{n}(self.name, self.amount - left)
'''
FUNCTION = '''

def step_{k}(orders: Sequence[Order{n}], least: int = {k}) -> list[Order{n}]:
    """Return the orders of step {k} that are large enough.

    Args:
        orders: What came in.
        least: The smallest amount that is sent.

    Raises:
        OrderError{n}: There is none.
    """
    found = [one for one in orders if one.amount >= least]
    if not found:
        raise OrderError{n}(f"no order of {{least}} or more")
    logger.info("step %s: %s of %s orders", {k}, len(found), len(orders))
    return sorted(found, key=lambda one: one.amount + {salt})
'''
NEW = '''

def newest_{k}(orders: Sequence[Order{n}]) -> Order{n} | None:
    """Return the largest order, if there is one.

    Args:
        orders: What came in.
    """
    return max(orders, key=lambda one: one.amount, default=None)
'''
TEST = '''"""Orders of warehouse {n} are carried out."""

import pytest

from package_{p}.module_{n} import Order{n}, OrderError{n}, step_1


@pytest.mark.parametrize("amount", [1, 2, {salt}])
def test_a_large_order_is_kept(amount: int) -> None:
    assert step_1([Order{n}("x", amount)], 1) == [Order{n}("x", amount)]


def test_no_order_is_an_error() -> None:
    with pytest.raises(OrderError{n}, match="no order"):
        step_1([], 1)
'''
NEW_TEST = """

def test_halves_add_up() -> None:
    first, second = Order{n}("x", 5).halves()
    assert first.amount + second.amount == 5
"""
SETTINGS = """[project]
name = "generated"
version = "1"
dependencies = []

[tool.ruff]
line-length = 120
src = ["src"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["src"]
"""
_FUNCTIONS = 8
_IN_A_FOLDER = 50
_TEST_EVERY = 5


class Spread(NamedTuple):
    """Median, least and most of some figures."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> Self:
        """Sum up figures, of which there is one at least."""
        known = sorted(figures)
        return cls(statistics.median(known), known[0], known[-1])

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f})"


class Cost(NamedTuple):
    """Seconds of one command with everything that it starts."""

    wall: float
    processor: float


def source(n: int, salt: int = 0) -> str:
    """Return the text of a module; `salt` alters the body of its last function."""
    functions = (
        FUNCTION.format(n=n, k=k, salt=salt if k == _FUNCTIONS - 1 else 0).replace("+ 0)", "* 1)")
        for k in range(_FUNCTIONS)
    )
    return HEAD.format(n=n) + "".join(functions)


def path_of(n: int) -> str:
    """Return where the n-th file stands; every fifth is a test."""
    folder = n // _IN_A_FOLDER
    return f"tests/package_{folder}/test_{n}.py" if _is_test(n) else f"src/package_{folder}/module_{n}.py"


def _is_test(n: int) -> bool:
    return n % _TEST_EVERY == _TEST_EVERY - 1


def content(n: int, *, changed: bool = False) -> str:
    """Return the text of the n-th file, before or after the change."""
    if not _is_test(n):
        return source(n, 7) + NEW.format(n=n, k=n) if changed else source(n)
    at = n - 1
    text = TEST.format(n=at, p=n // _IN_A_FOLDER, salt=3)
    return text + NEW_TEST.format(n=at) if changed else text


def build(folder: Path, files: int) -> None:
    """Make a repository with one commit of that many files, checked out."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    stream = "".join(_imported(files)).encode()
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, check=True)
    git(folder, "reset", "--quiet", "--hard", "main")


def _imported(files: int) -> Iterator[str]:
    yield "commit refs/heads/main\ncommitter x <x@example.org> 1700000000 +0000\ndata 4\nbase\n"
    yield f"M 100644 inline pyproject.toml\ndata {len(SETTINGS)}\n{SETTINGS}\n"
    for n in range(files):
        text = content(n)
        yield f"M 100644 inline {path_of(n)}\ndata {len(text.encode())}\n{text}\n"


def stage(folder: Path, changed: int, files: int) -> list[str]:
    """Alter that many files, spread over the first `files`, and stage them; return their paths."""
    chosen = [n * (files // changed) for n in range(changed)]
    chosen = [n - n % _TEST_EVERY + i % _TEST_EVERY for i, n in enumerate(chosen)]
    paths = [path_of(n) for n in chosen]
    for n, path in zip(chosen, paths, strict=True):
        (folder / path).write_text(content(n, changed=True))
    git(folder, "add", "--", *paths)
    return paths


class Figure(NamedTuple):
    """One row of the README's table.

    Args:
        job: What was timed.
        goal: What it is held to.
        measured: The ratio of processor seconds.
    """

    job: str
    goal: str
    measured: Spread


def keep(file: Path | None, *figures: Figure) -> None:
    """Write figures to a file, from which `figures.py` makes the README's table."""
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([(one.job, one.goal, f"{one.measured} ×") for one in figures]), encoding="utf-8")


def hook() -> list[str]:
    """Return the command of the commit hook, under this Python."""
    return [sys.executable, "-m", "dodcheck", "check", "--staged", "--fast", "--quiet"]


def git(folder: Path, *args: str) -> None:
    """Run git in a folder."""
    subprocess.run(["git", "-C", str(folder), *args], check=True)


def timed(folder: Path, cache: Path, *commands: list[str], accepted: int = 1) -> Cost:
    """Return what commands cost in sequence.

    Args:
        folder: Where they run.
        cache: The cache folder of dodcheck.
        commands: The commands.
        accepted: The largest exit status of a command that was carried out.

    Raises:
        RuntimeError: One of them could not be carried out.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"VIRTUAL_ENV": sys.prefix, "DODCHECK_CACHE": str(cache)}
    before, started = os.times(), perf_counter()
    for command in commands:
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if ran.returncode > accepted:
            raise RuntimeError(f"{' '.join(command[:4])}: exit {ran.returncode}: {ran.stderr[-500:]}")
    after, ended = os.times(), perf_counter()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(ended - started, used)
