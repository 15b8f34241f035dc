"""What source code offers and says: the names it defines, its parameters, its texts, and what it raises."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TypeAlias

import msgspec

from dodcheck.change import ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Definition, Function, Modules, definitions
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.folding import text_of
from dodcheck.patterns import pattern

_WORD = pattern(r"[A-Za-z_]\w+")
_COMMENT = pattern(r"#.*")
_BIG = 400_000  # characters; no hand-written file has more
_ROLES = {"source", "migration", "config", "data", "other"}
_LONG = 4  # letters of a word that says something

Pair: TypeAlias = tuple[str, str]


def is_source(file: ChangedFile) -> bool:
    """Tell whether a changed file is read as source: code, data and settings, and no test or prose."""
    code = file.path.endswith((".py", ".pyi")) and not file.path.startswith(("doc/", "docs/"))
    return file.added is not None and (file.role in _ROLES or (code and file.role == "docs"))


class Surface(msgspec.Struct):
    """What some files offer and say.

    Args:
        names: Functions, classes, methods, attributes, module names, and the modules themselves.
        imported: Names that come from elsewhere.
        libraries: Top-level modules that are imported.
        members: Methods and attributes with their class.
        parameters: Parameters with their function, and with the class for a constructor.
        texts: String constants.
        raised: How often each exception is raised, or warning given.
        code: The lines of each function, comments left out.
    """

    names: set[str] = msgspec.field(default_factory=set)
    imported: set[str] = msgspec.field(default_factory=set)
    libraries: set[str] = msgspec.field(default_factory=set)
    members: set[Pair] = msgspec.field(default_factory=set)
    parameters: set[Pair] = msgspec.field(default_factory=set)
    texts: set[str] = msgspec.field(default_factory=set)
    raised: Counter[str] = msgspec.field(default_factory=Counter)
    code: dict[str, Counter[str]] = msgspec.field(default_factory=dict)

    @property
    def offered(self) -> set[str]:
        """Every name that others may use."""
        return self.names | self.imported

    @classmethod
    def of_files(cls, modules: Modules, paths: Iterable[str | None]) -> "Surface":
        """Read files of one side; None stands for none."""
        surface = cls()
        for path in paths:
            if path is not None:
                surface.read(modules, path)
        return surface

    def read(self, modules: Modules, path: str) -> None:
        """Add what one file has; of code that cannot be parsed, and of other languages, only words are known."""
        text = modules.text(path)
        if not text or len(text) > _BIG:
            return
        self.names.add(PurePosixPath(path).stem)
        if not path.endswith((".py", ".pyi")):
            self.texts |= {word for word in _WORD.findall(text) if len(word) > _LONG}
            return
        try:
            tree = modules.tree(path)
        except ToolError:  # the linter and the runner tell of it
            self.names |= set(re.findall(r"(?:def|class)\s+(\w+)", _COMMENT.sub("", text)))
            return
        lines = text.splitlines()
        for name, node in definitions(tree):
            self._define(name, node)
            if isinstance(node, Function):
                code = (line.strip() for line in lines[node.lineno - 1 : node.end_lineno])
                self.code.setdefault(node.name, Counter()).update(line for line in code if line and line[0] != "#")
        self._assign("", tree.body)
        for part in walk(tree):
            self._look(part)

    def _define(self, qualified: str, node: Definition) -> None:
        owner, _, name = qualified.rpartition(".")
        cls = owner.rpartition(".")[2]
        self.names.add(name)
        if cls:
            self.members.add((cls, name))
        if isinstance(node, ast.ClassDef):
            self._assign(name, node.body)
            return
        args = node.args
        for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]:
            self.parameters.add((cls if name == "__init__" else name, arg.arg))
        if cls:
            self.members |= {(cls, attribute) for attribute in _attributes(node)}

    def _assign(self, owner: str, body: Iterable[ast.stmt]) -> None:
        for name in _assigned(body):
            self.names.add(name)
            if owner:
                self.members.add((owner, name))

    def _look(self, node: ast.AST) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.texts.add(node.value)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imported |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            self.libraries |= {one.partition(".")[0] for one in modules}
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            self.names.add(node.attr)
        elif isinstance(node, ast.Raise) and node.exc:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            self.raised[text_of(raised).rpartition(".")[2]] += 1
        elif isinstance(node, ast.Call) and text_of(node.func).endswith("warn"):
            given = [*node.args[1:], *(one.value for one in node.keywords if one.arg == "category")]
            self.raised.update(text_of(one).rpartition(".")[2] for one in given if isinstance(one, ast.Name))


def _attributes(node: Function) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) and text_of(part.value) == "self":
            yield part.attr


def _assigned(body: Iterable[ast.stmt]) -> Iterator[str]:
    for stmt in body:
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
        for part in ("body", "orelse", "handlers", "finalbody"):
            if isinstance(stmt, ast.If | ast.Try | ast.With):
                inner = getattr(stmt, part, [])
                yield from _assigned([s for h in inner for s in (h.body if isinstance(h, ast.ExceptHandler) else [h])])
