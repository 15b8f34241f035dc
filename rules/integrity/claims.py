"""What the author says is true: files, tests, numbers and statements of notes and commits match what was measured.

A report is read by people who were not there.  45 % of the pull requests of coding agents whose description does not
fit their code claim work that is not in it (arXiv:2601.04886).  So each name in the handoff notes and in the commit
messages is looked up, each number is compared with the run, and statements about the whole ("all tests pass",
"no new dependencies", "backward compatible") are held against it.  A file or a test that is said to be added
and exists nowhere fails, and so does a statement that the run refutes; what only a kind of claim is ("tests
added") is for a person, because a name is exact and a kind is not.  Evidence that the change itself brings along
is none.

What is left unsaid counts as well: a file that is, to the byte, what it was before somebody else's commit, as it is
when a stale copy is written back, needs a word that something is reverted.  Trial scripts, backups and summaries
at the root that nothing refers to (0.8 % of agents' changes have one) are only noted.
"""

from dodcheck.facts.claims.claims import Claims
from dodcheck.facts.claims.contradictions import Contradiction, Contradictions, Weight
from dodcheck.facts.claims.restored import RestoredFile, RestoredFiles
from dodcheck.facts.claims.scratch_files import ScratchFiles
from dodcheck.rule import Evidence, Finding, Level, Verdict, rule

_LEVELS: dict[Weight, Level] = {"wrong": "error", "doubtful": "warning", "loose": "note"}


@rule(
    answers=[r"\b(?:description|notes|report|summary)\b.*\b(?:accurate|truthful|match(?:es)?|reflects?|correct)\b"],
    cases="_claims_cases",
    scope="change",
)
def check(claims: Claims, contradictions: Contradictions, restored: RestoredFiles, scratch: ScratchFiles) -> Verdict:
    """Turn what is contradicted, and what is left unsaid, into findings."""
    unsaid = [*map(_lost, restored.all), *map(_left, scratch.paths)]
    if not claims.all and not restored.all:
        words = "neither notes nor commits claim anything that can be looked up"
        return Verdict.not_applicable(words, findings=unsaid)
    findings = [*(_finding(one) for one in contradictions.found), *unsaid]
    count = len(claims.all)
    words = (
        f"{count} claim{'s' * (count != 1)} of {claims.texts} text{'s' * (claims.texts != 1)} held against the change"
    )
    if contradictions.unmeasured:
        words += f"; {contradictions.unmeasured} about tests could not be: the tests did not run"
    seen = Evidence(words, "note")
    doubts = [one for one in findings if one.level == "warning"]
    if doubts and not any(one.level == "error" for one in findings):
        more = f" (and {len(doubts) - 1} more)" if len(doubts) > 1 else ""
        return Verdict.needs_review(doubts[0].message + more, seen, findings=findings)
    return Verdict.of_findings(findings, seen)


def _lost(one: RestoredFile) -> Finding:
    words = f"{one.path} is as it was before commit {one.commit[:10]}: {one.lines} lines go without a word"
    fix = "take the file from base and make the change anew, or say in the commit what is reverted and why"
    return Finding(words, one.path, 1, fix=fix, code="silent-revert")


def _left(path: str) -> Finding:
    words = f"{path} looks like a help of the work, and nothing refers to it"
    fix = "take it out, or name it where it is used"
    return Finding(words, path, 1, fix=fix, code="scratch-file", level="note")


def _finding(one: Contradiction) -> Finding:
    return Finding(
        f"{one.claim.where} says {one.claim.line!r}; {one.message}",
        symbol=one.claim.subject,
        fix=one.fix,
        code=one.code,
        level=_LEVELS[one.weight],
    )
