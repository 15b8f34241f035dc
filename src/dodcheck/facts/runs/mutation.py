"""Whether the tests of the change notice faults in the code of the change: a sample of mutants, within a budget."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import NamedTuple, Self

from dodcheck.change import Change, Side
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.runs.coverable import Coverable
from dodcheck.facts.runs.matrix import HeadTestsOnBase, TestModules
from dodcheck.facts.runs.mutants import Mutant, mutants_of
from dodcheck.facts.runs.suite_run import FAILING, SuiteAtHead
from dodcheck.run import Altered, Suite, SuiteRunner

_SLACK, _AGAIN = 3.0, 5.0  # a mutant may take so many times as long as the code, and so many seconds more


class Sample(NamedTuple):
    """What became of the mutants that were tried.

    Args:
        killed: Mutants that made a test fail, or hang.
        survived: Mutants that no test noticed.
        left: Number of mutants that the budget did not reach.
        why_not: Why there is no sample; empty when there is one.
    """

    killed: tuple[Mutant, ...] = ()
    survived: tuple[Mutant, ...] = ()
    left: int = 0
    why_not: str = ""

    @property
    def by_function(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """Number of survivors, and of mutants tried, by path and symbol."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for mutant in (*self.killed, *self.survived):
            survived, tried = found.get((mutant.path, mutant.symbol), (0, 0))
            found[mutant.path, mutant.symbol] = survived + (mutant in self.survived), tried + 1
        return found


class Mutation:
    """Samples mutants of the changed lines when a rule asks.

    Args:
        change: The change.
        runner: The project's pytest.
        source: The changed source.
        modules: Head.
        coverable: Which lines count.
        head: The suite at head.
        tests: The test modules of the change.
        named: What is a test module.
    """

    def __init__(  # noqa: PLR0913 - what there is to mutate, and what may notice
        self,
        *,
        change: Change,
        runner: SuiteRunner,
        source: BehaviouralSource,
        modules: Modules,
        coverable: Coverable,
        head: SuiteAtHead,
        tests: HeadTestsOnBase,
        named: TestModules,
    ) -> None:
        self._change = change
        self._runner = runner
        self._source = source
        self._modules = modules
        self._coverable = coverable
        self._executed = head.suite.executed
        self._tests = tests.nodes
        self._named = named

    @classmethod
    def of(  # noqa: PLR0913 - as above
        cls,
        *,
        change: Change,
        runner: SuiteRunner,
        source: BehaviouralSource,
        modules: Modules,
        coverable: Coverable,
        head: SuiteAtHead,
        tests: HeadTestsOnBase,
        named: TestModules,
    ) -> Self:
        """Nothing is altered yet."""
        return cls(
            change=change, runner=runner, source=source, modules=modules, coverable=coverable, head=head,
            tests=tests, named=named,
        )  # fmt: skip

    def sample(self, seconds: float) -> Sample:
        """Try mutants of changed lines that ran, one after the other, until the time is over.

        Args:
            seconds: The budget; 0 for none at all.
        """
        if seconds <= 0:
            return Sample(why_not="not run (set mutation-seconds)")
        until = monotonic() + seconds
        mutants, nodes = self._mutants(), self._relevant()
        if not mutants or not nodes:
            return Sample(why_not="nothing to mutate" if nodes else "no test module belongs to the change")
        began = monotonic()
        if not _passes(self._runner.run(Side.HEAD, nodes)):
            return Sample(why_not="the tests of the change do not pass without the rest of the suite")
        limit = _SLACK * (monotonic() - began) + _AGAIN
        killed: list[Mutant] = []
        survived: list[Mutant] = []
        for mutant in mutants:
            if monotonic() >= until:
                break
            altered = Altered(mutant.path, mutant.text, limit, mutant.what)
            noticed = not _passes(self._runner.run(Side.HEAD, nodes, altered=altered))
            (killed if noticed else survived).append(mutant)
        return Sample(tuple(killed), tuple(survived), len(mutants) - len(killed) - len(survived))

    def _mutants(self) -> Sequence[Mutant]:
        found: list[Mutant] = []
        for file in self._source.files:
            ran = (self._executed or {}).get(file.path, frozenset())
            if file.status == "deleted" or not self._coverable.measures(file.path):
                continue
            lines = self._coverable.lines(self._modules, file.path, self._change.added_lines(file), ran)
            if self._executed is not None:
                lines = lines._replace(counted=lines.counted - {*lines.missed})
            try:
                tree = self._modules.tree(file.path)
            except ToolError:  # told by the runner, which cannot import it either
                continue
            seed = self._change.head.blob(file.path) or ""
            found += mutants_of(file.path, self._modules.text(file.path), tree, lines.counted, seed)
        return found

    def _relevant(self) -> Sequence[str]:
        """Return the test modules of the change, and those that are named like a changed file."""
        stems = {file.path.rpartition("/")[2].removesuffix(".py").strip("_") for file in self._source.files}
        names = {f"test_{stem}.py" for stem in stems} | {f"{stem}_test.py" for stem in stems}
        like = [
            path for path in self._change.head.paths() if path.rpartition("/")[2] in names and self._named.has(path)
        ]
        return sorted({*self._tests, *like})


def _passes(suite: Suite) -> bool:
    return suite.finished and not suite.broken and not any(one.outcome in FAILING for one in suite.outcomes)
