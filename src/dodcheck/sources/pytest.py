"""The project's own pytest on one side's tree; outcomes come test by test from our plugin."""

import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

import msgspec

from dodcheck.change import Side
from dodcheck.errors import ToolError
from dodcheck.run import Altered, Ran, Suite
from dodcheck.settings import pytest_settings
from dodcheck.sources.coverage import executed_lines
from dodcheck.sources.environment import Interpreter
from dodcheck.sources.outcomes import read_suite
from dodcheck.sources.process import Child, run_child
from dodcheck.sources.workspace import Workspace

_PROBE = Path(__file__).parent.parent / "probe"
_GUARDED = ("addopts", "testpaths", "python_files", "python_classes", "python_functions", "norecursedirs")
_GO_ON = "--continue-on-collection-errors"  # one broken file must not hide the others
_CARRIED = {".py", ".pyi", ".so", ".pyd"}


class Pytest:
    """The `SuiteRunner` of a change.

    Args:
        space: The change, and where to write.
        python: The project's interpreter.
        args: Further arguments, from the configuration.
        runs: Where each run is noted.
    """

    def __init__(self, space: Workspace, python: Interpreter, args: Sequence[str], runs: list[Ran]) -> None:
        self._space = space
        self._python = python
        self._args = args
        self._runs = runs
        self._one_by_one = Lock()
        self._spoilt = ""

    def run(
        self, source: Side, nodes: Sequence[str] = (), tests: Side | None = None, altered: Altered | None = None
    ) -> Suite:
        """See `SuiteRunner.run`.

        Raises:
            ToolError: The project has no pytest, or it could not start.
        """
        if "pytest" not in self._python.packages:
            raise ToolError(
                f"pytest is not installed in the project's environment ({self._python.path}, {self._python.found})",
                "install it there, or set `python` in [tool.dodcheck]",
            )
        if altered is not None:
            with self._one_by_one:
                return self._run_in(self._altered(altered), "head, altered", ("-x", *nodes), altered.limit)
        where = source if tests in {None, source} else f"{source}, tests of {tests}"
        return self._run_in(self._tree(source, tests or source), where, nodes)

    def _run_in(self, tree: Path, where: str, nodes: Sequence[str], limit: float | None = None) -> Suite:
        whole = where == Side.HEAD and not nodes
        channel = self._space.scratch.folder("channels") / secrets.token_hex(8)
        channel.touch()
        nonce = secrets.token_hex(16)
        data = self._space.scratch.folder("coverage") / channel.name
        child = self._child(where, nodes, self._start(str(data), measured=whole))
        environ = self._environ(tree, channel, nonce, data)
        child = msgspec.structs.replace(child, cwd=tree, environ=environ, urgent=whole, limit=limit or child.limit)
        ran = run_child(child)
        self._runs.append(ran)
        return read_suite(ran, channel, nonce, tree, executed_lines(data, tree))

    def _tree(self, source: Side, tests: Side) -> Path:
        """Return a tree with the source of one side and the changed test files of another."""
        if tests is source:
            return self._space.trees.whole(source, "run", self._carry)

        def exchange(tree: Path) -> None:
            self._carry(tree)
            put_tests(tree, self._space, tests)

        return self._space.trees.whole(source, f"run-{tests}-tests", exchange)

    def _altered(self, altered: Altered) -> Path:
        """Return a tree of head with another text in one file; what was altered before is as it was."""
        tree = self._space.trees.whole(Side.HEAD, "run-altered", self._carry)
        for path in filter(None, (self._spoilt, altered.path)):
            (tree / path).write_bytes(self._space.change.head.read_bytes(path) or b"")
        self._spoilt = altered.path
        (tree / altered.path).write_bytes(altered.text.encode("utf-8", "surrogateescape"))
        shutil.rmtree((tree / altered.path).parent / "__pycache__", ignore_errors=True)
        return tree

    def _child(self, where: str, nodes: Sequence[str], start: tuple[list[str], str]) -> Child:
        settings, settings_note = self._settings_of_base()
        command, coverage_note = start
        args = [*settings, *self._args, *nodes]
        notes = [f"Python {self._python.version}, {self._python.found}", settings_note, coverage_note]
        return Child(
            name="pytest",
            command=[self._python.path, *command, "-p", "dodcheck_outcomes", _GO_ON, *args],
            shown=["python", *(part for part in command if not part.startswith("--data-file")), *args],
            cwd=self._space.git.top,
            side=where,
            limit=self._space.limit,
            version=self._python.packages["pytest"],
            note="; ".join(filter(None, notes)),
        )

    def _start(self, data: str, *, measured: bool) -> tuple[list[str], str]:
        """Measure coverage of the whole suite with what the project has installed; nothing is added to it."""
        if "pytest-cov" in self._python.packages:
            return ["-m", "pytest", *(["--cov", "--cov-report="] if measured else ["--no-cov"])], ""
        if "coverage" in self._python.packages and measured:
            return ["-m", "coverage", "run", f"--data-file={data}", "-m", "pytest"], ""
        return ["-m", "pytest"], "no coverage: neither pytest-cov nor coverage is installed there" if measured else ""

    def _environ(self, tree: Path, channel: Path, nonce: str, data: Path) -> dict[str, str]:
        source = [str(tree / "src")] if any(p.startswith("src/") for p in self._space.change.head.paths()) else []
        inherited = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
        return {
            "PYTHONPATH": os.pathsep.join([str(_PROBE), *source, *inherited]),
            "PYTHONHASHSEED": "0",
            "COVERAGE_FILE": str(data),
            "DODCHECK_ROOT": str(self._space.git.top),
            "DODCHECK_TREE": str(tree),
            "DODCHECK_CHANNEL": str(channel),
            "DODCHECK_NONCE": nonce,
        }

    def _settings_of_base(self) -> tuple[list[str], str]:
        """Override what head says of which tests run, and how, where base says otherwise."""
        base, head = pytest_settings(self._space.change.base.read), pytest_settings(self._space.change.head.read)
        if base is None:
            return [], ""
        now = head.table if head else {}
        moved = [key for key in _GUARDED if key in base.table and base.table[key] != now.get(key)]
        flags = [flag for key in moved for flag in ("-o", f"{key}={_flat(base.table[key])}")]
        return flags, f"base's settings were used for {', '.join(moved)}" if moved else ""

    def _carry(self, tree: Path) -> None:
        """Bring in what git ignores and the code needs: generated versions, built extensions."""
        listed = self._space.git.run("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
        for path in map(os.fsdecode, filter(None, listed.split(b"\0"))):
            target = tree / path
            if PurePosixPath(path).suffix in _CARRIED and target.parent.is_dir() and not target.exists():
                source = self._space.git.top / path
                if source.is_file() and not source.is_symlink():
                    shutil.copyfile(source, target)


def put_tests(tree: Path, space: Workspace, side: Side) -> None:
    """Replace the test files that the change touches by the versions of one side."""
    wanted = space.snapshot(side)
    for file in space.change.files:
        if file.role != "test":
            continue
        for path in {file.path, file.old_path or file.path}:
            (tree / path).unlink(missing_ok=True)
        path_there = file.base_path if side is Side.BASE else file.head_path
        content = wanted.read_bytes(path_there) if path_there else None
        if path_there and content is not None:
            (tree / path_there).parent.mkdir(parents=True, exist_ok=True)
            (tree / path_there).write_bytes(content)


def _flat(value: Any) -> str:  # noqa: ANN401 - a value of somebody's settings
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
