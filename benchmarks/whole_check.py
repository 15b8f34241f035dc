"""Time a whole `dodcheck check` against the project's own `pytest --cov`, in turn.

python benchmarks/whole_check.py [--seconds 20] [--rounds 3] [--json FILE]

A generated project has a suite that computes for about the given time, and a commit with one
new function and its test.  Printed are, round by round, the wall-clock and the processor seconds
(of the whole process tree) of both, their ratios, and those of the same check once more, which
the cache answers; then the median ratios.  On a busy machine only the processor's mean something.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from generated import Cost, Figure, Spread, keep

SPIN = (
    "from time import process_time\n\n\ndef spin(seconds: float) -> int:\n"
    "    end, turns = process_time() + seconds, 0\n    while process_time() < end:\n        turns += 1\n"
    "    return turns\n"
)
SLOW_TEST = (
    "import pytest\n\nfrom package.work import spin\n\n\n@pytest.mark.parametrize('n', range({count}))\n"
    "def test_spin(n: int) -> None:\n    assert spin(0.2) > 0\n"
)
NEW = "\n\ndef twice(x: int) -> int:\n    return 2 * x\n"
NEW_TEST = "from package.work import twice\n\n\ndef test_twice() -> None:\n    assert twice(2) == 4\n"
CHECK = ("dodcheck", "check", "--base", "HEAD^", "--head", "HEAD", "--quiet")
SETTINGS = "[tool.pytest.ini_options]\npythonpath = ['.']\n[tool.mypy]\nfiles = ['package']\nstrict = true\n"


def build(folder: Path, seconds: float) -> None:
    """Write the project as two commits."""
    folder.mkdir()
    files = {
        "pyproject.toml": SETTINGS,
        "package/__init__.py": "",
        "package/work.py": SPIN,
        "tests/test_slow.py": SLOW_TEST.format(count=round(seconds / 0.2)),
    }
    _write(folder, files)
    _git(folder, "init", "--quiet")
    _commit(folder)
    _write(folder, {"package/work.py": SPIN + NEW, "tests/test_new.py": NEW_TEST})
    _commit(folder)


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "--message", "step")


def _git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True)


def timed(folder: Path, cache: Path, *command: str) -> Cost:
    """Return what one command costs, whatever its exit status."""
    before, started = _processor(), perf_counter()
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix, "DODCHECK_CACHE": str(cache)}
    subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, check=False)
    return Cost(perf_counter() - started, _processor() - before)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Run both sides in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory() as scratch:
        folder, cache = Path(scratch) / "project", Path(scratch) / "cache"
        build(folder, asked.seconds)
        for number in range(asked.rounds):
            own = timed(folder, cache, "pytest", "--cov", "-q", "-p", "no:cacheprovider")
            ours = timed(folder, cache / str(number), *CHECK)
            again = timed(folder, cache / str(number), *CHECK)
            rounds.append((own, ours, again))
            print(f"pytest --cov {_told(own)}; check {_told(ours)}; again {_told(again)}", flush=True)
    for kind in Cost._fields:
        first = statistics.median(getattr(ours, kind) / getattr(own, kind) for own, ours, _ in rounds)
        second = statistics.median(getattr(again, kind) / getattr(ours, kind) for _, ours, again in rounds)
        print(f"{kind}: check {first:.2f} x pytest --cov; again {second:.3f} x the first")
    job, goal = f"`check`, whole, of a suite that takes {asked.seconds:.0f} s", "≤ 1.15 × `pytest --cov` alone"
    keep(
        asked.json,
        Figure(job, goal, Spread.of(ours.processor / own.processor for own, ours, _ in rounds)),
        Figure("the same, by the clock", goal, Spread.of(ours.wall / own.wall for own, ours, _ in rounds)),
        Figure(
            "again, nothing changed",
            "≤ 0.05 × the first",
            Spread.of(again.processor / ours.processor for _, ours, again in rounds),
        ),
    )


def _told(cost: Cost) -> str:
    return f"{cost.wall:.1f} s wall, {cost.processor:.1f} s processor"


if __name__ == "__main__":
    main()
