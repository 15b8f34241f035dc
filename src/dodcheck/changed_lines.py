"""What a change adds or alters line by line, with what ran of it: the code beside its findings."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from dodcheck.change import Change, ChangedFile
from dodcheck.engine import Facts
from dodcheck.errors import DodcheckError
from dodcheck.report_sections import ChangedLine, ChangedLines
from dodcheck.secret_shapes import hidden
from dodcheck.verdict import printable

_OF_A_FILE = 400  # lines
_OF_ALL = 3_000
_LONG = 300  # characters
_NO_CODE = {"lock", "data"}


def changed_lines(facts: Facts, *, tested: bool) -> tuple[ChangedLines, ...]:
    """Return the lines of each file that can be read as text.

    Args:
        facts: Where the change is, and what the tests ran of it.
        tested: The tests ran, so that it is known which lines they reached.
    """
    change, ran = facts.get(Change), _reached(facts) if tested else {}
    shown, room = [], _OF_ALL
    for file in change.files:
        if file.status == "deleted" or not file.added or file.role in _NO_CODE or file.path.endswith(".ipynb"):
            continue
        one = _of_file(change, file, ran.get(file.path, {}), min(room, _OF_A_FILE))
        room -= len(one.lines)
        shown.append(one)
    return tuple(shown)


def _reached(facts: Facts) -> dict[str, dict[int, bool]]:
    """Return for each line that a test could run whether one did, by path."""
    from dodcheck.facts.runs.changed_code import UncoveredLines  # noqa: PLC0415 - a hook runs no tests

    with suppress(DodcheckError):  # told by the rule that needed it
        found = facts.get(UncoveredLines)
        missed = {path: set(lines) for path, lines in found.uncovered.items()}
        return {
            path: {line: line not in missed.get(path, ()) for line in lines} for path, lines in found.counted.items()
        }
    return {}


def _of_file(change: Change, file: ChangedFile, ran: dict[int, bool], room: int) -> ChangedLines:
    added = sorted(change.added_lines(file))
    text = hidden(change.head.read(file.path) or "").split("\n")
    return ChangedLines(file.path, tuple(_lines(text, added[:room], ran)), max(0, len(added) - room))


def _lines(text: list[str], added: Collection[int], ran: dict[int, bool]) -> Iterator[ChangedLine]:
    for number in added:
        line = printable(text[number - 1].rstrip("\r")) if number <= len(text) else ""
        yield ChangedLine(number, line if len(line) <= _LONG else f"{line[:_LONG]}…", ran.get(number))
