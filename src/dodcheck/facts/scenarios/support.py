"""Scenarios that name a literal, themselves or by way of page objects, fixtures and step definitions."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from dodcheck.facts.scenarios.inventory import Inventory
from dodcheck.facts.scenarios.scenario import Scenario, ScenarioFile
from dodcheck.facts.scenarios.steps import steps
from dodcheck.facts.scenarios.surface import SurfaceLiteral

_DECLARED = re.compile(
    r"^[ \t]*(?:(?:export|default|public|private|protected|static|readonly|async)\s+)*"
    r"(?:(?:const|let|var|function\*?|class|def|async def|get|set)\s+(?P<name>\w+)|(?:this|self)\.(?P<field>\w+)\s*="
    r"|(?P<member>\w+)\s*(?:\([^)]*\)\s*(?::[^={]+)?\{|[=:]))"
)
_NO_NAME = {"constructor", "__init__", "if", "for", "while", "switch", "return", "catch"}


def users_of(literal: SurfaceLiteral, files: Iterable[ScenarioFile], inventory: Inventory) -> list[Scenario]:
    """Return the scenarios that name a literal in their text, in what is set up for them, or through support code."""
    regex = literal.regex
    through = [(path, text) for path in inventory.support if regex.search(text := inventory.text(path))]
    names = {path: frozenset(_names(text, regex)) for path, text in through}
    answers = [one for path, text in through for one in steps(text, path) if regex.search(one.text)]
    found: list[Scenario] = []
    for file in files:
        everywhere = bool(regex.search(file.around))
        imported = _words(file, names)
        for one in file.scenarios:
            uses = any(re.search(rf"\b{re.escape(name)}\b", one.text) for name in imported)
            if everywhere or uses or regex.search(one.text) or any(step.serves(one) for step in answers):
                found.append(one)
    return found


def _words(file: ScenarioFile, names: dict[str, frozenset[str]]) -> set[str]:
    """Return what a file may call by name of the support files that it mentions."""
    return {
        name
        for path, found in names.items()
        if re.search(rf"\b{re.escape(PurePosixPath(path).name.partition('.')[0])}\b", file.text)
        or path.endswith("conftest.py")
        for name in found
    }


def _names(text: str, regex: re.Pattern[str]) -> Iterator[str]:
    """Yield what the lines that match are declared as, or stand in."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if regex.search(line):
            yield from _declared(lines, number)


def _declared(lines: list[str], number: int) -> Iterator[str]:
    depth = len(lines[number]) + 1
    for line in reversed(lines[: number + 1]):
        indent = len(line) - len(line.lstrip())
        if not line.strip() or indent >= depth:
            continue
        depth = indent if line is not lines[number] else indent + 1
        match = _DECLARED.match(line)
        name = next(filter(None, match.groups()), "") if match else ""
        if name and name not in _NO_NAME:
            yield name
            return
