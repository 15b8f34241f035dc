"""Hyperparameters come from configuration: no new call is given a learning rate, batch size or depth out of the code.

A number in the code is tuned by editing the code: runs can no longer be told apart by their configuration, a sweep
cannot reach it, and the value that made a model is lost with the next edit.  So what a call of a framework takes as
a hyperparameter has to come from a configuration file (YAML, TOML) by way of a dataclass, a Pydantic model, Hydra or
an option of the command line; a module constant is the code as well.  Leaving everything to the library's defaults is
no configuration either (Zhang et al., CAIN 2022, smell "Hyperparameter not explicitly set"; 10.1145/3522664.3528620):
the next release of the library may change the model.

Defaults of dataclasses and of options are where a configuration starts: they are noted, and do not block.
Calls that base gave a number as well are left alone, and so are modules of configuration, tests and examples; what
stands in a notebook, or is computed out of a number and something else, is for a person to judge.
"""

from collections.abc import Hashable, Iterator, Sequence

from dodcheck.facts import Both, ChangedFile
from dodcheck.facts.code.places import Places
from dodcheck.facts.ml.frameworks import Frameworks
from dodcheck.facts.ml.hyperparameters import LEFT_OUT, Hyperparameter, Hyperparameters
from dodcheck.facts.ml.ml_calls import MlCalls
from dodcheck.facts.ml.ml_files import MlFiles
from dodcheck.rule import Concern, Evidence, Finding, Level, Verdict, rule

_FIX = "put the value into the configuration file that this run reads (YAML or TOML), and pass it on from there"
_NAMED = r"hyper-?\s?parameters?"
_HARD = r"(?:hard[- ]?cod\w+|magic numbers?|literals?|in (?:the )?code)"


@rule(
    answers=[
        rf"\b{_NAMED}\b(?!.*\b(?:logged|tracked)\b).*\b(?:config\w*|yaml|toml|hydra|omegaconf|dataclass\w*|pydantic)",
        rf"\b(?:config\w*|yaml|toml|hydra|omegaconf)\b[^.;]*\b(?:for|of|holds?) (?:all )?(?:the )?{_NAMED}\b",
        rf"\b{_HARD}\b[^.;]*\b{_NAMED}\b",
        rf"\b{_NAMED}\b[^.;]*\b{_HARD}\b",
        rf"\b(?:learning rates?|batch sizes?)\b[^.;]*\b(?:config\w*|{_HARD})\b",
    ],
    unless=[r"^(?:log|track|record)\b"],
    cases="_hyperparameters_cases",
    concern=Concern(r"\.(py|ipynb)$", Frameworks.shipped().mention.pattern, "no machine-learning code is touched"),
)
def check(files: MlFiles, found: Both[Hyperparameters], places: Places) -> Verdict:
    """Judge the hyperparameters of changed files whose value base did not write into the same call."""
    here = [one for file in files.judged for one in found.head.at(file.path)]
    if not here:
        return Verdict.not_applicable("no call that the change touches takes a hyperparameter")
    kept = {file.path: file.base_path for file in files.judged}
    in_code = [one for one in here if _is_in_code(one)]

    def at_base(file: ChangedFile, calls: MlCalls, path: str) -> Iterator[Hyperparameter]:
        del file, calls
        yield from filter(_is_in_code, found.base.at(path))

    new = files.introduced(in_code, at_base, _alike, lambda one: (kept.get(one.call.path, one.call.path), *_site(one)))
    groups = _by_call(_each_default_once(new))
    findings = sorted((_finding(group, places) for group in groups), key=lambda one: one.level)
    doubts = [one for one in findings if one.level == "warning" and one.code != "default"]
    seen = [_seen(one) for one in here if not _is_in_code(one)][:3]
    first = Evidence(f"hyperparameters that frameworks take here: {len(here)}, none new out of the code", "symbol")
    if doubts and not any(one.level == "error" for one in findings):
        return Verdict.needs_review(doubts[0].message, *seen, findings=findings)
    return Verdict.of_findings(findings, first, *seen)


def _is_in_code(one: Hyperparameter) -> bool:
    """Defaults of parameters are for the caller to replace; those of options and settings are where a run starts."""
    return one.origin != "given" and not (one.origin == "default" and one.value.name.isidentifier())


def _each_default_once(found: Sequence[Hyperparameter]) -> list[Hyperparameter]:
    """A default is noted where it is used first."""
    first: dict[Hashable, Hyperparameter] = {}
    for one in found:
        first.setdefault((one.call.path, one.value.name) if one.origin == "default" else (id(one.call), one.name), one)
    return list(first.values())


def _alike(one: Hyperparameter) -> Hashable:
    return one.call.name, one.name, one.value.origin, one.value.text, one.value.name


def _site(one: Hyperparameter) -> tuple[Hashable, ...]:
    return one.call.symbol, one.call.name, one.name


def _by_call(found: Sequence[Hyperparameter]) -> list[list[Hyperparameter]]:
    groups: dict[Hashable, list[Hyperparameter]] = {}
    for one in found:
        at = (one.call.path, one.call.name) if one.value.line else id(one.call)  # one number may reach many layers
        groups.setdefault((at, one.origin, one.line), []).append(one)
    return list(groups.values())


def _finding(group: Sequence[Hyperparameter], places: Places) -> Finding:
    one = group[0]
    place = places.at(one.call.path, one.line, one.call.symbol)
    named = ", ".join(dict.fromkeys(f"{each.name}={each.value.text}" for each in group))
    code, level, words = _judged(one, named)
    level = "warning" if place.where else level
    return Finding(
        f"{place.where}`{one.call.name}` {words}",
        path=place.path,
        line=place.line,
        symbol=place.symbol,
        fix=_FIX,
        code=code,
        level=level,
    )


def _judged(one: Hyperparameter, named: str) -> tuple[str, Level, str]:
    if one.name == LEFT_OUT:
        return "left-out", "error", "is given no hyperparameter: the library's defaults decide, and may change with it"
    if one.origin == "default":
        where = f"`{one.value.name}`"
        return "default", "warning", f"takes {named} from the default of {where}, unless a configuration replaces it"
    if one.origin == "mixed":
        return "computed", "warning", f"takes {named}: is the number in it a hyperparameter?"
    return "written", "error", f"takes {named} out of the code, not from configuration"


def _seen(one: Hyperparameter) -> Evidence:
    words = f"`{one.call.name}` takes {one.name} from elsewhere"
    return Evidence(words, "symbol", one.call.path, one.call.line, one.call.symbol or None)
