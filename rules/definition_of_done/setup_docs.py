"""Setup documentation follows dependencies, environment variables and setup steps.

People install and configure what the README tells them to.  A direct runtime dependency added or
removed by name needs the README or a setup page to change with it; a new variable must be named
where people look for it (README, docs, `.env.example`, commented compose or helm values); and what
the change removes (a variable, a command or its option, a script, an extra, a file) must not live on in
the documents, nor may they name a variable wrongly (28.9 % of popular projects have such dead references:
DOCER, EMSE 2024).  Version bumps, lock files, extras and development groups are no setup:
of 2,675 commits that touch a manifest, most of them such, only 2.7 % touch the README.
"""

import re
from collections.abc import Iterator
from typing import Literal

from dodcheck.facts.documents.documented_code import naming
from dodcheck.facts.documents.touched_documentation import TouchedDocument
from dodcheck.facts.setup import findings as found
from dodcheck.facts.setup.dependencies import ProjectChange
from dodcheck.facts.setup.dependency_listings import DependencyListings
from dodcheck.facts.setup.misnamed_variables import MisnamedVariables
from dodcheck.facts.setup.setup_changes import SetupChanges
from dodcheck.facts.setup.setup_places import SetupPlaces
from dodcheck.facts.setup.stale_mentions import StaleMentions
from dodcheck.facts.setup.step_readers import Step, StepKind
from dodcheck.facts.setup.variables import Variable
from dodcheck.rule import Evidence, Finding, Options, Verdict, rule

from ._setup_docs_cases import DEPENDENCIES
from ._setup_docs_reader_cases import READERS
from ._setup_docs_step_cases import STEPS
from ._setup_docs_variable_cases import VARIABLES


class SetupDocsOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        dependencies: `document` wants the README or a setup page changed with every dependency that is
            added or removed by name; `stale-only` only that lists of dependencies in them stay right.
        readme_only: Pages outside a README count only when a README names them.
    """

    dependencies: Literal["document", "stale-only"] = "document"
    readme_only: bool = False


_PAGE = r"\b(?:docs?|documentation|guides?|instructions?|manual|pages?|notes|section|readme)\b"
_SETUP = r"\b(?:set-?up|install(?:ation)?|getting[- ]started|configuration|environment)\b"
_MATTER = (
    r"\b(?:set-?up|(?:env(?:ironment)?|configuration)[- ]?var(?:iable)?s?|dependenc(?:y|ies)(?! on\b)|install\w*"
    r"|requirements? (?:files?|change))\b"
)
_KEPT = (
    r"\b(?:updat\w+|reflect\w*|chang\w+|current|up[- ]to[- ]date|document\w*|mention\w*|lists?|listed|describ\w+"
    r"|in sync|accurate|cover\w*|extended|match\w*)\b"
)
_EXAMPLE = r"\.env[.\w-]*(?:example|sample|template|dist)|\benv[.-](?:example|sample|template)\b"
_SETUP_NAME = re.compile(r"(^|[-_])(set-?up|install|bootstrap|init|initdb|migrate|provision|configure|seed)([-_]|$)")
_DEVELOPERS = re.compile(
    r"(^|[-_])(dev\w*|tests?|testing|docs?|lint\w*|typ(es|ing)|mypy|ci|bench\w*|build|style|quality|format|release|cov\w*"
    r"|pre-commit|examples?|all|full)([-_]|$)"
)
_TOOLCHAIN = re.compile(
    r"build-?(essential|base)|g?cc|g\+\+|clang|make|cmake|git|curl|wget|bash|ca-certificates|gnupg\d?|unzip|zip|xz-utils|procps"
    r"|pkg-config|apt-\w+|locales|tzdata|sudo|vim|nano|less|htop|jq|tini|dumb-init|software-properties-common|lsb-release"
    r"|musl-dev|linux-headers|libc-dev|libc6(-dev)?|libstdc\+\+|python3?[\w.-]*|py3-\w+|openssh-\w+|netcat\S*|net-tools|iputils\S*"
)
_LISTS_PACKAGES = re.compile(r"\b(apt-get|apt|dnf|yum|apk|zypper|pacman)\s+(-\S+\s+)*(install|add|-S)\s")
_COMMANDS: tuple[StepKind, ...] = ("make target", "just recipe", "nox session", "npm script", "task")
_CALLED = {"npm script": r"(?:npm|pnpm|yarn|bun)", "task": r"task"}


@rule(
    answers=[
        rf"\breadme\b[^.;]*{_KEPT}[^.;]*{_MATTER}",
        rf"\breadme\b[^.;]*{_MATTER}[^.;]*{_KEPT}",
        rf"\bupdate\b[^.;]*\breadme\b[^.;]*{_MATTER}",
        rf"{_MATTER}[^.;]*\bdocument (?:it|them)\b",
        rf"\b(?:docs?|documentation)\b[^.;]*{_KEPT}[^.;]*{_MATTER}",
        rf"{_SETUP} (?:and \w+ )?{_PAGE}[^.;]*{_KEPT}",
        rf"(?:{_EXAMPLE})[^;]*{_KEPT}",
        r"\benv(?:ironment)?[- ]?var(?:iable)?s?\b[^.;]*\b(?:documented|described|explained|listed in|added to)\b",
        rf"(?<!no ){_MATTER}[^.;]*\b(?:documented|described|listed|reflected|noted)\b[^.;]*\b(?:readme|docs?)\b",
        rf"\bdocument (?:any |all |new |every |changed |required |the )*{_MATTER}",
        r"^(?:the )?readme (?:is |has been )?(?:updated|up[- ]to[- ]date|current)(?: (?:if|when|where|as) \w+)?\.?$",
    ],
    cases=[*DEPENDENCIES, *VARIABLES, *READERS, *STEPS],
    scope="change",
    options=SetupDocsOptions,
)
def check(
    changes: SetupChanges,
    listings: DependencyListings,
    stale: StaleMentions,
    misnamed: MisnamedVariables,
    places: SetupPlaces,
    options: SetupDocsOptions,
) -> Verdict:
    """Look for each part of the setup that the change alters in the documents at head."""
    judge = _Judge(places, listings, options)
    said: list[Evidence | Finding] = [found.stale(one) for one in stale.found]
    said += [found.misnamed(one) for one in misnamed.found]
    if options.dependencies == "document":
        said += [one for project in changes.dependencies.projects for one in judge.project(project)]
    said += [found.listed(one) for one in listings.stale]
    said += [judge.variable(one) for one in changes.variables.new]
    said += [one for variable in changes.variables.now_required for one in judge.now_required(variable)]
    said += [one for step in changes.surface.new for one in judge.step(step)]
    said += judge.packages([one for one in changes.surface.new if one.kind == "system package"])
    said += judge.freed(changes)
    findings = [one for one in said if isinstance(one, Finding)]
    evidence = [one for one in said if isinstance(one, Evidence)]
    if not said:
        return Verdict.not_applicable("no dependency, environment variable or setup step changed")
    findings.sort(key=lambda one: one.level != "error")
    open_questions = [one for one in findings if one.code in found.FOR_A_PERSON]
    if any(one.level == "error" for one in findings):
        return Verdict.failed(*findings, evidence=evidence)
    if open_questions:
        return Verdict.needs_review(open_questions[0].message, *evidence, findings=findings)
    first, *more = evidence or [Evidence("nothing that the setup cannot do without is undocumented")]
    return Verdict.passed(first, *more, findings=findings)


class _Judge:
    def __init__(self, places: SetupPlaces, listings: DependencyListings, options: SetupDocsOptions) -> None:
        self._places = places
        self._listings = listings
        self._readme_only = options.readme_only

    def project(self, project: ProjectChange) -> Iterator[Evidence | Finding]:
        names = [*project.added, *project.removed]
        for one in self._places.touched(project.folder, project.manifest):
            if _counts(one, names, self._places.readme(project.folder)) and (
                not self._readme_only or self._places.is_linked(one.path, one.kind)
            ):
                yield Evidence(f"{one.path} changed with {found.words(project)}", "file", one.path)
                return
        told = {one.name: one for one in self._listings.told if one.project == project.folder}
        yield from (Evidence(f"{one.path} names {one.name}", "file", one.path, one.line) for one in told.values())
        if untold := [name for name in names if name not in told]:
            yield found.dependencies(project, untold, self._places.readme(project.folder), self._readme_only)

    def variable(self, one: Variable) -> Evidence | Finding:
        name = one.names[0]
        pattern = one.parts if one.dynamic else one.pattern
        mention = self._places.mention(pattern, one.path, readme_only=self._readme_only) if pattern else None
        if one.dynamic:
            return found.dynamic(one, mention)
        if mention:
            named = one.pattern.search(mention.text)
            words = f"{mention.path} names {named[0] if named else name}"
            return Evidence(words, "file", mention.path, mention.line, name)
        readme = self._places.readme(one.path.rpartition("/")[0])
        return found.variable(one, self._places.similar(name, one.path), readme, self._readme_only)

    def now_required(self, one: Variable) -> Iterator[Finding]:
        if not self._places.mention(one.pattern, one.path, readme_only=self._readme_only):
            yield found.now_required(one)

    def step(self, one: Step) -> Iterator[Evidence | Finding]:
        if one.kind in _COMMANDS and not _SETUP_NAME.search(one.name):
            return
        if one.kind == "system package" or (one.kind == "extra" and _DEVELOPERS.search(one.name)):
            return
        mention = self._places.mention(found.pattern(one), one.path, readme_only=self._readme_only)
        if mention:
            yield Evidence(f"{mention.path} names the {one.kind} {one.name}", "file", mention.path, mention.line)
        else:
            yield found.step(one, self._places.readme(one.path.rpartition("/")[0]))

    def packages(self, steps: list[Step]) -> Iterator[Finding]:
        for path in sorted({one.path for one in steps}):
            told = self._places.mention(_LISTS_PACKAGES, path, readme_only=False)
            untold = [
                one
                for one in steps
                if one.path == path
                and not _TOOLCHAIN.fullmatch(one.name)
                and not self._places.mention(found.pattern(one), path, readme_only=self._readme_only)
            ]
            if untold:
                yield found.packages(untold, told)

    def freed(self, changes: SetupChanges) -> Iterator[Evidence]:
        patterns = [(one.names[0], one.pattern) for one in changes.variables.gone]
        for one in changes.surface.gone:
            called = _CALLED.get(one.kind, one.kind.partition(" ")[0])
            lead = rf"\b{called}\b.*" if one.kind in _COMMANDS else ""
            if lead or one.kind == "file":
                patterns.append((one.name, re.compile(rf"{lead}(?<![\w./-]){re.escape(one.name)}(?![\w-])")))
        for name, pattern in patterns:
            if freed := self._places.removed_line(pattern):
                yield Evidence(f"{name} is gone, and {freed.path} no longer names it", "file", freed.path)


def _counts(one: TouchedDocument, names: list[str], readme: str | None) -> bool:
    """The project's README counts as it is; another page when it is about setup, or its changed lines name one."""
    beside = readme is not None and one.path.rpartition("/")[0] == readme.rpartition("/")[0]
    lines = "\n".join((*one.added, *one.removed))
    return (one.kind == "readme" and beside) or one.about_setup or any(naming(name).search(lines) for name in names)
