"""Commands, extras, services, system packages and the Python bound: what setting a project up rests on."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, Self

import msgspec
import yaml

from dodcheck.change import Both, Change, Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.writing import written
from dodcheck.facts.setup.dependencies import Dependencies, is_aside
from dodcheck.facts.setup.manifests import is_manifest

_LOCAL = {"make target", "just recipe", "nox session"}
StepKind = Literal["make target", "just recipe", "nox session", "script", "extra", "service", "system package", "file"]

_TARGET = re.compile(r"^([A-Za-z0-9][\w./ -]*?)\s*::?(?!=)(?:\s|$)", re.MULTILINE)
_RECIPE = re.compile(r"^@?([a-zA-Z_][\w-]*)(?:\s+[^:=\n]*)?:(?!=)", re.MULTILINE)
_ALIAS = re.compile(r"^alias\s+([\w-]+)\s*:=", re.MULTILINE)
_INSTALLED = re.compile(r"\b(?:apt-get|apt|apk|dnf|yum|microdnf)\s+(?:-\S+\s+)*(?:install|add)\s+(?P<names>[^&|;\n]*)")
_PACKAGE = re.compile(r"^[a-z0-9][a-z0-9+.-]+")
_OPEN = re.compile(r"^-?include\s|^%", re.MULTILINE)
_RUN = re.compile(
    r"\.(sh|bash|py|ps1|bat|ya?ml|toml|txt|in|cfg|env|example|sample|ini)$|(^|/)(Makefile|Dockerfile[\w.-]*)$"
)


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


class SetupSurface:
    """The steps that files of one side define.

    Args:
        snapshot: The side to read from.
        modules: Its syntax trees.
        dependencies: Its manifests.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules, dependencies: Dependencies) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._dependencies = dependencies

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules, dependencies: Dependencies) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, modules, dependencies)

    def steps(self, path: str | None) -> tuple[Step, ...]:
        """Return what one file defines.

        Raises:
            ToolError: It is not well-formed.
        """
        text = self._modules.text(path)
        reader = _reader(path or "")
        if not path or not text:
            return ()
        if reader:
            return tuple(reader(path, text))
        if path.rpartition("/")[2] == "noxfile.py":
            return tuple(_sessions(path, self._modules.tree(path)))
        return tuple(self._declared(path)) if is_manifest(path) and not is_aside(path) else ()

    def python(self, path: str | None) -> str | None:
        """Return the bound on the Python version in a manifest."""
        return self._dependencies.manifest(path).python if path and is_manifest(path) else None

    def defining(self, wanted: frozenset[tuple[StepKind, str]]) -> tuple[Step, ...]:
        """Return the steps of given kinds and names over all files of the side; files that are broken have none."""
        found: list[Step] = []
        for path in (path for path in self._snapshot.paths() if has_steps(path)):
            text = self._modules.text(path).lower()
            if any(name.partition("-")[0].lower() in text for _, name in wanted):
                try:
                    found += [step for step in self.steps(path) if (step.kind, step.name) in wanted]
                except ToolError:
                    continue  # the change does not touch it, so it is not this rule's to judge
        return tuple(found)

    def is_open(self, kind: StepKind) -> bool:
        """Tell whether files of the side may define more steps of a kind than are written in them."""
        suffix = {"make target": "makefile"}.get(kind)
        makefiles = [path for path in self._snapshot.paths() if suffix and path.lower().endswith(suffix)]
        return any(_OPEN.search(self._modules.text(path)) for path in makefiles)

    def _declared(self, path: str) -> Iterator[Step]:
        manifest = self._dependencies.manifest(path)
        yield from (Step("script", name, path, line) for name, line in manifest.scripts.items())
        if not path.endswith((".txt", ".in")):
            text = self._modules.text(path)
            for name in manifest.extras:
                found = re.search(
                    rf"^\s*[\"']?{re.escape(name).replace('-', '[-_.]')}[\"']?\s*[=:]", text, re.MULTILINE
                )
                yield Step("extra", name, path, _at(text, found.end()) if found else 1)


def has_steps(path: str) -> bool:
    """Tell whether a file of this name defines steps."""
    known = path.endswith("noxfile.py") or is_manifest(path) or _reader(path) is not None
    return known and not is_aside(path)


def _reader(path: str) -> Callable[[str, str], Iterator[Step]] | None:
    name = path.rpartition("/")[2].lower()
    if name in {"makefile", "gnumakefile"}:
        return _targets
    if name in {"justfile", ".justfile"}:
        return _recipes
    if re.fullmatch(r"(docker-)?compose([-_.][\w.-]+)?\.ya?ml", name):
        return None if re.search(r"[-_.](ci|tests?|testing|e2e|bench\w*)[-_.]", name) else _services
    return _packages if re.fullmatch(r"(.*[-_.])?(dockerfile|containerfile)([-_.].*)?", name) else None


def _at(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1


def _targets(path: str, text: str) -> Iterator[Step]:
    for found in _TARGET.finditer(text):
        for name in found[1].split():
            yield Step("make target", name, path, _at(text, found.start()))


def _recipes(path: str, text: str) -> Iterator[Step]:
    for pattern in (_RECIPE, _ALIAS):
        yield from (Step("just recipe", found[1], path, _at(text, found.start())) for found in pattern.finditer(text))


def _services(path: str, text: str) -> Iterator[Step]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        if "!" in text:  # compose's own tags (!reset, !override)
            data = {"services": dict.fromkeys(re.findall(r"^  ([\w-]+):\s*$", text, re.MULTILINE))}
        else:
            raise ToolError(f"{path}: {str(error).splitlines()[0]}", "mend the file") from error
    services = data.get("services") if isinstance(data, dict) else None
    for name in services if isinstance(services, dict) else ():
        found = re.search(rf"^\s+[\"']?{re.escape(str(name))}[\"']?\s*:", text, re.MULTILINE)
        yield Step("service", str(name), path, _at(text, found.start()) + found[0].count("\n") if found else 1)


def _packages(path: str, text: str) -> Iterator[Step]:
    joined = re.sub(r"\\[ \t]*\n(?:[ \t]*#.*\n)*", lambda held: " " * len(held[0]), text)
    for run in _INSTALLED.finditer(joined):
        for word in run["names"].split():
            if named := _PACKAGE.match(word):
                yield Step("system package", named[0].partition("=")[0], path, 1 + text[: run.start()].count("\n"))


def _sessions(path: str, tree: ast.Module) -> Iterator[Step]:
    for node in tree.body:
        marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        for mark in marks:
            call = mark.func if isinstance(mark, ast.Call) else mark
            if isinstance(node, ast.FunctionDef) and written(call) in {"nox.session", "session"}:
                keywords = mark.keywords if isinstance(mark, ast.Call) else []
                given = [kw.value.value for kw in keywords if kw.arg == "name" and isinstance(kw.value, ast.Constant)]
                yield Step("nox session", str(given[0]) if given else node.name, path, node.lineno)


class SurfaceChanges(msgspec.Struct, frozen=True):
    """How the setup surface differs.

    Args:
        new: Steps that no file of base defines.
        gone: Steps, and files that one runs or fills in, that no file of head has.
        python: Manifests whose bound on Python differs: path to the bounds at base and head.
    """

    new: tuple[Step, ...]
    gone: tuple[Step, ...]
    python: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, change: Change, surface: Both[SetupSurface]) -> Self:
        """Read the changed files; look at all others only when something seems new or gone.

        Raises:
            ToolError: One of them is not well-formed.
        """
        files = [f for f in change.files if has_steps(f.path) or has_steps(f.base_path or "")]
        head = [step for f in files if has_steps(f.head_path or "") for step in surface.head.steps(f.head_path)]
        base = [step for f in files if has_steps(f.base_path or "") for step in surface.base.steps(f.base_path)]
        new = _others(head, base, surface.base, change)
        gone = _others(base, head, surface.head, change)
        moved = [f.base_path for f in change.files if f.base_path and f.base_path != f.head_path]
        lost = [Step("file", path, path) for path in moved if _RUN.search(path) and not is_aside(path)]
        bounds = {
            f.path: (old, now)
            for f in files
            if (old := surface.base.python(f.base_path)) and (now := surface.head.python(f.head_path)) and old != now
        }
        return cls(new, (*gone, *(one for one in lost if change.head.blob(one.path) is None)), bounds)


def _others(some: list[Step], known: list[Step], other: SetupSurface, change: Change) -> tuple[Step, ...]:
    names = {(one.kind, one.name) for one in known}
    left = [one for one in some if (one.kind, one.name) not in names]
    elsewhere = other.defining(frozenset((one.kind, one.name) for one in left)) if left else ()
    kept = {(one.kind, one.name): one for one in reversed(left) if not any(_serves(o, one, change) for o in elsewhere)}
    return tuple(kept.values())


def _serves(other: Step, one: Step, change: Change) -> bool:
    """Tell whether a step elsewhere stands for `one`: commands are run in the folder of their file, or above it."""
    if (other.kind, other.name) != (one.kind, one.name):
        return False
    survives = change.base.blob(one.path) is not None and change.head.blob(one.path) is not None
    above = other.path.rpartition("/")[0]
    return one.kind not in _LOCAL or not survives or f"{one.path.rpartition('/')[0]}/".startswith(above and f"{above}/")
