"""Which rules answer which items: by the document's marker, the configuration, or the wording."""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from dodcheck.definition import Binding, Bindings, How, Item
from dodcheck.errors import ConfigError, DefinitionError
from dodcheck.rule import Rule
from dodcheck.wording import normalised

_NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


def bind(
    items: Sequence[Item],
    rules: Mapping[str, Rule],
    configured: Mapping[str, Sequence[str]] = _NOTHING,
    path: str = "definition",
) -> Bindings:
    """Return the rules that answer each item, by item id; none for an item that no rule answers.

    A marker in the document decides alone, else the configuration does, else the wording.

    Args:
        items: The definition's items.
        rules: Every rule by id.
        configured: An item's id or text to rule ids; an empty list binds to none.
        path: The definition's file, for messages.

    Raises:
        DefinitionError: A marker names a rule that does not exist.
        ConfigError: The configuration does.
    """
    for key, ids in configured.items():
        for one in ids:
            if one not in rules:
                raise ConfigError(f"[tool.dodcheck.bind] {key!r}: no rule {one!r}", _nearest(one, rules))
    by_words = {form: ids for key, ids in configured.items() for form in (key, normalised(key))}
    return {item.id: _bind(item, rules, by_words, path) for item in items}


def _bind(
    item: Item, rules: Mapping[str, Rule], configured: Mapping[str, Sequence[str]], path: str
) -> tuple[Binding, ...]:
    words = normalised(item.text)
    for one in item.marker:
        if one not in rules:
            raise DefinitionError(f"{path}:{item.line}: no rule {one!r}", _nearest(one, rules))
    forms = (item.id, item.text, words)
    named = next((configured[form] for form in forms if form in configured), None)
    if item.marker or named is not None:
        how: How = "marker" if item.marker else "configuration"
        ids = dict.fromkeys(item.marker or named or ())
        return tuple(Binding(one, _answer(rules[one], words) or {}, how) for one in ids)
    answers = ((rule.id, _answer(rule, words)) for rule in rules.values())
    return tuple(Binding(one, options, "wording") for one, options in answers if options is not None)


def _answer(rule: Rule, words: str) -> Mapping[str, str] | None:
    """Return what the words set for a rule that they ask for; None when they do not."""
    matches = [match for pattern in rule.answers if (match := re.search(pattern, words))]
    if not matches or any(re.search(pattern, words) for pattern in rule.unless):
        return None
    groups = (group for match in reversed(matches) for group in match.groupdict().items())
    return {name: value for name, value in groups if value is not None}


def _nearest(name: str, rules: Collection[str]) -> str:
    near = get_close_matches(name, rules, 1)
    return f"did you mean {near[0]!r}?" if near else "see `dodcheck rules`"
