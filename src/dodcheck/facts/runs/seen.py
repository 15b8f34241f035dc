"""What the runs show of the change, all cells of the matrix together."""

from typing import Self

import msgspec

from dodcheck.facts.runs.at_base import AtBase
from dodcheck.facts.runs.changed_code import UncoveredLines
from dodcheck.facts.runs.changed_tests import ChangedTests
from dodcheck.facts.runs.matrix import BaseTestsOnHead, HeadTestsAlone, HeadTestsOnBase
from dodcheck.facts.runs.proof import Proof
from dodcheck.facts.runs.suite_run import SuiteAtHead


class Seen(msgspec.Struct, frozen=True):
    """What the runs show of the change, beside the outcomes at head.

    Args:
        head: The suite at head.
        at_base: The tests of the change on base's source.
        lines: Changed lines against the lines that ran.
        fail_to_pass: Tests that pass at head, in the suite and alone, and do not on base's source. Where all that
            they lack there is a name to import, only those count that assert something of a value which changed
            code produces; and where base cannot even collect the module, only those that the change adds or
            alters: the others may know nothing of it.
        green: Some test ran at head, and none fails that does not fail at base.
        contract_holds: Base's versions of the touched tests pass on head's source, as far as they do on base's.
        unknown: The run on base's source ended before it came to some test of the change.
    """

    head: SuiteAtHead
    at_base: HeadTestsOnBase
    lines: UncoveredLines
    fail_to_pass: frozenset[str]
    green: bool
    contract_holds: bool
    unknown: bool

    @classmethod
    def of(  # noqa: PLR0913 - every cell of the matrix
        cls,
        *,
        head: SuiteAtHead,
        at_base: HeadTestsOnBase,
        alone: HeadTestsAlone,
        old: BaseTestsOnHead,
        lines: UncoveredLines,
        tests: ChangedTests,
        base: AtBase,
        proof: Proof,
    ) -> Self:
        """Compare the outcomes of the tests that ran on both sources."""
        there = {one.id for one in at_base.suite.outcomes} if at_base.suite else set()
        there |= {one.id for one in tests.ran}
        passed = [one.id for one in head.suite.outcomes if one.outcome == "passed"]
        judged = [node for node in passed if node in there and node in alone.passed and at_base.fails(node)]
        proving = [node for node in judged if not at_base.only_imports(node) or proof[node].on_change]
        green = bool(head.suite.outcomes) and all(base.failed(one.id) for one in head.failing)
        holds = all(base.failed(one.id) for one in old.failing)
        unknown = at_base.suite is not None and any(at_base.fails(one.id) is None for one in tests.ran)
        return cls(head, at_base, lines, frozenset(proving), green, holds, unknown)
