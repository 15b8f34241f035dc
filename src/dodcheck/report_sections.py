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


class ChangedLine(msgspec.Struct, frozen=True):
    """A line that the change adds or alters.

    Args:
        number: 1-based line at head.
        text: The line, cut where it is very long.
        ran: Whether a test ran it at head; null for what no test can run, and where that was not measured.
    """

    number: int
    text: str
    ran: bool | None = None


class ChangedLines(msgspec.Struct, frozen=True):
    """The lines of one file that the change adds or alters.

    Args:
        path: The file.
        lines: The lines, in order.
        more: How many further ones are left out.
    """

    path: str
    lines: tuple[ChangedLine, ...]
    more: int = 0


class TaskReport(msgspec.Struct, frozen=True):
    """What the task report says besides the checklist.

    Args:
        files_created: Paths that only head has.
        files_modified: Paths of which the content or the place differs.
        files_deleted: Paths that only base has.
        tests_added: Tests that the change adds or alters.
        tests: How many tests of the whole suite had which outcome at head.
        matrix: Tests that the change touches or that something became of, on both sides.
        changed_lines: What the change adds or alters line by line, for formats that show it; empty for others.
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
    changed_lines: tuple[ChangedLines, ...] = ()
    documentation: tuple[str, ...] = ()
    e2e_scenarios: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
