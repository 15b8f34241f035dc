"""Functions that a change adds or alters, each with its counterpart at base."""

import ast
import difflib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.copies import Copies
from dodcheck.facts.code.functions import Function, Functions

_SIMILAR = 0.6  # git's threshold for a rewritten file's parts (-B60%); below it two bodies are different work
_ROLES = {"setter", "deleter", "overload"}
_TELLING = 60  # characters of a body from which on it is no coincidence that two are the same


class FunctionChange(msgspec.Struct, frozen=True, dict=True):
    """One function at head and what it was at base.

    Args:
        head: The function.
        kept: Its counterpart in the changed files of base; None when nothing there became it.
        copies: The functions of base that it may be a copy of.
    """

    head: Function
    kept: Function | None
    copies: Copies | None = None

    @cached_property
    def base(self) -> Function | None:
        """Its counterpart, wherever it stood; None when the function is new."""
        if self.kept is None and self.copies is not None:
            return self.copies.original(self.head)
        return self.kept

    @property
    def altered(self) -> bool:
        """It changed, or is new to the changed files: `changed`, but for copies, which take reading to be found."""
        return self.kept is None or self.changed

    @property
    def signature_changed(self) -> bool:
        """Name, parameters, annotations, defaults or decorators differ; so they do of a new function."""
        return self.base is None or self.base.signature.text != self.head.signature.text

    @property
    def body_changed(self) -> bool:
        """The code of the body differs; so it does of a new function."""
        return self.base is None or self.base.body_digest != self.head.body_digest

    @property
    def docstring_changed(self) -> bool:
        """The docstring differs; so it does of a new function."""
        return self.base is None or self.base.docstring != self.head.docstring

    @property
    def changed(self) -> bool:
        """The function is new, or its signature or its body differs; docstrings and comments do not count."""
        same_text = self.base is not None and self.base.text == self.head.text
        return not same_text and (self.signature_changed or self.body_changed)


class ChangedFunctions:
    """Functions of changed files, matched across renamed files, moved and copied code, and renamed functions.

    Args:
        change: The change.
        functions: The functions of both sides.
        copies: The functions of base that are copied.
    """

    def __init__(self, change: Change, functions: Both[Functions], copies: Both[Copies]) -> None:
        self._change = change
        self._functions = functions
        self._copies = copies
        self._known: dict[str, tuple[FunctionChange, ...]] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, change: Change, functions: Both[Functions], copies: Both[Copies]) -> Self:
        """Nothing is compared yet."""
        return cls(change, functions, copies)

    def of_file(self, file: ChangedFile) -> tuple[FunctionChange, ...]:
        """Return every function that a file has at head, changed or not, in the order of the text.

        Raises:
            ToolError: A side of the file cannot be parsed.
        """
        with self._lock:
            if file.path not in self._known:
                head = self._functions.head.at(file.head_path)
                same_place = _paired(self._functions.base.at(file.base_path), head)
                pairs = [
                    FunctionChange(one, same_place.get(one) or self._moved(one), self._copies.base) for one in head
                ]
                self._known[file.path] = tuple(pairs)
            return self._known[file.path]

    def _moved(self, function: Function) -> Function | None:
        """Find a function that is gone from where it stood and lives on under another file or name."""
        if not self._gone:
            return None
        text = function.body_text
        rated = [(_likeness(one, function, text), one) for one in self._gone_by_name.get(function.node.name, ())]
        score, best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
        return best if score else self._gone_by_body.get(text)

    @cached_property
    def _gone(self) -> Sequence[Function]:
        code = [f for f in self._change.files if f.path.endswith((".py", ".pyi")) and f.role != "test"]
        return [one for file in code for one in self._left(file)]

    @cached_property
    def _gone_by_name(self) -> Mapping[str, Sequence[Function]]:
        found: dict[str, list[Function]] = {}
        for one in self._gone:
            found.setdefault(one.node.name, []).append(one)
        return found

    @cached_property
    def _gone_by_body(self) -> Mapping[str, Function]:
        return {one.body_text: one for one in self._gone if len(one.body_text) >= _TELLING}

    def _left(self, file: ChangedFile) -> Iterator[Function]:
        try:
            base, head = self._functions.base.at(file.base_path), self._functions.head.at(file.head_path)
        except ToolError:  # a rule that must judge this file asks for it by itself, and hears of it
            return
        kept = set(_paired(base, head).values())
        yield from (one for one in base if one not in kept)


def _paired(base: Sequence[Function], head: Sequence[Function]) -> dict[Function, Function]:
    """Match functions of one file by name and kind; of several under one name, the same ones first, then by order."""
    by_key: dict[tuple[str, frozenset[str]], list[Function]] = {}
    for one in base:
        by_key.setdefault(_key(one), []).append(one)
    pairs: dict[Function, Function] = {}
    for same in (True, False):
        for one in head:
            left = by_key.get(_key(one), [])
            found = next((b for b in left if not same or _same(b, one)), None)
            if one not in pairs and found:
                pairs[one] = found
                left.remove(found)
    return pairs


def _key(function: Function) -> tuple[str, frozenset[str]]:
    """Tell apart what may share a name; decorators by their last word, for resolving each would cost a walk a file."""
    bare = (d.func if isinstance(d, ast.Call) else d for d in function.node.decorator_list)
    words = {d.attr if isinstance(d, ast.Attribute) else d.id for d in bare if isinstance(d, ast.Attribute | ast.Name)}
    return function.name, frozenset(words & _ROLES)


def _same(one: Function, other: Function) -> bool:
    if one.text == other.text:
        return True
    return one.signature.text == other.signature.text and one.body_text == other.body_text


def _likeness(old: Function, new: Function, text: str) -> float:
    """Rate two functions of one name: the share of lines that their bodies have in common, 0 when it is small."""
    same_place = 1.0 if old.name == new.name else 0.0
    if old.body_text == text:
        return 2.0 + same_place
    ratio = difflib.SequenceMatcher(None, old.body_text.split("\n"), text.split("\n")).ratio()
    return ratio + same_place if ratio >= _SIMILAR else 0.0
