"""Functions stay short: no new function is too long, and none grows beyond the limit.

A function that fits on a screen can be read, named and tested; one that does not is several.
Its length is what there is to read: the lines of its body that hold code, without signature,
decorators, docstring, blank lines and comments.  A literal of many lines counts as one, and so does a
`match` of one-line cases; functions inside of it count in full.  More statements than the limit has
lines are too many as well, however few lines they stand on.  The limit is the document's own number.
A function that was too long at base may stay so, and parts taken out of one may still be long: 83 % of
accepted human changes touch some function of more than 30 lines.  Tests, migrations and generated code
are left out; a copy of an old function is as old as its original.  (Pylint's R0915 and ruff's PLR0915 count statements
alone, and allow 50.)
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from dodcheck.facts import Both, Change
from dodcheck.facts.code.changed_functions import ChangedFunctions, FunctionChange
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.facts.conventions.function_length import FunctionLength
from dodcheck.facts.conventions.judged_files import JudgedFiles
from dodcheck.rule import Concern, Evidence, Finding, Level, Options, Verdict, rule

_SAME = 0.6  # share of the lines, as git counts a file as renamed from half of them on
_FIX = "take a part with a name of its own out into a function"


class FunctionLengthOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        limit: The first number of lines that is too many: 30 for "under 30 lines".
        most: The greatest number of lines allowed; it goes before `limit`.
        tests: Judge the functions of tests as well.
        literals: `folded` counts a literal of many lines, and a `match` of one-line cases, as one line.
    """

    limit: int = 30
    most: int | None = None
    tests: bool = False
    literals: Literal["folded", "whole"] = "folded"

    @property
    def too_long(self) -> int:
        """The first number of lines that is too many."""
        return self.limit if self.most is None else self.most + 1


_FUNCTIONS = r"\b(?:functions?|methods?|def(?:inition)?s?)\b"
_LINES = r"(?:[- ]?(?:lines?|loc|lines? of code))\b"
_UNDER = r"(?:\bunder|\bbelow|\bless than|\bfewer than|\b(?:shorter|smaller) than|<(?!=))"
_MOST = (
    r"(?:\bmax(?:imum|\.)?(?: length| size)?(?: of| is|:)?|\bat most|\bup to|\bwithin"
    r"|\b(?:no|not) (?:longer|more|larger|bigger) than|\b(?:over|above|beyond|longer than|more than)"
    r"|\bexceed(?:s|ing)?|\blimit(?:ed)?(?: of| to| is|:)?|<=|≤|>)"
)


@rule(
    answers=[
        rf"{_FUNCTIONS}[^.;]*?{_UNDER} ?~?(?P<limit>\d+){_LINES}",
        rf"{_FUNCTIONS}[^.;]*?{_MOST} ?~?(?P<most>\d+){_LINES}",
        rf"{_MOST} ?~?(?P<most>\d+){_LINES} (?:per|in|for|of)\b[^.,;]*{_FUNCTIONS}",
        rf"{_UNDER} ?~?(?P<limit>\d+){_LINES} (?:per|in|for|of)\b[^.,;]*{_FUNCTIONS}",
        rf"{_FUNCTIONS}[^.,;]*[(:] ?(?P<most>\d+){_LINES}(?: max(?:imum)?)?",
        rf"{_FUNCTIONS}[^.,;]*\b(?P<most>\d+){_LINES} (?:max(?:imum)?|or (?:less|fewer|shorter)|at most)",
        rf"\b(?:keep|write|prefer)\b[^.;]*\b(?:small|short)\b[^.;,]*{_FUNCTIONS}",
        rf"{_FUNCTIONS} (?:are|stay|should be|must be)? ?(?:kept )?(?:small|short)\b",
        r"\b(?:no|avoid) (?:overly |too )?long (?:functions|methods)\b",
    ],
    unless=[r"\btest functions? only\b", r"\bdocstrings?\b[^.;]*\blines?\b"],
    cases="_function_length_cases",
    concern=Concern(r"\.py$", r"\bdef\b", "no changed Python file holds a function"),
    options=FunctionLengthOptions,
)
def check(
    files: JudgedFiles,
    changed: ChangedFunctions,
    functions: Both[Functions],
    change: Change,
    options: FunctionLengthOptions,
) -> Verdict:
    """Measure the functions that are new or changed; base is measured only for those that are too long."""
    pairs = [
        pair
        for file in files.all(tests=options.tests)
        if file.role != "migration"
        for pair in changed.of_file(file)
        if pair.altered
    ]
    if not pairs:
        return Verdict.not_applicable("no function is new or changed")
    judge = _Judge(change, functions, options)
    findings = list(judge.findings(pairs))
    longest = max(pairs, key=lambda pair: judge.length(pair.head).lines).head
    count = f"{len(pairs)} function{'s' * (len(pairs) != 1)}"
    words = f"{count} new or changed, none is newly {options.too_long} lines long or longer"
    seen = Evidence(words, "symbol")
    top = Evidence(
        f"the longest of them has {judge.length(longest).lines} lines of code",
        "symbol",
        longest.path,
        longest.line,
        longest.name,
    )
    if not any(one.level == "error" for one in findings):
        tables = [one for one in findings if one.code == "declares"]
        if tables:
            return Verdict.needs_review(f"{tables[0].message}: is it a table?", top, findings=findings)
    return Verdict.of_findings(findings, seen, top)


class _Judge:
    """What is too long, and since when.

    Args:
        change: The change.
        functions: The functions of both sides.
        options: The limit.
    """

    def __init__(self, change: Change, functions: Both[Functions], options: FunctionLengthOptions) -> None:
        self._change = change
        self._functions = functions
        self._options = options
        self._known: dict[Function, FunctionLength] = {}

    def length(self, function: Function) -> FunctionLength:
        """Measure a function once."""
        if function not in self._known:
            self._known[function] = FunctionLength.measure(function, whole=self._options.literals == "whole")
        return self._known[function]

    def findings(self, pairs: Sequence[FunctionChange]) -> Iterator[Finding]:
        """Yield what is to say of each; a function inside of one that fails fails with it."""
        told: list[Function] = []
        for pair in pairs:
            head = pair.head
            if not self._is_long(head) or any(self._inside(head, outer) for outer in told) or not pair.changed:
                continue
            found = self._of(pair)
            if found and found.level == "error":
                told.append(head)
            if found:
                yield found

    def _inside(self, inner: Function, outer: Function) -> bool:
        return inner.path == outer.path and outer.line < inner.line <= outer.end_line

    def _is_long(self, function: Function) -> bool:
        first, last = function.body_lines or (0, 0)
        if last - first + 1 < self._options.too_long and ";" not in function.text and "lambda" not in function.text:
            return False
        size = self.length(function)
        return size.lines >= self._options.too_long or size.statements > self._options.too_long

    def _of(self, pair: FunctionChange) -> Finding | None:
        head, size = pair.head, self.length(pair.head)
        words = f"`{head.name}` has {size.lines} lines of code"
        if size.lines < self._options.too_long:
            words = f"`{head.name}` has {size.statements} statements on {size.lines} lines"
        words += f" (limit: fewer than {self._options.too_long})"
        if pair.base is not None and self._is_long(pair.base):
            grown = size.lines - self.length(pair.base).lines
            more = f", {grown} more than before; it was too long already"
            return _finding(head, words + more, "grew", "warning") if grown > 0 else None
        if size.declares:
            return _finding(head, f"{words}, most of which declare arguments", "declares", "warning")
        if pair.base is None and self._was_part(head):
            return _finding(head, f"{words}; they were part of a longer function", "part", "warning")
        was = f"; it had {self.length(pair.base).lines}" if pair.base else ""
        return _finding(head, words + was, "grown" if pair.base else "long", "error")

    def _was_part(self, function: Function) -> bool:
        """Tell whether most of a new function stood in functions of base that were too long."""
        lines = _code(function)
        old: set[str] = set()
        for file in self._change.files:
            if file.base_path and file.base_path.endswith(".py"):
                old.update(*(_code(one) for one in self._functions.base.at(file.base_path) if self._is_long(one)))
        return bool(lines) and len(lines & old) >= _SAME * len(lines)


def _code(function: Function) -> set[str]:
    first, last = function.body_lines or (1, 0)
    stripped = (line.strip() for line in function.file.lines[first - 1 : last])
    return {line for line in stripped if len(line) > 2 and not line.startswith("#")}  # noqa: PLR2004 - a bracket


def _finding(function: Function, message: str, code: str, level: Level) -> Finding:
    return Finding(
        message,
        path=function.path,
        line=function.line,
        end_line=function.end_line,
        symbol=function.name,
        fix=_FIX,
        code=code,
        level=level,
    )
