"""What the tests of the change prove: their assertions, whether these can fail, and what they are about."""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, Self

import msgspec

from dodcheck.change import Both
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.runs.changed_tests import ChangedTests
from dodcheck.facts.suites.conditions import Weight
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.parametrization import rows_of
from dodcheck.facts.suites.source_pairs import SourcePair
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


class ChangedNames(msgspec.Struct, frozen=True):
    """What the change adds or alters in the source.

    Args:
        names: Last names of functions, classes and module variables.
        files: The files, at head.
    """

    names: frozenset[str]
    files: frozenset[str]

    @classmethod
    def of(cls, source: BehaviouralSource, modules: Both[Modules]) -> Self:
        """Compare the definitions of both sides."""
        names: set[str] = set()
        paths = [(file.head_path, file.base_path) for file in source.files]
        for path, base_path in paths:
            pair = SourcePair(path or "", modules.head, modules.base, base_path)
            names |= {name.rpartition(".")[2] for name, _ in pair.changed}
            names |= {target for stmt in pair.statements() for target in _stored(stmt)}
        return cls(frozenset(names), frozenset(path for path, _ in paths if path))


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
        nodes = dict.fromkeys(one.id.partition("[")[0] for one in tests.ran)
        return cls({node: judge.worth(node) for node in nodes})

    def __getitem__(self, node: str) -> Worth:
        """Return the worth of a test by its node id."""
        return self.tests.get(node.partition("[")[0], _UNREAD)


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
        test = _find(self._files.head, node)
        if test is None:
            return _UNREAD
        base = _find(self._files.base, node)
        suspicions = Tautologies(test, self._oracles.head, base, self._oracles.base).suspicions()
        idle = next((one for one in suspicions if one.certainty == "certain"), None)
        speaks = self._oracles.head.speaks(test)
        on_change = _Reach(test, self._files.head, self._source).is_asserted(self._oracles.head)
        weights = self._weights(test, self._disabling.head)
        known = self._weights(base, self._disabling.base) if base else []
        worst = next((one for one in _WORST if one in weights), None)
        return Worth(speaks, idle, on_change, worst, bool(worst) and worst in known)

    def _weights(self, test: SuiteTest, disabling: Disabling) -> list[Weight]:
        found = [one for one in disabling.of_test(test) if one.kind != "rerun"]
        rows = [mark for rows in rows_of(test) for row in rows.rows for mark in row.marks]
        found += [one for mark in rows for one in disabling.of_mark(mark, test.module) if one.kind != "rerun"]
        return [one.weight for one in found]


def _find(files: SuiteFiles, node: str) -> SuiteTest | None:
    path, _, rest = node.partition("::")
    if not path.endswith(".py"):
        return None
    try:
        module = files.at(path)
    except ToolError:
        return None
    name = rest.replace("::", ".")
    return next((one for one in module.tests if one.name == name), None)


class _Reach:
    """Follows the values of changed code through a test.

    Args:
        test: The test.
        files: Head's test files.
        source: What changed.
    """

    def __init__(self, test: SuiteTest, files: SuiteFiles, source: ChangedNames) -> None:
        self._test = test
        self._files = files
        self._source = source

    def is_asserted(self, oracles: Oracles) -> bool:
        """Tell whether an assertion looks at something that changed code produces."""
        reached = self._reached
        for one in oracles.alive(self._test):
            parts = [*one.claim.sides, *one.written.sides, one.step.stmt if not one.step.guards else one.claim.node]
            if any(reached & _names(part) for part in parts):
                return True
        return bool(self._source.names & {*self._test.parameters})

    @cached_property
    def _reached(self) -> set[str]:
        """Names of the test that hold, or lead to, something changed."""
        found = set(self._source.names) | {name for name in self._test.module.names.bound if self._is_changed(name)}
        found |= {one.name for one in self._fixtures() if found & _names(one.node)}
        size = -1
        while size != len(found):
            size = len(found)
            for node in ast.walk(self._test.node):
                found |= _given(node, found)
        return found

    def _is_changed(self, name: str) -> bool:
        dotted = self._test.module.names.bound[name]
        owner, _, last = dotted.rpartition(".")
        return last in self._source.names or any(
            self._files.find(one, self._test.path) in self._source.files for one in (dotted, owner) if one
        )

    def _fixtures(self) -> Iterator[SuiteTest]:
        found = (self._files.fixture(name, self._test) for name in self._test.parameters)
        yield from (one for one in found if one)


def _given(node: ast.AST, known: set[str]) -> set[str]:
    """Return the names that a statement gives a value made of known ones."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {name for target in targets for name in _stored(target)} if known & _names(node.value) else set()
    if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        return set(_stored(node.target)) if known & _names(node.iter) else set()
    if isinstance(node, ast.withitem) and node.optional_vars:
        return set(_stored(node.optional_vars)) if known & _names(node.context_expr) else set()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name} if known & _names(node) else set()
    return set()


def _names(node: ast.AST) -> set[str]:
    parts = [part for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)]
    return {part.id if isinstance(part, ast.Name) else part.attr for part in parts}


def _stored(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name | ast.Attribute) and isinstance(part.ctx, ast.Store):
            yield part.id if isinstance(part, ast.Name) else part.attr
