"""The tests that the change adds or alters, and what became of them at head."""

import ast
from typing import Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.modules import Modules, definitions
from dodcheck.facts.suite_run import SuiteAtHead
from dodcheck.run import Outcome


class ChangedTests(msgspec.Struct, frozen=True):
    """Tests of the change, as the runner saw them at head.

    Args:
        added: Outcomes of tests whose function is new.
        altered: Outcomes of tests whose function, class, module code or data changed.
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
            before, after = _functions(modules.base, file.base_path), _functions(modules.head, file.path)
            outcomes = by_file.get(file.path, [])
            if not outcomes and any(_looks_like_test(name) for name in after) and not _broken(head, file.path):
                silent.append(file.path)
            shared = before.get("") != after.get("")
            for one in outcomes:
                name = _function_of(one.id)
                if name in after and name not in before:
                    added.append(one)
                elif shared or before.get(name) != after.get(name):
                    altered.append(one)
        return cls(tuple(added), tuple(altered), tuple(silent), files)


def _broken(head: SuiteAtHead, path: str) -> bool:
    return any(file.partition("::")[0] == path for file, _ in head.suite.broken)


def _looks_like_test(name: str) -> bool:
    return name.rpartition(".")[2].startswith("test")


def _function_of(node: str) -> str:
    """Return the qualified name inside the file: `a.py::T::test_x[1]` gives `T.test_x`."""
    return ".".join(node.partition("[")[0].split("::")[1:])


def _functions(modules: Modules, path: str | None) -> dict[str, str]:
    """Return the dump of each function by qualified name, and under "" of everything else."""
    try:
        tree = modules.tree(path)
    except ToolError:  # told by the linter and the runner
        return {}
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = {name: ast.dump(node) for name, node in definitions(tree) if isinstance(node, functions)}
    tests = {name for name in found if _looks_like_test(name)}
    found[""] = _rest(tree, tests)
    return found


def _rest(tree: ast.Module, tests: set[str]) -> str:
    """Dump what is no test: fixtures, constants and steps that tests share; imports do not count."""
    kept: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) or getattr(node, "name", None) in tests:
            continue
        if isinstance(node, ast.ClassDef):
            kept += [ast.dump(part) for part in node.body if f"{node.name}.{getattr(part, 'name', '')}" not in tests]
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            kept.append(ast.dump(node))
    return "\n".join(kept)
