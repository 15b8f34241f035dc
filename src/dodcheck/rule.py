"""The authoring API: everything that a rule module imports besides facts.

A rule is one file: a docstring (what it decides; why), the wording it answers, the
cases that are its tests and its `dodcheck explain` page, and the check. Its id is the
file's name.
"""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec

from dodcheck.change import Side
from dodcheck.run import Ran, SchemaTrial, Suite
from dodcheck.verdict import Evidence, Finding, Level, Status, Verdict

__all__ = [
    "Case",
    "Check",
    "Concern",
    "Evidence",
    "Finding",
    "Level",
    "Options",
    "Rule",
    "Side",
    "Status",
    "Verdict",
    "rule",
]

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
        runs: Canned tool runs, by "SIDE TOOL" ("head pytest", "base ruff check", "head ruff conventions");
            "head tests on base pytest" and "base tests on head pytest" for the mixed cells of the run matrix;
            "head pytest alone" for tests that are run without the rest of the suite; "altered pytest" for mutants,
            "altered pytest: WHAT" for one; "head alembic" for a trial of the migrations.
        options: Settings other than the rule's defaults.
        notes: The author's handoff notes, in Markdown.
        messages: The messages of the change's commits, newest first.
        earlier: Messages of commits that base holds, newest first.
        task: The task that the caller names.
        released: Files that base's last release has; None when base never released.
        replaced: Path to a content that a commit before base replaced.
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
    replaced: Mapping[str, str] = field(default_factory=dict)
    fast: bool = False


class Concern(msgspec.Struct, frozen=True):
    """What a change must touch for a rule to have anything to say; it is asked before the rule is even imported.

    Args:
        paths: Pattern that is searched in the paths of changed files, at either side.
        words: Patterns each of which is found in the text of such a file, at one side; none when the path is enough.
        otherwise: What the rule says of every other change, which it does not apply to.
        lines: The words stand in lines that one side of the file has more often than the other.
        whole: Pattern of paths of files that it is concerned with whatever they say; empty for none.
    """

    paths: str
    words: str | tuple[str, ...]
    otherwise: str
    lines: bool = False
    whole: str = ""


class Body(msgspec.Struct, frozen=True, dict=True):
    """The part of a rule that is needed only when it runs or is explained.

    Args:
        options: Type of its settings.
        check: The decision.
        given_cases: Its cases, or the name of the module beside it that holds them as `CASES`.
        package: The package that a module's name starts from.
    """

    options: type[Options]
    check: Check
    given_cases: Sequence[Case] | str
    package: str

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Its tests and examples."""
        if isinstance(self.given_cases, str):
            return tuple(importlib.import_module(f".{self.given_cases}", self.package).CASES)
        return tuple(self.given_cases)


class Rule(msgspec.Struct, frozen=True, eq=False, dict=True):  # a rule is itself alone
    """One rule, as the registry hands it out.

    Args:
        id: The module's name, with dashes.
        group: The folder that it stands in.
        title: First line of the module's docstring.
        why: The rest of it.
        answers: Patterns over an item's normalised text.
        unless: Patterns that keep an item from the rule whatever `answers` says.
        scope: `commit` when it must hold of any commit, `change` when only of the whole change.
        path: The module's file.
        concern: What a change must touch for it to apply; None when only the rule itself can tell.
        load: Returns the rest; it imports the module when that is not there yet.
        known_fast: Whether it is fast, where that was found out before.
    """

    id: str
    group: str
    title: str
    why: str
    answers: tuple[str, ...]
    unless: tuple[str, ...]
    scope: Scope
    path: str
    concern: Concern | None
    load: Callable[[], Body]
    known_fast: bool | None = None

    @cached_property
    def body(self) -> Body:
        """What it runs with, imported when it is first asked for."""
        return self.load()

    @property
    def options(self) -> type[Options]:
        """Type of its settings."""
        return self.body.options

    @property
    def check(self) -> Check:
        """The decision."""
        return self.body.check

    @property
    def cases(self) -> tuple[Case, ...]:
        """Its tests and examples."""
        return self.body.cases


def rule(
    *,
    answers: Sequence[str],
    cases: Sequence[Case] | str,
    scope: Scope = "commit",
    options: type[Options] = Options,
    unless: Sequence[str] = (),
    concern: Concern | None = None,
) -> Callable[[Check], Rule]:
    """Turn the check function of a module into its rule.

    Args:
        answers: Regular expressions, searched in the item's text as `definition.normalised`
            gives it: lower case, no markup. Named groups become options.
        cases: At least one passing, one failing and one not-applicable case; or the name of the module beside
            the rule that holds them as `CASES`, which is imported only for tests and explanations.
        scope: See `Rule`.
        options: The settings that the check takes, if any.
        unless: Patterns that keep an item from the rule whatever `answers` says.
        concern: What a change must touch for the rule to apply.
    """

    def bind(check: Check) -> Rule:
        module = sys.modules[check.__module__]
        title, _, why = (module.__doc__ or "").strip().partition("\n")
        file = Path(module.__file__ or check.__module__)
        body = Body(options, check, cases, module.__package__ or "")
        return Rule(
            id=file.stem.replace("_", "-"),
            group=file.parent.name,
            title=title.rstrip("."),
            why=why.strip(),
            answers=tuple(answers),
            unless=tuple(unless),
            scope=scope,
            path=str(file),
            concern=concern,
            load=lambda: body,
        )

    return bind
