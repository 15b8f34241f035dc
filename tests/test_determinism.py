"""The same change gives the same verdict, word for word, in every run."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from dodcheck.registry import load
from dodcheck.testing import verdict_of

PROGRAM = (
    "import sys, msgspec, test_determinism as t; sys.stdout.buffer.write(msgspec.json.encode(t.told(int(sys.argv[1]))))"
)


def told(step: int) -> dict[str, str]:
    """Return what every rule says of each of its cases, taken forwards or backwards.

    Sets of objects without a hash of their own are ordered by where these lie in memory, which depends on what was
    made before.
    """
    cases = [(one, case) for one in load().values() for case in one.cases][::step]
    return {
        f"{one.id}: {case.name}": msgspec.json.encode(verdict_of(one, case)).decode("utf-8", "replace")
        for one, case in cases
    }


def in_a_run(step: int) -> dict[str, str]:
    """Return the same of a process in which sets of texts have an order of their own."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(step)],
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONHASHSEED": str(step + 2)},
        capture_output=True,
        check=True,
    )
    return msgspec.json.decode(ran.stdout, type=dict[str, str])


def test_no_verdict_hangs_on_the_order_of_a_set() -> None:
    forwards, backwards = in_a_run(1), in_a_run(-1)
    assert forwards
    assert {name for name in forwards if forwards[name] != backwards[name]} == set()
