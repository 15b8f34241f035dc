"""What the change alters in the source, and which tests look at it."""

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Self

import msgspec

from dodcheck.change import Both
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.runs.nodes import file_of, test_at
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.source_pairs import SourcePair
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteTest


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


class Reach:
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

    @property
    def touches(self) -> bool:
        """Tell whether the test, or a fixture that it asks for, names something changed."""
        fixtures = {one.name for one in self._fixtures()}
        return bool(self._reached & (_names(self._test.node) | fixtures))

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
            for node in walk(self._test.node):
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
    parts = [part for part in walk(node) if isinstance(part, ast.Name | ast.Attribute)]
    return {part.id if isinstance(part, ast.Name) else part.attr for part in parts}


def _stored(node: ast.AST) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, ast.Name | ast.Attribute) and isinstance(part.ctx, ast.Store):
            yield part.id if isinstance(part, ast.Name) else part.attr


class Concern:
    """Tells which tests may have to do with the change.

    Args:
        source: What changed.
        files: The test files of both sides.
    """

    def __init__(self, source: ChangedNames, files: Both[SuiteFiles]) -> None:
        self._source = source
        self._files = files

    @classmethod
    def of(cls, source: ChangedNames, files: Both[SuiteFiles]) -> Self:
        """Nothing is read yet."""
        return cls(source, files)

    def has(self, node: str) -> bool:
        """Tell whether a test of head names something changed; of one that cannot be read that is assumed."""
        test = test_at(self._files.head, node)
        return test is None or Reach(test, self._files.head, self._source).touches

    def names(self, node: str) -> list[str]:
        """Return the changed names that a test of base speaks of, and its own."""
        test = test_at(self._files.base, node)
        used = sorted(self._source.names & _names(test.node)) if test else []
        return [*used, node.partition("[")[0].rpartition("::")[2], file_of(node)]
