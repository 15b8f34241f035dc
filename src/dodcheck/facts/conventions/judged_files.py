"""Changed Python files that a code standard speaks of."""

import re
from collections.abc import Sequence
from typing import Self

from dodcheck.change import Change, ChangedFile
from dodcheck.facts.code.exports import is_api_file, is_generated
from dodcheck.facts.code.modules import Modules


class JudgedFiles:
    """Changed files of the project's own code: nothing generated, vendored, of its documentation or its examples.

    Args:
        change: The change.
        modules: Texts of head.
    """

    def __init__(self, change: Change, modules: Modules) -> None:
        self._change = change
        self._modules = modules

    @classmethod
    def of(cls, change: Change, modules: Modules) -> Self:
        """Nothing is looked at yet."""
        return cls(change, modules)

    def all(self, *, tests: bool) -> Sequence[ChangedFile]:
        """Return the files in the order of their paths.

        Args:
            tests: Take tests in.
        """
        return [
            file
            for file in self._change.at_head(".py")
            if (is_api_file(file.path) or (tests and file.role == "test"))
            and not is_generated(self._modules.text(file.path))
        ]

    def telling(self, words: re.Pattern[str], *, tests: bool) -> Sequence[ChangedFile]:
        """Return the files in which a line that the change adds holds one of some words."""
        return [file for file in self.all(tests=tests) if self._adds(file, words)]

    def _adds(self, file: ChangedFile, words: re.Pattern[str]) -> bool:
        text = self._modules.text(file.path)
        if not words.search(text):
            return False
        lines = text.splitlines()
        added = (lines[number - 1] for number in self._change.added_lines(file) if number <= len(lines))
        return file.status == "added" or any(words.search(line) for line in added)
