"""Environment variables that click makes of options."""

import ast
from collections.abc import Iterator

from dodcheck.facts.setup.command_options import command_face
from dodcheck.facts.setup.variables import Variable

_AUTO = "auto_envvar_prefix"


def prefixed_options(tree: ast.Module, path: str) -> Iterator[Variable]:
    """Yield the variables that click's `auto_envvar_prefix` makes of options: `APP_KEY`, in a group `APP_RUN_KEY`.

    Args:
        tree: The module.
        path: Its file.
    """
    prefixes = list(_prefixes(tree))
    face = command_face(tree, path) if prefixes else None
    for one in (*face.options, *face.stray) if face else ():
        if one.command:
            command = one.command.replace("-", "_").upper()
            names = [flag.strip("-").replace("-", "_").upper() for flag in one.flags]
            for prefix, name in ((prefix, name) for prefix in prefixes for name in names):
                yield Variable((f"{prefix}_{name}", f"{prefix}_{command}_{name}"), "optional", path, one.line)


def _prefixes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        pairs: list[tuple[object, ast.expr]] = []
        if isinstance(node, ast.Call):
            pairs = [(kw.arg, kw.value) for kw in node.keywords]
        elif isinstance(node, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
            pairs = list(zip(keys, node.values, strict=True))
        for key, value in pairs:
            if key == _AUTO and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value
