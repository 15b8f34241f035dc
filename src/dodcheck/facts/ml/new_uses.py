"""Uses of a framework that a change introduces, read off the calls of one file at a time."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import ClassVar, Generic, Self, TypeVar

from dodcheck.change import Both, ChangedFile
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.ml.frameworks import Kind
from dodcheck.facts.ml.ml_calls import MlCalls
from dodcheck.facts.ml.ml_files import MlFiles

U = TypeVar("U")


class NewUses(ABC, Generic[U]):
    """Uses in the change's source that base does not have; what counts as one is said by the classes below.

    Args:
        files: The files that are judged.
        calls: Calls of frameworks.
        modules: The modules of both sides.
    """

    kinds: ClassVar[tuple[Kind, ...]] = ("learning",)

    def __init__(self, files: MlFiles, calls: Both[MlCalls], modules: Both[Modules]) -> None:
        self._files = files
        self._calls = calls
        self._modules = modules

    @classmethod
    def of(cls, files: MlFiles, calls: Both[MlCalls], modules: Both[Modules]) -> Self:
        """Nothing is read yet."""
        return cls(files, calls, modules)

    @cached_property
    def found(self) -> tuple[U, ...]:
        """The new ones, by file and line.

        Raises:
            ToolError: A file that names a framework cannot be parsed.
        """
        judged = self._files.using(*self.kinds)
        head = [one for file in judged for one in self.read(file.path, self._calls.head, self._modules.head)]
        return tuple(self._files.introduced(head, self._at_base, self.identity))

    def _at_base(self, file: ChangedFile, calls: MlCalls, path: str) -> Iterator[U]:
        del file  # the path at base tells
        yield from self.read(path, calls, self._modules.base)

    @abstractmethod
    def read(self, path: str, calls: MlCalls, modules: Modules) -> Iterator[U]:
        """Yield the uses in one file of one side."""

    @abstractmethod
    def identity(self, one: U) -> Hashable:
        """Return what must be equal for a use to be one that base has."""
