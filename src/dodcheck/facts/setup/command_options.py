"""Commands and options that one module defines, by click, typer or argparse."""

import ast
import re
from collections.abc import Iterator, Sequence

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import Names
from dodcheck.facts.code.writing import written
from dodcheck.facts.setup.commands import CommandFace, CommandOption

SUSPECT = re.compile(r"\b(click|typer|argparse|add_argument|rich_click|asyncclick|cloup)\b")
_SUFFIX = re.compile(r"[-_](command|cmd|group|grp)$")  # click 8.2 leaves these out of a command's name
_EXITS = {"sys.exit", "exit", "ctx.exit", "typer.Exit", "SystemExit", "click.exceptions.Exit", "os._exit", "quit"}


def command_face(tree: ast.Module, path: str) -> CommandFace:
    """Read a module.

    Args:
        tree: The module.
        path: Its file.
    """
    reader = _Reader(tree, path)
    for node in ast.walk(tree):
        if isinstance(node, Function):
            reader.function(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            reader.call(node, node.func.attr)
    found = tuple(reader.options), reader.exits, frozenset(reader.loose), tuple(reader.stray)
    return CommandFace(path, reader.commands, *found)


class _Reader:
    def __init__(self, tree: ast.Module, path: str) -> None:
        self._names = Names(tree)
        self._path = path
        self.commands: dict[str, int] = {}
        self.options: list[CommandOption] = []
        self.exits: dict[str, frozenset[int]] = {}
        self.loose: set[str] = set()
        self.stray: list[CommandOption] = []

    def function(self, node: Function) -> None:
        """Take a function that a decorator makes a command of."""
        made = next((mark for mark in node.decorator_list if _makes_command(mark, self._names)), None)
        if made is None:
            typed = _typed(node, node.name, self._names, self._path, spelt_out=True)
            self.stray += [*_clicked(node, node.name, self._names, self._path), *typed]
            return
        name = _command_name(made, node)
        clicked = list(_clicked(node, name, self._names, self._path))
        self.commands[name] = node.lineno
        self.options += [*clicked, *_typed(node, name, self._names, self._path)]
        self.exits[name] = frozenset(_exit_codes(node, self._names))
        if len(node.decorator_list) > 1 + len(clicked):
            self.loose.add(name)

    def call(self, node: ast.Call, attribute: str) -> None:
        """Take a call that may define something for argparse."""
        if attribute == "add_parser" and (text := _string(node.args[:1])):
            self.commands[text] = node.lineno
        elif attribute == "add_argument":
            self.options += _argparse(node, self._path)


def _makes_command(mark: ast.expr, names: Names) -> bool:
    call = mark.func if isinstance(mark, ast.Call) else mark
    if isinstance(call, ast.Attribute):
        return call.attr in {"command", "group", "callback"}
    return names.of(call) in {"click.command", "click.group"}


def _command_name(mark: ast.expr, node: Function) -> str:
    given = _string(mark.args[:1]) if isinstance(mark, ast.Call) else None
    keywords = {k.arg: k.value for k in mark.keywords} if isinstance(mark, ast.Call) else {}
    given = given or (_string([keywords["name"]]) if "name" in keywords else None)
    call = mark.func if isinstance(mark, ast.Call) else mark
    if isinstance(call, ast.Attribute) and call.attr == "callback":
        return ""
    return given or _SUFFIX.sub("", node.name.lower()).replace("_", "-")


def _clicked(node: Function, command: str, names: Names, path: str) -> Iterator[CommandOption]:
    for mark in node.decorator_list:
        kind = (names.of(mark.func) or "").rpartition(".")[2] if isinstance(mark, ast.Call) else ""
        if isinstance(mark, ast.Call) and kind in {"option", "argument"}:
            yield _click_option(mark, command, path, positional=kind == "argument")


def _click_option(mark: ast.Call, command: str, path: str, *, positional: bool) -> CommandOption:
    given = {k.arg: k.value for k in mark.keywords if k.arg}
    spellings = tuple(a.value for a in mark.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
    spelt = tuple(part for one in spellings for part in re.split(r"\s*/\s*", one) if part.startswith("-"))
    default = given.get("default")
    has_default = (default is not None and written(default) != "None") or "envvar" in given
    by_nature = positional and not _is_false(given.get("required")) and not _many(given.get("nargs"))
    return CommandOption(
        command,
        spellings[:1] if positional else spelt,
        positional,
        required=(_is_true(given.get("required")) or by_nature) and not has_default,
        default=written(default) if default is not None else None,
        choices=_choices(given.get("type")),
        flag=_is_true(given.get("is_flag")) or any("/" in one for one in spellings),
        path=path,
        line=mark.lineno,
    )


def _typed(
    node: Function, command: str, names: Names, path: str, *, spelt_out: bool = False
) -> Iterator[CommandOption]:
    """Read the parameters of a typer command, or only its `Option(...)`s; click's options come from decorators."""
    if not any(value.startswith("typer") for value in names.bound.values()):
        return
    plain = [*node.args.posonlyargs, *node.args.args]
    padded = [None] * (len(plain) - len(node.args.defaults))
    pairs: list[tuple[ast.arg, ast.expr | None]] = [
        *zip(plain, [*padded, *node.args.defaults], strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    for arg, default in pairs:
        call = _typer_call(arg, default)
        told = call is not None if spelt_out else "Context" not in (written(arg.annotation) if arg.annotation else "")
        if told:
            yield _typer_option(arg, default, call, command, path)


def _typer_call(arg: ast.arg, default: ast.expr | None) -> ast.Call | None:
    parts = [part for part in (default, arg.annotation) if part is not None]
    calls = [c for part in parts for c in ast.walk(part) if isinstance(c, ast.Call)]
    return next((c for c in calls if written(c.func).rpartition(".")[2] in {"Option", "Argument"}), None)


def _typer_option(
    arg: ast.arg, default: ast.expr | None, call: ast.Call | None, command: str, path: str
) -> CommandOption:
    word = written(call.func).rpartition(".")[2] if call else ""
    value = next(iter(call.args), None) if call is not None and call is default else default
    text = written(value) if value is not None else "..."
    spelt = [a.value for a in (call.args if call else []) if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    spellings = tuple(part for one in spelt for part in one.split("/") if part.startswith("-"))
    positional = word == "Argument" or (not word and text == "...")
    return CommandOption(
        command,
        (arg.arg,) if positional else spellings or (f"--{arg.arg.replace('_', '-')}",),
        positional,
        required=text == "...",
        default=None if text == "..." else text,
        choices=None,
        flag=arg.annotation is not None and written(arg.annotation).startswith("bool"),
        path=path,
        line=arg.lineno,
    )


def _argparse(node: ast.Call, path: str) -> Iterator[CommandOption]:
    spellings = tuple(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
    if not spellings:
        return
    given = {k.arg: k.value for k in node.keywords if k.arg}
    positional = not spellings[0].startswith("-")
    default = given.get("default")
    yield CommandOption(
        "",
        spellings,
        positional,
        _is_true(given.get("required")) or (positional and default is None and not _many(given.get("nargs"))),
        written(default) if default is not None else None,
        _strings(given.get("choices")),
        str(_string([given["action"]]) if "action" in given else "").startswith("store_"),
        path,
        node.lineno,
    )


def _exit_codes(node: Function, names: Names) -> Iterator[int]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and names.of(call.func) in _EXITS:
            for value in [*call.args, *(k.value for k in call.keywords if k.arg == "code")]:
                if isinstance(value, ast.Constant) and type(value.value) is int:
                    yield value.value


def _many(nargs: ast.expr | None) -> bool:
    return nargs is not None and written(nargs).strip("'\"") in {"-1", "*", "?"}


def _choices(kind: ast.expr | None) -> frozenset[str] | None:
    if isinstance(kind, ast.Call) and written(kind.func).endswith("Choice") and kind.args:
        return _strings(kind.args[0])
    return None


def _strings(node: ast.expr | None) -> frozenset[str] | None:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        values = [one.value for one in node.elts if isinstance(one, ast.Constant)]
        return frozenset(map(str, values)) if len(values) == len(node.elts) else None
    return None


def _string(nodes: Sequence[ast.expr]) -> str | None:
    return next((n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)), None)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
