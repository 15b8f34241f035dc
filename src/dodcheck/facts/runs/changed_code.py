"""Which Python source the change alters in what it does, and which of its lines ran."""

import ast
from typing import Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.foreign_trees import is_foreign
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.parsing import parsed
from dodcheck.facts.code.same_statements import is_local, standing, unannotated
from dodcheck.facts.code.writing import portable
from dodcheck.facts.runs.coverable import Coverable
from dodcheck.facts.runs.suite_run import SuiteAtHead

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)  # the union costs five times as much


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
        return cls(tuple(file for file in source if not same_code(modules, file)))


class UncoveredLines(msgspec.Struct, frozen=True):
    """Changed executable lines against the lines that the suite ran at head.

    Args:
        measured: Coverage was measured.
        counted: Changed executable lines, by path.
        uncovered: Those that no test ran, by path.
    """

    measured: bool
    counted: dict[str, frozenset[int]]
    uncovered: dict[str, tuple[int, ...]]

    @classmethod
    def of(
        cls, change: Change, source: BehaviouralSource, head: SuiteAtHead, modules: Both[Modules], coverable: Coverable
    ) -> Self:
        """Look at the statements that lines of the change belong to, without those that say what they said at base."""
        executed = head.suite.executed
        if executed is None:
            return cls(measured=False, counted={}, uncovered={})
        counted, uncovered = {}, {}
        for file in source.files:
            if file.status == "deleted" or not coverable.measures(file.path):
                continue
            ran = executed.get(file.path, frozenset())
            lines = coverable.lines(modules.head, file.path, change.added_lines(file), ran)
            same = _standing(modules, file) if lines.missed else frozenset()
            counted[file.path] = lines.counted - same
            if missed := tuple(line for line in lines.missed if line not in same):
                uncovered[file.path] = missed
        return cls(measured=True, counted=counted, uncovered=uncovered)

    @property
    def changed(self) -> int:
        """Number of changed executable lines."""
        return sum(map(len, self.counted.values()))

    @property
    def missed(self) -> int:
        """Number of changed lines that no test ran."""
        return sum(map(len, self.uncovered.values()))


def _standing(modules: Both[Modules], file: ChangedFile) -> frozenset[int]:
    try:
        return standing(modules.base.tree(file.base_path), modules.head.tree(file.path))
    except ToolError:  # told by the runner, which cannot import it either
        return frozenset()


def same_code(modules: Both[Modules], file: ChangedFile) -> bool:
    """Return whether a file does the same at both sides.

    Comments, docstrings, format and local annotations do not count where it can be parsed.

    Args:
        modules: Both sides.
        file: One file of the change.
    """
    try:
        base, head = modules.base.tree(file.base_path), modules.head.tree(file.head_path)
    except ToolError:
        return _code_of(modules.base, file.base_path) == _code_of(modules.head, file.head_path)
    if is_foreign(base) or is_foreign(head):
        return _without_docstrings(base) == _without_docstrings(head)
    return _alike(base, head)


def _alike(one: object, other: object) -> bool:
    """Compare two trees that the same Python has read, until something differs."""
    pairs: list[tuple[object, object, bool]] = [(one, other, False)]
    while pairs:
        left, right, local = pairs.pop()
        if local:
            left, right = unannotated(left), unannotated(right)
        if type(left) is not type(right):
            return False
        if isinstance(left, ast.AST) and isinstance(right, ast.AST):
            inside = is_local(left, outside=local)
            pairs += [(_field(left, name), _field(right, name), inside) for name in left._fields]
        elif isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return False
            pairs += [(*both, local) for both in zip(left, right, strict=True)]
        elif left != right:
            return False
    return True


def _field(node: ast.AST, name: str) -> object:
    if name == "body" and isinstance(node, _DOCUMENTED) and _docstring(node):
        return node.body[1:]
    return getattr(node, name, None)


def _without_docstrings(tree: ast.Module) -> str:
    """Return a tree's dump in which docstrings do not count."""
    copy = portable(tree) if is_foreign(tree) else parsed(ast.unparse(tree))  # noqa: TID251 - read by this Python
    for node in ast.walk(copy):
        if isinstance(node, _DOCUMENTED) and _docstring(node):
            node.body = node.body[1:]
    return ast.dump(copy)


def _docstring(node: _Documented) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def _code_of(modules: Modules, path: str | None) -> str:
    try:
        return _without_docstrings(modules.tree(path))
    except ToolError:
        return modules.text(path)
