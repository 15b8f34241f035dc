"""Commands, extras, services, system packages and the Python bound: what setting a project up rests on."""

import re
from collections.abc import Iterator, Mapping
from typing import Self

import msgspec

from dodcheck.change import Both, Change, Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.setup.dependencies import Dependencies, is_aside
from dodcheck.facts.setup.manifests import is_manifest
from dodcheck.facts.setup.step_readers import Step, StepKind, line_at, reader_of, sessions

_LOCAL = {"make target", "just recipe", "nox session", "npm script", "task"}
_OPEN = re.compile(r"^-?include\s|^%|^includes:", re.MULTILINE)
_RUN = re.compile(
    r"\.(sh|bash|py|ps1|bat|ya?ml|toml|txt|in|cfg|env|example|sample|ini)$|(^|/)(Makefile|Dockerfile[\w.-]*)$"
)


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
        reader = reader_of(path or "")
        if not path or not text:
            return ()
        if reader:
            return tuple(reader(path, text))
        if path.rpartition("/")[2] == "noxfile.py":
            return tuple(sessions(path, self._modules.tree(path)))
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
        suffixes = {"make target": ("makefile",), "task": ("taskfile.yml", "taskfile.yaml")}.get(kind, ())
        files = [path for path in self._snapshot.paths() if path.lower().endswith(suffixes)] if suffixes else []
        return any(_OPEN.search(self._modules.text(path)) for path in files)

    def _declared(self, path: str) -> Iterator[Step]:
        manifest = self._dependencies.manifest(path)
        yield from (Step("script", name, path, line) for name, line in manifest.scripts.items())
        if not path.endswith((".txt", ".in")):
            text = self._modules.text(path)
            for name in manifest.extras:
                loose = re.escape(name).replace(r"\-", "[-_.]")
                found = re.search(rf"^\s*[\"']?{loose}[\"']?\s*[=:]", text, re.MULTILINE)
                yield Step("extra", name, path, line_at(text, found.end()) if found else 1)


def has_steps(path: str) -> bool:
    """Tell whether a file of this name defines steps."""
    known = path.endswith("noxfile.py") or is_manifest(path) or reader_of(path) is not None
    return known and not is_aside(path)


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
