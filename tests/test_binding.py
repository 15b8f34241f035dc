"""Items are bound by marker, configuration or wording; a wrong rule is worse than none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dodcheck.binding import bind
from dodcheck.definition import Item
from dodcheck.errors import ConfigError, DefinitionError
from dodcheck.reading import read
from dodcheck.registry import load
from dodcheck.rule import Body, Options, Rule, Verdict

RULES = load()
HERE = Path(__file__).parent
SEED = HERE.parent / ".claude" / "agents" / "dev-ml.md"


SEED_BINDINGS = """
acceptance-criteria tests-added no-regressions lint,types,suppressions type-hints api-docs schema-migrations comments
setup-docs e2e-scenarios breaking-changes task-dependencies pinned-environment stage-separation hyperparameters
experiment-tracking data-versioning tensor-shapes reproducibility artifact-metadata lazy-loading split-rigor
lint,types pathlib config-objects function-length logging docstrings context-managers no-auto-mocks
"""


def _table() -> Iterator[tuple[str, str]]:
    """Yield each wording with the ids that it stands under."""
    ids = ""
    for line in (HERE / "wordings.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            ids = line.removeprefix("## ")
        elif line.startswith("- "):
            yield line.removeprefix("- "), ids


TABLE = [(wording, frozenset(ids.split()) - {"-"}) for wording, ids in _table()]
FORMS = ["**{}**", "*{}*.", "{}!", "🚀 {}", "{} <!-- the team, 2024 -->", "  {}", "[{}](https://example.org)"]


def _item(text: str, *marker: str) -> Item:
    return Item("one", "checkbox", "", text, 7, marker=marker)


def _ids(text: str) -> list[str]:
    return [one.rule_id for one in bind([_item(text)], RULES)["one"]]


@pytest.mark.parametrize(("wording", "expected"), TABLE, ids=[wording for wording, _ in TABLE])
def test_wording(wording: str, expected: frozenset[str]) -> None:
    assert set(_ids(wording)) == expected & RULES.keys()


def test_seed_is_bound_item_by_item() -> None:
    definition = read(SEED.read_text(encoding="utf-8"), SEED.name)
    bindings = bind(definition.items, RULES)
    expected = [set(ids.split(",")) & RULES.keys() for ids in SEED_BINDINGS.split()]
    assert [{one.rule_id for one in bindings[item.id]} for item in definition.items] == expected


@pytest.mark.parametrize("form", FORMS)
def test_markup_around_the_words_changes_nothing(form: str) -> None:
    words = [wording for wording, ids in TABLE if ids <= {"lint", "types"}]
    assert [_ids(form.format(one)) for one in words] == [_ids(one) for one in words]


LENGTHS = [
    ("Keep functions under 30 lines - extract helpers", {"limit": "30"}),
    ("Functions are shorter than 50 lines", {"limit": "50"}),
    ("Methods have fewer than 20 lines", {"limit": "20"}),
    ("Function length < 50 lines", {"limit": "50"}),
    ("Keep functions small (max 40 lines)", {"most": "40"}),
    ("Functions must be no longer than 25 lines", {"most": "25"}),
    ("No function longer than 50 lines", {"most": "50"}),
    ("Functions should not exceed 50 lines of code", {"most": "50"}),
    ("Maximum function length: 40 lines", {"most": "40"}),
    ("Max 40 lines per function", {"most": "40"}),
    ("Files max 400 lines, functions under 30 lines", {"limit": "30"}),
    ("Functions under 30 lines, files under 400 lines", {"limit": "30"}),
    ("Write small functions", {}),
]


@pytest.mark.parametrize(("wording", "options"), LENGTHS, ids=[wording for wording, _ in LENGTHS])
def test_length_of_functions_is_the_document_s_own(wording: str, options: dict[str, str]) -> None:
    (bound,) = bind([_item(wording)], RULES)["one"]
    assert (bound.rule_id, bound.options) == ("function-length", options)


def _rule(name: str, *answers: str) -> Rule:
    body = Body(Options, lambda: Verdict.not_applicable(""), (), "")
    return Rule(name, "own", name, "", answers, (), "commit", "own.py", None, lambda: body)


SIZE = _rule("size", r"\bsize\b(?P<unit> kb)?", r"\bunder (?P<limit>\d+)")
STYLE = _rule("style", r"\bstyle\b")
OWN = {"size": SIZE, "style": STYLE}


def _one(item: Item, **configured: list[str]) -> list[tuple[str, dict[str, str], str]]:
    return [(one.rule_id, dict(one.options), one.how) for one in bind([item], OWN, configured, "DOD.md")[item.id]]


def test_options_come_from_every_pattern_that_matched_without_absent_groups() -> None:
    assert _one(_item("Size under 10")) == [("size", {"limit": "10"}, "wording")]
    assert _one(_item("Size KB under 10")) == [("size", {"unit": " kb", "limit": "10"}, "wording")]


def test_several_rules_answer_one_item_in_the_order_of_the_registry() -> None:
    assert [one for one, *_ in _one(_item("Style and size"))] == ["size", "style"]


def test_marker_decides_alone_and_the_words_still_set_options() -> None:
    assert _one(_item("Style under 10", "size"), one=["style"]) == [("size", {"limit": "10"}, "marker")]


@pytest.mark.parametrize("key", ["one", "Code *looks* good.", "code looks good", "Code looks good!"])
def test_configuration_binds_by_id_text_or_words(key: str) -> None:
    assert _one(_item("Code *looks* good."), **{key: ["style", "size"]}) == [
        ("style", {}, "configuration"),
        ("size", {}, "configuration"),
    ]


def test_configuration_goes_before_the_wording_and_may_bind_to_none() -> None:
    assert _one(_item("Style"), one=["size"]) == [("size", {}, "configuration")]
    assert _one(_item("Style"), one=[]) == []


def test_configuration_for_other_items_changes_nothing() -> None:
    assert _one(_item("Style"), other=["size"]) == [("style", {}, "wording")]


def test_unknown_rule_in_a_marker_names_place_and_nearest() -> None:
    with pytest.raises(DefinitionError, match=r"^DOD\.md:7: no rule 'stile'; did you mean 'style'\?$"):
        _one(_item("Style", "stile"))


def test_unknown_rule_in_the_configuration_is_an_error_even_where_no_item_matches() -> None:
    with pytest.raises(ConfigError, match=r"'Nothing': no rule 'sise'; did you mean 'size'\?$"):
        _one(_item("Style"), Nothing=["sise"])
