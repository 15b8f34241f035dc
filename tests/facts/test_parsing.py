"""Texts are parsed by many threads at once, and none gets in the way of another."""

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dodcheck.facts.code.parsing import expression, parsed

CODE = f"x = {'+'.join(f'f({number}, [a.b, (c, d)])' for number in range(40))}\n"


class Dying:
    """Garbage that runs code when it is collected, in the middle of anything."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        sum(range(20))


@pytest.fixture
def crowded() -> Iterator[None]:
    """Threads take turns, and garbage is collected, as often as can be."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50, 2, 2)
    yield
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("crowded")
def test_many_threads_parse_at_once() -> None:  # CPython 3.11's own `ast.parse` fails in one of fifty
    def work(_: int) -> int:
        for _ in range(15):
            Dying()
            parsed(CODE)
            expression("f(1)[2]")
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 8
