"""Which test of head is which test of base, across renames, moves and classes."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from dodcheck.change import Both
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest
from dodcheck.facts.suites.weakening import key, shape

_SAME_NAME, _OTHER_NAME = 0.3, 0.6  # git's -B60% for what was rewritten; a name in common speaks for itself
_SAME_FORM = 0.9  # two bodies that differ in their literals alone, or nearly so
_TELLING = 20  # characters of a body from which on it is no coincidence that two are the same
_COMPARED = 150  # vanished tests times new ones that are worth rating


class FilePair(NamedTuple):
    """One test file at both sides; None where there is none."""

    base: SuiteModule | None
    head: SuiteModule | None


class Matching(msgspec.Struct, frozen=True):
    """The tests of the changed files.

    Args:
        kept: Tests of both sides.
        gone: Tests of base without a counterpart.
        new: Tests of head without a counterpart.
        dropped: Tests of base whose code is still there, but where the runner does not collect it.
    """

    kept: tuple[tuple[SuiteTest, SuiteTest], ...]
    gone: tuple[SuiteTest, ...]
    new: tuple[SuiteTest, ...]
    dropped: tuple[tuple[SuiteTest, SuiteTest], ...]


def match(files: Sequence[FilePair], oracles: Both[Oracles]) -> Matching:
    """Match by place and name, then by body, then by name alone, then by likeness of body and assertions."""
    matcher = _Matcher(files, oracles)
    shadowed = matcher.shadowed()
    for by in (matcher.by_place, matcher.by_body, matcher.by_name, matcher.by_likeness):
        matcher.take(by())
    shared, idling = matcher.uncollected()
    matcher.take(iter(shared))
    dropped = [*shadowed, *idling]
    lost = {base for base, _ in dropped}
    gone = tuple(one for one in matcher.gone if one not in lost)
    return Matching(tuple(matcher.kept), gone, tuple(matcher.new), tuple(dropped))


class _Matcher:
    def __init__(self, files: Sequence[FilePair], oracles: Both[Oracles]) -> None:
        self._files = files
        self._oracles = oracles
        self.gone = [test for file in files if file.base for test in file.base.tests]
        self.new = [test for file in files if file.head for test in file.head.tests]
        self.kept: list[tuple[SuiteTest, SuiteTest]] = []

    def shadowed(self) -> list[tuple[SuiteTest, SuiteTest]]:
        """Take out the tests that are still there as they were, where another of their name hides them."""
        found = []
        for file in self._files:
            hidden = {one.name: one for one in file.head.others if one.blocked} if file.head else {}
            now = {one.name: one for one in file.head.tests if one.name in hidden} if file.head else {}
            for base in file.base.tests if file.base and hidden else ():
                other = hidden.get(base.name)
                if other and other.code == base.code and not (base.name in now and now[base.name].code == base.code):
                    found.append((base, other))
        lost = {base for base, _ in found}
        self.gone = [one for one in self.gone if one not in lost]
        return found

    def take(self, pairs: Iterator[tuple[SuiteTest, SuiteTest]]) -> None:
        """Accept pairs of tests as far as both are still free."""
        gone, new = dict.fromkeys(self.gone), dict.fromkeys(self.new)
        for base, head in pairs:
            if base in gone and (head in new or head.blocked):
                del gone[base]
                new.pop(head, None)
                self.kept.append((base, head))
        self.gone, self.new = list(gone), list(new)

    def by_place(self) -> Iterator[tuple[SuiteTest, SuiteTest]]:
        """Yield tests of one qualified name in one file."""
        for file in self._files:
            if file.base and file.head:
                here = _grouped(file.head.tests, lambda one: one.name)
                for name, tests in _grouped(file.base.tests, lambda one: one.name).items():
                    yield from zip(tests, here.get(name, ()), strict=False)

    def by_body(self) -> Iterator[tuple[SuiteTest, SuiteTest]]:
        """Yield tests of one body, wherever they stand."""
        new = _grouped(self.new, lambda one: one.code)
        for code, tests in _grouped(self.gone, lambda one: one.code).items():
            yield from zip(tests, new.get(code, ()), strict=False)

    def by_name(self) -> Iterator[tuple[SuiteTest, SuiteTest]]:
        """Yield tests of one name whose bodies are not strangers, the most alike first."""
        new = _grouped(self.new, lambda one: one.node.name)
        rated = [(likeness(b, h), b, h) for b in self.gone for h in new.get(b.node.name, ())]
        yield from _best_first(one for one in rated if one[0] >= _SAME_NAME)

    def by_likeness(self) -> Iterator[tuple[SuiteTest, SuiteTest]]:
        """Yield renamed and altered tests: most of the body and half of the assertions are the same."""
        if not self.gone or not self.new or len(self.gone) * len(self.new) > _COMPARED**2:
            return
        rated = [(likeness(b, h), b, h) for b in self.gone for h in self.new]
        for base, head in _best_first(one for one in rated if one[0] >= _OTHER_NAME):
            if self._shares_oracles(base, head):
                yield base, head

    def uncollected(self) -> tuple[list[tuple[SuiteTest, SuiteTest]], list[tuple[SuiteTest, SuiteTest]]]:
        """Return vanished tests whose code head still has: those in a class that others use, and those that idle."""
        if not self.gone:
            return [], []
        others = [one for file in self._files if file.head for one in file.head.others]
        called = {name for file in self._files if file.head for name in _called(file.head)}
        idle = [one for one in others if one.blocked or one.node.name not in called]
        by_code, by_name = _grouped(idle, lambda one: one.code), _grouped(idle, lambda one: one.name)
        shared, idling = [], []
        for base in self.gone:
            same = by_code.get(base.code, []) if len(base.code) > _TELLING else []
            named = [one for one in by_name.get(base.name, ()) if one.blocked]
            named += [one for one in idle if one.blocked and one.node.name == base.node.name]
            alike = [one for one in idle if one.path == base.path and likeness(base, one) > 1 - _SAME_NAME]
            candidates = [*same, *named, *alike]
            mixins = [one for one in candidates if self._is_mixin(one)]
            if mixins:
                shared.append((base, mixins[0]))
            elif candidates:
                idling.append((base, candidates[0]))
        return shared, idling

    def _is_mixin(self, one: SuiteTest) -> bool:
        """Tell whether another file of head names the class that a test stands in."""
        others = [file.head for file in self._files if file.head and file.head is not one.module]
        names = [parent.name for parent in one.parents]
        return any(re.search(rf"\b{name}\b", "\n".join(other.lines)) for name in names for other in others)

    def _shares_oracles(self, base: SuiteTest, head: SuiteTest) -> bool:
        was, now = self._oracles.base.alive(base), self._oracles.head.alive(head)
        held = {key(one.claim) for one in now} | {one.claim.subject for one in now}
        forms = {shape(one.claim) for one in now} if likeness(base, head) >= _SAME_FORM else set()
        same = sum(key(one.claim) in held or one.claim.subject in held or shape(one.claim) in forms for one in was)
        return 2 * same >= len(was)


def likeness(one: SuiteTest, other: SuiteTest) -> float:
    """Return the share of words that two bodies have in common, 0 to 1."""
    ours, theirs = one.words, other.words
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


def _called(module: SuiteModule) -> Iterator[str]:
    """Yield the names that a file reads, or asks for as a fixture."""
    for test in [*module.tests, *module.others]:
        yield from test.parameters
        yield from (word for word in test.words if word.isidentifier())


def _grouped(tests: Sequence[SuiteTest], by: Callable[[SuiteTest], str]) -> dict[str, list[SuiteTest]]:
    found: dict[str, list[SuiteTest]] = {}
    for one in tests:
        found.setdefault(by(one), []).append(one)
    return found


def _best_first(rated: Iterator[tuple[float, SuiteTest, SuiteTest]]) -> Iterator[tuple[SuiteTest, SuiteTest]]:
    yield from ((base, head) for _, base, head in sorted(rated, key=lambda one: -one[0]))
