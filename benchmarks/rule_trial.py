"""Run rules over the histories of real repositories and print every finding, to be read.

python benchmarks/rule_trial.py --rule NAME [--rule NAME ...] --commits 100 REPOSITORY [REPOSITORY ...]

Each REPOSITORY is a clone with a work tree, which may be empty. Its newest commits that touch `--touching` (pathspecs;
default `*.py`) and, with `--changing`, add or remove a line that matches a regular expression, are each checked against
their first parent, with the fast rules alone; `--drawn SEED` draws them from the newest 700, and leaves out those that
add less than eight lines of source, more than 1,200, or touch more than thirty files.  One line a finding: repository,
commit, status, level, code, place, message.  The totals say how often each rule gave each status, and how many findings
of each code and level there are; `--json` writes everything to a file.
"""

import argparse
import json
import random
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from dodcheck.app import check
from dodcheck.cli.session import Asked, session
from dodcheck.errors import DodcheckError
from dodcheck.planning import Selection
from dodcheck.report import Report, RuleResult

DEFINITION = Path(__file__).parent.parent / "templates" / "definition.md"
DULL = {"not-applicable", "not-run"}
POOL = 700
LINES = range(8, 1201)
FILES = range(1, 31)


def commits(repository: Path, wanted: int, touching: Sequence[str], changing: str | None) -> list[str]:
    """Return the newest commits with a parent that touch the paths, merges left out."""
    pattern = ["-G", changing] if changing else []
    command = ["git", "-C", str(repository), "log", "--no-merges", "--min-parents=1", f"--max-count={wanted}"]
    found = subprocess.run(
        [*command, "--format=%H", *pattern, "--", *touching], check=True, capture_output=True, text=True
    )
    return found.stdout.split()


def drawn(repository: Path, wanted: int, seed: int, found: Sequence[str]) -> list[str]:
    """Draw commits of a size that a person may have written and read, by chance that can be repeated."""
    sized = [commit for commit in found if is_work(repository, commit)]
    chance = random.Random(f"{seed} {repository.name}")  # noqa: S311 - a sample, no secret
    return chance.sample(sized, min(wanted, len(sized)))


def is_work(repository: Path, commit: str) -> bool:
    """Tell whether a commit adds source, and neither next to nothing nor what was written elsewhere."""
    command = ["git", "-C", str(repository), "show", "--numstat", "--format=", commit, "--", "*.py"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [row.split("\t") for row in listed.splitlines() if row and not row.startswith("-")]
    source = sum(int(added) for added, _, path in rows if "test" not in path and "example" not in path)
    return source >= LINES[0] and sum(int(row[0]) for row in rows) in LINES and len(rows) in FILES


def judged(repository: Path, commit: str, rules: Sequence[str], definition: Path) -> Report:
    """Check one commit against its parent."""
    asked = Asked(
        base=f"{commit}^", head=commit, definition=str(definition), selection=Selection(select=tuple(rules), fast=True)
    )
    with session(asked, repository) as job:
        return check(job)


def results(report: Report, rules: Sequence[str]) -> Iterator[RuleResult]:
    """Yield what each rule said, once, however many items it answers."""
    seen: set[str] = set()
    for one in (rule for item in report.items for rule in item.rules):
        if one.id in rules and one.id not in seen:
            seen.add(one.id)
            yield one


def shown(repository: Path, commit: str, one: RuleResult) -> Iterator[str]:
    """Yield a line a finding; one for the summary where there is none."""
    place = f"{repository.name} {commit[:10]} {one.id} {one.status}"
    for finding in one.findings:
        where = f"{finding.path or ''}:{finding.line or ''}"
        yield f"{place} | {finding.level} {finding.code or ''} | {where} | {finding.message}"
    if not one.findings and one.status not in {"pass", *DULL}:
        yield f"{place} | {one.summary}"


def trial(
    repository: Path, chosen: Sequence[str], rules: Sequence[str], totals: Counter[str], definition: Path = DEFINITION
) -> Iterator[Any]:
    """Check the commits of one repository, print what is found, and yield a record a rule and commit."""
    for commit in chosen:
        try:
            report = judged(repository, commit, rules, definition)
        except DodcheckError as error:
            totals.update(["could not be checked"])
            print(f"{repository.name} {commit[:10]} | {error}", flush=True)
            continue
        for one in results(report, rules):
            totals.update([f"{one.id} {one.status}"])
            totals.update(f"{one.id} {finding.level}: {finding.code}" for finding in one.findings)
            for line in shown(repository, commit, one):
                print(line, flush=True)
            yield {"repository": repository.name, "commit": commit, **msgspec.to_builtins(one)}


def main() -> None:
    """Check, print each finding and the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--rule", action="append", required=True, help="rule id; may repeat")
    parser.add_argument("--commits", type=int, default=100, help="of each repository")
    parser.add_argument("--touching", action="append", help="pathspec; may repeat; default *.py")
    parser.add_argument("--changing", help="regular expression over added and removed lines")
    parser.add_argument("--drawn", type=int, metavar="SEED", help="draw the commits by chance")
    parser.add_argument("--definition", type=Path, default=DEFINITION, help="default: the built-in one")
    parser.add_argument("--json", type=Path, help="write a record a rule and commit to this file")
    asked = parser.parse_args()
    totals: Counter[str] = Counter()
    records = []
    for repository in (path.resolve() for path in asked.repositories):
        wanted = asked.commits if asked.drawn is None else POOL
        chosen = commits(repository, wanted, asked.touching or ["*.py"], asked.changing)
        if asked.drawn is not None:
            chosen = drawn(repository, asked.commits, asked.drawn, chosen)
        totals.update({"commits": len(chosen)})
        records += list(trial(repository, chosen, asked.rule, totals, asked.definition.resolve()))
    for name, count in sorted(totals.items()):
        print(f"{count:>6}  {name}")
    if asked.json:
        asked.json.write_text(json.dumps(records, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
