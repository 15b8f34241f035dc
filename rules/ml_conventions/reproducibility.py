"""Runs can be repeated: what a change draws at random is seeded.

Two runs of one commit that end in different models cannot be compared, and a bug in one cannot be found again.  So a
file that starts a training run seeds every family of random numbers that it draws from (`random`, NumPy, PyTorch,
TensorFlow), before the model is made, or calls what seeds all of them (`seed_everything`, `set_seed`,
`keras.utils.set_random_seed`); and splitters, samplers and estimators with a `random_state` are given one.
(Zhang et al., CAIN 2022, smell "Randomness uncontrolled"; PyTorch, notes on reproducibility.)

A project's own helper with "seed" in its name counts, here or in a module that the file imports.  Estimators of
scikit-learn draw from NumPy's generator where they have no seed of their own, so a seeded NumPy seeds them; XGBoost
and LightGBM have fixed seeds where none is given, and ensembles hand theirs on.  In a module that does not start the
run the caller may have seeded it, a launcher of several processes may do so in each, and so may a configuration that
calls functions (hyperpyyaml) or a trainer of Transformers: there a person judges, as in notebooks.  What base left to
chance as well is left alone.
"""

from collections.abc import Hashable, Iterator, Mapping

from dodcheck.facts import Both, ChangedFile
from dodcheck.facts.code.places import Places
from dodcheck.facts.ml.frameworks import Frameworks
from dodcheck.facts.ml.ml_calls import MlCalls
from dodcheck.facts.ml.ml_files import MlFiles
from dodcheck.facts.ml.seeding import Gap, GapKind, Seeding
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_WORDS: Mapping[GapKind, str] = {
    "argument": "`{0}` draws at random and is given no `{1}`",
    "none": "`{0}` is given `{1}=None`: every run draws anew",
    "family": "the run draws from the random numbers of {0}, which nothing seeds",
    "launcher": "the run draws from the random numbers of {0} in several processes; what seeds each of them?",
    "late": "`{0}` draws its weights before `{1}` seeds them",
}
_FIXES: Mapping[GapKind, str] = {
    "argument": "pass `{1}` from the configuration",
    "none": "pass a seed from the configuration as `{1}`",
    "family": "call `{1}` with the configured seed before anything is drawn, or `seed_everything`, which seeds all",
    "launcher": "seed each process, from the configured seed and its rank",
    "late": "seed first, then make the model",
}
_SEEDED = r"(?:set|fix(?:ed)?|pinn?(?:ed)?|specif(?:y|ied)|configured?|control(?:led)?|logged)"


@rule(
    answers=[
        r"^(?=.*\breproducib\w*\b).*\b(?:seed\w*|random\w*|pipelines?|training|experiments?|results?|models?)\b",
        rf"\b(?:random )?seeds?\b[^.;]*\b(?:is|are|be|being) {_SEEDED}\b",
        rf"\b{_SEEDED} (?:(?:the|all|a|any) )*(?:random(?:ness)?|global|rng)[ -]?(?:seeds?|states?)?\b",
        r"\bseed(?:s|ed)? (?:(?:all|every|the|any|each) )+(?:random|rngs?|generators?|sources?)\b",
        r"\brandom[_ ]states?\b",
        r"\bdeterministic (?:training|pipelines?|runs?|experiments?|splits?)\b",
    ],
    unless=[r"\b(?:builds?|steps to reproduce|bugs?|reproducers?|factory|factories|fixtures?|databases?|seed data)\b"],
    cases="_reproducibility_cases",
    concern=Concern(r"\.(py|ipynb)$", Frameworks.shipped().mention.pattern, "no machine-learning code is touched"),
)
def check(files: MlFiles, seeding: Both[Seeding], places: Places) -> Verdict:
    """Judge what changed files leave to chance and base did not."""
    read = [seeding.head.at(file.path) for file in files.judged]
    kept = {file.path: file.base_path for file in files.judged}

    def at_base(file: ChangedFile, calls: MlCalls, path: str) -> Iterator[Gap]:
        yield from seeding.base.at(path).gaps if calls.uses(path) or file.base_path == path else ()

    gaps = [gap for one in read for gap in one.gaps]
    new = files.introduced(gaps, at_base, lambda one: (kept.get(one.path, one.path), *_site(one)), _site)
    findings = sorted((_finding(one, places) for one in new), key=lambda one: one.level)
    seeded = [Evidence(f"seeds {_families(one.seeds)}", "symbol", one.path) for one in read if one.seeds]
    if not findings:
        draws = [one for one in read if one.draws]
        if not draws:
            return Verdict.not_applicable("nothing that the change touches draws random numbers")
        first = Evidence("random numbers are drawn, and nothing is newly left to chance", "symbol", draws[0].path)
        return Verdict.passed(first, *seeded)
    if not any(one.level == "error" for one in findings):
        return Verdict.needs_review(findings[0].message, *seeded, findings=findings)
    return Verdict.of_findings(findings, Evidence(""), *seeded)


def _site(one: Gap) -> tuple[Hashable, ...]:
    return one.kind, one.what, one.argument, "" if one.kind in {"family", "launcher"} else one.symbol


def _families(seeds: Mapping[str, int]) -> str:
    words = ", ".join("every family" if one == "all" else one for one in seeds)
    return f"{words} (line {min(seeds.values())})"


def _finding(one: Gap, places: Places) -> Finding:
    place = places.at(one.path, one.line, one.symbol)
    return Finding(
        place.where + _WORDS[one.kind].format(one.what, one.argument),
        path=place.path,
        line=place.line,
        symbol=place.symbol,
        fix=_FIXES[one.kind].format(one.what, one.argument),
        code={"argument": "unseeded", "none": "seed-none", "late": "seeded-late"}.get(one.kind, one.kind),
        level="error" if one.certain and not place.where else "warning",
    )
