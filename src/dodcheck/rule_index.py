"""What is known of the shipped rules without importing them, kept in the user's cache folder.

Importing every rule with its facts costs a commit hook more than all that it does then; the index names the rules,
the words that they answer and what they are concerned with, and a rule is imported when it runs.  The index is made
by importing all of them once, and made anew when any file of dodcheck differs in size or time.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from dodcheck import __version__
from dodcheck.rule import Body, Concern, Rule, Scope

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
        folders: Folders whose Python files decide what the index says.
    """

    def __init__(self, home: Path, folders: Iterable[Path]) -> None:
        seen = sorted(_stamps(folders))
        key = sha256(repr((__version__, sys.version, seen)).encode()).hexdigest()[:32]
        self._file = home / f"rules-{key}.json"

    def read(self) -> Sequence[Card]:
        """Return the cards; none where there is no index that can be read."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=tuple[Card, ...])
        except (OSError, msgspec.DecodeError):
            return ()

    def write(self, cards: Sequence[Card]) -> None:
        """Keep the cards and drop older indexes; a folder that cannot be written to has no index."""
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            for old in self._file.parent.glob("rules-*.json"):
                old.unlink(missing_ok=True)
            handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".rules-")
            with open(handle, "wb") as part:  # noqa: PTH123 - a handle, no path
                part.write(msgspec.json.encode(cards))
            Path(name).replace(self._file)


def _stamps(folders: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for place, inner, files in os.walk(folder):
            inner[:] = [name for name in inner if name != "__pycache__"]
            for name in files:
                if name.endswith(".py"):
                    found = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118 - 400 files at every start
                    yield os.path.join(place, name), found.st_size, found.st_mtime_ns  # noqa: PTH118 - likewise
