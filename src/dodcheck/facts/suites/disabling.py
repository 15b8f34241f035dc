"""What keeps a test from running or from failing: skip and xfail, as marks, calls, setups and module-wide."""

import ast
import re
from collections.abc import Iterator
from typing import Literal, Self

import msgspec

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.conditions import Conditions, Weight, joined
from dodcheck.facts.suites.flow import Step, steps, swallows
from dodcheck.facts.suites.folding import text_of
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest
from dodcheck.patterns import pattern

_SETUPS = ("setUp", "asyncSetUp", "setUpClass", "setup_method", "setup_class", "setup")
_MODULE_SETUPS = ("setUpModule", "setup_module", "setup_function")
_SKIPS = pattern(r"(?:^|\.)(skip|skipif|skipIf|skipUnless|xfail|expectedFailure|SkipTest|importorskip|skipTest)$")
_SPEAKING = pattern(r"skip|xfail|disable|quarantine|expected_?fail", re.IGNORECASE)
_RERUNS = pattern(r"(^|\.)(flaky|retry|rerun|reruns|repeat_on_fail\w*)$")

Kind = Literal["skip", "xfail", "deselected", "rerun"]


class Disabler(msgspec.Struct, frozen=True):
    """One thing that keeps a test from running, or its failure from counting.

    Args:
        kind: What it does.
        weight: When it does it.
        text: It, as it is written.
        line: 1-based line.
        path: File.
    """

    kind: Kind
    weight: Weight
    text: str
    line: int
    path: str

    @property
    def always(self) -> bool:
        """Nothing about the machine or the run decides on it."""
        return self.weight in {"always", "reviewable"} and self.kind != "rerun"


class Disabling:
    """Disablers of the tests of one side.

    Args:
        files: The test files of the side.
    """

    def __init__(self, files: SuiteFiles) -> None:
        self._files = files
        self._conditions = Conditions(files)
        self._of_modules: dict[SuiteModule, list[Disabler]] = {}
        self._of_functions: dict[SuiteTest, list[Disabler]] = {}

    @classmethod
    def of(cls, files: SuiteFiles) -> Self:
        """Nothing is read yet."""
        return cls(files)

    def of_test(self, test: SuiteTest) -> list[Disabler]:
        """Return what holds for a test, its class's, its module's and its fixtures' included."""
        found = [one for mark in test.marks for one in self.of_mark(mark, test.module)]
        found += self._of_body(test)
        found += [one for setup in self._setups(test) for one in self._of_body(setup)]
        found += self._of_module(test.module)
        if isinstance(test.node, ast.AsyncFunctionDef) and not _awaits(test.node):
            found.append(_disabler("skip", "unknown", ast.Name("async def without an await"), test.module))
        for guard, held in test.guards:
            condition = guard if not held else ast.UnaryOp(ast.Not(), guard)
            weight = self._conditions.weigh(condition, test.module)
            if weight != "never":
                found.append(_disabler("skip", weight, guard, test.module))
        return found

    def of_mark(self, mark: ast.expr, module: SuiteModule) -> Iterator[Disabler]:
        """Yield what one decorator, or one value of `marks=`, disables."""
        call = mark if isinstance(mark, ast.Call) else None
        bare = call.func if call else mark
        name = module.names.of(bare) or text_of(bare)
        last = name.rpartition(".")[2]
        if isinstance(mark, ast.List | ast.Tuple):
            for one in mark.elts:
                yield from self.of_mark(one, module)
        elif _SKIPS.search(name):
            yield from self._mark(last, call or ast.Call(bare, [], []), mark, module)
        elif ".mark." in name and last in self._files.collection.deselected_marks:
            yield _disabler("deselected", "always", mark, module)
        elif _RERUNS.search(name):
            yield _disabler("rerun", "unknown", mark, module)
        else:
            yield from self._named(bare, name, mark, module)

    def _named(self, bare: ast.expr, name: str, mark: ast.expr, module: SuiteModule) -> Iterator[Disabler]:
        """Read a mark that was given a name, or a decorator of the tests' own."""
        found = self._files.constant(text_of(bare), module)
        if found and not (isinstance(found[0], ast.Name) and found[0].id == name):
            yield from self.of_mark(found[0], found[1])
            return
        helper = self._files.function(text_of(bare), module)
        returned = [n.value for n in walk(helper.node) if isinstance(n, ast.Return)] if helper else []
        marks = [value for value in returned if value is not None]
        inner = [one for value in marks for one in self.of_mark(value, helper.module)] if helper else []
        if helper and any(swallows(n) for n in walk(helper.node) if isinstance(n, ast.ExceptHandler)):
            inner.append(_disabler("xfail", "always", mark, module))
        if inner:
            yield from inner
        elif _SPEAKING.search(name.rpartition(".")[2]) and not name.startswith("pytest.mark.parametrize"):
            yield _disabler("skip", "unknown", mark, module)

    def _mark(self, last: str, call: ast.Call, mark: ast.expr, module: SuiteModule) -> Iterator[Disabler]:
        given = {one.arg: one.value for one in call.keywords if one.arg}
        conditions = [arg for arg in call.args if last not in {"skip", "SkipTest", "expectedFailure"}]
        condition = given.get("condition") or (conditions[0] if conditions else None)
        if last == "skipUnless" and condition is not None:
            condition = ast.UnaryOp(ast.Not(), condition)
        weight = self._conditions.weigh(condition, module) if condition is not None else "always"
        expected = last in {"xfail", "expectedFailure"}
        if expected and weight == "always" and self._is_strict(given) and ("reason" in given or conditions):
            weight = "reviewable"
        if weight != "never":
            yield _disabler("xfail" if expected else "skip", weight, mark, module)

    def _is_strict(self, given: dict[str, ast.expr]) -> bool:
        strict = given.get("strict")
        runs = text_of(given["run"]) != "False" if "run" in given else True
        held = text_of(strict) == "True" if strict else self._files.collection.strict_xfail
        return held and runs

    def _of_module(self, module: SuiteModule) -> list[Disabler]:
        if module not in self._of_modules:
            outer = [stmt for stmt in module.tree.body if not isinstance(stmt, Definition)]
            heads = [
                ast.Expr(value) for stmt in module.tree.body if isinstance(stmt, Function) for value in _defaults(stmt)
            ]
            self._of_modules[module] = self._of_steps(steps([*outer, *heads], module.tables), module)
        return self._of_modules[module]

    def _of_body(self, test: SuiteTest) -> list[Disabler]:
        if test not in self._of_functions:
            found = steps(test.body, test.module.tables) if _SPEAKING.search(test.text) else iter(())
            self._of_functions[test] = self._of_steps(found, test.module)
        return self._of_functions[test]

    def _of_steps(self, found: Iterator[Step], module: SuiteModule) -> list[Disabler]:
        disablers = []
        for step in found:
            if step.dead or step.local or isinstance(step.stmt, Definition):
                continue
            for part in step.parts:
                for call in (node for node in walk(part) if isinstance(node, ast.Call | ast.Raise)):
                    weight = self._imperative(call, step, module)
                    if weight and weight != "never":
                        kind: Kind = "xfail" if "xfail" in text_of(call).partition("(")[0] else "skip"
                        disablers.append(_disabler(kind, weight, call, module))
        return disablers

    def _imperative(self, node: ast.Call | ast.Raise, step: Step, module: SuiteModule) -> Weight | None:
        raised = node.exc if isinstance(node, ast.Raise) else node
        func = raised.func if isinstance(raised, ast.Call) else raised
        name = (module.names.of(func) or text_of(func)) if func else ""
        owner, _, last = name.rpartition(".")
        if isinstance(node, ast.Raise):
            skips = last in {"SkipTest", "Skipped"} or name == "pytest.skip.Exception"
        else:
            skips = name in {"pytest.skip", "pytest.xfail", "pytest.importorskip"} or (owner, last) == (
                "self",
                "skipTest",
            )
        if not skips:
            return None
        own: Weight = "always"
        if last == "importorskip" and isinstance(node, ast.Call):
            own = self._conditions.of_import(node, module)
        return joined([own, *(self._conditions.of_guard(guard, module) for guard in step.guards)])

    def _setups(self, test: SuiteTest) -> Iterator[SuiteTest]:
        """Yield the functions that run before a test and may skip it."""
        for name in _SETUPS if test.parents else ():
            method = self._files.method(name, test)
            if method:
                yield method
        yield from (test.module.helpers[name] for name in _MODULE_SETUPS if name in test.module.helpers)
        asked = [self._files.fixture(name, test) for name in test.parameters]
        asked += [self._files.fixture_named(name, test) for name in _used(test)]
        yield from (one for one in asked if one)
        yield from (one for one in test.module.fixtures.values() if _is_autouse(one.node) and not one.parents)


def _defaults(node: Function) -> list[ast.expr]:
    return [value for value in (*node.args.defaults, *node.args.kw_defaults) if isinstance(value, ast.Call)]


def _used(test: SuiteTest) -> Iterator[str]:
    """Yield the fixtures that a test asks for by `usefixtures`."""
    for mark in test.marks:
        if isinstance(mark, ast.Call) and text_of(mark.func).endswith(".usefixtures"):
            yield from (str(arg.value) for arg in mark.args if isinstance(arg, ast.Constant))


def _awaits(node: ast.AsyncFunctionDef) -> bool:
    return any(isinstance(part, ast.Await | ast.AsyncWith | ast.AsyncFor) for part in walk(node))


def _is_autouse(node: Function) -> bool:
    return any("autouse=True" in text_of(mark) for mark in node.decorator_list)


def _disabler(kind: Kind, weight: Weight, node: ast.AST, module: SuiteModule) -> Disabler:
    return Disabler(kind, weight, text_of(node).split("\n")[0][:100], getattr(node, "lineno", 1), module.path)
