"""Facts on demand: computed once, optional where a rule can do without."""

from collections.abc import Sequence
from typing import Self

import msgspec
import pytest

from dodcheck.change import Side
from dodcheck.engine import Facts, is_fast, optional, slow_roots
from dodcheck.errors import ToolError
from dodcheck.run import Ran, Suite, SuiteRunner
from dodcheck.verdict import Evidence, Verdict


class Measured(msgspec.Struct, frozen=True):
    """A fact that needs a test run."""

    suite: Suite

    @classmethod
    def of(cls, runner: SuiteRunner) -> Self:
        """Run the tests."""
        return cls(runner.run(Side.HEAD))


class Runner:
    """A suite that counts its runs, or cannot run at all."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.ran = 0

    def run(self, source: Side, nodes: Sequence[str] = (), tests: Side | None = None) -> Suite:
        """See `SuiteRunner.run`."""
        del source, nodes, tests
        self.ran += 1
        if self.broken:
            raise ToolError("no pytest here", "install it")
        return Suite(Ran("pytest"))


def with_or_without(measured: Measured | None) -> Verdict:
    """A check that can do without its fact."""
    return Verdict.passed(Evidence("measured" if measured else "by syntax alone"))


def only_with(measured: Measured) -> Verdict:
    """A check that cannot."""
    return Verdict.passed(Evidence(str(measured.suite.finished)))


def facts(runner: Runner, *, fast: bool = False) -> Facts:
    return Facts({SuiteRunner: lambda _: runner}, fast=fast)


def said(runner: Runner, *, fast: bool = False) -> str:
    return with_or_without(**facts(runner, fast=fast).arguments(with_or_without)).summary  # type: ignore[arg-type]


def test_an_optional_fact_does_not_make_a_rule_slow() -> None:
    assert is_fast(with_or_without)
    assert not is_fast(only_with)


def test_an_optional_fact_is_left_out_of_a_fast_run() -> None:
    runner = Runner()
    assert said(runner, fast=True) == "by syntax alone"
    assert runner.ran == 0


def test_an_optional_fact_is_computed_once_in_a_whole_run() -> None:
    runner = Runner()
    whole = facts(runner)
    assert whole.arguments(with_or_without)["measured"] is whole.arguments(only_with)["measured"]
    assert runner.ran == 1


def test_an_optional_fact_whose_tool_cannot_run_is_none_and_a_needed_one_raises() -> None:
    runner = Runner(broken=True)
    whole = facts(runner)
    assert whole.arguments(with_or_without) == {"measured": None}
    with pytest.raises(ToolError):
        whole.arguments(only_with)
    assert runner.ran == 1


def test_tools_of_optional_facts_are_started_first_as_well() -> None:
    assert list(slow_roots(with_or_without)) == [Measured]


def test_only_a_union_with_none_is_optional() -> None:
    assert optional(Measured | None) is Measured
    assert optional(Measured | Runner) is None
    assert optional(Measured) is None
