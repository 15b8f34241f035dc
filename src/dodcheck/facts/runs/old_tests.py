"""What became of base's tests that passed there and say nothing at head: disabled, renamed, removed, or lost."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Self

import msgspec

from dodcheck.change import Change
from dodcheck.errors import ToolError
from dodcheck.facts.runs.at_base import AtBase
from dodcheck.facts.runs.nodes import file_of, moved, renamed, test_at, within, without_row
from dodcheck.facts.runs.suite_run import SuiteAtHead
from dodcheck.facts.suites.changed_suites import ChangedSuites
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suspicion import Suspicion
from dodcheck.facts.suites.tampering import TestTampering
from dodcheck.run import Outcome

_IDLE = {"skipped", "xfailed", "xpassed"}

Fate = Literal["disabled", "disabled-here", "left-out", "lost", "doubtful", "explained"]


class Silent(NamedTuple):
    """A test function that passed at base and does not say so any more.

    Args:
        node: Its node id as base's files are called at head, without parameters.
        fate: What became of it: `disabled` for no reason of the machine, `disabled-here` for one or for an unknown
            one, `left-out` after it was collected, `lost` without a reason, `doubtful` where only a person can tell,
            `explained` by the change itself.
        why: In words.
        path: File to look at.
        line: 1-based line, where one is known.
        fix: What to do.
    """

    node: str
    fate: Fate
    why: str
    path: str
    line: int | None = None
    fix: str = "bring the test back, or say in the notes why what it showed need not hold any more"


class OldTests(msgspec.Struct, frozen=True):
    """Tests that passed at base and do not run, or do not count, at head.

    Args:
        silent: One a function.
        kept: Number of tests that passed at base, ran at head, and were compared.
    """

    silent: tuple[Silent, ...]
    kept: int

    @classmethod
    def of(  # noqa: PLR0913 - the runner's outcomes on one side, what the files say on the other
        cls,
        *,
        change: Change,
        head: SuiteAtHead,
        base: AtBase,
        suites: ChangedSuites,
        tampering: TestTampering | None,
        files: SuiteFiles,
        disabling: Disabling,
    ) -> Self:
        """Compare the outcomes of both sides, and ask the files for the reasons."""
        passed = [node for node, outcome in base.outcomes.items() if outcome == "passed"]
        now = {one.id: one for one in head.suite.outcomes}
        quiet = [node for node in passed if node not in now or now[node].outcome in _IDLE]
        suspicions = tampering.suspicions if tampering else ()
        reader = _Reader(head, files, disabling, _Explained(change, suites, suspicions))
        return cls(tuple(reader.all(quiet, passed)), len(passed) - len(quiet))


class _Reader:
    def __init__(self, head: SuiteAtHead, files: SuiteFiles, disabling: Disabling, explained: "_Explained") -> None:
        self._now = {one.id: one for one in head.suite.outcomes}
        self._dropped = set(head.suite.dropped)
        self._broken = {file_of(file) for file, _ in head.suite.broken}
        self._rows = Counter(without_row(node) for node in self._now)
        self._files = files
        self._disabling = disabling
        self._explained = explained

    def all(self, quiet: Sequence[str], passed: Sequence[str]) -> Iterator[Silent]:
        """Yield one a function."""
        before = Counter(map(without_row, passed))
        for function in dict.fromkeys(map(without_row, quiet)):
            rows = [node for node in quiet if without_row(node) == function]
            there = [self._now[node] for node in rows if node in self._now]
            left_out = [node for node in rows if node in self._dropped]
            if there:
                yield self._disabled(function, there)
            elif left_out:
                why = f"{left_out[0]} is collected and then left out"
                yield Silent(function, "left-out", why, file_of(function), fix="let the test run")
            elif not within(function, self._broken):  # told as a file or a suite that cannot be collected
                found = self._gone(function, before[function])
                if found:
                    yield found

    def _disabled(self, function: str, there: Sequence[Outcome]) -> Silent:
        test = test_at(self._files, function)
        weights = {one.weight for one in self._disabling.of_test(test) if one.kind != "rerun"} if test else set()
        one = there[0]
        sure = bool(weights & {"always", "reviewable"}) or "unconditional skip" in one.message
        why = f"{one.id} {one.outcome}" + (f": {one.message.removeprefix('Skipped: ')}" if one.message else "")
        fate: Fate = "disabled" if sure else "disabled-here"
        return Silent(function, fate, why, one.path, one.line, "mend the code, or say in the notes why it cannot run")

    def _gone(self, function: str, before: int) -> Silent | None:
        """Judge a function some of whose tests are gone under the name that they had."""
        path = file_of(function)
        lost = self._explained.loss(function)
        if lost is not None:
            fate: Fate = {"certain": "lost", "harmless": "explained"}.get(lost.certainty, "doubtful")  # type: ignore[assignment]
            return Silent(function, fate, lost.message, lost.path, lost.line, lost.fix)
        now = self._explained.names.get(function, function)
        if self._rows[now]:
            known = now != function or self._rows[now] >= before or self._explained.reads(function)
            words = f"{before} tests of {function} are {self._rows[now]} now"
            return None if known else Silent(function, "doubtful", words, path)
        if self._explained.reads(function):
            if now != function:
                return Silent(function, "lost", f"{function} is now {now}, which is not collected", file_of(now))
            return Silent(function, "explained", f"{function} is gone, and other tests assert what it did", path)
        return Silent(function, "lost", f"{function} passed at base and is not collected any more", path)


class _Explained:
    """What comparing the files of both sides says of base's tests.

    Args:
        change: The change.
        suites: Its test files.
        suspicions: What was found.
    """

    def __init__(self, change: Change, suites: ChangedSuites, suspicions: Sequence[Suspicion]) -> None:
        self._now = moved(change)
        self._losses = {self._at_head(one.test_at_base): one for one in suspicions if one.kind == "T1"}
        self.names: Mapping[str, str] = {}
        self._gone: set[str] = set()
        try:
            matching = suites.matching
        except ToolError:  # told by the linter, and by the runner that cannot collect the file
            return
        self.names = {self._at_head(base.id): head.id for base, head in matching.kept}
        self._gone = {self._at_head(one.id) for one in matching.gone}

    def loss(self, function: str) -> Suspicion | None:
        """Return what speaks of a test, or of some of its rows, as lost."""
        return self._losses.get(function)

    def reads(self, function: str) -> bool:
        """Tell whether both sides' files were compared for a test."""
        return function in self.names or function in self._gone

    def _at_head(self, node: str) -> str:
        return renamed(node, self._now)
