"""The rows of an audit's page of results."""

from collections.abc import Iterable

import msgspec

from dodcheck.audit.lines import Line, Place
from dodcheck.verdict import Status

NOTHING = {Status.NOT_APPLICABLE, Status.NOT_RUN}


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """One repository of an audit.

    Args:
        name: As the caller wrote it, without a password.
        branch: The branch whose changes were replayed.
        definition: Title, path and revision of the definition; empty where each base's own holds.
        lines: Its changes, newest first.
        remarks: What a reader must know of how it was made.
        problem: Why it could not be read; None where it was.
    """

    name: str
    branch: str = ""
    definition: str = ""
    lines: tuple[Line, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: str | None = None


class Times(msgspec.Struct, frozen=True):
    """Seconds: the middle one, the one that 95 % stay under, and all together."""

    median: float
    p95: float
    total: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Times":
        """Sum up; all is 0 where nothing was measured."""
        from statistics import median  # noqa: PLC0415 - with fractions and decimals; every report imports this module

        inorder = sorted(seconds) or [0.0]
        rank = max(0, -(-len(inorder) * 95 // 100) - 1)  # nearest rank
        return cls(round(median(inorder), 3), round(inorder[rank], 3), round(sum(inorder), 3))


class Example(msgspec.Struct, frozen=True):
    """One change that a rule fails, and the first place."""

    repository: str
    commit: str
    subject: str
    place: Place | None


class RuleRow(msgspec.Struct, frozen=True):
    """One rule over all changes.

    Args:
        id: The rule.
        advice: The definition does not state it: it blocks nothing.
        counts: Changes by status.
        applied: Changes of which it had something to say.
        share: Percent of these that it fails; changes that it does not concern thin no noise.
        noisy: The share is above the threshold, and no fewer than three changes fail.
        seconds: How long it took.
        examples: The newest changes that it fails.
    """

    id: str
    advice: bool
    counts: dict[str, int]
    applied: int
    share: float
    noisy: bool
    seconds: Times
    examples: tuple[Example, ...]


class ItemRow(msgspec.Struct, frozen=True):
    """One item of the definition over all changes, with changes by status."""

    id: str
    kind: str
    section: str
    text: str
    counts: dict[str, int]

    @property
    def applied(self) -> bool:
        """Some change had something that it speaks of."""
        return not self.counts.keys() <= NOTHING


class Told(msgspec.Struct, frozen=True):
    """What a rule said of one change."""

    rule: str
    status: Status
    findings: int
    place: Place | None


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One change.

    Args:
        repository: Where.
        commit: Its commit.
        date: When it was committed.
        subject: The first line of its message.
        outcome: The worst of its items.
        files: How many files it changes.
        seconds: How long it took.
        told: The rules that fail, could not run or want a person, in that order.
        error: Why it could not be replayed.
    """

    repository: str
    commit: str
    date: str
    subject: str
    outcome: Status
    files: int
    seconds: float
    told: tuple[Told, ...]
    error: str | None


class RepositoryRow(msgspec.Struct, frozen=True):
    """One repository, with changes by outcome; see `Audited`."""

    name: str
    branch: str
    definition: str
    counts: dict[str, int]
    remarks: tuple[str, ...]
    problem: str | None
