"""No stubs: the change adds no public function that does nothing in place of its work.

A function that passes, raises NotImplementedError or returns a constant keeps imports and signatures
alive, so that the task looks done and the tests that mock it pass.  People add such functions as well,
and nearly always rightly: all 22 found in 293 accepted changes were bases for others to subclass, exceptions,
overrides that have nothing to do, or hooks of a framework.  So what others write, or what is there to
do nothing, is excused; what remains and passes, raises or says TODO fails, and a constant is shown to a
person.
"""

from typing import Literal, NamedTuple

from dodcheck.facts import Both, Change, ChangedFile
from dodcheck.facts.code.changed_functions import ChangedFunctions, FunctionChange
from dodcheck.facts.code.class_tree import ClassTree
from dodcheck.facts.code.exports import is_api_file, is_generated
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.handlers.reasons import Comments
from dodcheck.facts.stubs.excuses import OVERRIDES, Place, excuse, is_declaration, is_public
from dodcheck.facts.stubs.stub_bodies import Stub, refuses, stub_of
from dodcheck.rule import Concern, Evidence, Finding, Options, Verdict, rule

_NONE = r"\b(no|zero|without|never|avoid)\b"
_OF_CODE = r"^(?!.*\b(mocks?|fakes?|tests?|doubles?|spies|ui|screens?)\b).*"
_CODE = r"(code|functions?|methods?|bod(y|ies)|implementations?|features?)\b"
_SHOWN = 5
_WORDS = {
    "placeholder": "is left for later",
    "not-implemented": "is not implemented",
    "empty": "does nothing",
    "constant": "returns the same whatever it is given",
    "sample": "returns the same data whatever it is given",
}
_FIX = "write it, or take it out of the change; for others to write, mark it @abstractmethod"


class StubsOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        hook_names: Names of functions and methods that a framework calls and that may do nothing.
    """

    hook_names: tuple[str, ...] = ()


class _Judged(NamedTuple):
    """A new stub, and what excuses it."""

    change: FunctionChange
    place: Place
    excuse: str | None


@rule(
    answers=[
        rf"{_OF_CODE}{_NONE} (\w+ )?stubs?\b( (or|and|nor) \w+)?( (left|remain\w*)( behind)?)?$",
        rf"{_OF_CODE}{_NONE}[^.;]*\b(stub|stubbed|placeholder|unimplemented|unfinished|half[- ]finished) {_CODE}",
        rf"{_NONE}[^.;]*\bnotimplementederror\b",
    ],
    cases="_stubs_cases",
    concern=Concern(r"\.py$", "", "no Python source changed"),
    options=StubsOptions,
)
def check(
    change: Change,
    modules: Both[Modules],
    functions: Both[Functions],
    changed: ChangedFunctions,
    classes: ClassTree,
    options: StubsOptions,
) -> Verdict:
    """Judge public functions that are new, or that were emptied."""
    files = [f for f in change.at_head(".py") if is_api_file(f.path) and not is_generated(modules.head.text(f.path))]
    if not files:
        return Verdict.not_applicable("no Python source changed")
    court = _Court(modules, functions, changed, classes, options)
    judged = [one for file in files for one in court.judge(file)]
    findings = [finding for one in judged if (finding := _finding(one))]
    told = [_excused(one) for one in judged if one.excuse is not None]
    count, seen = len(files), len(judged)
    words = f"{count} changed source file{'s' * (count != 1)} read, {seen or 'no'} new stub{'s' * (seen != 1)}"
    summary = Evidence(words + (f", {len(told)} of them excused" if told else ""), "file")
    doubts = [one for one in findings if one.level == "warning"]
    if doubts and not any(one.level == "error" for one in findings):
        words = f"is this all there is to it? {doubts[0].message}"
        return Verdict.needs_review(words, summary, *told[:_SHOWN], findings=findings)
    return Verdict.of_findings(sorted(findings, key=lambda one: one.level), summary, *told[:_SHOWN])


class _Court(NamedTuple):
    """What judging one change rests on."""

    modules: Both[Modules]
    functions: Both[Functions]
    changed: ChangedFunctions
    classes: ClassTree
    options: StubsOptions

    def judge(self, file: ChangedFile) -> list[_Judged]:
        """Return the public functions of a file that are stubs and were none at base."""
        stubs = self._new_stubs(file)
        if not stubs:
            return []
        pairs = [one for one in self.changed.of_file(file) if one.head in stubs and not self._was_stub(one)]
        places = [(one, self._place(one.head, stubs[one.head])) for one in pairs]
        return [_Judged(one, place, excuse(place)) for one, place in places]

    def _new_stubs(self, file: ChangedFile) -> dict[Function, Stub]:
        """Return stubs that base has not word for word; what is declared for others to write is left out."""
        if "def " not in self.modules.head.text(file.path):
            return {}
        tree, bare = self.modules.head.tree(file.path), Comments("")
        public = (f for f in self.functions.head.at(file.path) if is_public(f))
        found = [f for f in public if stub_of(f, bare) and not is_declaration(f, tree)]
        if not found:
            return {}
        old = {(one.name, one.text) for one in self.functions.base.at(file.base_path)}
        found = [f for f in found if (f.name, f.text) not in old]
        comments = Comments(self.modules.head.old_text(file.path))
        return {f: stub for f in found if (stub := stub_of(f, comments))}

    def _was_stub(self, one: FunctionChange) -> bool:
        if one.base is None:
            return False
        return stub_of(one.base, Comments(self.modules.base.old_text(one.base.path))) is not None

    def _place(self, function: Function, stub: Stub) -> Place:
        family = self.classes.family(function.path, function.owner) if function.owner else None
        comments = Comments(self.modules.head.old_text(function.path)).within(function.line, function.end_line)
        said = f"{function.docstring or ''} {comments}"
        tree = self.modules.head.tree(function.path)
        return Place(function, stub, family, tree, said, self.options.hook_names)


def _finding(one: _Judged) -> Finding | None:
    head, stub = one.change.head, one.place.stub
    level = _level(one)
    if level is None:
        return None
    emptied = "was emptied and " if one.change.base is not None else ""
    words = "implements an abstract method by nothing" if one.excuse and not stub.noted else _WORDS[stub.kind]
    if stub.noted:
        words = _WORDS["placeholder"]
    return Finding(
        f"`{head.name}` {emptied}{words}: {stub.text}",
        path=head.path,
        line=head.line,
        end_line=head.end_line,
        symbol=head.name,
        fix=_FIX,
        code=stub.kind,
        level=level,
    )


def _level(one: _Judged) -> Literal["error", "warning"] | None:
    """A warning is for a person to settle."""
    stub = one.place.stub
    if one.excuse is not None:
        if stub.noted and stub.kind in {"constant", "sample"}:
            return "warning"
        owed = one.excuse == OVERRIDES and stub.kind in {"empty", "not-implemented"}
        return "warning" if owed and one.place.is_owed else None
    if stub.kind in {"constant", "sample"} and not stub.noted:
        return "warning"
    emptied = one.change.base is not None and stub.kind == "empty" and not stub.noted
    return "warning" if emptied or refuses(stub) else "error"


def _excused(one: _Judged) -> Evidence:
    head = one.change.head
    return Evidence(f"{head.name} may do nothing: {one.excuse}", "symbol", head.path, head.line, head.name)
