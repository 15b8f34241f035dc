"""Node ids, the runner's names of tests: their parts, their names at the other side, their functions."""

from collections.abc import Container, Mapping
from pathlib import PurePosixPath

from dodcheck.change import Change
from dodcheck.errors import ToolError
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteTest


def file_of(node: str) -> str:
    """Return the file: `a.py::T::test_x[1]` gives `a.py`."""
    return node.partition("::")[0]


def within(node: str, places: Container[str]) -> bool:
    """Tell whether a node's file is among some places, or below one that is the folder of a suite."""
    path = PurePosixPath(file_of(node))
    return str(path) in places or any(str(parent) in places for parent in path.parents)


def without_row(node: str) -> str:
    """Return the id without parameters: `a.py::T::test_x[1]` gives `a.py::T::test_x`."""
    return node.partition("[")[0]


def function_of(node: str) -> str:
    """Return the qualified name inside the file: `a.py::T::test_x[1]` gives `T.test_x`."""
    return ".".join(without_row(node).split("::")[1:])


def moved(change: Change) -> Mapping[str, str]:
    """Return the path at head of every file that base had under another."""
    return {file.base_path: file.path for file in change.files if file.base_path and file.base_path != file.path}


def renamed(node: str, now: Mapping[str, str]) -> str:
    """Return a node id of base under the name that its file has at head."""
    path, mark, rest = node.partition("::")
    return f"{now.get(path, path)}{mark}{rest}"


def test_at(files: SuiteFiles, node: str) -> SuiteTest | None:
    """Return the function of a test; None when its file defines none of its name, or cannot be read."""
    path = file_of(node)
    if not path.endswith(".py"):
        return None
    try:
        module = files.at(path)
    except ToolError:
        return None
    name = function_of(node)
    return next((one for one in module.tests if one.name == name), None)
