"""End-to-end scenarios that the change affects are listed in the handoff notes.

Whoever runs the end-to-end tests after a change wants to know which; the author knows best, and forgets easily.
Scenarios are Gherkin features, tests in folders or with marks of end-to-end tests, Playwright, Cypress and Robot
Framework specs.  Affected for certain is a scenario that is new, changed or gone, one whose step definition
changed, and one that names a route, an option, a selector or a text that changed, itself or through a page
object.  These must be listed, under "E2E scenarios affected" of the notes or in the task's field `e2e`.

What only imports code that changed, or is reached by a cause that reaches most scenarios, is for the author to
judge, and so is a change of which nothing tells what it means to the scenarios.  "None" is an answer.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from dodcheck.facts import Both
from dodcheck.facts.scenarios.affected import AffectedScenarios
from dodcheck.facts.scenarios.inventory import Inventory
from dodcheck.facts.scenarios.scenario import Affected, Scenario
from dodcheck.facts.scenarios.stated import StatedScenario, StatedScenarios, nearest
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule

_E2E = r"(e2e|end[- ]to[- ]end|end2end|integration|acceptance|bdd|gherkin|playwright|cypress|user[- ]journey)"
_THINGS = r"(scenarios?|flows?|journeys?|tests?|specs?|features?)"
_SHOWN = 12
_MANY = 3  # scenarios of one file from which on they are told together
_LIST = 'list it under "E2E scenarios affected" in the handoff notes'
_SAY = 'list the affected scenarios under "E2E scenarios affected" in the handoff notes, or say "none" there'


class E2EScenariosOptions(Options, frozen=True):
    """Settings of `e2e-scenarios`.

    Args:
        direct_only: What only imports changed code, or cannot be told, needs nobody's review.
    """

    direct_only: bool = False


@rule(
    answers=[
        rf"\b{_E2E} {_THINGS}\b[^.;]*\b(listed|named|identified|noted|stated|documented|flagged|mentioned)\b",
        rf"\b(list|name|identify|note|state|document|flag|mention)\b[^.;]*\b{_E2E} {_THINGS}\b",
        rf"\b(affected|impacted|touched)\b[^.;]*\b{_E2E} {_THINGS}\b[^.;]*\b(listed|named|identified|noted|known)\b",
        rf"^{_E2E} {_THINGS} (affected|impacted|touched)$",
    ],
    unless=[r"\b(pass|passes|passing|green|run|runs|succeed)\b"],
    cases="_e2e_scenarios_cases",
    scope="change",
    options=E2EScenariosOptions,
)
def check(
    affected: AffectedScenarios, stated: StatedScenarios, inventory: Both[Inventory], options: E2EScenariosOptions
) -> Verdict:
    """Compare what the change affects with what the author lists."""
    if stated.is_missing and not affected.can_affect:
        return Verdict.not_applicable("nothing changed that end-to-end scenarios run")
    if not affected.has_inventory:
        return _without_scenarios(affected, stated)
    court = _Court(affected, stated, inventory)
    findings = [*court.omitted(), *court.unknown(), *court.off()]
    if findings:
        return Verdict.failed(*findings, evidence=court.seen())
    doubts = [] if options.direct_only else [*court.doubts(), *court.open_ones()]
    if doubts:
        return Verdict.needs_review(doubts[0].message, *court.seen(), findings=doubts)
    first, *more = court.seen()
    if stated.is_missing:
        return Verdict.not_applicable("no end-to-end scenario is affected", first, *more)
    return Verdict.passed(first, *more)


def _without_scenarios(affected: AffectedScenarios, stated: StatedScenarios) -> Verdict:
    shown = [
        *(
            Evidence(f"{one.kind} `{one.text}` {one.why}", "file", one.path)
            for one in affected.surface.literals[:_SHOWN]
        ),
        *(Evidence("a page changed", "file", path) for path in affected.surface.pages[:_SHOWN]),
    ]
    if stated.says_none:
        return Verdict.passed(Evidence("the notes say that no scenario is affected", "note", stated.where), *shown)
    if stated.listed:
        words = f"{len(stated.listed)} scenarios are listed, and the repository holds none to compare them with"
        return Verdict.needs_review(words, *(Evidence(one.text, "note", stated.where) for one in stated.listed))
    if not shown:
        return Verdict.not_applicable("no end-to-end scenarios here, and nothing that users see changed")
    words = f"what users see changed ({shown[0].text}), and the repository holds no end-to-end scenarios"
    finding = Finding(words, path=shown[0].path, fix=_SAY, code="unlisted", level="warning")
    return Verdict.needs_review(words, *shown, findings=[finding])


class _Court:
    """What judging one change rests on."""

    def __init__(self, affected: AffectedScenarios, stated: StatedScenarios, inventory: Both[Inventory]) -> None:
        self._affected = affected
        self._stated = stated
        self._inventory = inventory

    def omitted(self) -> Iterator[Finding]:
        """Yield what is certainly affected and not listed: scenario by scenario, of a file with many in one finding."""
        denied = ", and the notes say none is" if self._stated.says_none and not self._stated.listed else ""
        left = [one for one in self._affected.direct if not self._stated.name(one.scenario)]
        for _, group in groupby(left, lambda one: one.scenario.path):
            ones = list(group)
            words = f"{'are' if len(ones) >= _MANY else 'is'} affected and not listed{denied}"
            if len(ones) < _MANY:
                yield from (_finding(one, f"`{one.scenario.title}` {words}: {one.why}") for one in ones)
            else:
                named = ", ".join(f"`{one.scenario.title}`" for one in ones[:_SHOWN])
                causes = "; ".join(dict.fromkeys(one.why for one in ones))
                yield _finding(ones[0], f"{len(ones)} scenarios {words} ({causes}): {named}")

    def unknown(self) -> Iterator[Finding]:
        """Yield a finding for each line that names a scenario which is not there."""
        if not self._stated.listed:
            return
        here = self._scenarios()
        gone = [one.scenario for one in self._affected.direct if one.gone]
        for one in self._stated.unknown([*here, *gone]):
            close = nearest(one.text, here)
            fix = f"did you mean `{close}`?" if close else "name a scenario by its title, its file, or `file::title`"
            words = f"the {one.source} list `{one.text}`, and no scenario is called so"
            yield Finding(words, path=self._stated.where, fix=fix, code="unknown")

    def off(self) -> Iterator[Finding]:
        """Yield a finding for each listed scenario that the change deletes or keeps from running, unsaid."""
        for one in self._affected.direct:
            lines = [line for line in self._stated.listed if line.names(one.scenario)]
            if one.gone and lines and not any(line.says_gone for line in lines):
                yield _finding(one, f"`{one.scenario.title}` is listed, and the change deletes it: say so in the list")
            elif one.newly_skipped and lines and not any(line.says_off for line in lines):
                yield _finding(
                    one, "is listed, and the change keeps it from running: let it run, or say so in the list"
                )

    def doubts(self) -> Iterator[Finding]:
        """Yield a warning for each cause that may affect scenarios which are not listed."""
        left = [one for one in self._affected.transitive if not self._stated.name(one.scenario)]
        for cause in dict.fromkeys(one.why for one in left):
            ones = [one for one in left if one.why == cause]
            more = f" and {len(ones) - 1} more scenarios" if ones[1:] else ""
            yield _finding(ones[0], f"`{ones[0].scenario.title}`{more} may be affected: {cause}", "warning")

    def open_ones(self) -> list[Finding]:
        """Say that nothing tells which scenarios the change means, where nobody said anything."""
        files = self._affected.unmapped
        if not files or not self._stated.is_missing or self._affected.direct or self._affected.transitive:
            return []
        words = f"the program changed, and nothing tells which scenarios of {files[0]}"
        words += f" and {len(files) - 1} more files it affects" if files[1:] else " it affects"
        return [Finding(words, path=files[0], fix=_SAY, code="unmapped", level="warning")]

    def seen(self) -> list[Evidence]:
        """Put what was computed and what was stated side by side."""
        direct, told = self._affected.direct, self._stated.listed
        words = f"{len(direct)} scenario{'s' * (len(direct) != 1)} certainly affected, {len(told)} listed"
        words += ', the notes say "none"' if self._stated.says_none else ""
        computed = [_evidence(one, self._stated.listed) for one in direct[:_SHOWN]]
        return [Evidence(words), *computed]

    def _scenarios(self) -> list[Scenario]:
        return list(self._inventory.head.scenarios())


def _evidence(one: Affected, listed: Sequence[StatedScenario]) -> Evidence:
    words = "listed" if any(line.names(one.scenario) for line in listed) else "not listed"
    return Evidence(f"{one.scenario.title}: {one.why}; {words}", "test", one.scenario.path, one.scenario.line)


def _finding(one: Affected, words: str, level: Level = "error") -> Finding:
    scenario = one.scenario
    return Finding(
        words,
        path=scenario.path,
        line=scenario.line,
        symbol=scenario.title,
        fix=_LIST,
        code="unlisted",
        level=level,
    )
