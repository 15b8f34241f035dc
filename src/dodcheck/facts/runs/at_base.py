"""Base's tests on base's source: what was broken before, what is flaky, and what ran there and does not any more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import msgspec

from dodcheck.change import Change, Side, Snapshot
from dodcheck.facts.runs.matrix import BaseTestsOnHead, TestModules
from dodcheck.facts.runs.nodes import file_of, moved, renamed, test_at, within
from dodcheck.facts.runs.reach import ChangedNames
from dodcheck.facts.runs.suite_run import FAILING, SuiteAtHead, refuse_unreliable
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.patterns import pattern
from dodcheck.run import SuiteRunner
from dodcheck.settings import pytest_settings

_MOST = 50  # failures that are run again alone: a broken tree has thousands
_SINGLY = 8  # of them, how many again each in a run of its own
_WORD = pattern(r"\w{3,}")
_IDLE = {"skipped", "xfailed", "xpassed"}


class QuietAtHead(msgspec.Struct, frozen=True):
    """Tests that may have run at base and say nothing at head: skipped, left out, not collected, gone.

    Args:
        at_base: Their files, as base calls them; whole files, for pytest refuses a node id that is not there.
    """

    at_base: tuple[str, ...]

    @classmethod
    def of(  # noqa: PLR0913 - every cell that may show it, and what may have caused it
        cls,
        *,
        change: Change,
        head: SuiteAtHead,
        old: BaseTestsOnHead,
        modules: TestModules,
        files: SuiteFiles,
        disabling: Disabling,
        names: ChangedNames,
    ) -> Self:
        """Look at what the change can have silenced: its own test files, and all where hooks or settings changed."""
        reader = _Reader(change, head, old, modules)
        found = {*reader.vanished(), *reader.uncollected()}
        idle = (node for node in reader.idle() if reader.may_be_new(node) or _may_depend(node, files, disabling, names))
        found |= {path for node in idle if (path := reader.at_base(node))}
        return cls(tuple(sorted(found)))


class AtBase(msgspec.Struct, frozen=True):
    """Base's tests on base's source, for what failed, fell silent or vanished elsewhere.

    Args:
        outcomes: Outcome by node id, as the test is called at head.
        broken: Files, and folders of suites, that cannot be collected at base either, as they are called at head.
    """

    outcomes: Mapping[str, str]
    broken: frozenset[str]

    @classmethod
    def of(
        cls, change: Change, runner: SuiteRunner, head: SuiteAtHead, old: BaseTestsOnHead, quiet: QuietAtHead
    ) -> Self:
        """Run the files with something to look at; without one nothing runs.

        Raises:
            ToolError: The run hung, ended early, or tested code that is not base's.
        """
        was = {file.path: file.base_path for file in change.files}
        failed = {file_of(one.id) for one in head.failing}
        failed |= {file_of(file) for file, _ in head.suite.broken}
        files = {path for name in failed if (path := was.get(name, name)) and _stands(change.base, path)}
        files |= {file_of(one.id) for one in old.failing}
        files |= set(quiet.at_base)
        if old.suite:
            files |= {file_of(file) for file, _ in old.suite.broken}
        if not files:
            return cls({}, frozenset())
        suite = runner.run(Side.BASE, sorted(files))
        refuse_unreliable(suite)
        now = moved(change)
        outcomes = {renamed(one.id, now): one.outcome for one in suite.outcomes}
        return cls(outcomes, frozenset(renamed(file, now) for file, _ in suite.broken))

    def failed(self, node: str) -> bool:
        """Tell whether a test failed at base, or could not be collected there."""
        return self.outcomes.get(node) in FAILING or within(node, self.broken)


class _Reader:
    def __init__(self, change: Change, head: SuiteAtHead, old: BaseTestsOnHead, modules: TestModules) -> None:
        self._change = change
        self._suite = head.suite
        self._old = old
        self._modules = modules
        self._was = {file.path: file.base_path for file in change.files if file.role == "test"}
        self._now = moved(change)
        self._rules_changed = _settings(change, Side.BASE) != _settings(change, Side.HEAD) or any(
            file.path.endswith("conftest.py") for file in change.files
        )

    def idle(self) -> Iterator[str]:
        """Yield tests that were skipped or expected to fail, and the files of those that were left out."""
        yield from (one.id for one in self._suite.outcomes if one.outcome in _IDLE)
        if self._rules_changed:
            yield from {file_of(node) for node in self._suite.dropped}

    def at_base(self, node: str) -> str | None:
        """Return the file of a test of head under its name at base; None where base has none."""
        path = self._was.get(file_of(node), file_of(node))
        return path if path and self._change.base.blob(path) is not None else None

    def may_be_new(self, node: str) -> bool:
        """Tell whether the change touches what can keep a test from running."""
        return self._rules_changed or file_of(node) in self._was

    def vanished(self) -> Iterator[str]:
        """Yield the touched test files of base with a test that head does not run under its name."""
        ran = {one.id for one in self._suite.outcomes}
        for file in self._change.files:
            path = file.base_path
            if path is None or not self._modules.has(path):
                continue
            known = self._old.suite is not None and file.role == "test"
            vanished = any(renamed(one, self._now) not in ran for one in self._collected(path))
            if vanished or (not known and (file.status != "modified" or file.deleted)):
                yield path

    def uncollected(self) -> Iterator[str]:
        """Yield test files of which nothing is collected, where hooks or settings changed."""
        if not self._rules_changed:
            return
        seen = {file_of(one) for one in (*self._suite.collected, *self._suite.dropped)}
        for path in self._change.base.paths():
            now = self._now.get(path, path)
            if self._modules.has(path) and now not in seen and "def test" in (self._change.base.read(path) or ""):
                yield path

    def _collected(self, path: str) -> Sequence[str]:
        suite = self._old.suite
        return [one for one in suite.collected if file_of(one) == path] if suite else []


class Reruns:
    """Runs failures of head once more, when a rule asks: what passes then depends on order, or is flaky.

    Args:
        runner: The project's pytest.
        change: The change.
    """

    def __init__(self, runner: SuiteRunner, change: Change) -> None:
        self._runner = runner
        self._now = moved(change)

    @classmethod
    def of(cls, runner: SuiteRunner, change: Change) -> Self:
        """Nothing runs yet."""
        return cls(runner, change)

    def passing_alone(self, nodes: Sequence[str], times: int) -> frozenset[str]:
        """Return the tests that pass without the rest of the suite: first all of them, then each by itself.

        Args:
            nodes: Node ids at head; at most `_MOST` of them are run.
            times: How often to try, this run of the whole included.
        """
        left, passed = list(nodes[:_MOST]), set[str]()
        for attempt in range(times):
            groups = [left] if not attempt else [[node] for node in left[:_SINGLY]]
            for group in filter(None, groups):
                suite = self._runner.run(Side.HEAD, group)
                passed |= {one.id for one in suite.outcomes if one.outcome == "passed"}
            left = [node for node in left if node not in passed]
        return frozenset(passed)

    def failing_in_order(self) -> frozenset[str]:
        """Return the tests that fail in the whole suite at base, as head calls them."""
        suite = self._runner.run(Side.BASE)
        return frozenset(renamed(one.id, self._now) for one in suite.outcomes if one.outcome in FAILING)


def _stands(snapshot: Snapshot, path: str) -> bool:
    """Tell whether a side has a file, or a folder with files: a suite of a monorepo that could not start."""
    return snapshot.blob(path) is not None or any(one.startswith(f"{path}/") for one in snapshot.paths())


def _settings(change: Change, side: Side) -> object:
    found = pytest_settings((change.base if side is Side.BASE else change.head).read)
    return found.table if found else None


def _may_depend(node: str, files: SuiteFiles, disabling: Disabling, source: ChangedNames) -> bool:
    """Tell whether the reason why a test is skipped may lie in code that the change alters."""
    test = test_at(files, node)
    found = disabling.of_test(test) if test else []
    if found and not any(one.weight == "unknown" for one in found):
        return False
    words = set(_WORD.findall(files.text(file_of(node))))
    return not words.isdisjoint(source.names)
