"""The migrations of the change, tried on a database of their own."""

from collections.abc import Sequence
from os.path import commonpath
from typing import Self

import msgspec

from dodcheck.change import Change, Side
from dodcheck.facts.schema.changed_migrations import ChangedMigration
from dodcheck.facts.schema.operations import Migration
from dodcheck.run import SchemaDatabase, SchemaTrial
from dodcheck.verdict import Evidence, Finding

_SHOWN = 5


class Tried(msgspec.Struct, frozen=True):
    """What a trial showed.

    Args:
        findings: What the change breaks.
        evidence: What works.
        clean: The upgraded database is what the models declare.
    """

    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    clean: bool = False


class MigrationTrial:
    """Tries Alembic migrations; nothing runs before it is asked for.

    Args:
        change: The change.
        database: Where to try them.
    """

    def __init__(self, change: Change, database: SchemaDatabase) -> None:
        self._change = change
        self._database = database

    @classmethod
    def of(cls, change: Change, database: SchemaDatabase) -> Self:
        """Nothing is tried yet."""
        return cls(change, database)

    def of_change(self, changed: Sequence[ChangedMigration], url: str) -> Tried:
        """Upgrade a database to the change's head, compare it with the models, and go back to where base was.

        What fails at base in the same way is not the change's.

        Args:
            changed: The migrations of the change.
            url: See `SchemaDatabase.attempt`.

        Raises:
            ToolError: They could not be tried.
        """
        ours = [one.head for one in changed if one.head is not None and one.head.tool == "alembic"]
        settings = self._settings(Side.HEAD, [one.path for one in ours])
        if not ours or settings is None:
            why = "no alembic.ini stands above the migrations" if ours else "only migrations of Alembic are tried"
            return Tried(evidence=(Evidence(f"not tried on a database: {why}"),))
        head = self._database.attempt(Side.HEAD, settings, url, _back_to(changed))
        base = SchemaTrial(head.ran)
        if head.upgrade or head.differences:
            old = self._settings(Side.BASE, [one.path for one in ours])
            base = self._database.attempt(Side.BASE, old, url, ()) if old else base
        return _judged(ours[-1], head, base)

    def _settings(self, side: Side, paths: Sequence[str]) -> str | None:
        """Return the alembic.ini nearest to some migrations."""
        snapshot = self._change.base if side is Side.BASE else self._change.head
        found = [path for path in snapshot.paths() if path.rpartition("/")[2] == "alembic.ini"]
        return max(found, key=lambda path: _shared(path, paths), default=None)


def _shared(path: str, others: Sequence[str]) -> tuple[int, int]:
    near = max((len(commonpath([path, other])) for other in others), default=0)
    return near, -path.count("/")


def _back_to(changed: Sequence[ChangedMigration]) -> list[str]:
    """Return where base's line ended; nothing where lines are joined, for then there is no single way back."""
    added = [one.head for one in changed if one.what == "added" and one.head is not None and one.head.tool == "alembic"]
    if any(one.merges for one in added):
        return []
    own = {one.revision for one in added}
    starts = {parent for one in added for parent in (one.parents or ("base",)) if parent not in own}
    return sorted(starts) if len(starts) == 1 else []


def _judged(last: Migration, head: SchemaTrial, base: SchemaTrial) -> Tried:
    command = " ".join(head.ran.command)
    if head.upgrade:
        old = bool(base.upgrade)
        message = f"alembic upgrade head fails on a new database{' (as it did at base)' if old else ''}: {head.upgrade}"
        fix = "mend the migration, and try it on an empty database"
        return Tried(
            (Finding(message, last.path, 1, code="upgrade-fails", fix=fix, level="warning" if old else "error"),)
        )
    known = set(base.differences) if not base.upgrade else set()
    fresh = [one for one in head.differences if one not in known]
    findings = [_difference(last, fresh)] if fresh else []
    if head.downgrade:
        message = f"going back fails on a new database: {head.downgrade}"
        findings.append(
            Finding(message, last.path, 1, symbol="downgrade", code="downgrade-fails", fix="mend downgrade()")
        )
    said = f"upgraded, compared with the models and taken back {head.ran.note}".strip()
    seen = (Evidence(said, "command", command=command),) if not findings and head.compared else ()
    return Tried(tuple(findings), seen, clean=head.compared and not head.differences)


def _difference(last: Migration, fresh: Sequence[str]) -> Finding:
    more = f" (and {len(fresh) - _SHOWN} more)" if len(fresh) > _SHOWN else ""
    message = f"after alembic upgrade head the models still differ: {'; '.join(fresh[:_SHOWN])}{more}"
    return Finding(message, last.path, 1, code="models-differ", fix="add what `alembic check` names to the migration")
