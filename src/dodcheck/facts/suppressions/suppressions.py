"""Comments that silence a checker in the files of a change, and those that the change introduced."""

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable
from threading import Lock
from typing import NamedTuple, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.exports import is_generated
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.suppressions.suppression_comments import Comment, CommentedFile, Directive, mentions, read_comments

_FOREIGN = re.compile(r"(^|/)(_?vendor(ed)?|third[-_]party|node_modules|site-packages)/|_pb2(_grpc)?\.pyi?$")
_SIMILAR_HERE, _SIMILAR_ELSEWHERE = 0.5, 0.75  # a line edited in its place keeps half of its words, a moved one more
_LONGEST = 120  # words of a statement that are compared
_MOST = 200  # statements that one is compared with


class Suppression(msgspec.Struct, frozen=True):
    """One order to a checker, where it stands.

    Args:
        path: The file.
        directive: The order.
        comment: The comment with the order in it.
        statement: The logical line that it is about: its own, or the next.
    """

    path: str
    directive: Directive
    comment: Comment
    statement: str

    @property
    def line(self) -> int:
        """1-based line of the comment."""
        return self.comment.line

    @property
    def symbol(self) -> str | None:
        """Qualified name of the class or function around it."""
        return self.comment.symbol or None

    @property
    def alone(self) -> bool:
        """It stands between two statements."""
        return not self.comment.statement


class NewSuppressions(msgspec.Struct, frozen=True):
    """What a change introduced.

    Args:
        new: Suppressions that base does not have, with those of their codes that are new.
        read: Changed Python files that were looked at.
        foreign: Those left out since a program or another project wrote them.
        unreadable: Tests and examples that cannot be split into tokens.
    """

    new: tuple[Suppression, ...]
    read: tuple[str, ...]
    foreign: tuple[str, ...]
    unreadable: tuple[str, ...]


class Suppressions:
    """Suppressions of one side by file; each file is read once.

    Args:
        modules: The side to read from.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._files: dict[str, CommentedFile] = {}
        self._known: dict[str, tuple[Suppression, ...]] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(modules)

    def at(self, path: str | None) -> tuple[Suppression, ...]:
        """Return the suppressions of a file; none where there is no file.

        Raises:
            ToolError: The running Python cannot split it into tokens.
        """
        if path is None:
            return ()
        with self._lock:
            if path not in self._known:
                file = self._files[path] = read_comments(self._modules.old_text(path), path)
                self._known[path] = tuple(
                    Suppression(path, order, one, file.subject(one))
                    for one in file.by_line.values()
                    for order in one.directives
                )
            return self._known[path]

    def file(self, path: str) -> CommentedFile:
        """Return the comments and logical lines of a file, as `at` does."""
        self.at(path)
        return self._files[path]

    def is_foreign(self, path: str) -> bool:
        """Tell whether a program or another project wrote a file."""
        return bool(_FOREIGN.search(path)) or is_generated(self._modules.text(path))

    def places(self, path: str | None) -> Counter[tuple[str, ...]]:
        """Count the lines that may hold a suppression, each with its neighbours; nothing is split for it."""
        text = self._modules.text(path).lower()
        found = mentions(text)
        if not found:
            return Counter()
        lines = ["", *(line.strip() for line in text.split("\n")), ""]
        ends = [match.start() for match in re.finditer("\n", text)]
        rows = {bisect_left(ends, at) + 1 for at in found}
        return Counter(tuple(lines[row - 1 : row + 2]) for row in rows)


def introduced(change: Change, suppressions: Both[Suppressions]) -> NewSuppressions:
    """Match the suppressions of head with those of all changed files at base, deleted ones included.

    One is old if base has its like on the same statement, here or in another file, or on a statement that was
    edited; each of base's serves once.  A code that a wider one of base already covered is old as well.

    Raises:
        ToolError: A source file with new suppressions cannot be split into tokens.
    """
    files = [f for f in change.files if f.path.endswith((".py", ".pyi"))]
    foreign = [f for f in files if _is_foreign(f, suppressions)]
    own = [f for f in files if f not in foreign]
    old: list[_Unit] = []
    new: list[_Unit] = []
    unreadable: list[str] = []
    for file in _moving(own, suppressions):
        try:
            head = _units(suppressions.head.at(file.head_path), file)
        except ToolError:
            if file.role == "source":
                raise
            unreadable.append(file.path)
            continue
        try:
            old += _units(suppressions.base.at(file.base_path), file)
        except ToolError:  # nothing to match with, so the lines must do
            fresh = change.added_lines(file)
            head = [one for one in head if one.it.line in fresh]
        new += head
    left = _unmatched(old, new, suppressions.head)
    read = tuple(f.path for f in own if f.head_path)
    return NewSuppressions(_grouped(left), read, tuple(f.path for f in foreign), tuple(unreadable))


def _is_foreign(file: ChangedFile, suppressions: Both[Suppressions]) -> bool:
    """Tell whether all sides say so: what is only now marked as generated is still its author's."""
    sides = ((suppressions.head, file.head_path), (suppressions.base, file.base_path))
    return all(side.is_foreign(path) for side, path in sides if path)


def _moving(files: list[ChangedFile], suppressions: Both[Suppressions]) -> list[ChangedFile]:
    """Return the files worth splitting: those with other suppressions than at base, if any has more than it had."""
    head = {file: suppressions.head.places(file.head_path) for file in files}
    base = {file: suppressions.base.places(file.base_path) for file in files if head[file]}
    if not any(head[file] - places for file, places in base.items()):
        return []
    base |= {file: suppressions.base.places(file.base_path) for file in files if file not in base}
    return [file for file in files if head[file] != base[file]]


class _Unit(NamedTuple):
    """One code of one suppression; an empty one is everything."""

    it: Suppression
    code: str


def _units(found: tuple[Suppression, ...], file: ChangedFile) -> list[_Unit]:
    """Take suppressions of either side apart, under the file's path at head."""
    placed = (msgspec.structs.replace(one, path=file.path) for one in found)
    return [_Unit(one, code) for one in placed for code in one.directive.codes or ("",)]


def _unmatched(old: list[_Unit], new: list[_Unit], head: Suppressions) -> list[_Unit]:
    keys: list[Callable[[Suppression], Hashable]] = [
        lambda s: (s.path, s.symbol, s.directive.tool, s.statement),
        lambda s: (s.path, s.directive.tool, s.statement),
        lambda s: (s.directive.tool, s.statement),
    ]
    for key in keys:
        old, new = _paired(old, new, key)
    edited: dict[tuple[str, str], list[_Unit]] = {}
    for one in old:
        if one.it.alone or one.it.statement not in head.file(one.it.path).statements:
            edited.setdefault((one.it.directive.tool, one.code), []).append(one)
    left = []
    for one in new:
        tool = one.it.directive.tool
        likely = [*edited.get((tool, one.code), ()), *(edited.get((tool, ""), ()) if one.code else ())][:_MOST]
        was = max(likely, key=lambda before: _likeness(before.it, one.it), default=None)
        if was is not None and _likeness(was.it, one.it):
            edited[tool, was.code].remove(was)
        else:
            left.append(one)
    return left


def _paired(
    old: list[_Unit], new: list[_Unit], key: Callable[[Suppression], Hashable]
) -> tuple[list[_Unit], list[_Unit]]:
    pool: dict[Hashable, list[_Unit]] = {}
    for one in old:
        pool.setdefault(key(one.it), []).append(one)
    left = []
    for one in new:
        here = pool.get(key(one.it), [])
        same = next((before for before in here if before.code == one.code), None)
        if same:
            here.remove(same)
        elif not any(before.code == "" for before in here):
            left.append(one)
    return [one for here in pool.values() for one in here], left


def _likeness(old: Suppression, new: Suppression) -> float:
    """Rate whether the statement under a suppression was edited into another; 0 when it was not."""
    here = old.path == new.path and old.symbol == new.symbol
    least = _SIMILAR_HERE if here else _SIMILAR_ELSEWHERE
    was, now = old.statement.split()[:_LONGEST], new.statement.split()[:_LONGEST]
    ratio = difflib.SequenceMatcher(None, was, now, autojunk=False).ratio()
    return ratio + (0.01 if here else 0.0) if ratio >= least else 0.0


def _grouped(units: list[_Unit]) -> tuple[Suppression, ...]:
    codes: dict[Suppression, list[str]] = {}
    for one in units:
        codes.setdefault(one.it, []).append(one.code)
    return tuple(
        msgspec.structs.replace(one, directive=msgspec.structs.replace(one.directive, codes=tuple(filter(None, its))))
        for one, its in codes.items()
    )
