"""The tests that the change adds or alters, and what became of them at head."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules, definitions, symbol_at
from dodcheck.facts.code.walking import walk
from dodcheck.facts.runs.nodes import file_of, function_of
from dodcheck.facts.runs.suite_run import SuiteAtHead
from dodcheck.run import Outcome


class ChangedTests(msgspec.Struct, frozen=True):
    """Tests of the change, as the runner saw them at head.

    Args:
        added: Outcomes of tests whose function is new.
        altered: Outcomes of tests whose function changed, or something of the file that it uses; doctests with a
            changed example among them.
        dropped: Node ids of such tests that were collected and then left out.
        files: Every file of the change that belongs to the tests.
    """

    added: tuple[Outcome, ...]
    altered: tuple[Outcome, ...]
    dropped: tuple[str, ...]
    files: tuple[ChangedFile, ...]

    @classmethod
    def of(cls, change: Change, modules: Both[Modules], head: SuiteAtHead) -> Self:
        """Match the runner's node ids with the functions that differ between the sides."""
        files = tuple(file for file in change.files if file.role == "test")
        code = [file for file in files if file.path.endswith(".py") and file.status != "deleted"]
        touched = [
            (file.path, _Tests.of(modules.base, file.base_path), _Tests.of(modules.head, file.path)) for file in code
        ]
        matcher = _Matcher({path: (after, before, after.touched_since(before)) for path, before, after in touched})
        outcomes = head.suite.outcomes
        added = [one for one in outcomes if matcher.is_new(one.id)]
        altered = [one for one in outcomes if not matcher.is_new(one.id) and matcher.is_touched(one.id)]
        altered += _doctests(change, modules.head, outcomes)
        dropped = [node for node in head.suite.dropped if matcher.is_new(node) or matcher.is_touched(node)]
        return cls(tuple(added), tuple(altered), tuple(dropped), files)

    @property
    def ran(self) -> tuple[Outcome, ...]:
        """All of them, the new ones first."""
        return (*self.added, *self.altered)


def _doctests(change: Change, modules: Modules, outcomes: tuple[Outcome, ...]) -> Iterator[Outcome]:
    """Yield the doctests with an example that the change adds or alters."""
    by_file: dict[str, list[Outcome]] = {}
    for one in outcomes:
        by_file.setdefault(file_of(one.id), []).append(one)
    for file in change.at_head():
        found = by_file.get(file.path, []) if file.role in {"source", "docs"} else []
        lines = modules.text(file.path).splitlines() if found else []
        examples = [
            at for at in change.added_lines(file) if found and lines[at - 1].lstrip().startswith((">>>", "..."))
        ]
        if not file.path.endswith(".py"):
            yield from found if examples else []
            continue
        symbols = {symbol_at(modules.tree(file.path), at) or "" for at in examples} if examples else set()
        yield from (one for one in found if any(f".{function_of(one.id)}".endswith(f".{name}") for name in symbols))


class _Matcher:
    """Tells the node ids of changed tests.

    Args:
        files: Head's and base's functions of each changed test file, with the names of the touched ones.
    """

    def __init__(self, files: Mapping[str, tuple["_Tests", "_Tests", frozenset[str]]]) -> None:
        self._files = files
        self._inherited: dict[str, dict[str, bool]] = {}  # of each class: its changed methods, and whether new
        for _, before, touched in files.values():
            for name in touched:
                owner, _, method = name.rpartition(".")
                if owner:
                    self._inherited.setdefault(owner, {})[method] = name not in before.tests
        self._bases = {cls: bases for after, _, _ in files.values() for cls, bases in after.bases.items()}

    def is_new(self, node: str) -> bool:
        """Tell whether the function of a node id is new."""
        name = function_of(node)
        after, before, _ = self._files.get(file_of(node), _NONE)
        if name in after.tests:
            return name not in before.tests
        return self._of_base(name) is True

    def is_touched(self, node: str) -> bool:
        """Tell whether the function of a node id, or what it uses, differs between the sides."""
        name = function_of(node)
        after, _, touched = self._files.get(file_of(node), _NONE)
        return name in touched if name in after.tests else self._of_base(name) is not None

    def _of_base(self, name: str) -> bool | None:
        """Tell whether a test that a class inherits from a changed one is new; None when it is no such test."""
        owner, _, method = name.rpartition(".")
        queue, seen = [*self._bases.get(owner, ())], {owner}
        while queue:
            base = queue.pop()
            if method in self._inherited.get(base, {}):
                return self._inherited[base][method]
            queue += [one for one in self._bases.get(base, ()) if one not in seen]
            seen.add(base)
        return None


class _Tests(NamedTuple):
    """Test functions of one file by qualified name, what they share by its name, and its classes with their bases."""

    tests: Mapping[str, ast.AST]
    shared: Mapping[str, ast.AST]
    bases: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, modules: Modules, path: str | None) -> Self:
        """Split a file; one that cannot be parsed has nothing (the linter and the runner tell)."""
        try:
            tree = modules.tree(path)
        except ToolError:
            return cls({}, {}, {})
        every = dict(definitions(tree))
        found = {name: node for name, node in every.items() if not isinstance(node, ast.ClassDef)}
        tests = {name: node for name, node in found.items() if name.rpartition(".")[2].startswith("test")}
        shared: dict[str, ast.AST] = {name: node for name, node in found.items() if name not in tests}
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                shared.update({target.id: node for target in targets if isinstance(target, ast.Name)})
        bases = {name: tuple(map(_last, node.bases)) for name, node in every.items() if isinstance(node, ast.ClassDef)}
        return cls(tests, shared, bases)

    def touched_since(self, before: "_Tests") -> frozenset[str]:
        """Return the tests whose own code changed, or that use something shared that did."""
        changed = _differing(before.shared, self.shared)
        while more := {n for n, node in self.shared.items() if n not in changed and _uses(node, changed)}:
            changed |= more
        own = _differing(before.tests, self.tests)
        return frozenset(own | {name for name, node in self.tests.items() if _uses(node, changed)})


_NONE = (_Tests({}, {}, {}), _Tests({}, {}, {}), frozenset[str]())


def _last(base: ast.expr) -> str:
    return base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""


def _differing(before: Mapping[str, ast.AST], after: Mapping[str, ast.AST]) -> set[str]:
    return {name for name, node in after.items() if name not in before or ast.dump(before[name]) != ast.dump(node)}


def _uses(node: ast.AST, names: set[str]) -> bool:
    """Tell whether code names something: a variable, a call, a method, or a fixture as a parameter."""
    short = {name.rpartition(".")[2] for name in names}
    for part in walk(node):
        used = getattr(part, "id", None) or getattr(part, "attr", None) or getattr(part, "arg", None)
        if used in short:
            return True
    return False
