"""Breaks of the command line: commands, options, arguments, defaults and exit codes."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Self

from dodcheck.change import Both, Change
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.code.exports import is_api_file
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.setup.command_options import SUSPECT, command_face
from dodcheck.facts.setup.commands import CommandFace, CommandOption
from dodcheck.facts.setup.dependencies import is_aside

_TOOLING = re.compile(r"(^|/)(scripts?|tools?|ci|hack|build|noxfile|tasks|fabfile|setup|\.\w+)(/|\.py$)")


class CommandBreaks:
    """Breaks of the commands that changed modules define.

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
        """How many commands and options of base were looked at."""
        return sum(len(one.commands) + len(one.options) for one in self._base)

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Every break.

        Raises:
            ToolError: A module that speaks of a command line cannot be parsed.
        """
        if not self._base:
            return ()
        gone = {name for face in self._base for name in face.commands if name and not self._has(name)}
        found = [
            _of_command(face, name, "command-removed", f"command `{name}` is gone")
            for face in self._base
            for name in face.commands
            if name in gone
        ]
        options = [one for face in self._base for one in face.options if one.command not in gone]
        found += [one for option in options for one in self._option(option)]
        found += [one for face in self._head for option in face.options for one in self._needed(option)]
        found += self._exits()
        return tuple({(one.symbol, one.code): one for one in found}.values())

    @cached_property
    def _base(self) -> list[CommandFace]:
        return self._faces(self._modules.base, [f.base_path for f in self._change.files])

    @cached_property
    def _head(self) -> list[CommandFace]:
        return self._faces(self._modules.head, [f.head_path for f in self._change.files])

    @staticmethod
    def _faces(modules: Modules, paths: Sequence[str | None]) -> list[CommandFace]:
        kept = [p for p in paths if p and is_api_file(p) and not is_aside(p) and SUSPECT.search(modules.text(p))]
        return [command_face(modules.tree(path), path) for path in kept]

    def _has(self, command: str) -> bool:
        return any(command in face.commands for face in self._head) or self._elsewhere(command)

    def _elsewhere(self, name: str) -> bool:
        """Tell whether a word in quotes stands in code that the change leaves alone, or adds elsewhere."""
        quoted = re.compile(rf"[\"'](?:[^\"'\n]*[/ ])?{re.escape(name)}(?:[/ ][^\"'\n]*)?[\"']")
        for path in self._change.head.paths():
            if path.endswith(".py") and is_api_file(path):
                text = self._modules.head.text(path)
                if name in text and quoted.search(text):
                    return True
        return False

    def _counterpart(self, option: CommandOption) -> CommandOption | None:
        same = [one for face in self._head for one in face.options if set(one.names) & set(option.names)]
        return next((one for one in same if one.command == option.command), None)

    def _option(self, old: CommandOption) -> Iterator[Break]:
        new = self._counterpart(old)
        if new is None:
            yield from self._removed(old)
            return
        lost = [name for name in old.names if name not in new.names and not old.positional]
        if lost and not (old.flag and all(name.startswith("--no") for name in lost)):
            text = f"no longer answers to {', '.join(f'`{one}`' for one in lost)}"
            yield _on(new, "option-renamed", text, names=(*lost, *new.names))
        if new.required and not old.required:
            yield _on(new, "option-required", "is required now", remedy="give it")
        yield from _values(old, new)

    def _removed(self, old: CommandOption) -> Iterator[Break]:
        long = [name for name in old.names if name.startswith("--")] or list(old.names)
        if not long or (not old.positional and any(map(self._elsewhere, long))):
            return
        loose = any(old.command in face.open_ended for face in self._head)
        text = "is gone" + (", unless a shared decorator brings it" if loose else "")
        certain = not loose and not (old.positional and not old.command)
        yield _on(old, f"{'argument' if old.positional else 'option'}-removed", text, certain=certain)

    def _needed(self, new: CommandOption) -> Iterator[Break]:
        known = [one for face in self._base for one in face.options]
        commands = {name for face in self._base for name in face.commands} | {one.command for one in known}
        if new.required and new.command in commands and not any(set(one.names) & set(new.names) for one in known):
            yield _on(new, "option-required", "is new and required", certain=bool(new.command), remedy="give it")

    def _exits(self) -> Iterator[Break]:
        after = {name: codes for face in self._head for name, codes in face.exits.items()}
        for face in self._base:
            for name, codes in face.exits.items():
                lost = sorted(codes - after.get(name, codes))
                if lost and after[name]:
                    text = f"command `{name}` no longer ends with exit code {', '.join(map(str, lost))}"
                    yield _of_command(face, name, "exit-code", text, certain=False)


def _values(old: CommandOption, new: CommandOption) -> Iterator[Break]:
    if old.default != new.default and not (new.required or None in (old.default, new.default)):
        yield _on(new, "option-default", f"has another default: {old.default} became {new.default}", certain=False)
    if old.choices and new.choices is not None and (lost := sorted(old.choices - new.choices)):
        yield _on(new, "choice-removed", f"no longer takes {', '.join(lost)}", names=(*new.names, *lost))
    if old.flag != new.flag and not old.positional:
        yield _on(new, "option-arity", f"takes {'no' if new.flag else 'a'} value now", certain=False)


def _on(
    option: CommandOption, code: str, text: str, *, certain: bool = True, names: Sequence[str] = (), remedy: str = ""
) -> Break:
    called = f"{option.command} {max(option.names, key=len, default='?')}".strip()
    word = "argument" if option.positional else "option"
    return Break(
        "command line",
        code,
        called,
        f"{word} `{called}` {text}",
        option.path,
        option.line,
        certain=certain,
        declared=not _TOOLING.search(option.path),
        names=(*(names or option.names), called),
        remedy=remedy,
    )


def _of_command(face: CommandFace, name: str, code: str, text: str, *, certain: bool = True) -> Break:
    return Break(
        "command line",
        code,
        name,
        text,
        face.path,
        face.commands.get(name, 1),
        certain=certain,
        declared=not _TOOLING.search(face.path),
        names=(name,),
    )
