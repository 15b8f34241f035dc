"""Broad exception handlers of one side, and those that a change introduces."""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from threading import Lock
from typing import Self

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.exports import is_api_file, is_generated
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.handlers.handler_reading import BroadHandler, HandlerReader

__all__ = ["BroadHandler", "BroadHandlers", "NewHandlers"]

_WORTH = re.compile(r"\bexcept\s*:|\b(Base)?Exception\b|\bfinally\b")
_MARK = re.compile(
    r"^([ \t]*)(?:except\b|finally\b).*(?:\n(?:\1[ \t]+.*|[ \t]*$|[ \t]*#.*))*|^.*\b(?:Base)?Exception\b.*$",
    re.MULTILINE,
)
_NOT_OURS = re.compile(r"(^|/)templates?/|\{\{|(^|/)[^/]*venv[^/]*/(bin|lib|scripts)/", re.IGNORECASE)
_SIMILAR = 0.6  # git's threshold for a rewritten file's parts (-B60%)
_PART = re.compile(r"\w+|[^\w\s]")
_Handlers = Sequence[BroadHandler]
_Key = Callable[[BroadHandler], Hashable]


class BroadHandlers:
    """Broad handlers by file; each file is read once a side.

    Args:
        modules: The side to read from.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._known: dict[str, tuple[BroadHandler, ...]] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(modules)

    def at(self, path: str | None) -> tuple[BroadHandler, ...]:
        """Return the broad handlers of a file in the order of the text; none where there is no file.

        Raises:
            ToolError: The file has a word of them, and the running Python cannot parse it.
        """
        if path is None:
            return ()
        with self._lock:
            if path not in self._known:
                text = self._modules.text(path)
                worth = _WORTH.search(text)
                reader = HandlerReader(path, self._modules.old_text(path), self._modules.tree(path)) if worth else None
                self._known[path] = tuple(reader.read()) if reader else ()
            return self._known[path]


class NewHandlers:
    """Broad handlers of the change's source that base does not have.

    A handler is old when base has one that was as silent: of the same function, or around the same or much the same
    code anywhere in the changed files. Each one at base stands for one at head.

    Args:
        change: The change.
        handlers: The broad handlers of both sides.
        modules: The modules of both sides.
    """

    def __init__(self, change: Change, handlers: Both[BroadHandlers], modules: Both[Modules]) -> None:
        self._change = change
        self._texts = modules
        self._handlers = handlers
        code = [file for file in change.at_head(".py") if is_api_file(file.path) or file.role == "migration"]
        judged = (file for file in code if not _NOT_OURS.search(file.path))
        self.judged = tuple(file for file in judged if not is_generated(modules.head.text(file.path)))

    @classmethod
    def of(cls, change: Change, handlers: Both[BroadHandlers], modules: Both[Modules]) -> Self:
        """Nothing is compared yet."""
        return cls(change, handlers, modules)

    @cached_property
    def found(self) -> tuple[BroadHandler, ...]:
        """The new ones, silent or not, by file and line.

        Raises:
            ToolError: A file that may hold one cannot be parsed at head.
        """
        head = {file: self._at_head(file) for file in self.judged if self._has_new_text(file)}
        left = sorted((one for handlers in head.values() for one in handlers), key=lambda one: not one.is_silent)
        near = [file for file, handlers in head.items() if handlers]
        old = [one for file in near for one in self._at_base(file)]
        left, old = self._unmatched(left, old)
        if any(one.is_silent for one in left):
            far = [one for file in self._change.files if file not in near for one in self._at_base(file)]
            left, _ = self._unmatched(left, old + far)
        return tuple(sorted(left, key=lambda one: (one.path, one.line)))

    def _has_new_text(self, file: ChangedFile) -> bool:
        """Tell, without parsing, whether a file has a handler that it did not have just so."""
        return bool(_marks(self._texts.head.text(file.path)) - _marks(self._texts.base.text(file.base_path)))

    def _at_head(self, file: ChangedFile) -> _Handlers:
        found = self._handlers.head.at(file.path)
        try:
            self._handlers.base.at(file.base_path if found else None)
        except ToolError:  # base tells nothing of its handlers: the lines have to
            added = self._change.added_lines(file)
            return [one for one in found if one.line in added]
        return found

    def _at_base(self, file: ChangedFile) -> _Handlers:
        try:
            return self._handlers.base.at(file.base_path)
        except ToolError:  # see _at_head
            return ()

    def _unmatched(self, new: _Handlers, old: _Handlers) -> tuple[list[BroadHandler], list[BroadHandler]]:
        was = {file.path: file.base_path for file in self._change.files}
        here = {one: was.get(one.path) for one in new} | {one: one.path for one in old}
        keys: Sequence[_Key] = (
            lambda one: (here[one], one.symbol, one.guarded),
            lambda one: one.guarded,
            lambda one: (here[one], one.symbol),
        )
        left, there = list(new), list(old)
        for key in keys:
            left, there = _paired(left, there, key)
        for one in [silent for silent in left if silent.is_silent]:
            rated = [(_likeness(one, other), index) for index, other in enumerate(there) if other.is_silent]
            score, index = max(rated, default=(0.0, 0))
            if score >= _SIMILAR:
                left.remove(one)
                del there[index]
        return left, there


def _marks(text: str) -> Counter[str]:
    return Counter(" ".join(match[0].split()) for match in _MARK.finditer(text))


def _paired(new: _Handlers, old: _Handlers, key: _Key) -> tuple[list[BroadHandler], list[BroadHandler]]:
    """Drop pairs of the same key, unless the new one is silent where the old one was not."""
    there: dict[Hashable, list[BroadHandler]] = {}
    for one in old:
        there.setdefault(key(one), []).append(one)
    left: list[BroadHandler] = []
    for one in new:
        same = there.get(key(one), [])
        twin = next((other for other in same if other.is_silent or not one.is_silent), None)
        if twin:
            same.remove(twin)
        else:
            left.append(one)
    return left, [one for same in there.values() for one in same]


def _likeness(one: BroadHandler, other: BroadHandler) -> float:
    new, old = (list[str](_PART.findall(handler.guarded)) for handler in (one, other))
    return difflib.SequenceMatcher(None, new, old, autojunk=False).ratio()
