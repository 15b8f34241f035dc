"""What leaves the result of a run to chance: random numbers that nothing makes repeatable."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import Literal, NamedTuple, Self

from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.notebooks import SUFFIX
from dodcheck.facts.code.walking import walk
from dodcheck.facts.ml.entry_points import runs_at_once
from dodcheck.facts.ml.ml_calls import MlCall, MlCalls
from dodcheck.facts.ml.seeded_by_others import draws_nothing, parts_of_ensembles, trainer_seeds

GapKind = Literal["argument", "none", "family", "late", "launcher"]

_SEEDS = re.compile(r"seed|make_deterministic|determinis", re.IGNORECASE)
_ENTRY_MARKS = {"command", "main", "callback"}
_FAMILY_OF = {"torch": "torch", "lightning": "torch", "tensorflow": "tensorflow", "keras": "tensorflow"}
_DRAWS_WHEN_TRAINED = {"torch", "lightning", "tensorflow", "keras"}
_LOADS = re.compile(r"\b(load_state_dict|from_pretrained|load_checkpoint|load_from_checkpoint|load_weights)\b")
_CALLING_CONFIGURATION = re.compile(r"\bload_hyperpyyaml\b|\bhydra\.utils\.call\b")
_LAUNCHES = re.compile(
    r"\b(torch\.multiprocessing|mp\.spawn|init_process_group|torch\.distributed\.run|elastic_launch)\b"
)
_SEEDED_BY_NUMPY = {"sklearn", "imblearn", "pandas", "datasets"}
_SEED_CALL = {
    "random": "random.seed(…)", "numpy": "numpy.random.seed(…)",
    "torch": "torch.manual_seed(…)", "tensorflow": "keras.utils.set_random_seed(…)",
}  # fmt: skip


class Gap(NamedTuple):
    """One thing that is left to chance.

    Args:
        kind: `argument`: a call leaves its seed out; `none`: it is given None; `family`: a run draws from a generator
            that nothing seeds; `late`: it is seeded after the model is made; `launcher`: as `family`, in several
            processes.
        what: The call or the family.
        argument: The argument that is left out; what would seed the family.
        path: The file.
        line: 1-based line of the code.
        symbol: The function or class around; empty at module level.
        certain: The file itself starts the run, so nobody else can have seeded it.
    """

    kind: GapKind
    what: str
    argument: str
    path: str
    line: int
    symbol: str
    certain: bool


class Seeding:
    """Gaps by file of one side.

    Args:
        modules: The side.
        calls: Its calls of frameworks.
    """

    def __init__(self, modules: Modules, calls: MlCalls) -> None:
        self._modules = modules
        self._calls = calls
        self._paths = ImportPaths(modules, _SEEDS)
        self._known: dict[str, FileSeeding] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, modules: Modules, calls: MlCalls) -> Self:
        """Nothing is read yet."""
        return cls(modules, calls)

    def at(self, path: str) -> "FileSeeding":
        """Return what a file seeds and what it leaves to chance.

        Raises:
            ToolError: The file names a framework and cannot be parsed.
        """
        with self._lock:
            if path not in self._known:
                text = self._modules.text(path)
                helpers = [one for one in self._paths.reached(path) if _SEEDS.search(self._modules.text(one))]
                tree = self._modules.tree(path)
                self._known[path] = FileSeeding(path, text, tree, self._calls.at(path), helpers)
            return self._known[path]


class FileSeeding:
    """What one file seeds and what it leaves to chance.

    Args:
        path: The file.
        text: Its code.
        tree: Its syntax tree.
        calls: Its calls of frameworks.
        helpers: Files of the project that it imports and that have to do with seeds.
    """

    def __init__(self, path: str, text: str, tree: ast.Module, calls: Sequence[MlCall], helpers: Sequence[str]) -> None:
        self.path = path
        self._text = text
        self._tree = tree
        self._calls = calls
        self._helpers = helpers

    @cached_property
    def is_entry(self) -> bool:
        """The file starts a run: a script, a command, a notebook."""
        trained = [one.symbol for one in self._calls if one.has("trains")]
        here = "" in trained or runs_at_once(self._tree, trained)
        return self.path.endswith(SUFFIX) or here or any(map(_starts, self._tree.body))

    @cached_property
    def seeds(self) -> Mapping[str, int]:
        """Line at which each family of random numbers is first seeded; `all` for what seeds every one."""
        found: dict[str, int] = {}
        for call in self._calls:
            if call.has("seeds-all"):
                found.setdefault("all", call.line)
            elif call.has("seeds"):
                found.setdefault(_FAMILY_OF.get(call.framework, call.framework), call.line)
        for node in walk(self._tree):
            if isinstance(node, ast.Call) and _seeds_by_name(node.func):
                found.setdefault("all", node.lineno)
        return found

    @property
    def draws(self) -> bool:
        """The file draws random numbers, or trains what does."""
        return any(
            one.seed_argument or one.has("stochastic") or (one.has("trains") and one.framework in _DRAWS_WHEN_TRAINED)
            for one in self._calls
        )

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything that is left to chance, in the order of the text."""
        found = [*self._arguments(), *self._families(), *self._late()]
        return tuple(sorted(found, key=lambda one: one.line))

    @cached_property
    def _launches(self) -> bool:
        return bool(_LAUNCHES.search(self._text))

    @property
    def _seeded_elsewhere(self) -> bool:
        """Another process may be seeded by itself; a configuration that calls functions, and a trainer, may seed."""
        return self._launches or bool(_CALLING_CONFIGURATION.search(self._text)) or trainer_seeds(self._calls)

    def _seeded(self, family: str) -> bool:
        return family in self.seeds or "all" in self.seeds or bool(self._helpers)

    def _arguments(self) -> Iterator[Gap]:
        handed = parts_of_ensembles(self._calls)
        for call in self._calls:
            name = call.seed_argument
            if not name or call.is_open or draws_nothing(call) or call.node in handed:
                continue
            nothing = isinstance(call.seed, ast.Constant) and call.seed.value is None
            if nothing:
                yield self._gap("none", call, name, certain=True)
            elif call.seed is None and not self._drawn_elsewhere(call):
                yield self._gap("argument", call, name, certain=self.is_entry and not self._seeded_elsewhere)

    def _drawn_elsewhere(self, call: MlCall) -> bool:
        """Without a seed of its own a call draws from a generator of the process, which the run may seed."""
        if call.framework in _SEEDED_BY_NUMPY:
            return self._seeded("numpy")
        return call.framework == "torch"  # the run is judged as a whole, see `_families`

    def _families(self) -> Iterator[Gap]:
        """Judge the file that starts the run: every generator that it draws from has to be seeded there."""
        if not self.is_entry or not any(one.has("trains") for one in self._calls):
            return
        for family, call in self._drawn.items():
            if not self._seeded(family):
                kind: GapKind = "launcher" if self._launches else "family"
                certain = not self._seeded_elsewhere and not call.has("trains")
                yield Gap(kind, family, _SEED_CALL[family], self.path, call.line, call.symbol, certain=certain)

    @cached_property
    def _drawn(self) -> Mapping[str, MlCall]:
        """The first call that draws from each family; one that trains where none is seen that draws."""
        found: dict[str, MlCall] = {}
        for sure in (True, False):
            for call in self._calls:
                family = _FAMILY_OF.get(call.framework, call.framework)
                trains = call.has("trains") and call.framework in _DRAWS_WHEN_TRAINED
                if family in _SEED_CALL and (_draws(call) if sure else trains):
                    found.setdefault(family, call)
        return found

    def _late(self) -> Iterator[Gap]:
        """A model that is trained, and whose weights are drawn before the seed is set."""
        if not any(one.has("trains") for one in self._calls) or _LOADS.search(self._text):
            return
        seeds = [one for one in self._calls if one.has("seeds")]
        for call in (one for one in self._calls if one.has("builds")):
            family = _FAMILY_OF.get(call.framework, call.framework)
            mine = [one for one in seeds if one.has("seeds-all") or _FAMILY_OF.get(one.framework) == family]
            there = [one for one in mine if one.symbol == call.symbol]
            if there and len(there) == len(mine) and all(one.line > call.line for one in there):
                made = (one for one in self._calls if one.has("builds") and one.symbol == call.symbol)
                sure = all(one.line < there[0].line for one in made)  # what is made after may be the model
                yield Gap("late", call.name, _name(there[0]), self.path, call.line, call.symbol, certain=sure)
                return

    def _gap(self, kind: GapKind, call: MlCall, argument: str, *, certain: bool) -> Gap:
        return Gap(kind, call.name, argument, self.path, call.line, call.symbol, certain)


def _draws(call: MlCall) -> bool:
    """Tell whether a call surely draws: numbers, an order, or the weights of layers (of its own for a class here)."""
    if call.has("stochastic"):
        return True
    if call.has("builds") and call.framework in _DRAWS_WHEN_TRAINED:
        func = call.node.func
        bound = call.scope.bound.get(func.id, ()) if isinstance(func, ast.Name) else ()
        outer = call.scope.parent.bound.get(func.id, ()) if call.scope.parent and isinstance(func, ast.Name) else ()
        return not any(isinstance(one.value, ast.ClassDef) for one in [*bound, *outer])
    shuffle = call.argument("shuffle") if call.name.endswith("Loader") else None
    return isinstance(shuffle, ast.Constant) and bool(shuffle.value)


def _name(call: MlCall) -> str:
    return call.name.removeprefix("?.")


def _starts(stmt: ast.stmt) -> bool:
    if isinstance(stmt, ast.If):
        return any(isinstance(part, ast.Name) and part.id == "__name__" for part in walk(stmt.test))
    if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef):
        marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in stmt.decorator_list]
        return any(isinstance(mark, ast.Attribute) and mark.attr in _ENTRY_MARKS for mark in marks)
    return False


def _seeds_by_name(func: ast.expr) -> bool:
    """A call of the project's own `set_seed` or `seed_everything`, wherever it comes from."""
    name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
    owned = isinstance(func, ast.Attribute) and name in {"seed", "manual_seed", "manual_seed_all", "set_seed"}
    return bool(_SEEDS.search(name)) and not owned and name not in {"use_deterministic_algorithms", "initial_seed"}
