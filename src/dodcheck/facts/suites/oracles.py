"""What a test holds the code to: its assertions, those of the helpers that it calls, and expected exceptions."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from dodcheck.facts.code.walking import children
from dodcheck.facts.suites.claims import Claim, call_claims, claims_of
from dodcheck.facts.suites.flow import Step, steps
from dodcheck.facts.suites.folding import text_of
from dodcheck.facts.suites.inlining import arguments, assigned_once, inlined
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.patterns import pattern

_DEEP, _MANY = 4, 400  # helpers that call helpers; assertions that anybody still reads
_RAISES = {"raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "assertRaisesMessage", "assert_raises",
           "RaisesGroup", "assertRaisesExactly", "raises_exc"}  # fmt: skip
_WARNS = {"warns", "deprecated_call", "assertWarns", "assertWarnsRegex", "assert_warns", "assert_produces_warning"}
_LOGS = {"assertLogs", "assertNoLogs", "assertNumQueries", "django_assert_num_queries", "assertTemplateUsed"}
_MOCK = {
    "assert_called_once_with": "called once with", "assert_awaited_once_with": "called once with",
    "assert_called_with": "called with", "assert_awaited_with": "called with", "assert_any_call": "called with",
    "assert_any_await": "called with", "assert_has_calls": "called with", "assert_has_awaits": "called with",
    "assert_called_once": "calls", "assert_awaited_once": "calls", "assert_called": "called",
    "assert_awaited": "called", "assert_not_called": "not called", "assert_not_awaited": "not called",
}  # fmt: skip
_SNAPSHOT = {"assert_match", "match_snapshot", "assert_match_snapshot", "matches_snapshot"}
_IMPLICIT = {"raise_for_status", "check_call", "check_output", "check_returncode", "assert_never"}
_SPEAKING = pattern(
    r"_*(assert|check|verify|validate|expect|ensure|should|must|fnmatch_lines|no_fnmatch|re_match_lines|compare"
    r"|fail$|testmod|testfile)(?![a-z])|assert|assertEqual|(test|run)_?(check|case)|match_lines|.*_assert$"
)
_FAILURE = pattern(r"(\w+\.)*(AssertionError|failureException|fail)\b")
_SKIP = pattern(r"(\w+\.)*(skip|xfail|SkipTest|Skipped)\b")
_PARAMETERS = {"benchmark", "snapshot", "data_regression", "file_regression", "num_regression", "image_regression",
               "dataframe_regression", "ndarrays_regression", "snapshot_compare", "snap_compare"}  # fmt: skip


class Oracle(msgspec.Struct, frozen=True):
    """One claim of a test, where it stands.

    Args:
        claim: The claim, with the test's own variables put in.
        written: The claim as it is written.
        step: The statement that makes it.
        helper: The helper that makes it; empty when the test does itself.
    """

    claim: Claim
    written: Claim
    step: Step
    helper: str = ""

    @property
    def alive(self) -> bool:
        """It is checked, and its failure is seen."""
        return not self.step.dead and self.step.hidden is None and self.claim.relation != "constant"


class Oracles:
    """Claims of the tests of one side.

    Args:
        files: The test files of the side.
    """

    def __init__(self, files: SuiteFiles) -> None:
        self._files = files
        self._known: dict[SuiteTest, tuple[Oracle, ...]] = {}

    @classmethod
    def of(cls, files: SuiteFiles) -> "Oracles":
        """Nothing is read yet."""
        return cls(files)

    def all(self, test: SuiteTest) -> tuple[Oracle, ...]:
        """Return every claim, those that are never checked too."""
        if test not in self._known:
            self._known[test] = tuple(self._read(test, {}, ()))[:_MANY]
        return self._known[test]

    def alive(self, test: SuiteTest) -> list[Oracle]:
        """Return the claims that are checked and whose failure is seen."""
        return [one for one in self.all(test) if one.alive]

    def speaks(self, test: SuiteTest) -> bool:
        """Tell whether a test can fail for another reason than a crash."""
        if self.alive(test) or _PARAMETERS & {*test.parameters} or "skip" in test.code:
            return True
        return any(re.search(r"\b(given|benchmark|image_compare|snapshot)\b", text_of(one)) for one in test.marks)

    def _read(self, test: SuiteTest, values: Mapping[str, ast.expr], inside: tuple[str, ...]) -> Iterator[Oracle]:
        known = {**assigned_once(test.node), **values}
        for step in steps(test.body, test.module.tables):
            for written, claim in _paired(step, known):
                yield Oracle(claim, written, step)
            for part in step.parts:
                for call in _calls(part):
                    yield from self._called(call, test, step, known, inside)

    def _called(
        self, call: ast.Call, test: SuiteTest, step: Step, known: Mapping[str, ast.expr], inside: tuple[str, ...]
    ) -> Iterator[Oracle]:
        helper = self._helper(call, test) if len(inside) < _DEEP else None
        if helper and helper.id not in inside:
            values = {name: inlined(value, known) for name, value in arguments(helper.node, call).items()}
            for one in self._read(helper, values, (*inside, helper.id)):
                claim = replace(one.claim, node=call)
                hidden, dead = step.hidden or one.step.hidden, step.dead or one.step.dead
                place = step._replace(hidden=hidden, dead=dead, guards=(*step.guards, *one.step.guards))
                yield Oracle(claim, one.written, place, helper.node.name)
            return
        for written in _spoken(call, step.stmt, test):
            claim = next(_spoken(inlined(call, known), inlined(step.stmt, known), test), written)
            yield Oracle(replace(claim, node=step.stmt if step.parts == [step.stmt] else call), written, step)

    def _helper(self, call: ast.Call, test: SuiteTest) -> SuiteTest | None:
        func = call.func
        if isinstance(func, ast.Name):
            return self._files.fixture(func.id, test) or self._files.function(func.id, test.module)
        if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
            return None
        if func.value.id in {"self", "cls"} and test.parents:
            return self._files.method(func.attr, test)
        if func.value.id in test.parameters:
            spoken = func.attr in _MOCK or _SPEAKING.match(func.attr)
            return None if spoken else self._files.fixture(func.value.id, test)
        return self._files.function(text_of(func), test.module)


def _paired(step: Step, known: Mapping[str, ast.expr]) -> list[tuple[Claim, Claim]]:
    """Return the claims of an `assert` or a `raise`, each as it is written and with variables put in."""
    stmt = step.stmt
    if isinstance(stmt, ast.Assert):
        written = list(claims_of(stmt.test, stmt))
        found = [replace(one, node=stmt) for one in claims_of(inlined(stmt.test, known), stmt)]
        return list(zip(written, found, strict=True)) if len(written) == len(found) else [(one, one) for one in found]
    if isinstance(stmt, ast.Raise) and stmt.exc and (step.guards or _FAILURE.match(text_of(stmt.exc))):
        claim = Claim("call", f"raise if {' and '.join(step.guards) or 'it comes to this'}", "", stmt)
        return [] if _SKIP.match(text_of(stmt.exc)) else [(claim, claim)]
    return []


def _spoken(call: ast.Call, stmt: ast.stmt, test: SuiteTest) -> Iterator[Claim]:
    """Yield what a call claims by its name alone."""
    owner, _, name = text_of(call.func).rpartition(".")
    if name in _RAISES | _WARNS | _LOGS:
        relation = "raises" if name in _RAISES else "warns" if name in _WARNS else "logs"
        yield _expected(call, stmt, relation)
    elif name in _MOCK:
        shown = ", ".join(map(text_of, [*call.args, *(one.value for one in call.keywords)]))
        yield Claim(_MOCK[name], owner, shown, call, sides=(call,))
    elif name in _SNAPSHOT or owner.rpartition(".")[2] in _PARAMETERS:
        yield Claim("snapshot", ", ".join(map(text_of, call.args)), "", call)
    elif name in _IMPLICIT or any(_is_implicit(one) for one in call.keywords):
        yield Claim("implicit", text_of(call), "", call)
    elif _SPEAKING.match(name):
        yield from call_claims(call, call)
    elif isinstance(stmt, ast.With) and name in test.parameters:
        yield Claim("raises", _body(stmt), name, call)


def _is_implicit(keyword: ast.keyword) -> bool:
    """Tell whether a call checks what it does by itself: `run(…, check=True)`, `get(…, expected_status=404)`."""
    word = keyword.arg or ""
    return word.startswith(("expect", "status")) or (word == "check" and text_of(keyword.value) == "True")


def _expected(call: ast.Call, stmt: ast.stmt, relation: str) -> Claim:
    """Return the claim that something raises or warns, whichever way it is written."""
    pattern = next((one.value for one in call.keywords if one.arg in {"match", "expected_regex"}), None)
    args = list(call.args)
    kind = args.pop(0) if args else ast.Constant("DeprecationWarning")
    if (text_of(call.func).endswith(("Regex", "Regexp", "Message")) and args) or (
        isinstance(stmt, ast.With) and args and not pattern
    ):
        pattern = args.pop(0)
    if isinstance(stmt, ast.With | ast.AsyncWith):
        subject = _body(stmt)
    else:
        rest = [one for one in call.keywords if one.arg != "match"]
        subject = text_of(ast.Call(args[0], args[1:], rest)) if args else ""
    named = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    detail = text_of(pattern) if pattern else ""
    expected = ", ".join(sorted(map(text_of, named)))
    exercised: Sequence[ast.AST] = stmt.body if isinstance(stmt, ast.With | ast.AsyncWith) else args
    sides: Sequence[ast.AST] = [kind, *([pattern] if pattern else []), *exercised]
    return Claim(relation, subject, expected, call, detail=detail, sides=tuple(sides))


def _body(stmt: ast.With | ast.AsyncWith) -> str:
    return "; ".join(text_of(one).replace("\n", " ") for one in stmt.body)


def _calls(part: ast.AST) -> Iterator[ast.Call]:
    stack = [part]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.Lambda):
            stack += children(node)
