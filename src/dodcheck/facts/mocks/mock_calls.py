"""Mock constructions of one Python file, by what they build the mock from."""

import ast
from typing import Literal, TypeAlias

import msgspec

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.scopes import Placed, Scope
from dodcheck.facts.code.writing import written
from dodcheck.facts.mocks.mock_arguments import SIGNATURES, Arguments, Given, listed, target
from dodcheck.facts.mocks.mock_meaning import Meaning
from dodcheck.facts.mocks.mock_names import MockNames
from dodcheck.patterns import pattern

Kind = Literal["autospec", "generated", "unclear", "wrapped", "auto", "manual"]
AUTOSPECS: tuple[Kind, ...] = ("autospec", "generated", "unclear", "wrapped")

_AUTO = pattern(
    r"unittest\.mock\.((NonCallable)?(Magic)?Mock|AsyncMock|CoroutineMock|PropertyMock|ThreadingMock|mock_open)"
    r"|mocker\.(stub|async_stub|spy)|mockito\.(mock|spy2?|patch)|flexmock(\.flexmock)?"
)


class MockUse(msgspec.Struct, frozen=True):
    """One place that makes a mock.

    Args:
        path: The file.
        line: 1-based first line.
        end_line: 1-based last line.
        symbol: Qualified name of what it belongs to; a decorator belongs to what it decorates.
        kind: `autospec` is built from the real object, `unclear` may be, `wrapped` calls a function that
            returns such a mock, `auto` invents every attribute, `manual` puts an object of the team's own in place;
            `generated` is written, or read in, by a code generator.
        form: What makes it, as mock calls it: `patch.object`, `create_autospec`.
        source: The call with aliases resolved and white space normalised.
        target: Last name of what is mocked.
    """

    path: str
    line: int
    end_line: int
    symbol: str
    kind: Kind
    form: str
    source: str
    target: str


def mock_uses(names: MockNames, path: str) -> list[MockUse]:
    """Return the mock constructions of a Python file in the order of the text.

    Raises:
        ToolError: The file cannot be parsed.
    """
    return _Reader(names, path).uses()


_STORED = "autospec set in a dictionary"
_Found: TypeAlias = tuple[ast.AST, MockUse] | None


class _Reader:
    def __init__(self, names: MockNames, path: str) -> None:
        self._names = names
        self._path = path
        self._arguments = Arguments(names)
        self._spent: set[ast.AST] = set()  # what the construction around it accounts for
        self._inside: set[ast.AST] = set()

    def uses(self) -> list[MockUse]:
        """Read every call, and every other place that hands an autospec on."""
        module = self._names.source(self._path)
        found = [self._called(placed) for placed in module.placed[ast.Call]]
        for name in sorted({"create_autospec", *module.local_names("create_autospec")}):
            found += [self._handed_on(placed) for placed in module.loaded.get(name, ())]
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
            found += [self._asked_for(placed) for placed in module.placed[kind]]
        found += [self._stored(placed) for kind in (ast.Dict, ast.Assign) for placed in module.placed[kind]]
        kept = [one for one in found if one and one[0] not in self._spent]
        return sorted((use for _, use in kept), key=lambda use: use.line)

    def _called(self, placed: Placed) -> _Found:
        call = placed.node
        if not isinstance(call, ast.Call):
            return None
        meaning = self._names.meaning(call.func, placed.scope)
        bound = self._names.meaning(call, placed.scope) if meaning.name.startswith("functools.partial") else None
        if bound and bound.form:
            given = self._arguments.of(bound)
            kind = self._kind(bound, given)
            if kind not in AUTOSPECS:
                return None
            meaning = bound
        else:
            given = self._arguments.of(meaning, call, placed.scope)
            kind = self._kind(meaning, given) or self._unresolved(call, meaning, given)
            if kind is None:
                return None
        self._spent |= {call.func, *(part.args[0] for part, _ in meaning.partial), *self._arguments.opened(call)}
        form = meaning.form or (_STORED if meaning.name == "dict" else written(call.func))
        return self._made(placed, kind, form, f"{form}({listed(given)})", target(given))

    def _kind(self, meaning: Meaning, given: Given) -> Kind | None:
        form = meaning.form or ""
        if form == "create_autospec":
            return "autospec"
        if form.partition(".")[0] == "patch" and form in SIGNATURES:
            return self._patched(form, given)
        if isinstance(meaning.node, Function | ast.Lambda) and meaning.scope:
            inner = self._names.inner(meaning.node, meaning.scope)
            return "wrapped" if self._returns_autospec(inner) else None
        return "auto" if _AUTO.fullmatch(meaning.name) else None

    def _patched(self, form: str, given: Given) -> Kind:
        autospec = self._arguments.truth(given.get("autospec"))
        if autospec or any(self._arguments.truth(given.get(word), only=True) for word in ("spec", "spec_set")):
            return "autospec"
        if autospec is None:
            return "unclear"
        if form == "patch.multiple":
            return "auto" if any(self._arguments.is_default(at) for at in given.values()) else "manual"
        made = "new" not in given or self._arguments.is_default(given["new"])
        return "auto" if made and form != "patch.dict" and "new_callable" not in given else "manual"

    def _returns_autospec(self, inner: Scope) -> bool:
        if inner.node in self._inside:
            return False
        self._inside.add(inner.node)
        try:
            calls = [value for value in inner.returns if isinstance(value, ast.Call)]
            meanings = [(call, self._names.meaning(call.func, inner)) for call in calls]
            return any(
                self._kind(m, self._arguments.of(m, call, inner)) in {"autospec", "wrapped"} for call, m in meanings
            )
        finally:
            self._inside.discard(inner.node)

    def _unresolved(self, call: ast.Call, meaning: Meaning, given: Given) -> Kind | None:
        """What speaks of autospec although the function called is not known as one of mock's."""
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "create_autospec" and meaning.node is None:
            return "unclear"
        if name == "setdefault" and call.args and _is_word(call.args[0]):
            return None if all(map(_is_off, call.args[1:])) else "unclear"
        return None if self._arguments.truth(given.get("autospec")) is False else "unclear"

    def _handed_on(self, placed: Placed) -> _Found:
        if self._names.meaning(placed.node, placed.scope).form != "create_autospec":
            return None
        return self._made(placed, "autospec", "create_autospec", "create_autospec")

    def _asked_for(self, placed: Placed) -> _Found:
        """A test that asks for a fixture which returns an autospec."""
        inner = self._names.inner(placed.node, placed.scope)
        for name, bindings in inner.bound.items():
            fixture = self._names.fixture(name, inner) if isinstance(bindings[0].value, ast.arg) else None
            if fixture and fixture.node is not placed.node and self._returns_autospec(fixture):
                return self._made(placed, "wrapped", f"fixture {name}", f"fixture {name}", name)
        return None

    def _stored(self, placed: Placed) -> _Found:
        if not isinstance(placed.node, ast.Dict | ast.Assign) or not _sets_autospec(placed.node):
            return None
        return self._made(placed, "unclear", _STORED, written(placed.node))

    def _made(self, placed: Placed, kind: Kind, form: str, source: str, of: str = "") -> _Found:
        node = placed.node
        line = getattr(node, "lineno", 1)
        end, symbol = getattr(node, "end_lineno", None) or line, placed.symbol
        if isinstance(node, Function):
            end, symbol = line, f"{symbol}.{node.name}".lstrip(".")
        return node, MockUse(self._path, line, end, symbol, kind, form, source, of)


def _sets_autospec(node: ast.Dict | ast.Assign) -> bool:
    if isinstance(node, ast.Dict):
        pairs = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key]
        return any(_is_word(key) and isinstance(value, ast.Constant) and value.value is True for key, value in pairs)
    return not _is_off(node.value) and any(isinstance(t, ast.Subscript) and _is_word(t.slice) for t in node.targets)


def _is_off(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, False)


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "autospec"
