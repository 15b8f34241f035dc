"""Options of the project's commands that the change takes away."""

import re
from collections.abc import Iterator
from typing import Self

import msgspec

from dodcheck.change import Both, Change
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.setup.command_options import command_face
from dodcheck.facts.setup.environment import is_judged

_DEFINES = re.compile(r"add_argument|\boption\(|\bOption\(")


class GoneOption(msgspec.Struct, frozen=True):
    """An option that base has and no file of head.

    Args:
        flag: As users type it: `--dry-run`.
        path: The file that defined it.
        line: 1-based line there.
    """

    flag: str
    path: str
    line: int


class OptionChanges(msgspec.Struct, frozen=True):
    """The options that are gone.

    Args:
        gone: One entry a flag.
    """

    gone: tuple[GoneOption, ...]

    @classmethod
    def of(cls, change: Change, modules: Both[Modules]) -> Self:
        """Parse the changed files that define options; search all others only for what seems gone.

        A file that cannot be parsed takes nothing away: other rules speak of it.
        """
        before = {one.flag: one for f in change.files for one in _options(modules.base, f.base_path)}
        if not before:
            return cls(())
        after = {one.flag for f in change.files for one in _options(modules.head, f.head_path)}
        left = {flag: one for flag, one in before.items() if flag not in after}
        for path in change.head.paths() if left else ():
            if path.endswith((".py", ".sh")):
                text = modules.head.text(path)
                left = {flag: one for flag, one in left.items() if not _may_define(flag, text)}
        return cls(tuple(left[flag] for flag in sorted(left)))


def _options(modules: Modules, path: str | None) -> Iterator[GoneOption]:
    if not path or not is_judged(path) or not _DEFINES.search(modules.text(path)):
        return
    try:
        face = command_face(modules.tree(path), path)
    except ToolError:
        return
    for one in (*face.options, *face.stray):
        yield from (GoneOption(flag, path, one.line) for flag in one.flags)


def _may_define(flag: str, text: str) -> bool:
    """Tell whether a text has the flag as a word, or as a parameter beside typer's options."""
    if re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", text):
        return True
    return "Option(" in text and re.search(rf"\b{re.escape(flag[2:].replace('-', '_'))}\b", text) is not None
