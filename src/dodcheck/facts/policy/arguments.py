"""Which way the arguments of a check that CI, tox, nox or make runs are weaker."""

import re
from collections.abc import Iterator, Sequence

from dodcheck.facts.policy.check_commands import CheckRun
from dodcheck.facts.policy.policy_files import HeadFiles, under
from dodcheck.facts.policy.test_settings import Options, Told, options_of, options_weighed
from dodcheck.facts.policy.weighing import FLOORS, named, stated

_LOOSE = re.compile(
    r"--(extend-)?(ignore|exclude|per-file-ignores|disable)$|--(ignore|disable|allow|implicit|skip)-[\w-]+$"
    r"|--no-(strict|warn|check|disallow|error)[\w-]*$|--fix(-only)?$|--unsafe-fixes$"
    r"|--(config(-file)?|rcfile|settings(-path)?|isolated|no-config)$"
)
_DEMANDING = re.compile(r"--(strict|check|disallow|warn|enable|error)[\w-]*$|--(extend-)?select$|--diff$")
_CEILINGS = {"--max-line-length", "--max-complexity", "--line-length", "-l"}
_VALUED = _CEILINGS | {
    "--ignore", "--extend-ignore", "--select", "--extend-select", "--exclude", "--extend-exclude", "--disable",
    "--skip", "--config-file", "--config", "--fail-under", "-p", "-m", "--disable-error-code", "-c", "-r",
    "--enable-error-code", "--python-version", "--verifytypes", "--pythonplatform", "--pythonversion", "--platform",
    "--project", "--cache-dir", "--output-format", "--per-file-ignores", "-j", "--follow-imports", "--rcfile",
}  # fmt: skip
_REWRITING = {"black", "isort", "ruff format"}
_ENVIRONMENTS = ("-e", "-s", "--session", "--sessions", "--env")
_WORD = re.compile(r"[a-z]{3,}")
_RUNNER_WORDS = {"matrix", "tox", "nox", "format", "python", "version", "run", "env", "toxenv", "session", "posargs"}
_UNKNOWN = re.compile(r"[$({*]")


def arguments_weighed(was: CheckRun, now: CheckRun, others: Sequence[CheckRun], files: HeadFiles) -> Iterator[Told]:
    """Compare the arguments of one command.

    Args:
        was: The command at base.
        now: The command at head.
        others: The other commands of head: what one leaves out another may take up.
        files: The files that they speak of.
    """
    same = [run for run in others if run.tool == now.tool]
    if now.kind == "runner":
        yield from environments_missed(was, [now, *others])
    elif now.tool == "pytest":
        yield from _pytest_weighed(was, now, same, files)
    else:
        yield from _linter_weighed(was, now, same, files)


def environments_missed(was: CheckRun, others: Sequence[CheckRun]) -> Iterator[Told]:
    """Yield the environments of tox or nox that no other run names, unless what is run was put in order anew."""
    if was.tool not in {"tox", "nox"}:
        return
    tokens = [token for run in others for token in (*run.tokens, run.place, run.tool)]
    if any(token in {"-f", "--label"} for run in others if run.tool == was.tool for token in run.tokens):
        return  # chosen by factors, which only tox can resolve
    said = options_of(was.tokens, _ENVIRONMENTS)
    names = [
        re.sub(r"\b(matrix|inputs|env|needs|vars)\.[\w.-]+", "", one)
        for key in _ENVIRONMENTS
        for one in said.get(key, [])
    ]
    own = {word for one in names for word in _WORD.findall(one)} - _RUNNER_WORDS
    own -= {word for token in tokens for word in _WORD.findall(token)}
    if own:
        yield Told("warning", "removed-check", f"no other run names {named(own)}")


def _pytest_weighed(was: CheckRun, now: CheckRun, others: Sequence[CheckRun], files: HeadFiles) -> Iterator[Told]:
    base, head = options_of(was.tokens), options_of(now.tokens)
    rest = [options_of(run.tokens) for run in others if not run.excuse]
    yield from options_weighed(base, head, rest, files)
    places = [value.partition("::")[0] for one in (head, *rest) for value in one.get("", [])]
    whole = any(not one.get("") for one in (head, *rest)) or any(map(_UNKNOWN.search, places))
    left = [under(place) for place in places]
    lost = [under(one.partition("::")[0]) for one in base.get("", [])]
    gone = [p for p in files.tests if any(one(files.was(p)) for one in lost) and not any(one(p) for one in left)]
    if gone and not whole:
        yield Told("error", "deselection", f"its paths leave out {named(gone)}")


def _linter_weighed(was: CheckRun, now: CheckRun, others: Sequence[CheckRun], files: HeadFiles) -> Iterator[Told]:
    base, head = (options_of(run.tokens, _VALUED) for run in (was, now))
    rewrites = now.tool in _REWRITING
    checking = {"--check", "--diff"} & {*head, *(token for run in others for token in run.tokens)}
    for name in sorted((base.keys() | head.keys()) - {""}):
        old, new = base.get(name), head.get(name)
        more = [one for one in _listed(new) if one not in _listed(old)]
        if name in _CEILINGS | {"--fail-under"}:
            yield from _limit(name, old, new, files)
        elif _LOOSE.match(name) and more:
            yield Told("warning", "setting", f"{name} {named(more)}".strip() + " is new")
        elif _DEMANDING.match(name) and old and not new and not (rewrites and checking) and not _set(name, files):
            words = f"{name} is gone" + (", so that it rewrites and never fails" if rewrites else "")
            yield Told("error", "forced-exit", words) if rewrites else Told("warning", "setting", words)
    yield from _paths(base, head, files)


def _set(name: str, files: HeadFiles) -> bool:
    """Tell whether a settings file of head says what an option said."""
    key = name.strip("-").replace("-", "[-_]")
    said = re.compile(rf"^\s*{key}\s*[=:]\s*(true|yes|on|1)\b", re.IGNORECASE | re.MULTILINE)
    return any(map(said.search, files.policy_texts()))


def _listed(values: Sequence[str] | None) -> list[str]:
    return [part for value in values or () for part in value.split(",")]


def _paths(base: Options, head: Options, files: HeadFiles) -> Iterator[Told]:
    left, right = ([under(one) for one in side.get("", [])] for side in (head, base))
    if not left or any(map(_UNKNOWN.search, head[""])):
        return
    hidden = files.newly(lambda p: not any(one(p) for one in left), lambda p: not any(one(p) for one in right))
    if hidden:
        yield Told("warning", "setting", f"no longer looks at {named(hidden)}")


def _limit(name: str, old: Sequence[str] | None, new: Sequence[str] | None, files: HeadFiles) -> Iterator[Told]:
    numbers = ([float(one) for one in side or () if re.fullmatch(r"\d+(\.\d+)?", one)] for side in (old, new))
    was, now = (side[-1] if side else None for side in numbers)
    if not was or was == now:
        return
    weaker = now is None or (now < was if name == "--fail-under" else now > was)
    moved = f"{name} {was:g} is gone" if now is None else f"{name} {was:g} → {now:g}"
    floor = name == "--fail-under"
    names = (*FLOORS,) if floor else (name.lstrip("-").replace("-", "[-_]"),)
    if floor and now is None:  # an argument overrides the setting, which holds without it
        names = (r"(?<![-\w])fail_under", *names)
    if weaker and any(one >= was if floor else one == was for one in stated(files.policy_texts(), *names)):
        yield Told("note", "threshold", f"{moved}, while {was:g} stands elsewhere")
    else:
        yield Told("error" if weaker else "note", "threshold", f"{moved}: a {'weaker' if weaker else 'stricter'} limit")
