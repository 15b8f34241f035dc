"""What is known of the shipped rules without importing them, kept in the user's cache folder.

Importing every rule with its facts costs a commit hook more than all that it does then; the index names the rules,
the words that they answer and what they are concerned with, and a rule is imported when it runs.  The index is made
by importing all of them once, and made anew when any file of dodcheck differs in size or time.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from dodcheck import __version__
from dodcheck.rule import Body, Concern, Rule, Scope
from dodcheck.store import Store

_KEPT = 4  # indexes, of installations that are used in turn

Load = Callable[[str], Body]


class Card(msgspec.Struct, frozen=True):
    """One rule, as far as it is needed before it runs; see `Rule`.

    Args:
        module: The module to import it from.
        fast: It runs no slow tool.
    """

    module: str
    id: str
    group: str
    title: str
    why: str
    answers: tuple[str, ...]
    unless: tuple[str, ...]
    scope: Scope
    path: str
    concern: Concern | None
    fast: bool

    @classmethod
    def of(cls, module: str, rule: Rule, *, fast: bool) -> "Card":
        """Write down a rule that is imported."""
        kept = {name: getattr(rule, name) for name in cls.__struct_fields__ if name not in {"module", "fast"}}
        return cls(module=module, fast=fast, **kept)

    def rule(self, load: Load) -> Rule:
        """Return the rule; `load` imports its module when it is asked for its check."""
        return Rule(
            self.id,
            self.group,
            self.title,
            self.why,
            self.answers,
            self.unless,
            self.scope,
            self.path,
            self.concern,
            lambda: load(self.module),
            known_fast=self.fast,
        )


class RuleIndex:
    """The index of one installation of dodcheck.

    Args:
        home: The cache folder.
        stamp: What the index depends on; see `stamp_of`.
    """

    def __init__(self, home: Path, stamp: str) -> None:
        self._store = Store(home / "rules", keep=_KEPT)
        self._stamp = stamp

    def read(self) -> Sequence[Card]:
        """Return the cards; none where there is no index that can be read."""
        body = self._store.get(self._stamp)
        try:
            return () if body is None else msgspec.json.decode(body, type=tuple[Card, ...])
        except msgspec.DecodeError:
            return ()

    def write(self, cards: Sequence[Card]) -> None:
        """Keep the cards; a folder that cannot be written to has no index."""
        self._store.put(self._stamp, msgspec.json.encode(cards))


def stamp_of(*folders: Path) -> str:
    """Return a digest of dodcheck's version, the running Python, and names, sizes and times of all Python files."""
    seen = sorted(entry for folder in folders for entry in _stamps(str(folder)))
    return sha256(repr((__version__, sys.version, seen)).encode()).hexdigest()[:32]


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name.endswith(".py"):
                seen = entry.stat()
                yield entry.path, seen.st_size, seen.st_mtime_ns
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _stamps(entry.path)
