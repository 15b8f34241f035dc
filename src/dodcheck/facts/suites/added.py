"""New tests that show nothing, or the same thing again."""

import ast
import re
from collections.abc import Iterator, Sequence

from dodcheck.change import Both
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.examples import judges_mock_alone, patched_targets
from dodcheck.facts.suites.folding import text_of
from dodcheck.facts.suites.matching import Matching
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.patterns import pattern

_NO_FAILURE = pattern(
    r"(not|n't|never|without|no) (an? |any )?(rais|crash|fail|error|exception|warn|throw)"
    r"|can be |allowed|accepted|smoke|regression test",
    re.IGNORECASE,
)
_SMOKE = (
    "smoke", "import", "not_raise", "no_raise", "no_error", "noerror", "crash", "no_exception", "does_not", "doesnt",
    "without_error", "regression", "issue", "is_ok", "works", "allowed", "accept",
)  # fmt: skip


def judge_silent(matching: Matching, oracles: Both[Oracles]) -> Iterator[Suspicion]:
    """Yield new tests without an assertion: an error when the change brings nothing else that asserts."""
    silent = [test for test in matching.new if test.module.is_named and not oracles.head.speaks(test)]
    if not silent:
        return
    speaking = len(matching.new) > len(silent)
    altered = [(base, head) for base, head in matching.kept if base.text != head.text]
    grown = any(len(oracles.head.alive(head)) > len(oracles.base.alive(base)) for base, head in altered)
    for test in silent:
        smoke = any(word in test.node.name.lower() for word in _SMOKE) or _says_so(test) or _only_calls(test)
        smoke = smoke or bool(oracles.head.all(test))
        certainty: Certainty = "doubtful" if speaking or grown else "explainable" if smoke else "certain"
        message = f"{test.node.name} asserts nothing" + ("" if speaking or grown else ", nor does any new test")
        yield Suspicion(
            "T6",
            test.path,
            test.line,
            test.name,
            message,
            "assert what the code under test gives",
            certainty,
            "",
            test.id,
        )


def _only_calls(test: SuiteTest) -> bool:
    """Tell whether a test ends with something that must not raise, other than a print of what it got."""
    last = test.body[-1] if test.body else None
    called = last.value if isinstance(last, ast.Expr) else None
    defines = isinstance(last, ast.ClassDef | ast.With)
    return defines or (isinstance(called, ast.Call | ast.Await) and not text_of(called).startswith(("print(", "log")))


def _says_so(test: SuiteTest) -> bool:
    """Tell whether a test says, in words, that its point is that nothing is raised."""
    return _NO_FAILURE.search(test.text) is not None


def judge_copies(new: Sequence[SuiteTest]) -> Iterator[Suspicion]:
    """Yield new tests that are the same as another new one."""
    first: dict[str, SuiteTest] = {}
    for test in new:
        body = f"{test.parameters} {test.code}"
        other = first.setdefault(body, test)
        differs = [ast_text(one) for one in (test, other)]
        if other is not test and differs[0] == differs[1] and test.parents == other.parents:
            message = f"{test.node.name} is the same test as {other.node.name}"
            fix = "test something else, or leave it out"
            yield Suspicion("T17", test.path, test.line, test.name, message, fix, "doubtful", "", test.id)


def ast_text(test: SuiteTest) -> str:
    """Return the marks of a test as text."""
    return " ".join(test.text.partition("def ")[0].split())


def judge_mocked(
    head: SuiteTest, base: SuiteTest | None, oracles: Oracles, changed: frozenset[str]
) -> Iterator[Suspicion]:
    """Yield a test that puts a mock in the place of what it tests, and asserts the mock alone.

    Args:
        head: A new or altered test.
        base: The test at base; None when it is new.
        oracles: Head's assertions.
        changed: Names of the functions and classes that the change alters.
    """
    alive = [one for one in oracles.alive(head) if not one.helper]
    before = {one.name for one in patched_targets(base)} if base else set()
    for one in patched_targets(head):
        newly = base is not None and one.name not in before
        if (newly or one.name in changed) and judges_mock_alone(head, alive, one):
            message = f"it replaces {one.name}, which it tests, and then asserts what the replacement does"
            fix = f"call the real {one.name}"
            known = base.id if base else ""
            yield Suspicion("T14", head.path, head.line, head.name, message, fix, "certain", known, head.id)
            return


def judge_disabled(base: SuiteTest | None, head: SuiteTest, disabling: Both[Disabling]) -> Iterator[Suspicion]:
    """Yield what newly keeps a test from running, or its failure from counting."""
    was = disabling.base.of_test(base) if base else []
    known = {(one.text, one.weight) for one in was}
    for one in disabling.head.of_test(head):
        known_one = (one.text, one.weight) in known or any(old.always for old in was)
        if known_one or (base is None and one.weight == "unknown"):
            continue
        certainty: Certainty = "certain" if one.weight == "always" else "likely"
        if one.kind == "rerun" or one.weight == "reviewable":
            certainty = "likely"
        if one.weight == "environment" or base is None:
            certainty = "harmless" if one.weight == "environment" else "doubtful"
        kind = "T32" if one.kind == "rerun" else "T2"
        what = {"skip": "is skipped", "xfail": "may fail", "deselected": "is deselected", "rerun": "is run again"}[
            one.kind
        ]
        when = " on some machines" if one.weight == "environment" else ""
        message = f"{head.node.name} {what}{when} by {one.text}" + ("" if base else ", and is new")
        fix = "make it pass, or say in the notes why it cannot run"
        path, line = (head.path, one.line) if one.path == head.path else (one.path, one.line)
        yield Suspicion(kind, path, line, head.name, message, fix, certainty, base.id if base else "", head.id)
