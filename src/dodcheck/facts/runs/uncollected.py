"""Tests of the change that the runner never comes to: misnamed files, shadowed names, classes that it refuses."""

import ast
from collections.abc import Iterator
from typing import NamedTuple, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.runs.suite_run import SuiteAtHead
from dodcheck.facts.suites.folding import text_of
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest


class NeverRun(NamedTuple):
    """A test, or all tests of a file, that the runner does not collect.

    Args:
        path: The file.
        line: 1-based line of the test; of the first one when it is the whole file.
        symbol: The test; empty when it is the whole file.
        why: The reason.
    """

    path: str
    line: int
    symbol: str
    why: str


class Uncollected(msgspec.Struct, frozen=True):
    """Tests that the change adds or alters and the runner does not collect.

    Args:
        tests: One each; one for a whole file where it collects none of it.
    """

    tests: tuple[NeverRun, ...]

    @classmethod
    def of(cls, change: Change, modules: Modules, files: Both[SuiteFiles], oracles: Oracles, head: SuiteAtHead) -> Self:
        """Read the changed files that hold tests, and ask the runner's outcomes."""
        reader = _Reader(change, modules, files, oracles, head)
        return cls(tuple(one for file in change.at_head(".py") for one in reader.of_file(file)))


class _Reader:
    def __init__(
        self, change: Change, modules: Modules, files: Both[SuiteFiles], oracles: Oracles, head: SuiteAtHead
    ) -> None:
        self._change = change
        self._modules = modules
        self._files = files
        self._oracles = oracles
        suite = head.suite
        seen = [*suite.collected, *suite.dropped, *(one.id for one in suite.outcomes), *(at for at, _ in suite.broken)]
        self._seen = {node.partition("::")[0] for node in seen}

    def of_file(self, file: ChangedFile) -> Iterator[NeverRun]:
        """Yield what of one file never runs."""
        module = self._module(self._files.head, file.path)
        if module is None or (file.role != "test" and file.status != "added"):
            return
        base = self._module(self._files.base, file.base_path)
        was = {one.text for one in (*base.tests, *base.others)} if base else set()
        if file.path not in self._seen:
            asserting = [one for one in module.tests if one.text not in was and self._asserts(one)]
            if asserting and not self._is_used(file.path):
                first = asserting[0]
                yield NeverRun(file.path, first.line, "", f"none of the tests in {file.path} is collected")
            return
        for one in module.others:
            if one.blocked and one.text not in was and self._asserts(one) and not _is_called(one):
                yield NeverRun(file.path, one.line, one.name, f"{one.node.name} is not collected: {one.blocked}")

    def _module(self, files: SuiteFiles, path: str | None) -> SuiteModule | None:
        if path is None or "def test" not in files.text(path):
            return None
        try:
            return files.at(path)
        except ToolError:  # told by the linter, and by the runner where it collects the file
            return None

    def _asserts(self, test: SuiteTest) -> bool:
        """Tell whether a function is a test by what it does, too."""
        return bool(self._oracles.alive(test))

    def _is_used(self, path: str) -> bool:
        """Tell whether a collected file imports this one: its tests are inherited or called there."""
        stem = path.rpartition("/")[2].removesuffix(".py")
        return any(stem in self._modules.text(other) for other in self._seen if other != path and other.endswith(".py"))


def _is_called(test: SuiteTest) -> bool:
    """Tell whether a function that is called like a test is a part of the code around it."""
    marks = [mark for mark in test.node.decorator_list if not text_of(mark).startswith("pytest.")]
    names = (node for node in walk(test.module.tree) if isinstance(node, ast.Name | ast.Attribute))
    return bool(marks) or any(test.node.name in {getattr(n, "id", ""), getattr(n, "attr", "")} for n in names)
