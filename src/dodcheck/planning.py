"""Which rules answer which items in this run, with which settings, and which are left out."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_type_hints

import msgspec

from dodcheck.config import Config
from dodcheck.definition import Binding, Bindings, Definition, Item
from dodcheck.engine import is_fast
from dodcheck.errors import ConfigError, UsageError
from dodcheck.report import Kind
from dodcheck.rule import Options, Rule

BEFORE_MERGE = "before you merge: it is true only of the whole change"
NOT_SELECTED = "not selected"
ADVICE = "Not stated by the definition"
INTEGRITY = "Integrity"


class Selection(msgspec.Struct, frozen=True):
    """What of the definition this run looks at.

    Args:
        select: Rule ids to run; empty for all.
        ignore: Rule ids to leave out.
        fast: Run no checked code and no type checker.
        staged: The change is the index: what holds only of a whole change does not block.
        strict: Explained items block too.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fast: bool = False
    staged: bool = False
    strict: bool = False

    def leaves_out(self, rule: Rule) -> str | None:
        """Return why a rule is not run; None when it is."""
        if self.select and rule.id not in self.select:
            return NOT_SELECTED
        if rule.id in self.ignore:
            return "ignored"
        if self.fast and not (is_fast(rule.check) if rule.known_fast is None else rule.known_fast):
            return "left out by --fast"
        if self.fast and self.staged and rule.scope == "change":
            return BEFORE_MERGE
        return None

    def refuse_unknown(self, rules: Collection[str]) -> None:
        """Raise for a rule id that does not exist.

        Raises:
            UsageError: With the ids that exist.
        """
        for name in (*self.select, *self.ignore):
            if name not in rules:
                raise UsageError(f"no rule {name!r}", "see `dodcheck rules`")


class Answer(msgspec.Struct, frozen=True):
    """One rule to ask for one item, with its settings; None for the defaults."""

    rule: Rule
    options: Options | None


class PlannedItem(msgspec.Struct, frozen=True):
    """One row of the report before its rules ran."""

    id: str
    kind: Kind
    section: str
    text: str
    line: int | None
    answers: tuple[Answer, ...]

    @property
    def stated(self) -> bool:
        """The document states it, or it always applies; what is not stated never blocks."""
        return self.section != ADVICE


def plan(definition: Definition, bindings: Bindings, rules: Mapping[str, Rule], config: Config) -> list[PlannedItem]:
    """Return the rows of the report in their order: the document's, integrity, advice.

    Args:
        definition: The document.
        bindings: Which rules answer its items.
        rules: Every rule.
        config: Settings by rule.

    Raises:
        ConfigError: The settings of a rule do not fit it, or name no rule.
    """
    for name in config.rules:
        if name not in rules:
            raise ConfigError(f"[tool.dodcheck.rules.{name}]: no such rule", "see `dodcheck rules`")
    planned = [_stated(item, bindings.get(item.id, ()), rules, config) for item in definition.items]
    bound = {answer.rule.id for row in planned for answer in row.answers}
    for rule in rules.values():
        always = rule.group == "integrity"
        advice = rule.group in {"code_standards", "ml_conventions"}
        if rule.id not in bound and (always or advice):
            answer = Answer(rule, options_of(rule, {}, config))
            kind: Kind = "integrity" if always else "convention"
            section = INTEGRITY if always else ADVICE
            planned.append(PlannedItem(rule.id, kind, section, rule.title, None, (answer,)))
    return planned


def _stated(item: Item, bound: Sequence[Binding], rules: Mapping[str, Rule], config: Config) -> PlannedItem:
    answers = [Answer(rules[one.rule_id], options_of(rules[one.rule_id], one.options, config)) for one in bound]
    return PlannedItem(item.id, item.kind, item.section, item.text, item.line, tuple(answers))


def options_of(rule: Rule, stated: Mapping[str, str], config: Config) -> Options | None:
    """Return a rule's settings: the document's words over the configuration over the defaults; None for these alone.

    Args:
        rule: The rule.
        stated: Named groups of the pattern that bound the item; a flag is on when its group matched.
        config: The configuration.

    Raises:
        ConfigError: A setting is unknown or of the wrong type.
    """
    if not stated and not config.rules.get(rule.id):
        return None  # nobody has said anything, so the rule need not be imported for it
    hints = get_type_hints(rule.options)
    words: dict[str, Any] = {k: True if hints.get(k) is bool else v for k, v in stated.items() if k in hints}
    given = {key.replace("-", "_"): value for key, value in config.rules.get(rule.id, {}).items()}
    try:
        return msgspec.convert({**given, **words}, rule.options, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(hints) or "none"
        raise ConfigError(f"[tool.dodcheck.rules.{rule.id}]: {error}", f"its settings: {known}") from error
