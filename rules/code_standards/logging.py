"""Logging, not print: the change brings no print into library code, and no logging past the module's own logger.

What is printed has no level, no time and no source, and nobody who runs the service can turn it off or find
it.  ruff finds `print` and `pprint` (flake8-print), calls of the root logger (flake8-logging) and messages
that are put together before it is known whether anybody wants them (flake8-logging-format); writing to
`sys.stdout` and `sys.stderr`, rich's `print`, and loggers without the module's name are found here.  Printing
is what a command line is for: `__main__`, commands, scripts, the main guard and what they call may do it.  Where
a function's or module's name says that it shows something, a person is asked.  Tests, examples and
documentation are left out.  Agents bring a new print in 6.6 % of their changes, people in 2.7 %.
"""

import re
from collections.abc import Iterator, Sequence

from dodcheck.facts import Both, Change
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.conventions.command_line import CommandLine
from dodcheck.facts.conventions.judged_files import JudgedFiles
from dodcheck.facts.conventions.old_code import OldCode
from dodcheck.facts.conventions.output_calls import output_calls
from dodcheck.facts.runs.convention_run import ConventionRun
from dodcheck.facts.runs.diagnostics import Diagnostic, introduced
from dodcheck.patterns import pattern
from dodcheck.rule import Concern, Evidence, Finding, Level, Verdict, rule

_PRINTS = {"T201", "T203", "stream", "rich-print"}
_ROOT = {"LOG015", "root-logger"}
_MILD = {"LOG001", "LOG002", "G001", "G002", "G003", "G004", "named-logger"}
_WORDS = pattern(
    r"\b(p?print|log(ging|ger)?|stdout|stderr|getLogger|rich)\b|\.(debug|info|warning|error)\(", re.IGNORECASE
)
_OWN = "use the module's logger: `logger = logging.getLogger(__name__)`, then `logger.info(...)`"
_LAZY = "hand the values over: `logger.info('x is %s', x)`"

_PRINTING = r"\bprint(?:\(|s\b|ing\b| statements?\b| debugging\b| calls?\b|$| for\b| in\b)"


@rule(
    answers=[
        rf"\b(?:no|not|never|avoid|without|instead of|rather than|over|remove|don't)\b[^.;]*{_PRINTING}",
        r"\b(?:use|prefer)\b[^.;]*\blogging (?:module|library|instead|rather|over|not)\b",
        r"\b(?:use|prefer)\b[^.;]*\blogger\b[^.;]*\b(?:print|instead|rather)\b",
        r"\bper-module loggers?\b|\b(?:each|every) module (?:has|uses|gets|defines) (?:its|an?) own logger\b",
        r"\blogging\.getlogger\(__name__\)",
    ],
    unless=[r"\b(?:3d|screen|photo|blue|re)[- ]?print", r"\bprint (?:layout|style|view|button|version)\b"],
    cases="_logging_cases",
    concern=Concern(
        r"\.py$",
        r"\b(p?print|logging|getLogger|stdout|stderr)\b|\.(debug|info|warning|error|exception)\(",
        "no changed Python file prints or logs",
    ),
)
def check(
    change: Change,
    files: JudgedFiles,
    modules: Both[Modules],
    ran: Both[ConventionRun],
    command_line: CommandLine,
    old_code: OldCode,
) -> Verdict:
    """Judge what is new by where it stands; base is asked only when head has findings."""
    judged = files.all(tests=False)
    if not judged:
        return Verdict.not_applicable("no Python file of the project's own changed")
    telling = [file.path for file in files.telling(_WORDS, tests=False)]
    head = list(_found(modules.head, ran.head, telling)) if telling else []
    old = [file.base_path for file in change.files if file.base_path and file.base_path.endswith(".py")]
    new = introduced(change, _found(modules.base, ran.base, old), head, net=True) if head else []
    placed = [(one, command_line.place(one.path, one.line)) for one in old_code.without(new)]
    findings = [_finding(one, place) for one, place in placed if place != "command" or one.code not in _PRINTS]
    output = len(placed) - len(findings)
    words = f"nothing is printed or logged past a module's logger in {len(judged)} changed Python files"
    words += f" ({output} new prints are output of a command line)" if output else ""
    if not any(one.level == "error" for one in findings):
        asked = [one for one, place in placed if place == "unclear" and one.code in _PRINTS]
        if asked:
            where = f"{asked[0].path}:{asked[0].line}"
            return Verdict.needs_review(f"is it output of a command line? {where} prints", findings=findings)
    return Verdict.of_findings(findings, Evidence(words, "file"))


def _found(modules: Modules, ran: ConventionRun, paths: Sequence[str]) -> Iterator[Diagnostic]:
    wanted = _PRINTS | _ROOT | _MILD
    kept = set(paths)
    yield from (one for one in ran.diagnostics if one.code in wanted and one.path in kept)
    for path in paths:
        yield from output_calls(modules, path)


def _finding(one: Diagnostic, place: str) -> Finding:
    certain = place == "library" or (one.code in _ROOT and place == "unclear")
    level: Level = "error" if certain and one.code not in _MILD else "warning"
    message = one.message
    if one.code in _PRINTS:
        message = f"{message}: library code logs" if place == "library" else f"{message}: output, or a log?"
    return Finding(
        message,
        path=one.path,
        line=one.line,
        end_line=one.end_line,
        symbol=one.symbol,
        fix=_LAZY if one.code.startswith("G") else _OWN,
        code=one.code,
        level=level,
    )
