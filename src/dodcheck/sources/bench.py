"""A child that answers one line with one line, as long as it is wanted, and that is ended when it takes too long."""

import contextlib
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import IO, cast

_GRACE = 3.0  # seconds between the end of its input and SIGKILL
_ROOM = 1 << 16


class Lost(Exception):  # noqa: N818 - what happened to the child, in words
    """The child gave no answer; the text says why."""


class Bench:
    """One child, started when it is first asked, and anew after it was lost.

    At the end of its input the child ends itself and whatever it has started: so it does not outlive us, even when we
    are killed.

    Args:
        command: Program and arguments.
        environ: Its whole environment.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._command = command
        self._environ = environ
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._asking = Lock()
        self._closed = False

    def ask(self, question: bytes, limit: float) -> bytes:
        """Return the answer to one line.

        Args:
            question: A line without its end.
            limit: Seconds to wait.

        Raises:
            Lost: No answer came in time, or the child ended.
        """
        with self._asking:
            child = self._started()
            try:
                with contextlib.suppress(OSError, ValueError):  # it is gone, or being closed: its answer says so
                    cast("IO[bytes]", child.stdin).write(question + b"\n")
                return self._answer(child, monotonic() + limit, limit)
            except BaseException:
                self._end(child)
                cast("IO[bytes]", child.stdout).close()
                raise

    def close(self) -> None:
        """End the child; who waits for its answer is told that it is lost."""
        with self._lock:
            self._closed = True
            child = self._child
        if child is not None:
            self._end(child)
            with self._asking:  # nobody reads any more
                cast("IO[bytes]", child.stdout).close()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise Lost("the audit was ended")
            if self._child is None or self._child.poll() is not None:
                self._child = subprocess.Popen(  # noqa: S603 - fixed arguments
                    self._command,
                    env=dict(self._environ),
                    cwd=Path("/"),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    start_new_session=True,  # Ctrl-C is ours to answer
                )
            return self._child

    @staticmethod
    def _answer(child: subprocess.Popen[bytes], until: float, limit: float) -> bytes:
        handle = cast("IO[bytes]", child.stdout).fileno()
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        got = bytearray()
        while not got.endswith(b"\n"):
            if not poll.poll(max(0.0, until - monotonic()) * 1000):
                raise Lost(f"out of time: no answer in {limit:g} s")
            part = os.read(handle, _ROOM)
            if not part:
                raise Lost(f"the check crashed ({_ending(child)})")
            got += part
        return bytes(got[:-1])

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(OSError):
            cast("IO[bytes]", child.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _ending(child: subprocess.Popen[bytes]) -> str:
    try:
        code = child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        return "its output was closed"
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
