"""Compare dodcheck's fail-to-pass sets with plain pytest runs, commit by commit.

python benchmarks/matrix_agreement.py --commits 15 REPOSITORY [REPOSITORY ...]

Each REPOSITORY is a clone with a `.venv` in which its suite runs.  For each of its last
commits that change Python source and tests, dodcheck's set is taken from `tests_added` of
its JSON; the other comes from two trees made with `git archive`, head's changed test files
copied over base's, and `pytest -rA`.  Of a module that base cannot even collect, dodcheck counts
only the tests that the change adds or alters.  Disagreements are printed one a line, and so is
what the rules of tests say of each commit.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LINE = re.compile(r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) (\S+::.+?)(?: - .*)?$")
RULES = ("tests-added", "no-regressions", "test-integrity")
DEFINITION = Path(__file__).parent.parent / "templates" / "definition.md"


class Plain(NamedTuple):
    """Fail-to-pass tests of plain runs: of modules that base collects, and of all."""

    sure: set[str]
    possible: set[str]


def git(repository: Path, *args: str) -> str:
    """Run git and return what it prints."""
    return subprocess.run(["git", "-C", str(repository), *args], check=True, capture_output=True, text=True).stdout


def commits(repository: Path, wanted: int) -> Iterator[str]:
    """Yield the newest commits that change both Python source and tests, merges left out."""
    found = 0
    for commit in git(repository, "rev-list", "--no-merges", "--max-count=3000", "HEAD").split():
        names = git(repository, "diff-tree", "-r", "--no-commit-id", "--name-only", commit).splitlines()
        code = [name for name in names if name.endswith(".py")]
        tests = [name for name in code if is_test(name)]
        if tests and any(name.startswith(("src/", repository.name)) for name in set(code) - set(tests)):
            yield commit
            found += 1
            if found == wanted:
                return


def is_test(name: str) -> bool:
    """Tell by the path alone whether a file belongs to the tests."""
    return name.startswith("tests/") or "/tests/" in name


def tree(repository: Path, commit: str, target: Path) -> Path:
    """Write one commit's files."""
    target.mkdir()
    archive = subprocess.run(["git", "-C", str(repository), "archive", commit], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive, check=True)
    return target


def outcomes(repository: Path, folder: Path, files: list[str]) -> dict[str, str]:
    """Run plain pytest on some files of a tree and return the outcome by node id."""
    there = [name for name in files if (folder / name).exists()]
    if not there:
        return {}
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONHASHSEED": "0", "COLUMNS": "500"}
    command = [str(repository / ".venv" / "bin" / "python"), "-m", "pytest", "-rA", "-q", "--no-header", "--tb=no"]
    ran = subprocess.run(
        [*command, "--continue-on-collection-errors", "-p", "no:cacheprovider", *there],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = [match for line in ran.stdout.splitlines() if (match := LINE.match(line))]
    return {match[2]: match[1] for match in found}


def plain(repository: Path, commit: str) -> Plain:
    """Return the tests that pass at head and do not with head's test files on base's source."""
    names = git(repository, "diff-tree", "-r", "--no-commit-id", "--name-only", commit).splitlines()
    tests = [name for name in names if is_test(name)]
    modules = [name for name in tests if Path(name).name.startswith("test_") and name.endswith(".py")]
    with tempfile.TemporaryDirectory() as scratch:
        head = tree(repository, commit, Path(scratch) / "head")
        base = tree(repository, f"{commit}^", Path(scratch) / "base")
        for name in tests:
            (base / name).unlink(missing_ok=True)
            if (head / name).exists():
                (base / name).parent.mkdir(parents=True, exist_ok=True)
                (base / name).write_bytes((head / name).read_bytes())
        after, before = outcomes(repository, head, modules), outcomes(repository, base, modules)
    collected = {node.partition("::")[0] for node in before}
    proving = {node for node, outcome in after.items() if outcome == "PASSED" and before.get(node) != "PASSED"}
    return Plain({node for node in proving if node.partition("::")[0] in collected}, proving)


def ours(repository: Path, commit: str) -> tuple[set[str], list[str]]:
    """Return dodcheck's set, and what its rules of tests say."""
    command = [sys.executable, "-m", "dodcheck", "check", "--base", f"{commit}^", "--head", commit, "--format", "json"]
    ran = subprocess.run(
        [*command, "--definition", str(DEFINITION), "--select", ",".join(RULES)],
        cwd=repository, capture_output=True, text=True, check=False,
    )  # fmt: skip
    result = json.loads(ran.stdout)
    found = {one["id"] for one in result["report"]["tests_added"] if one["fails_without_change"]}
    rules = {rule["id"]: rule for item in result["items"] for rule in item["rules"]}
    return found, [f"{name}: {rules[name]['status']} ({rules[name]['summary']})" for name in RULES]


def main() -> None:
    """Compare, print each disagreement and the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=15)
    asked = parser.parse_args()
    totals: Counter[str] = Counter()
    for repository in (path.resolve() for path in asked.repositories):
        for commit in commits(repository, asked.commits):
            sure, expected = plain(repository, commit)
            found, said = ours(repository, commit)
            totals.update(commits=1, both=len(expected & found), ours=len(found - expected))
            missing = sure - found
            totals.update(plain=len(missing))
            print(f"{repository.name} {commit[:9]}: {len(expected & found)} in both", flush=True)
            print("".join(f"  {line}\n" for line in said), end="", flush=True)
            totals.update(line.partition(" (")[0] for line in said)
            for node in sorted(found - expected):
                print(f"  only dodcheck: {node}", flush=True)
            for node in sorted(missing):
                print(f"  only plain pytest: {node}", flush=True)
    print(
        f"{totals['commits']} commits: {totals['both']} fail-to-pass tests in both, "
        f"{totals['ours']} only by dodcheck, {totals['plain']} only by plain pytest"
    )
    for name, count in sorted(totals.items()):
        if ": " in name:
            print(f"{count:>6}  {name}")


if __name__ == "__main__":
    main()
