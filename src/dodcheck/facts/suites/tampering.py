"""Everything about the tests of a change that may keep them from telling the truth."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.suites.added import judge_copies, judge_disabled, judge_mocked, judge_silent
from dodcheck.facts.suites.altered import Altered, helper_pairs
from dodcheck.facts.suites.changed_suites import ChangedSuites
from dodcheck.facts.suites.collection import Collection
from dodcheck.facts.suites.conditions import Conditions
from dodcheck.facts.suites.context import Context
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.examples import examples_of
from dodcheck.facts.suites.folding import text_of
from dodcheck.facts.suites.hooks import Hooked, is_hook_file, judge_hooks
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.remaining import Remaining
from dodcheck.facts.suites.removals import Removals
from dodcheck.facts.suites.rows import judge_rows, judge_tables
from dodcheck.facts.suites.selection import judge_other_tests, judge_samples, judge_selection, judge_snapshots
from dodcheck.facts.suites.source_pairs import SourcePair
from dodcheck.facts.suites.source_surface import is_source
from dodcheck.facts.suites.start_up import judge_start_up
from dodcheck.facts.suites.subversion import Example, judge_source
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest
from dodcheck.facts.suites.suspicion import Suspicion
from dodcheck.facts.suites.tautologies import Tautologies
from dodcheck.facts.suites.twins import Twins
from dodcheck.facts.suites.vanished import Vanished
from dodcheck.patterns import pattern

_SETTINGS = {"pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"}
_DISABLING = pattern(r"skip|xfail|expected_?failure|flaky|retry|rerun|quarantine|disable|mark\.", re.IGNORECASE)
_TELLTALE = pattern(r"__(eq|ne|lt|le|gt|ge|contains|instancecheck)__|test|PYTEST|_getframe|currentframe|sys\.argv")
_START_UP = pattern(r"(^|/)((site|user)customize\.py|[^/]+\.pth)$")


class Sides(NamedTuple):
    """What is read of both sides."""

    modules: Both[Modules]
    files: Both[SuiteFiles]
    oracles: Both[Oracles]
    disabling: Both[Disabling]
    settings: Both[Collection]

    @classmethod
    def of(
        cls,
        modules: Both[Modules],
        files: Both[SuiteFiles],
        oracles: Both[Oracles],
        disabling: Both[Disabling],
        settings: Both[Collection],
    ) -> Self:
        """Nothing is read yet."""
        return cls(modules, files, oracles, disabling, settings)


class TestTampering(msgspec.Struct, frozen=True):
    """The suspicions about the tests of a change, found by comparing its two sides.

    Args:
        suspicions: What was found, in the order of path and line.
        files: Changed files of the tests, data and snapshots included.
        kept: Number of tests that both sides have.
        gone: Number of tests of base that head does not have, or does not collect.
        new: Number of tests that are new.
        pairs: The tests that both sides have, as the runner names them at base and at head, without parameters.
    """

    suspicions: tuple[Suspicion, ...]
    files: tuple[str, ...]
    kept: int = 0
    gone: int = 0
    new: int = 0
    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, change: Change, sides: Sides, suites: ChangedSuites, removals: Removals, twins: Twins) -> Self:
        """Compare tests, hooks, settings and source.

        Raises:
            ToolError: A changed test file, or pytest's settings, cannot be parsed.
        """
        found = sorted(
            _Reader(change, sides, suites, removals, twins).all(), key=lambda one: (one.path, one.line, one.kind)
        )
        matching = suites.matching
        files = tuple(file.path for file in change.files if file.role == "test" or suites.is_test(file.path))
        gone = len(matching.gone) + len(matching.dropped)
        pairs = tuple((base.id, head.id) for base, head in matching.kept)
        return cls(tuple(dict.fromkeys(found)), files, len(pairs), gone, len(matching.new), pairs)


class _Reader:
    def __init__(self, change: Change, sides: Sides, suites: ChangedSuites, removals: Removals, twins: Twins) -> None:
        self._change = change
        self._sides = sides
        self._suites = suites
        remaining = Remaining(suites.matching, sides.oracles)
        self._context = Context(sides.oracles, removals, remaining, Conditions(sides.files.head))
        self._removals = removals
        self._twins = twins
        self._disabling_files: dict[tuple[SuiteModule, SuiteModule], bool] = {}

    def all(self) -> Iterator[Suspicion]:
        matching, oracles = self._suites.matching, self._sides.oracles
        yield from Vanished(matching, self._context, self._sides.disabling, self._twins).suspicions()
        yield from self._suites.moved_out()
        yield from self._of_kept()
        yield from self._of_new()
        yield from judge_silent(matching, oracles)
        yield from judge_copies(matching.new)
        yield from self._of_files()
        yield from self._of_settings()
        yield from judge_snapshots(self._change, touches_source=self._removals.touches_source)
        yield from judge_other_tests(self._change)
        yield from self._of_source()

    def _of_kept(self) -> Iterator[Suspicion]:
        for base, head in self._suites.matching.kept:
            if base.text != head.text or self._disables(base.module, head.module):
                yield from judge_disabled(base, head, self._sides.disabling)
            if base.text != head.text:
                yield from judge_rows(base, head, self._context, self._sides.disabling.head)
                yield from self._of_altered(base, head)
        for pair in self._suites.pairs:
            for base, head in helper_pairs(pair):
                yield from self._of_altered(base, head)

    def _disables(self, base: SuiteModule, head: SuiteModule) -> bool:
        """Tell whether tests of a file whose own text is the same may be disabled by something else in it."""
        if (base, head) not in self._disabling_files:
            settings = self._sides.settings
            same_settings = settings.base.deselected_marks == settings.head.deselected_marks
            was, now = (Counter(filter(_DISABLING.search, one.lines)) for one in (base, head))
            words = " ".join(now)
            tables = [name for name in head.tables if name in words and _text(base, name) != _text(head, name)]
            self._disabling_files[base, head] = not same_settings or bool(now - was) or bool(tables)
        return self._disabling_files[base, head]

    def _of_altered(self, base: SuiteTest, head: SuiteTest) -> Iterator[Suspicion]:
        own = list(Tautologies(head, self._sides.oracles.head, base, self._sides.oracles.base).suspicions())
        yield from own
        yield from Altered(base, head, self._context).suspicions(own)
        yield from self._of_mocks(head, base)

    def _of_mocks(self, test: SuiteTest, base: SuiteTest | None) -> Iterator[Suspicion]:
        if "patch" in test.text or "setattr" in test.text:
            yield from judge_mocked(test, base, self._sides.oracles.head, self._changed_names)

    def _of_new(self) -> Iterator[Suspicion]:
        for test in self._suites.matching.new:
            yield from judge_disabled(None, test, self._sides.disabling)
            yield from Tautologies(test, self._sides.oracles.head, None, self._sides.oracles.base).suspicions()
            yield from self._of_mocks(test, None)

    def _of_files(self) -> Iterator[Suspicion]:
        for pair in self._suites.pairs:
            yield from judge_tables(pair, self._context)
            yield from judge_samples(pair)
            text = "\n".join(pair.head.lines) if pair.head else ""
            if pair.head:
                tests = self._tests_of_base if "collect_ignore" in text else ()
                changed = self._changed_names if "autouse" in text else frozenset()
                hooked = Hooked(pair.head, pair.base, self._sides.disabling.head, tests, changed)
                yield from judge_hooks(hooked) if is_hook_file(pair.head.path, text) else ()
                yield from judge_start_up(hooked)
        for file in self._change.files:
            if file.status == "added" and _START_UP.search(file.path):
                message = f"{file.path} runs at the start of every Python, tests included"
                fix = "say in the notes what it is for"
                yield Suspicion("T9", file.path, 1, "", message, fix, "likely")

    def _of_settings(self) -> Iterator[Suspicion]:
        if any(file.path.rpartition("/")[2] in _SETTINGS for file in self._change.files):
            yield from judge_selection(self._sides.settings, self._tests_of_base)

    def _of_source(self) -> Iterator[Suspicion]:
        examples = set(self._examples()) if self._source else set()
        for file in self._source:
            source = SourcePair(file.path, self._sides.modules.head, self._sides.modules.base, file.base_path)
            if examples or _TELLTALE.search(source.new_text):
                yield from judge_source(source, examples)

    def _examples(self) -> Iterator[Example]:
        matching = self._suites.matching
        altered = [head for base, head in matching.kept if base.text != head.text]
        for test in [*altered, *matching.new]:
            yield from examples_of(test, self._sides.oracles.head.alive(test))

    @cached_property
    def _source(self) -> list[ChangedFile]:
        return [file for file in self._change.at_head(".py") if is_source(file) and not self._suites.is_test(file.path)]

    @cached_property
    def _tests_of_base(self) -> list[str]:
        return [path for path in self._change.base.paths() if path.endswith(".py") and self._suites.is_test(path)]

    @cached_property
    def _changed_names(self) -> frozenset[str]:
        """Last names of the functions and classes of the source that the change adds or alters."""
        modules = self._sides.modules
        pairs = [SourcePair(file.path, modules.head, modules.base, file.base_path) for file in self._source]
        return frozenset(name.rpartition(".")[2] for pair in pairs for name, _ in pair.changed)


def _text(module: SuiteModule, name: str) -> str:
    return text_of(module.tables[name]) if name in module.tables else ""
