"""Tests that speak for acceptance criteria: by an explicit link, or by what they name."""

import ast
import re
from collections.abc import Iterator
from typing import Self

import msgspec

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.runs.reach import ChangedNames, Reach
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.tasks.chosen_task import ChosenTask

_REFERENCE = re.compile(r"(?P<task>[\w.-]+)#(?P<number>\d+)")
_LINE = re.compile(r"^\s*(?:AC|Criterion|Criteria|Acceptance criterion)\s*:\s*(?P<rest>.+)$", re.MULTILINE)
_TAG = re.compile(r"(?<!\S)@(?P<task>[\w.]+)-(?P<number>\d+)(?!\S)")
MARKERS = ("criterion", "criteria", "ac")


class LinkedTest(msgspec.Struct, frozen=True):
    """One test that says which criterion it checks.

    Args:
        number: The criterion's 1-based place in the task's list.
        id: The test's node id without parameters; of a scenario, its file and title.
        path: Its file.
        line: 1-based line.
        has_outcome: The test runner reports on it.
    """

    number: int
    id: str
    path: str
    line: int
    has_outcome: bool = True


class CriterionTests:
    """The tests of head, asked for what they link to and what they name.

    Args:
        task: Id of the change's task.
        snapshot: Head.
        files: Its test files.
        oracles: What its tests assert.
        source: What the change alters.
    """

    def __init__(
        self, task: str | None, snapshot: Snapshot, files: SuiteFiles, oracles: Oracles, source: ChangedNames
    ) -> None:
        self._task = task
        self._snapshot = snapshot
        self._files = files
        self._oracles = oracles
        self._source = source

    @classmethod
    def of(
        cls, chosen: ChosenTask, snapshot: Snapshot, files: SuiteFiles, oracles: Oracles, source: ChangedNames
    ) -> Self:
        """Nothing is read yet."""
        return cls(chosen.id, snapshot, files, oracles, source)

    def linked(self) -> tuple[LinkedTest, ...]:
        """Return the tests that name a criterion of the task: by a marker, in a docstring, by a scenario's tag."""
        return tuple(self._linked()) if self._task else ()

    def test(self, node: str) -> SuiteTest | None:
        """Return the function behind a node id of the runner; None when it stands in no file that can be read."""
        bare = node.partition("[")[0]
        try:
            module = self._files.at(bare.partition("::")[0])
        except ToolError:
            return None
        return next((one for one in module.tests if one.id == bare), None)

    def words(self, test: SuiteTest) -> str:
        """Return what a test is written with: its own lines and those of the fixtures and helpers of its file."""
        used = [test.module.fixtures.get(name) for name in test.parameters]
        called = [one for name, one in test.module.helpers.items() if re.search(rf"\b{re.escape(name)}\(", test.text)]
        return "\n".join([test.text, *(one.text for one in (*used, *called) if one)])

    def asserts(self, test: SuiteTest) -> bool:
        """Tell whether a test can fail for another reason than a crash."""
        return self._oracles.speaks(test)

    def reaches_change(self, node: str) -> bool:
        """Tell whether a test asserts something of a value that changed code produces."""
        test = self.test(node)
        return test is not None and Reach(test, self._files, self._source).is_asserted(self._oracles)

    def _linked(self) -> Iterator[LinkedTest]:
        for path in self._snapshot.paths():
            if path.endswith(".feature"):
                yield from self._of_feature(path)
            elif self._files.collection.names_file(path):
                text = self._snapshot.read(path) or ""
                if f"{self._task}#" in text:
                    yield from self._of_module(path)

    def _of_module(self, path: str) -> Iterator[LinkedTest]:
        try:
            module = self._files.at(path)
        except ToolError:  # the runner tells of it
            return
        for test in module.tests:
            for number in dict.fromkeys(self._numbers(test)):
                yield LinkedTest(number, test.id, path, test.line)

    def _numbers(self, test: SuiteTest) -> Iterator[int]:
        said = [match["rest"] for match in _LINE.finditer(ast.get_docstring(test.node) or "")]
        for mark in test.marks:
            if isinstance(mark, ast.Call) and written(mark.func).rpartition(".")[2] in MARKERS:
                said += [
                    part.value for part in walk(mark) if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
        for match in (found for text in said for found in _REFERENCE.finditer(text)):
            if match["task"] == self._task:
                yield int(match["number"])

    def _of_feature(self, path: str) -> Iterator[LinkedTest]:
        tags: list[int] = []
        for line, text in enumerate((self._snapshot.read(path) or "").splitlines(), 1):
            if text.strip().startswith("@"):
                tags += [int(match["number"]) for match in _TAG.finditer(text) if match["task"] == self._task]
            elif re.match(r"\s*Scenario(?: Outline)?:", text):
                yield from (LinkedTest(tag, f"{path}: {text.strip()}", path, line, has_outcome=False) for tag in tags)
                tags = []
