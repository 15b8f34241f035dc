"""What the rule `setup-docs` says of each thing that the documents leave out or get wrong."""

import re
from collections.abc import Sequence

from dodcheck.facts.documents.documentation import Mention
from dodcheck.facts.setup.dependencies import ProjectChange
from dodcheck.facts.setup.dependency_listings import ListedDependency
from dodcheck.facts.setup.misnamed_variables import MisnamedVariable
from dodcheck.facts.setup.stale_mentions import StaleMention
from dodcheck.facts.setup.step_readers import Step
from dodcheck.facts.setup.variables import Variable
from dodcheck.verdict import Finding

FOR_A_PERSON = {"undecided-variable", "dynamic-variable"}
_WITHOUT = {"required": "the code needs it", "unknown": "read without a default", "optional": "it has a default"}


def words(project: ProjectChange) -> str:
    """Return what a project gained and lost, in words."""
    moved = ((project.added, "added"), (project.removed, "removed"))
    parts = [f"{', '.join(names)} {verb}" for names, verb in moved if names]
    files = {path for path, _ in (*project.added.values(), *project.removed.values())}
    return f"{' and '.join(parts)} ({', '.join(sorted(files))})"


def dependencies(project: ProjectChange, untold: Sequence[str], readme: str | None, readme_only: bool) -> Finding:  # noqa: FBT001
    """A project's dependencies differ by name, and no setup document changed."""
    path, line = (dict(project.removed) | dict(project.added))[untold[0]]
    return Finding(
        f"{words(project)}, and {'no setup document says so' if readme else 'no README tells of the setup'}",
        path=path,
        line=line,
        symbol=", ".join(untold),
        fix=f"say in {readme or 'a README'}{'' if readme_only else ' or the docs'} what installing needs now",
        code="undocumented-dependency",
    )


def listed(one: ListedDependency) -> Finding:
    """A list of dependencies in a document is wrong now."""
    what = f"still lists {one.name}, which the project no longer asks for" if one.named else f"lacks {one.name}"
    return Finding(
        f"the list of dependencies in {one.path} {what}",
        path=one.path,
        line=one.line,
        symbol=one.name,
        fix="take it off the list" if one.named else "add it to the list",
        code="stale-list",
        level="error" if one.certain else "warning",
    )


def stale(one: StaleMention) -> Finding:
    """A document names what the change took away."""
    gone = "is gone" if one.was == one.name else f"is no longer in {one.was}"
    if one.what == "Python version":
        gone = f"{one.was} no longer allows"
    return Finding(
        f"{one.path} still names the {one.what} {one.name}, which {gone}",
        path=one.path,
        line=one.line,
        symbol=one.name,
        fix="mend the line, or say there that it is gone",
        code="stale-mention",
        level="error" if one.certain else "note",
    )


def dynamic(one: Variable, mention: Mention | None) -> Finding:
    """The names of the variables are known at run time only."""
    seen = f" ({mention.path}:{mention.line} may be one of them)" if mention else ""
    return Finding(
        f"reads environment variables whose names are put together at run time: {one.names[0]}{seen}",
        path=one.path,
        line=one.line,
        symbol=one.names[0],
        fix="see that every name it may have is documented, and say so in the notes",
        code="dynamic-default" if one.need == "optional" else "dynamic-variable",
        level="warning",
    )


def variable(one: Variable, alike: str | None, readme: str | None, readme_only: bool) -> Finding:  # noqa: FBT001
    """A new variable stands in no document."""
    name = one.names[0]
    return Finding(
        f"{name} is a new environment variable ({_WITHOUT[one.need]}), and no document names it"
        + (f"; there is {alike}" if alike else ""),
        path=one.path,
        line=one.line,
        symbol=name,
        fix=f"document {name} in {readme or 'a README'}{'' if readme_only else ' or .env.example'}",
        code="undecided-variable" if one.need == "unknown" else "undocumented-variable",
        level="error" if one.need == "required" else "warning",
    )


def misnamed(one: MisnamedVariable) -> Finding:
    """The change documents a variable under a name that nothing reads."""
    return Finding(
        f"{one.path} names {one.name}, which nothing reads; the code reads {one.meant}",
        path=one.path,
        line=one.line,
        symbol=one.name,
        fix=f"write {one.meant}",
        code="misnamed-variable",
    )


def now_required(one: Variable) -> Finding:
    """A variable that stands in no document lost its default."""
    return Finding(
        f"{one.names[0]} had a default and is needed now, and no document names it",
        path=one.path,
        line=one.line,
        symbol=one.names[0],
        fix=f"document {one.names[0]}, or keep a default",
        code="default-removed",
        level="warning",
    )


def pattern(one: Step) -> re.Pattern[str]:
    """What finds a step's name in a document; an extra's is often a plain word, and counts only as one names extras."""
    name = re.escape(one.name).replace(r"\-", "[-_]")
    if one.kind == "extra":
        return re.compile(
            rf"\[[^\]]*(?<![\w-]){name}(?![\w-])[^\]]*\]|--extras?[= ]\S*{name}(?![\w-])|`{name}`", re.IGNORECASE
        )
    return re.compile(rf"(?<![\w-]){name}(?![\w-])", re.IGNORECASE)


def packages(steps: Sequence[Step], told: Mention | None) -> Finding:
    """System packages stand in no document; that matters where a document tells which ones to install."""
    names = ", ".join(one.name for one in steps)
    beside = f", although {told.path}:{told.line} tells which to install" if told else ""
    return Finding(
        f"system packages are new and no document names them{beside}: {names}",
        path=steps[0].path,
        line=steps[0].line,
        symbol=names,
        fix="say who needs to install them by hand, and how",
        code="undocumented-package",
        level="error" if told else "warning",
    )


def step(one: Step, readme: str | None) -> Finding:
    """A new extra, service or command stands in no document."""
    return Finding(
        f"the {one.kind} {one.name} is new, and no document names it",
        path=one.path,
        line=one.line,
        symbol=one.name,
        fix=f"say in {readme or 'a README'} what it is for, and when it is needed",
        code="undocumented-step",
        level="warning" if one.kind == "script" else "error",
    )
