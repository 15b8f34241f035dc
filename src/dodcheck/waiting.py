"""Waiting for work in other threads so that Ctrl-C is always heard."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

T = TypeVar("T")
_BLINK = 0.1  # seconds


def completed(futures: Iterable[Future[T]]) -> Iterator[Future[T]]:
    """Yield futures as they are done.

    In turns, unlike `as_completed`: the system may give Ctrl-C to another thread, and that wakes nobody who waits here.

    Args:
        futures: What is being worked on.
    """
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, _BLINK, FIRST_COMPLETED)
        yield from done
