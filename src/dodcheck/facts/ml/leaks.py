"""Leaks of test data into training that a change introduces."""

import ast
import re
from functools import cached_property
from typing import Self

from dodcheck.change import Both
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Function, Modules
from dodcheck.facts.code.walking import walk as walk_tree
from dodcheck.facts.ml.flow_code import Code, Project
from dodcheck.facts.ml.flow_frames import Frame
from dodcheck.facts.ml.flow_values import Place, Thing, Value
from dodcheck.facts.ml.flow_walk import Walk
from dodcheck.facts.ml.flow_words import part_named
from dodcheck.facts.ml.leak_ledger import Leak, Ledger
from dodcheck.facts.ml.ml_files import MlFiles

_LIBRARY = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+.*\b(?:sklearn|imblearn|xgboost|lightgbm|catboost|keras|tensorflow|torch|datasets"
    r"|category_encoders|feature_engine|cuml|optuna|pandas|numpy|polars)\b",
    re.MULTILINE,
)
PART = re.compile(r"(?i)split|cross_val|SearchCV|test|holdout|valid|CV\b")


class Leaks:
    """Leaks by file of one side.

    Args:
        modules: The side.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._project = Project(modules)
        self._known: dict[str, Ledger] = {}

    @classmethod
    def of(cls, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(modules)

    def at(self, path: str | None) -> Ledger:
        """Return what the flow through a file meets; nothing where no word of it speaks of training.

        Raises:
            ToolError: The file may train something and cannot be parsed.
        """
        if path is None or not self.is_training(path):
            return Ledger()
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def is_training(self, path: str) -> bool:
        """Tell, without parsing, whether a file has words of a library and of a split."""
        text = self._modules.text(path)
        return all(one.search(text) for one in (_LIBRARY, PART))

    def _read(self, path: str) -> Ledger:
        ledger = Ledger(_held_out(self._project.source(path).tree))
        walk = Walk(self._project, ledger)
        frame = walk.module(path)
        for node in frame.source.tree.body:
            if isinstance(node, Function):
                walk.function(node, node.name, frame)
            elif isinstance(node, ast.ClassDef):
                _read_class(walk, node, frame, ledger)
        return ledger


def _held_out(tree: ast.Module) -> str:
    """Return the first name that speaks of a validation part; empty when none does."""
    for node in walk_tree(tree):
        name = getattr(node, "id", None) or getattr(node, "arg", None) or getattr(node, "attr", None)
        name = node.value if isinstance(node, ast.Constant) else name
        known = isinstance(name, str) and name.isidentifier() and name not in {"val", "eval"}  # any value; a mode
        if known and part_named(str(name)) == "validation":
            return str(name)
    return ""


def _read_class(walk: Walk, node: ast.ClassDef, frame: Frame, ledger: Ledger) -> None:
    code = Code(node, frame.source, node.name, frame.variables)
    methods = [one for one in node.body if isinstance(one, Function)]
    together = Value(thing=Thing(code=code, made=True))
    for one in methods:
        owner = Value(thing=Thing(code=code, made=True))
        start = next((m for m in methods if m.name == "__init__"), None)
        if start and one is not start:
            walk.function(start, f"{node.name}.__init__", frame, owner)
        walk.function(one, f"{node.name}.{one.name}", frame, owner)
    ledger.doubt = "nobody can tell the order in which the methods are called"
    for one in methods:
        walk.function(one, f"{node.name}.{one.name}", frame, together)
    ledger.doubt = ""


class NewLeaks:
    """Leaks that head has and base has not.

    A leak is old when base has one of the same kind between the same two lines of a function of the same name,
    wherever that stood.

    Args:
        files: The changed files that are judged.
        leaks: The leaks of both sides.
    """

    def __init__(self, files: MlFiles, leaks: Both[Leaks]) -> None:
        self._files = files
        self._leaks = leaks
        self.judged = tuple(file for file in files.judged if leaks.head.is_training(file.path))

    @classmethod
    def of(cls, files: MlFiles, leaks: Both[Leaks]) -> Self:
        """Nothing is read yet.

        Raises:
            ToolError: A file names a framework and cannot be parsed.
        """
        return cls(files, leaks)

    @cached_property
    def found(self) -> tuple[Leak, ...]:
        """The new ones, by file and line; each once, whichever functions it is met in."""
        head = {(one.kind, one.where): one for file in self.judged for one in self._leaks.head.at(file.path).leaks}
        return tuple(self._files.introduced(head.values(), lambda _, __, path: self._leaks.base.at(path).leaks, _key))

    @cached_property
    def cut(self) -> tuple[str, ...]:
        """The judged files that split data or fit something and of which not every call is followed, as base's are."""
        ledgers = ((file, self._leaks.head.at(file.path)) for file in self.judged)
        parted = ((file, head.cut) for file, head in ledgers if head.splits or head.fits)
        return tuple(
            file.path for file, cut in parted if cut and not (file.base_path and self._base_is_cut(file.base_path))
        )

    def _base_is_cut(self, path: str) -> bool:
        try:
            return self._leaks.base.at(path).cut
        except ToolError:  # nothing of it is known
            return False

    @cached_property
    def splits(self) -> tuple[Place, ...]:
        """Where the judged files split data."""
        return tuple(place for file in self.judged for place in self._leaks.head.at(file.path).splits)

    @cached_property
    def fits(self) -> tuple[Place, ...]:
        """Where the judged files fit something."""
        return tuple(place for file in self.judged for place in self._leaks.head.at(file.path).fits)


def _key(leak: Leak) -> tuple[str, ...]:
    return (leak.kind, leak.where.symbol.rpartition(".")[2], leak.where.text, leak.split.text)
