"""A model that is saved tells when it was trained, on which data, and how good it was.

A file of weights answers none of these a month later.  So where the change saves a model that its module
trains, the three stand beside it: keys of the saved dict or of a file that the same function writes,
metadata of an artifact, a model card, a stage of `dvc.yaml`, or an MLflow run with its metrics and model
(Mitchell et al., "Model Cards for Model Reporting", 2019).
Checkpoints that Lightning writes by itself carry their own.

Nothing of the three, or a date alone, fails; a part of them, a helper that another module has or a tracker,
and a saving function whose module trains nothing are for a person.  A library that saves what it is given
leaves them to those who train.  What was saved so at base does not block.
"""

from collections.abc import Iterable

from dodcheck.facts import Both
from dodcheck.facts.breaking.project_kind import Projects
from dodcheck.facts.code.places import Place, Places
from dodcheck.facts.ml.data_versions import DataVersions
from dodcheck.facts.ml.model_saves import PARTS, ModelSave, NewModelSaves
from dodcheck.rule import Evidence, Finding, Level, Verdict, rule

_MODELS = r"(models?|checkpoints?|weights|artifacts?)"
_TOLD = {"date": "the training date", "data": "the version of the data", "metrics": "its metrics"}


@rule(
    answers=[
        rf"\b{_MODELS}\b[^.;]*\b(meta ?data|model cards?|provenance|lineage)\b",
        rf"\b(meta ?data|model cards?|provenance|lineage)\b[^.;]*\b{_MODELS}\b",
        r"\b(has|have|with|write|writes|written|add|added|updated?)\b[^.;]*\bmodel cards?\b",
        r"\bmodel cards?\b[^.;]*\b(is|are|be)\b[^.;]*\b(added|written|updated?|there|stored)\b",
    ],
    unless=[r"\b(database|schema|api|pydantic|endpoints?|review\w*|approved?)\b"],
    cases="_artifact_metadata_cases",
    scope="change",
)
def check(saves: NewModelSaves, projects: Both[Projects], versions: Both[DataVersions], places: Places) -> Verdict:
    """Judge the calls that save a model and that base does not have."""
    judged = [one for one in saves.found if one.trains or projects.head.at(one.call.path).kind != "library"]
    said = [_judged(one, places.at(one.call.path, one.call.line, one.call.symbol), versions.head) for one in judged]
    return Verdict.weighed(said, "no new call saves a model")


def _judged(one: ModelSave, at: Place, versions: DataVersions) -> Evidence | Finding:
    name = one.call.name.rpartition(".")[2]
    missing = [part for part in PARTS if part not in one.kept]
    stage = versions.stage_of(one.call.path)
    if one.by or stage or not missing:
        told = one.by or stage or _listed(_TOLD[part] for part in PARTS)
        return Evidence(f"{at.where}`{name}` saves a model, with {told}", "symbol", at.path, at.line, at.symbol)
    lacks = _listed(_TOLD[part] for part in missing)
    helper = one.helper or versions.tool
    if helper:
        return _finding(at, f"`{name}` saves a model; does `{helper}` keep {lacks}?", "helper", "warning")
    if not one.trains:
        words = f"`{name}` saves a model that another module trains: who keeps {lacks}?"
        return _finding(at, words, "elsewhere", "warning")
    level: Level = "error" if one.kept <= {"date"} and not one.resumes else "warning"
    return _finding(at, f"`{name}` saves a model without {lacks}", "bare" if level == "error" else "partly", level)


def _listed(words: Iterable[str]) -> str:
    every = list(words)
    return " and ".join([", ".join(every[:-1]), every[-1]] if every[1:] else every)


def _finding(at: Place, words: str, code: str, level: Level) -> Finding:
    fix = "save a dict with `trained_at`, `dataset_version` and `metrics`, or write them to a file next to the model"
    return Finding(f"{at.where}{words}", at.path, at.line, symbol=at.symbol, fix=fix, code=code, level=level)
