"""What the runs show of the tests of a change: base's version of each on both sources, and head's."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, Self

import msgspec

from dodcheck.change import Both, Change, Side
from dodcheck.facts.runs.at_base import AtBase
from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.runs.matrix import BaseTestsOnHead, HeadTestsOnBase, TestModules
from dodcheck.facts.runs.nodes import renamed
from dodcheck.facts.runs.suite_run import FAILING, SuiteAtHead
from dodcheck.facts.suites.collection import Collection
from dodcheck.facts.suites.tampering import TestTampering
from dodcheck.run import Outcome, Suite, SuiteRunner

Seen = Literal["passed", "failed", "skipped", "not collected", "unknown"]
_DISABLED = {"skipped", "xfailed"}


class ObservedTests(msgspec.Struct, frozen=True):
    """Outcomes of tests without regard to their parameters.

    Args:
        head: Head's tests on head's source, by node id.
        dropped: Those that were collected at head and then left out.
        broken: Test files that cannot be collected at head.
        old: Base's version of the changed tests on head's source, by the node id that they have at base.
        base: Base's tests on base's source, as far as something failed or is suspicious.
        without: Head's changed tests on base's source.
        silent: Where a conftest changed: the files of base's tests of which none reported at head.
    """

    head: Mapping[str, tuple[Outcome, ...]]
    dropped: frozenset[str]
    broken: frozenset[str]
    old: Mapping[str, tuple[Outcome, ...]]
    base: Mapping[str, tuple[str, ...]]
    without: Mapping[str, tuple[Outcome, ...]]
    silent: frozenset[str]

    @classmethod
    def of(
        cls,
        change: Change,
        runner: SuiteRunner,
        source: BehaviouralSource,
        modules: TestModules,
        found: TestTampering,
        cells: "Cells",
    ) -> Self:
        """Take the cells of the run matrix, and run of base's tests what they lack: only what is suspicious.

        Raises:
            ToolError: A run proves nothing.
        """
        suite = cells.head.suite
        now, old = _grouped(suite.outcomes), _grouped(cells.old.suite.outcomes if cells.old.suite else ())
        base = _kinds(cells.at_base(change))
        hooked = any(file.path.endswith("conftest.py") for file in change.files)
        silent = _silent(change, suite, cells.settings) if hooked else set()
        wanted = silent | _idle(suite) if hooked else set()
        if not source.files:  # both sides have the same source: what base's tests say of it they say of head's
            wanted |= {one.test_at_base.partition("::")[0] for one in found.suspicions if one.test_at_base}
            wanted |= _disabled_files(change, now)
        known = {node.partition("::")[0] for node in old}
        nodes = sorted(path for path in wanted - known if modules.has(path) and change.base.blob(path))
        if nodes:
            ran = runner.run(Side.HEAD, nodes, Side.BASE) if source.files else runner.run(Side.BASE, nodes)
            old = {**old, **_grouped(ran.outcomes)}
            if source.files and any(one.outcome in FAILING for one in ran.outcomes):
                again = runner.run(Side.BASE, nodes)
                base = {**base, **_kinds((one.id, one.outcome) for one in again.outcomes)}
        if not source.files:
            base = _kinds((one.id, one.outcome) for outcomes in old.values() for one in outcomes)
        without = _grouped(cells.without.suite.outcomes if cells.without.suite else ())
        broken = frozenset(file.partition("::")[0] for file, _ in suite.broken)
        return cls(
            now,
            frozenset(node.partition("[")[0] for node in suite.dropped),
            broken,
            old,
            base,
            without,
            frozenset(silent),
        )

    @property
    def ran(self) -> int:
        """Number of test functions that ran at head."""
        return len(self.head)

    def now(self, node: str) -> Seen:
        """Return what became of a test at head; of a file that the run does not come to, nothing is known."""
        if node in self.head:
            return _seen(self.head[node])
        file = node.partition("::")[0]
        ran = any(one.partition("::")[0] == file for one in (*self.head, *self.dropped))
        return "not collected" if ran and file not in self.broken else "unknown"

    def before(self, node: str) -> Seen:
        """Return what base's version of a test gives on base's source."""
        return _worst(self.base.get(node, ()))

    def held(self, node: str) -> Seen:
        """Return what base's version of a test gives on head's source."""
        return _seen(self.old.get(node, ()))

    def proves(self, node: str) -> bool | None:
        """Tell whether a test of head fails on base's source; None when it did not run there."""
        return _seen(self.without[node]) != "passed" if node in self.without else None


class Cells(msgspec.Struct, frozen=True):
    """The cells of the run matrix.

    Args:
        head: Head's tests on head's source.
        old: Base's tests on head's source.
        without: Head's tests on base's source.
        base: Base's tests on base's source.
        settings: pytest's settings at base, with which all of them run.
    """

    head: SuiteAtHead
    old: BaseTestsOnHead
    without: HeadTestsOnBase
    base: AtBase
    settings: Collection

    @classmethod
    def of(
        cls,
        head: SuiteAtHead,
        old: BaseTestsOnHead,
        without: HeadTestsOnBase,
        base: AtBase,
        settings: Both[Collection],
    ) -> Self:
        """Put them together."""
        return cls(head, old, without, base, settings.base)

    def at_base(self, change: Change) -> Iterator[tuple[str, str]]:
        """Yield base's tests, under their names at base, with their outcomes on base's source."""
        back = {file.path: file.base_path for file in change.files if file.base_path and file.base_path != file.path}
        yield from ((renamed(node, back), outcome) for node, outcome in self.base.outcomes.items())


def _idle(suite: Suite) -> set[str]:
    """Return the test files with a test that is skipped, expected to fail, or left out."""
    nodes = [one.id for one in suite.outcomes if one.outcome in _DISABLED]
    return {node.partition("::")[0] for node in (*nodes, *suite.dropped)}


def _silent(change: Change, suite: Suite, settings: Collection) -> set[str]:
    """Return the test files of both sides that a run without arguments comes to, and of which none reported."""
    nodes = (*(one.id for one in suite.outcomes), *suite.dropped, *(file for file, _ in suite.broken))
    told = {node.partition("::")[0] for node in nodes}
    named = (path for path in change.head.paths() if settings.names_file(path) and settings.reaches(path))
    return {path for path in named if path not in told and change.base.blob(path)}


def _disabled_files(change: Change, now: Mapping[str, tuple[Outcome, ...]]) -> set[str]:
    """Return the changed test files, as base calls them, with a test that does not run at head."""
    idle = {node.partition("::")[0] for node, outcomes in now.items() if _seen(outcomes) == "skipped"}
    return {file.base_path for file in change.files if file.base_path and file.path in idle}


def _grouped(outcomes: Iterable[Outcome]) -> Mapping[str, tuple[Outcome, ...]]:
    found: dict[str, tuple[Outcome, ...]] = {}
    for one in outcomes:
        node = one.id.partition("[")[0]
        found[node] = (*found.get(node, ()), one)
    return found


def _kinds(outcomes: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node, kind in outcomes:
        name = node.partition("[")[0]
        found[name] = (*found.get(name, ()), kind)
    return found


def _seen(outcomes: Iterable[Outcome]) -> Seen:
    return _worst(one.outcome for one in outcomes)


def _worst(outcomes: Iterable[str]) -> Seen:
    """Return the worst of the outcomes of one test function: one row that fails fails it."""
    kinds = set(outcomes)
    if not kinds:
        return "unknown"
    if kinds & {*FAILING}:
        return "failed"
    return "skipped" if kinds <= _DISABLED else "passed"
