"""Resources are released by context managers: what the change opens is closed whatever happens.

A file, a socket, a connection or a lock that is released by hand stays open as soon as something between
raises.  Every call that opens one is followed through its function: a `with`, an `ExitStack`, `closing` or a
`try`/`finally` releases it; so does whoever gets it, if it is returned by a function that says so, or kept by an
object that can be closed.  What is left open, dropped, or closed outside of a `finally` fails; what is handed to
code that cannot be seen is for a person.  For files ruff's SIM115 is asked as well, for it knows which
objects are paths.  Of PyTorch: a mode such as `no_grad` that is not entered, and emptying the cache of the GPU in a
loop that frees nothing.  What lives as long as the process, tests, and what base leaves open already do not count.
Sources: PEP 343 and `contextlib`; pylint's R1732; PyTorch, "CUDA semantics", memory management.
"""

import re
from collections.abc import Mapping, Sequence

from dodcheck.facts import Both, Change
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.conventions.handles import fate, parents_of
from dodcheck.facts.conventions.judged_files import JudgedFiles
from dodcheck.facts.conventions.locks import lapses
from dodcheck.facts.conventions.old_code import OldCode
from dodcheck.facts.conventions.resources import LASTING, WORDS, resources
from dodcheck.facts.runs.convention_run import ConventionRun
from dodcheck.facts.runs.diagnostics import Diagnostic, introduced, located
from dodcheck.rule import Concern, Evidence, Finding, Level, Verdict, rule

_EXCUSED = re.compile(r"#\s*noqa(?!:)|#\s*noqa:.*\bSIM115\b|pylint:.*\bconsider-using-with\b")
_ASKED = {"returned", "kept", "given", "thread"}
_MILD = {"stored", "lock-elsewhere"}
_MESSAGES: Mapping[str, str] = {
    "dropped": "a {} is opened and nobody can close it",
    "left-open": "a {} is opened and never closed",
    "unsafe-close": "a {} stays open when something raises before it is closed",
    "returned": "a {} is returned by a function that does not say so: who closes it?",
    "kept": "a {} is kept by an object that cannot be closed",
    "given": "a {} is handed to other code: does that close it?",
    "thread": "a {} is handed to a thread or task: who closes it, and when?",
    "stored": "a {} is put into a collection: who closes it?",
    "lock": "the lock stays taken when something raises before it is released",
    "lock-elsewhere": "the lock is taken and nothing in this file releases it",
    "mode": "the mode of PyTorch is not entered as a context: it holds for nothing, or for all that follows",
    "gpu-memory": "emptying the cache in a loop frees nothing that a name still holds",
}
_FIXES: Mapping[str, str] = {
    "lock": "with lock: …",
    "lock-elsewhere": "with lock: …",
    "mode": "with torch.no_grad(): … (or inference_mode, autocast)",
    "gpu-memory": "drop what holds the memory (`del`, or a function of its own) before the cache is emptied",
}
_FIX = "open it in a `with` block (contextlib.closing or ExitStack where it has none), or close it in a `finally`"

_RESOURCES = r"\b(?:files?|connections?|handles?|sockets?|sessions?|resources?)\b"


@rule(
    answers=[
        r"\bcontext managers?\b",
        r"\bwith[- ](?:statements?|blocks?)\b",
        r"\b(?:opened|closed|released|managed) (?:with|by|using) (?:a )?with\b",
        rf"{_RESOURCES}[^.;]*\b(?:are|is|get) (?:\w+ )?(?:closed|released|cleaned up)\b",
        r"\b(?:no|without|avoid)\b[^.;]*\b(?:resource|file|connection|handle) leaks?\b",
    ],
    unless=[r"\bissues? (?:are|is) closed\b"],
    cases="_context_managers_cases",
    concern=Concern(r"\.py$", WORDS.pattern, "no changed Python file opens a resource"),
)
def check(
    change: Change, files: JudgedFiles, modules: Both[Modules], ran: Both[ConventionRun], old_code: OldCode
) -> Verdict:
    """Follow what head opens; base is read only when head leaves something open."""
    paths = [file.path for file in files.all(tests=False) if WORDS.search(modules.head.text(file.path))]
    if not paths:
        return Verdict.not_applicable("no changed file of the project's own code opens a resource")
    head, seen = _found(modules.head, ran.head, paths)
    new: Sequence[Diagnostic] = []
    if head:
        old = [file.base_path for file in change.files if file.base_path and file.base_path.endswith(".py")]
        new = old_code.without(introduced(change, _found(modules.base, ran.base, old)[0], head, net=True))
    findings = [_finding(one) for one in new]
    words = f"{seen} resources opened in {len(paths)} changed Python files, " + (
        f"{len(findings)} to look at" if findings else "none newly left open"
    )
    words += f" ({len(head) - len(new)} were at base)" if len(head) > len(new) else ""
    asked = [one for one in findings if one.code in _ASKED and one.level != "error"]
    if asked and not any(one.level == "error" for one in findings):
        where = f"{asked[0].path}:{asked[0].line}"
        return Verdict.needs_review(f"{where}: {asked[0].message}", Evidence(words, "file"), findings=findings)
    return Verdict.of_findings(findings, Evidence(words, "file"))


def _found(modules: Modules, ran: ConventionRun, paths: Sequence[str]) -> tuple[list[Diagnostic], int]:
    """Return what is left open in some files, and how many resources they open."""
    seen = 0
    found: list[Diagnostic] = []
    for path in paths:
        if not WORDS.search(modules.text(path)):
            continue
        tree = modules.tree(path)
        parents = parents_of(tree)
        opened = {one.line for one in ran.diagnostics if one.code == "SIM115" and one.path == path}
        for one in resources(tree, opened):
            seen += 1
            code = fate(one, parents)
            if code:
                found.append(_at(modules, path, one.call.lineno, code, one.kind))
        found += [_at(modules, path, one.call.lineno, one.code, "") for one in lapses(tree, parents)]
    return [one for one in found if not _EXCUSED.search(one.text)], seen


def _at(modules: Modules, path: str, line: int, code: str, kind: str) -> Diagnostic:
    symbol, text = located(modules, path, line)
    return Diagnostic(path, line, line, code, _MESSAGES[code].format(kind), symbol, text, kind)


def _finding(one: Diagnostic) -> Finding:
    level: Level = "error"
    if one.code in _ASKED | _MILD or one.fix in LASTING:
        level = "warning"
    return Finding(
        one.message,
        path=one.path,
        line=one.line,
        end_line=one.end_line,
        symbol=one.symbol,
        fix=_FIXES.get(one.code, _FIX),
        code=one.code if one.fix not in LASTING else f"{one.code}-{one.fix}",
        level=level,
    )
