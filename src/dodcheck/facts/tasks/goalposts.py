"""What the change does to the acceptance criteria of its own task."""

import difflib
from typing import Self

import msgspec

from dodcheck.facts.tasks.chosen_task import ChosenTask
from dodcheck.tasks import Criterion

_REWORDED = 0.6  # difflib's own threshold of a close match


class Goalposts(msgspec.Struct, frozen=True):
    """Criteria of base that head no longer has as they were; order and numbers do not count.

    Args:
        removed: Criteria that are gone.
        reworded: Pairs of what a criterion said and what it says now.
    """

    removed: tuple[Criterion, ...] = ()
    reworded: tuple[tuple[Criterion, Criterion], ...] = ()

    @classmethod
    def of(cls, chosen: ChosenTask) -> Self:
        """Match the criteria of both sides by their words."""
        if chosen.base is None:
            return cls()
        now = {_words(one.text): one for one in (chosen.head.criteria if chosen.head else ())}
        before = {_words(one.text) for one in chosen.base.criteria}
        new = {words: one for words, one in now.items() if words not in before}
        removed, reworded = [], []
        for one in chosen.base.criteria:
            if _words(one.text) in now:
                continue
            near = difflib.get_close_matches(_words(one.text), new, 1, _REWORDED)
            if near:
                reworded.append((one, new.pop(near[0])))
            else:
                removed.append(one)
        return cls(tuple(removed), tuple(reworded))


def _words(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")
