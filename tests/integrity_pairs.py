"""Honest changes and cheats, as pairs of small trees: what the rule `test-integrity` must tell apart.

They stand in `tests/integrity/*.txt`, in a form that reads like a diff without line numbers:

    == a test is skipped
    fail test-disabled
    after tests/test_calc.py
    +@pytest.mark.skip
     def test_total():

`before` alters the common base (`base.txt`) into the pair's own base, `after` makes the head of it; `~` parts two
places in one file, `after OLD -> NEW` moves a file, `after FILE deleted` takes it away.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

Tree = Mapping[str, str]
_FOLDER = Path(__file__).parent / "integrity"


class Pair(NamedTuple):
    """One change.

    Args:
        name: What it shows.
        before: Files at base.
        after: Files at head.
        expect: Status that the rule must give by syntax alone; or "not-pass", "warned" (it passes with a warning),
            or "fail-with-source" (a person decides unless the change alters what the test is about too; then it fails).
        code: A code that some finding must have; empty when none need be.
    """

    name: str
    before: Tree
    after: Tree
    expect: str
    code: str = ""


def _read(name: str, base: Tree) -> Iterator[Pair]:
    for block in re.split("^== ", (_FOLDER / f"{name}.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, verdict, *rest = block.rstrip("\n").split("\n")
        before, after = dict(base), None
        for side, place, lines in _edits(rest):
            if side == "after" and after is None:
                after = dict(before)
            _apply(before if after is None else after, place, lines)
        yield Pair(title, before, before if after is None else after, *verdict.split())


def _edits(lines: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each `before` and `after` with its place and the lines under it."""
    starts = [at for at, line in enumerate(lines) if line.startswith(("before ", "after "))]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        side, _, place = lines[start].partition(" ")
        yield side, place, list(lines[start + 1 : end])


def _apply(tree: dict[str, str], place: str, lines: Sequence[str]) -> None:
    if place.endswith(" deleted"):
        del tree[place.removesuffix(" deleted")]
        return
    old, _, new = place.partition(" -> ")
    text = tree.pop(old, "")
    for hunk in "\n".join(lines).split("\n~\n"):
        text = _altered(text, hunk.rstrip("\n").split("\n")) if hunk else text
    tree[new or old] = text


def _altered(text: str, hunk: Sequence[str]) -> str:
    was = "".join(f"{line[1:]}\n" for line in hunk if line[:1] != "+")
    now = "".join(f"{line[1:]}\n" for line in hunk if line[:1] != "-")
    whole = f"\n{text}"
    if was and whole.count(f"\n{was}") != 1:
        raise ValueError(f"it stands {whole.count(was)} times in the file:\n{was}")
    return whole.replace(f"\n{was}", f"\n{now}", 1)[1:] if was else text + now


(_BASE,) = _read("base", {})
BASE = _BASE.after
HONEST = tuple(_read("honest", BASE))
CHEATS_IN_TESTS = tuple(_read("cheats_in_tests", BASE))
CHEATS_ELSEWHERE = tuple(_read("cheats_elsewhere", BASE))
CHEATS_AT_RUN = tuple(_read("cheats_at_run", BASE))  # what syntax cannot be certain of, and the runs can
EDITS = {pair.name: pair.after for pair in _read("edits", BASE)}
