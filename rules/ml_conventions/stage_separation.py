"""Loading, preprocessing, training and evaluation stand in modules of their own.

A script that reads a table, scales it, fits and scores can be neither tested nor reused a stage at a time:
serving has to repeat the scaling by hand, and the copies drift apart ("pipeline jungles" in Sculley et al.,
"Hidden Technical Debt in Machine Learning Systems", NeurIPS 2015).  A stage is what a module does by itself
with a framework; one that only calls modules of its own project is a pipeline, and what they are made for.

Loading or preprocessing in the module that trains fails, as do three stages of any kind.  Validation is a
part of training, and what prepares the data may read them: these two pairs are fine.  Other pairs,
estimators that scale what they are fitted on, and notebooks are for a person.  Only stages that the change
brings into a module count.
"""

from collections.abc import Iterator, Mapping

from dodcheck.facts import Both
from dodcheck.facts.code.places import Places
from dodcheck.facts.ml.ml_calls import MlCall
from dodcheck.facts.ml.ml_files import MlFiles
from dodcheck.facts.ml.stages import STAGES, Stage, Stages
from dodcheck.rule import Evidence, Finding, Level, Verdict, rule

_STAGE = r"(load(ing)?|pre-?process(ing)?|train(ing)?|evaluation|evaluat(e|ing)|inference|feature engineering)"
_PART = r"(separat(e|es|ed|ion|ing)|distinct|split|decoupled?|isolated?)"
_FINE: tuple[set[Stage], ...] = ({"training", "evaluation"}, {"loading", "preprocessing"})
_PAIR = 2


@rule(
    answers=[
        rf"\b{_PART}\b[^.;]*\b{_STAGE}\b[^;]*\b(and|from|/)\b[^;]*\b{_STAGE}\b",
        rf"\b{_STAGE}\b[^;]*\b(and|from|/)\b[^;]*\b{_STAGE}\b[^.;]*\b({_PART}|separately|own modules?)\b",
        rf"\b{_STAGE}\b[^;]*\b{_PART}\b from\b[^;]*\b{_STAGE}\b",
    ],
    unless=[r"\b(sets?|test data|splits|convention|leak\w*|validation/test)\b"],
    cases="_stage_separation_cases",
    scope="change",
)
def check(files: MlFiles, stages: Both[Stages], places: Places) -> Verdict:
    """Judge the modules that the change brings a stage into."""
    said = [
        one
        for file in files.using("learning", "data")
        for one in _judged(file.path, stages.head.at(file.path), stages.base.at(file.base_path), places)
    ]
    return Verdict.weighed(said, "no module takes up a stage of the pipeline")


def _judged(
    path: str, head: Mapping[Stage, MlCall], base: Mapping[Stage, MlCall], places: Places
) -> Iterator[Evidence | Finding]:
    new = [stage for stage in STAGES if stage in head and stage not in base]
    if not new:
        return
    name, kinds = path.rpartition("/")[2], set(head)
    at = places.at(path, head[new[0]].line, head[new[0]].symbol)
    if len(kinds) < _PAIR or any(kinds <= fine for fine in _FINE):
        words = f"{name} has {_listed(head)} alone"
        yield Evidence(words, "symbol", at.path, at.line, at.symbol)
        return
    told = ", ".join(f"{stage} (`{_short(call)}`, {_where(call, places)})" for stage, call in _ordered(head))
    certain = "training" in kinds and bool(kinds & {"loading", "preprocessing"}) and not _is_one_estimator(head)
    level: Level = "error" if (certain or len(kinds) > _PAIR) and not path.endswith(".ipynb") else "warning"
    yield Finding(
        f"{name} mixes the stages {told}",
        at.path,
        at.line,
        symbol=at.symbol,
        fix="move each stage into a module of its own, and call them from a pipeline",
        code="mixed-stages",
        level=level,
    )


def _is_one_estimator(found: Mapping[Stage, MlCall]) -> bool:
    """Tell whether a class prepares in its own methods what it is fitted on, as estimators do."""
    owners = {call.symbol.rpartition(".")[0] for call in found.values()}
    return set(found) == {"preprocessing", "training"} and len(owners) == 1 and owners != {""}


def _where(call: MlCall, places: Places) -> str:
    return places.at(call.path, call.line).where.rstrip(": ") or f"line {call.line}"


def _ordered(found: Mapping[Stage, MlCall]) -> list[tuple[Stage, MlCall]]:
    return [(stage, found[stage]) for stage in STAGES if stage in found]


def _listed(found: Mapping[Stage, MlCall]) -> str:
    return " and ".join(stage for stage, _ in _ordered(found))


def _short(call: MlCall) -> str:
    parts = call.name.split(".")
    return parts[-1] if parts[-1] == "backward" or parts[0] == "?" else ".".join(parts[-2:])
