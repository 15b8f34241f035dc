"""How long tools took, remembered for the repository in the cache folder: a hint for who waits, and nothing else."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path

import msgspec

from dodcheck.run import Ran
from dodcheck.sources.process import Child
from dodcheck.store import Store

_WORTH = 0.5  # seconds from which on anybody waits
_REPOSITORIES = 200


class Durations:
    """The durations of one repository; `ended` is for a `Watcher` of children.

    Args:
        home: The cache folder.
        top: The work tree's root.
    """

    def __init__(self, home: Path, top: Path) -> None:
        self._store = Store(home / "durations", keep=_REPOSITORIES)
        self._key = sha256(str(top).encode("utf-8", "surrogateescape")).hexdigest()
        self._new: dict[str, float] = {}

    @cached_property
    def _known(self) -> dict[str, float]:
        try:
            return msgspec.json.decode(self._store.get(self._key) or b"{}", type=dict[str, float])
        except msgspec.DecodeError:
            return {}

    def before(self, child: Child) -> float | None:
        """Return the seconds that a tool took on this side the last time; None when that is not known."""
        return self._known.get(_key(child))

    def ended(self, child: Child, ran: Ran | None) -> None:
        """See `Watcher.ended`; what was too short to wait for, or had to be ended, is not remembered."""
        if ran is not None and ran.seconds >= _WORTH and not ran.timed_out:
            self._new[_key(child)] = round(ran.seconds, 1)

    def keep(self) -> None:
        """Write down what is new; a folder that cannot be written to remembers nothing."""
        if self._new:
            self._store.put(self._key, msgspec.json.encode(self._known | self._new, order="sorted"))


def _key(child: Child) -> str:
    return f"{child.name}, {child.side}{', whole' if child.urgent else ''}"  # some tests alone say nothing of all
