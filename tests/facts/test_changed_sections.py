"""Sections of documents that a change writes in."""

from dodcheck.change import Change
from dodcheck.facts.documents.changed_sections import ChangedSections

MARKDOWN = (
    "intro\n\n# Install\n\npip\n\n```sh\n# no heading\nrun\n```\n\n## From source\n\nmake\n\nUsage\n-----\n\ncall\n"
)
RST = "Guide\n=====\n\nwords\n\nOptions\n-------\n\n--fast\n"


def sections(before: str, after: str, name: str = "README.md") -> list[tuple[str, ...]]:
    change = Change.of_trees({name: before}, {name: after})
    return [one.sections for one in ChangedSections.of(change).documents]


def test_the_heading_above_each_changed_line() -> None:
    assert sections(MARKDOWN, MARKDOWN.replace("run", "run it").replace("make", "make all")) == [
        ("Install", "From source")
    ]
    assert sections(MARKDOWN, MARKDOWN.replace("call", "call it")) == [("Usage",)]
    assert sections(RST, RST.replace("--fast", "--slow"), "docs/guide.rst") == [("Options",)]


def test_what_stands_above_the_first_heading_has_none() -> None:
    assert sections(MARKDOWN, MARKDOWN.replace("intro", "Intro.")) == [()]


def test_a_deleted_document_has_no_sections() -> None:
    found = ChangedSections.of(Change.of_trees({"README.md": MARKDOWN}, {})).documents
    assert [(one.file.status, one.sections) for one in found] == [("deleted", ())]
