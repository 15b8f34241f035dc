"""Where a module imports what, and under which condition."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.imports.known_distributions import NAMESPACES

Condition = Literal["always", "lazy", "platform", "script", "optional", "typing"]

_DEPTH = 3  # parts of a dotted name that tell the distributions of a namespace apart
_IMPORTERS = ("import_module", "__import__", "importorskip")
_ABSENCE = {"ImportError", "ModuleNotFoundError"}
_ANYTHING = {"Exception", "BaseException"}
_ASKED = re.compile(
    r"find_spec|sys\.modules|(\b|_)(has|have|had)_|HA(S|VE)_|available|installed|missing", re.IGNORECASE
)
_PLATFORM = re.compile(
    r"sys\.(platform|version_info|implementation)|os\.name\b|\bplatform\.|PY[23]\b|windows|darwin|linux|macos",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ImportSite:
    """One import of a module that is not relative.

    Args:
        path: The file.
        line: 1-based line.
        symbol: The class or function around it, by its qualified name.
        module: What is imported: the first part of its name, or up to three of a namespace's.
        condition: `always` when the file is imported, `lazy` in a function, on some `platform`, in the main `script`
            alone, `optional` when its absence is provided for, for `typing` alone.
    """

    path: str
    line: int
    symbol: str | None
    module: str
    condition: Condition

    @property
    def top(self) -> str:
        """The first part of the name."""
        return self.module.partition(".")[0]

    @property
    def is_needed(self) -> bool:
        """The code does not run without it."""
        return self.condition not in {"optional", "typing"}


def import_sites(path: str, text: str, tree: ast.Module) -> Sequence[ImportSite]:
    """Return the imports of a file in the order of the text.

    Args:
        path: The file.
        text: Its content.
        tree: Its syntax tree.
    """
    reader = _Reader(path, calls=any(name in text for name in _IMPORTERS))
    reader.read(tree, None, "always")
    skipped = {one.top for one in reader.found if one.line in reader.skips}
    return [replace(one, condition="optional") if one.top in skipped and one.is_needed else one for one in reader.found]


class _Reader:
    def __init__(self, path: str, *, calls: bool) -> None:
        self._path = path
        self._calls = calls
        self.found: list[ImportSite] = []
        self.skips: set[int] = set()

    def read(self, node: ast.AST, symbol: str | None, condition: Condition) -> None:
        """Note the imports below a node."""
        self._note(node, symbol, condition)
        if isinstance(node, Definition):
            symbol = f"{symbol}.{node.name}" if symbol else node.name
        if isinstance(node, Function) and condition == "always":
            condition = "lazy"
        for child, under in _parts(node, condition):
            if isinstance(child, ast.expr):  # long expressions nest too deep to recurse into
                for call in walk(child) if self._calls else ():
                    self._note(call, symbol, under)
            else:
                self.read(child, symbol, under)

    def _note(self, node: ast.AST, symbol: str | None, condition: Condition) -> None:
        names: list[str] = []
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
            return
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called, name = written(node.func).rpartition(".")[2], node.args[0].value
            if isinstance(name, str) and called in _IMPORTERS:
                names = [name] if name.replace(".", "_").isidentifier() else []
                if called == "importorskip":
                    condition = "optional"
                    self.skips.add(node.lineno)
        for module in dict.fromkeys(map(_told_apart, names)):
            self.found.append(ImportSite(self._path, node.lineno, symbol, module, condition))


def _told_apart(name: str) -> str:
    top = name.partition(".")[0]
    return ".".join(name.split(".")[:_DEPTH]) if top in NAMESPACES else top


def _parts(node: ast.AST, condition: Condition) -> Iterator[tuple[ast.AST, Condition]]:
    """Yield the children of a node, each with the condition that it runs under."""
    inner: dict[ast.AST, Condition] = {}
    if isinstance(node, ast.Try | ast.TryStar) and _provides_for_absence(node):
        inner = dict.fromkeys([*node.body, *node.orelse, *node.handlers], "optional")
    elif isinstance(node, ast.With) and any(map(_expects_absence, node.items)):
        inner = dict.fromkeys(node.body, "optional")
    elif isinstance(node, ast.If):
        inner = _branches(node, condition)
    for child in children(node):
        under = inner.get(child, condition)
        yield child, condition if condition in {"typing", "optional"} else under


def _branches(node: ast.If, condition: Condition) -> dict[ast.AST, Condition]:
    test = written(node.test)
    if "TYPE_CHECKING" in test:
        typed, others = (node.orelse, node.body) if test.startswith("not ") else (node.body, node.orelse)
        return {**dict.fromkeys(typed, "typing"), **dict.fromkeys(others, condition)}
    if "__name__" in test and "__main__" in test:
        return dict.fromkeys(node.body, "script")
    imported = {
        alias.name.partition(".")[0]
        for child in walk(node)
        if isinstance(child, ast.Import | ast.ImportFrom)
        for alias in child.names
    }
    names = {child.id for child in walk(node.test) if isinstance(child, ast.Name)}
    if _ASKED.search(test) or names & imported:
        return dict.fromkeys([*node.body, *node.orelse], "optional")
    return dict.fromkeys([*node.body, *node.orelse], "platform") if _PLATFORM.search(test) else {}


def _provides_for_absence(node: ast.Try | ast.TryStar) -> bool:
    """Tell whether a missing module is caught: by name, or along with all else around nothing but imports."""
    caught = {name for handler in node.handlers for name in _caught(handler.type)}
    plain = all(isinstance(stmt, ast.Import | ast.ImportFrom | ast.Assign) for stmt in node.body)
    return bool(caught & _ABSENCE) or (plain and bool(caught & _ANYTHING))


def _caught(kind: ast.expr | None) -> set[str]:
    if kind is None:
        return {"Exception"}
    return {node.id for node in walk(kind) if isinstance(node, ast.Name)}


def _expects_absence(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and any(_caught(arg) & _ABSENCE for arg in call.args)
