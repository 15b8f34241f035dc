"""Which code of one side talks to a person at a terminal: there `print` is output, elsewhere it is a log."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from threading import Lock
from typing import Any, Literal, Self

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Definition, Modules
from dodcheck.facts.code.scripts import Scripts, is_main_guard
from dodcheck.facts.code.walking import walk
from dodcheck.patterns import pattern

Place = Literal["command", "unclear", "library"]

_FOLDERS = {"cli", "commands", "command", "scripts", "script", "bin"}
_TOP_FOLDERS = {"tools", "hack", "devtools", "ci"}
_FILE = pattern(r"__main__|_?cli|\w+_cli|cli_\w+|console|commands?|cmdline|manage|setup|noxfile|fabfile")
_WORDS = pattern(
    r"\b(argparse|ArgumentParser|click|typer|docopt|optparse|cyclopts|jsonargparse|fire|sys\.argv|cmd\.Cmd"
    r"|prompt_toolkit|curses|input\(|getpass|simple_parsing|tyro|HfArgumentParser|Console\(|rich_click)\b"
)
_COMMANDS = pattern(r"(command|group|callback|default_command|argument|option|cli|task)$", re.IGNORECASE)
_MAIN = {"main", "_main", "cli", "run_cli", "entrypoint", "entry_point", "amain", "main_cli"}
_SAYS = pattern(
    r"(^|_|\.)(p?print|show|display|dump|echo|reports?|render|pretty|usage|banner|progress|prompt|help|summar\w+|ask"
    r"|say|tell|confirm|interactive|demo|example|debug)(_|$|\.|\d)"
)
_OWNERS = pattern(r"(Console|Printer|Reporter|Formatter|Command|UI|Progress|Shell|Repl|REPL|Cli|CLI|Terminal|Display)")
_DISPLAYS = {"__str__", "__repr__", "__rich__", "__rich_console__"}


class CommandLine:
    """Where a line of a file stands.

    Args:
        snapshot: The side.
        modules: Its modules.
        functions: Its functions.
        scripts: Which of its files are scripts.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules, functions: Functions, scripts: Scripts) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._functions = functions
        self._scripts = scripts
        self._reached: dict[str, frozenset[str]] = {}
        self._entries: frozenset[str] | None = None
        self._lock = Lock()

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules, functions: Functions, scripts: Scripts) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, modules, functions, scripts)

    def place(self, path: str, line: int) -> Place:
        """Tell where a line stands: on the command line, in a library, or in what either may use.

        Code is of the command line when its file is by name, or when its function is a command, stands under the
        main guard or at the top of a script, or is called from such code of the same file.  It is unclear where its
        name says that it shows something, where the file reads arguments, and where a program's entry point imports
        the file.

        Raises:
            ToolError: The file cannot be parsed.
        """
        if _is_command_file(path):
            return "command"
        around = [one for one in self._functions.at(path) if one.line <= line <= one.end_line]
        if any(one.guarded or one.name in self._commands(path) for one in around):
            return "command"
        if not around and (self._guards(path, line) or not self._scripts.is_packaged(path)):
            return "command"
        names = ".".join(one.name for one in around[:1] + around[-1:])
        if _SAYS.search(names.lower()) or _OWNERS.search(names) or names.rpartition(".")[2] in _DISPLAYS:
            return "unclear"
        return "unclear" if self._may_show(path) or path in self._entry_files else "library"

    def _may_show(self, path: str) -> bool:
        text = self._modules.text(path)
        guarded = "__main__" in text and not self._scripts.is_packaged(path)
        return guarded or bool(_WORDS.search(text)) or self._scripts.is_script(path)

    def _guards(self, path: str, line: int) -> bool:
        """Tell whether a line outside of functions stands under the main guard."""
        return any(
            is_main_guard(node) and node.lineno <= line <= (node.end_lineno or 0)
            for node in self._modules.tree(path).body
        )

    def _commands(self, path: str) -> frozenset[str]:
        """Return the functions of a file that are commands, or called by them."""
        with self._lock:
            if path not in self._reached:
                self._reached[path] = frozenset(self._reach(path))
            return self._reached[path]

    def _reach(self, path: str) -> Iterator[str]:
        functions = self._functions.at(path)
        by_name: dict[str, list[Function]] = {}
        for one in functions:
            by_name.setdefault(one.node.name, []).append(one)
        queue = [one for one in functions if _is_command(one)]
        queue += [one for name in self._called_at_the_top(path) for one in by_name.get(name, ())]
        seen: set[Function] = set()
        while queue:
            one = queue.pop()
            if one not in seen:
                seen.add(one)
                queue += [callee for name in _named(one.node) for callee in by_name.get(name, ())]
        yield from (one.name for one in seen)

    def _called_at_the_top(self, path: str) -> Iterator[str]:
        script = self._scripts.is_script(path)
        for node in self._modules.tree(path).body:
            if is_main_guard(node) or (script and not isinstance(node, Definition)):
                yield from _named(node)

    @property
    def _entry_files(self) -> frozenset[str]:
        """Files of the entry points that the project declares, and what those import."""
        if self._entries is None:
            self._entries = frozenset(self._find_entries())
        return self._entries

    def _find_entries(self) -> Iterator[str]:
        paths = ImportPaths(self._modules, re.compile(r""))
        for name in _declared(self._snapshot):
            module = name.partition(":")[0].strip()
            for entry in filter(
                None, (paths.find(module, 0, "setup.py"), paths.find(f"{module}.__main__", 0, "setup.py"))
            ):
                yield entry
                yield from self._imports(paths, entry)

    def _imports(self, paths: ImportPaths, entry: str) -> Iterator[str]:
        try:
            tree = self._modules.tree(entry)
        except ToolError:  # the file is not one that is judged here
            return
        for node in walk(tree):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{one.name}".lstrip(".") for one in node.names)]
                yield from filter(None, (paths.find(name, node.level, entry) for name in names))
            elif isinstance(node, ast.Import):
                yield from filter(None, (paths.find(one.name, 0, entry) for one in node.names))


def _is_command_file(path: str) -> bool:
    file = PurePosixPath(path)
    folders = file.parts[:-1]
    aside = not _FOLDERS.isdisjoint(folders) or not _TOP_FOLDERS.isdisjoint(folders[:1])
    return aside or bool(_FILE.fullmatch(file.stem.lower()))


def _is_command(function: Function) -> bool:
    return function.node.name in _MAIN or any(_COMMANDS.search(name) for name in function.decorators)


def _named(node: ast.AST) -> set[str]:
    """Return the names and attributes that a piece of code reads."""
    found = {one.id for one in walk(node) if isinstance(one, ast.Name)}
    return found | {one.attr for one in walk(node) if isinstance(one, ast.Attribute)}


def _declared(snapshot: Snapshot) -> Sequence[str]:
    """Return the entry points that a project's files declare, as `module:function`."""
    try:
        project = tomllib.loads(snapshot.read("pyproject.toml") or "")
    except (ValueError, RecursionError):
        project = {}
    scripts: list[Any] = []
    for table in (project.get("project", {}), project.get("tool", {}).get("poetry", {})):
        listed = table.get("scripts") if isinstance(table, Mapping) else None
        scripts += listed.values() if isinstance(listed, Mapping) else ()
    older = "\n".join(filter(None, map(snapshot.read, ("setup.py", "setup.cfg"))))
    found = re.findall(r"=\s*([\w.]+:\w+)", older)
    return [*(one for one in scripts if isinstance(one, str)), *found]
