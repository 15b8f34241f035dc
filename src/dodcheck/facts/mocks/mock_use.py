"""Mocks that the files of a change make, and those that the change introduced."""

from collections.abc import Callable, Collection, Hashable
from threading import Lock
from typing import Self

import msgspec

from dodcheck.change import Both, Change, Side
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.mocks.dart_mocks import dart_mock_uses
from dodcheck.facts.mocks.mock_calls import AUTOSPECS, Kind, MockUse, mock_uses
from dodcheck.facts.mocks.mock_names import MockNames
from dodcheck.patterns import pattern

__all__ = ["AUTOSPECS", "Kind", "MockUse", "MockUses", "NewMocks", "introduced"]

_ANY = pattern(r"autospec|[mM]ock|\bspec(_set)?\b")
_STRICT = pattern(r"autospec|\bspec(_set)?\b|\bDEFAULT\b|Mocks|mocks\.dart")


class MockUses:
    """Mocks made in the changed Python and Dart files of one side.

    Args:
        side: The side.
        change: The change.
        modules: The side's modules.
    """

    def __init__(self, side: Side, change: Change, modules: Modules) -> None:
        paths = [f.head_path if side is Side.HEAD else f.base_path for f in change.files]
        self.read = tuple(path for path in paths if path and path.endswith((".py", ".dart")))
        self._modules = modules
        self._names = MockNames(modules)
        self._known: dict[str, tuple[MockUse, ...]] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, side: Side, change: Change, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(side, change, modules)

    def uses(self, *, autospecs: bool = False) -> list[MockUse]:
        """Return what makes a mock; files without a word of mocks, their imports' included, are not parsed.

        Args:
            autospecs: Leave out files that can hold nothing but mocks of the looser kinds.

        Raises:
            ToolError: A file with mocks in it cannot be parsed.
        """
        return [use for path in self.read for use in self.uses_of(path, autospecs=autospecs)]

    def uses_of(self, path: str, *, autospecs: bool = False) -> tuple[MockUse, ...]:
        """Return what makes a mock in one of the files, as `uses` does."""
        word = _STRICT if autospecs else _ANY
        with self._lock:
            if path not in self._known:
                text = self._modules.text(path)
                if path.endswith(".dart"):
                    self._known[path] = tuple(dart_mock_uses(path, text))
                elif word.search(text) or self._names.reached(path):
                    self._known[path] = tuple(mock_uses(self._names, path))
            return self._known.get(path, ())


_FAMILIES: tuple[tuple[Kind, ...], ...] = (  # what is left of a stricter one answers for the next
    ("autospec", "generated", "unclear"),
    ("wrapped",),
    ("auto",),
)
_SAME: tuple[Callable[[MockUse], Hashable], ...] = (  # the nearest partner first, so that the new one is left over
    lambda use: (use.source, use.path, use.symbol),
    lambda use: (use.source, use.path),
    lambda use: use.source,
    lambda use: (use.form, use.target, use.path, use.symbol) if use.target else use,
    lambda use: (use.form, use.target, use.path) if use.target else use,
    lambda use: (use.form, use.target) if use.target else use,
)


class NewMocks(msgspec.Struct, frozen=True):
    """What a change introduced.

    Args:
        new: Mocks that base does not have.
        altered: Mocks that stand in for another of the same function at base.
    """

    new: tuple[MockUse, ...]
    altered: tuple[MockUse, ...]


def introduced(change: Change, uses: Both[MockUses], kinds: Collection[Kind]) -> NewMocks:
    """Match the mocks of head with those of all changed files at base, deleted ones included.

    A mock is an old one if base has one with the same text, or one of the same form for the same target, each of
    base's serving once; one that was built from the real object also answers for a looser one.

    Args:
        change: The change.
        uses: The mocks of both sides.
        kinds: The kinds at head that matter.
    """
    head = [use for use in uses.head.uses() if use.kind in kinds]
    if not head:
        return NewMocks((), ())
    files = {file.path: file for file in change.files}

    def touched(use: MockUse) -> bool:
        return not change.added_lines(files[use.path]).isdisjoint(range(use.line, use.end_line + 1))

    old: list[MockUse] = []
    for file in (one for one in change.files if one.base_path in uses.base.read):
        try:
            found = uses.base.uses_of(file.base_path or "", autospecs="auto" not in kinds)
        except ToolError:  # nothing to match with, so the lines must do
            head = [use for use in head if use.path != file.path or touched(use)]
        else:
            old += [msgspec.structs.replace(use, path=file.path) for use in found]
    new: list[MockUse] = []
    altered: list[MockUse] = []
    left: list[MockUse] = []
    for family in _FAMILIES:
        before = [*(use for use in old if use.kind in family), *left]
        fresh, replaced, left = _matched([use for use in head if use.kind in family], before, touched)
        new += fresh
        altered += replaced
    return NewMocks(tuple(sorted(new, key=_place)), tuple(sorted(altered, key=_place)))


def _matched(
    head: list[MockUse], old: list[MockUse], touched: Callable[[MockUse], bool]
) -> tuple[list[MockUse], list[MockUse], list[MockUse]]:
    """Return what is new, what replaces another in the same function, and what of base is left."""
    nearest, *wider = _SAME
    head, old, _ = _paired(head, old, nearest)
    head = sorted(head, key=touched)
    for key in wider:
        head, old, _ = _paired(head, old, key)
    new, left, altered = _paired(head, old, lambda use: (use.path, use.symbol) if use.symbol else use)
    return new, altered, left


def _place(use: MockUse) -> tuple[str, int]:
    return use.path, use.line


def _paired(
    head: list[MockUse], old: list[MockUse], key: Callable[[MockUse], Hashable]
) -> tuple[list[MockUse], list[MockUse], list[MockUse]]:
    """Return head's without a partner, base's without one, and head's with one."""
    pool: dict[Hashable, list[MockUse]] = {}
    for use in old:
        pool.setdefault(key(use), []).append(use)
    alone: list[MockUse] = []
    found: list[MockUse] = []
    for use in head:
        partners = pool.get(key(use))
        if partners:
            partners.pop(0)
            found.append(use)
        else:
            alone.append(use)
    return alone, [use for uses in pool.values() for use in uses], found
