"""`dodcheck hook`."""

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from msgspec.structs import replace

from dodcheck.app import check
from dodcheck.cli.options import hook_options
from dodcheck.cli.running import asked_of
from dodcheck.cli.session import session
from dodcheck.cli.stop_event import StopEvent
from dodcheck.errors import DodcheckError, ToolError
from dodcheck.reply import open_items, reply
from dodcheck.report import ItemResult
from dodcheck.sources import children
from dodcheck.verdict import Status, visible

_LIMIT = 50.0  # seconds; less than the 60 that `init` gives the hook
_FULL_LIMIT = 540.0


class _OutOfTimeError(BaseException):
    """The time is up; no rule may take it for an error of its own."""


@click.group()
def hook() -> None:
    """Answer the hooks of a coding agent: JSON in, JSON out."""


@hook.command()
@hook_options
@click.option("--full", is_flag=True, help="The whole check, tests and type checker too; default: as with --fast.")
@click.option(
    "--review",
    is_flag=True,
    help="What waits for a person blocks as well, whatever it is; default: only what the agent can write otherwise.",
)
@click.option(
    "--limit",
    type=click.FloatRange(min=1),
    help=f"Seconds for the check; default: {_LIMIT:g}, with --full {_FULL_LIMIT:g}.",
)
def stop(full: bool, review: bool, limit: float | None, **asked: Any) -> int:  # noqa: ANN401, FBT001 - click's parameters
    """Keep a coding agent at work while its change is not done: its Stop hook.

    Reads the event on standard input and prints the decision to go on, with what is open, where,
    and the fix; nothing when the agent may stop.  It may where the change is done or there is
    none, outside of a repository, when a hook has sent it on once already, and when the check
    itself fails: that is told on stderr.  The exit status is 0.

    On the default branch the change is what is uncommitted.  What only a person can settle of the
    change as a whole (an explanation of a break, an item that no rule answers) stops no agent.
    """
    event = StopEvent.read(sys.stdin.buffer.read())
    reason = None
    try:
        if not event.settled and _in_work_tree(event.folder):
            seconds = limit or (_FULL_LIMIT if full else _LIMIT)
            reason = _reason(event.folder, asked | {"fast": not full}, review=review, seconds=seconds)
    except DodcheckError as error:
        click.echo(f"dodcheck: {visible(str(error))}", err=True)
    answer = event.answer(reason)
    if answer:
        click.echo(answer)
    return 0


def _in_work_tree(folder: Path) -> bool:
    return any((place / ".git").exists() for place in (folder, *folder.parents))


def _reason(folder: Path, asked: Mapping[str, Any], *, review: bool, seconds: float) -> str | None:
    """Check the agent's change; return what is open, or None."""
    wanted = asked_of({**asked, "strict": False, "notes": None})
    with _within(seconds), session(replace(wanted, uncommitted=True), folder) as job:
        if not job.change.files:
            return None
        report = check(job)
        items = open_items(report, job.rules, needs_review=job.config.needs_review, review=review)
    _tell([item for item in report.items if item.status is Status.ERROR])
    return reply(report, items) if items else None


def _tell(unknown: list[ItemResult]) -> None:
    for item in unknown:
        click.echo(f"dodcheck: could not check {item.text!r}: {item.summary}", err=True)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Run for so long at most; what still runs then is ended, and nothing is known."""

    def ring(number: int, frame: FrameType | None) -> None:
        del number, frame
        children.stop(_OutOfTimeError())  # rules wait for children, and the way out waits for the rules

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _OutOfTimeError:
        raise ToolError(f"the check took more than {seconds:g} s and was ended", "raise --limit") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
