"""`dodcheck done`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from dodcheck.cli.options import task_options
from dodcheck.cli.output import render, write_whole
from dodcheck.cli.running import asked_of, watched
from dodcheck.cli.session import session
from dodcheck.errors import UsageError
from dodcheck.facts.tasks.task_files import PLACES
from dodcheck.report import EXIT, ItemResult, Report, blocks
from dodcheck.tasks import TaskRequest, with_status
from dodcheck.verdict import Status


@click.command()
@click.argument("task")
@task_options
@click.option(
    "-o",
    "output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the task report goes; default: handoff/TASK-report.md.",
)
def done(task: str, output: Path | None, **asked: Any) -> int:  # noqa: ANN401 - click's parameters
    """Check the change of TASK; only if it is done, set its status and write its report.

    The whole check runs over the working tree, tests and all.  Where anything is open, what
    that is is printed and nothing is written.  The task file keeps its formatting.
    """
    with session(asked_of(asked | {"task": task}), Path.cwd()) as job:
        path = _task_file(job.task, job.change.head.paths())
        before = (job.change.head.read(path) or "").encode()
        report = watched(job, quiet=asked["quiet"])
    if report.verdict != "done":
        _refuse(task, report, strict=asked["strict"])
        return EXIT[report.verdict]
    target = output or job.top / "handoff" / f"{task.replace('/', '-')}-report.md"
    _write(job.top / path, before, target, report, task)
    shown = target.relative_to(job.top) if target.is_relative_to(job.top) else target
    click.echo(f"{task} is done: {path} says so, and its report is {shown}")
    return 0


def _task_file(request: TaskRequest, paths: Sequence[str]) -> str:
    there = [path for path in ((request.file,) if request.file else PLACES) if path in paths]
    if not there:
        raise UsageError("there is no task file", "write tasks.json, or name its place with `tasks` in [tool.dodcheck]")
    return there[0]


def _refuse(task: str, report: Report, *, strict: bool) -> None:
    """Print what is open: what blocks, then what could not be checked."""
    blocking = [one for one in report.items if blocks(one, strict=strict, needs_review="block")]
    unknown = [one for one in report.items if one.status is Status.ERROR]
    click.echo(f"{task} is not done; {_items(blocking + unknown)} open, and nothing was written:")
    for item in (*blocking, *unknown):
        click.echo(f"- {item.status}: {item.text}\n    {item.summary}")


def _items(found: Sequence[ItemResult]) -> str:
    return f"{len(found)} item{'s are' if len(found) != 1 else ' is'}"


def _write(file: Path, before: bytes, target: Path, report: Report, task: str) -> None:
    """Write the report, then the status; where the second fails, the first is taken back."""
    told = replace(report, task=replace(report.task, status="done")) if report.task else report
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, render(told, "markdown", verbose=True, color=False))
    try:
        _set_done(file, before, task)
    except (UsageError, ValueError, OSError) as error:
        target.unlink(missing_ok=True)
        raise UsageError(f"nothing was written: {error}", "run it again") from error


def _set_done(file: Path, before: bytes, task: str) -> None:
    if file.read_bytes() != before:
        raise UsageError(f"{file.name} changed while it was checked")
    write_whole(file, with_status(before.decode(), task, "done"))
