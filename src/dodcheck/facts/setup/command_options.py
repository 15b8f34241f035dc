"""Options of the project's own commands: argparse's, click's and typer's."""

import ast
from collections.abc import Iterator

import msgspec

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import Names
from dodcheck.facts.setup.variables import Variable

_CALLS = {"add_argument", "option", "Option"}
_AUTO = "auto_envvar_prefix"


class CommandOption(msgspec.Struct, frozen=True):
    """One option of a command.

    Args:
        flag: As users type it: `--dry-run`.
        line: 1-based line.
        command: The function that stands for the command; empty where none does.
    """

    flag: str
    line: int
    command: str = ""


def options_in(tree: ast.Module) -> Iterator[CommandOption]:
    """Yield every long option that a module defines."""
    names = Names(tree)
    for node in ast.walk(tree):
        if isinstance(node, Function):
            for mark in node.decorator_list:
                yield from (CommandOption(flag, line, node.name) for flag, line in _flags(mark, names))
            yield from _typed(node, names)
        elif isinstance(node, ast.Call) and _called(node, names) == "add_argument":
            yield from (CommandOption(flag, line) for flag, line in _flags(node, names))


def prefixed_options(tree: ast.Module, path: str) -> Iterator[Variable]:
    """Yield the variables that click's `auto_envvar_prefix` makes of options: `APP_KEY`, in a group `APP_RUN_KEY`.

    Args:
        tree: The module.
        path: Its file.
    """
    prefixes = list(_prefixes(tree))
    for prefix in prefixes:
        for one in options_in(tree):
            if one.command:
                name = one.flag.strip("-").replace("-", "_").upper()
                names = (f"{prefix}_{name}", f"{prefix}_{one.command.upper()}_{name}")
                yield Variable(names, "optional", path, one.line)


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


def _called(call: ast.Call, names: Names) -> str:
    name = names.of(call.func) or (call.func.attr if isinstance(call.func, ast.Attribute) else "")
    return name.rpartition(".")[2]


def _flags(node: ast.expr, names: Names) -> Iterator[tuple[str, int]]:
    if not isinstance(node, ast.Call) or _called(node, names) not in _CALLS:
        return
    for arg in node.args:
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
            parts = (part.strip().partition("=")[0] for part in arg.value.split("/"))
            yield from ((part, arg.lineno) for part in parts if part.startswith("--") and len(part) > len("--"))


def _typed(node: Function, names: Names) -> Iterator[CommandOption]:
    """Read typer's options: flags in `Option(...)`, as default or in `Annotated`, else the parameter's name."""
    args = node.args
    plain = [*args.posonlyargs, *args.args]
    defaults = dict(zip(reversed(plain), reversed(args.defaults), strict=False))
    defaults |= {arg: value for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value}
    for arg in (*plain, *args.kwonlyargs):
        parts = [part for part in (arg.annotation, defaults.get(arg)) if part]
        calls = [one for part in parts for one in ast.walk(part) if isinstance(one, ast.Call)]
        for call in calls:
            if (names.of(call.func) or "").rpartition(".")[2] == "Option" and _is_typer(call, names):
                flags = list(_flags(call, names)) or [(f"--{arg.arg.replace('_', '-')}", arg.lineno)]
                yield from (CommandOption(flag, line, node.name) for flag, line in flags)


def _is_typer(call: ast.Call, names: Names) -> bool:
    return (names.of(call.func) or "").startswith("typer")
