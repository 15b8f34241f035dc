"""Files that the change puts back to what they were before other people's commits, without a word."""

import re
from typing import Self

import msgspec

from dodcheck.change import Change
from dodcheck.history import History
from dodcheck.notes import Notes

_TOLD = re.compile(
    r"\b(revert\w*|restor\w*|roll(s|ed|ing)?[- ]?back\w*|undo\w*|undid|back(s|ed|ing)?[- ]?out|reinstat\w*"
    r"|re-?appl\w+|re-?land\w*|re-?add\w*|re-?introduc\w*|re-?enabl\w*"
    r"|(bring|put|go|move|switch)\w* back|back to|downgrad\w*|again)\b",
    re.IGNORECASE,
)
_MUCH = 5  # lines that go; less than that comes back by chance: a version, a switch


class RestoredFile(msgspec.Struct, frozen=True):
    """One file that is, byte for byte, an older version of itself.

    Args:
        path: The file at head.
        commit: The earlier commit whose work on it is gone.
        lines: How many lines of base are gone.
    """

    path: str
    commit: str
    lines: int


class RestoredFiles(msgspec.Struct, frozen=True):
    """The files that silently lose earlier work, as the rewrite of a file from a stale copy loses it.

    Args:
        all: One entry a file.
    """

    all: tuple[RestoredFile, ...]

    @classmethod
    def of(cls, change: Change, history: History, notes: Notes) -> Self:
        """Ask the history only when lines go; whoever says that he takes something back may do so."""
        losing = [f for f in change.files if f.base_path and f.head_path == f.base_path and (f.deleted or 0) >= _MUCH]
        if not losing or any(_TOLD.search(text) for text in (notes.text, *(m.text for m in history.messages))):
            return cls(())
        replaced = history.replaced(tuple(f.path for f in losing))
        found = ((f, replaced.get(f.path, {}).get(change.head.blob(f.path) or "")) for f in losing)
        return cls(tuple(RestoredFile(f.path, commit, f.deleted or 0) for f, commit in found if commit))
