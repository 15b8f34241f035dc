"""Which Python source the change alters in what it does, and which of its lines ran."""

import ast
from typing import Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.foreign_trees import is_foreign
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.writing import portable
from dodcheck.facts.runs.coverable import Coverable
from dodcheck.facts.runs.suite_run import SuiteAtHead


class BehaviouralSource(msgspec.Struct, frozen=True):
    """Source files whose code differs beyond comments, docstrings and format.

    Args:
        files: The files, deleted ones included.
    """

    files: tuple[ChangedFile, ...]

    @classmethod
    def of(cls, change: Change, modules: Both[Modules]) -> Self:
        """Compare the syntax trees of both sides; what cannot be parsed counts as changed."""
        source = [f for f in change.files if f.role == "source" and f.path.endswith(".py")]
        return cls(tuple(f for f in source if code_of(modules.base, f.base_path) != code_of(modules.head, f.head_path)))


class UncoveredLines(msgspec.Struct, frozen=True):
    """Changed executable lines against the lines that the suite ran at head.

    Args:
        measured: Coverage was measured.
        changed: Number of changed executable lines.
        uncovered: Those that no test ran, by path.
    """

    measured: bool
    changed: int
    uncovered: dict[str, tuple[int, ...]]

    @classmethod
    def of(
        cls, change: Change, source: BehaviouralSource, head: SuiteAtHead, modules: Modules, coverable: Coverable
    ) -> Self:
        """Look at added and modified lines that hold the start of a statement."""
        executed = head.suite.executed
        if executed is None:
            return cls(measured=False, changed=0, uncovered={})
        total, uncovered = 0, {}
        for file in source.files:
            if file.status == "deleted" or not coverable.measures(file.path):
                continue
            ran = executed.get(file.path, frozenset())
            lines = coverable.lines(modules, file.path, change.added_lines(file), ran)
            total += len(lines.counted)
            if lines.missed:
                uncovered[file.path] = lines.missed
        return cls(measured=True, changed=total, uncovered=uncovered)

    @property
    def missed(self) -> int:
        """Number of changed lines that no test ran."""
        return sum(map(len, self.uncovered.values()))


def without_docstrings(tree: ast.Module) -> str:
    """Return a tree's dump in which docstrings do not count."""
    copy = portable(tree) if is_foreign(tree) else ast.parse(ast.unparse(tree))  # noqa: TID251 - read by this Python
    for node in ast.walk(copy):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and _docstring(node):
            node.body = node.body[1:]
    return ast.dump(copy)


def _docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def code_of(modules: Modules, path: str | None) -> str:
    """Return what the code of a file does, as text: without comments, docstrings and format, where it can be parsed."""
    try:
        return without_docstrings(modules.tree(path))
    except ToolError:
        return modules.text(path)
