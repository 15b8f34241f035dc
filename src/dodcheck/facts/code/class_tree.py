"""Classes of one side: what a class inherits from, and what inherits from it, told by names."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from threading import RLock
from typing import NamedTuple, Self

from dodcheck.change import Change, Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.names import names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.patterns import pattern

_CLASS = pattern(
    r"^[ \t]*class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\][ \t]*)?(?:\(((?:[^()]|\([^()]*\))*)\))?[ \t]*:", re.MULTILINE
)
_WORD = pattern(r"\w+")


class Family(NamedTuple):
    """What is known of the relatives of one class.

    Args:
        ancestors: Classes of the project that it inherits from, nearest first.
        foreign: Dotted names of bases that are not the project's, its ancestors' included.
        metaclasses: Dotted names of metaclasses, its ancestors' included.
        heirs: Classes of the project that inherit from it.
    """

    ancestors: tuple[ast.ClassDef, ...]
    foreign: tuple[str, ...]
    metaclasses: tuple[str, ...]
    heirs: tuple[ast.ClassDef, ...]


class ClassTree:
    """Classes by name within the package of a file and the files of the change; nothing is read before it is asked for.

    Args:
        change: The change.
        snapshot: The side.
        modules: Its syntax trees.
    """

    def __init__(self, change: Change, snapshot: Snapshot, modules: Modules) -> None:
        self._changed = [f.path for f in change.files if f.head_path and f.path.endswith(".py")]
        self._snapshot = snapshot
        self._modules = modules
        self._packages: dict[str, _Package] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, change: Change, snapshot: Snapshot, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(change, snapshot, modules)

    def family(self, path: str, node: ast.ClassDef) -> Family:
        """Return the relatives of a class of a file; two classes of one name count as one."""
        with self._lock:
            package = self._package(path)
            ancestors: list[ast.ClassDef] = []
            foreign: list[str] = []
            metaclasses: list[str] = []
            queue, seen = [(path, node)], set[str]()
            while queue:
                at, one = queue.pop(0)
                names = names_of(self._modules.tree(at))
                metaclasses += [names.of(k.value) or "" for k in one.keywords if k.arg == "metaclass"]
                for base in map(_unsubscripted, one.bases):
                    dotted = names.of(base) or written(base)
                    if dotted in seen:
                        continue
                    seen.add(dotted)
                    found = [pair for pair in package.classes(dotted.rpartition(".")[2]) if pair[1] is not node]
                    foreign += [] if found else [dotted]
                    queue += found
                    ancestors += [c for _, c in found]
            return Family(tuple(ancestors), tuple(foreign), tuple(metaclasses), tuple(package.heirs(node.name)))

    def _package(self, path: str) -> "_Package":
        top = self._top(path)
        if top not in self._packages:
            inside = (
                [p for p in self._snapshot.paths() if p.endswith(".py") and p.startswith(f"{top}/")] if top else [path]
            )
            self._packages[top] = _Package(self._modules, dict.fromkeys([*inside, *self._changed]))
        return self._packages[top]

    def _top(self, path: str) -> str:
        """Return the outermost package around a file; its folder when there is none."""
        folders = [str(one) for one in PurePosixPath(path).parents if str(one) != "."]
        packages = [one for one in folders if self._modules.exists(f"{one}/__init__.py")]
        return packages[-1] if packages else "".join(folders[:1])


def class_headers(text: str) -> list[tuple[str, list[str]]]:
    """Return the classes of a text, each with the words between its brackets."""
    return [(match[1], _WORD.findall(match[2] or "")) for match in _CLASS.finditer(text)]


class _Package:
    """The classes of some files, found by the text of their headers and parsed one by one."""

    def __init__(self, modules: Modules, paths: Mapping[str, None]) -> None:
        self._modules = modules
        self._places: dict[str, list[str]] = {}
        self._children: dict[str, set[str]] = {}
        self._classes: dict[str, Sequence[ast.ClassDef]] = {}
        for path in paths:
            for name, words in modules.told(path, list[tuple[str, list[str]]], class_headers):
                self._places.setdefault(name, []).append(path)
                for word in words:
                    self._children.setdefault(word, set()).add(name)

    def classes(self, name: str) -> Iterator[tuple[str, ast.ClassDef]]:
        """Yield every class of a name with its file; files that cannot be parsed have none."""
        for path in dict.fromkeys(self._places.get(name, ())):
            yield from ((path, one) for one in self._defined(path) if one.name == name)

    def _defined(self, path: str) -> Sequence[ast.ClassDef]:
        if path not in self._classes:
            try:
                found = [one for one in walk(self._modules.tree(path)) if isinstance(one, ast.ClassDef)]
            except ToolError:  # a relative that cannot be read tells nothing
                found = []
            self._classes[path] = found
        return self._classes[path]

    def heirs(self, name: str) -> Iterator[ast.ClassDef]:
        """Yield the classes that name a class among their bases, and theirs in turn."""
        queue, seen = [name], {name}
        while queue:
            for child in sorted(self._children.get(queue.pop(), set()) - seen):
                seen.add(child)
                queue.append(child)
                yield from (one for _, one in self.classes(child))


def defines(nodes: Sequence[ast.ClassDef], name: str) -> ast.stmt | None:
    """Return what the first of some classes to have a name binds it to; None when none has."""
    for node in nodes:
        for one in node.body:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name:
                return one
            targets = (
                one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
            )
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return one
    return None


def _unsubscripted(base: ast.expr) -> ast.expr:
    return base.value if isinstance(base, ast.Subscript) else base
