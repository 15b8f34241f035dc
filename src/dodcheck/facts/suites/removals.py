"""What the change takes out of the source, and whether the code that a test exercises is still there."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Literal, NamedTuple, Self

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.runs.changed_code import same_code
from dodcheck.facts.suites.folding import text_of
from dodcheck.facts.suites.source_surface import Surface, is_source
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.patterns import pattern
from dodcheck.roles import role_of

_TELLING = 8  # letters from which on a word in common is no coincidence
_BEGINNING = 6  # letters more are needed where two texts only begin alike
_SHRUNK = 2  # lines lost for each line gained
_IDENTIFIER = pattern(r"[A-Za-z]*_\w+|[A-Za-z]\w{7,}")  # a word that only code has
_OUTSIDE = {"pytest", "unittest", "self", "cls", "mock"}

Removed = Literal["symbol", "text"]


class Target(NamedTuple):
    """Something of the project that a test uses: a file, and a name in it (empty for the module itself)."""

    path: str
    symbol: str

    def __str__(self) -> str:
        return f"{self.symbol} in {self.path}" if self.symbol else self.path


class _Words(NamedTuple):
    """What a test speaks of: names that it does not bind itself, keywords of its calls, texts."""

    names: set[str]
    keywords: set[str]
    texts: set[str]


class Removals:
    """What stands in base's version of the changed source and nowhere in head's.

    Args:
        change: The change.
        modules: Both sides.
        files: The test files of both sides.
    """

    def __init__(self, change: Change, modules: Both[Modules], files: Both[SuiteFiles]) -> None:
        self._modules = modules
        self._files = files
        self._source = [file for file in change.files if is_source(file)]
        self._now = {file.base_path: file.head_path for file in change.files if file.base_path}

    @classmethod
    def of(cls, change: Change, modules: Both[Modules], files: Both[SuiteFiles]) -> Self:
        """Nothing is compared yet."""
        return cls(change, modules, files)

    @cached_property
    def touches_source(self) -> bool:
        """The change has something other than tests, prose and comments."""
        return any(not file.path.endswith(".py") or self._behaves_otherwise(file) for file in self._source)

    def touches(self, targets: Iterable[Target]) -> bool:
        """Tell whether a file that holds something of what a test uses does something else now."""
        wanted = list(targets)
        paths, symbols = {one.path for one in wanted}, {one.symbol for one in wanted}
        for file in filter(self._behaves_otherwise, self._source):
            if file.base_path in paths or symbols & Surface.of_files(self._modules.base, [file.base_path]).names:
                return True
        return False

    def reduced(self, targets: Iterable[Target]) -> str:
        """Return something of what a test uses that lost code, or names beside it; empty when there is none."""
        for symbol in sorted({target.symbol for target in targets} - {""}):
            methods = {name for owner, name in self._base.members if owner == symbol}
            found = sorted(({symbol} | methods) & self._shrunk) or sorted(self._lost_beside(symbol))
            if found:
                return found[0] if found[0] == symbol else f"{symbol} without {found[0]}"
        return ""

    def _lost_beside(self, symbol: str) -> set[str]:
        """Return the names that the files lost which define a symbol."""
        beside = (Surface.of_files(self._modules.base, [file.base_path]).names for file in self._source)
        return {name for names in beside if symbol in names for name in names & self._names}

    def _behaves_otherwise(self, file: ChangedFile) -> bool:
        return not same_code(self._modules, file)

    def mentioned(self, test: SuiteTest, *nodes: ast.AST, raised: Sequence[str] = ()) -> tuple[Removed, str] | None:
        """Return what the change removed and a test is about.

        Args:
            test: The test at base.
            nodes: Parts of it; by default all of it.
            raised: Exceptions and warnings that the parts expect.
        """
        if not self._source:
            return None
        words = _words(test, nodes or (test.node, *test.marks, *(one.node for one in self._helpers(test))))
        gone = (
            sorted(words.names & self._names) or sorted(self._lost_member(words)) or sorted(self._lost_parameter(words))
        )
        if gone:
            return "symbol", f"the source lost {gone[0]}"
        written = {one for text in words.texts for one in _IDENTIFIER.findall(text)}
        said = [f"a `raise {one}`" for one in raised if self._head.raised[one] < self._base.raised[one]]
        said += [f"the text {one[:60]!r}" for one in sorted(filter(self._unsaid, words.texts))]
        said += sorted(written & self._names)
        said += [f"its use of {one}" for one in sorted(words.names & (self._base.libraries - self._head.libraries))]
        said += [f"code of {one}" for one in sorted(words.names & self._shrunk)]
        said += [f"{one} of {function}" for function, one in sorted(self._parameters) if function in words.names]
        return ("text", f"the source lost {said[0]}") if said else None

    def targets(self, test: SuiteTest) -> frozenset[Target]:
        """Return what a test of base uses of the project, through its fixtures too."""
        return frozenset(self._targets(test, set()))

    def exists(self, target: Target) -> bool:
        """Tell whether head still has a target of base, there or in another changed file."""
        path = self._now.get(target.path, target.path)
        if not target.symbol:
            return bool(path and self._modules.head.text(path))
        here = Surface.of_files(self._modules.head, [path])
        return target.symbol in here.offered | self._head.names

    def _lost_member(self, words: _Words) -> set[str]:
        lost = self._base.members - self._head.members
        return {member for owner, member in lost if {owner, member} <= words.names}

    def _lost_parameter(self, words: _Words) -> set[str]:
        return {one for _, one in self._parameters} & words.keywords

    def _helpers(self, test: SuiteTest) -> Iterator[SuiteTest]:
        """Yield the helpers that a test of base calls, of its own file and of others."""
        calls = [node.func for node in ast.walk(test.node) if isinstance(node, ast.Call)]
        found = (self._files.base.function(text_of(func), test.module) for func in calls)
        yield from (one for one in found if one)

    def _unsaid(self, text: str) -> bool:
        """Tell whether a text of a test stood in the source and does not any more."""
        return any(text == one or _shared(text, one) >= _TELLING for one in self._texts)

    @cached_property
    def _names(self) -> set[str]:
        return self._base.names - self._head.offered

    @cached_property
    def _parameters(self) -> set[tuple[str, str]]:
        """Parameters that functions of both sides lost, with their function."""
        kept = {function for function, _ in self._head.parameters}
        return {pair for pair in self._base.parameters - self._head.parameters if pair[0] in kept}

    @cached_property
    def _texts(self) -> set[str]:
        gone = self._base.texts - self._head.texts
        return {one for one in gone if len(one) >= _TELLING or (len(one) > 2 and not one.isidentifier())}  # noqa: PLR2004

    @cached_property
    def _shrunk(self) -> set[str]:
        """Functions that lose more code than they gain: a behaviour that is taken back, as by a revert."""
        found = set()
        for name, was in self._base.code.items():
            now = self._head.code.get(name)
            if now is not None and (was - now).total() >= _SHRUNK * max((now - was).total(), 1):
                found.add(name)
        return found

    @cached_property
    def _base(self) -> Surface:
        return Surface.of_files(self._modules.base, [file.base_path for file in self._source])

    @cached_property
    def _head(self) -> Surface:
        return Surface.of_files(self._modules.head, [file.head_path for file in self._source])

    def _targets(self, test: SuiteTest, seen: set[str]) -> Iterator[Target]:
        seen.add(test.id)
        found = [self._resolved(dotted, test.path) for dotted in _dotted(test)]
        yield from (target for target in found if target)
        fixtures = [self._files.base.fixture(name, test) for name in test.parameters]
        for helper in [*fixtures, *self._helpers(test)]:
            if helper and helper.id not in seen:
                yield from self._targets(helper, seen)

    def _resolved(self, dotted: str, importer: str) -> Target | None:
        parts = dotted.split(".")
        for size in range(len(parts), 0, -1):
            path = self._files.base.find(".".join(parts[:size]), importer)
            if path:
                inside = role_of(path) != "test"
                return Target(path, parts[size] if size < len(parts) else "") if inside else None
        return None


def _shared(one: str, other: str) -> int:
    """Return how much of a text stands in another: all of it, or what both begin with, as formats do."""
    if one in other or other in one:
        return min(len(one), len(other))
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same) - _BEGINNING


def _words(test: SuiteTest, nodes: tuple[ast.AST, ...]) -> _Words:
    bound = test.module.names.bound
    found = _Words(set(), set(), set())
    for part in (part for node in nodes for part in ast.walk(node)):
        if isinstance(part, ast.Attribute):
            found.names.add(part.attr)
        elif isinstance(part, ast.keyword) and part.arg:
            found.keywords.add(part.arg)
        elif isinstance(part, ast.Name) and part.id in bound:
            found.names.update(bound[part.id].split("."))
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) > 2:  # noqa: PLR2004
            found.texts.add(part.value)
            found.names.update(one for one in part.value.split(".") if "." in part.value and one.isidentifier())
    return found


def _dotted(test: SuiteTest) -> set[str]:
    names = test.module.names
    found = set()
    for root in (test.node, *test.marks):
        for node in ast.walk(root):
            if isinstance(node, ast.Name | ast.Attribute):
                dotted = names.of(node)
                if dotted and dotted.partition(".")[0] not in _OUTSIDE:
                    found.add(dotted)
    return {one for one in found if not any(other.startswith(f"{one}.") for other in found)}
