"""One rule explained: what it decides, why, its settings, and examples out of its own cases."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

import msgspec

from dodcheck.engine import is_fast
from dodcheck.keys import Key, keys_of
from dodcheck.rule import Case, Rule, Status
from dodcheck.run import Ran, SchemaTrial, Suite

_EXAMPLES = 2  # of each kind
_LABELS = {
    Status.FAIL: "Fails",
    Status.PASS: "Passes",
    Status.NOT_APPLICABLE: "Does not apply",
    Status.NEEDS_REVIEW: "Needs a person",
    Status.ERROR: "Cannot tell",
}


class Shown(NamedTuple):
    """One file of an example.

    Args:
        when: "before" or "after" the change.
        path: The file.
        text: Its text.
    """

    when: str
    path: str
    text: str


class Example(NamedTuple):
    """One case, told.

    Args:
        label: What becomes of it, in words.
        status: The same as a status.
        name: What it shows.
        given: What holds besides the files: settings, notes, commits, what tools said.
        files: The files that the change touches, after it and before it.
    """

    label: str
    status: Status
    name: str
    given: tuple[str, ...]
    files: tuple[Shown, ...]


class Explanation(NamedTuple):
    """What there is to say of a rule.

    Args:
        rule: The rule.
        fast: It runs no type checker and no test.
        settings: Its keys in `[tool.dodcheck.rules.RULE]`.
        examples: Some of its cases: what fails, what passes, the rest.
    """

    rule: Rule
    fast: bool
    settings: tuple[Key, ...]
    examples: tuple[Example, ...]

    @classmethod
    def of(cls, rule: Rule) -> "Explanation":
        """Explain a rule."""
        return cls(rule, is_fast(rule.check), keys_of(rule.options), tuple(_examples(rule)))

    @property
    def group(self) -> str:
        """The part of a definition that it belongs to."""
        return self.rule.group.replace("_", " ")

    @property
    def speed(self) -> str:
        """When it runs, in words."""
        if self.fast:
            return "at a commit (--fast) and in a whole check"
        return "in a whole check alone: it needs the tests or the type checker"

    @property
    def scope(self) -> str:
        """What it must hold of, in words."""
        return "every commit" if self.rule.scope == "commit" else "the change as a whole"


def _examples(rule: Rule) -> Iterator[Example]:
    for status, label in _LABELS.items():
        for case in [one for one in rule.cases if one.expect is status][:_EXAMPLES]:
            yield Example(label, status, case.name, tuple(_given(case)), tuple(_files(case)))


def _given(case: Case) -> Iterator[str]:
    for name, value in case.options.items():
        yield f"setting: {name.replace('_', '-')} = {msgspec.json.encode(value).decode()}"
    if case.task:
        yield f"task: {case.task}"
    yield from (f"commit: {' / '.join(filter(None, one.splitlines()))}" for one in case.messages)
    if case.notes:
        yield f"notes: {' / '.join(filter(None, case.notes.splitlines()))}"
    for name, ran in case.runs.items():
        yield f"{name}: {_said(ran)}"


def _said(ran: Ran | Suite | SchemaTrial) -> str:
    """Tell what a tool said, as far as an example needs it."""
    if isinstance(ran, Suite):
        told = [f"{one.id} {one.outcome}" for one in ran.outcomes]
        return ", ".join([*told, *(f"{path} cannot be collected" for path, _ in ran.broken)]) or "no outcome"
    if isinstance(ran, SchemaTrial):
        return "; ".join(filter(None, [ran.upgrade, *ran.differences, ran.downgrade])) or "the migrations work"
    if ran.timed_out:
        return "out of time"
    return "; ".join(_diagnostics(ran.stdout)) or " ".join((ran.stdout or ran.stderr).split()) or f"exit {ran.exit}"


def _diagnostics(text: str) -> Iterator[str]:
    """Yield ruff's findings (one JSON list) or mypy's (one JSON object a line) as lines."""
    with suppress(msgspec.DecodeError):
        read = msgspec.json.decode(text) if text.startswith("[") else msgspec.json.Decoder().decode_lines(text)
        for one in read if isinstance(read, list) else []:
            if isinstance(one, dict) and "message" in one:
                row = one.get("line") or one.get("location", {}).get("row")
                yield f"{one.get('filename') or one.get('file')}:{row} {one.get('code')} {one['message']}"


def _files(case: Case) -> Iterator[Shown]:
    for when, these, others in (("after", case.after, case.before), ("before", case.before, case.after)):
        yield from _differing(when, these, others)


def _differing(when: str, these: Mapping[str, str], others: Mapping[str, str]) -> Iterator[Shown]:
    return (Shown(when, path, text) for path, text in these.items() if others.get(path) != text)
