"""The report: everything that a run found, ready to render, and the keys of the JSON."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from dodcheck.change import ChangedFile
from dodcheck.report_sections import TaskReport
from dodcheck.secret_shapes import hiding
from dodcheck.verdict import Evidence, Finding, Status

VerdictWord = Literal["done", "not-done", "undecided", "partial"]
Kind = Literal["checkbox", "convention", "integrity"]
UNBOUND = "no rule yet: a person must settle it"
EXIT: dict[VerdictWord, int] = {"done": 0, "partial": 0, "not-done": 1, "undecided": 2}


class RuleResult(msgspec.Struct, frozen=True):
    """What one rule said of one item.

    Args:
        id: The rule.
        status: Its status.
        summary: Its reason, in one line.
        seconds: How long it took.
        evidence: What it saw.
        findings: What it found.
    """

    id: str
    status: Status
    summary: str
    seconds: float
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]


class ItemResult(msgspec.Struct, frozen=True):
    """One item of the definition with the worst of its rules.

    Args:
        id: Slug of the text.
        kind: Checkbox, convention bullet, or a rule that always applies.
        section: The heading that it stands under.
        text: The document's own words.
        line: 1-based line in the definition; None for integrity rules.
        status: The worst status of its rules.
        summary: The reason, in one line.
        explanation: What the author says of it in the notes.
        rules: What each of its rules said.
        blocks: It keeps the change from being done.
    """

    id: str
    kind: Kind
    section: str
    text: str
    line: int | None
    status: Status
    summary: str
    explanation: str | None
    rules: tuple[RuleResult, ...]
    blocks: bool = False


class Ref(msgspec.Struct, frozen=True):
    """One end of the change.

    Args:
        ref: What it is called.
        commit: Its commit; null where nothing is committed.
        tree: The git tree of its files.
    """

    ref: str
    commit: str | None
    tree: str | None = None


class ChangeInfo(msgspec.Struct, frozen=True):
    """The change that was checked.

    Args:
        base: Where it starts.
        head: Where it ends.
        kind: What it alters: behavioural, tests-only, docs-only and the like.
        files: The files between the two.
    """

    base: Ref
    head: Ref
    kind: str
    files: tuple[ChangedFile, ...]


class DefinitionInfo(msgspec.Struct, frozen=True):
    """The Definition of Done.

    Args:
        path: Its file.
        revision: The side or place that it was read from.
        title: Its title.
    """

    path: str
    revision: str
    title: str


class TaskInfo(msgspec.Struct, frozen=True):
    """The task that the change is for.

    Args:
        id: Its id in the task file.
        title: Its title.
        status: Its status at head.
    """

    id: str
    title: str
    status: str


class RunInfo(msgspec.Struct, frozen=True):
    """One run of a tool.

    Args:
        name: The tool.
        command: As a person would type it.
        cwd: "base" or "head": the scratch tree that it ran in.
        exit: Exit status.
        seconds: Wall-clock time.
        timed_out: The time limit ended it.
        version: The tool's version.
        note: Whose tool and settings it was.
    """

    name: str
    command: tuple[str, ...]
    cwd: str
    exit: int
    seconds: float
    timed_out: bool
    version: str | None
    note: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one run.

    Args:
        schema: Version of these keys.
        version: dodcheck's version.
        verdict: done, not-done or undecided; partial when something was left out on purpose.
        change: What was checked.
        definition: Against what.
        task: For which task, if any.
        items: Each item with its evidence, in the document's order.
        report: What the task report says besides.
        runs: The tools that ran.
        notes: What a reader must know of how the run was made.
        started: When it began (UTC, ISO 8601).
        seconds: How long it took.
    """

    schema: int = 1
    version: str
    verdict: VerdictWord
    change: ChangeInfo
    definition: DefinitionInfo
    task: TaskInfo | None = None
    items: tuple[ItemResult, ...]
    report: TaskReport
    runs: tuple[RunInfo, ...]
    notes: tuple[str, ...] = ()
    started: str
    seconds: float


def blocks(item: ItemResult, *, strict: bool, needs_review: str) -> bool:
    """Tell whether an item keeps the change from being done."""
    if item.status is Status.NEEDS_REVIEW:
        unexplained = item.explanation is None
        return strict or (unexplained and needs_review == "block")
    return item.status is Status.FAIL


def overall(items: Iterable[ItemResult]) -> VerdictWord:
    """Return the verdict over all items, each of which knows whether it blocks."""
    known = list(items)
    if any(item.blocks for item in known):
        return "not-done"
    if any(item.status is Status.ERROR for item in known):
        return "undecided"
    return "partial" if any(item.status is Status.NOT_RUN for item in known) else "done"


def presentable(report: Report) -> Report:
    """Return a report that every format can write, and that shows no secret.

    Bytes of names that are no UTF-8 are shown as `\\xe9`, what looks like a secret as `***`.
    """
    try:
        whole = msgspec.json.encode(report).decode()
    except UnicodeEncodeError:
        report = msgspec.convert(_mapped(msgspec.to_builtins(report), _spelled), Report)
        whole = msgspec.json.encode(report).decode()
    hide = hiding(whole)
    return msgspec.convert(_mapped(msgspec.to_builtins(report), hide), Report) if hide else report


def _mapped(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {change(key): _mapped(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def _spelled(text: str) -> str:
    escaped = "".join(f"\\x{ord(one) - 0xDC00:02x}" if "\udc80" <= one <= "\udcff" else one for one in text)
    return escaped.encode("utf-8", "backslashreplace").decode()


def to_json(report: Report) -> str:
    """Render the JSON: sorted keys, two spaces, one trailing newline."""
    return msgspec.json.format(msgspec.json.encode(report, order="sorted"), indent=2).decode() + "\n"


def from_json(text: str | bytes) -> Report:
    """Read a report back.

    Raises:
        msgspec.DecodeError: It is no JSON.
        msgspec.ValidationError: It is no report.
    """
    return msgspec.json.decode(text, type=Report)


def json_schema() -> str:
    """Return the JSON schema of the report (draft 2020-12)."""
    schema = msgspec.json.schema(Report)
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2).decode() + "\n"
