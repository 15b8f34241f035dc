"""What a heading says about the list under it."""

import pytest

from dodcheck.definition import Definition
from dodcheck.reading import read


def _texts(definition: Definition, kind: str = "checkbox") -> list[str]:
    return [item.text for item in definition.items if item.kind == kind]


def _read(text: str, path: str = "docs/team.md") -> list[str]:
    return _texts(read(text, path))


@pytest.mark.parametrize(
    "heading",
    [
        "## Definition of Done",
        "# DoD",
        '###### definition of "done":',
        "## 3. Definition of **Done** (DoD)",
        "## ✅ The Definition Of Done ##",
        "## Definiton of done",
        "## Team Definition of Done — v2",
        "## Done when",
        "### Done criteria",
        "## A story is done when",
        "## Completion criteria",
        "## [Definition of Done](dod.md)",
        "## Story-level Definition of Done",
        "Definition of Done\n------------------",
        "**Definition of Done**",
        "__DoD:__",
        'A task is "done" when ALL of these hold:',
        "This is our Definition of Done:",
    ],
)
def test_headings_that_name_the_definition(heading: str) -> None:
    text = f"# Handbook\n\n## Before\n\n- [ ] no\n\n{heading}\n\n- [ ] yes\n\n# After\n\n- [ ] no\n"
    assert _read(text) == ["yes"]


@pytest.mark.parametrize(
    "heading", ["Definition of Ready", "Well done, team", "What can be done if it fails", "Reviewers", "About the DoD"]
)
def test_headings_that_do_not_name_it(heading: str) -> None:
    text = f"# Handbook\n\n## {heading}\n\n- no\n\n## Definition of Done\n\n- [ ] yes\n"
    assert _read(text) == ["yes"]


def test_section_ends_at_a_heading_of_its_level_and_not_below() -> None:
    text = "# A\n## DoD\n- [ ] a\n#### Deep\n- [ ] b\n### Less deep\n- [ ] c\n## B\n- [ ] d\n"
    assert [(item.text, item.section) for item in read(text, "x.md").items] == [
        ("a", "DoD"),
        ("b", "Deep"),
        ("c", "Less deep"),
    ]


@pytest.mark.parametrize(
    ("heading", "is_convention"),
    [
        ("ML Conventions", True),
        ("Code Standards", True),
        ("Coding conventions", True),
        ("Style guide", True),
        ("Python style", True),
        ("Conventions for code", True),
        ("5. Naming conventions", True),
        ("Code style & formatting", True),
        ("Guidelines", True),
        ("**Code standards**", True),
        ("Your Stack", False),
        ("Process", False),
        ("Tools", False),
        ("Commands", False),
        ("Commit conventions", False),
        ("Pull request guidelines", False),
        ("Contribution guidelines", False),
        ("Standards compliance", False),
        ("Communication style", False),
        ("Project structure", False),
    ],
)
def test_headings_that_name_conventions(heading: str, *, is_convention: bool) -> None:
    title = heading if heading.startswith("**") else f"## {heading}"
    definition = read(f"# Agent\n\n{title}\n\n- Be kind\n\n## DoD\n\n- [ ] a\n", "x.md")
    assert _texts(definition, "convention") == ["Be kind"] * is_convention


def test_conventions_end_at_a_subsection_on_another_topic() -> None:
    text = "## Code standards\n### Python\n- typed\n### Tools\n- ruff\n## DoD\n- [ ] a\n"
    assert _texts(read(text, "x.md"), "convention") == ["typed"]


def test_title_speaks_only_for_what_stands_under_it() -> None:
    text = "# Coding guidelines\n- typed\n## Getting started\n- install\n## DoD\n- [ ] a\n"
    assert _texts(read(text, "x.md"), "convention") == ["typed"]


@pytest.mark.parametrize("heading", ["Output Report", "Task report", "Report", "Final report", "📤 Report format"])
def test_headings_that_list_the_report(heading: str) -> None:
    text = f"## DoD\n- [ ] a\n### {heading}\nAfter the task, report:\n1. one\n   - detail\n2. `two`\n2. one\n"
    assert read(text, "x.md").report_sections == ("one", "`two`")


def test_plain_report_heading_before_the_definition_is_something_else() -> None:
    assert read("## Report\n- bug\n## DoD\n- [ ] a\n", "x.md").report_sections == ()
