"""The run matrix: tests of each side on the source of each side.

Head's tests on head's source is `suite_run.SuiteAtHead`.  The other cells run only what the
change makes interesting.  (SWE-bench's FAIL_TO_PASS and PASS_TO_PASS, arXiv:2310.06770,
generalised to tests of both sides.)
"""

from collections.abc import Mapping
from fnmatch import fnmatch
from functools import cached_property
from pathlib import PurePosixPath
from typing import Self

import msgspec

from dodcheck.change import Change, Side, Snapshot
from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.runs.nodes import file_of
from dodcheck.facts.runs.suite_run import FAILING
from dodcheck.run import Outcome, Suite, SuiteRunner
from dodcheck.settings import below, pytest_settings, suite_roots

_DEFAULT_FILES = ("test_*.py", "*_test.py")  # pytest's own
_IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError", "AttributeError: module ")


class TestModules(msgspec.Struct, frozen=True):
    """Which files hold tests, by the project's own setting.

    Args:
        patterns: `python_files`, base's before head's before pytest's default.
    """

    __test__ = False  # a fact, for pytest as well

    patterns: tuple[str, ...]

    @classmethod
    def of(cls, change: Change) -> Self:
        """Read pytest's settings."""
        patterns: dict[str, None] = {}
        for root in suite_roots(change.base, change.head):
            found = pytest_settings(below(change.base, root)) or pytest_settings(below(change.head, root))
            given = found.table.get("python_files") if found else None
            patterns |= dict.fromkeys(given.split() if isinstance(given, str) else given or _DEFAULT_FILES)
        return cls(tuple(patterns))

    def has(self, path: str) -> bool:
        """Tell whether a file is a test module."""
        name = PurePosixPath(path).name
        return path.endswith(".py") and any(fnmatch(name, one) or fnmatch(path, one) for one in self.patterns)


class HeadTestsOnBase(msgspec.Struct, frozen=True, dict=True):
    """Head's changed test modules on base's source: what passes there proves nothing new.

    Args:
        suite: The run; None when no source or no test changed.
        nodes: The test modules that ran.
    """

    suite: Suite | None
    nodes: tuple[str, ...] = ()

    @classmethod
    def of(cls, change: Change, runner: SuiteRunner, source: BehaviouralSource, modules: TestModules) -> Self:
        """Run the test modules that the change adds or touches, by content or by their data."""
        nodes = _at_head(change, modules) if source.files else []
        return cls(runner.run(Side.BASE, nodes, Side.HEAD) if nodes else None, tuple(nodes))

    def fails(self, node: str) -> bool | None:
        """Tell whether a test does not pass on base's source; None when that is not known."""
        if self.suite is None:
            return None
        found = self._outcomes.get(node)
        if found is not None:
            return found.outcome != "passed"
        if self.suite.finished or self._broken(node) or self._start:
            return True  # not even collected there
        return True if self.suite.running == node else None  # it was under way when the run hung or crashed

    def only_imports(self, node: str) -> bool:
        """Tell whether all that a test lacks on base's source is a name to import: any new name does that."""
        found = self._outcomes.get(node)
        if found is not None:
            return found.message.startswith(_IMPORT_ERRORS)
        return bool(self._broken(node) or self._start)

    def reason(self, node: str) -> str:
        """Return why a test does not pass on base's source, in one line, with the place where there is one."""
        found = self._outcomes.get(node)
        if found is not None:
            return f"{found.path}:{found.line}: {found.message}" if found.line else found.message
        if self.suite is not None and self.suite.running == node:
            return "it ran out of time" if self.suite.ran.timed_out else "the process ended in it"
        return self._broken(node) or self._start or "not collected"

    @cached_property
    def _outcomes(self) -> Mapping[str, Outcome]:
        return {one.id: one for one in self.suite.outcomes} if self.suite else {}

    def _broken(self, node: str) -> str:
        file = file_of(node)
        broken = self.suite.broken if self.suite else ()
        return next((why or "cannot be collected" for name, why in broken if file_of(name) == file), "")

    @cached_property
    def _start(self) -> str:
        """Why the runner did not even start: head's conftest may import what base does not have."""
        suite = self.suite
        if suite is None or suite.collected or suite.outcomes or suite.ran.timed_out or not suite.ran.exit:
            return ""
        said = (suite.ran.stderr.strip() or suite.ran.stdout.strip()).splitlines()
        return said[-1][:300] if said and not suite.broken else ""


class HeadTestsAlone(msgspec.Struct, frozen=True):
    """The same test modules on head's source, without the rest of the suite.

    A test that fails there too fails because it runs alone, not because the change is missing.

    Args:
        passed: Node ids that pass.
    """

    passed: frozenset[str]

    @classmethod
    def of(cls, runner: SuiteRunner, at_base: HeadTestsOnBase) -> Self:
        """Run them when something of them fails on base's source."""
        suite = at_base.suite
        if suite is None or (
            suite.finished and not suite.broken and all(o.outcome == "passed" for o in suite.outcomes)
        ):
            return cls(frozenset())
        alone = runner.run(Side.HEAD, at_base.nodes)
        return cls(frozenset(one.id for one in alone.outcomes if one.outcome == "passed"))


class BaseTestsOnHead(msgspec.Struct, frozen=True):
    """Base's version of changed or deleted test modules on head's source.

    Args:
        suite: The run; None when no test module of base was touched, or no source.
    """

    suite: Suite | None

    @classmethod
    def of(cls, change: Change, runner: SuiteRunner, source: BehaviouralSource, modules: TestModules) -> Self:
        """Run what base had of the touched test modules."""
        touched = [file.base_path for file in change.files if file.role == "test" and file.base_path]
        nodes = sorted(path for path in touched if modules.has(path))
        return cls(runner.run(Side.HEAD, nodes, Side.BASE) if nodes and source.files else None)

    @property
    def failing(self) -> tuple[Outcome, ...]:
        """Old tests that fail on the new source; the one in which the run hung or crashed is one of them."""
        if self.suite is None:
            return ()
        failing = [one for one in self.suite.outcomes if one.outcome in FAILING]
        if self.suite.running and not self.suite.finished:
            words = "the run did not come out of it"
            failing.append(Outcome(self.suite.running, "error", words, file_of(self.suite.running)))
        return tuple(failing)


def _at_head(change: Change, modules: TestModules) -> list[str]:
    touched = [file.path for file in change.files if file.role == "test" and file.status != "deleted"]
    nodes = {path for path in touched if modules.has(path)}
    for path in touched:
        if not modules.has(path):  # a conftest, a fixture, data: its effect shows in the tests around it
            nodes |= _around(change.head, path, modules)
    return sorted(nodes)


def _around(snapshot: Snapshot, path: str, modules: TestModules) -> set[str]:
    """Return the test modules at or below the nearest folder above a file that has any."""
    known = [one for one in snapshot.paths() if modules.has(one)]
    for folder in PurePosixPath(path).parents:
        below = {one for one in known if PurePosixPath(one).is_relative_to(folder)}
        if below:
            return below
    return set()
