"""What ruff says of the changed Python files of one side."""

import re
from typing import Any, Self

import msgspec

from dodcheck.change import Change, Side
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.runs.diagnostics import Diagnostic, located
from dodcheck.patterns import pattern
from dodcheck.run import Linter, Ran
from dodcheck.settings import formats_with_ruff

SUFFIXES = (".py", ".pyi", ".ipynb")
_UNFORMATTED = pattern(
    r"^(?:Would reformat: (?P<name>.+)|(?P<path>.+?):(?:cell \d+:)?\d+:\d+: unformatted: .*)$", re.MULTILINE
)


def linted_paths(change: Change, side: Side) -> list[str]:
    """Return the Python files of the change that one side has."""
    both = [file.base_path if side is Side.BASE else file.head_path for file in change.files]
    return [path for path in both if path and path.endswith(SUFFIXES)]


class LintRun(msgspec.Struct, frozen=True):
    """`ruff check` of one side.

    Args:
        diagnostics: What it found.
        ran: The run; None when the side has none of the files.
    """

    diagnostics: tuple[Diagnostic, ...]
    ran: Ran | None

    @classmethod
    def of(cls, change: Change, side: Side, linter: Linter, modules: Modules) -> Self:
        """Lint the changed files of one side.

        Raises:
            ToolError: ruff could not run, or does not answer in JSON.
        """
        paths = linted_paths(change, side)
        if not paths:
            return cls((), None)
        ran = linter.check(side, paths)
        return cls(diagnostics_of(ran, modules), ran)


def diagnostics_of(ran: Ran, modules: Modules) -> tuple[Diagnostic, ...]:
    """Read what a run of ruff's linter says.

    Raises:
        ToolError: It does not answer in JSON.
    """
    try:
        said = msgspec.json.decode(ran.stdout or "[]", type=list[dict[str, Any]])
    except msgspec.DecodeError as error:
        raise ToolError(f"{ran.name}: unreadable output ({error})", "update ruff") from error
    return tuple(_diagnostic(one, modules) for one in said)


def _diagnostic(said: dict[str, Any], modules: Modules) -> Diagnostic:
    path, line = said["filename"], said["location"]["row"]
    symbol, text = located(modules, path, line)
    fix = (said.get("fix") or {}).get("message")
    end = said["end_location"]["row"]
    return Diagnostic(path, line, end, said.get("code") or "invalid-syntax", said["message"], symbol, text, fix)


class FormatRun(msgspec.Struct, frozen=True):
    """`ruff format --check` of one side.

    Args:
        unformatted: Files that the formatter would change.
        configured: The project says itself that ruff formats its code.
        ran: The run; None when the side has none of the files.
    """

    unformatted: frozenset[str]
    configured: bool
    ran: Ran | None

    @classmethod
    def of(cls, change: Change, side: Side, linter: Linter) -> Self:
        """Ask the formatter about the changed files of one side.

        Raises:
            ToolError: ruff could not run, or names no file though it would change one.
        """
        paths = linted_paths(change, side)
        configured = formats_with_ruff(change.base.read) or formats_with_ruff(change.head.read)
        if not paths:
            return cls(frozenset(), configured, None)
        ran = linter.unformatted(side, paths)
        told = frozenset(found["name"] or found["path"] for found in _UNFORMATTED.finditer(ran.stdout))
        if ran.exit == 1 and not told:
            raise ToolError(f"{ran.name}: unreadable output", "use a version of ruff that dodcheck knows")
        return cls(told, configured, ran)
