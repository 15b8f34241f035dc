"""Time a whole `dodcheck check` against the same tools in sequence, and against agentvow.

python benchmarks/in_sequence.py [--seconds 20] [--rounds 3] [--json FILE]

The project is that of `whole_check.py`.  One side is `dodcheck check` with an empty cache.  Another does by hand what
that proves, a command after the other: `ruff check`, `ruff format --check`, `mypy` and `pytest --cov` of head, then of
base in a work tree of its own `mypy`, and the new tests, which must fail there.  The third is agentvow
(https://pypi.org/project/agentvow/), the nearest relative, asked for the same evidence: the suite replayed, and which
changed lines it ran.  It is installed into an environment of its own; without an index it is left out.  Printed are
the wall-clock and processor seconds of all (of their whole process trees), and how many times faster dodcheck is.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from generated import Cost, Figure, Spread, git, keep, timed
from whole_check import CHECK, build

_AGENTVOW = "agentvow==0.4.4"  # its last release
_BY_HAND = "the same tools in sequence"
_CLAIM = "I added `twice` to package/work.py and a test of it. All tests pass.\n"
_NEW_TEST = "tests/test_new.py"
_NOT_COLLECTED = 2  # pytest's status where a test imports what base has not
_RUFF = [sys.executable, "-m", "ruff", "check", "--no-cache", "."]
_FORMAT = [sys.executable, "-m", "ruff", "format", "--check", "--no-cache", "."]
_MYPY = [sys.executable, "-m", "mypy", "--cache-dir"]
_PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]


def by_hand(scratch: Path) -> Cost:
    """Time what a careful person runs at head, and in a work tree of base that has head's new test."""
    head, base = scratch / "project", scratch / "base"
    git(head, "worktree", "add", "--quiet", "--detach", str(base), "HEAD^")
    shutil.copy(head / _NEW_TEST, base / _NEW_TEST)
    steps = {
        head: [_RUFF, _FORMAT, [*_MYPY, f"{scratch}/mypy-head"], [*_PYTEST, "--cov"]],
        base: [[*_MYPY, f"{scratch}/mypy-base"], [*_PYTEST, _NEW_TEST]],
    }
    costs = [timed(side, scratch, *commands, accepted=_NOT_COLLECTED) for side, commands in steps.items()]
    return Cost(*map(sum, zip(*costs, strict=True)))


def installed(scratch: Path) -> Path | None:
    """Install agentvow with what the project's tests need; None where no index answers."""
    folder = scratch / "agentvow"
    venv.create(folder, with_pip=True)
    asked = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", _AGENTVOW, "pytest", "pytest-cov"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    if ran.returncode:
        print(f"agentvow is left out: {ran.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return folder / "bin"


def relative(scratch: Path, binaries: Path, seconds: float) -> Cost:
    """Time agentvow in a repository of its own, for it writes its evidence there."""
    folder, claim = scratch / "replayed", scratch / "claim.txt"
    build(folder, seconds)
    claim.write_text(_CLAIM)
    asked = ["check", "--base", "HEAD^", "--run-tests", "--changed-coverage", "--transcript", str(claim)]
    return timed(folder, scratch, [str(binaries / "agentvow"), *asked, "--python", str(binaries / "python")])


def one_round(scratch: Path, seconds: float, binaries: Path | None) -> dict[str, Cost]:
    """Time every side once, each with nothing kept from before."""
    build(scratch / "project", seconds)
    check = [sys.executable, "-m", *CHECK]
    sides = {"dodcheck": timed(scratch / "project", scratch / "cache", check), _BY_HAND: by_hand(scratch)}
    if binaries:
        sides[_AGENTVOW] = relative(scratch, binaries, seconds)
    return sides


def main() -> None:
    """Run all sides in turn and print how many times faster dodcheck is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as tools:
        binaries = installed(Path(tools))
        rounds = []
        for _ in range(asked.rounds):
            with tempfile.TemporaryDirectory() as scratch:
                rounds.append(one_round(Path(scratch), asked.seconds, binaries))
            told = (f"{name} {cost.wall:.1f} s ({cost.processor:.1f} s processor)" for name, cost in rounds[-1].items())
            print("; ".join(told), flush=True)
    figures = []
    for name, goal in ((_BY_HAND, "≥ 1.5"), (_AGENTVOW, "> 1")):
        if name in rounds[0]:
            faster = Spread.of(one[name].wall / one["dodcheck"].wall for one in rounds)
            print(f"{name}: {faster} x dodcheck's time")
            figures.append(Figure(f"{name}, by the clock", f"{goal} × `check`, whole", faster))
    keep(asked.json, *figures)


if __name__ == "__main__":
    main()
