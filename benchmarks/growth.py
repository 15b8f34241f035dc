"""Show that the commit hook's cost follows the change, not the repository.

python benchmarks/growth.py [--files 500,5000,50000] [--changed 5,50,500] [--rounds 7] [--json FILE]

Generated repositories of several sizes have the same changes staged, of several sizes; `dodcheck check --staged --fast`
runs in all of them in turn.  Printed are the processor seconds of the whole process tree (median, least and most),
and for every size of change the cost in the largest repository as a multiple of that in the smallest, round by round.
"""

import argparse
import tempfile
from pathlib import Path

from generated import Figure, Spread, build, git, hook, keep, stage, timed


def main() -> None:
    """Run the hook in every repository and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=_numbers, default=(500, 5_000, 50_000))
    parser.add_argument("--changed", type=_numbers, default=(5, 50, 500))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    growth: list[Figure] = []
    with tempfile.TemporaryDirectory() as scratch:
        places = {files: Path(scratch) / str(files) for files in sorted(asked.files)}
        for files, folder in places.items():
            build(folder, files)
        for changed in asked.changed:
            used = _used(places, changed, asked.rounds, Path(scratch) / "cache")
            for files, seconds in used.items():
                print(f"{changed} of {files} files: {Spread.of(seconds)} s processor", flush=True)
            first, last = used[min(places)], used[max(places)]
            ratio = Spread.of(large / small for large, small in zip(last, first, strict=True))
            print(f"{changed} changed: {max(places)} files cost {ratio} x {min(places)}", flush=True)
            job = f"the same, {changed} files staged of {max(places):,}"
            growth.append(Figure(job, f"≤ 1.3 × of {min(places):,}", ratio))
    keep(asked.json, *growth)


def _used(places: dict[int, Path], changed: int, rounds: int, cache: Path) -> dict[int, list[float]]:
    """Return the processor seconds of each round, by number of files."""
    for folder in places.values():
        git(folder, "reset", "--quiet", "--hard")
        stage(folder, changed, min(places))
        timed(folder, cache, hook())
    used: dict[int, list[float]] = {files: [] for files in places}
    for _ in range(rounds):
        for files, folder in places.items():
            used[files].append(timed(folder, cache, hook()).processor)
    return used


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
