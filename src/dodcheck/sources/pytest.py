"""The project's own pytest on one side's tree; outcomes come test by test from our plugin."""

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import msgspec

from dodcheck.change import Side
from dodcheck.errors import ToolError
from dodcheck.run import Altered, Ran, Suite
from dodcheck.settings import below, suite_of, suite_roots
from dodcheck.sources import pytest_options
from dodcheck.sources.coverage import executed_lines
from dodcheck.sources.environment import Interpreter
from dodcheck.sources.outcomes import merged, read_suite, unstarted
from dodcheck.sources.process import Child, run_child
from dodcheck.sources.suite_memory import SuiteMemory, Wanted
from dodcheck.sources.suite_trees import SuiteTrees
from dodcheck.sources.workspace import Workspace

_PROBE = Path(__file__).parent.parent / "probe"


class _Part(NamedTuple):
    """What one suite of the repository is to run: its folder, and nodes relative to that."""

    folder: str
    nodes: tuple[str, ...]


class Pytest:
    """The `SuiteRunner` of a change.

    Args:
        space: The change, and where to write.
        python: Returns the interpreter of the project in a folder of the repository.
        args: Further arguments, from the configuration.
        runs: Where each run is noted.
        memory: Results of earlier runs; None to run everything.
    """

    def __init__(
        self,
        space: Workspace,
        python: Callable[[str], Interpreter],
        args: Sequence[str],
        runs: list[Ran],
        memory: SuiteMemory | None = None,
    ) -> None:
        self._space = space
        self._python = python
        self._args = args
        self._runs = runs
        self._memory = memory
        self._trees = SuiteTrees(space)
        self._one_by_one = Lock()
        self._roots = suite_roots(space.change.base, space.change.head)

    def run(
        self, source: Side, nodes: Sequence[str] = (), tests: Side | None = None, altered: Altered | None = None
    ) -> Suite:
        """See `SuiteRunner.run`.

        Raises:
            ToolError: The project has no pytest, or it could not start.
        """
        wanted = Wanted(source, tests or source, tuple(nodes), altered)
        if altered is not None:
            with self._one_by_one, self._space.scratch.room():
                return self._run_in(self._trees.altered(altered), wanted)
        if self._memory is None:
            return self._run_now(wanted)
        key = self._memory.key(wanted, self._trees.carried_digest, [self._asked(root) for root in self._roots])
        known = self._memory.recall(key)
        if known is not None:
            self._runs.append(known.ran)
            return known
        suite = self._run_now(wanted)
        self._memory.keep(key, wanted, suite)
        return suite

    def _run_now(self, wanted: Wanted) -> Suite:
        return self._run_in(self._trees.tree(wanted.source, wanted.tests), wanted)

    def _run_in(self, tree: Path, wanted: Wanted) -> Suite:
        parts = [part for part in self._parts(wanted.nodes) if (tree / part.folder).is_dir()]
        if len(self._roots) == 1 and parts:  # no other suite could still count
            return self._run_part(wanted, tree, parts[0])
        return merged([self._try_part(wanted, tree, part) for part in parts])

    def _try_part(self, wanted: Wanted, tree: Path, part: _Part) -> Suite:
        """Run one suite of several; one that cannot even start is broken, and the others still count."""
        try:
            suite = self._run_part(wanted, tree, part)
        except ToolError as error:
            return unstarted(part.folder, str(error), Ran("pytest", ("python", "-m", "pytest"), wanted.source, 4))
        if suite.finished or suite.ran.timed_out or suite.collected:
            return suite
        said = (suite.ran.stderr.strip() or suite.ran.stdout.strip() or "no output").splitlines()[-1][:300]
        return unstarted(part.folder, f"pytest could not start: {said}", suite.ran)

    def _parts(self, nodes: Sequence[str]) -> list[_Part]:
        if not nodes:
            return [_Part(root, ()) for root in self._roots]
        grouped: dict[str, list[str]] = {}
        for node in nodes:
            folder = suite_of(node.partition("::")[0], self._roots)
            inner = node[len(folder) :].lstrip("/") if folder else node
            grouped.setdefault(folder, []).extend([inner] if inner else [])
        return [_Part(folder, tuple(inner)) for folder, inner in sorted(grouped.items())]

    def _run_part(self, wanted: Wanted, tree: Path, part: _Part) -> Suite:
        python = self._python(part.folder)
        if "pytest" not in python.packages:
            raise ToolError(
                f"pytest is not installed in the project's environment ({python.path}, {python.found})",
                "install it there, or set `python` in [tool.dodcheck]",
            )
        channel = self._space.scratch.folder("channels") / secrets.token_hex(8)
        with self._space.scratch.room():
            channel.touch()
        nonce = secrets.token_hex(16)
        data = self._space.scratch.folder(f"coverage/{channel.name}") / "data"
        child = self._child(wanted, part, python, str(data))
        environ = {**self._environ(tree, part.folder), "COVERAGE_FILE": str(data), **child.environ}
        handed = msgspec.json.encode([str(channel), nonce])
        box = self._space.box(tree, channel, data.parent, programs=(python.path,))
        where = tree / part.folder
        ran = run_child(msgspec.structs.replace(child, cwd=where, environ=environ, handed=handed, box=box))
        self._runs.append(ran)
        return read_suite(ran, channel, nonce, tree, executed_lines(data, tree, part.folder))

    def _child(self, wanted: Wanted, part: _Part, python: Interpreter, data: str) -> Child:
        change = self._space.change
        guard = pytest_options.guard(change, part.folder)
        options = pytest_options.given(change, part.folder, self._args)
        read = below(self._space.snapshot(wanted.source), part.folder)
        start = pytest_options.start(python, read, options, data, measured=wanted.whole)
        elsewhere = [f"--ignore={root}" for root in self._roots if root and not part.folder and not part.nodes]
        args = [*elsewhere, *guard.options, *self._args, *(["-x"] if wanted.altered else []), *part.nodes]
        notes = [f"Python {python.version}, {python.found}", guard.note, start.note, self._trees.note]
        return Child(
            name="pytest",
            command=[python.path, *start.command, *args],
            shown=[*pytest_options.shown(start.command), *args],
            cwd=self._space.git.top,
            side=f"{wanted.where}: {part.folder}" if part.folder else wanted.where,
            limit=wanted.altered.limit if wanted.altered else self._space.limit,
            version=python.packages["pytest"],
            note="; ".join(filter(None, notes)),
            environ=start.environ,
            urgent=wanted.whole,
        )

    def _environ(self, tree: Path, folder: str) -> Mapping[str, str]:
        """Put the tree's `src` folders first, this suite's before the others'."""
        folders = dict.fromkeys([folder, *self._roots])
        sources = [str(tree / each / "src") for each in folders if (tree / each / "src").is_dir()]
        inherited = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
        return {
            "PYTHONPATH": os.pathsep.join([str(_PROBE), *sources, *inherited]),
            "PYTHONHASHSEED": "0",
            "DODCHECK_ROOT": str(self._space.git.top),
            "DODCHECK_TREE": str(tree),
            "DODCHECK_SOURCES": os.pathsep.join([*sources, *(str(tree / each) for each in folders)]),
        }

    def _asked(self, folder: str) -> list[object]:
        """Return what a run in one folder depends on besides the trees."""
        try:
            python = self._python(folder)
        except ToolError as error:
            return [folder, str(error)]
        guard = pytest_options.guard(self._space.change, folder)
        return [folder, guard.options, list(self._args), self._memory.identity(python) if self._memory else None]
