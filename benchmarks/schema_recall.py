"""How often "the schema changed" is right, against the migrations of the same commit.

python benchmarks/schema_recall.py [--commits 300] [--findings] REPOSITORY [REPOSITORY ...]

Each REPOSITORY is a clone (bare or not).  Its newest first-parent commits that touch Python files are read; one
counts as changed when the models differ by meaning (`SchemaDelta`), and as right when it adds or edits a migration.
Precision: right ones among the changed.  Recall: changed ones among those that add a migration which alters the
schema (edits of old migrations and migrations of data alone do not count).  `--findings` also prints what the rule
`schema-migrations` says of each commit, to be read.

Baselines (our own prototype, over whole histories): precision .66 / .57 / .85 / .73, recall .95 / .91 / .92 / 1.00 on
Netflix/dispatch, keephq/keep, polarsource/polar and fastapi/full-stack-fastapi-template.  A "false" change is often a
true omission whose migration came in another commit.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dodcheck.change import Change, Side, Snapshot
from dodcheck.engine import Facts, run
from dodcheck.errors import DodcheckError
from dodcheck.facts.schema.changed_migrations import ChangedMigrations
from dodcheck.facts.schema.schema_delta import SchemaDelta
from dodcheck.history import History
from dodcheck.registry import load
from dodcheck.run import SyntaxReader
from dodcheck.sources.history import history
from dodcheck.sources.plumbing import Git
from dodcheck.sources.snapshots import GitSnapshot, change_between
from dodcheck.sources.syntax import Syntax

DATA = {"sql", "code", "state"}
RULE = load()["schema-migrations"]


def commits(repository: Path, wanted: int) -> list[str]:
    """Return the newest first-parent commits that touch models or migrations as paths go."""
    paths = [
        ":(glob)**/*model*.py",
        ":(glob)**/*model*/**/*.py",
        ":(glob)**/versions/*.py",
        ":(glob)**/migrations/*.py",
    ]
    command = ["git", "-C", str(repository), "log", "--first-parent", "-m", "--min-parents=1", f"--max-count={wanted}"]
    found = subprocess.run([*command, "--format=%H", "--", *paths], check=True, capture_output=True, text=True)
    return list(dict.fromkeys(found.stdout.split()))


def changes(repository: Path, chosen: list[str]) -> Iterator[tuple[str, Change, History]]:
    """Yield each commit with its change against the first parent."""
    with tempfile.TemporaryDirectory() as objects:
        git = Git.open(repository, Path(objects))
        try:
            for commit in chosen:
                trees = [git.run("rev-parse", f"{c}^{{tree}}").decode().strip() for c in (f"{commit}^", commit)]
                base, head = (GitSnapshot(git, tree, tree[:9]) for tree in trees)
                yield commit, change_between(git, base, head), history(git, f"{commit}^", commit)
        finally:
            git.close()


def counted(facts: Facts, totals: Counter[str]) -> str:
    """Add one commit to the totals, and return what is wrong about it."""
    changed = any(one.part != "state" for one in facts.get(SchemaDelta).elements)
    migrations = [one for one in facts.get(ChangedMigrations).all() if one.what in {"added", "edited"}]
    ddl = any(
        o.kind not in DATA for one in migrations if one.what == "added" for o in (one.head.upgrade if one.head else ())
    )
    totals.update(changed=changed, right=changed and bool(migrations), ddl=ddl, found=ddl and changed)
    return "missed: DDL, and the models are the same" if ddl and not changed else ""


def shown(name: str, commit: str, facts: Facts, totals: Counter[str]) -> None:
    """Print what the rule says of one commit."""
    verdict = run(RULE, facts, RULE.options()).verdict
    totals[verdict.status] += 1
    for one in verdict.findings:
        where = f"{one.path}:{one.line or ''}"
        print(f"{name} {commit[:10]} {verdict.status} | {one.level} {one.code} | {where} | {one.message}", flush=True)
    if not verdict.findings and verdict.status not in {"pass", "not-applicable"}:
        print(f"{name} {commit[:10]} {verdict.status} | {verdict.summary}", flush=True)


def facts_of(change: Change, syntax: Syntax, told: History) -> Facts:
    """Return the facts of a change without a session around it."""
    return Facts(
        {
            Change: lambda _: change,
            Snapshot: lambda side: change.base if side is Side.BASE else change.head,
            SyntaxReader: lambda _: syntax,
            History: lambda _: told,
        },
        fast=True,
    )


def measured(repository: Path, asked: argparse.Namespace) -> Counter[str]:
    """Read the commits of one repository."""
    totals: Counter[str] = Counter()
    syntax = Syntax(repository, lambda: (asked.python, "given"), [])
    for commit, change, told in changes(repository, commits(repository, asked.commits)):
        facts = facts_of(change, syntax, told)
        totals["commits"] += 1
        try:
            seen = counted(facts, totals)
            if asked.findings and seen:
                print(f"{repository.name} {commit[:10]} {seen}")
        except DodcheckError as error:
            totals["unread"] += 1
            print(f"{repository.name} {commit[:10]} could not be read: {error}", flush=True)
            continue
        if asked.findings:
            shown(repository.name, commit, facts, totals)
    syntax.close()
    return totals


def main() -> None:
    """Print precision and recall of each repository."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=300, help="of each repository")
    parser.add_argument("--python", default=sys.executable, help="parses what the running Python cannot")
    parser.add_argument("--findings", action="store_true", help="print what the rule says")
    asked = parser.parse_args()
    for repository in (path.resolve() for path in asked.repositories):
        totals = measured(repository, asked)
        precision = totals["right"] / max(totals["changed"], 1)
        recall = totals["found"] / max(totals["ddl"], 1)
        counts = ", ".join(f"{name} {count}" for name, count in totals.items())
        print(f"{repository.name}: precision {precision:.2f}, recall {recall:.2f} ({counts})", flush=True)


if __name__ == "__main__":
    main()
