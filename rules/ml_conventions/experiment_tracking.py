"""Training that is new leaves a record: its parameters, its metrics and its artifacts.

A model whose figures stood on a terminal cannot be compared with the next one.  So a module that trains when
it is run hands all three to a tracker: MLflow, Weights & Biases, TensorBoard, Lightning's loggers,
`report_to` of Hugging Face, or a stage of `dvc.yaml` with `params`, `metrics` and `outs`.  What the modules
do that it imports counts, three imports deep.  A tracker that starts after the training, or is turned off in
the code, keeps nothing.

A module that only defines how to train is left to whoever runs it; one that names a tracker which
this rule cannot read, or that keeps a part of the three, and notebooks, are for a person.
(MLflow, "MLflow Tracking": a run is its parameters, metrics and artifacts.)
"""

from collections.abc import Iterator, Sequence

from dodcheck.facts import Both
from dodcheck.facts.code.places import Places
from dodcheck.facts.ml.ml_files import MlFiles
from dodcheck.facts.ml.tracking import PARTS, Run, Tracking
from dodcheck.rule import Evidence, Finding, Level, Verdict, rule

_RUNS = r"(experiments?|training( runs?)?|train(ing)? jobs?|model runs?)"
_KEPT = r"(log(s|ged)?|track(s|ed|ing)?|record(s|ed)?)"
_WORDS = {
    "none": "trains, and nothing keeps its parameters, metrics and artifacts",
    "late": "starts to log after the training: what it should have kept is gone",
    "disabled": "turns Weights & Biases off in the code: nothing is kept",
    "refused": "turns every logger off in the code: nothing is kept",
}
_FIXES = {
    "none": "log to MLflow, Weights & Biases or DVCLive: parameters, metrics and the model",
    "late": "call `autolog()` before the training",
    "disabled": "take `mode` from the configuration",
    "refused": "name a tracker, or take it from the configuration",
}


@rule(
    answers=[
        rf"\b{_KEPT}\b[^.;]*\b{_RUNS}\b",
        rf"\b{_RUNS}\b[^.;]*\b{_KEPT}\b",
        r"\b(mlflow|wandb|weights (&|and) biases)\b",
    ],
    unless=[r"\b(bugs?|issues?|time|hours|print)\b"],
    cases="_experiment_tracking_cases",
    scope="change",
)
def check(files: MlFiles, tracking: Both[Tracking], places: Places) -> Verdict:
    """Judge the modules whose training is new, and those that lose their record."""
    said = [
        one
        for file in files.judged
        for one in _judged(tracking.head.at(file.path), tracking.base.at(file.base_path), places)
    ]
    return Verdict.weighed(said, "no module that is run trains anew")


def _judged(head: Run | None, base: Run | None, places: Places) -> Iterator[Evidence | Finding]:
    if head is None or not head.is_entry:
        return
    was = frozenset(base.trains) if base else frozenset()
    lost = base is not None and (base.defect != head.defect or base.kept - head.kept)
    if not (set(head.trains) - was or lost):
        return
    if head.defect:
        if base is None or base.defect != head.defect or not base.is_entry:
            yield _finding(head, places, _WORDS[head.defect], _FIXES[head.defect], head.defect)
        return
    missing = [part for part in PARTS if part not in head.kept]
    if missing and (base is None or frozenset(missing) - (frozenset(PARTS) - base.kept) or not base.is_entry):
        yield _partly(head, places, missing)
    else:
        told = "; ".join(head.by) or f"`{head.hinted}`, as at base"
        at = places.at(head.path, head.line, head.symbol)
        yield Evidence(f"training is recorded: {told}", "symbol", at.path, at.line, at.symbol)


def _partly(run: Run, places: Places, missing: Sequence[str]) -> Finding:
    words = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
    told = f"leaves it to `{run.hinted}`, which does not tell" if not run.kept else "does not tell"
    fix = f"log {words} too, or say in the notes where they are kept"
    return _finding(run, places, f"trains, and {told} where {words} are kept", fix, "partly", "warning")


def _finding(run: Run, places: Places, problem: str, fix: str, code: str, level: Level = "error") -> Finding:
    name = run.path.rpartition("/")[2]
    at = places.at(run.path, run.defect_line or run.line, run.symbol)
    level = "warning" if run.path.endswith(".ipynb") else level
    return Finding(f"{name} {problem}", at.path, at.line, symbol=at.symbol, fix=fix, code=code, level=level)
