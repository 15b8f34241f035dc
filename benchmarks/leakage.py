"""Precision and recall of split-rigor on the labelled scripts of "Data leakage in notebooks" (Yang et al., ASE 2022).

python benchmarks/leakage.py CLONE

CLONE is a work tree of github.com/malusamayo/leakage-analysis. Its tests name scripts, most of them notebooks from
Kaggle and GitHub, each with the models that leaked data trains: a script with none is clean. Each script is judged
as if the change added it. What is printed: a line a script, then precision and recall for what fails, for what fails
or needs review, and for the baseline "`fit_transform` or `fit_resample` stands before the first split".
"""

import argparse
import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from dodcheck.registry import load
from dodcheck.rule import Case, Rule, Status
from dodcheck.testing import verdict_of

_FIT = re.compile(r"\.fit_(transform|resample|sample)\(")
_SPLIT = re.compile(r"train_test_split\(|KFold\(")


def labels(clone: Path) -> Iterator[tuple[Path, bool]]:
    """Yield each labelled script, and whether it leaks."""
    for test in ("test_preprocessing.py", "test_overlap.py"):
        tree = ast.parse((clone / "tests" / test).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "template":
                name, models = map(ast.literal_eval, node.args)
                yield clone / "tests" / "inputs" / name, bool(models)


def status(one: Rule, script: Path) -> Status:
    """Return what the rule says of a change that adds a script."""
    text = script.read_text(encoding="utf-8")
    return verdict_of(one, Case(script.name, Status.FAIL, {}, {"src/app/notebook.py": text})).status


def baseline(script: Path) -> bool:
    """Tell whether something is fitted above the first split."""
    text = script.read_text(encoding="utf-8")
    fit = _FIT.search(text)
    splits = [found.start() for found in _SPLIT.finditer(text)]
    return bool(fit and splits and fit.start() < splits[-1])


def shown(name: str, judged: list[tuple[bool, Status, bool]], says: Callable[[Status, bool], bool]) -> str:
    """Return one line with precision and recall."""
    true = sum(leaks and says(found, simple) for leaks, found, simple in judged)
    said = sum(says(found, simple) for _, found, simple in judged)
    there = sum(leaks for leaks, _, _ in judged)
    return (
        f"{name:<24} precision {true}/{said} = {true / max(said, 1):.2f}   recall {true}/{there} = {true / there:.2f}"
    )


def main() -> None:
    """Judge every script, print what was found and the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clone", type=Path)
    one = load()["split-rigor"]
    judged = []
    for script, leaks in labels(parser.parse_args().clone):
        found = status(one, script)
        judged.append((leaks, found, baseline(script)))
        print(f"{script.name:<72} {'leaks' if leaks else 'clean':<6} {found}")
    print(shown("fails", judged, lambda found, _: found is Status.FAIL))
    print(shown("fails or needs review", judged, lambda found, _: found in {Status.FAIL, Status.NEEDS_REVIEW}))
    print(shown("fit above the last split", judged, lambda _, simple: simple))


if __name__ == "__main__":
    main()
