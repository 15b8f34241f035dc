"""What runs now, on the terminal of whoever waits, and how long it took before."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import click

from dodcheck.run import Ran
from dodcheck.sources.durations import Durations
from dodcheck.sources.process import Child, Watcher, watched_by
from dodcheck.store import cache_home

if TYPE_CHECKING:
    from rich.table import Table

_PATIENCE = 0.4  # seconds that a child may take before anybody wonders
_CLEAR = "\r\x1b[2K"


class _Running(NamedTuple):
    """A child, and when it started."""

    child: Child
    since: float


@contextmanager
def progress(top: Path, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show on stderr what runs, where somebody looks; yield what is to be told the name of each rule.

    rich is imported only once a child has run for a while: a commit hook is over by then.

    Args:
        top: The work tree's root, for which durations are remembered.
        quiet: Show nothing.
    """
    past = Durations(cache_home(), top)
    with ExitStack() as stack:
        stack.callback(past.keep)
        stack.enter_context(watched_by(Watcher(past.ended)))
        if quiet or not _is_looked_at():
            yield lambda _: None
            return
        display = _Display(past)
        stack.callback(display.close)
        stack.enter_context(watched_by(Watcher(display.ended, display.started)))
        yield display.rule


def _is_looked_at() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


class _Display:
    """A line with the rule that started last, and from the first slow child on a table of children.

    Args:
        past: How long they took before.
    """

    def __init__(self, past: Durations) -> None:
        self._past = past
        self._running: list[_Running] = []
        self._rule = ""
        self._lock = Lock()
        self._over = Event()
        self._drawn = False
        self._thread: Thread | None = None

    def rule(self, name: str) -> None:
        """A rule starts."""
        with self._lock:
            self._rule = name
            if not self._drawn:
                click.echo(f"{_CLEAR}checking {name} …", err=True, nl=False)

    def started(self, child: Child) -> None:
        """See `Watcher.started`."""
        with self._lock:
            self._running.append(_Running(child, perf_counter()))
            if self._thread is None:
                self._thread = Thread(target=self._show, name="progress", daemon=True)
                self._thread.start()

    def ended(self, child: Child, ran: Ran | None) -> None:
        """See `Watcher.ended`."""
        del ran
        with self._lock:
            self._running = [one for one in self._running if one.child is not child]

    def close(self) -> None:
        """Leave nothing on the terminal."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        click.echo(_CLEAR, err=True, nl=False)

    def _show(self) -> None:
        while not self._over.wait(_PATIENCE):
            if any(perf_counter() - one.since >= _PATIENCE for one in self._running):
                break
        else:
            return
        from rich.console import Console  # noqa: PLC0415 - see `progress`
        from rich.live import Live  # noqa: PLC0415 - likewise

        console = Console(stderr=True)
        with self._lock:
            self._drawn = True
            click.echo(_CLEAR, err=True, nl=False)
        live = Live(
            console=console,
            get_renderable=self._rows,
            transient=True,
            refresh_per_second=4,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        with suppress(OSError), live:  # the terminal may be gone
            self._over.wait()

    def _rows(self) -> "Table":
        from rich.table import Table  # noqa: PLC0415 - see `progress`
        from rich.text import Text  # noqa: PLC0415 - likewise

        with self._lock:
            running, rule, now = list(self._running), self._rule, perf_counter()
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True, style="dim", overflow="ellipsis")
        for child, since in running:
            before = self._past.before(child)
            took = f"{before:.0f} s before" if before else ""
            table.add_row(Text(f"{child.name} ({child.side})"), f"{now - since:.0f} s", took)
        if not running:
            table.add_row(Text(f"checking {rule} …"))
        return table
