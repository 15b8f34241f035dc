"""What an audit comes to: items, rules and changes counted, and which rules a team would call noisy.

Every change of an audit was merged, so a failure is one that its team did not act upon: what Sadowski et al. (Lessons
from Building Static Analysis Tools at Google, CACM 61(4), 2018) call an effective false positive.  They ask that
no more than 10 % of what an analysis shows in code review be such; that is the threshold here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dodcheck import __version__
from dodcheck.audit.lines import Line, RuleLine
from dodcheck.audit.rows import NOTHING, Audited, ChangeRow, Example, ItemRow, RepositoryRow, RuleRow, Times, Told
from dodcheck.planning import ADVICE
from dodcheck.verdict import Status

NOISY = 10.0  # percent
_AT_LEAST = 3  # failures; one or two show nothing
_EXAMPLES = 5
_COLUMNS = (
    Status.FAIL,
    Status.ERROR,
    Status.NEEDS_REVIEW,
    Status.WAIVED,
    Status.PASS,
    Status.NOT_RUN,
    Status.NOT_APPLICABLE,
)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The page of results.

    Args:
        schema: Version of these keys.
        version: dodcheck's version.
        outcomes: Changes by the worst of their items.
        threshold: Percent of the changes that a rule concerns; it is noisy when it fails more.
        seconds: How long a change took.
        repositories: Where the changes are from.
        rules: What fails most first.
        items: What the definition states, in its order.
        changes: Newest first within each repository.
    """

    schema: int = 1
    version: str = __version__
    outcomes: dict[str, int]
    threshold: float
    seconds: Times
    repositories: tuple[RepositoryRow, ...]
    rules: tuple[RuleRow, ...]
    items: tuple[ItemRow, ...]
    changes: tuple[ChangeRow, ...]

    @property
    def noisy(self) -> tuple[RuleRow, ...]:
        """Rules that fail more of the changes that they concern than the threshold allows."""
        return tuple(one for one in self.rules if one.noisy)

    @property
    def columns(self) -> tuple[str, ...]:
        """The statuses that any item or rule came to, worst first."""
        seen = {status for row in self.items for status in row.counts}
        seen |= {status for row in self.rules for status in row.counts}
        return tuple(one.value for one in _COLUMNS if one in seen)

    @property
    def labels(self) -> Mapping[str, str]:
        """Each repository's last words, as many as tell them apart; none is needed where there is one."""
        parts = {one.name: one.name.rstrip("/").split("/") for one in self.repositories}
        for words in range(1, max(map(len, parts.values()), default=1) + 1):
            short = {name: "/".join(those[-words:]) for name, those in parts.items()}
            if len(set(short.values())) == len(short):
                break
        return short if len(short) > 1 else dict.fromkeys(short, "")

    @property
    def slowest(self) -> tuple[RuleRow, ...]:
        """Rules by the time that they took together."""
        return tuple(sorted(self.rules, key=lambda one: -one.seconds.total))

    @classmethod
    def of(cls, audited: Sequence[Audited], threshold: float) -> "Summary":
        """Return what the changes come to together.

        Args:
            audited: Repositories with their changes.
            threshold: See `NOISY`.
        """
        changes = tuple(_change(one.name, line) for one in audited for line in one.lines)
        judged = [(one.name, line) for one in audited for line in one.lines if line.error is None]
        return cls(
            outcomes=_counted(row.outcome for row in changes),
            threshold=threshold,
            seconds=Times.of(line.seconds for _, line in judged),
            repositories=tuple(map(_repository, audited)),
            rules=_rules(judged, threshold),
            items=_items(line for _, line in judged),
            changes=changes,
        )


def to_json(summary: Summary) -> str:
    """Render the JSON: sorted keys, two spaces, one trailing newline."""
    return msgspec.json.format(msgspec.json.encode(summary, order="sorted"), indent=2).decode() + "\n"


def headline(summary: Summary) -> str:
    """Return the one line that says what it comes to."""
    number = len(summary.changes)
    if not number:
        return "No change was replayed"
    failing = summary.outcomes.get(Status.FAIL, 0)
    return f"{failing} of {number} change{'s' * (number != 1)} would have failed"


def _counted(statuses: Iterable[Status]) -> dict[str, int]:
    counts = Counter(statuses)
    return {one.value: counts[one] for one in Status if counts[one]}


def _repository(one: Audited) -> RepositoryRow:
    counts = _counted(line.outcome for line in one.lines)
    return RepositoryRow(one.name, one.branch, one.definition, counts, one.remarks, one.problem)


def _change(repository: str, line: Line) -> ChangeRow:
    open_ = {Status.FAIL, Status.ERROR, Status.NEEDS_REVIEW}
    told = [Told(one.id, one.status, one.findings, one.first) for one in line.rules if one.status in open_]
    stated = {one.id for one in line.rules if not one.advice}
    return ChangeRow(
        repository=repository,
        commit=line.change.commit,
        date=line.change.date,
        subject=line.change.subject,
        outcome=line.outcome,
        files=line.files,
        seconds=line.seconds,
        told=tuple(sorted((t for t in told if t.rule in stated), key=lambda one: list(Status).index(one.status))),
        error=line.error,
    )


def _items(lines: Iterable[Line]) -> tuple[ItemRow, ...]:
    rows: dict[str, ItemRow] = {}
    counts: dict[str, Counter[Status]] = {}
    for one in (item for line in lines for item in line.items if item.section != ADVICE):
        rows.setdefault(one.id, ItemRow(one.id, one.kind, one.section, one.text, {}))
        counts.setdefault(one.id, Counter())[one.status] += 1
    return tuple(msgspec.structs.replace(row, counts=_counted(counts[name].elements())) for name, row in rows.items())


def _rules(judged: Sequence[tuple[str, Line]], threshold: float) -> tuple[RuleRow, ...]:
    said: dict[str, list[tuple[str, Line, RuleLine]]] = {}
    for name, line in judged:
        for one in line.rules:
            said.setdefault(one.id, []).append((name, line, one))
    rows = (_rule(name, lines, threshold) for name, lines in said.items())
    return tuple(sorted(rows, key=lambda row: (-row.share, -row.applied, row.id)))


def _rule(name: str, said: Sequence[tuple[str, Line, RuleLine]], threshold: float) -> RuleRow:
    counts = _counted(one.status for _, _, one in said)
    failing = [(where, line, one) for where, line, one in said if one.status is Status.FAIL]
    advice = all(one.advice for _, _, one in said)
    applied = len(said) - sum(counts.get(one, 0) for one in NOTHING)
    share = round(100 * len(failing) / applied, 1) if applied else 0.0
    examples = (
        Example(where, line.change.commit, line.change.subject, one.first) for where, line, one in failing[:_EXAMPLES]
    )
    return RuleRow(
        id=name,
        advice=advice,
        counts=counts,
        applied=applied,
        share=share,
        noisy=not advice and len(failing) >= _AT_LEAST and share > threshold,
        seconds=Times.of(one.seconds for _, _, one in said if one.status is not Status.NOT_RUN),
        examples=tuple(examples),
    )
