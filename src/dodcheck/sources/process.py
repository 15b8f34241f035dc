"""Children: their own process group, a time limit, a scrubbed environment."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dodcheck.errors import ToolError
from dodcheck.run import Ran
from dodcheck.sources import children
from dodcheck.sources.plumbing import without_git
from dodcheck.sources.room import is_full, no_room

if TYPE_CHECKING:
    from dodcheck.sources.sandbox import Box

_GRACE = 3.0  # seconds between SIGTERM and SIGKILL
_FOREIGN = ("DODCHECK_", "PYTEST_XDIST_", "PYTEST_CURRENT_")  # a suite that runs dodcheck is not the one it runs
_OWN = (
    "PYTHONSTARTUP",
    "PYTHONINSPECT",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
    "COV_CORE_SOURCE",
)
_spare = BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))  # one core stays with the whole suite


class Child(msgspec.Struct, frozen=True):
    """What to start.

    Args:
        name: The tool, as reports call it.
        command: Program and arguments.
        shown: The command as a person would type it.
        cwd: Where to run.
        side: The side that the folder holds.
        limit: Seconds until it is ended.
        version: The tool's version.
        note: See `Ran.note`.
        environ: Variables on top of the scrubbed environment.
        brief: It is over in a moment: nobody watches that it ends when we are killed.
        clearing: It clears up, and so it runs when the run is being interrupted, too.
        urgent: Others wait for it: it starts at once. The rest share the remaining cores.
        handed: Bytes that it reads from the descriptor named by `DODCHECK_HANDED`. Unlike a variable, what
            was read there is not found again in `/proc`.
        box: The sandbox that it runs in; None for none.
    """

    name: str
    command: Sequence[str]
    shown: Sequence[str]
    cwd: Path
    side: str
    limit: float
    version: str | None = None
    note: str = ""
    environ: Mapping[str, str] = {}
    brief: bool = False
    clearing: bool = False
    urgent: bool = False
    handed: bytes = b""
    box: "Box | None" = None


class Watcher(NamedTuple):
    """Is told of every child that runs to its end; from the threads that wait for them.

    Args:
        ended: Called when a child has ended; with None when that was not by itself.
        started: Called when a child runs from now on.
    """

    ended: Callable[[Child, Ran | None], None]
    started: Callable[[Child], None] = lambda _: None


_watchers: list[Watcher] = []


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell a watcher of children meanwhile."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def run_child(child: Child) -> Ran:
    """Run a child to its end, or to its time limit; its whole process group goes with it.

    Raises:
        ToolError: The program cannot be started, or it ended where no room is left.
    """
    with contextlib.nullcontext() if child.urgent else _spare:
        return _run_now(child)


def started(child: Child, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start a child in its own process group; whoever starts one calls `children.ended` at last.

    Raises:
        ToolError: The program cannot be started, or the run is being interrupted.
    """
    environ = {k: v for k, v in without_git(os.environ).items() if k not in _OWN and not k.startswith(_FOREIGN)}
    return _start(child, {**environ, **child.environ}, stdin)


def _run_now(child: Child) -> Ran:
    told, ran = tuple(_watchers), None
    for one in told:
        one.started(child)
    try:
        ran = _run_to_its_end(child)
    finally:
        for one in told:
            one.ended(child, ran)
    return ran


def _run_to_its_end(child: Child) -> Ran:
    began = perf_counter()
    process = started(child)
    timed_out = False
    try:
        out, err = process.communicate(timeout=child.limit)
    except subprocess.TimeoutExpired:
        timed_out = True
        out, err = _end(process)
    finally:
        children.ended(process)
    if is_full(child.cwd):
        raise no_room(child.cwd)
    ran = Ran(
        name=child.name,
        command=tuple(child.shown),
        cwd=child.side,
        exit=process.returncode,
        stdout=out.decode("utf-8", "replace"),
        stderr=err.decode("utf-8", "replace"),
        seconds=perf_counter() - began,
        timed_out=timed_out,
        version=child.version,
        note=child.note,
    )
    return ran if child.box is None else child.box.told(ran)


def _start(child: Child, environ: Mapping[str, str], stdin: int) -> subprocess.Popen[bytes]:
    reading, writing = os.pipe()
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(child.handed)  # far less than a pipe holds
        return children.started(
            child.box.command(child.command, child.cwd) if child.box else list(child.command),
            lasting=not child.brief,
            clearing=child.clearing,
            cwd=child.cwd,
            env={**environ, "DODCHECK_HANDED": str(reading)} if child.handed else environ,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if stdin == subprocess.DEVNULL else subprocess.DEVNULL,
            pass_fds=(reading,) if child.handed else (),
        )
    except OSError as error:
        raise ToolError(f"{child.name}: cannot start {child.command[0]}: {error.strerror}") from error
    finally:
        os.close(reading)


def _end(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Ask, wait, then kill: a process that ignores SIGTERM must not hold the gate."""
    children.kill_group(process.pid, signal.SIGTERM)
    try:
        return process.communicate(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        children.kill_group(process.pid)
        return process.communicate()
