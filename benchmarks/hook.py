"""Time the commit hook against ruff and the start of Python, in turn.

python benchmarks/hook.py [--files 500] [--changed 5] [--rounds 15] [--json FILE]

A generated repository has that many files, of which some are changed and staged.  One side is `dodcheck check
--staged --fast`; the other, in sequence, `ruff check`, `ruff format --check` of the same files and `python -c
"import click, git"`.  Printed are the wall-clock and processor seconds of both (of the whole process tree), and
their ratios round by round: the median, and the least and most.
"""

import argparse
import sys
import sysconfig
import tempfile
from pathlib import Path

from generated import Cost, Figure, Spread, build, hook, keep, stage, timed


def main() -> None:
    """Run both sides in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--changed", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, cache = Path(scratch) / "project", Path(scratch) / "cache"
        build(folder, asked.files)
        paths = stage(folder, asked.changed, asked.files)
        ruff = str(Path(sysconfig.get_path("scripts")) / "ruff")
        others = ([ruff, "check", *paths], [ruff, "format", "--check", *paths])
        python = [sys.executable, "-c", "import click, git"]
        timed(folder, cache, hook(), *others, python)  # what is cached is cached on both sides
        rounds = [(timed(folder, cache, hook()), timed(folder, cache, *others, python)) for _ in range(asked.rounds)]
    used = Spread.of([1.0])
    for kind in Cost._fields:
        ours, theirs = ([getattr(cost, kind) for cost in side] for side in zip(*rounds, strict=True))
        used = Spread.of(a / b for a, b in zip(ours, theirs, strict=True))  # the processor is the last
        print(f"{kind}: hook {Spread.of(ours)} s; ruff, ruff format and python {Spread.of(theirs)} s; ratio {used}")
    job = f"`check --staged --fast`, {asked.changed} files staged of {asked.files}"
    keep(asked.json, Figure(job, '≤ 1.0 × `ruff check`, `ruff format --check`, `python -c "import click, git"`', used))


if __name__ == "__main__":
    main()
