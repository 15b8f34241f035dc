"""Public functions of the files that a change touches, and of those whose visibility it touches."""

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.code.changed_functions import ChangedFunctions, FunctionChange
from dodcheck.facts.code.exports import Exports, is_api_file, is_generated, is_private_path
from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.module_face import is_private
from dodcheck.facts.code.modules import Modules


class PublicFunction(msgspec.Struct, frozen=True, dict=True):
    """One function that is public at head.

    Args:
        change: The function and its counterpart at base.
        exports: Exported surface of base.
        by_name_alone: Underscores alone decide what is public.
    """

    change: FunctionChange
    exports: Exports
    by_name_alone: bool

    @cached_property
    def was_public(self) -> bool:
        """The counterpart exists and was public."""
        base = self.change.base
        return base is not None and _is_public(self.exports, base, by_name_alone=self.by_name_alone)


class PublicLambda(msgspec.Struct, frozen=True):
    """A lambda that is assigned to a public name.

    Args:
        path: The file.
        name: Qualified name in the file.
        line: 1-based line.
    """

    path: str
    name: str
    line: int


class PublicFunctions:
    """Public functions that a change may have to do with; whether it alters them is for `FunctionChange` to say.

    Args:
        change: The change.
        modules: Syntax trees of both sides.
        changed: Functions of changed files.
        exports: Exported surface of both sides.
    """

    def __init__(
        self, change: Change, modules: Both[Modules], changed: ChangedFunctions, exports: Both[Exports]
    ) -> None:
        self._change = change
        self._modules = modules
        self._changed = changed
        self._exports = exports

    @classmethod
    def of(cls, change: Change, modules: Both[Modules], changed: ChangedFunctions, exports: Both[Exports]) -> Self:
        """Nothing is looked at yet."""
        return cls(change, modules, changed, exports)

    @cached_property
    def files(self) -> tuple[ChangedFile, ...]:
        """Changed files that can hold public API, and unchanged ones that a changed module or stub speaks of."""
        written = [file for file in self._sources if file.path not in self.generated]
        spoken_of = self._spoken_of - {file.path for file in self._change.files}
        others = sorted(path for path in spoken_of if not is_generated(self._modules.head.text(path)))
        return (*written, *(ChangedFile(path, None, "modified", 0, 0, "source") for path in others))

    @cached_property
    def generated(self) -> tuple[str, ...]:
        """Changed files that say a program wrote them; at base as well, if they existed there."""
        return tuple(
            file.path
            for file in self._sources
            if is_generated(self._modules.head.text(file.head_path))
            and (not file.base_path or is_generated(self._modules.base.text(file.base_path)))
        )

    def all(self, *, by_name_alone: bool = False, docstrings: bool = False) -> Iterator[PublicFunction]:
        """Yield the functions of `files` that are public at head and altered, or may have become public or untyped.

        Args:
            by_name_alone: Look at underscores only, not at `__all__` and at what other modules import.
            docstrings: A function whose docstring alone differs has changed as well.

        Raises:
            ToolError: A file cannot be parsed.
        """
        for file in self.files:
            shifted = self._may_shift(file)
            for one in self._changed.of_file(file):
                if not (shifted or one.altered or (docstrings and one.docstring_changed)):
                    continue
                if _is_public(self._exports.head, one.head, by_name_alone=by_name_alone):
                    yield PublicFunction(one, self._exports.base, by_name_alone)

    def lambdas(self, *, by_name_alone: bool = False) -> Iterator[PublicLambda]:
        """Yield lambdas that the change gives a public name to, unless an annotation types the name.

        Args:
            by_name_alone: See `all`.

        Raises:
            ToolError: A file cannot be parsed.
        """
        for file in self.files:
            known = {name for name, _ in _lambdas(self._modules.base, file.base_path)}
            for name, line in _lambdas(self._modules.head, file.head_path):
                new = name not in known
                if new and _is_public_name(self._exports.head, file.path, name, by_name_alone=by_name_alone):
                    yield PublicLambda(file.path, name, line)

    @property
    def _sources(self) -> list[ChangedFile]:
        return [file for file in self._change.at_head(".py", ".pyi") if is_api_file(file.path)]

    @cached_property
    def _spoken_of(self) -> frozenset[str]:
        """Modules with a changed stub, and modules that others hand on differently than before."""
        found: set[str] = set()
        base, head = self._exports.base, self._exports.head
        for file in self._change.files:
            if not is_api_file(file.path):
                continue
            if file.path.endswith(".pyi") and self._modules.head.exists(file.path[:-1]):
                found.add(file.path[:-1])
            known = base.handed_on(file.base_path) if file.base_path else frozenset()
            new = head.handed_on(file.head_path) - known if file.head_path else frozenset()
            found.update(head.definition(path, name)[0] for path, name in new)
        return frozenset(found)

    def _may_shift(self, file: ChangedFile) -> bool:
        """Tell whether functions that the change leaves alone may be more visible, or less typed, than before."""
        if file.base_path != file.path or file.path in self._spoken_of:
            return True
        faces = self._exports.base.own_face(file.path), self._exports.head.own_face(file.path)
        overloads = [side.text(file.path).count("overload") for side in (self._modules.base, self._modules.head)]
        return faces[0] != faces[1] or overloads[0] != overloads[1]


def _is_public(exports: Exports, function: Function, *, by_name_alone: bool) -> bool:
    if function.is_local:
        return False
    return _is_public_name(exports, function.path, function.name, by_name_alone=by_name_alone)


def _is_public_name(exports: Exports, path: str, name: str, *, by_name_alone: bool) -> bool:
    if not by_name_alone:
        return exports.is_public(path, name)
    return is_api_file(path) and not is_private_path(path) and not any(map(is_private, name.split(".")))


def _lambdas(modules: Modules, path: str | None) -> Iterator[tuple[str, int]]:
    if "lambda" not in modules.text(path):
        return
    for prefix, body in _bodies(modules.tree(path)):
        for node in body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                yield from (
                    (prefix + target.id, node.lineno) for target in node.targets if isinstance(target, ast.Name)
                )


def _bodies(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    yield "", tree.body
    yield from ((f"{node.name}.", node.body) for node in tree.body if isinstance(node, ast.ClassDef))
