"""Classes that hold configuration, by their names, and whether anything gives their fields names and types."""

import ast
import re
from collections.abc import Iterator
from typing import Literal, Self

import msgspec

from dodcheck.facts.code.class_tree import ClassTree
from dodcheck.facts.code.modules import Function, Modules
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.writing import written
from dodcheck.patterns import pattern

ConfigForm = Literal["structured", "plain", "unclear"]

_NAMED = pattern(r"(?:Config|Configuration|Settings|Options|Params|Hyperparameters)$")
_CLASS = pattern(rf"\bclass[ \t]+\w*{_NAMED.pattern[:-1]}\b")
_READ_BY_FRAMEWORK = pattern(r"Celery|Flask|Gunicorn|Hypercorn")  # `app.config_from_object(CeleryConfig)`
_BARE_BASES = {"object", "abc.ABC", "ABC", "typing.Generic", "Generic"}
_BARE_DECORATORS = {"typing.final", "final", "typing.runtime_checkable"}
_ENOUGH = 3
_VALUES = {"os.getenv", "os.environ.get", "getenv", "Path", "pathlib.Path", "int", "float"}
_NO_BEHAVIOUR = {"property", "cached_property", "staticmethod", "classmethod"}


class ConfigClass(msgspec.Struct, frozen=True):
    """One class that is named like configuration.

    Args:
        path: The file.
        name: Its name.
        line: 1-based line.
        form: `structured` when a decorator or a base makes fields of its attributes; `plain` when nothing does and it
            holds three defaults or more; `unclear` when it may be no configuration, or a framework's own form of it.
        defaults: Names of the attributes that have a default.
        by: The decorator or base that structures it; why it is unclear.
    """

    path: str
    name: str
    line: int
    form: ConfigForm
    defaults: tuple[str, ...]
    by: str = ""


class ConfigClasses:
    """Configuration classes of one side.

    Args:
        modules: Its syntax trees.
        tree: Which class inherits from which.
    """

    def __init__(self, modules: Modules, tree: ClassTree) -> None:
        self._modules = modules
        self._tree = tree

    @classmethod
    def of(cls, modules: Modules, tree: ClassTree) -> Self:
        """Nothing is read yet."""
        return cls(modules, tree)

    def at(self, path: str | None) -> tuple[ConfigClass, ...]:
        """Return the configuration classes of a file; classes in classes (pydantic's `Config`) are none.

        Raises:
            ToolError: The file cannot be parsed.
        """
        if path is None or not _CLASS.search(self._modules.text(path)):
            return ()
        tree = self._modules.tree(path)
        names = names_of(tree)
        found = (self._read(path, node, names) for node in _outer_classes(tree.body) if _NAMED.search(node.name))
        return tuple(one for one in found if one)

    def _read(self, path: str, node: ast.ClassDef, names: Names) -> ConfigClass | None:
        defaults = tuple(_defaults(node))
        by = self._structure(path, node, names)
        if by:
            return ConfigClass(path, node.name, node.lineno, "structured", defaults, by)
        stored = tuple(_stored_defaults(node))
        if len(defaults) >= _ENOUGH:
            doubt = _doubt(node, defaults)
            return ConfigClass(path, node.name, node.lineno, "unclear" if doubt else "plain", defaults, doubt)
        if len(stored) >= _ENOUGH:
            return ConfigClass(path, node.name, node.lineno, "unclear", stored, "its constructor is written by hand")
        return None

    def _structure(self, path: str, node: ast.ClassDef, names: Names) -> str:
        """Return what may make fields of the attributes: a decorator, a base, a metaclass; empty if nothing does."""
        for one in node.decorator_list:
            bare = one.func if isinstance(one, ast.Call) else one
            dotted = names.of(bare) or written(bare)
            if dotted not in _BARE_DECORATORS:
                return f"@{dotted}"
        if not node.bases and not node.keywords:
            called = re.search(rf"([\w.]+)\({node.name}[,)]", self._modules.text(path))
            return f"{called[1]}()" if called and called[1].rpartition(".")[2] in _WRAPPERS else ""
        family = self._tree.family(path, node)
        above = [one for one in family.foreign if one not in _BARE_BASES]
        above += [written(one) for ancestor in family.ancestors for one in ancestor.decorator_list]
        above += family.metaclasses
        return next(iter(above), "")


_WRAPPERS = {"dataclass", "define", "frozen", "attrs", "s", "configclass", "builds"}


def _outer_classes(body: list[ast.stmt]) -> Iterator[ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _outer_classes([*node.body, *getattr(node, "orelse", [])])


def _defaults(node: ast.ClassDef) -> Iterator[str]:
    """Yield the attributes that the body of the class, or a constructor that does nothing else, gives a plain value."""
    yield from _set_by_constructor(node)
    for one in node.body:
        if isinstance(one, ast.Assign) and len(one.targets) == 1:
            target = one.targets[0]
        elif isinstance(one, ast.AnnAssign) and one.value and "ClassVar" not in written(one.annotation):
            target = one.target
        else:
            continue
        if isinstance(target, ast.Name) and not target.id.startswith("_") and is_plain_value(one.value):
            yield target.id


def _constructor(node: ast.ClassDef) -> tuple[Function, list[ast.stmt]] | None:
    """Return the constructor of a class, and its statements without the docstring."""
    made = next((one for one in node.body if isinstance(one, Function) and one.name == "__init__"), None)
    return (made, made.body[1:] if ast.get_docstring(made) else made.body) if made else None


def _set_by_constructor(node: ast.ClassDef) -> Iterator[str]:
    found = _constructor(node)
    if found is None or len(found[0].args.args) > 1 or not all(isinstance(one, ast.Assign) for one in found[1]):
        return
    for one in found[1]:
        target = one.targets[0] if isinstance(one, ast.Assign) else None
        if isinstance(one, ast.Assign) and isinstance(target, ast.Attribute) and is_plain_value(one.value):
            yield target.attr


def _stored_defaults(node: ast.ClassDef) -> Iterator[str]:
    """Yield the parameters with defaults that a constructor stores, if it does nothing else."""
    found = _constructor(node)
    if found is None:
        return
    made, body = found
    stored = {one.value.id for one in body if isinstance(one, ast.Assign) and isinstance(one.value, ast.Name)}
    if len(body) != len(stored):
        return
    plain = [*made.args.posonlyargs, *made.args.args]
    with_default = [one.arg for one in plain[len(plain) - len(made.args.defaults) :]]
    with_default += [a.arg for a, d in zip(made.args.kwonlyargs, made.args.kw_defaults, strict=True) if d]
    yield from (name for name in with_default if name in stored)


def is_plain_value(node: ast.expr | None) -> bool:
    """Tell whether an expression is a value and no machinery: literals, what they make up, and the environment."""
    if isinstance(node, ast.Constant):
        return node.value is not ...
    if isinstance(node, ast.Call):
        return written(node.func) in _VALUES
    if isinstance(node, ast.Subscript):
        return written(node.value) in {"os.environ", "environ"}
    parts = _parts(node)
    return parts is not None and all(map(is_plain_value, parts))


def _parts(node: ast.expr | None) -> list[ast.expr] | None:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    if isinstance(node, ast.Dict):
        return [*filter(None, node.keys), *node.values]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    return [node.operand] if isinstance(node, ast.UnaryOp) else None


def _doubt(node: ast.ClassDef, defaults: tuple[str, ...]) -> str:
    if node.name.lstrip("_").startswith(("Base", "Abstract")):
        return "its name says that other classes inherit from it"
    if _READ_BY_FRAMEWORK.search(node.name):
        return "its name says that a framework reads the attributes of the class"
    if all(name.isupper() for name in defaults):
        return "all its names are constants, as Flask, Celery and lists of values have them"
    methods = [one for one in node.body if isinstance(one, Function) and not one.name.startswith("__")]
    if any(not _NO_BEHAVIOUR & {written(d).rpartition(".")[2] for d in one.decorator_list} for one in methods):
        return "it has methods, so it may be more than configuration"
    return ""
