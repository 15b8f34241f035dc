"""Literal inputs and results of tests, and mocks that stand in for what is under test."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.folding import literal, text_of
from dodcheck.facts.suites.inlining import assigned_once, inlined
from dodcheck.facts.suites.oracles import Oracle
from dodcheck.facts.suites.parametrization import rows_of
from dodcheck.facts.suites.subversion import Example
from dodcheck.facts.suites.suites import SuiteTest

_MOCK_CLAIMS = {"called once with", "called with", "called", "calls", "not called"}
_MOCK_ATTRIBUTES = {"called", "call_count", "call_args", "call_args_list", "mock_calls", "await_count", "return_value"}


class Patched(NamedTuple):
    """What a test replaces by a mock: the attribute, its owner as text, and the name that the mock goes by."""

    owner: str
    name: str
    alias: str = ""


def examples_of(test: SuiteTest, oracles: list[Oracle]) -> Iterator[Example]:
    """Yield what a test feeds in and expects to come out, as far as both are literals."""
    for one in oracles:
        if one.claim.relation in {"==", "is", "approx"} and len(one.claim.sides) > 1:
            call, expected = one.claim.sides[0], one.claim.sides[1]
            if isinstance(call, ast.Call) and literal(expected) is not ... and call.args:
                args = [*call.args, *(word.value for word in call.keywords)]
                if all(literal(arg) is not ... for arg in args):
                    yield Example(", ".join(map(text_of, args)), text_of(expected))
    for rows in rows_of(test):
        for row in rows.rows:
            if len(row.values) > 1:
                yield Example(", ".join(row.values[:-1]), row.values[-1])


def patched_targets(test: SuiteTest) -> Iterator[Patched]:
    """Yield what a test puts a mock in the place of."""
    args = list(test.parameters)
    decorators = [mark for mark in reversed(test.node.decorator_list) if isinstance(mark, ast.Call)]
    for mark in decorators:
        found = _patched(mark)
        if found:
            made = len(mark.args) < 2 + text_of(mark.func).endswith(".object")
            yield found._replace(alias=args.pop(0) if made and args else "")
    for node in walk(test.node):
        if isinstance(node, ast.With | ast.AsyncWith):
            pairs = [(item.context_expr, item.optional_vars) for item in node.items]
        elif isinstance(node, ast.Assign | ast.Expr):
            pairs = [(node.value, node.targets[0] if isinstance(node, ast.Assign) else None)]
        else:
            continue
        for value, name in pairs:
            found = _patched(value)
            if found:
                yield found._replace(alias=text_of(name) if name else "")


def _patched(node: ast.expr) -> Patched | None:
    """Read `patch`, `patch.object`, `mocker.patch` and `monkeypatch.setattr`."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name, values = text_of(node.func), [literal(arg) for arg in node.args[:2]]
    last = name.rpartition(".")[2]
    if (last == "object" and "patch" in name) or (last == "setattr" and not isinstance(values[0], str)):
        attribute = values[1] if len(values) > 1 else None
        return Patched(text_of(node.args[0]), attribute) if isinstance(attribute, str) else None
    if last in {"patch", "setattr"} and isinstance(values[0], str):
        owner, _, attribute = values[0].rpartition(".")
        return Patched(owner, attribute)
    return None


def judges_mock_alone(test: SuiteTest, oracles: list[Oracle], patched: Patched) -> bool:
    """Tell whether a test calls what it patched, and asserts nothing but what the mock answers.

    Args:
        test: The test.
        oracles: Its assertions.
        patched: What it patched.
    """
    calls = [node.func for node in walk(test.node) if isinstance(node, ast.Call)]
    imports = [node for node in walk(test.node) if isinstance(node, ast.ImportFrom)]
    inner = {alias.asname or alias.name for node in imports for alias in node.names}
    values = assigned_once(test.node)
    called = any(_is_it(func, patched, inner, values) for func in calls)
    return called and bool(oracles) and all(_is_on_mock(one, patched) for one in oracles)


def _is_it(func: ast.expr, patched: Patched, inner: set[str], values: Mapping[str, ast.expr]) -> bool:
    """Tell whether a call reaches the mock: a name imported after the patch, or the attribute that was replaced."""
    if isinstance(func, ast.Name):
        return func.id == patched.name and func.id in inner
    if not isinstance(func, ast.Attribute) or func.attr != patched.name:
        return False
    last = patched.owner.rpartition(".")[2]
    receivers = {text_of(func.value), text_of(inlined(func.value, values))}
    return any(one.rpartition(".")[2] == last or one.startswith(f"{last}(") for one in receivers)


def _is_on_mock(one: Oracle, patched: Patched) -> bool:
    subject, alias = one.claim.subject, patched.alias
    owner = subject.rpartition(".")[2]
    if one.claim.relation in _MOCK_CLAIMS:
        return subject == alias or owner == patched.name
    if alias and (subject == alias or subject.startswith(f"{alias}.")):
        return True
    if owner in _MOCK_ATTRIBUTES and subject.split(".")[-2:-1] == [patched.name]:
        return True
    side = one.claim.sides[0] if one.claim.sides else None
    return isinstance(side, ast.Call) and text_of(side.func).rpartition(".")[2] == patched.name
