"""What a linter or type checker says of one side, and which of it the change brought.

A diagnostic at head is old when base has its twin: same file (renames followed), same
symbol, same code, and the same source line or the same message. Line numbers never count.
What vanished from one file and stands in another was moved, and is old too.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from dodcheck.change import Change
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules, symbol_at


class Diagnostic(msgspec.Struct, frozen=True):
    """One message of a tool.

    Args:
        path: Repository-relative file.
        line: 1-based first line.
        end_line: 1-based last line.
        code: The tool's code.
        message: What it says.
        symbol: Qualified name of the enclosing class or function.
        text: The source line, white space folded.
        fix: The tool's own remedy, if it has one.
    """

    path: str
    line: int
    end_line: int | None
    code: str
    message: str
    symbol: str | None
    text: str
    fix: str | None = None


_Key = tuple[str | None, ...]


def located(modules: Modules, path: str, line: int) -> tuple[str | None, str]:
    """Return the symbol around a line of one side, and the line with its white space folded."""
    lines = modules.text(path).splitlines()
    text = " ".join(lines[line - 1].split()) if 0 < line <= len(lines) else ""
    try:
        return symbol_at(modules.tree(path), line), text
    except ToolError:  # what cannot be parsed has no symbols
        return None, text


def introduced(
    change: Change, base: Iterable[Diagnostic], head: Iterable[Diagnostic], *, net: bool = False
) -> list[Diagnostic]:
    """Return the diagnostics of head that base has no twin of.

    Args:
        change: The change.
        base: What was said of base.
        head: What is said of head.
        net: What a file loses of a code also answers for what it gains, wherever in it: for ways of writing that
            are rewritten rather than mended.
    """
    was = {file.path: file.old_path or file.path for file in change.files}
    old, new = list(base), list(head)
    passes: Sequence[tuple[Callable[[Diagnostic], _Key], Callable[[Diagnostic], _Key]]] = [
        (lambda d: (d.path, d.symbol, d.code, d.text), lambda d: (was.get(d.path, d.path), d.symbol, d.code, d.text)),
        (
            lambda d: (d.path, d.symbol, d.code, d.message),
            lambda d: (was.get(d.path, d.path), d.symbol, d.code, d.message),
        ),
        (lambda d: (d.code, d.text), lambda d: (d.code, d.text)),
    ]
    if net:
        passes = [*passes, (lambda d: (d.path, d.code), lambda d: (was.get(d.path, d.path), d.code))]
    for key_of_old, key_of_new in passes:
        old, new = _unmatched(old, new, key_of_old, key_of_new)
    return new


def _unmatched(
    old: list[Diagnostic],
    new: list[Diagnostic],
    key_of_old: Callable[[Diagnostic], _Key],
    key_of_new: Callable[[Diagnostic], _Key],
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Drop pairs with equal keys from both lists, each old one used once."""
    there = Counter(map(key_of_old, old))
    left: list[Diagnostic] = []
    for one in new:
        key = key_of_new(one)
        if there[key]:
            there[key] -= 1
        else:
            left.append(one)
    rest: list[Diagnostic] = []
    for one in old:
        key = key_of_old(one)
        if there[key]:
            there[key] -= 1
            rest.append(one)
    return rest, left
