"""The test files of a change at both sides, and which of their tests are the same."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.suites.collection import Collection
from dodcheck.facts.suites.matching import FilePair, Matching, match
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest
from dodcheck.facts.suites.suspicion import Suspicion
from dodcheck.patterns import pattern

_CODE = pattern(r"\bdef +\w|\bclass +\w|collect_ignore|pytestmark")


class ChangedSuites:
    """Test files that the change adds, alters, moves or deletes.

    Args:
        change: The change.
        files: The test files of both sides.
        oracles: Their assertions.
        settings: pytest's settings at both sides.
    """

    def __init__(
        self, change: Change, files: Both[SuiteFiles], oracles: Both[Oracles], settings: Both[Collection]
    ) -> None:
        self._change = change
        self._files = files
        self._oracles = oracles
        self._settings = settings

    @classmethod
    def of(cls, change: Change, files: Both[SuiteFiles], oracles: Both[Oracles], settings: Both[Collection]) -> Self:
        """Nothing is read yet."""
        return cls(change, files, oracles, settings)

    @cached_property
    def pairs(self) -> tuple[FilePair, ...]:
        """The files, parsed; those that were only moved to another collected place are left out.

        Raises:
            ToolError: A file that pytest collects cannot be parsed.
        """
        return tuple(self._pairs())

    @cached_property
    def matching(self) -> Matching:
        """Which test of head is which test of base."""
        return match(self.pairs, self._oracles)

    def is_test(self, path: str | None) -> bool:
        """Tell whether a file of the change is called like a test module on either side."""
        return path is not None and (self._settings.base.names_file(path) or self._settings.head.names_file(path))

    def _is_collected(self, base: str | None, head: str | None) -> tuple[bool, bool]:
        """Tell of both sides whether a run without arguments collects a file."""
        was, now = self._settings.base, self._settings.head
        return (
            base is not None and was.names_file(base) and was.reaches(base),
            head is not None and now.names_file(head) and now.reaches(head),
        )

    def moved_out(self) -> Iterator[Suspicion]:
        """Yield one for each file whose tests came from a collected one and that pytest does not collect."""
        told: set[str] = set()
        for base, head in self.matching.kept:
            if head.path in told or self._is_collected(base.path, head.path) != (True, False) or self._is_used(head):
                continue
            if base.path == head.path:
                continue  # the settings are others, which is judged by itself
            told.add(head.path)
            count = sum(one.path == head.path and self.is_test(old.path) for old, one in self.matching.kept)
            message = (
                f"{count} test{'s' * (count != 1)} of {base.path} moved to {head.path}, which pytest does not collect"
            )
            fix = "name the file as `python_files` says, and keep it where `testpaths` looks"
            yield Suspicion("T1", head.path, head.line, head.name, message, fix, "certain", base.id)

    def _is_used(self, test: SuiteTest) -> bool:
        """Tell whether another test file of the change imports the class or module that holds a test: a mixin."""
        stem = test.path.rpartition("/")[2].removesuffix(".py")
        words = {stem, *(parent.name for parent in test.parents)}
        others = [pair.head for pair in self.pairs if pair.head and pair.head.path != test.path]
        return any(words & {*other.names.bound} or stem in _modules(other) for other in others)

    def _pairs(self) -> Iterator[FilePair]:
        for file in self._change.files:
            named = self.is_test(file.base_path), self.is_test(file.head_path)
            if not file.path.endswith(".py") or not (file.role == "test" or any(named)):
                continue
            if (
                file.status == "renamed"
                and not file.added
                and not file.deleted
                and self._is_collected(file.base_path, file.path) != (True, False)
            ):
                continue
            base = self._module(self._files.base, file, file.base_path)
            head = self._module(self._files.head, file, file.head_path)
            if base or head:
                yield FilePair(base, head)

    def _module(self, files: SuiteFiles, file: ChangedFile, path: str | None) -> SuiteModule | None:
        if path is None or not _CODE.search(files.text(path)):
            return None
        try:
            return files.at(path)
        except ToolError:
            if self.is_test(file.base_path) or self.is_test(file.head_path) or path.endswith("conftest.py"):
                raise
            return None  # a piece of code that the tests feed to something: broken on purpose, or of another Python


def _modules(module: SuiteModule) -> set[str]:
    return {part for dotted in module.names.bound.values() for part in dotted.split(".")}
