"""Data that code reads has a version beside the code: DVC, a revision, a hash, or git itself for what is small.

Who checks out an old commit gets its code and today's data, unless the commit says which data belong to it.  So a
new read of a file that is written into training code has that file in git, in a `.dvc` file or in a stage of
`dvc.yaml`; a data set of the Hugging Face hub names its `revision`, for its owners may change it at any time; an
address names a version, or the code checks a hash.  Models of the hub without one are noted.  Data files of
megabytes belong into DVC or Git LFS: git keeps every version of them for ever (pre-commit refuses 500 kB,
GitHub warns at 50 MB).

Paths that come from outside, such as arguments and configuration, are settled where they are given; what
the environment holds is for a person.  Toy data of scikit-learn, torchvision and Keras come with their
library's version.
"""

import re
from collections.abc import Iterator

from dodcheck.facts import Both
from dodcheck.facts.code.places import Place, Places
from dodcheck.facts.ml.data_files import DataFile, NewDataFiles
from dodcheck.facts.ml.data_reads import DataRead, NewDataReads
from dodcheck.facts.ml.data_versions import DataVersions
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule

_DATA = r"(data|datasets?|data ?sets?)"
_OUTSIDE = re.compile(r"/|~|\.\.|[A-Za-z]:[/\\]")  # of the tree: nothing of it can hold the file
_VERSIONED = r"(version(s|ed|ing)?|track(s|ed)?|snapshot(s|ted)?|dvc|lakefs|git[ -]?lfs)"


class DataVersioningOptions(Options, frozen=True):
    """Settings of `data-versioning`.

    Args:
        max_data_kb: Size in kB (1000 bytes) above which a data file must not be in git itself.
    """

    max_data_kb: int = 5000


@rule(
    answers=[
        rf"\b{_VERSIONED}\b[^.;]*\b{_DATA}\b",
        rf"\b{_DATA}\b[^.;]*\b(is|are|be|get|gets)\b[^.;]*\b{_VERSIONED}\b",
        r"\b(dvc|lakefs)\b",
        rf"\bno (large|big) {_DATA}( files?)? (in|committed to) (git|the repo)",
    ],
    unless=[r"\b(models?|artifacts?|checkpoints?|metadata|metrics|schema|database|migrations?)\b", r"\bapi\b"],
    cases="_data_versioning_cases",
    scope="change",
    options=DataVersioningOptions,
)
def check(
    reads: NewDataReads,
    files: NewDataFiles,
    versions: Both[DataVersions],
    places: Places,
    options: DataVersioningOptions,
) -> Verdict:
    """Judge the reads and the data files that base does not have."""
    said: list[Evidence | Finding] = [*_files(files, options.max_data_kb)]
    said += [_judged(one, versions.head, places) for one in reads.found]
    return Verdict.weighed(said, "no new read of data in training code, and no new data file")


def _files(files: NewDataFiles, limit: int) -> Iterator[Evidence | Finding]:
    for one in files.found:
        if one.pointer:
            yield Evidence(f"Git LFS holds {one.path}", "file", one.path)
        elif one.size > limit * 1000:
            yield _too_large(one, limit)
        else:
            yield Evidence(f"git versions {one.path} ({one.size / 1000:.0f} kB)", "file", one.path)


def _too_large(one: DataFile, limit: int) -> Finding:
    return Finding(
        f"{one.path} has {one.size / 1e6:.1f} MB, and git keeps every version of it (limit {limit} kB)",
        one.path,
        fix=f"`dvc add {one.path}` (or Git LFS), and commit the pointer",
        code="data-in-git",
    )


def _judged(one: DataRead, versions: DataVersions, places: Places) -> Evidence | Finding:
    at = places.at(one.call.path, one.call.line, one.call.symbol)
    if one.source == "given" or one.version:
        told = f"{one.text or 'its data'}: {one.version}"
        return _seen(one, at, told if one.version else "what it reads is given from outside")
    if one.source == "environment":
        return _finding(one, at, "which data it reads is in the environment alone", "environment", "warning")
    if one.source in {"hub", "model"}:
        level: Level = "error" if one.source == "hub" else "note"
        words = f"{one.text} is read at whatever revision the hub has today"
        return _finding(one, at, words, "no-revision", level)
    if one.source == "address":
        return _finding(one, at, f"{one.text} has no version in it, and nothing checks what comes", "address")
    held = versions.of_file(one.text, one.call.path)
    if held:
        return _seen(one, at, held)
    level = "error" if one.whole and not _OUTSIDE.match(one.text) else "warning"
    return _finding(one, at, f"nothing in the tree versions {one.text}", "untracked", level)


_FIXES = {
    "environment": "name the data in a configuration file or a stage of dvc.yaml",
    "no-revision": "pass `revision=` with a commit of the hub's repository",
    "address": "read a version of it (`dvc import-url`, a release, a commit), or check its hash",
    "untracked": "`dvc add` it, or make it a dependency of a stage in dvc.yaml",
}


def _seen(one: DataRead, at: Place, words: str) -> Evidence:
    return Evidence(f"{at.where}`{_name(one)}`: {words}", "symbol", at.path, at.line, at.symbol)


def _finding(one: DataRead, at: Place, words: str, code: str, level: Level = "error") -> Finding:
    text = f"{at.where}`{_name(one)}`: {words}"
    return Finding(text, at.path, at.line, symbol=at.symbol, fix=_FIXES[code], code=code, level=level)


def _name(one: DataRead) -> str:
    return one.call.name.rpartition(".")[2]
