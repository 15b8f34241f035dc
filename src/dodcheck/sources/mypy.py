"""mypy over the whole project of one side, with the settings of base."""

import contextlib
import os
import shutil
from collections.abc import Sequence
from hashlib import sha256
from os import devnull
from pathlib import Path, PurePosixPath

from dodcheck.change import Side
from dodcheck.errors import ToolError
from dodcheck.run import Ran
from dodcheck.settings import Settings, mypy_settings
from dodcheck.sources.caches import TypeMemory
from dodcheck.sources.environment import Interpreter, Tool
from dodcheck.sources.process import Child, run_child
from dodcheck.sources.room import is_full
from dodcheck.sources.workspace import Workspace
from dodcheck.store import cache_home, cache_limit

_SHARE = 4  # times what another kind of entry may take: one cache of mypy's has tens of MiB
_NONE = Path(devnull)  # mypy's own word for no cache
_NO_CODE = {"tests", "test", "docs", "doc", "examples", "example", "scripts", "benchmarks", "build", "dist"}


class Mypy:
    """The `TypeChecker` of a change.

    Args:
        space: The change, and where to write.
        tool: The mypy to run.
        python: The project's interpreter, whose packages mypy resolves imports in.
        targets: What to check when the settings name nothing.
        runs: Where each run is noted.
        memory: What earlier runs said; None to run anew.
    """

    def __init__(
        self,
        space: Workspace,
        tool: Tool,
        python: Interpreter,
        targets: Sequence[str],
        runs: list[Ran],
        memory: TypeMemory | None,
    ) -> None:
        self._space = space
        self._tool = tool
        self._python = python
        self._targets = targets
        self._runs = runs
        self._memory = memory

    def check(self, side: Side) -> Ran:
        """See `TypeChecker.check`."""
        key = self._memory.key(self._python, self._depends(side)) if self._memory else None
        known = self._memory.get(key) if self._memory else None
        ran = known or run_child(self._child(side))
        self._runs.append(ran)
        if ran.timed_out:
            raise ToolError(f"mypy ran out of time ({self._space.limit:.0f} s)", "raise `timeout` in [tool.dodcheck]")
        if ran.exit not in (0, 1) and not ran.stdout.lstrip().startswith("{"):
            said = (ran.stderr.strip() or ran.stdout.strip() or f"exit {ran.exit}").splitlines()[0]
            raise ToolError(f"mypy could not run: {said}", "run it by hand, and mend its settings")
        if self._memory and known is None:
            self._memory.put(key, ran)
        return ran

    def _settings(self) -> Settings | None:
        change = self._space.change
        return mypy_settings(change.base.read) or mypy_settings(change.head.read)

    def _depends(self, side: Side) -> list[str]:
        """Return what an answer depends on besides the interpreter and the environment."""
        settings = self._settings()
        stated = [settings.file, settings.text] if settings else []
        targets = self._what(settings, self._space.snapshot(side).paths())
        tool = [*self._tool.command, self._tool.version, *([self._space.sandbox.note] if self._space.sandbox else [])]
        return [self._space.trees.id_of(side), side, *tool, *targets, *stated]

    def _child(self, side: Side) -> Child:
        folder = self._space.trees.whole(side, "static")
        settings = self._settings()
        with self._space.scratch.room():
            config = _config(folder, settings)
        common = ["-O", "json", "--no-error-summary", "--show-column-numbers"]
        args = [*common, *config, *self._what(settings, self._space.snapshot(side).paths())]
        cache = self._cache(side)
        own = [f"--python-executable={self._python.path}", f"--cache-dir={cache}"]
        return Child(
            name="mypy",
            command=[*self._tool.command, *own, *args],
            shown=["mypy", *args],
            cwd=folder,
            side=side,
            limit=self._space.limit,
            version=self._tool.version,
            note=self._tool.note,
            box=self._space.box(folder, cache, programs=(self._tool.command[0], self._python.path)),
        )

    def _cache(self, side: Side) -> Path:
        """Return the folder of mypy's incremental cache; in a sandbox one of this run alone."""
        if self._space.sandbox:
            return self._space.scratch.folder(f"mypy-{side}")
        return _cache(self._space.git.top, side)

    def _what(self, settings: Settings | None, paths: Sequence[str]) -> list[str]:
        if settings and any(settings.table.get(key) for key in ("files", "packages", "modules")):
            return []
        found = list(self._targets) or _packages(paths)
        if not found:
            raise ToolError("mypy: nothing to check", "set `files` in mypy's settings")
        return ["--", *found]


def _packages(paths: Sequence[str]) -> list[str]:
    """Return the project's own packages, as far as the layout shows them."""
    code = [PurePosixPath(path) for path in paths if path.endswith((".py", ".pyi"))]
    if any(path.parts[0] == "src" and len(path.parts) > 1 for path in code):
        return ["src"]
    folders = {p.parts[0] for p in code if len(p.parts) > 1 and p.name == "__init__.py"} - _NO_CODE
    single = {p.parts[0] for p in code if len(p.parts) == 1} - {"setup.py", "conftest.py", "noxfile.py"}
    return sorted(name for name in folders if not name.startswith(".")) or sorted(single)


def _config(folder: Path, settings: Settings | None) -> list[str]:
    """Name base's settings: the file of the tree when it is the same, else a copy beside it."""
    if settings is None:
        return ["--config-file="]
    there = folder / settings.file
    if there.is_file() and there.read_text(encoding="utf-8", errors="replace") == settings.text:
        return [f"--config-file={settings.file}"]
    copy = folder / f".dodcheck-mypy{Path(settings.file).suffix}"
    copy.unlink(missing_ok=True)  # a plugin that ran here before may have made it a link
    copy.write_text(settings.text, encoding="utf-8")
    return [f"--config-file={copy.name}"]


def _cache(top: Path, side: Side) -> Path:
    """Return the folder of mypy's incremental cache, kept by repository and side outside the user's tree."""
    folder = cache_home() / "mypy" / f"{sha256(str(top).encode()).hexdigest()[:16]}-{side}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        keep_last_used(folder.parent, folder, _SHARE * cache_limit())
    except OSError:
        return _NONE
    return _NONE if is_full(folder) else folder


def keep_last_used(home: Path, own: Path, limit: int) -> None:
    """Remove the folders that were used longest ago, until the others fit.

    Args:
        home: Where the folders stand.
        own: The one that is in use; it stays, whatever its size.
        limit: Bytes of all together.

    Raises:
        OSError: The folders cannot be listed.
    """
    others = sorted((one for one in home.iterdir() if one != own), key=lambda one: one.stat().st_mtime, reverse=True)
    total = _size(own) if others else 0
    for folder in others:
        total += _size(folder)
        if total > limit:
            shutil.rmtree(folder, ignore_errors=True)


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # another run removed it
                total += (Path(place) / name).stat().st_size
    return total
