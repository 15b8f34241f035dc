"""What mypy says of the whole project at one side."""

from collections.abc import Iterator
from typing import Any, Self

import msgspec

from dodcheck.change import Change, Side
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.runs.diagnostics import Diagnostic, located
from dodcheck.run import Ran, TypeChecker
from dodcheck.settings import mypy_settings


class TypeRun(msgspec.Struct, frozen=True):
    """`mypy` of one side.

    Args:
        diagnostics: Its errors; notes are left out.
        ran: The run.
    """

    diagnostics: tuple[Diagnostic, ...]
    ran: Ran

    @classmethod
    def of(cls, side: Side, checker: TypeChecker, modules: Modules) -> Self:
        """Type-check one side.

        Raises:
            ToolError: mypy could not run, or does not answer in JSON.
        """
        ran = checker.check(side)
        return cls(tuple(_errors(ran.stdout, modules)), ran)


class TypeSettings(msgspec.Struct, frozen=True):
    """Whether the project type-checks with mypy.

    Args:
        file: The file with the settings, base's before head's; None when there are none.
        names_targets: They say what to check.
    """

    file: str | None
    names_targets: bool = False

    @classmethod
    def of(cls, change: Change) -> Self:
        """Look at both sides."""
        found = mypy_settings(change.base.read) or mypy_settings(change.head.read)
        named = found is not None and any(found.table.get(key) for key in ("files", "packages", "modules"))
        return cls(found.file if found else None, named)


def _errors(stdout: str, modules: Modules) -> Iterator[Diagnostic]:
    for line in stdout.splitlines():
        try:
            said = msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise ToolError(f"mypy: {line[:200]}", "run it by hand, and mend its settings") from error
        if said["severity"] == "error":
            path, at = said["file"], max(said["line"], 1)
            symbol, text = located(modules, path, at)
            yield Diagnostic(path, at, None, said["code"] or "misc", said["message"], symbol, text, said.get("hint"))
