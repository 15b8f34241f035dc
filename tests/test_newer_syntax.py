"""Code for a newer Python than the running one: read by the project's Python, judged as any other."""

import ast
import io
import os
import re
import shutil
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Repository, item

from dodcheck.change import TreeSnapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.exports import Exports
from dodcheck.facts.code.foreign_trees import rebuilt
from dodcheck.facts.code.functions import Functions
from dodcheck.facts.code.modules import Modules, symbol_at
from dodcheck.facts.code.writing import written
from dodcheck.run import Ran
from dodcheck.sources.syntax import Syntax
from dodcheck.verdict import Status

DEFINITION = "# Definition of Done\n\n- [ ] Type hints added for public functions\n"
GENERIC = "def f[T: (int, str), *Ts, **P](x: T) -> T:\n    return x\n"
# 3.12 alone can parse it: type parameters, and the same quotes inside an f-string
CODE = f"""{GENERIC}
type Pair[T] = tuple[T, T]


class Box[T]:
    äöü = "é"; late = lambda x: x

    def text(self, one: Pair[T], two: str = f"{{"a\\n"!r:>{{10}}}}") -> str:
        return f"{{one["key"]}}\\n{{'\\x01'.join([two])!r:{{two}}}}"
"""


def newer() -> str | None:
    """Return a Python of a later minor version than the running one."""
    versions = Path.home() / ".pyenv" / "versions"
    found = {one: one / "bin" / "python" for one in versions.glob("3.*")} if versions.is_dir() else {}
    for folder, python in sorted(found.items()):
        number = re.match(r"3\.(\d+)", folder.name)
        if number and int(number[1]) >= 12 and int(number[1]) > sys.version_info.minor and python.exists():
            return str(python)
    names = (f"python3.{minor}" for minor in range(max(12, sys.version_info.minor + 1), 20))
    return next(filter(None, map(shutil.which, names)), None)


NEWER = newer()
needs_newer = pytest.mark.skipif(NEWER is None, reason="no Python newer than the running one is installed")
reads_it_itself = pytest.mark.skipif(sys.version_info >= (3, 12), reason="the running Python reads this syntax itself")


@pytest.fixture
def syntax(tmp_path: Path) -> Iterator[Syntax]:
    reader = Syntax(tmp_path, lambda: (NEWER or "", "of the test"), [])
    yield reader
    reader.close()


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A repository whose `.venv` has the newer Python."""
    repository.commit({"DOD.md": DEFINITION, "pkg/__init__.py": "", ".gitignore": ".venv\n"})
    (repository.path / ".venv" / "bin").mkdir(parents=True)
    (repository.path / ".venv" / "bin" / "python").symlink_to(NEWER or sys.executable)
    return repository


@needs_newer
@pytest.mark.parametrize("module", [ast, os, re, shutil])
def test_what_both_can_parse_is_the_same_tree(syntax: Syntax, module: object) -> None:
    text = Path(str(vars(module)["__file__"])).read_text(encoding="utf-8")
    parsed = syntax.read(text)
    tree = rebuilt(parsed.nodes, parsed.kinds)
    assert ast.dump(tree) == ast.dump(ast.parse(text))
    assert written(tree) == written(ast.parse(text))


@needs_newer
def test_constants_survive(syntax: Syntax) -> None:
    text = f"x = (1e999, 2.5j, b'\\xff\\0', ..., None, True, -7, '\\ud800é\\n', 0x{'f' * 9000})\n"
    parsed = syntax.read(text)
    (given, expected) = (rebuilt(parsed.nodes, parsed.kinds), ast.parse(text))
    values = [[node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)] for tree in (given, expected)]
    assert values[0] == values[1]


@needs_newer
def test_a_deep_tree_needs_no_recursion(syntax: Syntax) -> None:
    parsed = syntax.read("type X = int\ny = " + " + ".join(["x"] * 2000) + "\n")
    assert parsed.problem == ""


@needs_newer
def test_facts_over_foreign_nodes(syntax: Syntax) -> None:
    snapshot = TreeSnapshot("head", {"pkg/__init__.py": "from .a import f, Pair\n", "pkg/a.py": CODE})
    modules = Modules(snapshot, syntax)
    tree = modules.tree("pkg/a.py")
    kinds = {type(node).__name__ for node in ast.walk(tree)}
    assert {"TypeAlias", "TypeVar", "TypeVarTuple", "ParamSpec"} <= kinds
    found = {one.name: one for one in Functions(modules).at("pkg/a.py")}
    assert list(found) == ["f", "Box.text"]
    assert found["f"].signature.text.startswith("def f[T: (int, str), *Ts, **P](x: T) -> T:")
    assert found["Box.text"].parameters[2].annotation == "str"
    assert found["Box.text"].body_text == r"""return f'{one['key']}\n{'\x01'.join([two])!r:{two}}'"""
    assert "def text(self, one: Pair[T]" in written(tree)
    assert "class Box[T]:" in written(tree)
    assert "type Pair[T] = tuple[T, T]" in written(tree)
    (late,) = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    assert (late.lineno, late.col_offset) == (8, 4 + len('äöü = "é"; late = '.encode()))
    assert symbol_at(tree, 11) == "Box.text"
    assert Exports(snapshot, modules).is_public("pkg/a.py", "f")


@needs_newer
@reads_it_itself
def test_tokens_stand_where_they_stood(syntax: Syntax) -> None:
    text = (
        "é = f\"{x['a']}\"  # old\n"
        'def f() -> str:\n    return (f"é{x["#"]}"  # one\n        f"{\n        y  # inside\n\n}")  # two\n'
        "type T = int  # three\n"
    )
    old = Modules(TreeSnapshot("head", {"a.py": text}), syntax).old_text("a.py")
    found = [one for one in tokenize.generate_tokens(io.StringIO(old).readline) if one.type == tokenize.COMMENT]
    assert [(one.string, one.start[0]) for one in found] == [("# old", 1), ("# two", 7), ("# three", 8)]
    assert old.splitlines()[0] == text.splitlines()[0]
    assert len(old.splitlines()) == len(text.splitlines())


@needs_newer
def test_no_rule_stumbles_over_newer_strings(project: Repository) -> None:
    code = 'def f(x: dict[str, str]) -> str:\n    try:\n        return f"{x["#"]}{\n            x\n        }"\n'
    code += "    except Exception:  # noqa: BLE001 - callers want any text\n        return ''\n"
    project.commit({"pkg/a.py": code})
    rules = "suppressions,swallowed-errors,stubs,comments,type-hints,test-integrity"
    report = project.check("--select", rules, "--fast")
    found = {rule.id: rule.status for item in report.items for rule in item.rules}
    assert Status.ERROR not in found.values(), found


@needs_newer
def test_a_changed_type_parameter_is_a_changed_signature(syntax: Syntax) -> None:
    texts = []
    for bound in ("int", "str"):
        modules = Modules(TreeSnapshot("head", {"a.py": GENERIC.replace("(int, str)", bound)}), syntax)
        texts.append(Functions(modules).at("a.py")[0].signature.text)
    assert texts[0] != texts[1]


@needs_newer
@reads_it_itself
def test_type_hints_are_judged_in_code_that_the_running_python_cannot_read(project: Repository) -> None:
    project.commit({"pkg/a.py": CODE})
    report = project.check("--select", "type-hints")
    assert item(report, "Type hints").status is Status.PASS
    assert [run.name for run in report.runs] == ["syntax"]
    project.commit({"pkg/b.py": "def f[T](x: T, y) -> T:\n    return x\n"})
    found = item(project.check("--select", "type-hints"), "Type hints")
    assert found.status is Status.FAIL
    assert "`y`" in found.rules[0].findings[0].message


@needs_newer
def test_what_neither_can_parse_is_an_error_that_names_both(project: Repository) -> None:
    project.commit({"pkg/a.py": f"{CODE}def g(:\n"})
    found = item(project.check("--select", "type-hints"), "Type hints")
    assert found.status is Status.ERROR
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert re.search(
        rf"pkg/a\.py:12: neither Python {running}.* nor the project's 3\.\d+\.\d+ \(\.venv\)", found.summary
    )


@needs_newer
def test_no_child_is_started_for_code_that_the_running_python_reads(project: Repository) -> None:
    project.commit({"pkg/a.py": "def f(x: int) -> int:\n    return x\n"})
    report = project.check("--select", "type-hints")
    assert item(report, "Type hints").status is Status.PASS
    assert report.runs == ()


@needs_newer
def test_nothing_of_the_project_runs(syntax: Syntax, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ast.py", "json.py", "sitecustomize.py", "usercustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('ran')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert syntax.read(CODE).problem == ""


def test_without_a_newer_python_the_error_says_what_to_do(repository: Repository) -> None:
    settings = f'[tool.dodcheck]\npython = "{sys.executable}"\n'
    repository.commit({"DOD.md": DEFINITION, "pyproject.toml": settings})
    repository.commit({"a.py": "def f(x: int) -> int:\n    return x +\n"})
    found = item(repository.check("--select", "type-hints"), "Type hints")
    assert found.status is Status.ERROR
    assert "the project's is 3." in found.summary
    assert "set `python` in [tool.dodcheck]" in found.summary


def test_a_parser_that_dies_is_an_error(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho '\"3.99.0\"'\nread line\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    runs: list[Ran] = []
    reader = Syntax(tmp_path, lambda: (str(python), "configured"), runs)
    modules = Modules(TreeSnapshot("head", {"a.py": "type X = = int\n", "b.py": "def f(:\n"}), reader)
    for path in ("a.py", "b.py"):  # the second file has a parser of its own
        with pytest.raises(ToolError, match=r"3\.99\.0 \(configured\) can parse it \(its parser crashed"):
            modules.tree(path)
    assert len(runs) == 1
    reader.close()
