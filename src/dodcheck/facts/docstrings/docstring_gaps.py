"""What the docstring of a function leaves out or gets wrong, held against its signature."""

import ast
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Literal, Self

import msgspec

from dodcheck.facts.code.array_shapes import ArrayKind, array_kind, kind_in_words, tells_shape
from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.type_gaps import RETURN, TypeGaps
from dodcheck.facts.docstrings.defaults import differs
from dodcheck.facts.docstrings.docstring import Docstring, Entry, read_docstring
from dodcheck.patterns import pattern

GapKind = Literal["copy", "unknown-name", "undocumented", "order", "default", "result", "type", "shape"]

_NOTHING = {"None", "NoReturn", "Never"}
_SAME_SIGNATURE = {
    "staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "lru_cache", "cache",
    "contextmanager", "asynccontextmanager", "no_grad", "inference_mode", "jit", "final", "dataclass_transform",
}  # fmt: skip
_ACCESSORS = {"property", "setter", "deleter"}
_ITSELF = {"self", "cls"}
_INSTANCE = pattern(r"`[\w.]+`+ (?:instance|object)\b|\binstances? of [:\w]*`")
_ANSWER = pattern(r"\bwhether\b|\bTrue\b")  # "Tell whether the file is new" says what comes back
_TEMPLATE = pattern(r"%\(\w+\)s")  # filled in by a decorator


class Gap(msgspec.Struct, frozen=True):
    """One thing that a docstring lacks or has wrong.

    Args:
        kind: What kind of thing.
        name: The parameter; empty for the result and for the docstring as a whole.
        words: What is wrong, as it stands in a message.
    """

    kind: GapKind
    name: str
    words: str


class DocstringGaps:
    """Gaps of the docstrings of one side.

    Args:
        types: Parameters and results without a type hint.
    """

    def __init__(self, types: TypeGaps) -> None:
        self._types = types

    @classmethod
    def of(cls, types: TypeGaps) -> Self:
        """Nothing is looked at yet."""
        return cls(types)

    def of_function(self, function: Function, *, every_parameter: bool = False) -> tuple[Gap, ...]:
        """Return the gaps of the docstring of a function; a function without a docstring has none.

        A constructor is held against its own docstring, else against that of its class. Where a docstring documents no
        parameter at all, the signature with its hints is the documentation, but not of shapes.

        Args:
            function: The function.
            every_parameter: A docstring that documents no parameter at all lacks them all.

        Raises:
            ToolError: A stub, or a module that may hand the function on, cannot be parsed.
        """
        text = documentation(function)
        if not text or _TEMPLATE.search(text):
            return ()
        doc = read_docstring(text)
        if function.kind in _ACCESSORS:  # it may speak of what its setter takes
            return ()
        found = [*_undocumented(function, doc, every_parameter=every_parameter), *_names(function, doc)]
        found += [*_defaults(function, doc), *_result(function, doc)]
        found += [*self._untyped(function, doc), *_shapes(function, doc)]
        if doc.repeats(function.node.name):
            found.append(Gap("copy", "", "has a docstring that only repeats its name"))
        return tuple(found)

    def _untyped(self, function: Function, doc: Docstring) -> Iterator[Gap]:
        typed = {one.name for one in doc.parameters if one.type or _INSTANCE.search(one.text)} | _ITSELF | {RETURN}
        found = [name for name in self._types.of_function(function) if not name.startswith(("*", "_"))]
        found = [name for name in found if name not in typed and not doc.open_ended]
        yield from (
            Gap("type", name, f"`type` of `{name}`") for name in found if not doc.tells_type(name, only=len(found) == 1)
        )


def shape_gaps(function: Function) -> tuple[Gap, ...]:
    """Return the arrays and tables of a function whose shape neither its hints nor its docstring tell.

    Args:
        function: The function; without a docstring its hints alone can tell.
    """
    return tuple(_shapes(function, read_docstring(documentation(function))))


def is_assigned(function: Function) -> bool:
    """Tell whether the file builds the docstring of a function (`f.__doc__ = …`), so that it cannot be read off."""
    words = f"{function.node.name}.__doc__"
    return words in function.file.text and bool(re.search(rf"\b{re.escape(words)}\s*\+?=[^=]", function.file.text))


def documentation(function: Function) -> str:
    """Return the docstring of a function; of a constructor without one, that of its class."""
    own = function.docstring or ""
    if is_assigned(function):
        return ""
    is_constructor = function.node.name == "__init__" and function.owner is not None
    return own or (ast.get_docstring(function.owner) or "" if is_constructor and function.owner else "")


def _undocumented(function: Function, doc: Docstring, *, every_parameter: bool) -> Iterator[Gap]:
    arguments = _plain_arguments(function)
    documented = {one.name for one in doc.parameters}
    if doc.open_ended or _is_documented_above(function):
        return
    if every_parameter or not documented.isdisjoint(arguments):
        missing = (name for name in arguments if name not in documented and not name.startswith("_"))
        missing = (name for name in missing if not doc.mentions(name) and not doc.has_line_for(name))
        yield from (Gap("undocumented", name, f"`{name}`") for name in missing)


def _is_documented_above(function: Function) -> bool:
    """Tell whether the docstring is that of a class with bases, which may leave out what those document."""
    return function.docstring is None and function.owner is not None and bool(function.owner.bases)


def _plain_arguments(function: Function) -> list[str]:
    return [one.name for one in function.arguments if not one.kind.startswith("var-")]


def _names(function: Function, doc: Docstring) -> Iterator[Gap]:
    """Compare the documented names and their order with the signature."""
    known = {one.name for one in function.parameters}
    arguments = _plain_arguments(function)
    documented = [one.name for one in doc.parameters]
    if _signature_is_its_own(function):
        missing = [name for name in arguments if name not in documented]
        for name in dict.fromkeys(documented):
            if name not in known:
                near = get_close_matches(name, missing, 1) or missing[:1]
                hint = f" (is `{near[0]}` meant?)" if near else ""
                yield Gap("unknown-name", name, f"documents `{name}`, which is no parameter of it{hint}")
    yield from _order(function, documented)


def _order(function: Function, documented: Sequence[str]) -> Iterator[Gap]:
    """Compare the order of what a caller must pass; options go by name, so theirs misleads nobody."""
    kinds = {"positional-only", "positional"}
    needed = [one.name for one in function.arguments if one.kind in kinds and one.default is None]
    given = [name for name in dict.fromkeys(documented) if name in needed]
    ordered = sorted(given, key=needed.index)
    if given != ordered:
        listed = ", ".join(f"`{name}`" for name in ordered)
        yield Gap("order", "", f"documents its parameters in another order than it takes them ({listed})")


def _signature_is_its_own(function: Function) -> bool:
    """Tell whether callers pass what the signature says, and no more: no `**kwargs`, no decorator that changes it."""
    given = {one.rpartition(".")[2] for one in function.decorators}
    return given <= _SAME_SIGNATURE and not any(one.kind.startswith("var-") for one in function.parameters)


def _defaults(function: Function, doc: Docstring) -> Iterator[Gap]:
    by_name = {one.name: one for one in function.arguments}
    for entry in doc.parameters:
        parameter = by_name.get(entry.name)
        said = differs(entry, parameter.default) if parameter and parameter.default else None
        if said is not None and parameter:
            words = f"says that `{entry.name}` defaults to `{said}`, but the signature says `{parameter.default}`"
            yield Gap("default", entry.name, words)


def _result(function: Function, doc: Docstring) -> Iterator[Gap]:
    is_answer = (function.signature.returns or "").strip("'\"") == "bool" and bool(_ANSWER.search(doc.prose))
    if doc.parameters and _gives_back(function) and not (doc.tells_result or is_answer):
        yield Gap("result", "", "`Yields`" if function.is_generator else "`Returns`")


def _gives_back(function: Function) -> bool:
    if function.node.name == "__init__":
        return False
    hint = (function.signature.returns or "").strip("'\"")
    if function.is_generator and not any(_yields_value(node) for node in function.own_nodes()):
        return False
    if hint:
        return hint.rpartition(".")[2] not in _NOTHING
    return function.returns_value or function.is_generator


def _yields_value(node: ast.AST) -> bool:
    return isinstance(node, ast.YieldFrom) or (isinstance(node, ast.Yield) and node.value is not None)


def _shapes(function: Function, doc: Docstring) -> Iterator[Gap]:
    entries = {one.name: one for one in doc.parameters}
    for one in function.arguments:
        entry = entries.get(one.name)
        kind = _array(function, one.annotation, [entry] if entry else [])
        if kind and not one.kind.startswith("var-") and not _told(doc, [entry] if entry else [], kind):
            yield Gap("shape", one.name, f"{_WHAT[kind]} of `{one.name}`")
    kind = _array(function, function.signature.returns, doc.results)
    if kind and function.node.name != "__init__" and not _told(doc, doc.results, kind):
        yield Gap("shape", "", f"{_WHAT[kind]} of the result")


_WHAT = {"array": "`shape`", "table": "`columns`"}


def _array(function: Function, hint: str | None, entries: Sequence[Entry]) -> ArrayKind | None:
    if hint is not None:
        return array_kind(hint, function.file.names)
    return next((kind for kind in (kind_in_words(one.type) for one in entries) if kind), None)


def _told(doc: Docstring, entries: Sequence[Entry], kind: ArrayKind) -> bool:
    """Tell whether the entries, or the sentences around them, give a shape."""
    texts = [f"{one.type} {one.text}" for one in entries] + [doc.prose]
    return any(tells_shape(text, kind) for text in texts)
