"""Reads that hold a whole data set in memory, and reads that take only what is needed."""

import ast
import re
from collections.abc import Hashable, Iterator
from fnmatch import fnmatch
from typing import ClassVar, Literal, NamedTuple

from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.scopes import Binding, Scope
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.ml.data_paths import literal_of, target_of
from dodcheck.facts.ml.frameworks import Kind
from dodcheck.facts.ml.ml_calls import MlCall, MlCalls
from dodcheck.facts.ml.new_uses import NewUses

Way = Literal["whole", "lazy", "collected", "listed"]

_PARTIAL = {
    "chunksize", "usecols", "nrows", "iterator", "columns", "filters", "n_rows", "max_rows", "batch_size", "mmap_mode",
}  # fmt: skip
_EAGER = re.compile(
    r"pandas\.read_(csv|table|parquet|json|feather|excel|hdf|orc|pickle)|polars\.read_\w+|numpy\.(load|loadtxt|genfromtxt)"
    r"|datasets\.load_dataset"
)
_LAZY = re.compile(r"polars\.scan_\w+|numpy\.memmap|duckdb\.(read_\w+|from_\w+)|h5py\.File")
_COLLECTED = re.compile(r"polars\.scan_\w+\.collect")
_NARROWING = {"filter", "select", "head", "limit", "tail", "group_by", "slice", "unique"}
_HELD = re.compile(
    r"\.(filter|select|head|limit|slice)\([^()]*\b(Series|mask|np|numpy|to_numpy)\b"
)  # data, no expression
_ARGUMENTS = ("filepath_or_buffer", "path", "source", "io", "file", "path_or_buf", "fname")


class Load(NamedTuple):
    """One read.

    Args:
        call: The call that reads, or that makes the whole of it.
        way: `whole` and `lazy` reads; `collected` when a lazy frame is made whole before it is narrowed; `listed` when
            a stream is put into a list.
        target: The path or name of the data, as far as it is known.
        narrowed: Of `collected`, the method that narrows too late.
    """

    call: MlCall
    way: Way
    target: str
    narrowed: str = ""

    def matches(self, patterns: tuple[str, ...]) -> str | None:
        """Return the first pattern that the data match, as a whole or from their end."""
        return next((one for one in patterns if fnmatch(self.target, one) or fnmatch(self.target, f"*/{one}")), None)


class NewLoads(NewUses[Load]):
    """Reads in the change's source that base does not have."""

    kinds: ClassVar[tuple[Kind, ...]] = ("learning", "data")

    def read(self, path: str, calls: MlCalls, modules: Modules) -> Iterator[Load]:
        """See `NewUses.read`."""
        every = calls.at(path)
        at_once = {_owner(call.node) for call in every if _COLLECTED.fullmatch(call.name)}
        later = _narrowings(modules.tree(path)) if any(call.has("collects") for call in every) else {}
        for call in every:
            if _COLLECTED.fullmatch(call.name):
                narrowed = later.get(call.node) or _of_name(call, modules.tree(path))
                if narrowed:
                    yield Load(call, "collected", "", narrowed)
            elif _EAGER.fullmatch(call.name) or _LAZY.fullmatch(call.name):
                yield Load(call, "whole" if call.node in at_once else _way(call), _target(call))
        yield from _listed(path, calls, modules)

    def identity(self, one: Load) -> Hashable:
        """See `NewUses.identity`."""
        return one.way, one.target, one.call.name


def _owner(call: ast.Call) -> ast.expr | None:
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _way(call: MlCall) -> Way:
    if _LAZY.fullmatch(call.name) or call.is_open or any(call.argument(one) is not None for one in _PARTIAL):
        return "lazy"
    if call.name == "datasets.load_dataset" and call.argument("streaming") is not None:
        return "lazy"
    return "whole"


def _target(call: MlCall) -> str:
    files = call.argument("data_files") if call.name == "datasets.load_dataset" else None
    if files is not None:
        return target_of(files, call.scope).text
    first = call.node.args[0] if call.node.args else None
    node = first or next((found for name in _ARGUMENTS if (found := call.argument(name))), None)
    return target_of(node, call.scope).text or literal_of(node, call.scope) or ""


def _narrowings(tree: ast.Module) -> dict[ast.expr, str]:
    """Return the method that is called on each expression at once, where a lazy frame has it and may push it down."""
    found: dict[ast.expr, str] = {}
    for node in walk(tree):
        method = node.func if isinstance(node, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in _NARROWING and not _HELD.search(written(node)):
            found[method.value] = method.attr
    return found


def _of_name(call: MlCall, tree: ast.Module) -> str:
    """Return the method that narrows what a collected frame is assigned to, when that is all that reads it."""
    name = next((name for name, one in _assigned(call.scope) if one.value is call.node), None)
    if name is None or len(call.scope.bound[name]) > 1:
        return ""
    around = call.scope.node if call.scope.parent else tree
    used = [node for node in walk(around) if isinstance(node, ast.Name) and node.id == name]
    reads = [node for node in used if isinstance(node.ctx, ast.Load)]
    narrowed = _narrowings(tree)
    return narrowed.get(reads[0], "") if len(reads) == 1 else ""


def _assigned(scope: Scope) -> Iterator[tuple[str, Binding]]:
    for name, bindings in scope.bound.items():
        yield from ((name, one) for one in bindings)


def _listed(path: str, calls: MlCalls, modules: Modules) -> Iterator[Load]:
    """Yield the streams of the hub that are put into a list."""
    if "streaming" not in modules.text(path):
        return
    for placed in calls.scopes(path).placed[ast.Call]:
        node = placed.node
        if (
            not isinstance(node, ast.Call)
            or not isinstance(node.func, ast.Name)
            or node.func.id not in {"list", "tuple"}
        ):
            continue
        inside = _stream(node.args[0], placed.scope, calls, path) if len(node.args) == 1 else None
        if inside:
            yield Load(inside, "listed", _target(inside))


def _stream(node: ast.expr, scope: Scope, calls: MlCalls, path: str) -> MlCall | None:
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name) and len(scope.bound.get(node.id, ())) == 1:
        value = scope.bound[node.id][0].value
        node = value if isinstance(value, ast.expr) else node
    for call in calls.at(path):
        given = call.argument("streaming")
        if (
            call.node is node
            and call.name == "datasets.load_dataset"
            and isinstance(given, ast.Constant)
            and given.value
        ):
            return call
    return None
