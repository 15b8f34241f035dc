"""Public functions that are new or changed have docstrings that agree with their signatures.

A docstring is what a caller reads instead of the code, so one that names a parameter that is gone, or another default,
is worse than none.  New public functions need a docstring; what it documents must be what the signature takes (names,
order, defaults), with a type for every parameter, in the signature or in the docstring, and the shape or the columns
of tensors, arrays and tables, which no plain type hint tells.  A docstring that documents no parameter at all is read
together with its signature; one that documents some must document all, and what comes back.

Read are the google, numpy and sphinx styles (the checks are those of pydoclint and of ruff's D and DOC rules).  Methods
that override others, overloads, setters and dunder methods owe nothing, and what they take as the method above takes it
is told there; a constructor may be documented in its class.  Properties, and functions of a script that nobody imports,
are no interface to document: what they lack is a warning.  Of public functions that people add in reviewed changes
56 % have no docstring, so what base lacked does not block, nor does a function that is copied word for word from
beside it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from dodcheck.facts import Both
from dodcheck.facts.code.array_shapes import array_kind
from dodcheck.facts.code.changed_functions import FunctionChange
from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.public_functions import PublicFunction, PublicFunctions
from dodcheck.facts.docstrings.docstring import style_of
from dodcheck.facts.docstrings.docstring_gaps import DocstringGaps, Gap, documentation
from dodcheck.facts.docstrings.documentation_duty import DocumentationDuty
from dodcheck.facts.docstrings.project_style import ProjectStyle
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule

_LACKS = {"undocumented", "result", "type"}
_ASKED_WITH_PARAMETERS = {"type", "shape", "result"}
_LEVELS: Mapping[str, Level] = {"unknown": "note", "mild": "warning"}
_FIXES = {
    "copy": "say what the name does not: what it works on, what comes back, when it fails",
    "unknown-name": "name the parameters as the signature does",
    "order": "bring the parameters into the order of the signature",
    "default": "state the default of the signature, or none",
}
_OF_DOCSTRING = ("lacks ", "documents ", "says ")
_SHOWN = 3
_OTHER_LANGUAGES = r"(?!.*\b(typescript|javascript|jsdoc|tsdoc|php|ruby|dart|kotlin|swift|rust|golang)\b)"
_DETAILS = r"\b(param\w*|arg(ument)?s?|types?|shapes?|returns?|results?)\b"
_START = rf"^{_OTHER_LANGUAGES}(?:(?P<plain>(?!.*{_DETAILS}))|).*"
_DOCSTRINGS = r"\bdoc[- ]?strings?\b"
_CALLABLES = (
    r"\b(functions?|methods?|callables?|classes|modules?|(public|exported|new|changed) (apis?|interfaces?|code))\b"
)
_THERE = r"(added|written|updated|present|complete|provided|included|in place|up[- ]to[- ]date|required|mandatory)"


class DocstringOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        plain: Ask for docstrings that are not wrong, and not for types, shapes and results; the item's words set it.
        every_parameter: A docstring that documents no parameter is incomplete as well.
        style: A docstring must keep to the style of the docstrings around it.
    """

    plain: bool = False
    every_parameter: bool = False
    style: bool = True


@rule(
    answers=[
        rf"{_START}\b(write|add|provide|include|update|keep|maintain|require)s?\b[^.;]*{_DOCSTRINGS}",
        rf"{_START}{_DOCSTRINGS}[^.;]*\b(for|on|to|in) [^.;]*{_CALLABLES}",
        rf"{_START}{_CALLABLES}[^.;]*\b(have|has|carry|carries|need|with|by|include|get|contain)s?\b[^.;]*{_DOCSTRINGS}",
        rf"{_START}{_DOCSTRINGS} ((are|is|were|have been|has been) )?{_THERE}\b",
        rf"{_START}\bpublic\b[^.;]*\bdocumented\b[^.;]*{_DOCSTRINGS}",
        rf"{_START}\b(google|numpy|sphinx|rest)(doc)?[- ]?(style)? {_DOCSTRINGS}",
        rf"{_START}\bpublic (functions?|methods?|classes)\b[^.;]*\b(are|is|be|fully|properly) documented\b",
    ],
    unless=[r"\bdoc-?tests?\b", r"\btype hints?\b", r"\b(no|without|remove|delete)\b[^.;]*\bdoc-?strings?\b"],
    cases="_docstrings_cases",
    options=DocstringOptions,
)
def check(
    public: PublicFunctions,
    gaps: Both[DocstringGaps],
    duty: DocumentationDuty,
    style: ProjectStyle,
    options: DocstringOptions,
) -> Verdict:
    """Judge missing docstrings, and the gaps of those that are there and were no gaps at base."""
    found = [one for one in public.all(docstrings=True) if _touched(one.change) or not one.was_public]
    judged = [one for one in found if documentation(one.change.head) or duty.of_function(one.change.head) != "none"]
    left_out = [Evidence(f"not judged: {path} says that a program wrote it", "file", path) for path in public.generated]
    if not judged:
        return Verdict.not_applicable("no public function is new or changed", *left_out)
    findings = [finding for one in judged for finding in _of_function(one, gaps, duty, style, options)]
    doubts = [one for one in findings if one.code == "shape" and one.level == "warning"]
    shown = [_seen(one.change.head) for one in judged[:_SHOWN] if documentation(one.change.head)]
    if doubts and not any(one.level == "error" for one in findings):
        return Verdict.needs_review(doubts[0].message, *shown, *left_out, findings=findings)
    count = f"{len(judged)} public function{'s' * (len(judged) != 1)}"
    words = f"{count} new or changed, none owes more documentation than at base"
    return Verdict.of_findings(findings, Evidence(words, "symbol"), *shown, *left_out)


def _touched(change: FunctionChange) -> bool:
    return change.altered or change.docstring_changed


def _seen(function: Function) -> Evidence:
    words = documentation(function).strip().partition("\n")[0]
    return Evidence(f"`{function.name}`: {words}", "symbol", function.path, function.line, function.name)


def _of_function(
    one: PublicFunction,
    gaps: Both[DocstringGaps],
    duty: DocumentationDuty,
    style: ProjectStyle,
    options: DocstringOptions,
) -> Iterator[Finding]:
    head = one.change.head
    if not documentation(head):
        yield from _missing(one, duty)
        return
    owes = duty.of_function(head)
    found = _owed(head, _new_gaps(one, gaps, options), duty)
    own = head.node.name == "__init__" and owes == "unknown" and not duty.told_above(head)
    level = "error" if own else _LEVELS.get(owes, "error")
    lacks = [gap.words for gap in found if gap.kind in _LACKS]
    if lacks:
        yield _finding(head, f"lacks {_listed(lacks)}", f"add {_listed(lacks)} to the docstring", "incomplete", level)
    for gap in found:
        if gap.kind in _FIXES:
            yield _finding(head, gap.words, _FIXES[gap.kind], gap.kind)
    shapes = [gap.words for gap in found if gap.kind == "shape"]
    if shapes:
        fix = "write it as `(batch, time)` or as the columns' names, or use jaxtyping, which carries it in the hint"
        yield _finding(head, f"lacks {_listed(shapes)}", fix, "shape", "note" if level == "note" else "warning")
    if options.style and not options.plain:
        yield from _mismatch(one.change, style)


def _missing(one: PublicFunction, duty: DocumentationDuty) -> Iterator[Finding]:
    head, base = one.change.head, one.change.base
    had = bool(base and documentation(base))
    if base and one.was_public and not had:
        return
    owes = duty.of_function(head)
    if owes in {"owed", "mild"}:
        arrays = {one.name for one in head.arguments if array_kind(one.annotation, head.file.names)}
        wanted = [f"`{one.name}`{' with its shape' if one.name in arrays else ''}" for one in head.arguments]
        wanted += ["`Yields`"] if head.is_generator else ["`Returns`"] if head.returns_value else []
        fix = "write one: what it does" + (f", {_listed(wanted)}" if wanted else "")
        mild = owes == "mild" and not had
        level: Level = "warning" if mild else "error"
        problem = "lost its docstring" if had else "has no docstring"
        yield _finding(head, problem, fix, "unimported" if mild else "missing", level)
    elif owes == "unknown":
        fix = "write one, unless the method that it overrides is documented (`@override` says so)"
        yield _finding(head, "has no docstring of its own; a base class may have one", fix, "inherited", "note")


def _owed(function: Function, found: Sequence[Gap], duty: DocumentationDuty) -> Sequence[Gap]:
    """Leave out what a method that is overridden tells, and what the duty does not reach."""
    lacks = [gap for gap in found if gap.kind in _ASKED_WITH_PARAMETERS | _LACKS]
    if not lacks:
        return found
    owes, above = duty.of_function(function), duty.told_above(function)
    told = set(lacks if owes == "none" or (owes == "inherited" and above is None) else ())
    told |= {gap for gap in lacks if above is not None and (not gap.name or gap.name in above)}
    return [gap for gap in found if gap not in told]


def _new_gaps(one: PublicFunction, gaps: Both[DocstringGaps], options: DocstringOptions) -> Sequence[Gap]:
    """Return the gaps that base did not have; a first docstring of an old function may be short, but not wrong."""
    found = gaps.head.of_function(one.change.head, every_parameter=options.every_parameter)
    found = tuple(gap for gap in found if not (options.plain and gap.kind in _ASKED_WITH_PARAMETERS))
    base = one.change.base if found else None
    if base is None or not one.was_public:
        return found
    if not documentation(base):
        return [gap for gap in found if gap.kind in _FIXES]
    if not one.change.signature_changed and _words(documentation(base)) == _words(documentation(one.change.head)):
        return []
    known = {(gap.kind, gap.name) for gap in gaps.base.of_function(base, every_parameter=options.every_parameter)}
    return [gap for gap in found if (gap.kind, gap.name) not in known]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _mismatch(change: FunctionChange, style: ProjectStyle) -> Iterator[Finding]:
    written = style_of(change.head.docstring or "")
    if written is None:
        return
    expected, source = style.around(change.head.path)
    if expected in {None, written} or (change.base and style_of(change.base.docstring or "") == written):
        return
    problem = f"has a docstring in {written} style; the project's is {expected} ({source})"
    yield _finding(change.head, problem, f"write the sections in {expected} style", "style")


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _finding(function: Function, problem: str, fix: str, code: str, level: Level = "error") -> Finding:
    who = f"the docstring of public `{function.name}`" if problem.startswith(_OF_DOCSTRING) else ""
    return Finding(
        f"{who or f'public `{function.name}`'} {problem}",
        path=function.path,
        line=function.line,
        symbol=function.name,
        fix=fix,
        code=code,
        level=level,
    )
