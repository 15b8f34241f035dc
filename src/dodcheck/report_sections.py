"""What the task report says besides the checklist: files, tests, documents, decisions, risks."""

import msgspec

from dodcheck.facts.runs.matrix_row import MatrixRow


class AddedTest(msgspec.Struct, frozen=True):
    """A test of the change, and what became of it at head.

    Args:
        id: Node id.
        outcome: Its outcome at head.
        fails_without_change: Whether it fails on base's source; null when that was not run.
    """

    id: str
    outcome: str
    fails_without_change: bool | None = None


class Section(msgspec.Struct, frozen=True):
    """One heading of the task report.

    Args:
        title: The document's own words.
        lines: What stands under it, in Markdown with code spans alone.
    """

    title: str
    lines: tuple[str, ...]


class TaskReport(msgspec.Struct, frozen=True):
    """What the task report says besides the checklist.

    Args:
        files_created: Paths that only head has.
        files_modified: Paths of which the content or the place differs.
        files_deleted: Paths that only base has.
        tests_added: Tests that the change adds or alters.
        tests: How many tests of the whole suite had which outcome at head.
        matrix: Tests that the change touches or that something became of, on both sides.
        documentation: Documents that changed, with their sections.
        e2e_scenarios: End-to-end scenarios, as computed and as the notes state them.
        decisions: From the notes and the commits.
        risks: From the notes, and what was found open.
        sections: The same under the headings that the definition asks for.
    """

    files_created: tuple[str, ...] = ()
    files_modified: tuple[str, ...] = ()
    files_deleted: tuple[str, ...] = ()
    tests_added: tuple[AddedTest, ...] = ()
    tests: dict[str, int] = {}
    matrix: tuple[MatrixRow, ...] = ()
    documentation: tuple[str, ...] = ()
    e2e_scenarios: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
