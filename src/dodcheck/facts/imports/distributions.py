"""Where the modules that a project imports come from, as far as its files tell.

The environment of the project cannot be asked from here: a static rule runs no tool. What counts is what stands in the
tree, what manifests, inline script metadata and build files declare, what locks name, and a table of names.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal, Self

import msgspec
from packaging.utils import canonicalize_name

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.imports.known_distributions import BROUGHT, HOSTED, KNOWN, NAMESPACES, OTHER_STDLIB
from dodcheck.facts.imports.module_names import is_listed, looks_like, providers
from dodcheck.facts.imports.own_modules import OwnModules
from dodcheck.facts.imports.tool_tables import script_requirements, tool_requirements
from dodcheck.facts.setup.dependencies import Dependencies
from dodcheck.facts.setup.manifests import is_manifest

Kind = Literal["stdlib", "own", "declared", "likely", "brought", "locked", "named", "hosted", "undeclared"]

_FOREIGN = re.compile(
    r"(^|/)(node_modules|site-packages|\.venv|\.tox|_?vendor(ed)?|fixtures?|testdata|test[-_]data|tests?/data|templates?)/"
    r"|\{\{|\{%",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(^|/)(examples?|samples?|docs?|benchmarks?)/", re.IGNORECASE)
_LOCK_NAME = re.compile(r'^\s*(?:- )?(?:"?name"?\s*[=:]\s*"?([\w.-]+)"?\s*,?|"([\w.-]+)": \{)\s*$', re.MULTILINE)
_LOCKS = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml", "pixi.lock"}
_BUILDS = re.compile(
    r"(^|/)(setup\.py|hatch\.toml|pixi\.toml|(meta|recipe)\.ya?ml|buildout\.cfg|build(\.bazel)?|module\.bazel|workspace"
    r"|[^/]*\.(bzl|nix)|conanfile\.py|cargo\.toml|meson\.build|cmakelists\.txt|\.gitmodules|bindep\.txt|debian/control)$",
    re.IGNORECASE,
)
_INSTALLS = re.compile(
    r"(^|/)(tox\.ini|noxfile\.py|[^/]*dockerfile[^/]*|makefile|justfile|jenkinsfile|\.travis\.yml|azure-pipelines[^/]*"
    r"|\.gitlab-ci\.yml|fabfile\.py|tasks\.py|devcontainer\.json|[^/]*\.sh)$"
    r"|(^|/)\.(github|circleci|gitlab|ci)/.*\.(ya?ml|sh|txt|toml|py)$"
    r"|(^|/)(examples?|samples?|docs?|benchmarks?)/(.*/)?(requirements[^/]*\.(txt|in)|pyproject\.toml|environment\.ya?ml)$",
    re.IGNORECASE,
)


class Origin(msgspec.Struct, frozen=True):
    """Where a module comes from.

    Args:
        kind: `likely` when a declared distribution only looks like it, `brought` when a declared one is known to need
            it, `locked` when nothing but a lock names it, `named` when nothing but a file that installs things does,
            `hosted` when it comes with a program that runs Python.
        name: The distribution; of an `undeclared` module the one that it is known to come from, if any.
        path: The file that says so.
    """

    kind: Kind
    name: str | None = None
    path: str | None = None


class Distributions:
    """What one side declares, locks and has.

    Args:
        snapshot: The side.
        dependencies: Its manifests.
        own: Its own modules.
    """

    def __init__(self, snapshot: Snapshot, dependencies: Dependencies, own: OwnModules) -> None:
        self._snapshot = snapshot
        self._dependencies = dependencies
        self._own = own
        self._names: dict[str, frozenset[str]] = {}
        self._loose: dict[re.Pattern[str], Sequence[tuple[str, str]]] = {}

    @classmethod
    def of(cls, snapshot: Snapshot, dependencies: Dependencies, own: OwnModules) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, dependencies, own)

    @cached_property
    def manifests(self) -> Sequence[str]:
        """Every manifest of the tree, of whatever project in it; test data, templates and examples are none."""
        found = (path for path in self._snapshot.paths() if is_manifest(path))
        return [path for path in found if not _FOREIGN.search(path) and not _ASIDE.search(path)]

    @cached_property
    def speaks(self) -> bool:
        """Some manifest says what the project needs, be it nothing; one with the settings of tools alone does not."""
        return any(
            not path.endswith("pyproject.toml") or self.declared_in(path) or self._project(path)
            for path in self.manifests
        )

    def origin(self, module: str, importer: str) -> Origin:
        """Return where a module comes from.

        Args:
            module: Its dotted name.
            importer: The file that imports it.
        """
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or top in OTHER_STDLIB:
            return Origin("stdlib")
        if top not in NAMESPACES and self._own.has(top, importer):
            return Origin("own")
        wanted = providers(module)
        steps = (self._exact(wanted, importer), self._looks_like(module, importer), self._by_text(wanted, top))
        found = next((origin for step in steps for origin in step), None)
        if found is None and top in HOSTED:
            return Origin("hosted")
        return found or Origin("undeclared", wanted[0] if is_listed(module) or wanted[0] in KNOWN else None)

    def declared_in(self, path: str, *, strict: bool = False) -> frozenset[str]:
        """Return every distribution that a manifest asks for, for whatever purpose.

        Args:
            path: The manifest.
            strict: A manifest that is not well-formed declares nothing unless this is set.

        Raises:
            ToolError: Where `strict` is set, the manifest is not well-formed.
        """
        if strict:
            self._dependencies.manifest(path)
        if path not in self._names:
            self._names[path] = frozenset() if self._broken(path) else self._names_of(path)
        return self._names[path]

    def refuse_broken(self) -> None:
        """Insist on all manifests being legible: what is not declared by the others may be so by them.

        Raises:
            ToolError: One of them is not well-formed.
        """
        for path in self.manifests:
            self._dependencies.manifest(path)

    def is_locked(self, name: str) -> bool:
        """Tell whether a lock names a distribution."""
        return any(name in names for names in self._locks.values())

    def asks_directly(self, manifest: str, name: str) -> bool:
        """Tell whether a manifest asks for a distribution in the tables that a resolver reads."""
        one = self._dependencies.manifest(manifest)
        return name in one.runtime or name in one.development or any(name in extra for extra in one.extras.values())

    def lock_beside(self, manifest: str) -> str | None:
        """Return the lock that a resolver writes from a manifest, in the same folder, if there is one."""
        file = PurePosixPath(manifest)
        names = {"pyproject.toml": _LOCKS - {"Pipfile.lock"}, "Pipfile": {"Pipfile.lock"}}.get(file.name, set())
        beside = (path for path in map(PurePosixPath, self._locks) if path.parent == file.parent)
        return next((str(path) for path in beside if path.name in names), None)

    def _exact(self, wanted: Sequence[str], importer: str) -> Iterator[Origin]:
        inline = script_requirements(self._snapshot.read(importer) or "")
        for name in wanted:
            if name in inline:
                yield Origin("declared", name, importer)
        for path in self._near(importer):
            names = self.declared_in(path)
            yield from (Origin("declared", name, path) for name in wanted if name in names)
            yield from (Origin("own", name, path) for name in wanted if name == self._project(path))
        for path, names in self._locks.items():
            yield from (Origin("locked", name, path) for name in wanted if name in names)

    def _looks_like(self, module: str, importer: str) -> Iterator[Origin]:
        parts = module.split(".")
        shared = parts[0] in NAMESPACES
        for path in self._near(importer):
            for name in sorted(self.declared_in(path)):
                same_space = shared and name.startswith(f"{canonicalize_name(parts[0])}-")
                if same_space or (not shared and not is_listed(module) and looks_like(name, parts[0])):
                    yield Origin("likely", name, path)
        for path in self._near(importer):
            names = self.declared_in(path)
            for parent in (one for name in providers(module) for one in BROUGHT.get(name, ())):
                if parent in names or (parent.endswith("-") and any(name.startswith(parent) for name in names)):
                    yield Origin("brought", parent.rstrip("-"), path)

    def _by_text(self, wanted: Sequence[str], top: str) -> Iterator[Origin]:
        """Look for a distribution, or who is known to bring it, in files that build or install and cannot be read."""
        tops = [] if top in NAMESPACES else [top, f"python3-{top}"]
        parents = [one for name in wanted for one in BROUGHT.get(name, ()) if not one.endswith("-")]
        steps: Sequence[tuple[Kind, re.Pattern[str], Sequence[str]]] = (
            ("declared", _BUILDS, [*wanted, *tops]),
            ("named", _INSTALLS, [*wanted, *tops, *parents]),
        )
        for kind, files, names in steps:
            loose = "|".join(re.escape(name).replace(r"\-", "[-_.]+") for name in names)
            pattern = re.compile(rf"(?<![\w.-])(?:{loose})(?![\w-])", re.IGNORECASE)
            for path, text in self._texts(files):
                if found := pattern.search(text):
                    yield Origin(kind, canonicalize_name(found[0]), path)

    def _texts(self, files: re.Pattern[str]) -> Sequence[tuple[str, str]]:
        """Return path and text of the files of a name; they are looked for once."""
        if files not in self._loose:
            paths = [one for one in self._snapshot.paths() if files.search(one) and not _FOREIGN.search(one)]
            self._loose[files] = [(path, _without_checkers(self._snapshot.read(path) or "")) for path in paths]
        return self._loose[files]

    def _near(self, importer: str) -> list[str]:
        """Return the manifests, those of the folders around a file first."""
        around = {str(folder) for folder in PurePosixPath(importer).parents}
        return sorted(self.manifests, key=lambda path: (str(PurePosixPath(path).parent) not in around, path.count("/")))

    def _project(self, path: str) -> str | None:
        return None if self._broken(path) else self._dependencies.manifest(path).name

    def _names_of(self, path: str) -> frozenset[str]:
        one = self._dependencies.manifest(path)
        names = {*one.runtime, *one.development, *(name for extra in one.extras.values() for name in extra)}
        if path.endswith("pyproject.toml"):
            names |= tool_requirements(self._snapshot.read(path) or "")
        return frozenset() if one.lock else frozenset(names)

    def _broken(self, path: str) -> ToolError | None:
        try:
            self._dependencies.manifest(path)
        except ToolError as error:
            return error
        return None

    @cached_property
    def _locks(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for path in self._snapshot.paths():
            if path.rpartition("/")[2] in _LOCKS and not _FOREIGN.search(path):
                named = _LOCK_NAME.findall(self._snapshot.read(path) or "")
                found[path] = frozenset(canonicalize_name(one or other) for one, other in named)
        for path in self.manifests:
            one = None if self._broken(path) else self._dependencies.manifest(path)
            if one and one.lock:
                found[path] = frozenset(one.runtime)
        return found


def _without_checkers(text: str) -> str:
    """Drop the sections and options by which a checker is told of modules that it cannot find."""
    return re.sub(r"(?ms)^\[(?:mypy|isort|pylint|pyright|deptry)[^\]]*\]$.*?(?=^\[|\Z)", "", text)
