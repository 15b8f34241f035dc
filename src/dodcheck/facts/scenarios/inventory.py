"""The scenarios of one side: found by path, read when asked for."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from threading import RLock
from typing import Self

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.scenarios.browser_files import read_spec
from dodcheck.facts.scenarios.gherkin_files import read_feature
from dodcheck.facts.scenarios.other_files import is_marked, read_suite, read_tests
from dodcheck.facts.scenarios.scenario import Kind, Scenario, ScenarioFile
from dodcheck.roles import role_of

_FOLDER = re.compile(
    r"(^|/)(e2e|e2e[-_]tests?|tests?[-_]e2e|end[-_]?(2|to)[-_]?end([-_]tests?)?|playwright|cypress"
    r"|integration([-_]tests?)?|acceptance([-_]tests?)?)/",
    re.IGNORECASE,
)
_TEST = re.compile(r"(^|/)(test_[^/]*|[^/]*_tests?)\.py$")
_SPEC = re.compile(r"\.(spec|test|e2e|cy|e2e-spec)\.[cm]?[jt]sx?$")
_SURE_SPEC = re.compile(r"\.(cy|e2e|e2e-spec)\.[cm]?[jt]sx?$")
_RUNNER = re.compile(r"(^|/)(playwright|cypress)\.config\.[cm]?[jt]s$")
_TEST_DIR = re.compile(r"testDir\s*:\s*[\"'`]([^\"'`]+)")
_MARKER = re.compile(r"^\W*(?:markers\W+)?(e2e|end2end|integration|acceptance)\s*[:\"']", re.MULTILINE)
_FOREIGN = re.compile(r"(^|/)(node_modules|_?vendor(ed)?|third[-_]party|site-packages|\.git|\.venv)/")
_CODE = (".py", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".robot", ".resource")
_SUFFIXES = (*_CODE, ".feature")
_SETTINGS = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg", "conftest.py", "tests/conftest.py")


class Inventory:
    """Scenario files of one side.

    Args:
        snapshot: The side.
        modules: Its Python modules.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._files: dict[str, ScenarioFile | None] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules) -> Self:
        """Nothing is read yet but the paths."""
        return cls(snapshot, modules)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """What each file of scenarios is written for, by path; told by names, folders and where runners are set up."""
        likely = (path for path in self._snapshot.paths() if path.endswith(_SUFFIXES) and _is_likely(path))
        found = {path: self.kind(path) for path in likely}
        return {path: kind for path, kind in found.items() if kind}

    @cached_property
    def support(self) -> tuple[str, ...]:
        """Code in the folders of scenarios that is none itself: page objects, fixtures, step definitions."""
        roots = {root for path in self.kinds if (root := self._root(path))}
        code = (path for path in self._snapshot.paths() if path.endswith(_CODE) and not _FOREIGN.search(path))
        return tuple(p for p in code if p not in self.kinds and any(p.startswith(root) for root in roots))

    def at(self, path: str | None) -> ScenarioFile | None:
        """Return a file of scenarios; None when it is none.

        Raises:
            ToolError: It cannot be read.
        """
        kind = self.kind(path) if path else None
        if path is None or kind is None:
            return None
        with self._lock:
            if path not in self._files:
                self._files[path] = self._read(path, kind)
            return self._files[path]

    def readable(self) -> Iterator[ScenarioFile]:
        """Yield the files with scenarios; what is no scenario file after all, to look at it, is left out."""
        for path in self.kinds:
            try:
                file = self.at(path)
            except ToolError:  # the rule hears of it when the change touches the file
                continue
            if file and file.scenarios:
                yield file

    def scenarios(self) -> Iterator[Scenario]:
        """Yield every scenario of the side."""
        yield from (one for file in self.readable() for one in file.scenarios)

    def text(self, path: str | None) -> str:
        """Return the text of any file of the side; empty when there is none."""
        return self._modules.text(path)

    def _read(self, path: str, kind: Kind) -> ScenarioFile:
        text = self._modules.text(path)
        if kind == "gherkin":
            return read_feature(text, path)
        if kind == "browser":
            return read_spec(text, path)
        if kind == "robot":
            return read_suite(text, path)
        marked = not _FOLDER.search(path)
        tree = self._modules.tree(path) if not marked or is_marked(text) else self._modules.tree(None)
        return read_tests(tree, text, path, marked=marked)

    def kind(self, path: str) -> Kind | None:
        """Return what a file of scenarios is written for; None when it is none."""
        if _FOREIGN.search(path):
            return None
        if path.endswith(".feature"):
            return "gherkin"
        if path.endswith(".robot"):
            return "robot"
        if _TEST.search(path):
            return "pytest" if _FOLDER.search(path) or self._marks_tests else None
        if not _SPEC.search(path):
            return None
        return "browser" if _SURE_SPEC.search(path) or _FOLDER.search(path) or self._is_run(path) else None

    @cached_property
    def _marks_tests(self) -> bool:
        """Marks of end-to-end tests are declared in a project's settings, or nobody can tell who has them."""
        return any(_MARKER.search(self._modules.text(path)) for path in _SETTINGS)

    @cached_property
    def _run_folders(self) -> tuple[str, ...]:
        found: list[str] = []
        for path in self._snapshot.paths():
            if _RUNNER.search(path) and not _FOREIGN.search(path):
                told = _TEST_DIR.search(self._modules.text(path))
                folder = PurePosixPath(path).parent / (told[1] if told else "")
                found.append("" if str(folder) == "." else f"{folder}/")
        return tuple(found)

    def _is_run(self, path: str) -> bool:
        return any(path.startswith(folder) for folder in self._run_folders)

    def _root(self, path: str) -> str | None:
        """Return the folder that holds a file of scenarios and what they share."""
        match = _FOLDER.search(path)
        if match:
            return path[: match.end()]
        inside = [folder for folder in self._run_folders if folder and path.startswith(folder)]
        if inside:
            return max(inside, key=len)
        if path.endswith((".feature", ".robot")) and "/" in path:
            return f"{PurePosixPath(path).parent}/"
        return None


def _is_likely(path: str) -> bool:
    """Tell from a name alone, and fast, whether a file may hold scenarios."""
    name = path.rpartition("/")[2]
    if name.endswith(".py"):
        return name.startswith("test_") or name.endswith(("_test.py", "_tests.py"))
    return name.endswith((".feature", ".robot")) or name.count(".") > 1


def is_scenario_code(path: str) -> bool:
    """Tell from a path alone whether a file may be a part of scenarios: themselves, their steps, their page objects."""
    return path.endswith(_SUFFIXES) and (role_of(path) == "test" or "/steps/" in path)
