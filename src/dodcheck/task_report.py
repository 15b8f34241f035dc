"""The task report: the document's own sections, filled from facts and from the notes."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from dodcheck.change import Change, ChangedFile
from dodcheck.changed_lines import changed_lines
from dodcheck.definition import Definition
from dodcheck.engine import Facts
from dodcheck.errors import DodcheckError
from dodcheck.facts.documents.changed_sections import ChangedSections, DocumentChange
from dodcheck.facts.runs.matrix_row import MatrixRow
from dodcheck.history import History
from dodcheck.notes import Notes, plain
from dodcheck.report import ItemResult
from dodcheck.report_sections import AddedTest, Section, TaskReport
from dodcheck.risks import risks

_DEFAULT_SECTIONS = (
    "Files created/modified",
    "Tests added and their results",
    "Documentation updated",
    "E2E scenarios affected",
    "Decisions made and why",
    "Any remaining concerns or risks",
)
_MANY = 40  # lines of one section before the rest is counted


def task_report(
    definition: Definition, items: Sequence[ItemResult], facts: Facts, ran: Collection[str], *, line_by_line: bool
) -> TaskReport:
    """Fill the report.

    Args:
        definition: Whose sections to fill.
        items: What was decided.
        facts: Where the files, the notes and the tests' outcomes are.
        ran: Ids of the rules that ran; what none of them looked at is not computed for the report alone.
        line_by_line: Also tell the lines that the change adds or alters.
    """
    change, notes = facts.get(Change), facts.get(Notes)
    tested = not {"no-regressions", "tests-added"}.isdisjoint(ran)
    tests, totals, matrix = _tests(facts) if tested else ((), {}, ())
    filled = TaskReport(
        files_created=tuple(f.path for f in change.files if f.status == "added"),
        files_modified=tuple(f.path for f in change.files if f.status not in {"added", "deleted"}),
        files_deleted=tuple(f.path for f in change.files if f.status == "deleted"),
        tests_added=tests,
        tests=totals,
        matrix=matrix,
        changed_lines=changed_lines(facts, tested=tested) if line_by_line else (),
        documentation=tuple(map(_document_line, facts.get(ChangedSections).documents)),
        e2e_scenarios=_scenarios(facts, notes, computed="e2e-scenarios" in ran),
        decisions=(*notes.section("decision"), *_decided(facts)),
        risks=(*notes.section("risk", "concern"), *risks(items, facts, tested=tested)),
    )
    titles = definition.report_sections or _DEFAULT_SECTIONS
    sections = tuple(Section(title, _lines(title, filled, change, notes, ran=tested)) for title in titles)
    return TaskReport(**{name: getattr(filled, name) for name in filled.__struct_fields__} | {"sections": sections})


def _tests(facts: Facts) -> tuple[tuple[AddedTest, ...], dict[str, int], tuple[MatrixRow, ...]]:
    from dodcheck.facts.runs.changed_tests import ChangedTests  # noqa: PLC0415 - a hook runs no tests
    from dodcheck.facts.runs.matrix_rows import MatrixRows  # noqa: PLC0415 - likewise
    from dodcheck.facts.runs.seen import Seen  # noqa: PLC0415 - likewise

    try:
        tests, seen, matrix = facts.get(ChangedTests), facts.get(Seen), facts.get(MatrixRows).rows
    except DodcheckError:  # told by the rules that needed it
        return (), {}, ()
    ran = seen.at_base.suite is not None
    changed = [*tests.added, *tests.altered]
    known = {one.id for one in changed}
    changed += [one for one in seen.head.suite.outcomes if one.id in seen.fail_to_pass and one.id not in known]
    added = tuple(AddedTest(one.id, one.outcome, one.id in seen.fail_to_pass if ran else None) for one in changed)
    return added, dict(sorted(Counter(one.outcome for one in seen.head.suite.outcomes).items())), matrix


def _scenarios(facts: Facts, notes: Notes, *, computed: bool) -> tuple[str, ...]:
    """What the change does to scenarios and what the author says of it, side by side."""
    if computed:
        from dodcheck.facts.scenarios.handoff import ScenarioHandoff  # noqa: PLC0415 - its rule has imported it

        with suppress(DodcheckError):  # told by the rule that needed it
            return facts.get(ScenarioHandoff).lines
    return notes.section("e2e", "scenario")


def _decided(facts: Facts) -> list[str]:
    """Decisions that commits state in a trailer, each with its commit."""
    return [
        f"{said} (commit {message.commit[:10]})"
        for message in facts.get(History).messages
        for said in message.trailers.get("decision", ())
    ]


def _document_line(document: DocumentChange) -> str:
    sections = f": {', '.join(document.sections)}" if document.sections else ""
    return _file_line(document.file) + sections


def _lines(title: str, filled: TaskReport, change: Change, notes: Notes, *, ran: bool) -> tuple[str, ...]:
    words = plain(title)
    by_word: Sequence[tuple[tuple[str, ...], Callable[[], Sequence[str]]]] = [
        (("e2e", "scenario"), lambda: filled.e2e_scenarios),
        (("file",), lambda: [_file_line(file) for file in change.files]),
        (("test",), lambda: _test_lines(filled, ran=ran)),
        (("documentation", "docs"), lambda: filled.documentation),
        (("decision",), lambda: filled.decisions),
        (("risk", "concern"), lambda: filled.risks),
    ]
    for keys, lines in by_word:
        if any(key in words for key in keys):
            return _shortened(lines())
    return _shortened(notes.section(words))


def _shortened(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _MANY
    return (*lines[:_MANY], f"… and {more} more") if more > 0 else tuple(lines)


def _file_line(file: ChangedFile) -> str:
    size = "binary" if file.added is None else f"+{file.added} −{file.deleted}"
    moved = f" from `{file.old_path}`" if file.old_path else ""
    return f"`{file.path}` {file.status}{moved} ({file.role}, {size})"


def _test_lines(filled: TaskReport, *, ran: bool) -> list[str]:
    if not ran:
        return ["the tests did not run"]
    proof = {True: ", fails without the change", False: ", passes without the change too", None: ""}
    lines = [f"`{test.id}` {test.outcome}{proof[test.fails_without_change]}" for test in filled.tests_added]
    total = ", ".join(f"{count} {kind}" for kind, count in filled.tests.items())
    return [*lines, f"whole suite: {total}" if total else "whole suite: no outcome"]
