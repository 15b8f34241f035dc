"""What ruff says of one side about the code standards, whatever the project's settings select.

One run serves all rules.  The settings of base still say which files are left out, and a
`noqa` holds: both are decisions of the team, and other rules judge new ones.
"""

from typing import Self

import msgspec

from dodcheck.change import Change, Side
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.conventions.judged_files import JudgedFiles
from dodcheck.facts.runs.diagnostics import Diagnostic
from dodcheck.facts.runs.lint_run import diagnostics_of, linted_paths
from dodcheck.patterns import pattern
from dodcheck.run import Linter, Ran

_CODES = ("PTH", "T20", "LOG", "G001", "G002", "G003", "G004", "SIM115")
_WORDS = pattern(r"\b(os|path|glob|p?print|logging|\w*[lL]og(?:ger)?|LOG(?:GER)?|import)\b|open\(|File|tempfile")


class ConventionRun(msgspec.Struct, frozen=True):
    """`ruff check` of one side for the codes that the code standards rest on.

    Args:
        diagnostics: What it found.
        ran: The run; None when no changed file can hold a finding.
    """

    diagnostics: tuple[Diagnostic, ...]
    ran: Ran | None

    @classmethod
    def of(cls, change: Change, side: Side, linter: Linter, modules: Modules, judged: JudgedFiles) -> Self:
        """Lint the files of head whose added lines hold a telling word; of base every changed file that holds one.

        Raises:
            ToolError: ruff could not run, or does not answer in JSON.
        """
        if side is Side.HEAD:
            paths = [file.path for file in judged.telling(_WORDS, tests=True)]
        else:
            paths = [path for path in linted_paths(change, side) if path.endswith(".py")]
            paths = [path for path in paths if _WORDS.search(modules.text(path))]
        if not paths:
            return cls((), None)
        ran = linter.selected(side, paths, _CODES)
        return cls(diagnostics_of(ran, modules), ran)
