"""New imports come from distributions that the project declares, and new requirements are spelled right.

Of 576,000 pieces of generated code 19.7 % named a package that does not exist, and people register such
names (USENIX Security 2025, "We have a package for you!").  An import that no manifest declares works on
its author's machine at best.  So every new import of source and tests must come from the standard library,
the project's own tree, or a distribution that some manifest, build file or script header of the tree
declares, whatever the extra or the group.  What only a lock names is installed by accident: a warning.

The installed environment is out of a static rule's reach, so names are judged by declarations, locks, the
tree and a table of modules that are called otherwise than their distribution (`yaml` is PyYAML).  Optional
imports, imports for typing, documents and examples are fine.  A new requirement that is a near miss of a
well-known name, or the name of a module, is for a person to settle as long as no lock has resolved it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from dodcheck.facts.imports.distributions import Distributions, Kind, Origin
from dodcheck.facts.imports.import_sites import ImportSite
from dodcheck.facts.imports.module_names import lookalike
from dodcheck.facts.imports.new_imports import BaseImports, NewImports, NewRequirements
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_FIX = "declare the distribution in the project's manifest, or import what the project already has"
_SPELL = "check the name; where it is right, the lock will say so"
_WORDS: Mapping[Kind, str] = {
    "declared": "comes from {name}, which {path} names",
    "likely": "may come from {name}, which {path} names",
    "hosted": "belongs to the program that runs the code",
    "brought": "comes only by way of {name}",
    "locked": "comes from {name}, which {path} has but no manifest declares",
    "named": "comes from {name}, which {path} installs but no manifest declares",
}
_NOWHERE = "is no module of the tree, and no distribution that any manifest declares"
_NOT_NEEDED = {"typing": "for typing alone", "optional": "where it is there, its absence is provided for"}
_LOOSE = re.compile(  # nobody installs these along with the product
    r"^(scripts?|tools?|ci|bin|hack|contrib|misc|dev(tools)?|release|maint|playground|sandbox|experiments?|research)/"
    r"|(^|/)(testdata|test[-_]data)/|(^|/)tests?/(.*/)?(fixtures?|data|resources|snapshots|assets)/",
    re.IGNORECASE,
)


@rule(
    answers=[],
    cases="_dependency_names_cases",
    concern=Concern(
        r"\.py$",
        "import",
        "no new import of a distribution, no new requirement",
        lines=True,
        whole=r"^(?!.*\.(py|pyi|md|rst)$)|(^|/)setup\.py$",
    ),
)
def check(
    imports: NewImports, requirements: NewRequirements, distributions: Distributions, base: BaseImports
) -> Verdict:
    """Judge each new import and each new requirement; base is searched only for what nothing declares."""
    judge = _Judge(imports, requirements, distributions, base)
    said = [*judge.imports(), *judge.requirements()]
    findings = [one for one in said if isinstance(one, Finding)]
    evidence = [one for one in said if isinstance(one, Evidence)]
    questions = [one for one in findings if one.code in {"near-miss", "no-manifest"}]
    if any(one.level == "error" for one in findings):
        first, *more = sorted(findings, key=lambda one: one.level != "error")
        return Verdict.failed(first, *more, evidence=evidence)
    if questions:
        return Verdict.needs_review(questions[0].message, *evidence, findings=findings)
    if not said:
        return Verdict.not_applicable("no new import of a distribution, no new requirement")
    first_seen, *others = evidence or [Evidence(f"nothing new blocks: {findings[0].message}")]
    return Verdict.passed(first_seen, *others, findings=findings)


class _Judge:
    def __init__(
        self, imports: NewImports, requirements: NewRequirements, distributions: Distributions, base: BaseImports
    ) -> None:
        self._imports = imports
        self._new = requirements.found
        self._distributions = distributions
        self._base = base

    def imports(self) -> Iterator[Evidence | Finding]:
        origins = {one: self._distributions.origin(one.module, one.path) for one in self._imports.found}
        spare = self._new.keys() - {origin.name for origin in origins.values()}
        seen: set[tuple[str, str]] = set()
        for site, origin in origins.items():
            if origin.kind not in {"stdlib", "own"} and (site.module, site.path) not in seen:
                seen.add((site.module, site.path))
                yield self._judged(site, origin, spare)

    def requirements(self) -> Iterator[Evidence | Finding]:
        for name, (path, line) in self._new.items():
            meant, lock = lookalike(name), self._distributions.lock_beside(path)
            if self._distributions.is_locked(name):
                yield Evidence(f"the new requirement {name} is locked", "file", path, line, name)
            elif meant:
                words = f"the new requirement `{name}` is no well-known name, `{meant}` is: is that what is meant?"
                yield Finding(words, path, line, symbol=name, fix=_SPELL, code="near-miss", level="warning")
            elif lock and self._distributions.asks_directly(path, name):
                words = f"{lock} does not have the new requirement `{name}`"
                yield Finding(words, path, line, symbol=name, code="not-locked", level="warning", fix=f"update {lock}")
            else:
                words = f"the new requirement {name} is no near miss of a well-known name"
                yield Evidence(words, "file", path, line, name)

    def _judged(self, site: ImportSite, origin: Origin, spare: set[str]) -> Evidence | Finding:
        if not site.is_needed:
            return _seen(site, f"`{site.module}` is imported {_NOT_NEEDED[site.condition]}")
        if origin.kind == "undeclared":
            return self._undeclared(site, origin, spare)
        words = _WORDS[origin.kind].format(name=origin.name, path=origin.path)
        installed = origin.kind == "named" and self._imports.in_test(site)
        at_hand = installed or origin.kind in {"declared", "likely", "hosted"}
        return _seen(site, f"`{site.module}` {words}") if at_hand else _finding(site, words, "transitive")

    def _undeclared(self, site: ImportSite, origin: Origin, spare: set[str]) -> Evidence | Finding:
        if self._imports.is_made(site):
            return _seen(site, f"the test makes the module `{site.module}` by itself")
        if path := self._base.first(site):
            return _seen(site, f"`{site.module}` is declared nowhere, and {path} imports it at base already")
        self._distributions.refuse_broken()
        meant = None if origin.name else lookalike(site.top)
        hint = f" (is `{meant}` meant?)" if meant else ""
        if not self._distributions.speaks:
            code = "transitive" if origin.name else "no-manifest"
            return _finding(site, f"is no module of the tree, which declares no dependencies at all{hint}", code)
        if not origin.name and spare:
            new = ", ".join(sorted(spare))
            return _finding(site, f"may come from {new}, new in this change: the names do not tell", "unclear")
        loose = site.condition in {"platform", "script"} or _LOOSE.search(site.path)
        comes = f"comes from {origin.name}, which no manifest declares" if origin.name else _NOWHERE
        return _finding(site, comes + hint, "undeclared", "warning" if loose else "error")


def _seen(site: ImportSite, words: str) -> Evidence:
    return Evidence(words, "symbol", site.path, site.line, site.symbol)


def _finding(site: ImportSite, words: str, code: str, level: Literal["error", "warning"] = "warning") -> Finding:
    return Finding(
        f"`{site.module}` {words}", site.path, site.line, symbol=site.symbol, fix=_FIX, code=code, level=level
    )
