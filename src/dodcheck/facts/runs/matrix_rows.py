"""The run matrix as rows: each test that the change touches or moves, with its outcome in every cell."""

from collections.abc import Mapping
from typing import Self

import msgspec

from dodcheck.change import Change
from dodcheck.facts.runs.at_base import AtBase
from dodcheck.facts.runs.changed_tests import ChangedTests
from dodcheck.facts.runs.matrix import BaseTestsOnHead, HeadTestsOnBase
from dodcheck.facts.runs.matrix_row import MatrixRow
from dodcheck.facts.runs.nodes import moved, renamed
from dodcheck.facts.runs.seen import Seen
from dodcheck.facts.runs.suite_run import FAILING
from dodcheck.run import Suite

_NOT_COLLECTED = "not-collected"


class MatrixRows(msgspec.Struct, frozen=True):
    """Tests of the change, and all others of which some cell fails or differs between the sides.

    Args:
        rows: One a test, by node id.
    """

    rows: tuple[MatrixRow, ...]

    @classmethod
    def of(
        cls,
        *,
        change: Change,
        seen: Seen,
        at_base: HeadTestsOnBase,
        old: BaseTestsOnHead,
        base: AtBase,
        tests: ChangedTests,
    ) -> Self:
        """Put the cells side by side; outcomes of base's tests go by the names that head has for their files."""
        now, before = moved(change), _by_node(at_base.suite, {})
        head, old_tests = _by_node(seen.head.suite, {}), _by_node(old.suite, now)
        changed = {one.id for one in tests.ran}
        rows = [
            MatrixRow(
                id=node,
                changed=node in changed,
                fail_to_pass=node in seen.fail_to_pass,
                head=head.get(node),
                head_on_base=before.get(node) or (_NOT_COLLECTED if node in changed and at_base.fails(node) else None),
                base_on_head=old_tests.get(node),
                base=base.outcomes.get(node),
            )
            for node in sorted({*changed, *head, *old_tests, *base.outcomes})
        ]
        return cls(tuple(row for row in rows if _is_told(row)))


def _by_node(suite: Suite | None, now: Mapping[str, str]) -> Mapping[str, str]:
    return {renamed(one.id, now): one.outcome for one in suite.outcomes} if suite else {}


def _is_told(row: MatrixRow) -> bool:
    cells = (row.head, row.base_on_head, row.base)
    differs = row.base is not None and row.base != row.head
    return row.changed or row.fail_to_pass or row.head is None or differs or any(one in FAILING for one in cells)
