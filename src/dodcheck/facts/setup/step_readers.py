"""What files of commands, services and images define: targets, recipes, scripts, tasks, packages."""

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec
import yaml

from dodcheck.errors import ToolError
from dodcheck.facts.code.writing import written

StepKind = Literal[
    "make target", "just recipe", "nox session", "npm script", "task",
    "script", "extra", "service", "system package", "file",
]  # fmt: skip

_TARGET = re.compile(r"^([A-Za-z0-9][\w./ -]*?)\s*::?(?!=)(?:\s|$)", re.MULTILINE)
_RECIPE = re.compile(r"^@?([a-zA-Z_][\w-]*)(?:\s+[^:=\n]*)?:(?!=)", re.MULTILINE)
_ALIAS = re.compile(r"^alias\s+([\w-]+)\s*:=", re.MULTILINE)
_INSTALLED = re.compile(r"\b(?:apt-get|apt|apk|dnf|yum|microdnf)\s+(?:-\S+\s+)*(?:install|add)\s+(?P<names>[^&|;\n]*)")
_FOR_TESTS = re.compile(r"(^|[-_])(ci|tests?|testing|e2e|bench\w*|debug|lint)([-_]|$)", re.IGNORECASE)
_PACKAGE = re.compile(r"^[a-z0-9][a-z0-9+.-]+")


class Step(msgspec.Struct, frozen=True):
    """One thing that setting a project up may rest on.

    Args:
        kind: What it is.
        name: Its name.
        path: The file that defines it.
        line: 1-based line.
    """

    kind: StepKind
    name: str
    path: str
    line: int = 1


def reader_of(path: str) -> Callable[[str, str], Iterator[Step]] | None:
    """Return what reads the steps of a file of this name; None for other files."""
    name = path.rpartition("/")[2].lower()
    if name in {"makefile", "gnumakefile"}:
        return _targets
    if name in {"justfile", ".justfile"}:
        return _recipes
    if name == "package.json":
        return _npm_scripts
    if re.fullmatch(r"taskfile(\.dist)?\.ya?ml", name):
        return _tasks
    if re.fullmatch(r"(docker-)?compose([-_.][\w.-]+)?\.ya?ml", name):
        return None if re.search(r"[-_.](ci|tests?|testing|e2e|bench\w*)[-_.]", name) else _services
    return _packages if re.fullmatch(r"(.*[-_.])?(dockerfile|containerfile)([-_.].*)?", name) else None


def line_at(text: str, index: int) -> int:
    """Return the 1-based line of an index."""
    return text.count("\n", 0, index) + 1


def _targets(path: str, text: str) -> Iterator[Step]:
    for found in _TARGET.finditer(text):
        for name in found[1].split():
            yield Step("make target", name, path, line_at(text, found.start()))


def _recipes(path: str, text: str) -> Iterator[Step]:
    for pattern in (_RECIPE, _ALIAS):
        yield from (
            Step("just recipe", found[1], path, line_at(text, found.start())) for found in pattern.finditer(text)
        )


def _npm_scripts(path: str, text: str) -> Iterator[Step]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ToolError(f"{path}: {error}", "mend the file") from error
    scripts = data.get("scripts") if isinstance(data, dict) else None
    for name in scripts if isinstance(scripts, dict) else ():
        found = re.search(rf"{re.escape(json.dumps(name))}\s*:", text)
        yield Step("npm script", name, path, line_at(text, found.start()) if found else 1)


def _tasks(path: str, text: str) -> Iterator[Step]:
    tasks = _loaded(path, text).get("tasks")
    for name in tasks if isinstance(tasks, dict) else ():
        yield Step("task", str(name), path, _key_line(str(name), text))


def _loaded(path: str, text: str) -> Mapping[str, Any]:
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ToolError(f"{path}: {str(error).splitlines()[0]}", "mend the file") from error
    return data if isinstance(data, dict) else {}


def _key_line(name: str, text: str) -> int:
    found = re.search(rf"^\s+[\"']?{re.escape(name)}[\"']?\s*:", text, re.MULTILINE)
    return line_at(text, found.start()) + found[0].count("\n") if found else 1


def _services(path: str, text: str) -> Iterator[Step]:
    if re.search(r":\s*!|^\s*-?\s*!", text, re.MULTILINE):  # compose's own tags (!reset, !override)
        names: Iterable[object] = re.findall(r"^  ([\w-]+):\s*$", text, re.MULTILINE)
    else:
        services = _loaded(path, text).get("services")
        names = [n for n, it in services.items() if not _is_aside(str(n), it)] if isinstance(services, dict) else []
    for name in names:
        yield Step("service", str(name), path, _key_line(str(name), text))


def _is_aside(name: str, service: object) -> bool:
    """Tell whether a service is a template for others, or starts only in a profile for tests."""
    profiles = service.get("profiles") if isinstance(service, dict) else None
    wanted = profiles if isinstance(profiles, list) else []
    return name.startswith(".") or (bool(wanted) and all(_FOR_TESTS.search(str(one)) for one in wanted))


def _packages(path: str, text: str) -> Iterator[Step]:
    joined = re.sub(r"\\[ \t]*\n(?:[ \t]*#.*\n)*", lambda held: " " * len(held[0]), text)
    for run in _INSTALLED.finditer(joined):
        for word in run["names"].split():
            if named := _PACKAGE.match(word):
                yield Step("system package", named[0].partition("=")[0], path, 1 + text[: run.start()].count("\n"))


def sessions(path: str, tree: ast.Module) -> Iterator[Step]:
    """Yield the sessions of a noxfile."""
    for node in tree.body:
        marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        for mark in marks:
            call = mark.func if isinstance(mark, ast.Call) else mark
            if isinstance(node, ast.FunctionDef) and written(call) in {"nox.session", "session"}:
                keywords = mark.keywords if isinstance(mark, ast.Call) else []
                given = [kw.value.value for kw in keywords if kw.arg == "name" and isinstance(kw.value, ast.Constant)]
                yield Step("nox session", str(given[0]) if given else node.name, path, node.lineno)
