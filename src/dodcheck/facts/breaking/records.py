"""Where the author tells users of breaks: notes, commit messages, changelogs and their fragments."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, Self

import msgspec

from dodcheck.change import Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.schema.changed_migrations import ChangedMigrations
from dodcheck.history import History, Message
from dodcheck.notes import Notes

Strength = Literal["flag", "mention"]

_CHANGELOG = re.compile(
    r"(^|/)(changelog|changes|history|news|release[-_ ]?notes|whats?[-_]?new|upgrad\w*|migrat\w+|breaking[-_ ]?changes"
    r"|updating)([-_.\w ]*)?(\.(md|rst|txt|adoc))?$"
    r"|(^|/)(changelogs?|release[-_]?notes|releases|whatsnew|versionhistory)/[^/]+\.(md|rst|txt)$"
    r"|(^|/)(docs?|documentation)/([\w-]+/)*(changelog|changes|history|news|whats|release|upgrad|migrat)[\w.-]*$",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"(^|/)(changelog(\.d|_unreleased)?|changelogs?/(fragments|unreleased|next)|(docs?/)?(upcoming_)?changes"
    r"|newsfragments|news(\.d)?|releasenotes/notes|\.changes|\.changeset|towncrier\.d)/(.+/)?[^/]+\.\w+$",
    re.IGNORECASE,
)
_TELLS = re.compile(r"break|remov|chang|deprecat|incompat|api|upgrade|migrat|major|behaviou?r|drop", re.IGNORECASE)
_SILENT = re.compile(
    r"^(added|fixed|security|new|features?|bug ?fix(es)?|fixes|docs?|documentation|misc\w*|internal\w*|improve\w+)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(?:#{1,6}\s+|\*\*|=+\s)(?P<title>[^*]+?)(?:\*\*)?:?\s*#*$")
_UNDERLINE = re.compile(r"^([=\-~^\"'`#*+])\1{2,}\s*$")
_CONVENTIONAL = re.compile(r"^\w+(\([^)]*\))?!:")
_FOOTER = re.compile(
    r"^BREAKING[ -]CHANGE(?:\s*[:#]|S:)\s*(?P<text>.+?)(?=^[A-Z][\w-]+: |\Z)", re.MULTILINE | re.DOTALL
)
_BREAKS = re.compile(
    r"\b(remov\w+|renam\w+|drop\w*|no longer|requir\w+|must|chang\w+|breaking|incompatib\w+|delet\w+|replac\w+"
    r"|mov(e|es|ed|ing)|became|becomes|now|instead|keyword-only|positional-only|async|disallow\w*|forbid\w*"
    r"|unsupported|raise\w*)\b",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"\b(instead|replac\w+|renam\w+|migrat\w+|upgrade|switch\w*|in favou?r of|moved? (to|into)|use|using|pass\w*"
    r"|call\w*|import\w*|await\w*|set|wrap\w*|convert\w*|from now on|add|update|read|write|rather than|must|should"
    r"|need(s|ed)? to|have to|was never|unused|no replacement|had no effect|no longer needed|did nothing|catch|pin|run"
    r"|deprecated|available|https?://|now (takes|accepts|returns|requires|is|has|lives|raises))\b|->|→|=>",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")


class Record(msgspec.Struct, frozen=True):
    """One thing that the author says to users.

    Args:
        text: What it says.
        path: The file, or the commit.
        line: 1-based line in the file.
        strength: It says that something breaks, or only speaks of something.
    """

    text: str
    path: str
    line: int | None
    strength: Strength

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def names(self, one: Break) -> bool:
        """Tell whether the record speaks of what is broken."""
        return any(_mentions(self.text, name) for name in one.names)

    def names_owner(self, one: Break) -> bool:
        """Tell whether the record speaks of the class that is broken in one of its members."""
        return bool(one.owner) and _mentions(self.text, one.owner)

    def leads_on(self, one: Break) -> bool:
        """Tell whether the record says what to do: a step, or the name of what takes the place."""
        if one.surface == "python version" or _PATH.search(self.text):
            return True
        known = {part.lower() for name in one.names for part in [name, *name.split(".")]}
        others = re.findall(r"`+([^`\n]+)`+", self.text)
        return any(other.strip("~():").rpartition(".")[2].lower() not in known for other in others)


def _mentions(text: str, name: str) -> bool:
    """Find a name in a text; a plain word counts only in markup, or as it is written when it is no word of prose."""
    bare = re.escape(name)
    if re.search(rf"[`\"'][^`\"'\n]*(?<![\w-]){bare}(?![\w-])[^`\"'\n]*[`\"']", text):
        return True
    telling = not name.isalpha() or not (name.islower() or name.istitle())
    return telling and bool(re.search(rf"(?<![\w.-]|/){bare}(?![\w-])", text))


class BreakRecords:
    """Everything that the change tells users.

    Args:
        change: The change.
        notes: The author's notes.
        history: The messages of its commits.
        migrations: Its migrations: each tells of what it takes away.
    """

    def __init__(self, change: Change, notes: Notes, history: History, migrations: ChangedMigrations) -> None:
        self._change = change
        self._migrations = migrations
        self._notes = notes
        self._history = history

    @classmethod
    def of(cls, change: Change, notes: Notes, history: History, migrations: ChangedMigrations) -> Self:
        """Nothing is read yet."""
        return cls(change, notes, history, migrations)

    @cached_property
    def all(self) -> tuple[Record, ...]:
        """Every record, those that say that something breaks first."""
        found = [*self._from_notes(), *self._from_messages(), *self._from_files(), *self._from_migrations()]
        return tuple(sorted(found, key=lambda one: one.strength != "flag"))

    @cached_property
    def flags(self) -> tuple[Record, ...]:
        """The records that say that something breaks."""
        return tuple(one for one in self.all if one.strength == "flag")

    def of_break(self, one: Break) -> tuple[Record, ...]:
        """Return the records that speak of a break, the most helpful first."""
        found = [record for record in self.flags if record.names(one)]
        return tuple(sorted(found, key=lambda record: not record.leads_on(one)))

    def naming(self, words: Sequence[str]) -> Record | None:
        """Return the first record that says of one of some names that it breaks."""
        return next((record for record in self.flags if any(_mentions(record.text, word) for word in words)), None)

    def _from_notes(self) -> Iterator[Record]:
        for line in self._notes.section("breaking"):
            if not re.fullmatch(r"(none|no|nothing|n/?a)\b.{0,40}|-", line.strip(), re.IGNORECASE):
                yield Record(line, self._notes.path or "notes", None, "flag")

    def _from_messages(self) -> Iterator[Record]:
        for message in self._history.messages:
            footers = [match["text"].strip() for match in _FOOTER.finditer(message.text)]
            yield from (Record(text, _called(message), None, "flag") for text in footers)
            if _CONVENTIONAL.match(message.subject):
                yield Record(message.text.strip(), _called(message), None, "flag")
            elif not footers:
                yield Record(message.text.strip(), _called(message), None, "mention")

    def _from_files(self) -> Iterator[Record]:
        for file in self._change.files:
            if file.head_path is None or file.role == "test" or file.path.endswith(".py"):
                continue
            if _FRAGMENT.search(file.path) and file.status in {"added", "renamed", "modified"}:
                yield from self._fragment(file)
            elif _CHANGELOG.search(file.path):
                yield from self._changelog(file)

    def _from_migrations(self) -> Iterator[Record]:
        try:
            changed = [one.head for one in self._migrations.all() if one.head and one.what != "moved"]
        except ToolError:  # told by the rule of migrations
            return
        for one in changed:
            parts = [f"{o.kind} `{t}.{c}`" for o in one.upgrade for t in o.tables for c in o.columns]
            parts += [f"{o.kind} `{t}`" for o in one.upgrade for t in o.tables if "table" in o.kind]
            yield Record("; ".join(filter(None, (one.doc, *parts))), one.path, 1, "mention")

    def _fragment(self, file: ChangedFile) -> Iterator[Record]:
        text = self._change.head.read(file.path) or ""
        name = re.sub(r"\.(md|rst|txt|ya?ml)$", "", file.path.rpartition("/")[2])
        category = name.split(".")[1:] or [name]
        told = any(_TELLS.search(part) for part in category) or bool(_TELLS.search(text.partition(":")[0]))
        silent = any(_SILENT.match(part) for part in category)
        strong = told or (bool(_BREAKS.search(text)) and not silent)
        yield Record(text.strip(), file.path, 1, "flag" if strong else "mention")

    def _changelog(self, file: ChangedFile) -> Iterator[Record]:
        added = self._change.added_lines(file)
        lines = (self._change.head.read(file.path) or "").splitlines()
        title, blank = "", False
        entry: list[tuple[int, str]] = []
        for number, line in enumerate([*lines, "end"], 1):
            heading = _HEADING.match(line)
            underlined = bool(_UNDERLINE.match(line)) and bool(entry)
            if heading or underlined or _ITEM.match(line) or (blank and line.strip() and not line[0].isspace()):
                title, kept = (entry[-1][1].strip(), entry[:-1]) if underlined else (title, entry)
                yield from _entry(file.path, title, kept, added)
                entry = []
            title = heading["title"].strip() if heading else title
            if line.strip() and not heading and not underlined:
                entry.append((number, line))
            blank = not line.strip()
        yield from _entry(file.path, title, entry[:-1], added)


def _entry(path: str, title: str, lines: list[tuple[int, str]], added: frozenset[int]) -> Iterator[Record]:
    new = [number for number, _ in lines if number in added]
    if new:
        text = "\n".join(line.strip() for _, line in lines)
        told = bool(_TELLS.search(title)) or (bool(_BREAKS.search(text)) and not _SILENT.match(title))
        yield Record(text, path, new[0], "flag" if told else "mention")


def _called(message: Message) -> str:
    return f"commit {message.commit[:10]}"
