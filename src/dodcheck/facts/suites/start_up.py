"""What a conftest does to the outcome of tests as it is loaded: ignored files, replaced comparisons, an exit."""

import ast
import builtins
import re
from collections.abc import Iterator
from typing import NamedTuple

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.folding import text_of, truth
from dodcheck.facts.suites.hooks import EXITS, FIX, Hooked
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.patterns import pattern

_IGNORED = {"collect_ignore", "collect_ignore_glob"}
_PLAIN_BUILTINS = {"print", "input", "open", "breakpoint", "help", "_", "__import__", "exit", "quit"}
_COMPARING = pattern(
    r"operator\.\w+|unittest\.(case\.)?TestCase\.\w+|pytest\.(raises|approx|fail|warns)|math\.isclose"
    r"|(numpy|np)\.(testing\.\w+|allclose|array_equal)|unittest\.mock\.\w+(\.assert_\w+)?"
)


class _Effect(NamedTuple):
    """One thing that a statement does to outcomes."""

    line: int
    certainty: Certainty
    why: str


def judge_start_up(file: Hooked) -> Iterator[Suspicion]:
    """Yield what the statements of a conftest or plugin, outside of functions, newly do to outcomes."""
    before = {text_of(stmt) for stmt in file.before.tree.body} if file.before else set()
    for stmt in file.module.tree.body:
        if isinstance(stmt, Definition) or text_of(stmt) in before:
            continue
        for one in _effects(stmt, file, "\n".join(before)):
            yield Suspicion("T9", file.module.path, one.line, "", one.why, FIX, one.certainty)


def _effects(stmt: ast.stmt, file: Hooked, before: str) -> Iterator[_Effect]:
    for part in walk(stmt):
        if isinstance(part, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            names = [file.module.names.of(target) or text_of(target) for target in targets]
            yield from _replacing(names, part.lineno)
            if _IGNORED & {*names} and part.value:
                yield from _ignoring(part.value, stmt, file, before)
        elif isinstance(part, ast.Call):
            name = text_of(part.func)
            if name.rpartition(".")[0] in _IGNORED:
                yield from _ignoring(ast.Tuple(part.args, ast.Load()), stmt, file, before)
            elif name in EXITS and not isinstance(stmt, ast.If) and not (part.args and truth(part.args[0])):
                yield _Effect(part.lineno, "certain", f"{text_of(part)} ends the run before any test")


def _replacing(names: list[str], line: int) -> Iterator[_Effect]:
    for name in names:
        owner, _, last = name.rpartition(".")
        builtin = owner == "builtins" and hasattr(builtins, last) and last not in _PLAIN_BUILTINS
        if builtin or _COMPARING.fullmatch(name):
            yield _Effect(line, "certain", f"it replaces {name}, by which tests compare")


def _ignoring(value: ast.expr, stmt: ast.stmt, file: Hooked, before: str) -> Iterator[_Effect]:
    """A file that pytest is told to ignore matters when it has tests at base."""
    folder = file.module.path.rpartition("/")[0]
    named = [part.value for part in walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    for name in (one for one in named if one not in before):
        hit = [test for test in file.tests if _matches(test, f"{folder}/{name}".lstrip("/"))]
        if hit:
            certainty: Certainty = "harmless" if isinstance(stmt, ast.If | ast.Try) else "certain"
            yield _Effect(stmt.lineno, certainty, f"pytest is told to ignore {name}, and so {hit[0]}")


def _matches(path: str, pattern: str) -> bool:
    stars = {"*": ".*", "?": "."}
    expression = "".join(stars.get(char) or re.escape(char) for char in pattern.rstrip("/"))
    return re.fullmatch(f"{expression}(/.*)?", path) is not None
