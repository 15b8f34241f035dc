"""Scenarios in pytest modules and in Robot Framework suites."""

import ast
import re
from collections.abc import Iterator, Sequence

from dodcheck.facts.code.modules import Function, definitions
from dodcheck.facts.code.writing import written
from dodcheck.facts.scenarios.scenario import Scenario, ScenarioFile

_MARKS = re.compile(r"\bmark\.(?:e2e|end2end|end_to_end|integration|acceptance)\b")
_SKIP = re.compile(r"(?:^|\.)(?:mark\.)?(?:skip|xfail)(?:$|\()")
_SECTION = re.compile(r"^\*+\s*([\w ]+?)\s*\**\s*$")
_ROBOT_SKIP = re.compile(r"robot:(?:skip|exclude)|^\s+Skip\b", re.MULTILINE)


def read_tests(tree: ast.Module, text: str, path: str, *, marked: bool) -> ScenarioFile:
    """Read a pytest module.

    Args:
        tree: Its syntax tree.
        text: Its text.
        path: The file.
        marked: Only tests that bear a mark of such tests are scenarios: the file stands in no folder of them.
    """
    lines = text.split("\n")
    outer = any(_is_pytestmark(one) and _MARKS.search(written(one)) for one in tree.body)
    off = any(_is_pytestmark(one) and re.search(r"\bmark\.skip\b", written(one)) for one in tree.body)
    classes = {name: node for name, node in definitions(tree) if isinstance(node, ast.ClassDef)}
    found: list[Scenario] = []
    spans: list[tuple[int, int]] = []
    for name, node in sorted(definitions(tree), key=lambda pair: pair[1].lineno):
        if not isinstance(node, Function) or not node.name.startswith("test"):
            continue
        owner = classes.get(name.rpartition(".")[0])
        marks = [*map(written, node.decorator_list), *map(written, owner.decorator_list if owner else ())]
        if marked and not outer and not any(map(_MARKS.search, marks)):
            continue
        spans.append((min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno or node.lineno))
        skipped = off or any(map(_SKIP.search, marks)) or _skips_itself(node)
        title = name.replace(".", "::")
        found.append(Scenario(path, title, "", node.lineno, skipped, written(node)))
    around = "" if marked else _around(tree, lines, spans)
    return ScenarioFile(path, "pytest", tuple(found), around, text)


def is_marked(text: str) -> bool:
    """Tell whether a test module, or a project's settings, name a mark of end-to-end tests."""
    return bool(_MARKS.search(text))


def read_suite(text: str, path: str) -> ScenarioFile:
    """Read a Robot Framework suite."""
    section, start, title = "", 0, ""
    lines = text.split("\n")
    found: list[Scenario] = []
    around: list[str] = []

    def close(end: int) -> None:
        if title:
            body = "\n".join(lines[start:end])
            found.append(Scenario(path, title, "", start + 1, bool(_ROBOT_SKIP.search(body)), body))

    for number, line in enumerate(lines):
        header = _SECTION.match(line)
        if header or (section.startswith(("test case", "task")) and line[:1].strip() not in {"", "#"}):
            close(number)
            section = header[1].lower() if header else section
            title, start = ("" if header else line.strip()), number
        elif not section.startswith(("test case", "task")) and line.strip() and not line.lstrip().startswith("#"):
            around.append(line)
    close(len(lines))
    return ScenarioFile(path, "robot", tuple(found), "\n".join(around), text)


def _is_pytestmark(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(one, ast.Name) and one.id == "pytestmark" for one in targets)


def _skips_itself(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return bool(body) and isinstance(body[0], ast.Expr) and written(body[0]).startswith("pytest.skip(")


def _around(tree: ast.Module, lines: Sequence[str], spans: Sequence[tuple[int, int]]) -> str:
    """Return fixtures and helpers: statements outside of the tests, imports and docstrings left out."""
    del lines
    taken = {line for first, last in spans for line in range(first, last + 1)}
    return "\n".join(_kept(tree.body, taken))


def _kept(body: Sequence[ast.stmt], taken: set[int]) -> Iterator[str]:
    for one in body:
        if isinstance(one, ast.Import | ast.ImportFrom) or one.lineno in taken:
            continue
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            continue
        if isinstance(one, ast.ClassDef):
            yield from _kept(one.body, taken)
        else:
            yield written(one)
