"""What is open in a report, as formats that know places and levels but no checklist want it.

An issue is a finding, or an item that is open without one: a check that could not run, or something that a person
must settle.  A finding that several items rest on is one issue.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePath

from dodcheck.report import ItemResult, Report, RuleResult
from dodcheck.verdict import Finding, Level, Status

NO_RULE = "unbound"  # stands for a rule's id where no rule answers the item
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Issue:
    """One thing to mend or to look at.

    Args:
        rule: The rule that says so, or `NO_RULE`.
        items: The items that rest on it.
        level: `error` blocks or could not be checked, `warning` is for a person, `note` is for information.
        message: What is wrong.
        path: Where it is: the finding's file, else the definition's line; None when neither is in the repository.
        line: 1-based first line in `path`.
        end_line: 1-based last line in `path`.
        fix: What to do about it.
        code: The tool's own code for it.
        symbol: Qualified name that encloses the place.
        fingerprint: Stays the same while the issue does; no other issue of the report has it.
        waived: Why base's policy accepts it; None when it does not.
        whole: It is of an item as a whole, and no finding.
    """

    rule: str
    items: tuple[ItemResult, ...]
    level: Level
    message: str
    path: str | None
    line: int
    fingerprint: str
    end_line: int | None = None
    fix: str | None = None
    code: str | None = None
    symbol: str | None = None
    waived: str | None = None
    whole: bool = False

    @property
    def said(self) -> str:
        """The message with its fix, to be understood where nothing else names the item."""
        message = f"{self.items[0].text}: {self.message}" if self.whole else self.message
        return f"{message}\nfix: {self.fix}" if self.fix else message


def issues(report: Report) -> tuple[Issue, ...]:
    """Return what is open, most severe first, then by place."""
    merged: dict[str, Issue] = {}
    for one in _all(report):
        known = merged.get(one.fingerprint)
        merged[one.fingerprint] = _merged(known, one) if known else one
    return tuple(sorted(merged.values(), key=_order))


def fallback(report: Report) -> str:
    """Return a file of the change, for formats in which every issue must have one."""
    there = [file for file in report.change.files if file.status != "deleted"] or report.change.files
    return there[0].path if there else "README.md"


def _order(one: Issue) -> tuple[bool, int, str, int, str]:
    return one.waived is not None, LEVELS.index(one.level), one.path or "", one.line, one.fingerprint


def _merged(known: Issue, other: Issue) -> Issue:
    items = known.items + tuple(item for item in other.items if item not in known.items)
    level = min(known.level, other.level, key=LEVELS.index)
    return replace(known, items=items, level=level, waived=known.waived if other.waived else None)


def _all(report: Report) -> Iterator[Issue]:
    for item in report.items:
        place = _stands(report, item)
        for rule in item.rules:
            for finding in rule.findings:
                yield _of_finding(finding, rule, item, place)
            if rule.status is Status.ERROR or (rule.status is Status.NEEDS_REVIEW and not rule.findings):
                yield _of_item(item, rule.id, rule.status, rule.summary, place)
        if not item.rules and item.blocks:
            yield _of_item(item, NO_RULE, item.status, item.summary, place)


def _stands(report: Report, item: ItemResult) -> tuple[str | None, int]:
    """Return where the definition states an item, if the repository holds the definition."""
    path = PurePath(report.definition.path)
    inside = path.suffix and not path.is_absolute() and ".." not in path.parts
    return (path.as_posix(), item.line) if inside and item.line else (None, 1)


def _of_finding(finding: Finding, rule: RuleResult, item: ItemResult, place: tuple[str | None, int]) -> Issue:
    path, line = (finding.path, finding.line or 1) if finding.path else place
    return Issue(
        rule=rule.id,
        items=(item,),
        level=_level(finding, rule, item),
        message=finding.message,
        path=path,
        line=line,
        end_line=max(finding.end_line, line) if finding.path and finding.end_line else None,
        fix=finding.fix,
        code=finding.code,
        symbol=finding.symbol,
        fingerprint=finding.fingerprint,
        waived=finding.waived or _waived(item),
    )


def _level(finding: Finding, rule: RuleResult, item: ItemResult) -> Level:
    """Return a finding's level in the light of what was made of it: only what blocks is an error."""
    if finding.waived:
        return "error"  # as it was before it was waived
    if finding.level == "error" and rule.status is not Status.FAIL:
        return _review(item)
    return finding.level


def _review(item: ItemResult) -> Level:
    return "warning" if item.blocks or item.explanation is None else "note"


def _of_item(item: ItemResult, rule: str, status: Status, summary: str, place: tuple[str | None, int]) -> Issue:
    path, line = place
    return Issue(
        rule=rule,
        items=(item,),
        level="error" if status is Status.ERROR else _review(item),
        message=f"{status}: {summary}",
        path=path,
        line=line,
        fingerprint=sha256(f"{rule}|{item.id}|{status}".encode()).hexdigest()[:16],
        waived=_waived(item),
        whole=True,
    )


def _waived(item: ItemResult) -> str | None:
    return item.summary if item.status is Status.WAIVED else None
