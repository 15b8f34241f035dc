"""Training runs of a module, and what keeps a record of them: parameters, metrics and artifacts."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import RLock
from typing import Literal, Self

import msgspec

from dodcheck.change import Snapshot
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.code.writing import written
from dodcheck.facts.ml.data_paths import literal_of
from dodcheck.facts.ml.data_versions import DataVersions
from dodcheck.facts.ml.entry_points import runs_at_once
from dodcheck.facts.ml.ml_calls import MlCall, MlCalls
from dodcheck.roles import role_of

Part = Literal["parameters", "metrics", "artifacts"]
Defect = Literal["", "none", "late", "disabled", "refused"]

PARTS: tuple[Part, ...] = ("parameters", "metrics", "artifacts")
_TRACKER = re.compile(
    r"\b([Ww]andb\w*|[Mm][Ll][Ff]low\w*|tensorboard\w*|TensorBoard\w*|SummaryWriter|neptune|comet_ml|clearml|aim|dvclive"
    r"|trackio|swanlab|sacred|visdom|zenml|metaflow|init_trackers|log_with|log_dict|log_metrics?|log_params?|log_hyperparams|log_artifact"
    r"|[A-Z]\w*Logger|report_to|TrainerCallback|[Tt]racker|track(?=\()|log_stats|self\.log(?=\()|accelerator\.log|fabric\.log)\b"
)
_NOT_TRACKERS = re.compile(r"\blogging\.\w+")
_ENTRY = re.compile(
    r"__name__\s*==\s*[\"']__main__|@hydra\.main|@(\w+\.)?command\b|\btyper\.run\(|\bfire\.Fire\(|^main\(", re.MULTILINE
)
_FILES = re.compile(
    r"\b(FileHandler|csv\.writer|DictWriter|json\.dump|save_metrics)\b|\bbasicConfig\([^)]*\bfilename\b"
    r"|\b\w*(results|metrics|scores|history)\w*\.to_(csv|json|parquet)\b|\bcreate_study\([^)]*\bstorage(?=\s*=\s*(?!None\b))"
)
_TRIAL = re.compile(
    r"(^|[/_])(bench\w*|profil\w*|demo\w*|examples?|smoke\w*|sanity\w*)\.(py|ipynb)$|(^|/)[^/]*tutorial[^/]*(/|$)",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"\breport_to[\"']?\s*[:=]\s*(?:\[\s*)?(?:-\s*)?[\"']?(?!none\b|null\b|\[\])(\w+)", re.IGNORECASE)
_KEEPER = re.compile(r"(eval|metric|scor|track|log|pipeline|main|run|callback|report)\w*\.py$")
_SOURCE = re.compile(r"\w")
_DEEPEST = 3
_MOST = 60  # modules that are read for one run
_ROLES: tuple[tuple[str, Part], ...] = (
    ("logs-parameters", "parameters"), ("logs-metrics", "metrics"), ("logs-artifacts", "artifacts"),
)  # fmt: skip


class Run(msgspec.Struct, frozen=True):
    """The training of one module.

    Args:
        path: The module.
        line: 1-based line of its first call that trains.
        symbol: Where that stands.
        trains: Name and symbol of every call that trains.
        is_entry: The module is run as it is, not imported alone.
        kept: The parts of the record that something keeps.
        by: What keeps a part, in words.
        hinted: A word for a tracker, where the calls do not tell what it keeps; empty when there is none.
        defect: `none` when nothing keeps a record, `late` when that begins after the training, `disabled` and `refused`
            when the code turns it off.
        defect_line: 1-based line of the defect.
    """

    path: str
    line: int
    symbol: str
    trains: tuple[tuple[str, str], ...]
    is_entry: bool
    kept: frozenset[Part] = frozenset()
    by: tuple[str, ...] = ()
    hinted: str = ""
    defect: Defect = ""
    defect_line: int = 0


class Tracking:
    """Training runs of one side by file.

    Args:
        modules: The side.
        calls: Its calls of frameworks.
        versions: What of its data is versioned: stages of DVC keep parameters, metrics and outputs.
        snapshot: The side itself.
    """

    def __init__(self, modules: Modules, calls: MlCalls, versions: DataVersions, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._calls = calls
        self._versions = versions
        self._paths = ImportPaths(modules, _SOURCE)
        self._known: dict[str, Run | None] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, modules: Modules, calls: MlCalls, versions: DataVersions, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(modules, calls, versions, snapshot)

    def at(self, path: str | None) -> Run | None:
        """Return the training of a file; None when it trains nothing.

        Raises:
            ToolError: The file names a framework and cannot be parsed.
        """
        if not path:
            return None
        with self._lock:
            if path not in self._known:
                self._known[path] = self._read(path)
            return self._known[path]

    def _read(self, path: str) -> Run | None:
        calls = self._calls.at(path)
        trains = [call for call in calls if call.has("trains")]
        if not trains:
            return None
        first = trains[0]
        text = self._modules.text(path)
        run = Run(
            path,
            first.line,
            first.symbol,
            tuple((call.name, call.symbol) for call in trains),
            _is_entry(path, text, trains, self._modules.tree(path)),
        )
        defect, line = _turned_off(calls, text)
        if defect:
            return msgspec.structs.replace(run, defect=defect, defect_line=line)
        return self._with_record(run, calls, first, text)

    def _with_record(self, run: Run, calls: Sequence[MlCall], first: MlCall, text: str) -> Run:
        stage = self._versions.stage_of(run.path)
        if not stage and first.name.endswith("Trainer.train"):
            stage = self._configured
        if stage:
            return msgspec.structs.replace(run, kept=frozenset(PARTS), by=(stage,))
        reached = list(self._reached(run.path))
        every = [*calls, *(call for path in reached for call in self._calls.at(path))]
        kept = {part: call for call in every for part in _parts(call)}
        late = [call for call in calls if call.has("logs-everything") and _is_after(call, first)]
        if late and set(kept.values()) <= set(late):
            return msgspec.structs.replace(run, defect="late", defect_line=late[0].line)
        by = tuple(f"`{call.name}` keeps {part}" for part, call in kept.items())
        own = _FILES.search(text)
        hint = (
            tracker_in(text)
            or (own[0].partition("(")[0] if own else "")
            or next((word for path in reached if (word := tracker_in(self._modules.text(path)))), "")
        )
        hint = hint or ("" if kept else _default(first) or self._beside(run.path))
        defect: Defect = "" if kept or hint else "none"
        return msgspec.structs.replace(run, kept=frozenset(kept), by=by, hinted=hint, defect=defect)

    @cached_property
    def _configured(self) -> str | None:
        """The configuration file that tells Hugging Face's Trainer where to report to."""
        for path in self._snapshot.paths():
            if path.endswith((".yaml", ".yml", ".json", ".toml")) and role_of(path) in {"config", "data"}:
                found = _REPORTS.search(self._snapshot.read(path) or "")
                if found:
                    return f"`report_to` of {path} ({found[1]})"
        return None

    def _beside(self, path: str) -> str:
        """Return the tracker that the script names which evaluates or runs this one: the record may be kept there."""
        folder = path.rpartition("/")[0]
        beside = (one for one in self._snapshot.paths() if one.rpartition("/")[0] == folder and _KEEPER.search(one))
        named = ((tracker_in(self._modules.text(one)), one) for one in beside if one != path)
        return next((f"{word} in {one}" for word, one in named if word), self._versions.tool or "")

    def _reached(self, path: str) -> Iterator[str]:
        """Yield the project's modules that a file imports, nearest first."""
        seen, level = {path}, [path]
        for _ in range(_DEEPEST):
            found = [one for each in level for one in self._paths.reached(each) if one not in seen]
            level = list(dict.fromkeys(found))
            for one in level:
                if len(seen) < _MOST and one not in seen:
                    seen.add(one)
                    yield one


def _default(first: MlCall) -> str:
    """Return what a Trainer logs to when nobody says: Hugging Face whatever is installed, Lightning a local folder."""
    if first.name.endswith("Trainer.train"):
        return "report_to"
    return "logger" if first.name == "lightning.Trainer.fit" else ""


def _is_entry(path: str, text: str, trains: Sequence[MlCall], tree: ast.Module) -> bool:
    """Tell whether a module is run as it is, and for the sake of a model."""
    run = bool(_ENTRY.search(text)) or any(not call.symbol for call in trains) or path.endswith(".ipynb")
    run = run or runs_at_once(tree, (call.symbol for call in trains))
    return run and not _TRIAL.search(path)


def tracker_in(text: str) -> str:
    """Return a word of a text that names a tracker of experiments, or a logger of metrics; empty when there is none."""
    found = _TRACKER.search(_NOT_TRACKERS.sub("", text))
    return found[0] if found else ""


def _parts(call: MlCall) -> Iterator[Part]:
    for role, part in _ROLES:
        if call.has(role):
            yield part
    if call.name == "wandb.init" and (call.argument("config") is not None or call.is_open):
        yield "parameters"
    to = call.argument("report_to") if call.name.endswith("TrainingArguments") else None
    if to is not None and not _is_none(to, call.scope):
        yield from PARTS  # Trainer hands its arguments, its metrics and its checkpoints to what it reports to


def _turned_off(calls: Sequence[MlCall], text: str) -> tuple[Defect, int]:
    for call in calls:
        if call.name == "wandb.init" and literal_of(call.argument("mode"), call.scope) == "disabled":
            return "disabled", call.line
        if call.name.endswith("TrainingArguments") and _is_none(call.argument("report_to"), call.scope):
            others = any(one.has("logs-metrics") for one in calls) or _FILES.search(text)
            return ("", 0) if others else ("refused", call.line)
        if call.name == "lightning.Trainer" and written(call.argument("logger") or ast.Constant(0)) == "False":
            return "refused", call.line
    return "", 0


def _is_none(node: ast.expr | None, scope: Scope) -> bool:
    elements = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return bool(elements) and all(literal_of(one, scope) == "none" for one in elements)


def _is_after(call: MlCall, first: MlCall) -> bool:
    return call.symbol == first.symbol and call.line > first.line
