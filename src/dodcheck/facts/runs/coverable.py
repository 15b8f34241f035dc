"""Which lines of a file count for coverage, as coverage itself and the project's settings of base say."""

import ast
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatch
from typing import Any, NamedTuple, Self

import msgspec

from dodcheck.change import Change
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suppressions.coverage import excluded, is_harmless
from dodcheck.patterns import pattern
from dodcheck.settings import coverage_settings

_ASIDE = pattern(r"(docs?|examples?|benchmarks?|performance|asv_bench)/")
_MANY = 400  # missed lines of a file that are looked at one by one


def is_aside(path: str) -> bool:
    """Tell whether a file is shown to people or measured by hand, and no part of what is delivered."""
    return _ASIDE.match(path) is not None


class Lines(NamedTuple):
    """Changed lines of one file that count: all of them, and those that did not run."""

    counted: frozenset[int]
    missed: tuple[int, ...]


class Coverable(msgspec.Struct, frozen=True):
    """What base's settings of coverage leave out.

    Args:
        omitted: Patterns of files that are not measured.
        excluded: Patterns of lines that do not count.
    """

    omitted: tuple[str, ...]
    excluded: tuple[str, ...]

    @classmethod
    def of(cls, change: Change) -> Self:
        """Read base's settings; where base has none, coverage's own defaults hold.

        Raises:
            ToolError: The file that holds them cannot be parsed.
        """
        from coverage.config import DEFAULT_EXCLUDE  # noqa: PLC0415 - 95 ms that only a measured run pays

        settings = coverage_settings(change.base.read)
        run, report = settings.get("run", {}), settings.get("report", {})
        lines = _listed(report.get("exclude_lines")) or DEFAULT_EXCLUDE
        omitted = [*_listed(run.get("omit")), *_listed(report.get("omit"))]
        return cls(tuple(omitted), (*lines, *_listed(report.get("exclude_also"))))

    def measures(self, path: str) -> bool:
        """Tell whether the project wants a file measured."""
        patterns = [one.removeprefix("./") for one in self.omitted]
        return not is_aside(path) and not any(fnmatch(path, one) or fnmatch(path, f"*/{one}") for one in patterns)

    def lines(self, modules: Modules, path: str, added: frozenset[int], ran: frozenset[int]) -> Lines:
        """Return the changed statements of a file that count.

        A statement over several lines counts once, at its first line.  Branches for another platform, version
        or installation, which no run here can take, do not count when they did not run.

        Args:
            modules: Head.
            path: The file.
            added: 1-based lines that the change adds or alters.
            ran: 1-based lines that ran.
        """
        try:
            tree = modules.tree(path)
        except ToolError:  # told by the runner, which cannot import it either
            return Lines(frozenset(), ())
        statements = self._statements(modules.text(path), tree)
        counted = statements.counted(added)
        missed = sorted(counted - statements.counted(ran))
        idle = {line for line in missed[:_MANY] if (code := excluded(tree, line)) and is_harmless(code, tree)}
        return Lines(counted - idle, tuple(line for line in missed if line not in idle))

    def _statements(self, text: str, tree: ast.Module) -> "_Statements":
        """Ask coverage; of code for a newer Python than the running one, read the tree."""
        from coverage.exceptions import CoverageException  # noqa: PLC0415 - as above
        from coverage.parser import PythonParser  # noqa: PLC0415 - as above

        parser = PythonParser(text=text or "\n", exclude="|".join(f"(?:{one})" for one in self.excluded))
        try:
            parser.parse_source()
        except CoverageException:
            return _Statements(_starts(tree), lambda lines: lines)
        return _Statements(frozenset(parser.statements), parser.first_lines)


class _Statements(NamedTuple):
    """First lines of statements, and how to find the first line for any other."""

    lines: frozenset[int]
    first: Callable[[Iterable[int]], Iterable[int]]

    def counted(self, lines: frozenset[int]) -> frozenset[int]:
        """Return the first lines of the statements that have one of these lines."""
        return frozenset(self.first(lines)) & self.lines


def _starts(tree: ast.Module) -> frozenset[int]:
    idle = (ast.Global, ast.Nonlocal)
    found = (node for node in walk(tree) if isinstance(node, ast.stmt) and not isinstance(node, idle))
    return frozenset(
        one.lineno for one in found if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    )


def _listed(value: Any) -> Sequence[str]:  # noqa: ANN401 - a value of somebody's settings
    if isinstance(value, str):  # INI: one pattern a line
        return [one.strip() for one in value.splitlines() if one.strip()]
    return [str(one) for one in value] if isinstance(value, list) else []
