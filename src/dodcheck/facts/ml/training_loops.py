"""Loops that train or evaluate a PyTorch model, and what is missing in them."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import RLock
from typing import Literal, NamedTuple, Self

from dodcheck.facts.code.modules import Function as FunctionNode
from dodcheck.facts.code.modules import Modules, definitions
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.ml import torch_idioms as torch
from dodcheck.facts.ml.ml_calls import MlCalls
from dodcheck.facts.ml.torch_idioms import MODEL, Loop, Reach

SlipKind = Literal["gradients-kept", "evaluated-in-training", "trained-in-evaluation", "forward", "model-in-loop"]
_EVALUATES = re.compile(
    r"(?!_*(get|make|build|load|is|has|should|log|print|plot|save)_).*?(^|_)(eval\w*|valid|validate|validation|test|tests?_loop)(_|$)"
)
_BY_CONTEXT = re.compile(r"dist\w*autograd|distributed\.autograd")  # gradients of each context stand apart
_REMOTE = re.compile(r"remote|rpc|rref", re.IGNORECASE)  # only methods can be called there
_KERAS_MODELS = {"keras.Sequential", "keras.Model", "keras.models.Sequential", "keras.models.Model"}
_FRAMEWORKS = {"torch", "lightning", "transformers"}


class Slip(NamedTuple):
    """One thing that a loop or call gets wrong.

    Args:
        kind: `gradients-kept`: steps are taken and no gradient is ever cleared; `evaluated-in-training`: a model is
            evaluated and nothing in the file turns it to evaluation; `trained-in-evaluation`: training goes on after
            `eval()`; `forward`: `forward` is called by name; `model-in-loop`: Keras models pile up.
        what: The model, optimizer or call.
        path: The file.
        line: 1-based line of the code.
        symbol: The function or class around; empty at module level.
    """

    kind: SlipKind
    what: str
    path: str
    line: int
    symbol: str


class TrainingLoops:
    """Slips by file of one side.

    Args:
        modules: The side.
        calls: Its calls of frameworks.
    """

    def __init__(self, modules: Modules, calls: MlCalls) -> None:
        self._modules = modules
        self._calls = calls
        self._known: dict[str, FileLoops] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, modules: Modules, calls: MlCalls) -> Self:
        """Nothing is read yet."""
        return cls(modules, calls)

    def at(self, path: str) -> "FileLoops":
        """Return the loops of a file.

        Raises:
            ToolError: The file names a framework and cannot be parsed.
        """
        with self._lock:
            if path not in self._known:
                self._known[path] = FileLoops(path, self._modules.tree(path), self._calls)
            return self._known[path]


class FileLoops:
    """The loops of one file.

    Args:
        path: The file.
        tree: Its syntax tree.
        calls: The calls of frameworks of its side.
    """

    def __init__(self, path: str, tree: ast.Module, calls: MlCalls) -> None:
        self._path = path
        self._tree = tree
        self._calls = calls
        self._functions = {name: node for name, node in definitions(tree) if isinstance(node, FunctionNode)}

    @cached_property
    def uses_torch(self) -> bool:
        """The file imports a framework of PyTorch's."""
        return any(one.name in _FRAMEWORKS for one in self._calls.frameworks(self._path))

    @property
    def trains_or_evaluates(self) -> bool:
        """There is anything to judge."""
        return bool(self._steps or self._evaluations or self._piling or "forward" in self._whole.owners)

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """What is wrong, in the order of the text."""
        found = list(self._models_in_loops())
        if self.uses_torch:
            found += [*self._gradients_kept(), *self._trained(), *self._evaluated(), *self._forward()]
        return tuple(sorted(found, key=lambda one: one.line))

    @cached_property
    def _loops(self) -> Sequence[tuple[str, Loop]]:
        """Outermost loops with the function around."""
        found: list[tuple[str, Loop]] = []
        for symbol, node in [("", self._tree), *self._functions.items()]:
            found += [(symbol, loop) for loop in torch.outer_loops(node)]
        return found

    @cached_property
    def _steps(self) -> Sequence[tuple[str, Loop, Reach]]:
        """Loops that compute gradients."""
        reached = [(symbol, loop, self._reach(loop)) for symbol, loop in self._loops]
        return [(symbol, loop, reach) for symbol, loop, reach in reached if "backward" in reach.owners]

    @cached_property
    def _whole(self) -> Reach:
        return torch.read(walk(self._tree))

    def _reach(self, node: ast.AST, depth: int = 3, seen: frozenset[str] = frozenset()) -> Reach:
        nodes = [one for one in walk(node) if isinstance(one, ast.Call | ast.Assign)]
        for call in [one for one in nodes if isinstance(one, ast.Call)] if depth else ():
            for name in self._called(call):
                if name not in seen:
                    inner = self._reach(self._functions[name], depth - 1, seen | {name})
                    nodes += [one for one in inner.nodes if isinstance(one, ast.Call | ast.Assign)]
        return torch.read(nodes)

    def _called(self, call: ast.Call) -> list[str]:
        """Names of the functions of this file that a call may reach: by name, or as a method of that name."""
        func = call.func
        name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
        own = isinstance(func, ast.Name) or (isinstance(func, ast.Attribute) and written(func.value) in {"self", "cls"})
        return [one for one in self._functions if one.rpartition(".")[2] == name] if own else []

    def _gradients_kept(self) -> Iterator[Slip]:
        for symbol, loop, reach in self._steps:
            optimizer = next((one for one in reach.owners.get("step", ()) if "opt" in one.lower()), None)
            apart = any(_BY_CONTEXT.search(one) for one in reach.owners["backward"])
            if optimizer and not apart and not torch.clears(reach):
                line = next(
                    one.lineno for one in reach.nodes if torch.method(one) == "backward" and isinstance(one, ast.Call)
                )
                inside = loop.lineno <= line <= (loop.end_lineno or line)
                yield Slip("gradients-kept", optimizer, self._path, line if inside else loop.lineno, symbol)

    def _trained(self) -> Iterator[Slip]:
        """Loops in which a model is turned to evaluation, trained, and never turned back."""
        for symbol, loop, reach in self._steps:
            if any(torch.turns_on(one) for one in reach.nodes):
                continue
            for owner, line in self._turned_off(loop):
                if torch.uses_model(loop, owner):
                    yield Slip("trained-in-evaluation", owner, self._path, line, symbol)
                    break

    def _turned_off(self, loop: Loop) -> Iterator[tuple[str, int]]:
        """Yield the models that a loop turns to evaluation, in its own words, and where."""
        for call in (one for one in walk(loop) if isinstance(one, ast.Call)):
            if torch.turns_off(call):
                yield torch.owner(call), call.lineno
            for name in self._called(call):
                function = self._functions[name]
                for inner in (one for one in walk(function) if isinstance(one, ast.Call) and torch.turns_off(one)):
                    handed = torch.handed_for(function, call, torch.owner(inner))
                    if handed:
                        yield handed, call.lineno

    @cached_property
    def _evaluations(self) -> Sequence[tuple[str, FunctionNode, str]]:
        """Functions that are named after evaluation and run a model in a loop, with the model."""
        found: list[tuple[str, FunctionNode, str]] = []
        for symbol, node in self._functions.items():
            if not _EVALUATES.match(node.name):
                continue
            parts = [one for loop in torch.outer_loops(node) for one in walk(loop)]
            called = [written(one.func) for one in parts if isinstance(one, ast.Call)]
            model = next((one for one in called if MODEL.search(one) and not one[:1].isupper()), None)
            if model:
                found.append((symbol, node, model))
        return found

    def _evaluated(self) -> Iterator[Slip]:
        """Evaluations in a file that trains, and that turns no model to evaluation anywhere."""
        trains = "backward" in self._whole.owners
        if not trains or any(torch.turns_off(one) for one in self._whole.nodes):
            return
        for symbol, node, model in self._evaluations:
            if "backward" not in self._reach(node).owners:
                yield Slip("evaluated-in-training", model, self._path, node.lineno, symbol)

    def _forward(self) -> Iterator[Slip]:
        source = self._calls.scopes(self._path)
        for one in source.placed[ast.Call]:
            node = one.node
            if not isinstance(node, ast.Call) or torch.method(node) != "forward" or torch.is_handed_self(node):
                continue
            owner = torch.owner(node)
            name = self._calls.names.of(node.func, one.scope) or ""
            far = _REMOTE.search(owner) or name.startswith("torch.distributed.")
            known = not far and (name.startswith("torch.nn.") or (not name and MODEL.search(owner)))
            if known and owner not in {"self", "cls", "super()"} and not owner[:1].isupper():
                yield Slip("forward", owner, self._path, node.lineno, one.symbol)

    def _models_in_loops(self) -> Iterator[Slip]:
        for symbol, loop, name, line in self._piling:
            if "clear_session" not in self._reach(loop).owners:
                yield Slip("model-in-loop", name, self._path, line, symbol)

    @cached_property
    def _piling(self) -> Sequence[tuple[str, Loop, str, int]]:
        """Loops that make models of Keras, each with the first one."""
        made = [one for one in self._calls.at(self._path) if one.name in _KERAS_MODELS]
        inside = ((symbol, loop, [m for m in made if torch.within(loop, m.line)]) for symbol, loop in self._loops)
        return [(symbol, loop, found[0].name, found[0].line) for symbol, loop, found in inside if found]
