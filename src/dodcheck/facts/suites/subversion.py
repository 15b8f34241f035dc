"""Source that knows its tests: special-cased inputs, probes for pytest, tests read at run time, equality that lies."""

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from dodcheck.facts.code.modules import Function, symbol_at
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.flow import own_nodes
from dodcheck.facts.suites.folding import literal, text_of, truth
from dodcheck.facts.suites.source_pairs import SourcePair
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.patterns import pattern

_TELLTALE = pattern(r"pytest|unittest|PYTEST|conftest|test|nose|sys\.argv", re.IGNORECASE)
_PROBES = pattern(r"PYTEST_CURRENT_TEST|PYTEST_XDIST_WORKER|PYTEST_VERSION|_called_from_test|_pytest\b")
_IN_MODULES = pattern(r"['\"](_?pytest|unittest|nose|conftest)['\"] (not )?in sys\.(modules|argv)")
_IN_ARGUMENTS = pattern(
    r"['\"][\w.]*(py\.?test|unittest)[\w.]*['\"].*\bsys\.argv|\bsys\.argv\b.*['\"][\w.]*(py\.?test)"
)
_FRAMES = pattern(r"\b(_getframe|currentframe|stack|getouterframes|extract_stack|settrace|setprofile)\s*\(")
_OF_TESTS = pattern(r"['\"](/?tests?/.*|.*\btest_\w*|.*_test\.py|tests?|pytest|assert\w*)['\"]")
_READS = pattern(
    r"(^|\.)(open|read_text|read_bytes|read|load|loads|literal_eval|import_module|run_path|glob|rglob|iterdir|walk"
    r"|listdir|spec_from_file_location)$"
)
_TEST_PATH = pattern(r"(^|/)(tests?/\S*|test_\w+\.py|\w+_test\.py|conftest\.py)$")
_ALWAYS = {"__eq__": True, "__ne__": False}
_OTHERS = {
    "__lt__": True,
    "__le__": True,
    "__gt__": True,
    "__ge__": True,
    "__contains__": True,
    "__instancecheck__": True,
}
_TRIVIAL = {"None", "True", "False", "0", "1", "-1", "''", "[]", "()", "{}", "0.0", "1.0", "set()", "b''"}
_ENOUGH = 2  # pairs from which on it is no coincidence (T11)


class Example(NamedTuple):
    """One literal input with the literal result that a test expects of it."""

    given: str
    result: str


def judge_source(source: SourcePair, examples: Collection[Example]) -> Iterator[Suspicion]:
    """Yield what is newly suspicious about one file of the source.

    Args:
        source: The file at both sides.
        examples: Inputs and results of the tests that the change adds or alters.
    """
    for name, node in source.changed:
        if isinstance(node, Function) and source.is_new(node):
            yield from _of_function(source.path, name, node, examples)
            if _FRAMES.search(source.text(node)):
                yield from _of_frames(source.path, name, node)
    for part in source.statements():
        if _TELLTALE.search(source.text(part)):
            yield from _of_statement(source, part)
    yield from _tables(source, examples)


def _of_function(path: str, name: str, node: Function, examples: Collection[Example]) -> Iterator[Suspicion]:
    short = name.rpartition(".")[2]
    answer = _only_answer(node)
    if answer is not None and short in {**_ALWAYS, **_OTHERS} and {**_ALWAYS, **_OTHERS}[short] is answer:
        certainty: Certainty = "certain" if short in _ALWAYS else "likely"
        message = f"{short} always returns {answer}: every comparison with it holds"
        yield Suspicion("T12", path, node.lineno, name, message, "compare what the objects are", certainty)
    hits = sorted({pair for pair in _branches(node) if pair in examples and pair.given not in _TRIVIAL})
    if len(hits) >= _ENOUGH:
        shown = "; ".join(f"{one.given} gives {one.result}" for one in hits[:3])
        message = f"it answers {len(hits)} inputs of the tests with constants: {shown}"
        yield Suspicion("T11", path, node.lineno, name, message, "compute the result", "certain")


def _of_frames(path: str, name: str, node: Function) -> Iterator[Suspicion]:
    text = "\n".join(map(text_of, node.body))
    if _FRAMES.search(text) and _OF_TESTS.search(text):
        yield Suspicion(
            "T13", path, node.lineno, name, "it looks at the frames of its callers for a test",
            "do the same whoever calls", "certain",
        )  # fmt: skip


def _only_answer(node: Function) -> bool | None:
    body = [stmt for stmt in node.body if not (isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    return truth(body[0].value)


def _branches(node: Function) -> Iterator[Example]:
    """Yield the inputs that a function compares with, each with the constant that it then returns."""
    for part in own_nodes(node):
        if isinstance(part, ast.If):
            result = _constant_result(part.body)
            if result is not None:
                yield from (Example(given, result) for given in _compared(part.test))
        elif isinstance(part, ast.IfExp) and literal(part.body) is not ...:
            yield from (Example(given, text_of(part.body)) for given in _compared(part.test))
        elif isinstance(part, ast.Match):
            for case in part.cases:
                result = _constant_result(case.body)
                if result is not None and isinstance(case.pattern, ast.MatchValue):
                    yield Example(text_of(case.pattern.value), result)


def _constant_result(body: Sequence[ast.stmt]) -> str | None:
    last = body[-1]
    value = last.value if isinstance(last, ast.Return | ast.Assign) else None
    return text_of(value) if len(body) == 1 and value is not None and literal(value) is not ... else None


def _compared(test: ast.expr) -> Iterator[str]:
    """Yield what a condition compares with: one literal, or several joined by `and` as the tests' arguments are."""
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    values: list[str] = []
    for part in parts:
        if not isinstance(part, ast.Compare) or len(part.ops) != 1 or not isinstance(part.ops[0], ast.Eq | ast.In):
            return
        right = part.comparators[0] if literal(part.comparators[0]) is not ... else part.left
        if literal(right) is ...:
            return
        if isinstance(part.ops[0], ast.In) and isinstance(right, ast.Tuple | ast.List | ast.Set):
            yield from map(text_of, right.elts)
            return
        values += (
            map(text_of, right.elts)
            if isinstance(part.left, ast.Tuple) and isinstance(right, ast.Tuple)
            else [text_of(right)]
        )
    yield ", ".join(values)


def _tables(source: SourcePair, examples: Collection[Example]) -> Iterator[Suspicion]:
    for node in walk(source.tree) if examples else ():
        if isinstance(node, ast.Dict) and len(node.keys) >= _ENOUGH and source.is_new(node):
            hits = [one for one in _entries(node) if one in examples and one.given not in _TRIVIAL]
            words = all(re.fullmatch(r"'[\w. /:-]*'|[A-Z]\w*", one.given) for one in hits)
            if len(hits) >= _ENOUGH and len(set(hits)) == len(_entries(node)):
                shown = "; ".join(f"{one.given} gives {one.result}" for one in hits[:3])
                message = f"a table answers exactly {len(hits)} inputs of the tests: {shown}"
                certainty: Certainty = "likely" if words else "certain"
                symbol = symbol_at(source.tree, node.lineno) or ""
                yield Suspicion("T11", source.path, node.lineno, symbol, message, "compute the result", certainty)


def _entries(node: ast.Dict) -> list[Example]:
    found = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is not None and literal(key) is not ... and literal(value) is not ...:
            given = ", ".join(map(text_of, key.elts)) if isinstance(key, ast.Tuple) else text_of(key)
            found.append(Example(given, text_of(value)))
    return found


def _holds_tests(tree: ast.Module, condition: ast.AST) -> bool:
    """Tell whether a condition of the module guards tests that stand in the source."""
    guarded = [stmt.body for stmt in tree.body if isinstance(stmt, ast.If) and stmt.test is condition]
    return any(isinstance(one, Function) and one.name.startswith("test") for body in guarded for one in body)


def _of_statement(source: SourcePair, part: ast.stmt | ast.expr) -> Iterator[Suspicion]:
    path, line, text = source.path, part.lineno, text_of(part)
    symbol = symbol_at(source.tree, line) or ""
    probe = next((one for one in (_PROBES, _IN_MODULES, _IN_ARGUMENTS) if one.search(text)), None)
    if probe and not _holds_tests(source.tree, part) and source.has_more(probe):
        message = f"`{text[:80]}` asks whether a test is running"
        yield Suspicion("T11", path, line, symbol, message, "do the same in tests as in production", "likely")
    for call in (node for node in walk(part) if isinstance(node, ast.Call)):
        read = _READS.search(text_of(call.func))
        held = [n.value for n in walk(call) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        named = [value for value in held if _TEST_PATH.search(value)]
        if read and named:
            certainty: Certainty = (
                "likely" if re.search(r"(^|/)(scripts?|tools?|dev|ci|bin|\.\w+)/", path) else "certain"
            )
            message = f"the source reads {named[0]}: what the tests expect"
            yield Suspicion("T13", path, line, symbol, message, "compute it without the tests", certainty)
            return
