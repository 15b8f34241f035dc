"""From a definition and a change to a report: the story of one run."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

import msgspec

from dodcheck import __version__
from dodcheck.change import Change, Side, Snapshot
from dodcheck.config import Config
from dodcheck.definition import Bindings, Definition
from dodcheck.engine import Facts, Outcomes, Provider, run, slow_roots
from dodcheck.facts.runs.change_kind import ChangeKind
from dodcheck.facts.tasks.chosen_task import ChosenTask
from dodcheck.facts.tasks.task_files import Tasks
from dodcheck.history import History
from dodcheck.judging import judge
from dodcheck.notes import Notes
from dodcheck.planning import Answer, PlannedItem, Selection, plan
from dodcheck.readings import Readings
from dodcheck.report import ChangeInfo, DefinitionInfo, Ref, Report, RunInfo, TaskInfo, overall, presentable
from dodcheck.rule import Rule
from dodcheck.run import Linter, Ran, SchemaDatabase, SchemaGenerator, SuiteRunner, SyntaxReader, TypeChecker
from dodcheck.task_report import task_report
from dodcheck.tasks import TaskRequest
from dodcheck.waiting import completed

Progress = Callable[[str], None]


class Tools(msgspec.Struct, frozen=True):
    """The tools of the project, and what they have run so far."""

    linter: Callable[[], Linter]
    checker: Callable[[], TypeChecker]
    suite: Callable[[], SuiteRunner]
    syntax: Callable[[], SyntaxReader]
    schemas: Callable[[], SchemaGenerator]
    database: Callable[[], SchemaDatabase]
    runs: Callable[[], Sequence[Ran]] = tuple


class Job(msgspec.Struct, frozen=True):
    """Everything that one run needs.

    Args:
        definition: The document.
        revision: Where it was read from.
        change: What to check.
        base: How base is called.
        head: How head is called.
        top: The work tree's root.
        config: The team's configuration.
        rules: Every rule by id.
        bindings: Returns which rules answer the definition's items.
        tools: The project's tools.
        selection: What of the definition to look at.
        notes: What the author says.
        history: What the commits say; read when it is asked for.
        readings: What earlier runs read off the files.
        task: Which task the caller names.
        remarks: What a reader must know of how the run was made.
        progress: Told what starts now.
        line_by_line: The report also holds the lines that the change adds or alters.
        today: The day on which waivers are judged.
    """

    definition: Definition
    revision: str
    change: Change
    base: Ref
    head: Ref
    top: Path
    config: Config
    rules: Mapping[str, Rule]
    bindings: Callable[[], Bindings]
    tools: Tools
    selection: Selection = msgspec.field(default_factory=Selection)
    notes: Notes = msgspec.field(default_factory=Notes)
    history: Callable[[], History] = History
    readings: Readings = msgspec.field(default_factory=Readings)
    task: TaskRequest = msgspec.field(default_factory=TaskRequest)
    remarks: tuple[str, ...] = ()
    progress: Progress = lambda _: None
    line_by_line: bool = False
    today: date = msgspec.field(default_factory=lambda: datetime.now(UTC).date())


def check(job: Job) -> Report:
    """Run every rule that answers an item of the definition, and put the report together."""
    began, started = datetime.now(UTC), perf_counter()
    job.selection.refuse_unknown(job.rules)
    rows = plan(
        job.definition,
        job.bindings(),
        job.rules,
        job.config,
    )
    facts = Facts(_providers(job), fast=job.selection.fast)
    outcomes = _run_all(job, rows, facts) if job.change.files else {}
    items = judge(rows, outcomes, job.selection, job.config, job.notes, job.today, changed=bool(job.change.files))
    report = Report(
        version=__version__,
        verdict=overall(items),
        change=ChangeInfo(job.base, job.head, facts.get(ChangeKind).name, job.change.files),
        definition=DefinitionInfo(job.definition.path, job.revision, job.definition.title),
        task=_task(facts),
        items=items,
        report=task_report(
            job.definition, items, facts, {answer.rule.id for answer in outcomes}, line_by_line=job.line_by_line
        ),
        runs=tuple(map(_run_info, sorted(job.tools.runs(), key=lambda ran: (ran.name, ran.cwd, ran.command)))),
        notes=job.remarks,
        started=began.isoformat(timespec="seconds"),
        seconds=round(perf_counter() - started, 3),
    )
    job.readings.keep()
    return presentable(report)


def _providers(job: Job) -> Mapping[type, Provider]:
    return {
        Change: lambda _: job.change,
        Snapshot: lambda side: job.change.base if side is Side.BASE else job.change.head,
        Linter: lambda _: job.tools.linter(),
        TypeChecker: lambda _: job.tools.checker(),
        SuiteRunner: lambda _: job.tools.suite(),
        SchemaGenerator: lambda _: job.tools.schemas(),
        SyntaxReader: lambda _: job.tools.syntax(),
        Readings: lambda _: job.readings,
        SchemaDatabase: lambda _: job.tools.database(),
        Notes: lambda _: job.notes,
        History: lambda _: job.history(),
        TaskRequest: lambda _: job.task,
    }


def _run_all(job: Job, rows: Sequence[PlannedItem], facts: Facts) -> Mapping[Answer, Outcomes]:
    """Run each rule once for each of its settings, side by side."""
    answers = {answer for row in rows for answer in row.answers if job.selection.leaves_out(answer.rule) is None}

    def one(answer: Answer) -> Outcomes:
        job.progress(answer.rule.id)
        return run(answer.rule, facts, answer.options)

    ordered = sorted(answers, key=lambda answer: answer.rule.id)
    slow = (answer.rule for answer in ordered if not (facts.fast or answer.rule.known_fast))
    first = dict.fromkeys(root for rule in slow for root in slow_roots(rule.check))
    with ThreadPoolExecutor(max_workers=8 + len(first), thread_name_prefix="rule") as pool:
        for root in first:
            pool.submit(facts.get, root)  # remembered, failure or not: its rule asks for it again
        said = {answer: pool.submit(one, answer) for answer in ordered}
        try:
            for _ in completed(said.values()):
                pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return {answer: future.result() for answer, future in said.items()}


def _task(facts: Facts) -> TaskInfo | None:
    """Return the change's task; commits are asked for one only where the project has tasks."""
    if facts.get(Tasks).listed.path is None:
        return None
    task = facts.get(ChosenTask).head
    return TaskInfo(task.id, task.title, task.status) if task else None


def _run_info(ran: Ran) -> RunInfo:
    return RunInfo(
        ran.name, ran.command, ran.cwd, ran.exit, round(ran.seconds, 3), ran.timed_out, ran.version, ran.note
    )
