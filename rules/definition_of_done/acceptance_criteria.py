"""Acceptance criteria are addressed: each criterion of the task is shown by a test that needs the change.

Passing tests are not completeness: of changes that pass the tests of SWE-bench Verified 7.8 % fail the developers'
own full suite (arXiv:2503.15223), and agents claim work in 1.7 % of their pull requests that is not there
(arXiv:2601.04886).  So each criterion is taken apart, and what it names is looked up: a file, an option, a variable
or a symbol that no code has, a function that does nothing, a thing that should be gone and is not, all fail.  A
criterion is shown by a test that fails without the change and names what the criterion does, or that is linked
to it (`@pytest.mark.criterion("T12#3")`, a docstring line `AC: T12#3`) and asserts what changed code gives, or by a
reviewer's word.  What is a matter of opinion or of measurement, what only words connect, and a new function of an
application that nothing but tests refers to, is for a person.  Criteria that the change takes out of
its own task fail; those that it rewords are shown to a person.
"""

from collections.abc import Iterator
from typing import Literal

from dodcheck.facts.tasks.goalposts import Goalposts
from dodcheck.facts.tasks.standings import Standing, Standings
from dodcheck.facts.tasks.task_at_hand import TaskAtHand
from dodcheck.history import History
from dodcheck.rule import Evidence, Finding, Options, Verdict, rule
from dodcheck.tasks import Task

_TRAILER = "accepted"
_UNPLANNED = "there is no tasks.json, so no criteria to look for: say in the notes what was asked"
_FIXES = {
    "failed": "do what the criterion asks for",
    "medium": "let a test that fails without the change name it, or link one: @pytest.mark.criterion({reference!r})",
    "weak": "let a test that fails without the change show it, or say in the notes what does",
}


class AcceptanceCriteriaOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        strict: What only a person could settle fails.
        empty: What a task without criteria is: for a person, or a failure.
        reviewers: Mail addresses whose commits may accept a criterion (`Accepted: T12#3`) of others' work.
    """

    strict: bool = False
    empty: Literal["review", "fail"] = "review"
    reviewers: tuple[str, ...] = ()


@rule(
    answers=[
        r"\bacceptance criteri(?:a|on)\b",
        r"\b(?:requirements|criteria)\b.*\b(?:are |have been |is )?(?:met|fulfilled|satisfied|addressed|implemented)\b",
    ],
    unless=[r"\b(?:user acceptance|uat|non[- ]functional|security|performance|exit criteria|entry criteria)\b"],
    cases="_acceptance_criteria_cases",
    scope="change",
    options=AcceptanceCriteriaOptions,
)
def check(
    at_hand: TaskAtHand,
    goalposts: Goalposts,
    standings: Standings,
    history: History,
    options: AcceptanceCriteriaOptions,
) -> Verdict:
    """Judge every obligation of every criterion of the change's task."""
    task, path = at_hand.task, at_hand.path
    if task is None:
        return Verdict.needs_review(_UNPLANNED) if at_hand.is_unplanned else at_hand.otherwise
    accepted = _accepted(history, task.id, options.reviewers)
    findings = [*_moved(goalposts, path), *_open(standings, task.id, path, accepted, strict=options.strict)]
    evidence = [_told(one, path, accepted) for one in standings.all]
    if not task.criteria and not findings:
        return _empty(task, path, options)
    count = len(task.criteria)
    words = f"task {task.id} has {count} criteri{'on' if count == 1 else 'a'}, taken as {len(evidence)} obligations"
    first = Evidence(words + ("" if standings.ran else "; the tests did not run"), "file", path, task.line)
    doubts = [one for one in findings if one.level == "warning"]
    if doubts and not any(one.level == "error" for one in findings):
        more = f" (and {len(doubts) - 1} more)" if len(doubts) > 1 else ""
        return Verdict.needs_review(doubts[0].message + more, first, *evidence, findings=findings)
    summary = f"{sum(one.level == 'error' for one in findings)} obligations are not met"
    return Verdict.of_findings(findings, first, *evidence, summary=summary if len(findings) > 1 else "")


def _accepted(history: History, task: str, reviewers: tuple[str, ...]) -> dict[int, str]:
    """Return the criteria that a reviewer accepts in a commit of the change, who did none of its work."""
    said = [(one, value) for one in history.messages for value in one.trailers.get(_TRAILER, ())]
    workers = {one.author for one in history.messages if _TRAILER not in one.trailers}
    found = {}
    for message, value in said:
        name, _, number = value.partition("#")
        if name == task and number.isdigit() and message.author in reviewers and message.author not in workers:
            found[int(number)] = message.author
    return found


def _moved(goalposts: Goalposts, path: str) -> Iterator[Finding]:
    for one in goalposts.removed:
        fix = "bring it back; a change of its own may drop it"
        yield Finding(f"the change drops the criterion {one.text!r}", path=path, fix=fix, code="criterion-removed")
    for was, now in goalposts.reworded:
        words = f"the change rewords the criterion {was.text!r} to {now.text!r}"
        fix = "say in the notes who agreed to it"
        yield Finding(words, path=path, line=now.line, fix=fix, code="criterion-reworded", level="warning")


def _open(standings: Standings, task: str, path: str, accepted: dict[int, str], *, strict: bool) -> Iterator[Finding]:
    for one in standings.all:
        if one.strength == "strong" or (one.strength != "failed" and one.criterion.number in accepted):
            continue
        reference = f"{task}#{one.criterion.number}"
        yield Finding(
            f"{reference} {one.obligation.text!r}: {one.words}",
            path=one.path or path,
            line=one.line if one.path else one.criterion.line,
            symbol=reference,
            fix=_FIXES[one.strength].format(reference=reference),
            code=f"criterion-{one.strength}",
            level="error" if one.strength == "failed" or strict else "warning",
        )


def _told(one: Standing, path: str, accepted: dict[int, str]) -> Evidence:
    words = one.words
    if one.strength not in {"strong", "failed"} and one.criterion.number in accepted:
        words = f"accepted by {accepted[one.criterion.number]}"
    text = f"#{one.criterion.number} {one.obligation.text!r}: {words}"
    return Evidence(text, "test", one.path or path, one.line if one.path else one.criterion.line)


def _empty(task: Task, path: str, options: AcceptanceCriteriaOptions) -> Verdict:
    words = f"task {task.id} has no acceptance criteria"
    if options.empty == "fail":
        fix = "write them into the task"
        return Verdict.failed(Finding(words, path=path, line=task.line, fix=fix, code="no-criteria"))
    return Verdict.needs_review(words, Evidence(words, "file", path, task.line))
