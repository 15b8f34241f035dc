"""What an expression stands for in the words of `unittest.mock`."""

import ast
from collections import Counter
from collections.abc import Callable, Hashable

import msgspec

from dodcheck.facts.code.scopes import Scope
from dodcheck.patterns import pattern

MOCK = "unittest.mock"
_MODULES = pattern(r"(unittest\.mock|mock\.mock|mock|asynctest\.mock|asynctest)(?=\.|$)")
MOCKER = "mocker"
_OF_MOCKER_ALONE = {"stub", "async_stub", "spy", "stop", "stopall", "resetall"}
_SYNONYMS = {
    f"{MOCK}.patch.context_manager": f"{MOCK}.patch.object",
    "fixtures.MockPatch": f"{MOCK}.patch",
    "fixtures.MockPatchObject": f"{MOCK}.patch.object",
    "fixtures.MockPatchMultiple": f"{MOCK}.patch.multiple",
}


class Meaning(msgspec.Struct, frozen=True):
    """What an expression stands for; all empty when that cannot be told.

    Args:
        name: Qualified name; `unittest.mock.…` for everything of mock's, whatever the way to it.
        node: The literal or definition that it is.
        scope: Where the names in `node` are looked up.
        partial: Calls of functools.partial that bound arguments to it, with their scopes.
        module: The project's file, when it stands for a module.
    """

    name: str = ""
    node: ast.AST | None = None
    scope: Scope | None = None
    partial: tuple[tuple[ast.Call, Scope], ...] = ()
    module: str | None = None

    @property
    def form(self) -> str | None:
        """The name inside `unittest.mock`, or of the `mocker` fixture; None for anything else."""
        if self.name.startswith((f"{MOCK}.", f"{MOCKER}.")):
            return self.name.removeprefix(f"{MOCK}.")
        return None

    @property
    def is_mock(self) -> bool:
        """It is a part of unittest.mock or the `mocker` fixture, or one of them itself."""
        return self.form is not None or self.name in {MOCK, MOCKER}

    @property
    def is_class(self) -> bool:
        """It is a class of the project."""
        return isinstance(self.node, ast.ClassDef)


UNKNOWN = Meaning()


class Answers:
    """Meanings by key whose search may lead back to themselves; what rests on an unfinished one is not kept."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Meaning] = {}
        self._asked: Counter[Hashable] = Counter()
        self._cut: set[Hashable] = set()

    def get(self, key: Hashable, ask: Callable[[bool], Meaning]) -> Meaning:
        """Return what is known, or what `ask` says; the third question inside one search is unknown.

        Args:
            key: What is asked for.
            ask: Finds it; told whether the same question is open already.
        """
        if key in self._known:
            return self._known[key]
        times = self._asked[key]
        if times:
            self._cut.add(key)
        if times > 1:
            return UNKNOWN
        self._asked[key] += 1
        try:
            found = ask(times > 0)
        finally:
            self._asked[key] -= 1
            if not times:
                self._cut.discard(key)
        if not self._cut:
            self._known[key] = found
        return found


def canonical(dotted: str) -> str:
    """Return the name in `unittest.mock` that a dotted name leads to, or the name itself."""
    owner, _, member = dotted.partition(".")
    if owner == MOCKER and member:
        if member in {"mock_module", "mock"}:
            return MOCK
        return dotted if member in _OF_MOCKER_ALONE else canonical(f"{MOCK}.{member}")
    name = _MODULES.sub(MOCK, dotted, count=1) if _MODULES.match(dotted) else dotted
    return _SYNONYMS.get(name, name)
