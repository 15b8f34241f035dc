"""The test suite at head."""

import re
from typing import Self

import msgspec

from dodcheck.change import Side
from dodcheck.errors import ToolError
from dodcheck.patterns import pattern
from dodcheck.run import Outcome, Suite, SuiteRunner

FAILING = ("failed", "error")
_SERVICE = pattern(
    r"Connection ?Refused|Name or service not known|name resolution|getaddrinfo failed|No route to host"
    r"|Network is unreachable|could not connect to|connection to server (?:at|on)|Cannot connect to the Docker daemon"
    r"|Max retries exceeded|ServerSelectionTimeoutError|NoBrokersAvailable|EndpointConnectionError",
    re.IGNORECASE,
)
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
        head = cls(runner.run(Side.HEAD))
        if not head.forced:
            refuse_unreliable(head.suite)
        return head

    @property
    def forced(self) -> bool:
        """The process ended as if all were well, and the session never did: something made it exit."""
        return not self.suite.finished and not self.suite.ran.timed_out and self.suite.ran.exit == 0

    @property
    def failing(self) -> tuple[Outcome, ...]:
        """The tests that failed or errored."""
        return tuple(one for one in self.suite.outcomes if one.outcome in FAILING)


def misses_service(message: str) -> bool:
    """Tell whether a failure is of the place that the tests run in: a database, a server, the network."""
    return _SERVICE.search(message) is not None


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
