"""New requirements come to one version, by a pin or by a lock file that agrees with the manifest.

A model is its data, its code and its libraries: with `torch` left open, the next installation trains another
one, or none.  So what an application requires at run time names one version (`==`, a conda build, a
revision), or a lock file holds it: uv, Poetry, PDM, Pipenv, conda-lock, PEP 751's pylock.toml, or a list
that pip-compile made.  A lock that lacks a requirement, or has a version that the requirement excludes, is
older than the manifest and locks nothing.

A library leaves ranges to those who install it (packaging.python.org, "install_requires vs requirements
files"), so it may; what is packaged and deployed as well is for a person to settle.  A package that
only a notebook cell installs is in nobody's environment.  What base left open already does not block.
"""

from collections.abc import Iterator

from dodcheck.facts import Both
from dodcheck.facts.breaking.project_kind import Projects
from dodcheck.facts.code.places import Place, Places
from dodcheck.facts.setup.dependencies import is_aside
from dodcheck.facts.setup.environments import ChangedEnvironment, ChangedEnvironments, Fault
from dodcheck.facts.setup.notebook_installs import Installed, NotebookInstalls
from dodcheck.rule import Evidence, Finding, Level, Verdict, rule

_SHOWN = 5
_OPEN = "has no one version and no lock file holds it: the next installation may be another environment"
_KINDS = {
    "application": "taken for an application: nothing builds a package of it",
    "library": "taken for a library: it may leave ranges to those who install it",
    "unclear": "packaged, and deployed or part of a package: application or library?",
}
_ENVIRONMENTS = r"(environments?|dependenc(y|ies)|requirements|packages|librar(y|ies)|versions|lock ?files?)"


@rule(
    answers=[
        rf"\b(pin(s|ned)?|lock(s|ed)|freeze|frozen|exact)\b[^.;]*\b{_ENVIRONMENTS}\b(?!.*\bseed)",
        rf"\b{_ENVIRONMENTS}\b[^.;]*\b(pinned|locked|frozen)\b(?!.*\bseed)",
        r"\b(virtual ?env(ironment)?s?|venvs?|conda env(ironment)?s?)\b",
        r"\block ?file\b[^.;]*\b(up[ -]to[ -]date|committed|in sync|updated|current)\b",
    ],
    unless=[r"\bseeds?\b", r"\b(npm|yarn|cargo|docker images?|github actions?)\b", r"\bread(me| about)\b"],
    cases="_pinned_environment_cases",
    scope="change",
)
def check(
    changed: ChangedEnvironments, notebooks: NotebookInstalls, projects: Both[Projects], places: Places
) -> Verdict:
    """Judge the requirements that are new or written otherwise, and those that a changed lock no longer holds."""
    cells = [one for one in notebooks.found if not is_aside(one.path.replace("notebooks/", ""))]
    findings = [finding for one in changed.found for finding in _findings(one)]
    findings += [_in_cell(one, places.at(one.path, one.line), projects.head.at(one.path).kind) for one in cells]
    seen = [evidence for one in changed.found for evidence in _seen(one)]
    findings.sort(key=lambda one: (one.path or "", one.line or 0))
    return Verdict.weighed([*findings, *seen], "no runtime requirement and no lock file is new or bound otherwise")


def _findings(one: ChangedEnvironment) -> Iterator[Finding]:
    level: Level = {"application": "error", "library": "note", "unclear": "warning"}[one.kind]  # type: ignore[assignment]
    for fault in one.faults:
        if fault.code == "unpinned":
            if one.kind != "library":
                yield _finding(fault, f"`{fault.bound.text}` {_OPEN}", _fix(fault), level)
        else:
            yield _finding(fault, _stale(fault), f"write {fault.lock} again from the manifest", _stale_level(one))


def _stale_level(one: ChangedEnvironment) -> Level:
    return "error" if one.kind == "application" else "warning"


def _stale(fault: Fault) -> str:
    if fault.code == "not-locked":
        return f"{fault.lock} does not have `{fault.bound.name}`, which {fault.bound.path} requires: it is older"
    held = ", ".join(sorted(fault.held))
    return f"{fault.lock} has {fault.bound.name} {held}, and {fault.bound.path} asks for `{fault.bound.text}`"


def _fix(fault: Fault) -> str:
    if fault.bound.path.endswith((".yml", ".yaml")):
        return f"pin it (`{fault.bound.name}=X.Y.Z`), or commit a conda-lock.yml"
    if fault.bound.path.endswith((".txt", ".in", ".pip")):
        return f"pin it (`{fault.bound.name}==X.Y.Z`), or commit a lock file made from this list (pip-compile, uv)"
    return "commit the lock file of your package manager, or pin it with `==`"


def _finding(fault: Fault, message: str, fix: str, level: Level) -> Finding:
    bound = fault.bound
    return Finding(message, bound.path, bound.line, symbol=bound.name, fix=fix, code=fault.code, level=level)


def _in_cell(one: Installed, at: Place, kind: str) -> Finding:
    return Finding(
        f"{at.where}only a notebook cell installs `{one.text}`: it is in nobody's environment",
        at.path,
        at.line,
        symbol=one.name,
        fix=f"declare `{one.name}` in the project's manifest, with its version, and drop the cell",
        code="notebook-install",
        level="note" if kind == "library" else "warning" if one.pinned or one.hosted else "error",
    )


def _seen(one: ChangedEnvironment) -> Iterator[Evidence]:
    told = [Evidence(f"{one.folder or 'the project'} is {_KINDS[one.kind]}", "note")]
    for bound, lock in one.bound[:_SHOWN]:
        held = f"`{bound.text}`: " + (f"{lock} holds it" if lock else "one version" if bound.pinned else "a range")
        told.append(Evidence(held, "file", bound.path, bound.line, bound.name))
    if one.bound[_SHOWN:]:
        told.append(Evidence(f"and {len(one.bound) - _SHOWN} more requirements alike"))
    told += [Evidence(f"{path} was written again and agrees with the manifest", "file", path) for path in one.relocked]
    if one.bound or one.relocked or one.faults:
        yield from told
