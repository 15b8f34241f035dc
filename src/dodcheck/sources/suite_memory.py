"""Which runs of suites may be answered from the cache, and by what key."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from dodcheck import __version__
from dodcheck.change import Side
from dodcheck.run import Altered, Suite
from dodcheck.sources.caches import SuiteCache, elsewhere, environment_digest, identity
from dodcheck.sources.environment import Interpreter
from dodcheck.sources.workspace import Workspace

_FAILING = ("failed", "error")
_HERE = Path(__file__).parent
_NOTE = "outcomes come from the cache: the same trees, tests and environment ran before"


class Wanted(NamedTuple):
    """One run: whose source, whose tests, which of them (none for the whole suite), and what is altered."""

    source: Side
    tests: Side
    nodes: tuple[str, ...]
    altered: Altered | None = None

    @property
    def where(self) -> str:
        """Return the trees in words."""
        if self.altered:
            return f"{self.source}, altered"
        return self.source if self.tests is self.source else f"{self.source}, tests of {self.tests}"

    @property
    def whole(self) -> bool:
        """Tell whether it is the whole suite at head, with coverage."""
        return self.source is Side.HEAD and self.tests is Side.HEAD and not (self.nodes or self.altered)


class Key(NamedTuple):
    """Under which a run is kept, and the whole suite that can answer in its place; with the nodes of the run."""

    own: str
    whole: str
    nodes: tuple[str, ...]


class SuiteMemory:
    """The cache of suites, as one change uses it.

    Args:
        cache: The cache.
        space: The change.
    """

    def __init__(self, cache: SuiteCache, space: Workspace) -> None:
        self._cache = cache
        self._space = space

    def key(self, wanted: Wanted, carried: str, parts: Sequence[object]) -> Key | None:
        """Return the key of a run; None where something that it depends on cannot be told.

        Args:
            wanted: The run.
            carried: A digest of the ignored files that are carried in.
            parts: What each suite of the repository depends on: folder, options, `identity` of its interpreter.
        """
        paths = elsewhere(os.environ.get("PYTHONPATH", "").split(os.pathsep), self._space.git.top, self._space.digests)
        if None in paths or _unknown(parts):
            return None
        ids = self._space.trees
        mixed = wanted.tests is not wanted.source
        trees = [ids.id_of(wanted.source), ids.id_of(wanted.tests) if mixed else ""]
        inside = self._space.sandbox.note if self._space.sandbox else ""
        common = [__version__, _own_code(), trees, carried, parts, paths, environment_digest(os.environ), inside]
        own = _digest([common, wanted.nodes, wanted.whole])
        at_base = wanted.source is Side.BASE and not mixed  # tests of head that run alone are to run alone
        return Key(own, _digest([common, (), True]) if at_base else own, wanted.nodes)

    def identity(self, python: Interpreter) -> object:
        """Return what an interpreter is, with the code that is developed elsewhere; None when that is too much."""
        return identity(python, self._space.git.top, self._space.digests)

    def recall(self, key: Key | None) -> Suite | None:
        """Return a kept run, or the part of a kept whole run that answers; with a note that says so."""
        if key is None:
            return None
        found = self._cache.get(key.own)
        if found is None and key.whole != key.own:
            found = _narrowed(self._cache.get(key.whole), key.nodes)
        if found is None:
            return None
        note = "; ".join(filter(None, [found.ran.note, _NOTE]))
        return msgspec.structs.replace(found, ran=msgspec.structs.replace(found.ran, note=note, seconds=0.0))

    def keep(self, key: Key | None, wanted: Wanted, suite: Suite) -> None:
        """Keep a run that ended by itself; of head's source only one in which nothing failed."""
        sound = suite.finished and not suite.ran.timed_out and not suite.foreign
        if wanted.source is Side.HEAD and any("::" in node for node in wanted.nodes):
            return  # a test that is run once more shall run
        clean = not suite.broken and not any(one.outcome in _FAILING for one in suite.outcomes)
        if key is not None and sound and (suite.outcomes or suite.broken) and (clean or wanted.source is Side.BASE):
            self._cache.put(key.own, suite)


def _narrowed(whole: Suite | None, nodes: Sequence[str]) -> Suite | None:
    if whole is None or not nodes:
        return None
    kept = [one for one in whole.outcomes if any(_within(one.id, node) for node in nodes)]
    if not all(any(_within(one.id, node) for one in kept) for node in nodes):
        return None
    ids = {one.id for one in kept}
    collected = tuple(node for node in whole.collected if node in ids)
    return msgspec.structs.replace(whole, outcomes=tuple(kept), collected=collected, dropped=(), executed=None)


def _within(test: str, node: str) -> bool:
    return test == node or test.startswith((f"{node}::", f"{node}/", f"{node}["))


def _unknown(parts: Sequence[object]) -> bool:
    return any(isinstance(part, list) and part[-1] is None for part in parts)


def _digest(value: object) -> str:
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()


def _own_code() -> str:
    """Return a digest of the code that makes and reads outcomes."""
    files = sorted([*(_HERE.parent / "probe").glob("*.py"), *_HERE.glob("*.py")])
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
