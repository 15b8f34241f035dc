"""What one module shows to others: its own names, what it imports, and its `__all__`."""

import ast
from collections.abc import Callable, Iterator, Sequence

import msgspec

from dodcheck.facts.code.writing import written

Find = Callable[[str, int], str | None]  # dotted name as written and number of leading dots, to a file

_GROWS_BY_LIST = "extend"
_GROWS_BY_ONE = "append"


class ModuleFace(msgspec.Struct):
    """Names at the top level of one module, both branches of every condition included.

    Args:
        defined: Functions, classes and variables of its own.
        origins: Local name to the file and the name there that it stands for.
        explicit: Local names that a line says are for others (`import f as f`, `f = _f`).
        stars: Files imported with `*`.
        listed: Names in `__all__`; None when there is no `__all__`.
        open_ended: `__all__` has parts that only running it would tell.
    """

    defined: set[str] = msgspec.field(default_factory=set)
    origins: dict[str, tuple[str, str]] = msgspec.field(default_factory=dict)
    explicit: set[str] = msgspec.field(default_factory=set)
    stars: list[str] = msgspec.field(default_factory=list)
    listed: set[str] | None = None
    open_ended: bool = False

    @property
    def shown(self) -> set[str]:
        """What `import *` brings: `__all__`, else every name without an underscore."""
        named = {name for name in self.defined | {*self.origins} if not is_private(name)}
        return named if self.listed is None else self.listed | (named if self.open_ended else set())


def is_private(name: str) -> bool:
    """Tell whether a leading underscore marks a name, or a module, as private; `__dunder__` does not."""
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def read_face(tree: ast.Module, path: str, find: Find) -> ModuleFace:
    """Read the face of a module.

    Args:
        tree: The module.
        path: Its file.
        find: Finds the file of an imported module; None when it is not the project's.
    """
    face = ModuleFace()
    files: dict[str, str] = {}  # local name of an imported module, to its file
    for node in _top_level(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            face.defined.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            _read_import(face, files, node, find)
        elif isinstance(node, ast.Import):
            found = {alias.asname: find(alias.name, 0) for alias in node.names if alias.asname}
            files.update((name, file) for name, file in found.items() if file)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            _read_assignment(face, files, node, path)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            _read_call(face, node.value)
        elif type(node).__name__ == "TypeAlias":  # a type that Python 3.11 lacks
            face.defined.add(written(node.name))  # type: ignore[attr-defined]
    return face


def _top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for name in ("body", "orelse", "finalbody"):
                yield from _top_level(getattr(node, name, []))
            for handler in getattr(node, "handlers", []):
                yield from _top_level(handler.body)


def _read_import(face: ModuleFace, files: dict[str, str], node: ast.ImportFrom, find: Find) -> None:
    source = find(node.module or "", node.level)
    for alias in node.names:
        local = alias.asname or alias.name
        submodule = find(f"{node.module}.{alias.name}" if node.module else alias.name, node.level)
        if alias.name == "*":
            face.stars += [source] if source else []
            continue
        if submodule and submodule != source:
            files[local] = submodule
        if source:
            face.origins[local] = (source, alias.name)
            if alias.asname == alias.name:
                face.explicit.add(local)


def _read_assignment(
    face: ModuleFace, files: dict[str, str], node: ast.Assign | ast.AnnAssign | ast.AugAssign, path: str
) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if "__all__" in names and node.value:
        if not isinstance(node, ast.AugAssign):
            face.listed = None
        _list(face, node.value)
        return
    value = node.value
    face.defined.update(names)
    for name in names:
        if isinstance(value, ast.Name) and value.id in face.origins:
            face.origins[name] = face.origins[value.id]
        elif isinstance(value, ast.Name) and value.id in face.defined:
            face.origins[name] = (path, value.id)
        elif isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id in files:
            face.origins[name] = (files[value.value.id], value.attr)
        else:
            continue
        face.explicit.add(name)


def _read_call(face: ModuleFace, call: ast.Call) -> None:
    if isinstance(call.func, ast.Attribute) and written(call.func.value) == "__all__" and call.args:
        if call.func.attr == _GROWS_BY_LIST:
            _list(face, call.args[0])
        elif call.func.attr == _GROWS_BY_ONE:
            _list(face, ast.List(call.args[:1]))


def _list(face: ModuleFace, value: ast.expr) -> None:
    face.listed = face.listed or set()
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        _list(face, value.left)
        _list(face, value.right)
    elif isinstance(value, ast.List | ast.Tuple | ast.Set):
        for item in value.elts:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                face.listed.add(item.value)
            else:
                face.open_ended = True
    else:
        face.open_ended = True
