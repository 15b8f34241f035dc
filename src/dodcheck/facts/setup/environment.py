"""Environment variables that the product reads, and which of them the change brings or takes."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Self

import msgspec

from dodcheck.change import Both, Change, Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.setup.dependencies import is_aside
from dodcheck.facts.setup.dynaconf_settings import dynaconf_variables
from dodcheck.facts.setup.environment_calls import Template, called_variables, main_lines, wrappers_in
from dodcheck.facts.setup.imported_names import ImportedNames
from dodcheck.facts.setup.prefixed_options import prefixed_options
from dodcheck.facts.setup.settings_fields import settings_variables
from dodcheck.facts.setup.variables import Need, Variable, is_well_known
from dodcheck.roles import role_of

COMPOSE = re.compile(r"(^|/)[\w.-]*compose[\w.-]*\.ya?ml$")
_SUSPECT = re.compile(
    r"environ|getenv|env_?var|BaseSettings|\b\w{0,99}env\w{0,99}\(|\benv\.\w+\(|decouple|dynaconf|Config\("
    r"|class \w{0,99}(?:Settings|Config)\w{0,99}\(|\b\w+\(\s*[\"'](?-i:[A-Z][A-Z0-9]*_[A-Z0-9_]+)[\"']\s*[,)]",
    re.IGNORECASE,
)
_SETTINGS = re.compile(r"BaseSettings|class \w*(?:Settings|Config)\w*\(\w")
_WHOLE = re.compile(rf"{_SETTINGS.pattern}|auto_envvar_prefix|dynaconf")  # a variable's name need not stand there
_READS = re.compile(r"environ|getenv")
_CODE = (
    ".py",
    ".sh",
    ".yml",
    ".yaml",
    ".toml",
    ".cfg",
    ".ini",
    ".js",
    ".ts",
    ".tsx",
    ".mjs",
    ".go",
    ".rs",
    ".conf",
    "Dockerfile",
    "Makefile",
    "Procfile",
    ".tpl",
)
_INTERPOLATED = re.compile(r"(?<!\$)\$(?:\{([A-Za-z_]\w*)(:?[-?+])?[^}\n]*\}|([A-Z_][A-Z0-9_]*))")
_STRING = r"[\"']{}[\"']"
_READ = (
    r"(?:environ(?:\.\w+)?[\[(]|(?<!\.get)(?<!\.pop)(?<!setdefault)(?<=\w)\(|\b[A-Z][A-Z0-9_]+ = |env_?var=)"
    r"\s*[\"']{}[\"']"
)
_NAMES = re.compile(r"[\"'][A-Za-z_][\w{}.]*[\"']|from .* import .*")
_PIPELINES = (".github/workflows/", ".gitlab-ci", ".circleci/")
_INFRASTRUCTURE = re.compile(r"(^|/)(terraform|pulumi|cdk|ansible|infra(structure)?)/")  # sets by itself what it reads
_TESTING = re.compile(r"(^|[_-])(smoke|load|stress)?[-_]?tests?[_.-]", re.IGNORECASE)
_TOOLING = {"setup.py", "noxfile.py", "conftest.py", "conf.py", "tasks.py", "fabfile.py", "versioneer.py"}


def is_judged(path: str) -> bool:
    """Tell whether what a file reads is the product's setup: its source and its compose files."""
    if is_aside(path) or _INFRASTRUCTURE.search(path):
        return False
    name = path.rpartition("/")[2]
    if _TESTING.search(name):
        return False
    return bool(COMPOSE.search(path)) or (path.endswith(".py") and role_of(path) == "source" and name not in _TOOLING)


class EnvironmentReads:
    """Environment variables by file of one side; each file is read when it is asked for.

    Args:
        snapshot: The side to read from.
        modules: Its syntax trees.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._known: dict[str, tuple[Variable, ...]] = {}
        self._wrappers: dict[str, Mapping[str, Sequence[Template]]] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, modules)

    def read(self, path: str | None) -> tuple[Variable, ...]:
        """Return what a file reads, in order of lines; well-known variables are left out.

        Raises:
            ToolError: The file speaks of the environment and cannot be parsed.
        """
        key = path or ""
        with self._lock:
            if key not in self._known:
                found = {(v.names, v.need, v.line): v for v in self._variables(key) if not is_well_known(v.names[0])}
                self._known[key] = tuple(sorted(found.values(), key=lambda v: v.line))
            return self._known[key]

    def signs(self, path: str | None) -> list[str]:
        """Return the parts of a file's text on which its variables rest: quoted names, imports, lines that read.

        Where two texts agree in these, neither need be parsed.
        """
        text = self._modules.text(path)
        if _WHOLE.search(text) or COMPOSE.search(path or ""):
            return [text]
        if not _SUSPECT.search(text):
            return []
        return [*_NAMES.findall(text), *(line.strip() for line in text.splitlines() if _SUSPECT.search(line))]

    def in_use(self, variables: list[Variable], *, read: bool) -> frozenset[str]:
        """Return which of some names stand in code or configuration.

        Args:
            variables: Whose names to look for.
            read: A name in Python counts only when it is read, or passed to a call that may read it; otherwise
                any string of its own counts.
        """
        wanted = {name for one in variables for name in one.keys if not one.dynamic}
        found: set[str] = set()
        for path in self._snapshot.paths():
            if not wanted - found:
                break
            if path.endswith(_CODE) and (not is_aside(path) or (not read and path.startswith(_PIPELINES))):
                text = self._snapshot.read(path) or ""
                near = [name for name in wanted - found if name in text]
                shape = _STRING if path.endswith(".py") else r"(?<!\w){}(?!\w)"
                hits = {name for name in near if re.search(shape.format(name), text)}
                found |= self._reading(path, text, hits) if read and hits and path.endswith(".py") else hits
        return frozenset(found)

    def _reading(self, path: str, text: str, names: set[str]) -> set[str]:
        passed = {name for name in names if re.search(_READ.format(name), text)}
        try:
            return passed if passed == names else passed | {key for one in self.read(path) for key in one.keys} & names
        except ToolError:  # it may read them; the change need not touch it
            return names

    def _variables(self, path: str) -> Iterator[Variable]:
        text = self._modules.text(path)
        if COMPOSE.search(path):
            yield from _interpolated(text, path)
        elif _SUSPECT.search(text):
            tree = self._modules.tree(path)
            package = f"{path.rpartition('/')[0]}/__init__.py".lstrip("/")
            aside = main_lines(tree) if self._snapshot.blob(package) and not path.endswith("__main__.py") else range(0)
            imported = ImportedNames(tree, path, self._modules)
            read = called_variables(tree, path, imported.strings, lambda func: self._foreign(imported.origin(func)))
            yield from (one for one in read if one.line not in aside)
            yield from dynaconf_variables(tree, path)
            yield from prefixed_options(tree, path)
            if _SETTINGS.search(text):
                yield from settings_variables(tree, path, imported.origin)

    def _foreign(self, origin: tuple[str, ast.Module, str] | None) -> Sequence[Template]:
        """Return what a function of another module reads, one call deep."""
        if origin is None or not _READS.search(self._modules.text(origin[0])):
            return ()
        file, tree, name = origin
        if file not in self._wrappers:
            self._wrappers[file] = wrappers_in(tree, file)
        return self._wrappers[file].get(name, ())


def _interpolated(text: str, path: str) -> Iterator[Variable]:
    needs: dict[str | None, Need] = {":-": "optional", "-": "optional", ":+": "optional", "+": "optional"}
    needs |= {":?": "required", "?": "required"}
    for number, line in enumerate(text.splitlines(), 1):
        for found in _INTERPOLATED.finditer(line.partition(" #")[0]):
            name = found[1] or found[3]
            yield Variable((name,), needs.get(found[2], "unknown"), path, number)


class VariableChanges(msgspec.Struct, frozen=True):
    """How the variables that the product reads differ.

    Args:
        new: Read at head, and nowhere at base.
        now_required: Base did without them.
        gone: Read at base, and nowhere at head.
    """

    new: tuple[Variable, ...]
    now_required: tuple[Variable, ...]
    gone: tuple[Variable, ...]

    @classmethod
    def of(cls, change: Change, reads: Both[EnvironmentReads]) -> Self:
        """Parse the changed files; search all others only for what seems new or gone.

        Raises:
            ToolError: A changed file that speaks of the environment cannot be parsed.
        """
        files = [f for f in change.files if is_judged(f.path) or is_judged(f.base_path or "")]
        files = [f for f in files if reads.base.signs(f.base_path) != reads.head.signs(f.head_path)]
        head = [v for f in files if f.head_path and is_judged(f.head_path) for v in reads.head.read(f.head_path)]
        base = [v for f in files if f.base_path and is_judged(f.base_path) for v in reads.base.read(f.base_path)]
        new, gone = _without(head, base), _without(base, head)
        known = reads.base.in_use(new, read=True) if new else frozenset()
        used = reads.head.in_use(gone, read=False) if gone else frozenset()
        before = {key: _strongest(v for v in base if key in v.keys) for one in base for key in one.keys}
        stricter = [v for v in head if v.need == "required" and {before.get(key) for key in v.keys} & {"optional"}]
        return cls(
            tuple(v for v in new if not v.keys & known),
            _once(v for v in stricter if not v.dynamic),
            tuple(v for v in gone if not v.keys & used and not v.dynamic),
        )


def _without(some: list[Variable], others: list[Variable]) -> list[Variable]:
    known = {key for one in others for key in one.keys}
    return list(_once(sorted((v for v in some if not v.keys & known), key=lambda v: _STRENGTH[v.need])))


_STRENGTH: dict[Need, int] = {"required": 0, "unknown": 1, "optional": 2}


def _strongest(variables: Iterator[Variable]) -> Need:
    return min((one.need for one in variables), key=_STRENGTH.__getitem__)


def _once(variables: Iterator[Variable] | list[Variable]) -> tuple[Variable, ...]:
    """Keep the first of each name."""
    kept: dict[frozenset[str], Variable] = {}
    for one in variables:
        kept.setdefault(one.keys, one)
    return tuple(kept.values())
