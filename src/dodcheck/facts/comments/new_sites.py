"""Places that a change introduces whose reason the code does not show, each with what explains it."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from threading import Lock
from typing import Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.changed_functions import ChangedFunctions
from dodcheck.facts.code.exports import is_api_file, is_generated
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.comments.explanations import Explanation, explanation
from dodcheck.facts.comments.sites import Site, SiteReader, branching
from dodcheck.facts.suppressions.suppressions import Suppressions

_Key = tuple[str, str]


class SitesOfSide:
    """Sites by file, read once a side.

    Args:
        modules: The side to read from.
        functions: Its functions.
    """

    def __init__(self, modules: Modules, functions: Functions) -> None:
        self._modules = modules
        self._functions = functions
        self._readers: dict[str, SiteReader] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, modules: Modules, functions: Functions) -> Self:
        """Nothing is read yet."""
        return cls(modules, functions)

    def reader(self, path: str) -> SiteReader:
        """Return the reader of a file.

        Raises:
            ToolError: The running Python cannot parse it.
        """
        with self._lock:
            if path not in self._readers:
                self._readers[path] = SiteReader(self._modules.tree(path), self._modules.text(path))
            return self._readers[path]

    def keys(self, path: str | None) -> Counter[_Key]:
        """Count the sites of a whole file by kind and code; nothing for a file that cannot be parsed."""
        if path is None:
            return Counter()
        try:
            reader, functions = self.reader(path), self._functions.at(path)
        except ToolError:  # an old version that cannot be read has nothing to match with
            return Counter()
        inside = (site for one in functions for site in reader.of_function(one))
        return Counter((site.kind, site.text) for site in [*reader.of_module(), *inside])


class NewSite(msgspec.Struct, frozen=True):
    """One place that base does not have.

    Args:
        site: The place.
        path: Its file.
        symbol: The function that it stands in; None at the top level.
        explanation: What explains it.
    """

    site: Site
    path: str
    symbol: str | None
    explanation: Explanation


class NewSites:
    """New places in the source of a change: in new and changed functions, and in added lines outside of functions.

    A place is old if one of the changed files has the same code of the same kind at base; each serves once.

    Args:
        change: The change.
        functions: Its functions.
        modules: The modules of both sides.
        sides: The sites of both sides.
        comments: The comments of both sides.
    """

    def __init__(
        self,
        change: Change,
        functions: ChangedFunctions,
        modules: Both[Modules],
        sides: Both[SitesOfSide],
        comments: Both[Suppressions],
    ) -> None:
        self._change = change
        self._functions = functions
        self._modules = modules
        self._sides = sides
        self._comments = comments

    @classmethod
    def of(
        cls,
        change: Change,
        functions: ChangedFunctions,
        modules: Both[Modules],
        sides: Both[SitesOfSide],
        comments: Both[Suppressions],
    ) -> Self:
        """Nothing is compared yet."""
        return cls(change, functions, modules, sides, comments)

    @cached_property
    def judged(self) -> tuple[ChangedFile, ...]:
        """Changed source files of the project's own, programs' output left out."""
        code = (file for file in self._change.at_head(".py", roles=("source",)) if is_api_file(file.path))
        return tuple(file for file in code if not is_generated(self._modules.head.text(file.path)))

    @cached_property
    def found(self) -> tuple[NewSite, ...]:
        """Every new place, explained or not, by file and line.

        Raises:
            ToolError: A changed file cannot be parsed at head.
        """
        new = [(file, pair) for file in self.judged for pair in self._in(file)]
        if not new:
            return ()
        more = self._more
        left: list[NewSite] = []
        for file, (site, function) in new:
            key = (site.kind, site.text)
            if site.kind == "complexity" or more[key] > 0:
                more[key] -= 1
                left.append(self._explained(file, site, function))
        return tuple(left)

    @property
    def _more(self) -> Counter[_Key]:
        """How often the changed files have which code more than at base."""
        more: Counter[_Key] = Counter()
        for file in self._change.files:
            if file.path.endswith(".py"):
                more.update(self._sides.head.keys(file.head_path))
                more.subtract(self._sides.base.keys(file.base_path))
        return more

    def _in(self, file: ChangedFile) -> Iterator[tuple[Site, Function | None]]:
        reader = self._sides.head.reader(file.path)
        added = self._change.added_lines(file)
        yield from ((site, None) for site in reader.of_module(added))
        for pair in self._functions.of_file(file):
            if pair.changed:
                many = branching(pair.head)
                if many and not (pair.base and branching(pair.base)):  # growth beyond the limit is an old debt
                    yield many, pair.head
                yield from ((site, pair.head) for site in reader.of_function(pair.head, added))

    def _explained(self, file: ChangedFile, site: Site, function: Function | None) -> NewSite:
        lines = self._modules.head.text(file.path).split("\n")
        said = explanation(site, function, self._comments.head.file(file.path), lines)
        return NewSite(site, file.path, function.name if function else None, said)
