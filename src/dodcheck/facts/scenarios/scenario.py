"""End-to-end scenarios as values, whatever tool runs them."""

from typing import Literal

import msgspec

Kind = Literal["gherkin", "pytest", "browser", "robot"]


class Scenario(msgspec.Struct, frozen=True):
    """One scenario.

    Args:
        path: Its file.
        title: Its title, or the qualified name of a test function.
        group: What it stands in: the feature, the `describe` block.
        line: 1-based first line.
        skipped: Its own tags or marks keep it from running.
        text: What it does, as written, without comments.
        steps: The steps of a Gherkin scenario, those of its background included.
    """

    path: str
    title: str
    group: str
    line: int
    skipped: bool
    text: str
    steps: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """How it is named in a report and in handoff notes."""
        return f"{self.path}::{self.title}"


class ScenarioFile(msgspec.Struct, frozen=True):
    """One file of scenarios.

    Args:
        path: The file.
        kind: What it is written for.
        scenarios: Its scenarios, in the order of the text.
        around: What stands outside of them and may change what they do: backgrounds, hooks; no imports, no comments.
        text: The whole file.
    """

    path: str
    kind: Kind
    scenarios: tuple[Scenario, ...]
    around: str
    text: str


class Affected(msgspec.Struct, frozen=True):
    """One scenario that the change affects.

    Args:
        scenario: The scenario, at base when it is gone.
        why: By what, in words.
        cause: The changed file.
        gone: The change deletes it.
        newly_skipped: The change keeps it from running.
    """

    scenario: Scenario
    why: str
    cause: str
    gone: bool = False
    newly_skipped: bool = False
