"""Run rules on before/after trees with canned tools: for the shipped rules and a team's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import msgspec

from dodcheck.change import Change, Side, Snapshot, TreeSnapshot
from dodcheck.engine import Facts, run
from dodcheck.history import History
from dodcheck.notes import Notes, parse
from dodcheck.readings import Readings
from dodcheck.rule import Case, Rule
from dodcheck.run import (
    Altered,
    Linter,
    Parsed,
    Ran,
    SchemaDatabase,
    SchemaGenerator,
    SchemaTrial,
    Suite,
    SuiteRunner,
    SyntaxReader,
    TypeChecker,
)
from dodcheck.tasks import TaskRequest
from dodcheck.verdict import Verdict

_JSON = {"ruff check", "ruff conventions"}
_Lookup = Callable[[Side, str], Ran]


class CannedTools:
    """All tool protocols, answered from a table; what it lacks is a clean run.

    Args:
        runs: Runs by "SIDE TOOL", as in `Case.runs`.
    """

    def __init__(self, runs: Mapping[str, Ran | Suite | SchemaTrial]) -> None:
        self._runs = runs

    def lint(self) -> Linter:
        """Return the canned linter."""
        return _CannedLinter(self._ran)

    def types(self) -> TypeChecker:
        """Return the canned type checker."""
        return _CannedTypes(self._ran)

    def tests(self) -> SuiteRunner:
        """Return the canned test runner."""
        return _CannedTests(self._runs)

    def schemas(self) -> SchemaGenerator:
        """Return the canned application."""
        return _CannedSchemas(self._ran)

    def database(self) -> SchemaDatabase:
        """Return the canned database."""
        return _CannedDatabase(self._runs)

    def _ran(self, side: Side, tool: str) -> Ran:
        found = self._runs.get(f"{side} {tool}")
        return found if isinstance(found, Ran) else Ran(tool, (tool,), side, stdout="[]" if tool in _JSON else "")


class _CannedLinter:
    def __init__(self, ran: _Lookup) -> None:
        self._ran = ran

    def check(self, side: Side, paths: Sequence[str]) -> Ran:
        del paths  # a canned run is the same whatever is asked
        return self._ran(side, "ruff check")

    def unformatted(self, side: Side, paths: Sequence[str]) -> Ran:
        del paths  # as above
        return self._ran(side, "ruff format")

    def selected(self, side: Side, paths: Sequence[str], codes: Sequence[str]) -> Ran:
        del paths, codes  # as above
        return self._ran(side, "ruff conventions")


class _CannedTypes:
    def __init__(self, ran: _Lookup) -> None:
        self._ran = ran

    def check(self, side: Side) -> Ran:
        return self._ran(side, "mypy")


class _CannedDatabase:
    def __init__(self, runs: Mapping[str, Ran | Suite | SchemaTrial]) -> None:
        self._runs = runs

    def attempt(self, side: Side, settings: str, url: str, back_to: Sequence[str]) -> SchemaTrial:
        del settings, url, back_to  # a canned trial is the same whatever is asked
        found = self._runs.get(f"{side} alembic")
        return found if isinstance(found, SchemaTrial) else SchemaTrial(Ran("alembic", ("alembic",), side))


class _CannedTests:
    def __init__(self, runs: Mapping[str, Ran | Suite | SchemaTrial]) -> None:
        self._runs = runs

    def run(
        self, source: Side, nodes: Sequence[str] = (), tests: Side | None = None, altered: Altered | None = None
    ) -> Suite:
        mixed = tests is not None and tests is not source
        found = self._runs.get(f"{tests} tests on {source} pytest" if mixed else f"{source} pytest")
        if altered is not None:
            found = self._runs.get(f"altered pytest: {altered.what}") or self._runs.get("altered pytest") or found
        found = (self._runs.get(f"{source} pytest alone") if nodes and not (mixed or altered) else None) or found
        if not isinstance(found, Suite):
            return Suite(Ran("pytest", ("pytest",), source))
        if not nodes:
            return found
        asked = {*nodes}
        kept = tuple(o for o in found.outcomes if not asked.isdisjoint((o.id, o.id.partition("::")[0])))
        collected = tuple(one for one in found.collected if not asked.isdisjoint((one, one.partition("::")[0])))
        return msgspec.structs.replace(found, outcomes=kept, collected=collected)


class _CannedSchemas:
    def __init__(self, ran: _Lookup) -> None:
        self._ran = ran

    def schema(self, side: Side, app: str) -> Ran:
        del app  # a canned run is the same whatever is asked
        return self._ran(side, "openapi")


class NoSyntaxReader:
    """A `SyntaxReader` of a project whose Python is no newer than the running one."""

    def read(self, text: str) -> Parsed:
        """See `SyntaxReader.read`."""
        del text  # it is not asked
        return Parsed("")


def facts_of(case: Case) -> Facts:
    """Return the facts of a case: its trees, its canned tools, what its author says."""
    change = Change.of_trees(case.before, case.after)
    tools = CannedTools(case.runs)
    return Facts(
        {
            Change: lambda _: change,
            Snapshot: lambda side: change.base if side is Side.BASE else change.head,
            Linter: lambda _: tools.lint(),
            TypeChecker: lambda _: tools.types(),
            SuiteRunner: lambda _: tools.tests(),
            SchemaGenerator: lambda _: tools.schemas(),
            SyntaxReader: lambda _: NoSyntaxReader(),
            Readings: lambda _: Readings(),
            SchemaDatabase: lambda _: tools.database(),
            Notes: lambda _: parse(case.notes),
            TaskRequest: lambda _: TaskRequest(case.task or None),
            History: lambda _: _history(case),
        },
        fast=case.fast,
    )


def _history(case: Case) -> History:
    told = History.of_texts(tuple(case.messages), tuple(case.earlier))
    past = TreeSnapshot("past", case.replaced)
    told = replace(told, replaced=lambda paths: {path: {past.blob(path) or "": "0" * 40} for path in paths})
    released = case.released
    return told if released is None else replace(told, released=lambda path: path in released)


def verdict_of(rule: Rule, case: Case) -> Verdict:
    """Run one case of one rule.

    Returns:
        The rule's verdict; a crash of the rule is a verdict of status `error`.
    """
    options = msgspec.convert(dict(case.options), rule.options)
    return run(rule, facts_of(case), options).verdict
