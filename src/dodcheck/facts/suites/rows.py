"""Rows of parametrised tests, and of tables, that a change takes out, alters or disables."""

import ast
from collections.abc import Callable, Iterator, Sequence

from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.context import Context
from dodcheck.facts.suites.disabling import Disabler, Disabling
from dodcheck.facts.suites.folding import constants
from dodcheck.facts.suites.matching import FilePair
from dodcheck.facts.suites.parametrization import Row, Rows, rows_of, tables_of
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.suites.suspicion import Certainty, Suspicion

_FIX = "bring the row back, or say in the notes why it need not hold any more"
Report = Callable[[str, int, str, str, Certainty], Suspicion]


def judge_rows(base: SuiteTest, head: SuiteTest, context: Context, disabling: Disabling) -> Iterator[Suspicion]:
    """Compare the rows of one parametrised test."""
    report = _reporter(base, head)
    now = list(rows_of(head))
    for empty in now:
        if not empty.rows:
            message = f"it is parametrised by no row of ({empty.names}), and so never runs"
            yield report("T2", head.line, message, "give it rows", "certain")
    for old in rows_of(base):
        new = next((one for one in now if one.names == old.names), None)
        if new is None:
            yield from _renamed(old, now, report)
            continue
        yield from _disabled(old, new, head, disabling, report)
        yield from _lost(old, new, base, context, report)


def judge_tables(file: FilePair, context: Context) -> Iterator[Suspicion]:
    """Compare the tables of one file that its tests loop over."""
    if not file.base or not file.head:
        return
    texts = ["\n".join(side.lines) for side in (file.base, file.head)]
    was, now = tables_of(file.base, texts[1]), tables_of(file.head, texts[0])
    changed = [name for name in was.keys() & now.keys() if was[name].counted() != now[name].counted()]
    for name in changed:
        users = [test for test in file.head.tests if _loops_over(test, name)]
        before = [test for test in file.base.tests if _loops_over(test, name)]
        if users and before:
            yield from _lost(was[name], now[name], before[0], context, _reporter(before[0], users[0]))


def _reporter(base: SuiteTest, head: SuiteTest) -> Report:
    def report(kind: str, line: int, message: str, fix: str, certainty: Certainty) -> Suspicion:
        return Suspicion(kind, head.path, line, head.name, message, fix, certainty, base.id, head.id)

    return report


def _renamed(old: Rows, now: Sequence[Rows], report: Report) -> Iterator[Suspicion]:
    """The parameters are others: the number of rows is all that can be compared."""
    total = max((len(one.rows) for one in now), default=0)
    if now and total < len(old.rows):
        line = now[0].rows[0].node.lineno if now[0].rows else 1
        message = f"{len(old.rows)} rows of ({old.names}) became {total} of ({now[0].names})"
        yield report("T1", line, message, _FIX, "likely")


def _disabled(old: Rows, new: Rows, head: SuiteTest, disabling: Disabling, report: Report) -> Iterator[Suspicion]:
    was = {one.values: one for one in old.rows}
    for row in new.rows:
        before = was.get(row.values)
        if not row.marks or (before and before.marks):
            continue
        for one in (d for mark in row.marks for d in disabling.of_mark(mark, head.module)):
            message = f"row ({', '.join(row.values)[:60]}) got {one.text}"
            fix = "let the row run and hold, or say in the notes why it cannot"
            yield report("T2", row.node.lineno, message, fix, _certainty(one, known=before is not None))


def _certainty(one: Disabler, *, known: bool) -> Certainty:
    if one.weight == "environment" or not known:
        return "harmless" if known else "doubtful"
    return "certain" if one.weight == "always" else "likely"


def _lost(old: Rows, new: Rows, base: SuiteTest, context: Context, report: Report) -> Iterator[Suspicion]:
    missing, more = old.counted() - new.counted(), new.counted() - old.counted()
    gone = [one for one in old.rows if one.values in missing and not _elsewhere(one, more, base, context)]
    changed = [one for one in gone if any(_flipped(one.values, other) for other in more)]
    lost = [one for one in gone if one not in changed]
    if changed:
        other = next(other for other in more if _flipped(changed[0].values, other))
        shown = f"({', '.join(changed[0].values)[:60]}) is now ({', '.join(other)[:60]})"
        line = next(one.node.lineno for one in new.rows if one.values == other)
        yield report("T4", line, f"row {shown}", "say in the notes why the old value was wrong", "explainable")
    if lost and new.rows and missing.total() > more.total():
        shown = "; ".join(f"({', '.join(one.values)[:60]})" for one in lost[:3])
        explained = any(context.removals.mentioned(base, one.node) for one in lost) or context.removals.mentioned(base)
        certainty: Certainty = "explainable" if explained else "likely"
        line = new.rows[0].node.lineno if new.rows else 1
        yield report("T1", line, f"{len(lost)} of {len(old.rows)} rows are gone: {shown}", _FIX, certainty)


def _elsewhere(row: Row, more: object, base: SuiteTest, context: Context) -> bool:
    """Tell whether a row was moved to another test, or went with a name that the source lost."""
    removed = context.removals.mentioned(base, row.node)
    if removed and removed[0] == "symbol":
        return True
    held = set(constants(row.node))
    return bool(held) and not more and context.remaining.holds(held)


def _flipped(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Tell whether two rows have the same input and another result."""
    return len(old) == len(new) > 1 and old != new and old[:-1] == new[:-1]


def _loops_over(test: SuiteTest, name: str) -> bool:
    for node in walk(test.node):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            return any(isinstance(one, ast.Name) and one.id == name for one in walk(node.iter))
    return False
