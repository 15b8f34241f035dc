"""What was read off files one by one, and off a whole tree, kept by content: the next run reads only what is new to it.

A search through a whole repository reads thousands of files, of which a change alters a few; and the tree of base is
the same in every run of a working day.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar, cast

import msgspec

from dodcheck.store import Store

T = TypeVar("T")
_MOST = 100_000  # files of one shelf


class Shelf(Generic[T]):
    """Readings of one kind, by the content ids of files.

    Args:
        known: Readings of earlier runs.
    """

    def __init__(self, known: dict[str, T] | None = None) -> None:
        self._known = known or {}
        self._asked: dict[str, T] = {}

    def of(self, blob: str | None, read: Callable[[], T]) -> T:
        """Return what is known of a file, or read it.

        Args:
            blob: The file's content id; None where there is no file, of which nothing is kept.
            read: Reads it; the result must depend on the file's content alone.
        """
        if blob is None:
            return read()
        if blob not in self._asked:
            known = self._known.get(blob)
            self._asked[blob] = read() if known is None else known
        return self._asked[blob]

    @property
    def news(self) -> dict[str, T] | None:
        """Everything to keep, what this run asked for last; None when it learnt nothing."""
        if self._asked.keys() <= self._known.keys():
            return None
        together = {**{blob: one for blob, one in self._known.items() if blob not in self._asked}, **self._asked}
        return dict(list(together.items())[-_MOST:])


class Readings:
    """Shelves of one repository.

    Args:
        home: The cache folder; without one, nothing outlives the run.
        stamp: What readings depend on besides the files: the version of dodcheck, and the repository they are of.
        trees: Whole trees are worth keeping: they will be asked for again.
    """

    def __init__(self, home: Path | None = None, *stamp: str, trees: bool = True) -> None:
        self._store = None if home is None else Store(home / "readings")
        self._stamp = stamp
        self.keeps_trees = trees and home is not None
        self._shelves: dict[str, Shelf[Any]] = {}
        self._lock = Lock()

    def shelf(self, name: str, kind: type[T]) -> Shelf[T]:
        """Return a shelf with what earlier runs read; what cannot be decoded is read again.

        Args:
            name: What is read off the files.
            kind: Type of a reading, as msgspec encodes it.
        """
        with self._lock:
            if name not in self._shelves:
                self._shelves[name] = self._filled(name, kind)
            return cast("Shelf[T]", self._shelves[name])

    def _filled(self, name: str, kind: type[T]) -> Shelf[T]:
        body = self._store.get(self._key(name)) if self._store else None
        try:
            known = msgspec.json.decode(body, type=dict[str, kind]) if body else {}  # type: ignore[valid-type]
        except msgspec.DecodeError:
            known = {}
        return Shelf(known)

    def of_tree(self, tree: str, kind: type[T]) -> T | None:
        """Return what an earlier run kept of a tree; None where there is nothing.

        Args:
            tree: The tree's id.
            kind: Type of what is kept, as msgspec encodes it; its name tells it from others.
        """
        body = self._store.get(self._key(f"{kind.__name__} of {tree}")) if self._store else None
        try:
            return None if body is None else msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError:
            return None

    def keep_tree(self, tree: str, value: object) -> None:
        """Keep something of a tree, under the name of its type; where that is not possible, nothing happens."""
        if self._store and self.keeps_trees:
            self._store.put(self._key(f"{type(value).__name__} of {tree}"), msgspec.json.encode(value))

    def keep(self) -> None:
        """Keep what is new; where that is not possible, nothing happens."""
        for name, shelf in self._shelves.items():
            news = shelf.news if self._store else None
            if self._store and news is not None:
                self._store.put(self._key(name), msgspec.json.encode(news))

    def _key(self, name: str) -> str:
        return sha256(repr((name, *self._stamp)).encode("utf-8", "surrogatepass")).hexdigest()
