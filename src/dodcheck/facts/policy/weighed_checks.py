"""What became of the commands by which a project checks itself, in CI and in the files that CI and people call."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dodcheck.facts import Change
from dodcheck.facts.policy.arguments import arguments_weighed, environments_missed
from dodcheck.facts.policy.check_commands import CheckRun, runs_of
from dodcheck.facts.policy.lists import texts_of
from dodcheck.facts.policy.policy_files import HeadFiles, is_ci, is_task_file, read_document
from dodcheck.facts.policy.test_settings import Told
from dodcheck.facts.policy.weighing import Level, named
from dodcheck.verdict import Finding

Runs = Sequence[CheckRun]
_Document = Mapping[Any, Any]

_STATUS = re.compile(r"\b(always|cancelled|success|failure)\(\)")
# True wherever the project itself runs its checks, or once those before have passed.
_OWN = re.compile(r"github\.repository(_owner|_id)?\b|^needs\.[\w-]+\.result == 'success'$")
_BLOCKING = {"tests", "lint", "types"}
_PURPOSES = (("types", r"typ|mypy|pyright"), ("lint", r"lint|style|flake|ruff|pre-commit|qa|check"), ("tests", ""))
_EVENTS = {"push", "pull_request", "merge_group", "pull_request_target"}


def checks_weighed(change: Change, files: HeadFiles, everywhere: Callable[[], Runs]) -> Iterator[Finding]:
    """Yield what became of the commands in the changed files: errors and warnings for weaker ones, notes for the rest.

    Args:
        change: The change.
        files: The files that commands speak of.
        everywhere: Every command of head, asked for when something is missed from the files that changed.

    Raises:
        ToolError: A file of head is not well-formed.
    """
    before, after = _runs(change)
    pairs, gone, fresh = _paired(before, after)
    for was, now in pairs:
        if was != now:
            yield from _pair_weighed(was, now, everywhere, files)
    for was in gone:
        yield from _gone(change, was, everywhere(), files)
    for run in fresh:
        if run.place.endswith("PYTEST_ADDOPTS"):  # arguments for whatever runs pytest
            yield from _pair_weighed(CheckRun(run.tool, run.place, run.path, None, ()), run, everywhere, files)
        elif not run.excuse:
            yield _said("note", run, "added", "is run now")
    for file in (file for file in change.files if is_ci(file.path) and file.base_path and file.head_path):
        base, head = (read_document(file.path, text) for text in texts_of(change, file))
        yield from _started(change, file.path, base, head, {run.tool for run in before if run.path == file.path})


def runs_at_head(change: Change) -> Runs:
    """Return every command of head that checks something, in the files that did not change as well."""
    paths = [path for path in change.head.paths() if is_ci(path) or is_task_file(path)]
    return [run for path in paths for run in runs_of(path, change.head.read(path) or "", tolerant=True)]


def _runs(change: Change) -> tuple[Runs, Runs]:
    """Return what the changed files run on both sides, by their path at head."""
    base: list[CheckRun] = []
    head: list[CheckRun] = []
    for file in change.files:
        before, after = texts_of(change, file)
        if file.base_path and (is_ci(file.base_path) or is_task_file(file.base_path)):
            path = file.path if is_ci(file.path) is is_ci(file.base_path) else file.base_path
            base += runs_of(path, before, tolerant=True)
        if file.head_path and (is_ci(file.head_path) or is_task_file(file.head_path)):
            head += runs_of(file.path, after)
    return base, head


def _said(level: Level, run: CheckRun, code: str, what: str) -> Finding:
    where = run.place or run.path.rpartition("/")[2]
    fix = None if level == "note" else "keep what base ran, or change it alone and say why"
    return Finding(f"{run.tool} in {where}: {what}", run.path, run.line, symbol=where, fix=fix, code=code, level=level)


def _paired(base: Runs, head: Runs) -> tuple[list[tuple[CheckRun, CheckRun]], list[CheckRun], list[CheckRun]]:
    """Match the commands of both sides, the most alike first; CI is never matched with a task file."""
    pairs: list[tuple[CheckRun, CheckRun]] = []
    gone, fresh = list(base), list(head)
    keys: Sequence[Callable[[CheckRun], object]] = (
        lambda run: (run.path, run.place, run.tool, run.tokens),
        lambda run: (run.path, run.place, run.tool),
        lambda run: (run.path, run.tool, run.tokens),
        lambda run: (is_ci(run.path), run.tool, run.tokens),
        lambda run: (is_ci(run.path), run.tool),
    )
    for key in keys:
        for was in tuple(gone):
            now = next((one for one in fresh if key(one) == key(was)), None)
            if now is not None:
                pairs.append((was, now))
                gone.remove(was)
                fresh.remove(now)
    return pairs, gone, fresh


def _pair_weighed(was: CheckRun, now: CheckRun, everywhere: Callable[[], Runs], files: HeadFiles) -> Iterator[Finding]:
    if now.excuse and not was.excuse:
        yield _said("error", now, "forced-exit", f"its failure no longer counts ({now.excuse})")
    elif was.excuse and not now.excuse:
        yield _said("note", now, "forced-exit", f"its failure counts now (base: {was.excuse})")
    if now.condition != was.condition and now.condition and not _STATUS.search(now.condition):
        level: Level = "note" if was.condition or _OWN.search(now.condition) else "warning"
        before = f" (base: {was.condition})" if was.condition else ""
        yield _said(level, now, "condition", f"counts only under a condition: {now.condition}{before}")
    if was.tokens != now.tokens:
        others = [run for run in everywhere() if run != now and is_ci(run.path) is is_ci(now.path)]
        for told in arguments_weighed(was, now, others, files):
            yield _said(told.level, now, told.code, told.what)


def _gone(change: Change, was: CheckRun, head: Runs, files: HeadFiles) -> Iterator[Finding]:
    """Judge a command that no changed file runs any more: another file or another tool may."""
    if was.excuse:
        return
    counting = [run for run in head if not run.excuse]
    in_ci = [run for run in counting if is_ci(run.path)]
    alike = [run for run in (in_ci if is_ci(was.path) else counting) if _does(run, was)]
    missed = _missed(was, alike if is_ci(was.path) else counting, files)
    runner = next((run for run in in_ci if run.kind == "runner"), None)
    indirect = [run for run in counting if not is_ci(run.path) and _does(run, was)] if runner else []
    hooked = re.search(rf"id: *{re.escape(was.tool)}\b", change.head.read(".pre-commit-config.yaml") or "")
    if missed:
        yield from (_said(one.level, was, "removed-check", f"no longer run, and {one.what}") for one in missed)
    elif alike:
        yield _said("note", was, "removed-check", f"no longer run here; {_where(alike[0])} does")
    elif hooked and any(run.tool == "pre-commit" for run in counting):
        yield _said("note", was, "removed-check", "no longer run here; pre-commit does")
    elif indirect and runner:
        yield _said("note", was, "removed-check", f"no longer run here; {runner.tool} does ({_where(indirect[0])})")
    elif is_ci(was.path) and was.kind in _BLOCKING and not runner:
        yield _said("error", was, "removed-check", "no longer run by CI, and nothing takes its place")
    else:
        yield _said("warning", was, "removed-check", "no longer run, as far as can be seen")


def _does(run: CheckRun, was: CheckRun) -> bool:
    return run.tool == was.tool or _purpose(run) == _purpose(was)


def _purpose(run: CheckRun) -> str:
    """Return what a check is for; a runner's task tells by its name."""
    if run.kind != "runner":
        return run.kind
    return next(kind for kind, words in _PURPOSES if re.search(words, run.tool))


def _missed(was: CheckRun, alike: Runs, files: HeadFiles) -> Iterable[Told]:
    """Return what the other runs of the same tool do not take up."""
    same = [run for run in alike if run.tool == was.tool]
    if was.tool == "pytest" and same:
        return [one for one in arguments_weighed(was, same[0], same[1:], files) if one.level != "note"]
    return list(environments_missed(was, alike)) if same else []


def _where(run: CheckRun) -> str:
    return f"{run.tool} in {run.path}" + (f" ({run.place})" if run.place else "")


def _started(change: Change, path: str, base: _Document, head: _Document, tools: set[str]) -> Iterator[Finding]:
    """Judge when a workflow starts, and over which matrix."""
    started = _events(head) | ({"pull_request_target"} if "pull_request" in _events(head) else set())
    events = (_events(base) - started) & _EVENTS
    if events and tools and started and not _started_elsewhere(change, path, tools, events):
        words = f"{path}: no longer runs on {', '.join(sorted(events))}"
        yield Finding(words, path, fix="let the checks run where they ran", code="condition", level="warning")
    if gone := set(_matrix(base)) - set(_matrix(head)):
        yield Finding(f"matrix without {named(gone)}", path, code="matrix", level="note")


def _events(document: _Document) -> set[str]:
    said = document.get(True, document.get("on"))  # YAML 1.1 reads a bare `on` as true
    return {said} if isinstance(said, str) else set(map(str, said or ()))


def _started_elsewhere(change: Change, path: str, tools: set[str], events: set[str]) -> bool:
    """Tell whether other workflows run the same tools on the events, or call this one."""
    others = {one: change.head.read(one) or "" for one in change.head.paths() if is_ci(one) and one != path}
    if any(f"./{path}" in text for text in others.values()):
        return True
    alike = {one: text for one, text in others.items() if any(re.search(rf"\b{event}\b", text) for event in events)}
    return tools <= {run.tool for one, text in alike.items() for run in runs_of(one, text, tolerant=True)}


def _matrix(node: object, place: str = "") -> Iterator[str]:
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "matrix" and isinstance(value, dict):
            lists = ((k, v) for k, v in value.items() if isinstance(v, list) and k != "exclude")
            yield from (f"{place}: {name} {_shown(entry)}" for name, entries in lists for entry in entries)
        elif isinstance(value, dict):
            yield from _matrix(value, place if key in {"jobs", "strategy"} else str(key))


def _shown(entry: object) -> str:
    return ", ".join(f"{k} {v}" for k, v in entry.items()) if isinstance(entry, dict) else str(entry)
