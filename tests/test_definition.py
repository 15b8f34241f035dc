"""Documents as teams write them become items, or an error that says what is missing."""

import re
from pathlib import Path

import pytest

from dodcheck.definition import Definition, Item
from dodcheck.errors import DefinitionError
from dodcheck.reading import read

HERE = Path(__file__).parent
SEED = HERE.parent / ".claude" / "agents" / "dev-ml.md"


def _fixture(name: str) -> Definition:
    return read((HERE / "definitions" / f"{name}.md").read_text(encoding="utf-8"), f"docs/{name}.md")


def _texts(definition: Definition, kind: str = "checkbox") -> list[str]:
    return [item.text for item in definition.items if item.kind == kind]


def _read(text: str, path: str = "docs/team.md") -> list[str]:
    return _texts(read(text, path))


def test_seed_is_read_fully() -> None:
    definition = read(SEED.read_text(encoding="utf-8"), ".claude/agents/dev-ml.md")
    sections = [item.section for item in definition.items]
    assert (definition.title, definition.name) == ("ML Engineer", "dev-ml")
    assert [len(_texts(definition, kind)) for kind in ("checkbox", "convention")] == [12, 18]
    assert (sections.count("ML Conventions"), sections.count("Code Standards")) == (10, 8)
    assert [sections.count(one) for one in ("Code & Tests", "Documentation", "Handoff Notes")] == [5, 4, 3]
    assert definition.items[0] == Item(
        "implementation-complete-all-acceptance-criteria-addressed",
        "checkbox",
        "Code & Tests",
        "Implementation complete — all acceptance criteria addressed",
        64,
    )
    assert definition.report_sections == (
        "Files created/modified",
        "Tests added and their results",
        "Documentation updated",
        "E2E scenarios affected",
        "Decisions made and why",
        "Any remaining concerns or risks",
    )


def test_lines_of_the_seed_are_the_files() -> None:
    lines = SEED.read_text(encoding="utf-8").splitlines()
    for item in read("\n".join(lines), "x.md").items:
        assert lines[item.line - 1].removeprefix("- ").removeprefix("[ ] ") == item.text


def test_agent_definition() -> None:
    definition = _fixture("agent")
    assert (definition.title, definition.name) == ("API engineer", "dev-api")
    assert [(i.line, i.section, i.text, i.ticked, i.marker) for i in definition.items if i.kind == "checkbox"] == [
        (45, "Code", "Endpoint works", False, ()),
        (46, "Code", "Tests added, and they pass on every supported version", True, ()),
        (50, "Docs", "README mentions the endpoint", False, ("setup-docs",)),
    ]
    assert [(i.depth, i.text) for i in definition.items if i.kind == "convention"] == [
        (0, "Type hints everywhere"),
        (1, "never swallow an exception"),
        (1, "chain with `raise … from`"),
        (0, "Keep functions short"),
        (1, "under 40 lines"),
        (0, "`snake_case` for functions"),
    ]
    assert definition.report_sections == ("Files touched", "**Risks** that remain")


@pytest.mark.parametrize(
    ("name", "checkboxes", "conventions", "report"),
    [
        (
            "bullets",
            [
                "Tests exist for what is new",
                "linter is silent",
                "no debug output",
                "The documents that speak of the feature are current, which means:",
                "the handbook",
                "the API reference",
            ],
            ["Prefer small modules"],
            ("What changed", "What is left"),
        ),
        (
            "levels",
            [
                "Criteria of acceptance hold",
                "Unit tests are written",
                "Unit tests are written",
                "Changelog is complete",
            ],
            [],
            (),
        ),
        ("contributing", ["Linter and tests pass", "Nobody's work is broken"], [], ()),
        (
            "lead",
            ["Work happens on a branch of its own", "make lint", "make test", "Handbook is current"],
            [],
            (),
        ),
        ("bold", ["import of a thousand rows works", "errors name the row", "export works"], [], ()),
        ("french", ["La fonction est testée", "Toute la suite passe", "L\u2019interface est en français"], [], ()),
        (
            "emoji",
            [
                "✅ **Unit tests:** added for what is new",
                "**Suite:** all existing tests pass",
                "Handbook updated",
                "Changelog updated",
                "Diagram redrawn",
                "Roadmap updated",
            ],
            [],
            (),
        ),
    ],
)
def test_shapes_of_real_documents(
    name: str, checkboxes: list[str], conventions: list[str], report: tuple[str, ...]
) -> None:
    definition = _fixture(name)
    assert _texts(definition) == checkboxes
    assert _texts(definition, "convention") == conventions
    assert definition.report_sections == report


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "docs/team.md: no checklist in it; write"),
        ("# Team\n\n- a bullet\n", "docs/team.md: no checklist in it; write"),
        (
            "---\nname: x\n---\n\n## Definition of Done\n\nSee [the wiki](x).\n",
            "docs/team.md:5: nothing is listed under",
        ),
        ("## Other\n\n## DoD\n\n- [ ]\n", "docs/team.md:3: nothing is listed under 'DoD'"),
        ("# Definition of Ready\n\n```\n- [ ] a\n```\n", "docs/team.md: no checklist in it"),
    ],
)
def test_no_checklist_is_an_error_with_place_and_remedy(text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=f"^{re.escape(message)}") as caught:
        read(text, "docs/team.md")
    assert "\n" not in str(caught.value)
    assert "`- [ ] …`" in caught.value.remedy


@pytest.mark.parametrize("name", ["no_list", "elsewhere"])
def test_documents_that_list_nothing(name: str) -> None:
    with pytest.raises(DefinitionError):
        _fixture(name)


def test_without_the_heading_every_box_counts() -> None:
    assert _read("## One\n- [ ] a\n- b\n\n## Two\n- [x] c\n") == ["a", "c"]


@pytest.mark.parametrize("path", ["DOD.md", "docs/DEFINITION_OF_DONE.md", ".github/definition-of-done.md", "x\\DoD.md"])
def test_file_named_for_it_is_the_definition_as_a_whole(path: str) -> None:
    assert _read("# Quality\n\n## Code\n- clean\n\n## Output Report\n- files\n", path) == ["clean"]
    with pytest.raises(DefinitionError):
        read("# Quality\n\n## Code\n- clean\n", "quality.md")


def test_boxes_go_before_bullets_in_one_section() -> None:
    assert _read("## DoD\n- remark\n- [ ] item\n") == ["item"]


def test_ids_are_slugs_and_unique() -> None:
    text = (
        "- [ ] Tests **pass**!\n- [ ] tests pass\n- [ ] Tests pass 2\n- [ ] tests  pass\n- [ ] 🚀\n- [ ] "
        + "long " * 40
    )
    assert [item.id for item in read(text, "x.md").items] == [
        "tests-pass",
        "tests-pass-2",
        "tests-pass-2-2",
        "tests-pass-3",
        "item",
        "-".join(["long"] * 12),
    ]
