"""No new suppressions: the change silences no checker without a code and a reason.

A comment that silences a checker makes a red run green and leaves the fault where it is; it is the
fastest way to make an error go away.  So a new one names the code that it silences and the reason
for it: a blanket `# noqa` or `# type: ignore` also hides every fault that will come to stand on its
line (pygrep-hooks PGH003 and PGH004).  `# pragma: no cover` takes new code out of the coverage
figures, and is left to what no test can run: other platforms and versions, absent packages, type
checking, abstract methods, the main guard, `__repr__`.

Comments are found by the tokenizer.  What base has too is not judged, wherever the change moves it;
in accepted changes 2 % bring a new `noqa` and 6 % a new `type: ignore`.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dodcheck.facts import Both, Change, ChangedFile
from dodcheck.facts.code.functions import Functions
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.suppressions.coverage import Excluded, excluded, is_harmless
from dodcheck.facts.suppressions.reasons import reason, speaks_for_itself
from dodcheck.facts.suppressions.suppression_comments import WORDS
from dodcheck.facts.suppressions.suppressions import NewSuppressions, Suppression, Suppressions, introduced
from dodcheck.facts.suppressions.types import type_findings
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_Level = Literal["error", "warning", "note"]
_ORDER = r"(\b(suppressions?|noqa|nosec|type: ?ignores?|pylint: ?disables?)\b|\bpragma: ?no ?cover\b)"
_SILENCED = r"(suppress|silenc)(ed|ing|es?)\b"
_CHECKERS = r"^(?!.*\b(alerts?|exceptions?|notifications?|emails?)\b).*"
_JUDGED = {"lint", "types", "security"}
_REASON = "say why behind the code: `# noqa: E501 - the URL cannot be broken`"
_TEST = "write a test that runs the code"
_SHOWN = 10


@rule(
    answers=[
        r"\bcode follows (the )?(project|team|our|coding)\b.*\b(conventions|standards|style)\b.*\blint",
        rf"{_CHECKERS}\b(no|zero|without|never|avoid|don't|do not|must not|forbid\w*|ban\w*)\b[^.;]*{_ORDER}",
        rf"{_CHECKERS}{_ORDER}[^.;]*\b(justif\w+|reasons?|explain\w*|explanations?|banned|forbidden|not allowed)\b",
        rf"{_CHECKERS}\b(lint\w*|type[- ]check\w*|warnings)\b[^.;]*\b(not|never|without|no) (be(ing)? )?{_SILENCED}",
    ],
    cases="_suppressions_cases",
    concern=Concern(
        r"\.pyi?$",
        rf"#[^\n]*(?i:{'|'.join(WORDS)})|\bAny\b|no_type_check",
        "no changed Python file silences a checker",
    ),
)
def check(
    change: Change, modules: Both[Modules], suppressions: Both[Suppressions], functions: Both[Functions]
) -> Verdict:
    """Judge the suppressions that base does not have."""
    found = introduced(change, suppressions)
    if not found.read:
        return Verdict.not_applicable("no Python file of the project's own changed", *_left_out(found))
    files = {file.path: file for file in change.files if file.path in found.read}
    court = _Court(change, suppressions, modules)
    judged = [(one, court.finding(one, files[one.path])) for one in found.new]
    findings = [finding for _, finding in judged if finding]
    findings += type_findings([*files.values()], modules, functions)
    told = [court.explained(one) for one, finding in judged if finding is None][:_SHOWN]
    doubts = [finding for finding in findings if finding.code == "doubtful"]
    if doubts and not any(finding.level == "error" for finding in findings):
        return Verdict.needs_review(doubts[0].message, _seen(found), *told, findings=findings)
    return Verdict.of_findings(findings, _seen(found), *told, *_left_out(found))


def _left_out(found: NewSuppressions) -> Iterator[Evidence]:
    for paths, why in ((found.foreign, "vendored or generated"), (found.unreadable, "no Python that can be read")):
        if paths:
            more = f" and {len(paths) - 1} more" if paths[1:] else ""
            yield Evidence(f"not judged, {why}: {paths[0]}{more}", "file", paths[0])


def _seen(found: NewSuppressions) -> Evidence:
    files, new = len(found.read), len(found.new)
    words = f"{files} changed Python file{'s' * (files != 1)} read, {new or 'no'} new suppression{'s' * (new != 1)}"
    return Evidence(words, "file")


class _Complaint(NamedTuple):
    """What is wrong with one suppression, and what to do about it."""

    code: str
    words: str
    fix: str
    level: _Level = "warning"


class _Court(NamedTuple):
    """What judging one change rests on."""

    change: Change
    suppressions: Both[Suppressions]
    modules: Both[Modules]

    def finding(self, one: Suppression, file: ChangedFile) -> Finding | None:
        """Return what is wrong with a new suppression; None when nothing is."""
        found = self._of_coverage(one, file) if one.directive.kind == "coverage" else self._complaint(one, file)
        if found is None:
            return None
        return Finding(
            found.words,
            path=one.path,
            line=one.line,
            symbol=one.symbol,
            fix=found.fix,
            code=found.code,
            level=found.level,
        )

    def explained(self, one: Suppression) -> Evidence:
        """Say why a new suppression may stand."""
        why = "no test here could run it" if one.directive.kind == "coverage" else self._reason(one) or "says enough"
        return Evidence(f"{one.directive.text}: {why}", "file", one.path, one.line, one.symbol)

    def _complaint(self, one: Suppression, file: ChangedFile) -> _Complaint | None:
        text = one.directive.text
        if speaks_for_itself(one):
            return None
        if _is_idle(one):
            return _Complaint("idle", f"`{text}` on a line of its own silences nothing", "put it behind the code")
        if _is_blanket(one):
            level: _Level = "warning" if file.role == "test" and not one.alone else "error"
            words = f"`{text}` silences everything {_where(one)}"
            return _Complaint("blanket", words, "mend what it hides, or name the code and the reason", level)
        if self._reason(one):
            return None
        level = "note" if file.role == "test" else "warning"
        return _Complaint("unexplained", f"`{text}` has no reason", _REASON, level)

    def _of_coverage(self, one: Suppression, file: ChangedFile) -> _Complaint | None:
        """Tests are no product; a reason is for a person to weigh, and so is old code."""
        text = one.directive.text
        tree = self.modules.head.tree(one.path)
        code = excluded(tree, one.line)
        if one.alone or code is None:
            return _Complaint("idle", f"`{text}` on a line of its own takes nothing out", "put it behind the code")
        if is_harmless(code, tree) or one.path.endswith("__main__.py"):
            return None
        lines = f"line {code.first}" if code.first == code.last else f"lines {code.first}-{code.last}"
        words = f"`{text}` takes {lines} out of the coverage figures"
        if file.role == "test" or code.is_guard:
            return _Complaint("uncovered", words, _TEST)
        if self._reason(one) or not self._is_new(one, file, code):
            return _Complaint("doubtful", words, _TEST)
        return _Complaint("uncovered", words, _TEST, "error")

    def _is_new(self, one: Suppression, file: ChangedFile, code: Excluded) -> bool:
        fresh = self.change.added_lines(file) - {one.line}
        if fresh & {*range(min(code.first, one.line), code.last + 1)}:
            return True
        base = self.suppressions.base.file(file.base_path) if file.base_path else None
        return base is None or one.comment.statement not in base.statements

    def _reason(self, one: Suppression) -> str:
        return reason(one, self.suppressions.head.file(one.path))


def _where(one: Suppression) -> str:
    if one.directive.reach == "file" or _is_top(one):
        return "in the whole file"
    return "to the end of its block" if one.alone else "on its line"


def _is_idle(one: Suppression) -> bool:
    """Only some orders reach beyond their line; on a line of its own another hides at most the comment's own style."""
    order = one.directive
    if not one.alone or order.reach != "line" or order.kind == "format":
        return False
    return not (order.tool.startswith(("pylint", "pyre", "lint-")) or (order.tool == "type: ignore" and _is_top(one)))


def _is_top(one: Suppression) -> bool:
    return one.alone and not one.comment.number


def _is_blanket(one: Suppression) -> bool:
    order = one.directive
    if order.kind == "format":
        return _is_top(one) and order.tool in {"fmt: off", "isort: off"}
    return order.kind in _JUDGED and not order.codes
