"""Run rules over the histories of real repositories and print every finding, to be read.

python benchmarks/rule_trial.py --rule NAME [--rule NAME ...] --commits 100 REPOSITORY [REPOSITORY ...]

Each REPOSITORY is a clone (bare or not). Its newest commits that touch `--touching` (pathspecs; default `*.py`)
and, with `--changing`, add or remove a line that matches a regular expression, are each checked against their first
parent, with the fast rules alone.  One line a finding: repository, commit, status, level, code, place, message.
The totals say how often each rule gave each status; `--json` writes everything to a file.
"""

import argparse
import json
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


def commits(repository: Path, wanted: int, touching: Sequence[str], changing: str | None) -> list[str]:
    """Return the newest commits with a parent that touch the paths, merges left out."""
    pattern = ["-G", changing] if changing else []
    command = ["git", "-C", str(repository), "log", "--no-merges", "--min-parents=1", f"--max-count={wanted}"]
    found = subprocess.run(
        [*command, "--format=%H", *pattern, "--", *touching], check=True, capture_output=True, text=True
    )
    return found.stdout.split()


def judged(repository: Path, commit: str, rules: Sequence[str]) -> Report:
    """Check one commit against its parent."""
    asked = Asked(
        base=f"{commit}^", head=commit, definition=str(DEFINITION), selection=Selection(select=tuple(rules), fast=True)
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


def trial(repository: Path, chosen: Sequence[str], rules: Sequence[str], totals: Counter[str]) -> Iterator[Any]:
    """Check the commits of one repository, print what is found, and yield a record a rule and commit."""
    for commit in chosen:
        try:
            report = judged(repository, commit, rules)
        except DodcheckError as error:
            totals.update(["could not be checked"])
            print(f"{repository.name} {commit[:10]} | {error}", flush=True)
            continue
        for one in results(report, rules):
            totals.update([f"{one.id} {one.status}"])
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
    parser.add_argument("--json", type=Path, help="write a record a rule and commit to this file")
    asked = parser.parse_args()
    totals: Counter[str] = Counter()
    records = []
    for repository in (path.resolve() for path in asked.repositories):
        chosen = commits(repository, asked.commits, asked.touching or ["*.py"], asked.changing)
        totals.update({"commits": len(chosen)})
        records += list(trial(repository, chosen, asked.rule, totals))
    for name, count in sorted(totals.items()):
        print(f"{count:>6}  {name}")
    if asked.json:
        asked.json.write_text(json.dumps(records, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
