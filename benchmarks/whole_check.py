"""Time a whole `dodcheck check` against the project's own `pytest --cov`, in turn.

python benchmarks/whole_check.py [--seconds 20] [--rounds 3]

A generated project has a suite that computes for about the given time, and a commit with one
new function and its test.  Printed are both times of every round, the ratio of each round,
and the median ratio.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

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
SETTINGS = "[tool.pytest.ini_options]\npythonpath = ['.']\n[tool.mypy]\nfiles = ['package']\nstrict = true\n"


def build(folder: Path, seconds: float) -> None:
    """Write the project as two commits."""
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


def timed(folder: Path, *command: str) -> float:
    """Return the wall-clock seconds of one command, whatever its exit status."""
    started = perf_counter()
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix}
    subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, check=False)
    return perf_counter() - started


def main() -> None:
    """Run both sides in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    ratios = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        build(folder, asked.seconds)
        for _ in range(asked.rounds):
            own = timed(folder, "pytest", "--cov", "-q", "-p", "no:cacheprovider")
            ours = timed(folder, "dodcheck", "check", "--base", "HEAD^", "--head", "HEAD", "--quiet")
            ratios.append(ours / own)
            print(f"pytest --cov {own:.1f} s, dodcheck check {ours:.1f} s, ratio {ours / own:.2f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f})")


if __name__ == "__main__":
    main()
