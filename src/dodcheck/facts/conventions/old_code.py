"""Code of head that stood at base as it is, wherever: what it breaks, it broke before the change."""

from collections.abc import Iterable
from typing import Self

from dodcheck.change import Change
from dodcheck.facts.code.changed_functions import ChangedFunctions
from dodcheck.facts.runs.diagnostics import Diagnostic


class OldCode:
    """Functions that the change moves or copies without touching them.

    Args:
        change: The change.
        changed: Functions of changed files, with their counterparts.
    """

    def __init__(self, change: Change, changed: ChangedFunctions) -> None:
        self._files = {file.path: file for file in change.files}
        self._changed = changed

    @classmethod
    def of(cls, change: Change, changed: ChangedFunctions) -> Self:
        """Nothing is compared yet."""
        return cls(change, changed)

    def without(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the findings that do not stand in such a function.

        Raises:
            ToolError: A side of a file cannot be parsed.
        """
        return [one for one in found if not self._is_old(one)]

    def _is_old(self, one: Diagnostic) -> bool:
        file = self._files.get(one.path)
        pairs = self._changed.of_file(file) if file else ()
        around = [pair for pair in pairs if pair.head.line <= one.line <= pair.head.end_line]
        return bool(around) and not around[-1].changed
