"""Process groups of the children that run now: none outlives a run that is asked to stop.

A killed run cannot end its children itself.  So lasting ones, those that run the project's code or take their time,
are told to a guard, a child of ours (see `guard`).  What is over in a moment, as in a commit hook, costs no guard;
should it not be over, the next run ends it (see `scratch`).
"""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Lock, current_thread, get_ident, main_thread
from typing import IO, Any, cast

from dodcheck.errors import ToolError

_GUARD = Path(__file__).parent / "guard.py"
_live: set[int] = set()
_lasting: set[int] = set()
_folders: set[str] = set()  # as the guard knows them
_starting: set[int] = set()  # threads
_stopping = Event()
_reasons: list[BaseException] = []
_guarding = Lock()
_guards: list[subprocess.Popen[bytes]] = []


def started(
    command: Sequence[str],
    *,
    lasting: bool = False,
    clearing: bool = False,
    **how: Any,  # noqa: ANN401 - Popen's
) -> subprocess.Popen[bytes]:
    """Start a child as the first of its process group and return it; whoever starts one calls `ended` at last.

    Args:
        command: Program and arguments.
        lasting: It is ended even when we are killed.
        clearing: It clears up, and so it runs when the run is being interrupted, too.
        how: Further arguments of `Popen`.

    Raises:
        OSError: It cannot be started.
        ToolError: The run is being interrupted.
    """
    if _stopping.is_set() and not clearing:
        raise ToolError("interrupted")
    if lasting:
        _wake_guard()
    _starting.add(get_ident())
    try:
        process = subprocess.Popen(command, start_new_session=True, **how)  # noqa: S603 - no shell; arguments are the callers'
        _live.add(process.pid)
    finally:
        _starting.discard(get_ident())
    if lasting:
        _lasting.add(process.pid)
        _tell_guard(f"+G{process.pid}\n")
    if _stopping.is_set() and not clearing:  # asked to stop between the start and here
        kill_group(process.pid)
        _give_reason()
    return process


def ended(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child's process group."""
    kill_group(process.pid)
    _live.discard(process.pid)
    if process.pid in _lasting:
        _lasting.discard(process.pid)
        _tell_guard(f"-G{process.pid}\n")


def ran(
    command: Sequence[str],
    *,
    stdin: bytes = b"",
    limit: float | None = None,
    **how: Any,  # noqa: ANN401 - Popen's
) -> subprocess.CompletedProcess[bytes]:
    """Run a child to its end and return what it wrote; on every way out it has ended.

    Args:
        command: Program and arguments.
        stdin: Its standard input.
        limit: Seconds until it is ended.
        how: Further arguments of `Popen`.

    Raises:
        OSError: It cannot be started.
        TimeoutExpired: It took too long.
        ToolError: The run is being interrupted.
    """
    pipe = subprocess.PIPE
    with started(command, stdin=pipe, stdout=pipe, stderr=pipe, **how) as process:
        try:
            out, err = process.communicate(stdin, limit)
        finally:
            ended(process)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def end_all() -> None:
    """Kill the process groups of every child that still runs, and let no other start.

    Called from signal handlers, so it takes no lock that the interrupted code may hold.
    """
    _stopping.set()
    for group in tuple(_live):
        kill_group(group)


def stop(reason: BaseException) -> None:
    """End all children and raise the reason: in a signal's handler, at once or when the start of a child is over.

    In the middle of a start nobody would know of the child.
    """
    end_all()
    if get_ident() not in _starting:
        raise reason
    _reasons.append(reason)


def _give_reason() -> None:
    if _reasons and current_thread() is main_thread():
        raise _reasons.pop()


def kill_group(group: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a process group a signal, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def hold(folder: Path) -> None:
    """Have a scratch folder removed, with all that works in it, should we be killed."""
    _folders.add(name := f"F{os.fsencode(folder).hex()}")
    _tell_guard(f"+{name}\n")


def release(folder: Path) -> None:
    """A scratch folder is gone."""
    _folders.discard(name := f"F{os.fsencode(folder).hex()}")
    _tell_guard(f"-{name}\n")


def _wake_guard() -> None:
    """Start the guard apart from all that reaches our group, our folder or who reads our output."""
    with _guarding:
        if _guards:
            return
        quiet = subprocess.DEVNULL
        with contextlib.suppress(OSError):  # without a guard the next run ends what is left
            command = [sys.executable, "-I", "-S", str(_GUARD)]
            guard = subprocess.Popen(  # noqa: S603 - fixed arguments
                command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, cwd="/", start_new_session=True
            )
            _guards.append(guard)
            atexit.register(guard.communicate)
    for folder in tuple(_folders):
        _tell_guard(f"+{folder}\n")


def _tell_guard(line: str) -> None:
    with contextlib.suppress(OSError):
        for guard in _guards:
            os.write(cast("IO[bytes]", guard.stdin).fileno(), line.encode())
