"""Status, evidence, finding and verdict: what a rule may say.

A pass or a fail without evidence cannot be built: `passed` and `failed` take the
first piece as a required argument, and the constructor refuses the rest.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, Self

import msgspec

Level = Literal["error", "warning", "note"]
_STEERING = {"Cc", "Cs", "Zl", "Zp"}
_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Status(StrEnum):
    """Outcome of a rule or of an item, from bad to good (see `worst`)."""

    FAIL = "fail"
    ERROR = "error"
    NEEDS_REVIEW = "needs-review"
    NOT_RUN = "not-run"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - a status, no password
    NOT_APPLICABLE = "not-applicable"


def worst(statuses: Iterable[Status]) -> Status:
    """Return the most severe status; of nothing at all it is not-applicable."""
    order = list(Status)
    return min(statuses, key=order.index, default=Status.NOT_APPLICABLE)


def printable(text: str) -> str:
    """Return `text` with lone surrogates (undecodable file names) escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def visible(text: str) -> str:
    """Return `text` on one line: what steers a terminal or turns the direction of text is escaped, as in `\\x1b`."""
    if text.isprintable():
        return text
    from unicodedata import category  # noqa: PLC0415 - few texts hold such a character

    return "".join(_escaped(one) if one in _TURNING or category(one) in _STEERING else one for one in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


class _Printable(msgspec.Struct, frozen=True):
    """Base of what reaches a report: every string in it can be encoded, and is one line unless it is a path."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, str) and not value.isprintable() and not isinstance(value, StrEnum):
                shown = printable(value) if name == "path" else visible(value)
                msgspec.structs.force_setattr(self, name, shown)


class Evidence(_Printable, frozen=True):
    """What was seen, and where.

    Args:
        text: One line in plain words.
        kind: Family of the evidence: file, symbol, command, test, setting or note.
        path: Repository-relative path, `/`-separated.
        line: 1-based line in `path`.
        symbol: Qualified name inside `path`.
        revision: Commit, or "index" / "working tree".
        command: The command whose run shows it.
    """

    text: str
    kind: str = "note"
    path: str | None = None
    line: int | None = None
    symbol: str | None = None
    revision: str | None = None
    command: str | None = None


class Finding(_Printable, frozen=True):
    """One place to mend.

    Args:
        message: What is wrong, in one line.
        path: Repository-relative path at head (at base for what is gone).
        line: 1-based first line.
        end_line: 1-based last line.
        symbol: Qualified name that encloses the place.
        fix: What to do about it.
        code: The tool's or the rule's own code for this kind of finding.
        level: `error` blocks; `warning` and `note` do not.
        rule: Filled in by the engine.
        fingerprint: Filled in by the engine; stable while the finding stays the same.
        waived: Filled in by the engine: why base's policy accepts it.
    """

    message: str
    path: str | None = None
    line: int | None = None
    end_line: int | None = None
    symbol: str | None = None
    fix: str | None = None
    code: str | None = None
    level: Level = "error"
    rule: str = ""
    fingerprint: str = ""
    waived: str | None = None


class Verdict(msgspec.Struct, frozen=True):
    """A status with its evidence and findings; build it by its constructors.

    Raises:
        ValueError: A pass without evidence, or a fail without a blocking finding.
    """

    status: Status
    summary: str
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if not self.summary.isprintable():
            msgspec.structs.force_setattr(self, "summary", visible(self.summary))
        if self.status is Status.PASS and not self.evidence:
            raise ValueError(f"a pass needs evidence: {self.summary}")
        if self.status is Status.FAIL and not any(f.level == "error" for f in self.findings):
            raise ValueError(f"a fail needs a finding that blocks: {self.summary}")

    @classmethod
    def passed(cls, first: Evidence, *more: Evidence, summary: str = "", findings: Iterable[Finding] = ()) -> Self:
        """The item holds; `findings` may carry warnings and notes."""
        return cls(Status.PASS, summary or first.text, (first, *more), tuple(findings))

    @classmethod
    def failed(cls, first: Finding, *more: Finding, summary: str = "", evidence: Iterable[Evidence] = ()) -> Self:
        """The item does not hold; at least one finding has level `error`."""
        return cls(Status.FAIL, summary or first.message, tuple(evidence), (first, *more))

    @classmethod
    def needs_review(cls, summary: str, *evidence: Evidence, findings: Iterable[Finding] = ()) -> Self:
        """Only a person can settle it; `summary` says what there is to look at."""
        return cls(Status.NEEDS_REVIEW, summary, evidence, tuple(findings))

    @classmethod
    def not_applicable(cls, why: str, *evidence: Evidence, findings: Iterable[Finding] = ()) -> Self:
        """The change has nothing that the rule speaks of."""
        return cls(Status.NOT_APPLICABLE, why, evidence, tuple(findings))

    @classmethod
    def error(cls, why: str, *evidence: Evidence) -> Self:
        """The check could not run; never counts as a pass."""
        return cls(Status.ERROR, why, evidence)

    @classmethod
    def of_findings(cls, findings: Iterable[Finding], clean: Evidence, *more: Evidence, summary: str = "") -> Self:
        """Fail on any blocking finding, else pass with `clean` as the evidence.

        Args:
            findings: What was found, blocking or not.
            clean: What a pass rests on.
            more: Further evidence, shown either way.
            summary: For the fail; by default the number of blocking findings.
        """
        found = tuple(findings)
        blocking = [f for f in found if f.level == "error"]
        if not blocking:
            return cls.passed(clean, *more, findings=found)
        words = summary or (blocking[0].message if len(blocking) == 1 else f"{len(blocking)} new findings")
        return cls(Status.FAIL, words, more, found)

    @classmethod
    def weighed(cls, said: Iterable[Evidence | Finding], nothing: str) -> Self:
        """Fail on what blocks, ask a person about warnings, else pass with the evidence.

        Args:
            said: What there is to say of each place that was judged, findings and evidence.
            nothing: Why the rule does not apply, for when there is neither evidence nor anything to look at.
        """
        every = tuple(said)
        seen = tuple(one for one in every if isinstance(one, Evidence))
        rank = {"error": 0, "warning": 1, "note": 2}
        found = sorted((one for one in every if isinstance(one, Finding)), key=lambda one: rank[one.level])
        blocking = [one for one in found if one.level == "error"]
        if blocking:
            more = f" (and {len(blocking) - 1} more)" if blocking[1:] else ""
            return cls(Status.FAIL, f"{blocking[0].message}{more}", seen, tuple(found))
        if any(one.level == "warning" for one in found):
            return cls(Status.NEEDS_REVIEW, found[0].message, seen, tuple(found))
        if not seen:
            return cls(Status.NOT_APPLICABLE, nothing, (), tuple(found))
        return cls(Status.PASS, seen[0].text, seen, tuple(found))
