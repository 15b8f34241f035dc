"""The tests that the change adds or alters, and what became of them at head."""

import ast
from collections.abc import Mapping
from typing import NamedTuple, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules, definitions
from dodcheck.facts.runs.suite_run import SuiteAtHead
from dodcheck.run import Outcome


class ChangedTests(msgspec.Struct, frozen=True):
    """Tests of the change, as the runner saw them at head.

    Args:
        added: Outcomes of tests whose function is new.
        altered: Outcomes of tests whose function changed, or something of the file that it uses.
        silent: Changed test files with test functions of which the runner collected none.
        files: Every file of the change that belongs to the tests.
    """

    added: tuple[Outcome, ...]
    altered: tuple[Outcome, ...]
    silent: tuple[str, ...]
    files: tuple[ChangedFile, ...]

    @classmethod
    def of(cls, change: Change, modules: Both[Modules], head: SuiteAtHead) -> Self:
        """Match the runner's node ids with the functions that differ between the sides."""
        files = tuple(file for file in change.files if file.role == "test")
        added: list[Outcome] = []
        altered: list[Outcome] = []
        silent: list[str] = []
        by_file: dict[str, list[Outcome]] = {}
        for one in head.suite.outcomes:
            by_file.setdefault(one.id.partition("::")[0], []).append(one)
        for file in (f for f in files if f.path.endswith(".py") and f.status != "deleted"):
            before, after = _Tests.of(modules.base, file.base_path), _Tests.of(modules.head, file.path)
            outcomes = by_file.get(file.path, [])
            if not outcomes and after.tests and not _broken(head, file.path):
                silent.append(file.path)
            touched = after.touched_since(before)
            for one in outcomes:
                name = _function_of(one.id)
                if name in after.tests and name not in before.tests:
                    added.append(one)
                elif name in touched:
                    altered.append(one)
        return cls(tuple(added), tuple(altered), tuple(silent), files)


def _broken(head: SuiteAtHead, path: str) -> bool:
    return any(file.partition("::")[0] == path for file, _ in head.suite.broken)


def _function_of(node: str) -> str:
    """Return the qualified name inside the file: `a.py::T::test_x[1]` gives `T.test_x`."""
    return ".".join(node.partition("[")[0].split("::")[1:])


class _Tests(NamedTuple):
    """Test functions of one file by qualified name, and what they share by its name."""

    tests: Mapping[str, ast.AST]
    shared: Mapping[str, ast.AST]

    @classmethod
    def of(cls, modules: Modules, path: str | None) -> Self:
        """Split a file; one that cannot be parsed has nothing (the linter and the runner tell)."""
        try:
            tree = modules.tree(path)
        except ToolError:
            return cls({}, {})
        found = {name: node for name, node in definitions(tree) if not isinstance(node, ast.ClassDef)}
        tests = {name: node for name, node in found.items() if name.rpartition(".")[2].startswith("test")}
        shared: dict[str, ast.AST] = {name: node for name, node in found.items() if name not in tests}
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                shared.update({target.id: node for target in targets if isinstance(target, ast.Name)})
        return cls(tests, shared)

    def touched_since(self, before: "_Tests") -> frozenset[str]:
        """Return the tests whose own code changed, or that use something shared that did."""
        changed = _differing(before.shared, self.shared)
        while more := {n for n, node in self.shared.items() if n not in changed and _uses(node, changed)}:
            changed |= more
        own = _differing(before.tests, self.tests)
        return frozenset(own | {name for name, node in self.tests.items() if _uses(node, changed)})


def _differing(before: Mapping[str, ast.AST], after: Mapping[str, ast.AST]) -> set[str]:
    return {name for name, node in after.items() if name not in before or ast.dump(before[name]) != ast.dump(node)}


def _uses(node: ast.AST, names: set[str]) -> bool:
    """Tell whether code names something: a variable, a call, a method, or a fixture as a parameter."""
    short = {name.rpartition(".")[2] for name in names}
    for part in ast.walk(node):
        used = getattr(part, "id", None) or getattr(part, "attr", None) or getattr(part, "arg", None)
        if used in short:
            return True
    return False
