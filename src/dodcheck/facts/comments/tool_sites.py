"""Sites of powerful means: nested comprehensions, shapes, shared state, patches, code at run time, idle branches."""

import ast

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.names import Names
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written

_COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_SHAPING = {"permute", "reshape", "view", "transpose", "swapaxes", "moveaxis", "unsqueeze", "squeeze", "expand"}
_ARRAYS = {"torch", "numpy", "jax", "tensorflow", "mlx", "cupy", "paddle", "keras"}
_LOCKS = {
    f"{module}.{name}"
    for module in ("threading", "asyncio", "multiprocessing", "anyio", "trio")
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Barrier")
}
_USUAL_METACLASSES = {"abc.ABCMeta", "ABCMeta", "enum.EnumMeta", "enum.EnumType"}
_RUNTIME = {"eval", "exec", "builtins.eval", "builtins.exec"}
_MODULES_THAT_HOLD_SETTINGS = {"sys", "os", "logging", "warnings", "settings", "config"}


def is_deep_comprehension(node: ast.AST, names: Names) -> bool:
    """A comprehension inside another, or of two loops."""
    del names
    if not isinstance(node, _COMPREHENSION):
        return False
    return len(node.generators) > 1 or any(isinstance(one, _COMPREHENSION) for one in list(walk(node))[1:])


def is_shape_chain(node: ast.AST, names: Names) -> bool:
    """Two changes of an array's shape in one expression, or an Einstein sum."""
    if not isinstance(node, ast.Call) or _ARRAYS.isdisjoint(names.roots):
        return False
    return _last(node.func) == "einsum" or sum(_reshapes(one) for one in walk(node)) > 1


def _reshapes(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _last(node.func) in _SHAPING


def is_runtime_code(node: ast.AST, names: Names) -> bool:
    """`eval`, `exec`, or a class that makes classes."""
    if isinstance(node, ast.Call):
        return names.of(node.func) in _RUNTIME
    if not isinstance(node, ast.ClassDef):
        return False
    made = {names.of(k.value) or "" for k in node.keywords if k.arg == "metaclass"} - _USUAL_METACLASSES
    return bool(made) or any(names.of(base) == "type" for base in node.bases)


def is_shared_state(node: ast.AST, names: Names) -> bool:
    """A lock, a `global` statement, or `__del__`."""
    if isinstance(node, ast.Call):
        return names.of(node.func) in _LOCKS
    return isinstance(node, ast.Global) or (isinstance(node, ast.FunctionDef) and node.name == "__del__")


def is_patch(node: ast.AST, names: Names) -> bool:
    """An attribute of something imported is replaced by a function or class."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Name | ast.Lambda | ast.Attribute):
        return False
    for target in node.targets:
        root = target
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(target, ast.Attribute) and isinstance(root, ast.Name) and root.id in names.bound:
            return names.bound[root.id].partition(".")[0] not in _MODULES_THAT_HOLD_SETTINGS
    return False


def is_idle_branch(node: ast.AST, names: Names) -> bool:
    """A branch or loop whose body is `pass`; what a class, a function or a handler leaves out is plain."""
    del names
    if isinstance(node, Definition | ast.Try | ast.TryStar):
        return False
    bodies = [getattr(node, "body", None), getattr(node, "orelse", None)]
    return any(isinstance(body, list) and len(body) == 1 and isinstance(body[0], ast.Pass) for body in bodies)


def _last(node: ast.expr) -> str:
    return written(node).rpartition(".")[2]
