"""The authoring API: everything that a rule module imports besides facts.

A rule is one file: a docstring (what it decides; why), the wording it answers, the
cases that are its tests and its `dodcheck explain` page, and the check. Its id is the
file's name.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from dodcheck.change import Side
from dodcheck.run import Ran, SchemaTrial, Suite
from dodcheck.verdict import Evidence, Finding, Level, Status, Verdict

__all__ = ["Case", "Check", "Evidence", "Finding", "Level", "Options", "Rule", "Side", "Status", "Verdict", "rule"]

Scope = Literal["commit", "change"]
Check = Callable[..., Verdict]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of a rule's settings; every field has a default.

    A value comes from the item's own words (a named group of the pattern that matched),
    else from `[tool.dodcheck.rules.RULE]`, else it is the default.
    """


@dataclass(frozen=True)
class Case:
    """A before/after pair with the status that the rule must give.

    Args:
        name: What the case shows, as a sentence.
        expect: The status that the rule must give.
        before: Path to content at base.
        after: Path to content at head.
        runs: Canned tool runs, by "SIDE TOOL" ("head pytest", "base ruff check"); "head tests on base pytest"
            and "base tests on head pytest" for the mixed cells of the run matrix; "head pytest alone" for tests that
            are run without the rest of the suite; "altered pytest" for mutants, "altered pytest: WHAT" for one;
            "head alembic" for a trial of the migrations.
        options: Settings other than the rule's defaults.
        notes: The author's handoff notes, in Markdown.
        messages: The messages of the change's commits, newest first.
        earlier: Messages of commits that base holds, newest first.
        task: The task that the caller names.
        released: Files that base's last release has; None when base never released.
        fast: The case is one of a fast run.
    """

    name: str
    expect: Status
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, Ran | Suite | SchemaTrial] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: str = ""
    messages: Sequence[str] = ()
    earlier: Sequence[str] = ()
    task: str = ""
    released: Sequence[str] | None = None
    fast: bool = False


@dataclass(frozen=True, eq=False)  # a rule is itself alone; its cases hold dicts
class Rule:
    """One rule, as the registry hands it out.

    Args:
        id: The module's name, with dashes.
        group: The folder that it stands in.
        title: First line of the module's docstring.
        why: The rest of it.
        answers: Patterns over an item's normalised text.
        unless: Patterns that keep an item from the rule whatever `answers` says.
        cases: Its tests and examples.
        scope: `commit` when it must hold of any commit, `change` when only of the whole change.
        options: Type of its settings.
        check: The decision.
        path: The module's file.
    """

    id: str
    group: str
    title: str
    why: str
    answers: tuple[str, ...]
    unless: tuple[str, ...]
    cases: tuple[Case, ...]
    scope: Scope
    options: type[Options]
    check: Check
    path: str


def rule(
    *,
    answers: Sequence[str],
    cases: Sequence[Case],
    scope: Scope = "commit",
    options: type[Options] = Options,
    unless: Sequence[str] = (),
) -> Callable[[Check], Rule]:
    """Turn the check function of a module into its rule.

    Args:
        answers: Regular expressions, searched in the item's text as `definition.normalised`
            gives it: lower case, no markup. Named groups become options.
        cases: At least one passing, one failing and one not-applicable case.
        scope: See `Rule`.
        options: The settings that the check takes, if any.
        unless: Patterns that keep an item from the rule whatever `answers` says.
    """

    def bind(check: Check) -> Rule:
        module = sys.modules[check.__module__]
        title, _, why = (module.__doc__ or "").strip().partition("\n")
        file = Path(module.__file__ or check.__module__)
        return Rule(
            id=file.stem.replace("_", "-"),
            group=file.parent.name,
            title=title.rstrip("."),
            why=why.strip(),
            answers=tuple(answers),
            unless=tuple(unless),
            cases=tuple(cases),
            scope=scope,
            options=options,
            check=check,
            path=str(file),
        )

    return bind
