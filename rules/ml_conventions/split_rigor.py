"""Test data does not leak: nothing learns from the rows that are kept for the test.

A scaler, an imputer, a vectoriser or a resampling that sees all rows before they are split carries the test rows
into training, and the score that follows is too good.  The flow of data is read through reassigned names, tuples,
attributes, slices, pipelines and the project's own functions and classes; the finding shows where the rows come
from, what learns from them, and where they are split.  Correct code passes: split, `fit_transform` on the training
part, `transform` on the test part; a pipeline inside of a cross-validation; whatever learns nothing (`log1p`,
`astype`, `dropna`, label encoding, tokenising).

Also read: training on the test part, early stopping by it and reporting on it (also by Hugging Face's `Trainer`), the
best model, threshold or epoch chosen by a score of it (in a loop, out of a list, by a search), fitting a transformer
anew on it, a random split of rows in the order of time, groups given to a splitter that ignores them.
A choice by what is called test data is for a person where the module has a validation part as well, where the caller
hands the data over, or where nothing but the best score is kept; a score that is printed at each epoch chooses nothing.
So is a module that calls more of its own code than is followed (8,000 statements).  The cells of a notebook are read
from the first to the last: in another order it runs in nobody's session but the author's.
Sources: scikit-learn, "Common pitfalls and recommended practices"; imbalanced-learn, "Common pitfalls"; Yang et al.,
"Data leakage in notebooks" (ASE 2022).
"""

from collections.abc import Mapping

from dodcheck.facts.code.places import Places
from dodcheck.facts.ml.flow_values import Place
from dodcheck.facts.ml.flow_walk import BUDGET
from dodcheck.facts.ml.frameworks import Frameworks
from dodcheck.facts.ml.leak_ledger import Leak, LeakKind
from dodcheck.facts.ml.leaks import PART, NewLeaks
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_FIXES: Mapping[LeakKind, str] = {
    "fit-before-split": "split first; fit on the training part alone and only transform the test part",
    "fit-before-cross-validation": "put it in a pipeline (`make_pipeline(...)`) that the cross-validation fits anew",
    "fit-on-all": "fit it on the training part alone, then transform both parts with it",
    "trained-on-test": "train on the training part alone, or report on rows that the model has not seen",
    "chosen-on-test": "stop early on a validation part of the training data, and keep the test part for the report",
    "watched-on-test": "validate on a part of the training data, and keep the test part for the report",
    "selected-on-test": "choose by a validation part or by cross-validation; look at the test part once, to report",
    "refit-on-test": "call `transform` on the test part with what was fitted on the training part",
    "time-shuffled": "split by time: `TimeSeriesSplit`, `shuffle=False`, or a cut-off date",
    "groups-ignored": "use the splitter that keeps groups together, such as `GroupKFold` or `StratifiedGroupKFold`",
}


@rule(
    answers=[
        r"\bsplit (convention|discipline|rigor|rigour|hygiene)\b",
        r"\b(train|training)\b.*\btest\b.*\bsplits?\b",
        r"\b(leak|leaks|leaked|leaking|leakage|contaminat\w+)\b.*\b(test|data|target|validation|holdout|training)\b",
        r"\b(data|test set|test|target|train-test|training)\b( set| data)?( |-)?(leak|leakage|leaks|contamination)\b",
        r"\b(never|not|no) (fit|fitted|fitting|train|tune)\b.*\b(test|holdout|hold-out) (data|set|split|rows)\b",
        r"\b(fit|fitted)\b.*\b(only|solely|alone)\b.*\btrain",
        r"\b(test|holdout|hold-out) (set|data|split)\b.*\b(never|not|only)\b.*\b(train|tun|fit|select|touch|used)",
    ],
    unless=[r"\b(memory|resource|handle|connection|secret|credential|information|pii|goroutine)s? leak"],
    cases="_split_rigor_cases",
    concern=Concern(
        r"\.(py|ipynb)$",
        (Frameworks.shipped().mention.pattern, PART.pattern),
        "nothing in the change trains a model or splits its data",
    ),
)
def check(leaks: NewLeaks, places: Places) -> Verdict:
    """Judge the leaks that base does not have."""
    found = leaks.found
    certain = [_finding(one, places) for one in found if _is_certain(one)]
    unclear = [_finding(one, places) for one in found if not _is_certain(one) and not one.mild]
    mild = [_finding(one, places) for one in found if one.mild]
    if certain:
        words = certain[0].message if len(certain) == 1 else f"test data leaks into training in {len(certain)} places"
        return Verdict.failed(*certain, *unclear, *mild, summary=words)
    if unclear:
        return Verdict.needs_review(unclear[0].message, findings=[*unclear, *mild])
    if leaks.cut:
        return Verdict.needs_review("calls are followed up to a budget", findings=list(map(_unfollowed, leaks.cut)))
    seen = [
        Evidence(f"split: `{_short(one)}`", "symbol", one.path, one.line, one.symbol or None) for one in leaks.splits
    ]
    seen += [Evidence(f"fit: `{_short(one)}`", "symbol", one.path, one.line, one.symbol or None) for one in leaks.fits]
    if not seen:
        return Verdict.not_applicable("nothing in the change trains a model or splits its data")
    splits = f"{len(leaks.splits)} split{'s' * (len(leaks.splits) != 1)}"
    words = f"no leak over {splits} and {len(leaks.fits)} place{'s' * (len(leaks.fits) != 1)} that fit something"
    return Verdict.passed(*seen, summary=words, findings=mild)


def _is_certain(leak: Leak) -> bool:
    return not leak.doubt and not leak.mild and leak.kind != "watched-on-test"


def _finding(leak: Leak, places: Places) -> Finding:
    doubt = f"; to be looked at, for {leak.doubt}" if leak.doubt else ""
    place = places.at(leak.where.path, leak.where.line, leak.where.symbol)
    return Finding(
        _message(leak, places) + doubt,
        path=place.path,
        line=place.line,
        symbol=place.symbol,
        fix=_FIXES[leak.kind],
        code=leak.kind,
        level="error" if _is_certain(leak) else "warning",
    )


def _unfollowed(path: str) -> Finding:
    words = (
        f"{BUDGET:,} statements of the functions that it calls are followed, and there are more: none looked at those"
    )
    fix = "split the module, or say in the notes where its data are split and what is fitted on them"
    return Finding(words, path=path, fix=fix, code="not-followed", level="warning")


def _message(leak: Leak, places: Places) -> str:
    here, split, source = (_at(one, places) for one in (leak.where, leak.split, leak.source))
    learns = f"{leak.what} ({here}) learns from all rows of `{_short(leak.source)}` ({source})"
    messages: Mapping[LeakKind, str] = {
        "fit-before-split": f"{learns} before `{_short(leak.split)}` ({split}) splits off the test data",
        "fit-before-cross-validation": f"{learns} before `{_short(leak.split)}` ({split}) cross-validates on them",
        "fit-on-all": f"{learns}, test data from `{_short(leak.split)}` ({split}) among them, and goes into training",
        "trained-on-test": f"{leak.what} ({here}) trains on rows that `{_short(leak.split)}` ({split}) evaluates on; "
        f"they come from `{_short(leak.source)}` ({source})",
        "chosen-on-test": f"training stops early by the test data of `{_short(leak.source)}` ({source}) at {here}, and "
        f"`{_short(leak.split)}` ({split}) reports on them",
        "watched-on-test": f"training validates on the test data of `{_short(leak.source)}` ({source}) at {here}, and "
        f"`{_short(leak.split)}` ({split}) reports on them",
        "selected-on-test": f"the choice by `{_short(leak.where)}` ({here}) rests on a score of the test data of "
        f"`{_short(leak.source)}` ({source}): what is reported on them is too good",
        "refit-on-test": f"{leak.what} ({here}) learns anew from the test data of `{_short(leak.source)}` ({source}) "
        f"before `{_short(leak.split)}` ({split})",
        "time-shuffled": f"rows in the order of time (`{_short(leak.where)}`, {here}) are split at random by "
        f"`{_short(leak.split)}` ({split}): the model is trained on the future",
        "groups-ignored": f"`{_short(leak.where)}` ({here}) is given groups, which {leak.what} ignores",
    }
    return messages[leak.kind]


def _at(place: Place, places: Places) -> str:
    cell = places.at(place.path, place.line).where.removesuffix(": ")
    return f"{cell} of {place.path}" if cell else f"{place.path}:{place.line}"


def _short(place: Place) -> str:
    first = place.text.partition("\n")[0]
    return first if len(first) <= 60 else f"{first[:57]}..."  # noqa: PLR2004 - one line of a terminal
