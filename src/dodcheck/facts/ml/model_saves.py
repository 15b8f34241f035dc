"""Places that save a model, and what is kept beside it: its date, the version of its data, its metrics."""

import ast
import re
from collections.abc import Hashable, Iterator, Sequence
from typing import Literal, NamedTuple

from dodcheck.facts.code.modules import Function, Modules
from dodcheck.facts.code.scopes import Imported, Scope
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.ml.ml_calls import MlCall, MlCalls
from dodcheck.facts.ml.new_uses import NewUses
from dodcheck.facts.ml.tracking import tracker_in

Part = Literal["date", "data", "metrics"]

PARTS: tuple[Part, ...] = ("date", "data", "metrics")
_WORDS: dict[Part, re.Pattern[str]] = {
    "date": re.compile(r"(^|_)(date|time|datetime|timestamp|trained_at|created(_at|_on)?|saved_at|training_time)($|_)"),
    "data": re.compile(
        r"(data(_?set)?s?|corpus|train(ing)?_data|dvc)_?(version|hash|revision|rev|sha\w*|md5|commit|id|digest|fingerprint)"
        r"|(^|_)(data_?set|data_?sets|train_data|training_data|data_version|git_(sha|commit|rev\w*))($|_)"
    ),
    "metrics": re.compile(
        r"(^|_)(metrics?|scores?|acc(uracy)?|f1|auc|r2|rmse|mae|mse|precision|recall|(val|best|test|eval)_\w+|results?)($|_)"
    ),
}
_OF_FRAMEWORK = re.compile(r"^(lightning\.|mlflow\.)")
_PICKLES = re.compile(r"^(joblib|pickle|cloudpickle|dill|skops\.io)\.dump$")
_MODELS = re.compile(
    r"^(sklearn|xgboost|lightgbm|torch\.nn|keras|imblearn|transformers|lightning)\b(?!.*(?:datasets|\.data\.|DMatrix|Dataset))"
)
_CALLS_MODEL = re.compile(
    r"(^|_)(model|net|network|classifier|clf|regressor|estimator|pipeline|pipe|policy|agent)$", re.IGNORECASE
)
_HELPER = re.compile(r"meta_?data|model_?card|manifest|provenance|register|registry", re.IGNORECASE)
_TEMPORARY = re.compile(r"\b(tempfile|gettempdir|TemporaryDirectory|NamedTemporaryFile|mkdtemp)\b")
_TEMPORARY_PATH = re.compile(r"\b_?te?mp_?(dir|path|folder|file)?(ectory|name)?\b", re.IGNORECASE)
_KEPT_BY_TRAINER = re.compile(r"\.(save_state|save_metrics)\(")  # of Transformers: trainer_state.json, all_results.json
_IN_A_NAME: dict[Part, re.Pattern[str]] = {
    "date": re.compile(r"(^|_)(date|time|timestamp|strftime|now|isoformat)($|_)"),
    "data": re.compile(r"(^|_)(data_?set|data_?version|data_?hash)($|_)"),
    "metrics": re.compile(
        r"(^|_)(val_?|dev_?|test_?)?(acc(uracy)?|loss|f1|auc|rmse|mae|mse|dice|m?iou|wer|cer|bleu)($|_)"
    ),
}
_PROGRESS = re.compile(r"epochs?|steps?|iter(ation)?s?", re.IGNORECASE)
_RECORDS = re.compile(r"(^|\.)dict$|meta|card|manifest|record|provenance|(^|_)info$", re.IGNORECASE)
_CARD = re.compile(r"\b(ModelCard|model_card|create_model_card|MODEL_CARD|README\.md)\b")
_RUN = re.compile(r"\bmlflow\.(log_inputs?|\w+\.log_model|log_model)\b")


class ModelSave(NamedTuple):
    """One call that saves a model.

    Args:
        call: The call.
        kept: The parts of the metadata that stand beside it.
        by: What keeps them all, in words; empty when that is read off single names.
        helper: An imported function beside it or a tracker of its module that may keep them; empty when there is none.
        trains: Its module trains the model, or is run as it is.
        resumes: It saves the state of an optimizer too: a checkpoint to go on from.
    """

    call: MlCall
    kept: frozenset[Part]
    by: str
    helper: str
    trains: bool
    resumes: bool


class NewModelSaves(NewUses[ModelSave]):
    """Calls that save a model and that base does not have; one whose metadata went is new too."""

    def read(self, path: str, calls: MlCalls, modules: Modules) -> Iterator[ModelSave]:
        """See `NewUses.read`."""
        every = calls.at(path)
        trains = any(call.has("trains") for call in every)
        for call in every:
            saves = call.has("saves") and _saves_model(call, calls) and not _is_as_loaded(call, every)
            if saves and not _passes(call, modules.text(path)):
                yield _save(call, modules, trains=trains)

    def identity(self, one: ModelSave) -> Hashable:
        """See `NewUses.identity`."""
        return one.call.name, one.kept, bool(one.by)


def _saves_model(call: MlCall, calls: MlCalls) -> bool:
    """Data, tokenizers and whatever else may be pickled are no models; what nobody can tell is left alone."""
    if call.name.startswith(("numpy.", "datasets.")) or "okenizer" in written(call.node.func):
        return False
    if not (_PICKLES.match(call.name) or call.name == "torch.save"):
        return not call.name.endswith((".push_to_hub", "ModelCheckpoint"))
    saved = call.node.args[0] if call.node.args else call.argument("obj") or call.argument("value")
    return saved is not None and _is_model(saved, call.scope, calls)


def _passes(call: MlCall, text: str) -> bool:
    """Tell whether the place is a temporary one: what is saved there serves the run alone."""
    around = written(call.scope.node)
    if _TEMPORARY.search(around) or any(_TEMPORARY_PATH.search(one) for one in _places(call)):
        return True
    given = {one.arg for one in walk(call.scope.node) if isinstance(one, ast.arg)}
    named = {one.id for part in _paths(call) for one in walk(part) if isinstance(one, ast.Name)}
    return bool(_TEMPORARY.search(text)) and not given.isdisjoint(named)


def _is_as_loaded(call: MlCall, every: Sequence[MlCall]) -> bool:
    """Tell whether a function saves what it has just loaded, and trains nothing."""
    func = call.node.func
    name = func.value.id if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else ""
    loaded = any(
        isinstance(one.value, ast.Call) and written(one.value.func).endswith(".from_pretrained")
        for one in call.scope.bound.get(name, ())
    )
    return bool(call.symbol) and loaded and not any(one.has("trains") and one.symbol == call.symbol for one in every)


def _paths(call: MlCall, *, dicts: bool = False) -> Iterator[ast.expr]:
    """Yield what the arguments of a call are, and what the names among them are bound to, two steps back."""
    level = [*call.node.args, *(one.value for one in call.node.keywords)]
    for _ in range(3):
        yield from level
        names = {one.id for part in level for one in walk(part) if isinstance(one, ast.Name)}
        values = [one.value for name in sorted(names) for one in call.scope.bound.get(name, ())]
        values += [one for name in sorted(names) for one in _opened_as(name, call.scope.node)]
        level = [one for one in values if isinstance(one, ast.expr) and (dicts or not isinstance(one, ast.Dict))]


def _opened_as(name: str, around: ast.AST) -> Iterator[ast.expr]:
    """Yield what is opened under a name: `with open(path) as name`."""
    for node in walk(around):
        for one in node.items if isinstance(node, ast.With) else ():
            if isinstance(one.optional_vars, ast.Name) and one.optional_vars.id == name:
                yield one.context_expr


def _places(call: MlCall) -> Iterator[str]:
    return (written(one) for one in _paths(call))


def _is_model(node: ast.expr, scope: Scope, calls: MlCalls, depth: int = 0) -> bool:
    text = written(node)
    if re.search(r"\.state_dict\(\)|\.module\b", text):
        return True
    if isinstance(node, ast.Name) and depth == 0:
        values = [one.value for one in scope.bound.get(node.id, ()) if isinstance(one.value, ast.Dict)]
        if values:
            return any(_is_model(value, scope, calls, 1) for value in values)
    if isinstance(node, ast.Tuple | ast.List):
        return any(_is_model(one, scope, calls, depth) for one in node.elts)
    if isinstance(node, ast.Name | ast.Attribute):
        made = calls.names.of(node, scope)
        return bool(_MODELS.match(made)) if made else bool(_CALLS_MODEL.search(text))
    return False


def _save(call: MlCall, modules: Modules, *, trains: bool) -> ModelSave:
    around, tree = call.scope.node, modules.tree(call.path)
    parts = [around, *_helpers(around, tree)]
    text = "\n".join(written(part) for part in parts)
    names = {name for part in parts for name in _names(part)}
    kept = {part for part in PARTS if any(_WORDS[part].search(name) for name in names)}
    kept |= {part for part in PARTS if any(_IN_A_NAME[part].search(word) for word in _words_of_name(call))}
    kept |= {"metrics"} if _KEPT_BY_TRAINER.search(text) else set()
    resumes = _resumes(call, text, modules.text(call.path))
    helper = _imported_helper(around, call.scope) or tracker_in(modules.text(call.path))
    return ModelSave(call, frozenset(kept), _keeper(call, text), helper, trains, resumes)


def _resumes(call: MlCall, text: str, whole: str) -> bool:
    if "optim" in written(call.node):
        return True
    named = any(isinstance(arg, ast.Name) for arg in call.node.args[:1])
    if named and re.search(r"['\"]optim\w*['\"]", text):
        return True
    keys = (key for one in _paths(call, dicts=True) for key in (one.keys if isinstance(one, ast.Dict) else ()))
    counts = any(isinstance(key, ast.Constant) and _PROGRESS.search(str(key.value)) for key in keys)
    return counts and "torch.load(" in whole


def _words_of_name(call: MlCall) -> Iterator[str]:
    """Yield the words of a file's name that something is put into: what it tells of the model."""
    for part in _paths(call):
        holes = [one for one in walk(part) if isinstance(one, ast.FormattedValue)]
        formats = [one for one in walk(part) if isinstance(one, ast.Call) and written(one.func).endswith(".format")]
        if holes or formats or (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod)):
            yield re.sub(r"\W+", "_", written(part)).lower()


def _keeper(call: MlCall, text: str) -> str:
    if call.name.startswith("wandb.Artifact") and call.argument("metadata") is not None:
        return "the artifact's `metadata`"
    if _OF_FRAMEWORK.match(call.name) and not _RUN.match(call.name):
        return "the framework's own checkpoint"
    if _RUN.search(text) and re.search(r"mlflow\.(log_metrics?|autolog|\w+\.autolog)\b", text):
        return "the MLflow run, with its metrics and time"
    card = _CARD.search(text)
    return f"`{card[0]}` beside it" if card else ""


def _helpers(around: ast.AST, tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the functions of the module that the code around calls."""
    called = {node.func.id for node in walk(around) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    called |= {
        node.func.attr for node in walk(around) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    for node in walk(tree):
        if isinstance(node, Function) and node.name in called and node is not around:
            yield node


def _names(part: ast.AST) -> Iterator[str]:
    """Yield what code calls things when it writes them down: keys, subscripts, keywords of what makes a record."""
    for node in walk(part):
        if isinstance(node, ast.Dict):
            keys = (key.value for key in node.keys if isinstance(key, ast.Constant))
            yield from (key.lower() for key in keys if isinstance(key, str))
        elif isinstance(node, ast.Call) and _RECORDS.search(written(node.func)):
            yield from (one.arg.lower() for one in node.keywords if one.arg)
        elif (
            isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.slice, ast.Constant)
        ):
            yield str(node.slice.value).lower()


def _imported_helper(around: ast.AST, scope: Scope) -> str:
    for node in walk(around):
        if isinstance(node, ast.Call) and _HELPER.search(written(node.func)):
            top = written(node.func).partition(".")[0].partition("(")[0]
            if _is_imported(top, scope):
                return written(node.func)
    return ""


def _is_imported(name: str, scope: Scope) -> bool:
    here: Scope | None = scope
    while here is not None:
        if name in here.bound:
            return any(isinstance(one.value, Imported) for one in here.bound[name])
        here = here.parent
    return False
