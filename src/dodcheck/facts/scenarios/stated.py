"""Scenarios that the author says are affected: in the handoff notes and in the task."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Self

import msgspec

from dodcheck.facts.scenarios.scenario import Scenario
from dodcheck.facts.tasks.chosen_task import ChosenTask
from dodcheck.notes import Notes, plain

_HEADINGS = ("e2e", "end to end", "scenario")
_NONE = re.compile(
    r"^(no$|nil$|none|nothing|n a|not (applicable|affected)|no (impact|effect|changes?)"
    r"|no (e2e |end to end |existing |further )*(scenarios?|tests?|flows?)"
    r"( (is|are|was|were))?( (affected|impacted|changed|touched|applicable))?)( |$)"
)
_WHOLE = re.compile(r"\b(all|every|feature|whole|scenarios|tests)\b", re.IGNORECASE)
_LINE = re.compile(r"(\.\w+)`?:\d+\b")
_NAMED = re.compile(r"`([^`]+)`|\"([^\"]+)\"|“([^”]+)”")
_PATH = re.compile(r"[\w./@+-]+\.(?:feature|robot|py|[cm]?[jt]sx?)\b(?:::[\w:\[\]., -]+)?")
_FILE = re.compile(r"[\w./@+-]+\.(?:feature|robot|py|[cm]?[jt]sx?)\b")
_TITLED = re.compile(r"\.(?:feature|robot|py|[cm]?[jt]sx?)`?\s*(?:::?|[\u2013\u2014\u203a>-])\s*(\S.*)$")
_ENDED = re.compile(r"\b(deleted?|removed?|dropped|gone|replaced|renamed)\b", re.IGNORECASE)
_OFF = re.compile(r"\b(skip(s|ped)?|disabled?|quarantined?|parked|pending)\b", re.IGNORECASE)
_SENTENCE = 9  # words from which on a line is prose
_WORDS = 2


class StatedScenario(msgspec.Struct, frozen=True):
    """One line of the author's list.

    Args:
        text: The line.
        source: `notes` or `task`.
    """

    text: str
    source: str

    @property
    def says_gone(self) -> bool:
        """It says that the scenario was deleted."""
        return bool(_ENDED.search(self.text))

    @property
    def says_off(self) -> bool:
        """It says that the scenario is kept from running."""
        return bool(_OFF.search(self.text))

    @property
    def is_name(self) -> bool:
        """It names something: by path, in quotes, or in a few words that are no sentence."""
        if _PATH.search(self.text) or _NAMED.search(self.text):
            return True
        return len(self.text.split()) < _SENTENCE and not self.text.rstrip().endswith((".", ":", "!"))

    def names(self, scenario: Scenario) -> bool:
        """Tell whether the line names a scenario: by title, id, file, folder or feature."""
        line = f" {plain(_FILE.sub(' ', self.text))} "
        if scenario.id in self.text or f" {plain(scenario.title)} " in line:
            return True
        if self._titles:
            return False  # it names others of the file
        paths = [*(one.partition("::")[0] for one in _PATH.findall(self.text)), *self._quoted]
        if any(one and _ends_with(scenario.path, one) for one in paths):
            return "::" not in self.text
        telling = len(scenario.group.split()) >= _WORDS or bool(_WHOLE.search(self.text))
        return bool(scenario.group) and telling and f" {plain(scenario.group)} " in line

    @property
    def _quoted(self) -> list[str]:
        return [next(filter(None, groups)) for groups in _NAMED.findall(self.text)]

    @property
    def _titles(self) -> str:
        """What stands behind a path and a separator: the title of one scenario."""
        match = _TITLED.search(_LINE.sub(r"\1", self.text))
        return match[1] if match else ""


class StatedScenarios(msgspec.Struct, frozen=True):
    """Everything that the author lists.

    Args:
        listed: Lines that name scenarios.
        says_none: The section says that none is affected.
        where: Where the notes were read from; None without notes.
    """

    listed: tuple[StatedScenario, ...]
    says_none: bool
    where: str | None

    @classmethod
    def of(cls, notes: Notes, task: ChosenTask) -> Self:
        """Read the notes' section and the task's field `e2e`."""
        lines = notes.section(*_HEADINGS)
        none = [line for line in lines if _NONE.match(plain(line))]
        told = [StatedScenario(line, "notes") for line in lines if line not in none]
        own = task.head or task.base
        told += [StatedScenario(line, "task") for line in (own.e2e if own else ())]
        return cls(tuple(told), bool(none), notes.path)

    @property
    def is_missing(self) -> bool:
        """Nothing is said at all."""
        return not self.listed and not self.says_none

    def name(self, scenario: Scenario) -> bool:
        """Tell whether a line names a scenario."""
        return any(one.names(scenario) for one in self.listed)

    def unknown(self, scenarios: Sequence[Scenario]) -> tuple[StatedScenario, ...]:
        """Return the lines that name something, and none of these scenarios."""
        names = (one for one in self.listed if one.is_name)
        return tuple(one for one in names if not any(map(one.names, scenarios)))


def nearest(text: str, scenarios: Iterable[Scenario]) -> str | None:
    """Return the title that a line comes nearest to."""
    titles = {plain(one.title): one.title for one in scenarios}
    found = difflib.get_close_matches(plain(text), titles, 1)
    return titles[found[0]] if found else None


def _ends_with(path: str, name: str) -> bool:
    bare = name.strip("./")
    return bool(bare) and (path == bare or path.endswith(f"/{bare}") or f"/{path}".find(f"/{bare}/") >= 0)
