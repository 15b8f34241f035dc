"""ruff over the changed files of one side, with the settings of base.

The files are laid out in a scratch folder together with what ruff's answer depends on
besides them: the settings files above them, and the modules of the project that they
import (import sorting asks which are its own).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from threading import Lock

import msgspec

from dodcheck.change import Side, Snapshot
from dodcheck.errors import ToolError
from dodcheck.patterns import pattern
from dodcheck.run import Ran
from dodcheck.sources.environment import Tool
from dodcheck.sources.process import Child, run_child
from dodcheck.sources.workspace import Workspace

_SETTINGS = ("pyproject.toml", "ruff.toml", ".ruff.toml")
_ROOTS = ("", "src/", "lib/", "python/")  # folders that commonly hold a project's own packages
_IMPORT = pattern(
    r"^[\s\">]*(?:from\s+(?P<source>[A-Za-z_][\w.]*)\s+import\b|import\s+(?P<names>[A-Za-z_][\w., ]*))", re.MULTILINE
)
_FAILED = 2
_CONCISE = {"RUFF_OUTPUT_FORMAT": "concise"}  # one line a file from those that know more than one format (0.17 does)
_LIMIT = 120.0  # seconds; ruff takes 0.6 for 500,000 lines


class Ruff:
    """The `Linter` of a change.

    Args:
        space: The change, and where to write.
        tool: The ruff to run.
        runs: Where each run is noted.
    """

    def __init__(self, space: Workspace, tool: Tool, runs: list[Ran]) -> None:
        self._space = space
        self._tool = tool
        self._lock = Lock()
        self._runs = runs
        self._written: set[Path] = set()

    def check(self, side: Side, paths: Sequence[str]) -> Ran:
        """See `Linter.check`."""
        return self._run("ruff check", side, paths, "check", "--output-format=json", "--exit-zero")

    def unformatted(self, side: Side, paths: Sequence[str]) -> Ran:
        """See `Linter.unformatted`."""
        return self._run("ruff format", side, paths, "format", "--check")

    def selected(self, side: Side, paths: Sequence[str], codes: Sequence[str]) -> Ran:
        """See `Linter.selected`."""
        wanted = f"--select={','.join(codes)}"
        return self._run("ruff conventions", side, paths, "check", "--output-format=json", "--exit-zero", wanted)

    def _run(self, name: str, side: Side, paths: Sequence[str], *args: str) -> Ran:
        folder = self._laid_out(side, paths)
        child = Child(
            name=name,
            command=[*self._tool.command, *args, "--no-cache", "--force-exclude", "--", *paths],
            shown=["ruff", *args, "--", *paths],
            cwd=folder,
            side=side,
            limit=_LIMIT,
            version=self._tool.version,
            environ=_CONCISE,
            note=self._tool.note,
            brief=True,
            urgent=True,  # milliseconds
        )
        ran = run_child(child)
        ran = msgspec.structs.replace(ran, stdout=ran.stdout.replace(f"{folder}/", ""))  # repository-relative again
        self._runs.append(ran)
        if ran.timed_out or ran.exit not in (0, 1, _FAILED) or (ran.exit == _FAILED and _refused(ran)):
            said = " ".join(ran.stderr.replace(f"{folder}/", "").split())[:300] or f"exit {ran.exit}"
            raise ToolError(f"{name} could not run: {said}", "run it by hand, and mend its settings")
        return ran

    def _laid_out(self, side: Side, paths: Sequence[str]) -> Path:
        folder = self._space.scratch.folder(f"ruff-{side}")
        snapshot = self._space.snapshot(side)
        with self._lock, self._space.scratch.room():
            missing = [path for path in paths if folder / path not in self._written]  # what is there may be empty
            for path in missing:
                _write(folder, path, snapshot.read_bytes(path) or b"")
            self._written.update(folder / path for path in missing)
            if missing:
                above = sorted({f"{parent}/" for path in missing for parent in _parents(path)})
                self._write_settings(folder, ["", *above])
                self._write_modules(folder, snapshot, missing, above)
        return folder

    def _write_settings(self, folder: Path, above: Iterable[str]) -> None:
        """Base's settings win; where base has none, head's are used."""
        for path in (parent + name for parent in above for name in _SETTINGS):
            content = self._space.change.base.read_bytes(path) or self._space.change.head.read_bytes(path)
            if content is not None:
                _write(folder, path, content)

    def _write_modules(self, folder: Path, snapshot: Snapshot, paths: Sequence[str], above: Sequence[str]) -> None:
        """Put an empty file where an imported module of the project stands, and in packages around the files."""
        roots = [*_ROOTS, *_source_roots(folder)]
        imported = {name.replace(".", "/") for path in paths for name in _imports(folder / path)}
        candidates = [f"{parent}__init__.py" for parent in above]
        for place in (root + name for root in roots for name in sorted(imported)):
            candidates += [f"{place}.py", f"{place}.pyi", *snapshot.within(place)]
        for name in candidates:
            if name.endswith((".py", ".pyi")) and snapshot.blob(name) is not None and not (folder / name).exists():
                _write(folder, name, b"")


def _refused(ran: Ran) -> bool:
    """Exit 2 is also how the formatter reports a syntax error; the linter reports that itself."""
    return "ruff failed" in ran.stderr or "unexpected argument" in ran.stderr


def _imports(file: Path) -> Iterator[str]:
    """Yield the absolute modules that a file (or a notebook's cells) imports."""
    for match in _IMPORT.finditer(file.read_text(encoding="utf-8", errors="replace")):
        if match["source"]:
            yield match["source"]
        for part in (match["names"] or "").split(","):
            if part.strip():
                yield part.split()[0]


def _source_roots(folder: Path) -> list[str]:
    """Return the folders that the `src` setting names, besides the usual ones."""
    roots: list[str] = []
    for name in _SETTINGS:
        try:
            table = tomllib.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        named = table.get("src") or table.get("tool", {}).get("ruff", {}).get("src") or []
        roots += [f"{root.strip('./')}/" for root in named if isinstance(root, str) and root.strip("./")]
    return [root for root in roots if root not in _ROOTS]


def _parents(path: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(path).parents if str(parent) != "."]


def _write(folder: Path, path: str, content: bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
