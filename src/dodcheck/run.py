"""What tools of the project answer, and the protocols by which rules reach them.

The real ones live in `dodcheck.sources`; `dodcheck.testing` holds canned ones.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, Self

import msgspec

from dodcheck.change import Side

OutcomeKind = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]


class Ran(msgspec.Struct, frozen=True):
    """One run of one tool.

    Args:
        name: The tool: "ruff check", "ruff format", "ruff conventions", "mypy", "pytest".
        command: Its arguments, as a person would type them.
        cwd: The tree that it ran in: "base" or "head".
        exit: Exit status; negative for a signal.
        stdout: Its standard output.
        stderr: Its standard error.
        seconds: Wall-clock time.
        timed_out: The time limit ended it.
        version: The tool's own version.
        note: What a reader must know of this run (whose tool, whose settings).
    """

    name: str
    command: tuple[str, ...] = ()
    cwd: str = "head"
    exit: int = 0
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    timed_out: bool = False
    version: str | None = None
    note: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What became of one test.

    Args:
        id: The test's node id.
        outcome: Its worst phase.
        message: The failure's or skip's first line.
        path: File of the test, repository-relative.
        line: 1-based line of the failure in that file, or of the test.
        seconds: Time of all phases.
    """

    id: str
    outcome: OutcomeKind
    message: str = ""
    path: str = ""
    line: int | None = None
    seconds: float = 0.0


class Suite(msgspec.Struct, frozen=True):
    """One run of the project's tests, item by item.

    Args:
        ran: The process.
        outcomes: One a test that ran.
        collected: Node ids of the tests that were to run.
        dropped: Node ids that were collected and then left out (deselected, or taken out by a hook).
        broken: Files that could not be collected, with the reason.
        finished: The session ended by itself and said so.
        running: The test under way when the process ended early.
        foreign: Modules of the project that were not loaded from the tree under test.
        executed: Lines that ran, by repository-relative path; None without coverage.
    """

    ran: Ran
    outcomes: tuple[Outcome, ...] = ()
    collected: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    finished: bool = True
    running: str | None = None
    foreign: tuple[str, ...] = ()
    executed: Mapping[str, frozenset[int]] | None = None

    @classmethod
    def reporting(cls, *outcomes: Outcome, executed: Mapping[str, frozenset[int]] | None = None) -> Self:
        """Return a finished run with these outcomes: for the cases of rules."""
        ran = Ran("pytest", ("python", "-m", "pytest"))
        return cls(ran, outcomes, tuple(one.id for one in outcomes), executed=executed)


class Linter(Protocol):
    """ruff, with the settings of base."""

    def check(self, side: Side, paths: Sequence[str]) -> Ran:
        """Lint files of one side; a JSON list of diagnostics on stdout."""

    def unformatted(self, side: Side, paths: Sequence[str]) -> Ran:
        """List files of one side that the formatter would change, one a line on stdout."""

    def selected(self, side: Side, paths: Sequence[str], codes: Sequence[str]) -> Ran:
        """Lint files of one side for these codes alone, whatever the settings select; stdout as of `check`.

        What the settings and the code leave out file by file or line by line (`per-file-ignores`, `exclude`,
        `noqa`) stays out: it is the team's decision.
        """


class TypeChecker(Protocol):
    """mypy, with the settings of base, over the whole project of one side."""

    def check(self, side: Side) -> Ran:
        """Type-check; one JSON diagnostic a line on stdout."""


class Parsed(msgspec.Struct, frozen=True):
    """What the project's Python makes of the text of one module.

    Args:
        python: The Python that was asked, in words; empty when there is none.
        newer: It is newer than the running one; if not, it was not asked.
        problem: Why there is no tree.
        line: 1-based line of the problem.
        nodes: Kind, position and fields of each node of the tree, children first; see `probe/dodcheck_syntax.py`.
        kinds: Base and names of fields of each kind of node.
    """

    python: str
    newer: bool = False
    problem: str = ""
    line: int = 1
    nodes: Sequence[Sequence[Any]] = ()
    kinds: Mapping[str, Sequence[Any]] = {}


class SyntaxReader(Protocol):
    """The project's Python as a parser of code that the running one cannot read. It runs nothing of it."""

    def read(self, text: str) -> Parsed:
        """Parse the text of a module."""


class Altered(msgspec.Struct, frozen=True):
    """Head with another text in one file: a mutant.

    Args:
        path: The file.
        text: Its text.
        limit: Seconds until the run is ended.
        what: The difference in words.
    """

    path: str
    text: str
    limit: float
    what: str


class SuiteRunner(Protocol):
    """The project's pytest. It runs code under check."""

    def run(
        self, source: Side, nodes: Sequence[str] = (), tests: Side | None = None, altered: Altered | None = None
    ) -> Suite:
        """Run tests.

        Args:
            source: The side whose source is tested.
            nodes: Node ids and files to run; none for the whole suite.
            tests: The side whose versions of the changed test files are used; by default the same.
            altered: Another text in a file of head; the run ends with the first failure.
        """


class SchemaGenerator(Protocol):
    """The project's own application, asked for the OpenAPI document that it generates. It runs code under check."""

    def schema(self, side: Side, app: str) -> Ran:
        """Import an application and generate its document; JSON on stdout.

        Args:
            side: The side to import it from.
            app: `package.module:app`, or a factory.
        """


class SchemaTrial(msgspec.Struct, frozen=True):
    """What became of one side's migrations on a database of their own.

    Args:
        ran: The process.
        upgrade: Why upgrading to the head failed; empty when it worked.
        differences: What the models have and the upgraded database has not, or the other way about, one a line.
        compared: The models and the database could be compared.
        downgrade: Why going back failed; empty when it worked.
    """

    ran: Ran
    upgrade: str = ""
    differences: tuple[str, ...] = ()
    compared: bool = True
    downgrade: str = ""


class SchemaDatabase(Protocol):
    """A database that is made for one trial of Alembic migrations and dropped after it. It runs code under check."""

    def attempt(self, side: Side, settings: str, url: str, back_to: Sequence[str]) -> SchemaTrial:
        """Upgrade to the head, compare with the models, and go back.

        Args:
            side: The side whose migrations and models are tried.
            settings: Path of its alembic.ini.
            url: "sqlite" for a file of our own; else the URL of a server on which a database is created, or
                `$NAME` for what an environment variable holds.
            back_to: Revisions to go back to, one after the other; none to stay at the head.

        Raises:
            ToolError: It could not be tried: no Alembic, no server, out of time.
        """


SLOW = (TypeChecker, SuiteRunner, SchemaDatabase, SchemaGenerator)
