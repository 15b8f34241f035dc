"""Breaks of payloads: keys that are gone from what is sent, and keys that must be given from now on."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.breaking.payload_shapes import SUSPECT, Payload, payloads
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.setup.dependencies import is_aside


class PayloadBreaks:
    """Breaks of what changed modules send and take.

    Args:
        change: The change.
        modules: Syntax trees of both sides.
    """

    def __init__(self, change: Change, modules: Both[Modules]) -> None:
        self._change = change
        self._modules = modules

    @classmethod
    def of(cls, change: Change, modules: Both[Modules]) -> Self:
        """Nothing is read yet."""
        return cls(change, modules)

    @cached_property
    def compared(self) -> int:
        """How many payloads of base were looked at."""
        return sum(len(payloads(self._modules.base.tree(f.base_path))) for f in self._files)

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Every break.

        Raises:
            ToolError: A module that speaks of payloads cannot be parsed.
        """
        return tuple(one for file in self._files for one in self._of_file(file))

    @cached_property
    def _files(self) -> list[ChangedFile]:
        kept = [f for f in self._change.files if f.base_path and f.head_path and f.path.endswith(".py")]
        kept = [f for f in kept if f.role == "source" and not is_aside(f.path)]
        return [f for f in kept if SUSPECT.search(self._modules.base.text(f.base_path))]

    def _of_file(self, file: ChangedFile) -> Iterator[Break]:
        head = payloads(self._modules.head.tree(file.head_path))
        for name, old in payloads(self._modules.base.tree(file.base_path)).items():
            new = head.get(name)
            if new is not None and new.is_model == old.is_model:
                yield from _lost(file.path, old, new)
                yield from _needed(file.path, old, new)


def _lost(path: str, old: Payload, new: Payload) -> Iterator[Break]:
    if old.direction == "taken":
        return
    fresh = [key for key in new.keys if key not in old.keys]
    for key in (key for key in old.keys if key not in new.keys):
        now = fresh[0] if len(fresh) == 1 else None
        text = f"`{old.symbol}` no longer sends the key `{key}`" + (f"; `{now}` is new in it" if now else "")
        symbol = f"{old.symbol}.{key}"
        yield Break(
            "payload",
            "key-removed",
            symbol,
            text,
            path,
            new.keys[now][0] if now else new.line,
            certain=not new.open_ended,
            declared=old.direction == "sent",
            names=(key, symbol),
            remedy=f"read `{now}` in place of `{key}`" if now else "",
        )


def _needed(path: str, old: Payload, new: Payload) -> Iterator[Break]:
    if new.direction == "sent":
        return
    for key, (line, needed) in new.keys.items():
        was = old.keys.get(key)
        if needed and (was is None or not was[1]):
            text = f"`{new.symbol}` needs the key `{key}` now"
            declared, symbol, remedy = new.direction == "taken", f"{new.symbol}.{key}", f"send `{key}`"
            names = (key, symbol)
            yield Break(
                "payload", "key-required", symbol, text, path, line, declared=declared, names=names, remedy=remedy
            )
