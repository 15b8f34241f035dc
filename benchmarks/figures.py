"""Write the README's table of figures from what the benchmarks wrote with `--json`.

python benchmarks/figures.py FILE [FILE ...]
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
_START, _END = "<!-- figures -->", "<!-- /figures -->"
_HEAD = ("| job | goal | measured |", "| --- | --- | --- |")


def rows(files: Iterable[Path]) -> Iterator[str]:
    """Yield a row a figure."""
    for file in files:
        for job, goal, measured in json.loads(file.read_text(encoding="utf-8")):
            yield f"| {job} | {goal} | {measured} |"


def main() -> None:
    """Put the table into the README."""
    before, _, rest = README.read_text(encoding="utf-8").partition(_START)
    table = "\n".join([_START, *_HEAD, *rows(map(Path, sys.argv[1:])), _END])
    README.write_text(before + table + rest.partition(_END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
