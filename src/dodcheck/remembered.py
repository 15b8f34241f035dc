"""Definitions as they were read before, and the rules that were found to answer them.

Reading Markdown and searching every item for the words of every rule costs a commit hook more than most of its
rules do; both depend on the document, the configuration and dodcheck alone.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from dodcheck.definition import Bindings, Definition, Item
from dodcheck.rule import Rule
from dodcheck.store import Store

T = TypeVar("T")
_KEPT = 200  # of each run two; a hundred definitions in use


class Remembered:
    """Reads and binds a definition, or finds what that gave before.

    Args:
        home: The cache folder.
        stamp: What the result depends on besides what is given: the version of dodcheck and of its rules.
    """

    def __init__(self, home: Path, stamp: str) -> None:
        self._store = Store(home / "definitions", keep=_KEPT)
        self._stamp = stamp

    def read(self, text: str, path: str) -> Definition:
        """See `reading.read`."""

        def now() -> Definition:
            from dodcheck.reading import read  # noqa: PLC0415 - with the Markdown parser, which is large

            return read(text, path)

        return self._kept(("read", path, text), Definition, now)

    def bind(
        self, items: Sequence[Item], rules: Mapping[str, Rule], configured: Mapping[str, Sequence[str]], path: str
    ) -> Bindings:
        """See `binding.bind`."""

        def now() -> Bindings:
            from dodcheck.binding import bind  # noqa: PLC0415 - compiles a thousand patterns

            return bind(items, rules, configured, path)

        words = [(one.id, one.answers, one.unless) for one in rules.values()]
        return self._kept(("bind", path, items, words, sorted(configured.items())), Bindings, now)

    def _kept(self, given: object, kind: type[T], compute: Callable[[], T]) -> T:
        """Return what is kept for something given; what cannot be computed is an error each time anew."""
        key = sha256(repr((self._stamp, given)).encode("utf-8", "surrogatepass")).hexdigest()
        body = self._store.get(key)
        if body is not None:
            try:
                return msgspec.json.decode(body, type=kind)
            except msgspec.DecodeError:
                pass
        value = compute()
        self._store.put(key, msgspec.json.encode(value))
        return value
