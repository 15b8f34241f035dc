"""What the tests of the change prove: their assertions, whether these can fail, and what they are about."""

from collections.abc import Mapping
from typing import NamedTuple, Self

import msgspec

from dodcheck.change import Both
from dodcheck.facts.runs.changed_tests import ChangedTests
from dodcheck.facts.runs.nodes import test_at, without_row
from dodcheck.facts.runs.reach import ChangedNames, Reach
from dodcheck.facts.suites.conditions import Weight
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.parametrization import rows_of
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.suites.suspicion import Suspicion
from dodcheck.facts.suites.tautologies import Tautologies

_WORST: tuple[Weight, ...] = ("always", "reviewable", "unknown", "environment")


class Worth(NamedTuple):
    """What one test is worth.

    Args:
        speaks: It asserts something, itself or by its helpers and fixtures.
        idle: An assertion of it that cannot fail, or whose failure nobody sees.
        on_change: It asserts something of a value that changed code produces.
        disabled: When it is skipped or may fail: always, on some machines, or who knows; None when nothing says so.
        as_before: What disables it disabled it at base too.
    """

    speaks: bool
    idle: Suspicion | None = None
    on_change: bool = True
    disabled: Weight | None = None
    as_before: bool = False


_UNREAD = Worth(speaks=True)  # a test of another kind, or one that no file names: the runner's word alone counts


class Proof(msgspec.Struct, frozen=True):
    """The worth of every test of the change.

    Args:
        tests: By node id without parameters.
    """

    tests: Mapping[str, Worth]

    @classmethod
    def of(
        cls,
        tests: ChangedTests,
        source: ChangedNames,
        files: Both[SuiteFiles],
        oracles: Both[Oracles],
        disabling: Both[Disabling],
    ) -> Self:
        """Read the functions of the tests that ran."""
        judge = _Judge(source, files, oracles, disabling)
        nodes = dict.fromkeys(without_row(one.id) for one in tests.ran)
        return cls({node: judge.worth(node) for node in nodes})

    def __getitem__(self, node: str) -> Worth:
        """Return the worth of a test by its node id."""
        return self.tests.get(without_row(node), _UNREAD)


class _Judge:
    def __init__(
        self, source: ChangedNames, files: Both[SuiteFiles], oracles: Both[Oracles], disabling: Both[Disabling]
    ) -> None:
        self._source = source
        self._files = files
        self._oracles = oracles
        self._disabling = disabling

    def worth(self, node: str) -> Worth:
        """Judge one test by its node id without parameters."""
        test = test_at(self._files.head, node)
        if test is None:
            return _UNREAD
        base = test_at(self._files.base, node)
        suspicions = Tautologies(test, self._oracles.head, base, self._oracles.base).suspicions()
        idle = next((one for one in suspicions if one.certainty == "certain"), None)
        speaks = self._oracles.head.speaks(test)
        on_change = Reach(test, self._files.head, self._source).is_asserted(self._oracles.head)
        weights = self._weights(test, self._disabling.head)
        known = self._weights(base, self._disabling.base) if base else []
        worst = next((one for one in _WORST if one in weights), None)
        return Worth(speaks, idle, on_change, worst, bool(worst) and worst in known)

    def _weights(self, test: SuiteTest, disabling: Disabling) -> list[Weight]:
        found = [one for one in disabling.of_test(test) if one.kind != "rerun"]
        rows = [mark for rows in rows_of(test) for row in rows.rows for mark in row.marks]
        found += [one for mark in rows for one in disabling.of_mark(mark, test.module) if one.kind != "rerun"]
        return [one.weight for one in found]
