"""Large data are read in parts: scanned, streamed, mapped or in chunks, never whole.

What fits into memory on one machine ends the job on another.  The code seldom tells how large its data are,
so a new read of a whole file fails only where it is known: the file in the tree or its `.dvc` file has more
than `large_mb`, or the configuration names it in `large_data`.  Two things defeat lazy reading whatever the
size, and fail: a scanned frame that is collected before it is filtered (Polars' guide, "Lazy API"), and a
stream of the Hugging Face hub that is put into a list.  Reads of unknown size are noted and do not block.

`chunksize`, `usecols`, `nrows`, `columns`, `filters`, `mmap_mode`, `streaming`, `scan_*`, DuckDB and h5py
read in parts.
"""

from collections.abc import Iterator

from dodcheck.facts import Both
from dodcheck.facts.ml.data_versions import DataVersions
from dodcheck.facts.ml.full_loads import Load, NewLoads
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule

from ._lazy_loading_cases import CASES

_DATA = r"(data|datasets?|data ?sets?|files|tables|frames?)"
_MANY = 5


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
    cases=CASES,
    scope="change",
    options=LazyLoadingOptions,
)
def check(loads: NewLoads, versions: Both[DataVersions], options: LazyLoadingOptions) -> Verdict:
    """Judge the reads that base does not have."""
    said = [one for load in loads.found for one in _judged(load, versions.head, options)]
    findings = [one for one in said if isinstance(one, Finding)]
    seen = [one for one in said if isinstance(one, Evidence)]
    certain = [one for one in findings if one.level == "error"]
    if certain:
        return Verdict.failed(certain[0], *(one for one in findings if one is not certain[0]), evidence=seen)
    if not seen:
        why = "no new read of data that are known to be large" if findings else "no new read of data"
        return Verdict.not_applicable(why, findings=findings[:_MANY])
    return Verdict.passed(*seen, findings=findings[:_MANY])


def _judged(load: Load, versions: DataVersions, options: LazyLoadingOptions) -> Iterator[Evidence | Finding]:
    name = load.call.name.rpartition(".")[2]
    if load.way == "collected":
        words = f"`collect()` reads everything, and only then `{load.narrowed}` narrows it"
        yield _finding(load, words, f"call `{load.narrowed}` before `collect()`", "collected")
    elif load.way == "listed":
        yield _finding(load, "a stream is put into a list: all of it is in memory", "iterate over the stream", "listed")
    elif load.way == "lazy":
        yield _seen(load, f"`{name}` reads in parts")
    else:
        yield _whole(load, name, versions, options)


def _whole(load: Load, name: str, versions: DataVersions, options: LazyLoadingOptions) -> Evidence | Finding:
    what = load.target or "what it is given"
    fix = "read it in parts: `scan_*`, `chunksize`, `columns`, `streaming=True`, `mmap_mode`"
    pattern = load.matches(options.large_data)
    if pattern:
        return _finding(load, f"`{name}` reads {what} whole, which `large_data` names ({pattern})", fix, "whole")
    size = versions.size_of(load.target, load.call.path) if load.target else None
    if size is None:
        return _finding(load, f"`{name}` reads {what} whole, of unknown size", fix, "unknown", "note")
    if size > options.large_mb * 1_000_000:
        return _finding(load, f"`{name}` reads {what} whole, which has {size / 1e6:.0f} MB", fix, "whole")
    return _seen(load, f"`{name}` reads {what} whole, which has {size / 1e6:.1f} MB")


def _seen(load: Load, words: str) -> Evidence:
    return Evidence(words, "symbol", load.call.path, load.call.line, load.call.symbol or None)


def _finding(load: Load, words: str, fix: str, code: str, level: Level = "error") -> Finding:
    call = load.call
    return Finding(words, call.path, call.line, symbol=call.symbol or None, fix=fix, code=code, level=level)
