"""Names that the repository knows at either side: files, folders, tests."""

import re
from functools import cached_property
from pathlib import PurePosixPath
from typing import Self

from dodcheck.change import Both, Change, Snapshot
from dodcheck.roles import role_of

_OUTSIDE = re.compile(r"^(/|~|\.\./|(?:build|dist|site|htmlcov|node_modules|\.venv|venv|target|tmp)/)")


class KnownNames:
    """What a name in the author's words can stand for.

    Args:
        change: The change.
        sides: Both sides.
    """

    def __init__(self, change: Change, sides: Both[Snapshot]) -> None:
        self._change = change
        self._sides = sides

    @classmethod
    def of(cls, change: Change, sides: Both[Snapshot]) -> Self:
        """Nothing is read yet."""
        return cls(change, sides)

    def is_outside(self, path: str) -> bool:
        """Tell whether a path leads out of what git tracks: another place of the machine, something built."""
        return _OUTSIDE.search(path) is not None

    def has_path(self, path: str) -> bool:
        """Tell whether a file of either side, or a folder, can be meant; case and leading folders do not count."""
        return _tail(path) in self._tails

    def changes_path(self, path: str) -> bool:
        """Tell whether the change touches a file that can be meant."""
        return _tail(path) in self._changed

    def deletes_path(self, path: str) -> bool:
        """Tell whether no file at head can be meant."""
        return _tail(path) not in self._tails_at_head

    def has_test(self, test: str) -> bool:
        """Tell whether the word of a test stands in a test file of either side."""
        return self._stands(test, self._sides.head) or self._stands(test, self._sides.base)

    def has_test_at_head(self, test: str) -> bool:
        """Tell whether the word of a test stands in a test file at head."""
        return self._stands(test, self._sides.head)

    @cached_property
    def _tails(self) -> frozenset[str]:
        paths = {*self._sides.base.paths(), *self._sides.head.paths()}
        return frozenset(tail for path in paths for tail in _tails(path))

    @cached_property
    def _tails_at_head(self) -> frozenset[str]:
        return frozenset(tail for path in self._sides.head.paths() for tail in _tails(path))

    @cached_property
    def _changed(self) -> frozenset[str]:
        paths = {path for file in self._change.files for path in (file.path, file.old_path) if path}
        return frozenset(tail for path in paths for tail in _tails(path))

    def _stands(self, test: str, snapshot: Snapshot) -> bool:
        word = re.compile(rf"\b{re.escape(test.rpartition('::')[2])}\b")
        changed = [path for file in self._change.files for path in (file.head_path, file.base_path) if path]
        others = (path for path in snapshot.paths() if role_of(path) == "test")
        return any(word.search(snapshot.read(path) or "") for path in (*changed, *others))


def _tails(path: str) -> list[str]:
    """Return every end of a path, folders counted from the right, and every folder that it stands in."""
    parts = path.casefold().split("/")
    ends = ["/".join(parts[at:]) for at in range(len(parts))]
    return ends + [end.lstrip(".") for end in ends if end.startswith(".")]


def _tail(path: str) -> str:
    return str(PurePosixPath(path.casefold())).removeprefix("./")
