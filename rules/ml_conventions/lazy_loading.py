"""Large data are read in parts: scanned, streamed, mapped or in chunks, never whole.

What fits into memory on one machine ends the job on another.  The code seldom tells how large its data are,
so a new read of a whole file fails only where it is known: the file in the tree or its `.dvc` file has more
than `large_mb`, or the configuration names it in `large_data`.  Two things defeat lazy reading whatever the
size, and fail: a scanned frame that is collected before it is filtered (Polars' guide, "Lazy API"), and a
stream of the Hugging Face hub that is put into a list.  Reads of unknown size are noted and do not block.

`chunksize`, `usecols`, `nrows`, `columns`, `filters`, `mmap_mode`, `streaming`, `scan_*`, DuckDB and h5py
read in parts.
"""

from dodcheck.facts import Both
from dodcheck.facts.code.places import Place, Places
from dodcheck.facts.ml.data_versions import DataVersions
from dodcheck.facts.ml.full_loads import Load, NewLoads
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule

_DATA = r"(data|datasets?|data ?sets?|files|tables|frames?)"
_MANY = 5
_FIX = "read it in parts: `scan_*`, `chunksize`, `columns`, `streaming=True`, `mmap_mode`"


class LazyLoadingOptions(Options, frozen=True):
    """Settings of `lazy-loading`.

    Args:
        large_mb: Size in MB (10^6 bytes) from which data count as large.
        large_data: Patterns of the paths and names of large data, such as `data/raw/*.parquet`.
    """

    large_mb: int = 100
    large_data: tuple[str, ...] = ()


@rule(
    answers=[
        rf"\b(lazy|lazily|stream(s|ed|ing)?|chunk(s|ed)?|out[- ]of[- ]core|memory[- ]mapp(ed|ing))\b[^.;]*\b{_DATA}\b",
        rf"\b{_DATA}\b[^.;]*\b(lazy|lazily|streamed|in chunks|out[- ]of[- ]core|memory[- ]mapped)\b",
        rf"\b(load(s|ed|ing)?|read(s|ing)?)\b[^.;]*\b{_DATA}\b[^.;]*\binto memory\b",
    ],
    unless=[r"\b(images?|components?|routes?|bundles?|relationships?|responses?|uploads?|orm)\b"],
    cases="_lazy_loading_cases",
    scope="change",
    options=LazyLoadingOptions,
)
def check(loads: NewLoads, versions: Both[DataVersions], places: Places, options: LazyLoadingOptions) -> Verdict:
    """Judge the reads that base does not have."""
    said = [
        _judged(load, places.at(load.call.path, load.call.line, load.call.symbol), versions.head, options)
        for load in loads.found
    ]
    known = [one for one in said if isinstance(one, Evidence) or one.level != "note"]
    notes = [one for one in said if one not in known]
    return Verdict.weighed([*known, *notes[:_MANY]], "no new read of data that are known to be large")


def _judged(load: Load, at: Place, versions: DataVersions, options: LazyLoadingOptions) -> Evidence | Finding:
    name = load.call.name.rpartition(".")[2]
    if load.way == "collected":
        words = f"`collect()` reads everything, and only then `{load.narrowed}` narrows it"
        return _finding(at, words, f"call `{load.narrowed}` before `collect()`", "collected")
    if load.way == "listed":
        return _finding(at, "a stream is put into a list: all of it is in memory", "iterate over the stream", "listed")
    if load.way == "lazy":
        return _seen(at, f"`{name}` reads in parts")
    return _whole(load, at, versions, options)


def _whole(load: Load, at: Place, versions: DataVersions, options: LazyLoadingOptions) -> Evidence | Finding:
    words = f"`{load.call.name.rpartition('.')[2]}` reads {load.target or 'what it is given'} whole"
    pattern = load.matches(options.large_data)
    if pattern:
        return _finding(at, f"{words}, which `large_data` names ({pattern})", _FIX, "whole")
    size = versions.size_of(load.target, load.call.path) if load.target else None
    if size is None:
        return _finding(at, f"{words}, of unknown size", _FIX, "unknown", "note")
    if size > options.large_mb * 1_000_000:
        return _finding(at, f"{words}, which has {size / 1e6:.0f} MB", _FIX, "whole")
    return _seen(at, f"{words}, which has {size / 1e6:.1f} MB")


def _seen(at: Place, words: str) -> Evidence:
    return Evidence(f"{at.where}{words}", "symbol", at.path, at.line, at.symbol)


def _finding(at: Place, words: str, fix: str, code: str, level: Level = "error") -> Finding:
    return Finding(f"{at.where}{words}", at.path, at.line, symbol=at.symbol, fix=fix, code=code, level=level)
