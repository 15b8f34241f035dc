"""Tests that stand a second time in a file which the change does not touch."""

from collections.abc import Sequence
from functools import cached_property
from typing import Self

from dodcheck.change import Both, Change
from dodcheck.errors import ToolError
from dodcheck.facts.suites.collection import Collection
from dodcheck.facts.suites.matching import likeness
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteTest

_ALIKE = 0.8  # a copy may import under another name


class Twins:
    """Finds twins of vanished tests; as every test file is looked through, it is asked last.

    Args:
        change: The change.
        files: The test files of both sides.
        settings: pytest's settings at both sides.
    """

    def __init__(self, change: Change, files: Both[SuiteFiles], settings: Both[Collection]) -> None:
        self._change = change
        self._files = files
        self._settings = settings

    @classmethod
    def of(cls, change: Change, files: Both[SuiteFiles], settings: Both[Collection]) -> Self:
        """Nothing is read yet."""
        return cls(change, files, settings)

    def of_test(self, test: SuiteTest) -> str:
        """Return the untouched file of head that holds a test of base as well; empty when there is none."""
        wanted = f"def {test.node.name}("
        return next((path for path in self._untouched if self._holds(path, wanted, test)), "")

    def _holds(self, path: str, wanted: str, test: SuiteTest) -> bool:
        if wanted not in self._files.head.text(path):
            return False
        try:
            tests = self._files.head.at(path).tests
        except ToolError:  # not of the change: the runner tells of it
            return False
        return any(one.node.name == test.node.name and likeness(one, test) >= _ALIKE for one in tests)

    @cached_property
    def _untouched(self) -> Sequence[str]:
        touched = {file.head_path for file in self._change.files}
        return [
            path for path in self._change.head.paths() if self._settings.head.names_file(path) and path not in touched
        ]
