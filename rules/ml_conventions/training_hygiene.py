"""Training loops clear gradients, switch between training and evaluation, and call the model, not its `forward`.

PyTorch does what the loop says and never complains: gradients that nobody clears add up from step to step; a model
that is evaluated while it trains drops units and updates its batch statistics with held-out data; one that stays in
evaluation after the first epoch trains without both; and `model.forward(x)` leaves out every hook.  Each runs to the
end and gives a worse model.  (Zhang et al., CAIN 2022, smells "Gradients not cleared", "Training/evaluation mode
improper toggling", "PyTorch call method misused", "Memory not freed"; 10.1145/3522664.3528620.)

A loop is read with the functions of its file that it calls.  Clearing every k steps is gradient accumulation, at the
end of the loop as good as at its start; Lightning, Accelerate and trainers do their own.  What base did as well is
left alone; what stands in a notebook is for a person to judge.
"""

from collections.abc import Hashable, Iterator, Mapping

from dodcheck.facts import Both, ChangedFile
from dodcheck.facts.code.places import Places
from dodcheck.facts.ml.frameworks import Frameworks
from dodcheck.facts.ml.ml_calls import MlCalls
from dodcheck.facts.ml.ml_files import MlFiles
from dodcheck.facts.ml.training_loops import Slip, SlipKind, TrainingLoops
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_WORDS: Mapping[SlipKind, str] = {
    "gradients-kept": "`{0}` takes steps, and nothing in the loop clears the gradients of the step before",
    "evaluated-in-training": "`{0}` is evaluated, and nothing in this file calls `{0}.eval()`",
    "trained-in-evaluation": "`{0}` is turned to evaluation in a loop that trains it, and never back to training",
    "forward": "`{0}.forward(…)` leaves out the hooks that `{0}(…)` runs",
    "model-in-loop": "`{0}` is made anew in each turn of a loop, and what the last one holds is not freed",
}
_FIXES: Mapping[SlipKind, str] = {
    "gradients-kept": "call `{0}.zero_grad()` once a step, before `backward()` or after `step()`",
    "evaluated-in-training": "call `{0}.eval()` first, run it under `torch.no_grad()`, and `{0}.train()` afterwards",
    "trained-in-evaluation": "call `{0}.train()` at the start of each epoch",
    "forward": "call `{0}(…)`",
    "model-in-loop": "call `keras.backend.clear_session()` in the loop, or make the model once",
}
_UNSURE = {"model-in-loop"}


@rule(
    answers=[
        r"\bgradients?\b[^.;]*\b(?:clear|zero|reset)",
        r"\b(?:clear|zero|reset)\w*\b[^.;]*\bgrad(?:ient)?s?\b",
        r"\bzero_grad\b",
        r"\b(?:model\.)?eval\(\)|\bno_grad\b|\binference_mode\b",
        r"\b(?:eval(?:uation)?|train(?:ing)?) mode\b",
        r"\btraining loops?\b[^.;]*\b(?:hygiene|correct|clean|conventions?|best practices?)\b",
    ],
    cases="_training_hygiene_cases",
    concern=Concern(r"\.(py|ipynb)$", Frameworks.shipped().mention.pattern, "no machine-learning code is touched"),
)
def check(files: MlFiles, loops: Both[TrainingLoops], places: Places) -> Verdict:
    """Judge the loops of changed files for what base did not get wrong there."""
    read = [(file, loops.head.at(file.path)) for file in files.judged]
    judged = [file.path for file, one in read if one.slips or one.trains_or_evaluates]
    if not judged:
        return Verdict.not_applicable("no loop that trains or evaluates a model is touched")
    kept = {file.path: file.base_path for file, _ in read}

    def at_base(file: ChangedFile, calls: MlCalls, path: str) -> Iterator[Slip]:
        yield from loops.base.at(path).slips if calls.uses(path) or file.base_path == path else ()

    slips = [slip for _, one in read for slip in one.slips]
    new = files.introduced(slips, at_base, lambda one: (kept.get(one.path, one.path), *_site(one)), _site, _what)
    findings = sorted((_finding(one, places) for one in new), key=lambda one: one.level)
    seen = Evidence("loops that train or evaluate, and calls of models, get nothing new wrong", "symbol", judged[0])
    if findings and not any(one.level == "error" for one in findings):
        return Verdict.needs_review(findings[0].message, findings=findings)
    return Verdict.of_findings(findings, seen)


def _site(one: Slip) -> tuple[Hashable, ...]:
    return one.kind, one.what, one.symbol


def _what(one: Slip) -> tuple[Hashable, ...]:
    return one.kind, one.what


def _finding(one: Slip, places: Places) -> Finding:
    place = places.at(one.path, one.line, one.symbol)
    return Finding(
        place.where + _WORDS[one.kind].format(one.what),
        path=place.path,
        line=place.line,
        symbol=place.symbol,
        fix=_FIXES[one.kind].format(one.what),
        code=one.kind,
        level="warning" if place.where or one.kind in _UNSURE else "error",
    )
