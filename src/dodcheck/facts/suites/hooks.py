"""What a conftest or plugin can do to the outcome of tests by its hooks and automatic fixtures."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.disabling import Disabling
from dodcheck.facts.suites.examples import patched_targets
from dodcheck.facts.suites.folding import text_of, truth
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest, is_fixture
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.patterns import pattern

FIX = "leave the outcome of tests to the tests"
EXITS = {"sys.exit", "os._exit", "exit", "quit", "pytest.exit"}

_GATE = pattern(r"getoption|getini|config\.option\.|config\.getvalue")
_ENVIRONMENT = pattern(r"os\.(environ|getenv)")
_MACHINE = pattern(r"sys\.(platform|version_info)|os\.name|platform\.|which\(|find_spec|HAS_\w+")
_OUTCOMES = {"outcome", "wasxfail", "longrepr", "excinfo", "failed", "passed", "skipped", "exitstatus", "testsfailed"}
_SELECTING = {"markexpr", "keyword", "deselect", "ignore", "ignore_glob", "collectonly"}
_DROPS = pattern(r"^items\.(remove|clear|pop)$|\.pytest_deselected$")
_CALLING = {"pytest_runtest_call", "pytest_pyfunc_call", "pytest_runtest_protocol", "pytest_runtestloop"}
_REPORTING = {
    "pytest_runtest_makereport",
    "pytest_runtest_logreport",
    "pytest_runtest_logfinish",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "pytest_report_teststatus",
    "pytest_sessionstart",
    "pytest_sessionfinish",
    "pytest_exception_interact",
    "pytest_configure",
    "pytest_unconfigure",
    "pytest_cmdline_main",
    "pytest_terminal_summary",
}

_Effect: TypeAlias = tuple[Certainty, str] | None


class Hooked(msgspec.Struct, frozen=True):
    """What judging the hooks of a file needs.

    Args:
        module: The file at head.
        before: The file at base; None when it is new.
        disabling: Reads marks.
        tests: Paths of base's test files.
        changed: Names of the functions and classes that the change alters.
    """

    module: SuiteModule
    before: SuiteModule | None
    disabling: Disabling
    tests: Sequence[str]
    changed: frozenset[str]


def is_hook_file(path: str, text: str) -> bool:
    """Tell whether a file can alter outcomes: a conftest, or a module with hooks of pytest."""
    return path.endswith("conftest.py") or re.search(r"^\s*def pytest_\w+", text, re.MULTILINE) is not None


def judge_hooks(file: Hooked) -> Iterator[Suspicion]:
    """Yield what the hooks and automatic fixtures of a file newly do to outcomes."""
    old = {one.name: one.code for one in (*file.before.others, *file.before.tests)} if file.before else {}
    for one in file.module.others:
        if old.get(one.name) == one.code:
            continue
        found = _of_function(one, file)
        if found:
            certainty, why = found
            yield Suspicion("T9", one.path, one.line, one.name, f"{one.node.name} {why}", FIX, certainty)


def _of_function(one: SuiteTest, file: Hooked) -> _Effect:
    name = one.node.name
    if name == "pytest_collection_modifyitems":
        return _of_drops(one.node) or _of_marks(one, file)
    if name == "pytest_ignore_collect":
        return _gated(one.node, "keeps files from being collected")
    if name in _CALLING:
        return _of_call(one, file)
    if name in _REPORTING:
        return _of_report(one, file)
    return _of_fixture(one, file) if is_fixture(one.node) else None


def _gated(node: ast.AST, why: str) -> _Effect:
    """A hook that asks for a command line option does what the person at the command line says."""
    text = text_of(node)
    if _GATE.search(text):
        return None
    return "likely" if _ENVIRONMENT.search(text) else "certain", why


def _of_drops(node: Function) -> _Effect:
    values = _local_values(node)
    dropped = [part for part in walk(node) if _drops(part) and not _only_sorts(part, values)]
    return _gated(node, "takes tests out of the run") if dropped else None


def _of_marks(one: SuiteTest, file: Hooked) -> _Effect:
    node, values = one.node, _local_values(one.node)
    marks = [call.args[0] for call in _calls(node) if _name(call).endswith("add_marker") and call.args]
    resolved = [values.get(mark.id, mark) if isinstance(mark, ast.Name) else mark for mark in marks]
    found = [d for value in resolved for d in file.disabling.of_mark(value, one.module) if d.weight != "environment"]
    text = text_of(node)
    if not found or _GATE.search(text):
        return None
    if any(_MACHINE.search(text_of(part.test)) for part in walk(node) if isinstance(part, ast.If)):
        return "harmless", "skips tests on some machines"
    if _ENVIRONMENT.search(text) or re.search(r"keywords|get_closest_marker|iter_markers", text):
        return "likely", f"marks some tests with {found[0].text}"
    return "certain", f"marks tests with {found[0].text}"


def _local_values(node: Function) -> dict[str, ast.expr]:
    assigned = [part for part in walk(node) if isinstance(part, ast.Assign)]
    return {t.id: part.value for part in assigned for t in part.targets if isinstance(t, ast.Name)}


def _drops(part: ast.AST) -> bool:
    if isinstance(part, ast.Call):
        return _DROPS.search(_name(part)) is not None
    if isinstance(part, ast.Assign):
        return any(isinstance(t, ast.Subscript) and text_of(t.value) == "items" for t in part.targets)
    return isinstance(part, ast.Delete) and any(text_of(t).startswith("items[") for t in part.targets)


def _only_sorts(part: ast.AST, values: dict[str, ast.expr]) -> bool:
    """`items[:] = sorted(items, …)` keeps every test; so does one list after another."""
    if not isinstance(part, ast.Assign):
        return False
    value = values.get(part.value.id, part.value) if isinstance(part.value, ast.Name) else part.value
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return True
    filters = any(isinstance(one, ast.comprehension) and one.ifs for one in walk(value))
    return isinstance(value, ast.Call) and _name(value) in {"sorted", "list", "reversed"} and not filters


def _of_call(one: SuiteTest, file: Hooked) -> _Effect:
    """A wrapper that yields and lets the result be is harmless; whatever runs tests in pytest's place is not."""
    yields = any(isinstance(part, ast.Yield) for part in walk(one.node))
    return _of_report(one, file) or (None if yields else ("certain", "runs tests in pytest's place"))


def _of_report(one: SuiteTest, file: Hooked) -> _Effect:
    found = next(filter(None, (_of_part(part, one.node) for part in walk(one.node))), None)
    if found:
        return found
    if one.node.name in {"pytest_runtest_setup", *_CALLING}:
        always = [d for d in file.disabling.of_test(one) if d.always]
        return ("certain", f"skips every test: {always[0].text}") if always else None
    return ("likely", "tells outcomes in words of its own") if one.node.name == "pytest_report_teststatus" else None


def _of_part(part: ast.AST, node: Function) -> _Effect:
    if isinstance(part, ast.Assign):
        named = {target.attr for target in part.targets if isinstance(target, ast.Attribute)}
        if named & _OUTCOMES:
            return "certain", f"sets {min(named & _OUTCOMES)} of what pytest reports"
        if named & _SELECTING:
            return "likely", f"sets {min(named & _SELECTING)}, by which tests are selected"
    if isinstance(part, ast.Call) and _forces(part):
        return "certain", f"decides on the outcome by {_name(part)}"
    if isinstance(part, ast.ExceptHandler) and _hides(part):
        waits = node.name in _CALLING or any(isinstance(one, ast.Yield) for one in walk(node))
        return ("certain", "catches the failure of tests") if waits else None
    return None


def _forces(call: ast.Call) -> bool:
    name = _name(call)
    if name.endswith((".force_result", ".force_exception")):
        return True
    if name in EXITS:
        return not call.args or truth(call.args[0]) is False
    if name.endswith("setattr") and len(call.args) > 1:
        return text_of(call.args[1]).strip("'\"") in _OUTCOMES
    return any(one.arg == "outcome" and text_of(one.value).strip("'\"") == "passed" for one in call.keywords)


def _hides(handler: ast.ExceptHandler) -> bool:
    named = text_of(handler.type) if handler.type else "BaseException"
    idle = all(isinstance(stmt, ast.Pass | ast.Return) for stmt in handler.body)
    return named in {"BaseException", "Exception", "AssertionError"} and idle


def _of_fixture(one: SuiteTest, file: Hooked) -> _Effect:
    """An automatic fixture that skips, or that replaces what is under test, holds for every test."""
    if "autouse=True" not in "".join(map(text_of, one.node.decorator_list)):
        return None
    always = [d for d in file.disabling.of_test(one) if d.always]
    if always:
        return "certain", f"skips every test by itself: {always[0].text}"
    patched = [found.name for found in patched_targets(one) if found.name in file.changed]
    return ("likely", f"replaces {patched[0]}, which the change alters, for every test") if patched else None


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (part for part in walk(node) if isinstance(part, ast.Call))


def _name(call: ast.Call) -> str:
    return text_of(call.func)
