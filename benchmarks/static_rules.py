"""Time every static rule over a large change against `ruff check`, and take the peak memory.

python benchmarks/static_rules.py [--lines 500000] [--rounds 3] [--json FILE] [--keep FOLDER]

The change is a repository's whole content: its first commit holds a README alone, its second about the given
number of lines of Python, copied from the packages that stand in the running environment (in the order of their
names, vendored parts left out) and from the cases of the ML rules, so that every rule has something to judge.
Both sides are held to two processors.  `dodcheck check --fast` runs with an empty cache; `ruff check` runs without
its cache on the selection of its rules that comes nearest to ours.  The floor is what Python needs to parse the same
files, keep their trees and walk over them once, without any rule.  Printed are, round by round, wall-clock and
processor seconds and the peak memory of each with everything that it starts, then the median ratios to ruff with
their spread.  On a busy machine only the processor's mean something.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import NamedTuple

from generated import Figure, Spread, keep

from dodcheck.registry import load

PROCESSORS = 2
PAGE = os.sysconf("SC_PAGE_SIZE")
BLINK = 0.05  # seconds between two looks at the memory
LEFT_OUT = {"_vendor", "__pycache__", "tests", "test"}
SETTINGS = "[project]\nname = 'package'\nversion = '1'\n"
# lint itself, then what type-hints, docstrings, comments, pathlib, logging, context-managers, function-length,
# swallowed-errors, suppressions, no-auto-mocks and the ML rules look for, as far as ruff knows it
SELECTION = "E,F,ANN,D,DOC,ERA,PTH,T20,LOG,G,SIM115,PLR0915,C901,BLE,S110,S112,PGH,RUF100,PT,TID251,NPY,PD,S6"
CHECK = (sys.executable, "-m", "dodcheck", "check", "--base", "HEAD^", "--head", "HEAD", "--fast", "--format", "json")
FLOOR = (
    "import ast, pathlib, warnings; warnings.simplefilter('ignore'); trees = []\n"
    "for file in pathlib.Path('.').rglob('*.py'):\n"
    "    try: trees.append(ast.parse(file.read_bytes()))\n"
    "    except (SyntaxError, ValueError): pass\n"
    "print(sum(1 for tree in trees for node in ast.walk(tree)))"
)
RUFF = (sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", "--preview", "--quiet", "--exit-zero")


class Cost(NamedTuple):
    """What one command costs with everything that it starts: seconds, and MiB at its height."""

    wall: float
    processor: float
    memory: float


def build(folder: Path, lines: int) -> int:
    """Write the repository as two commits and return the number of lines of Python."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet")
    (folder / "README.md").write_text("# package\n")
    _commit(folder)
    (folder / "pyproject.toml").write_text(SETTINGS)
    written = 0
    for name, text in files():
        if written >= lines:
            break
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        written += text.count("\n")
    _commit(folder)
    return written


def files() -> Iterator[tuple[str, str]]:
    """Yield path and text of each module: those of the ML cases, then those of the installed packages."""
    for rule in (one for one in load().values() if one.group == "ml_conventions"):
        for number, case in enumerate(rule.cases):
            yield from _of_case(f"src/{rule.id.replace('-', '_')}/case{number}", case.after)
    packages = Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    for path in sorted(packages.rglob("*.py")):
        inside = path.relative_to(packages)
        if LEFT_OUT.isdisjoint(inside.parts):
            yield f"src/{inside}", path.read_text(encoding="utf-8", errors="replace")


def _of_case(folder: str, tree: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((f"{folder}/{name}", text) for name, text in tree.items() if name.endswith(".py"))


def _git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True)


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all", "--force")
    _git(folder, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "--message", "step")


def measured(folder: Path, cache: Path, *command: str) -> Cost:
    """Return what one command costs, whatever its exit status."""
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix, "DODCHECK_CACHE": str(cache)}
    started = perf_counter()
    child = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    heights, ended = [0.0], Event()
    watch = Thread(target=_watch, args=(child.pid, heights, ended))
    watch.start()
    _, _, used = os.wait4(child.pid, 0)
    wall = perf_counter() - started
    ended.set()
    watch.join()
    return Cost(wall, used.ru_utime + used.ru_stime, max(heights))


def _watch(pid: int, heights: list[float], ended: Event) -> None:
    while not ended.wait(BLINK):
        heights.append(sum(map(_resident, _tree(pid))) / 2**20)


def _tree(pid: int) -> Iterator[int]:
    """Yield a process and everything below it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task").glob("*/children")
        below = [int(one) for file in children for one in file.read_text().split()]
    except OSError:  # it has ended meanwhile
        return
    for one in below:
        yield from _tree(one)


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):  # it has ended meanwhile
        return 0.0


def _told(cost: Cost) -> str:
    return f"{cost.wall:.1f} s wall, {cost.processor:.1f} s processor, {cost.memory:.0f} MiB"


def tell(rounds: Sequence[tuple[Cost, Cost, Cost]]) -> None:
    """Print the ratios to ruff and the peak memory, of dodcheck and of the floor."""
    for name, side in (("dodcheck", 1), ("floor", 2)):
        for kind in ("wall", "processor"):
            ratios = [getattr(one[side], kind) / getattr(one[0], kind) for one in rounds]
            spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
            print(f"{name}, {kind}: {statistics.median(ratios):.1f} x ruff check ({spread} in {len(ratios)} rounds)")
        print(f"{name}, peak memory: {max(one[side].memory for one in rounds):.0f} MiB")


def figures(rounds: Sequence[tuple[Cost, Cost, Cost]], lines: int) -> Iterator[Figure]:
    """Yield the rows of the README's table."""
    jobs = (
        (f"every static rule over {lines:,} changed lines", "≤ 3 × `ruff check` with the same selection"),
        ("Python parses them and walks over their trees once, without a rule", "the least that rules in Python cost"),
    )
    for side, job in enumerate(jobs, 1):
        yield Figure(*job, Spread.of(one[side].processor / one[0].processor for one in rounds))


def main() -> None:
    """Run both in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="build the repository here, and leave it for the next time")
    asked = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    rounds = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch) / "project"
        if not folder.exists():
            print(f"{build(folder, asked.lines)} lines", flush=True)
        for number in range(asked.rounds):
            ruff = measured(folder, Path(scratch), *RUFF, "--select", SELECTION, ".")
            ours = measured(folder, Path(scratch) / str(number), *CHECK)
            shutil.rmtree(Path(scratch) / str(number), ignore_errors=True)
            floor = measured(folder, Path(scratch), sys.executable, "-c", FLOOR)
            rounds.append((ruff, ours, floor))
            print(f"ruff check {_told(ruff)}; dodcheck check --fast {_told(ours)}; floor {_told(floor)}", flush=True)
    tell(rounds)
    keep(asked.json, *figures(rounds, asked.lines))


if __name__ == "__main__":
    main()
