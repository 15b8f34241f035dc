"""Every form of a list item is read, and no text is a crash."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dodcheck.definition import Definition
from dodcheck.errors import DefinitionError
from dodcheck.reading import read

FIXTURES = Path(__file__).parent / "definitions"


def _texts(definition: Definition, kind: str = "checkbox") -> list[str]:
    return [item.text for item in definition.items if item.kind == kind]


def _read(text: str, path: str = "docs/team.md") -> list[str]:
    return _texts(read(text, path))


def test_forms_of_a_checkbox() -> None:
    assert [
        (i.line, i.depth, i.ticked, i.text)
        for i in read((FIXTURES / "forms.md").read_text(encoding="utf-8"), "docs/forms.md").items
    ] == [
        (3, 0, False, "dash"),
        (4, 0, True, "star"),
        (5, 0, True, "plus"),
        (6, 0, False, "number"),
        (7, 0, False, "parenthesis"),
        (9, 0, False, "loose second paragraph"),
        (13, 0, False, "with a fence and words after it"),
        (21, 0, False, "parent"),
        (22, 1, True, "child"),
        (23, 2, False, "grandchild"),
        (26, 1, False, "an item in it"),
        (27, 0, False, "tab"),
        (28, 0, False, "lazy continuation"),
        (33, 0, False, "code `<!-- dodcheck: lint -->` stays here"),
        (37, 0, False, "quoted"),
        (50, 0, False, "after a blank line in HTML"),
    ]


def test_markers_of_one_item_add_up() -> None:
    marked = [
        item.marker
        for item in read((FIXTURES / "forms.md").read_text(encoding="utf-8"), "docs/forms.md").items
        if item.marker
    ]
    assert marked == [("types", "lint")]


@pytest.mark.parametrize("name", ["agent", "levels", "forms"])
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_byte_order_mark_change_nothing(name: str, end: str) -> None:
    text = (FIXTURES / f"{name}.md").read_text(encoding="utf-8")
    assert read("\ufeff" + text.replace("\n", end), "x.md") == read(text, "x.md")


def test_bold_line_before_a_list_names_its_section() -> None:
    (item,) = read("## DoD\n\n**Code:**\n\n- [ ] a\n", "x.md").items
    assert item.section == "Code"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\t", " \u200b"])
def test_odd_spaces(space: str) -> None:
    assert _read(f"##{space}DoD\n-{space}[{space}]{space}a{space}b\n") == ["a b"]


@pytest.mark.parametrize(
    ("front", "name"),
    [
        ("name: dev", "dev"),
        ('name: "dev: one"', "dev: one"),
        ("name: 'dev'  # comment", "dev"),
        ("# comment\n\nother: 1\nname:   dev x  ", "dev x"),
        ("other: [\n  name: nested", None),
        ("name:\nother: 1", None),
    ],
)
def test_front_matter(front: str, name: str | None) -> None:
    definition = read(f"---\n{front}\n---\n- [ ] a\n", "x.md")
    assert (definition.name, definition.title) == (name, name or "x")
    assert [item.line for item in definition.items] == [front.count("\n") + 4]


def test_rule_at_the_top_is_no_front_matter() -> None:
    assert _read("---\n# DoD\n\n- [ ] a\n\n---\n\n- [ ] b\n") == ["a", "b"]


_LINES = st.sampled_from(
    [
        "## Definition of Done",
        "# Code standards",
        "Output Report",
        "---",
        "===",
        "```",
        "~~~",
        "<!--",
        "-->",
        "<details>",
        "| a | b |",
        "| - | - |",
        "> ",
        "- [ ] item",
        "  - [x] item",
        "      1. [ ] item",
        "1) [ ] `item",
        "- bullet",
        "**bold**",
        "lead:",
        "name: x",
        "<!-- dodcheck: lint -->",
        "\t",
        "",
    ]
)


@settings(deadline=None)  # a busy machine is no bug
@given(st.one_of(st.text(), st.lists(st.one_of(_LINES, st.text(max_size=5))).map("\n".join)), st.text(max_size=9))
def test_any_text_is_read_or_refused(text: str, path: str) -> None:
    try:
        definition = read(text, path)
    except DefinitionError:
        return
    lines = re.split(r"\r\n|\r|\n", text)
    ids = [item.id for item in definition.items]
    assert definition.items
    assert len(set(ids)) == len(ids)
    for item in definition.items:
        assert 1 <= item.line <= len(lines)
        assert item.text == " ".join(item.text.split()) != ""


def test_deep_nesting_is_no_crash() -> None:
    depth = 400
    text = "".join("  " * n + "- [ ] a\n" for n in range(depth)) + ">" * depth + " - [ ] b\n"
    assert _read(text)[0] == "a"
