"""What was tried against dodcheck, as tables for the README, from the outcomes of the tests that try it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from held_runs import STAGES
from test_full_disks import OTHERS
from test_hostile import HOSTILE
from test_parsers import READERS

README = Path(__file__).parent.parent / "README.md"
_START, _END = "<!-- hardships -->", "<!-- /hardships -->"
_REPOSITORY = "test_hostile.py::test_a_fast_check_survives"
_SIGNAL = "test_faults.py::test_a_run_is_ended_at_a_stage"
_FULL = "test_full_disks.py::test_no_room"
_CACHE = "test_store.py::test_"


class Count(NamedTuple):
    """How many tests of a row there were, and how many of them passed."""

    tried: int = 0
    survived: int = 0

    def __str__(self) -> str:
        return "–" if not self.tried else "survived" if self.survived == self.tried else "**not survived**"


INPUTS: Mapping[str, str] = {  # what is tried, and how the names of its tests begin
    **{(one.__doc__ or "").rstrip("."): f"{_REPOSITORY}[{one.__name__}]" for one in HOSTILE},
    f"Any text, to each of {len(READERS)} parsers": "test_parsers.py::test_any_text",
    "Texts that are deep, long or hold themselves, to the same": "test_parsers.py::test_deep",
    "Any two texts, for the lines that a change adds": "test_hunks.py",
    "Names with line ends, escapes and commands, in each format": "test_odd_names.py",
    "Secrets in changed files, variables and messages": "test_secrets.py",
}
CACHE: Mapping[str, str] = {
    "Damaged entries of the cache": f"{_CACHE}a_damaged",
    "Ten runs that share a cache": f"{_CACHE}ten_at_once",
    "A run that is killed while it writes the cache": f"{_CACHE}killed",
    "A cache folder that nobody may write to": f"{_CACHE}a_home",
}


def full_disk(at: str) -> str:
    """Return how the names of the tests of a full disk at a stage begin; empty where none is tried."""
    own = {"new-": f"{_FULL}_for_what_is_kept", "report": f"{_FULL}_for_a_report"}
    return own.get(at, "" if at in OTHERS else f"{_FULL}_for_scratch_files_from_a_stage_on[{at}]")


def tables(passed: Mapping[str, bool]) -> str:
    """Return both tables in Markdown.

    Args:
        passed: Whether each test passed, by its id from the file's name on.
    """
    return "\n".join(["", *_inputs(passed), "", *_faults(passed), ""])


def _inputs(passed: Mapping[str, bool]) -> Iterator[str]:
    yield from ("| hostile input | tried | survived |", "| --- | ---: | ---: |")
    for words, start in {**INPUTS, **CACHE}.items():
        count = _count(passed, start)
        yield f"| {words} | {count.tried} | {count.survived} |"


def _faults(passed: Mapping[str, bool]) -> Iterator[str]:
    yield from ("| fault while | SIGINT, SIGTERM, SIGKILL | disk full |", "| --- | --- | --- |")
    for at, stage in STAGES.items():
        full = full_disk(at)
        yield f"| {stage.words} | {_count(passed, f'{_SIGNAL}[{at}]')} | {_count(passed, full) if full else Count()} |"


def _count(passed: Mapping[str, bool], start: str) -> Count:
    own = [one for name, one in passed.items() if name.startswith(start)]
    return Count(len(own), sum(own))


def shown() -> str:
    """Return the tables that the README has."""
    return README.read_text(encoding="utf-8").partition(_START)[2].partition(_END)[0]


def write(text: str) -> None:
    """Put the tables into the README."""
    before, _, rest = README.read_text(encoding="utf-8").partition(_START)
    README.write_text(f"{before}{_START}\n{text}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")
