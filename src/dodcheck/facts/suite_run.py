"""The test suite at head, and at base what head's failures were there."""

from typing import Self

import msgspec

from dodcheck.change import Change, Side
from dodcheck.errors import ToolError
from dodcheck.run import Outcome, Suite, SuiteRunner

FAILING = ("failed", "error")
_USAGE = 4  # pytest's exit code for bad arguments or settings


class SuiteAtHead(msgspec.Struct, frozen=True):
    """Head's tests on head's source.

    Args:
        suite: What became of each test.
    """

    suite: Suite

    @classmethod
    def of(cls, runner: SuiteRunner) -> Self:
        """Run the whole suite.

        Raises:
            ToolError: It could not run, hung, ended early, or tested code that is not head's.
        """
        suite = runner.run(Side.HEAD)
        refuse_unreliable(suite)
        return cls(suite)

    @property
    def failing(self) -> tuple[Outcome, ...]:
        """The tests that failed or errored."""
        return tuple(one for one in self.suite.outcomes if one.outcome in FAILING)


class FailedBefore(msgspec.Struct, frozen=True):
    """Which of head's failures base has too.

    Args:
        ids: Node ids of tests that fail at both sides.
        files: Test files that cannot be collected at either side.
        known: Node ids that base has at all.
    """

    ids: frozenset[str]
    files: frozenset[str]
    known: frozenset[str]

    @classmethod
    def of(cls, change: Change, runner: SuiteRunner, head: SuiteAtHead) -> Self:
        """Run the failing files at base; without a failure nothing runs."""
        broken = [file for file, _ in head.suite.broken]
        wanted = {one.id.partition("::")[0] for one in head.failing} | {file.partition("::")[0] for file in broken}
        was = {file.path: file.base_path for file in change.files}
        files = sorted(old for path in wanted if (old := was.get(path, path)) and change.base.blob(old))
        if not files:
            return cls(frozenset(), frozenset(), frozenset())
        suite = runner.run(Side.BASE, files)
        now = {old: new for new, old in was.items() if old and old != new}
        failed = [one.id for one in suite.outcomes if one.outcome in FAILING]
        return cls(
            ids=frozenset(_renamed(one, now) for one in failed),
            files=frozenset(_renamed(file, now) for file, _ in suite.broken),
            known=frozenset(_renamed(one, now) for one in suite.collected),
        )


def _renamed(node: str, now: dict[str, str]) -> str:
    path, mark, rest = node.partition("::")
    return f"{now.get(path, path)}{mark}{rest}"


def refuse_unreliable(suite: Suite) -> None:
    """Raise for a run whose outcomes prove nothing.

    Raises:
        ToolError: It hung, ended early, or tested code of another tree.
    """
    if suite.ran.timed_out:
        where = f" in {suite.running}" if suite.running else ""
        raise ToolError(
            f"pytest ran out of time after {suite.ran.seconds:.0f} s{where}", "raise `timeout`, or mend the test"
        )
    if suite.foreign:
        raise ToolError(
            f"the tests imported {suite.foreign[0]}, which is not the tree under test",
            "install the project editable, or keep it out of that environment",
        )
    if not suite.finished:
        said = (suite.ran.stderr.strip() or suite.ran.stdout.strip() or "no output").splitlines()[-1][:300]
        where = f" in {suite.running}" if suite.running else ""
        raise ToolError(f"pytest ended early (exit {suite.ran.exit}){where}: {said}", "run it by hand")
    if suite.ran.exit == _USAGE and not suite.collected and not suite.broken:
        said = (suite.ran.stderr.strip() or suite.ran.stdout.strip() or "bad usage").splitlines()[0][:300]
        raise ToolError(f"pytest could not start: {said}", "mend its settings")
    unreported = set(suite.collected) - {one.id for one in suite.outcomes}
    if unreported and not any(one.outcome in FAILING for one in suite.outcomes) and not suite.broken:
        raise ToolError(
            f"{len(unreported)} collected tests reported nothing, {min(unreported)} first", "run it by hand"
        )
