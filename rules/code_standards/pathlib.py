"""Paths are `pathlib.Path`: the change brings no new use of `os.path`, or of what else `Path` does.

A `Path` knows what it is, reads from left to right and takes its separators from the system; strings
that are joined and split by hand do not.  ruff finds the uses (flake8-use-pathlib), through every import
and alias, and a use that base has stays where it was or moves along.  What `Path` cannot do
(`normpath`, `expandvars`, `commonpath`) and texts that are no paths of files (`posixpath`) are left alone.
People bring new uses in 6.5 % of their changes, so this is rarely noise.
"""

import re
from collections.abc import Sequence

from dodcheck.facts import Both, Change
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.conventions.judged_files import JudgedFiles
from dodcheck.facts.conventions.old_code import OldCode
from dodcheck.facts.conventions.path_uses import path_uses
from dodcheck.facts.runs.convention_run import ConventionRun
from dodcheck.facts.runs.diagnostics import Diagnostic, introduced
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_OTHER = {"PTH123", "PTH124", "PTH201", "PTH206", "PTH210"}  # open(), py.path, and ways to write a Path
_MILD = {"PTH101", "PTH115", "PTH211"}  # chmod, readlink, symlink: calls of the system rather than paths
_WALK = "os-walk"
_FIX = "use pathlib.Path, or posixpath for what is no file's path"
_WORDS = re.compile(r"\b(os|path|glob|walk)\b")
_FLOOR = re.compile(r"requires-python\s*=\s*[\"'][^\"']*>=?\s*3\.(\d+)")
_PATH_WALK = 12  # Path.walk came with Python 3.12


@rule(
    answers=[
        r"\b(?:use|prefer)\b[^.;]*\bpathlib\b",
        r"\bpathlib(?:\.path)?\b[^.;]*\b(?:over|instead of|rather than|not|in place of|replaces?)\b[^.;]*\bos\b",
        r"\bpathlib(?:\.path)?\b[^.;]*\b(?:for|is used|are used|everywhere|throughout)\b",
        r"\b(?:no|not|never|avoid|instead of|don't use)\b[^.;]*\bos\.path\b",
        r"^(?:file )?paths? (?:are|is|must be|handled as) [^.;]*\bpath(?:lib| objects?)\b",
    ],
    unless=[r"^(?:prefer|use) (?:the )?os\.path\b"],
    cases="_pathlib_cases",
    concern=Concern(r"\.py$", r"\b(os|glob)\b", "no changed Python file names os or glob"),
)
def check(
    change: Change, files: JudgedFiles, modules: Both[Modules], ran: Both[ConventionRun], old_code: OldCode
) -> Verdict:
    """Compare what ruff says of both sides; base is asked only when head has findings."""
    judged = files.all(tests=True)
    if not judged:
        return Verdict.not_applicable("no Python file of the project's own changed")
    if not files.telling(_WORDS, tests=True):
        return Verdict.passed(Evidence(f"no added line of {len(judged)} Python files names os, path or glob", "file"))
    head = _uses(ran.head, modules.head, [file.path for file in files.telling(_WORDS, tests=True)])
    old = [file.base_path for file in change.files if file.base_path and file.base_path.endswith(".py")]
    new = introduced(change, _uses(ran.base, modules.base, old), head, net=True) if head else []
    new = old_code.without(new)
    findings = [_finding(one) for one in new]
    words = f"ruff finds no new use of os.path in {len(judged)} changed Python files"
    words += f" ({len(head) - len(new)} older)" if len(head) > len(new) else ""
    command = " ".join(ran.head.ran.command[:5]) if ran.head.ran else None
    seen = Evidence(words, "command", command=command)
    if not any(one.level == "error" for one in findings):
        walks = [one for one in findings if one.code == _WALK]
        if walks and _floor(change) >= _PATH_WALK:
            where = f"{walks[0].path}:{walks[0].line}"
            return Verdict.needs_review(f"os.walk at {where}: is `Path.walk` too slow here?", findings=findings)
    return Verdict.of_findings(findings, seen)


def _uses(ran: ConventionRun, modules: Modules, paths: Sequence[str]) -> list[Diagnostic]:
    said = [one for one in ran.diagnostics if one.code.startswith("PTH") and one.code not in _OTHER]
    return [*said, *(one for path in paths for one in path_uses(modules, path))]


def _floor(change: Change) -> int:
    """Return the minor version of the oldest Python that the project runs on; the newest when it does not say."""
    match = _FLOOR.search(change.head.read("pyproject.toml") or "")
    return int(match[1]) if match else _PATH_WALK


def _finding(one: Diagnostic) -> Finding:
    return Finding(
        one.message,
        path=one.path,
        line=one.line,
        end_line=one.end_line,
        symbol=one.symbol,
        fix=one.fix or (_FIX + (f" (`ruff rule {one.code}` shows how)" if one.code.startswith("PTH") else "")),
        code=one.code,
        level="warning" if one.code in _MILD | {_WALK} else "error",
    )
