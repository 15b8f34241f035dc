"""Environment variables that the change documents under a name that nothing reads."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Self

import msgspec

from dodcheck.change import Change, Snapshot
from dodcheck.facts.documents.documentation import Documentation
from dodcheck.facts.documents.touched_documentation import TouchedDocument, TouchedDocumentation
from dodcheck.facts.setup.dependencies import is_aside
from dodcheck.facts.setup.environment import EnvironmentReads, VariableChanges
from dodcheck.facts.setup.variables import Variable, is_well_known, serves_libraries

_ALIKE = 0.88
_LARGE = 3000  # files: reading as many takes half a second
_NAME = r"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"
_SHOWN = re.compile(rf"`(?:export )?\$?\{{?{_NAME}\}}?(?:=[^`]*)?`|^(?:export )?{_NAME}=")
_FIELD = re.compile(r"^\s+(\w+)\s*:", re.MULTILINE)
_READ = re.compile(r"(?:environ(?:\.\w+)?[\[(]|getenv\(|env(?:\.\w+)?\(|config\()\s*[\"']([A-Z][A-Z0-9_]{3,})[\"']")


class MisnamedVariable(msgspec.Struct, frozen=True):
    """A name in a line that the change adds to a document.

    Args:
        name: As documented.
        meant: What the code reads.
        path: The document.
        line: 1-based line.
    """

    name: str
    meant: str
    path: str
    line: int


class MisnamedVariables(msgspec.Struct, frozen=True):
    """Names that nothing in the project knows, each nearly that of a variable which the same page lacks.

    Args:
        found: The names.
    """

    found: tuple[MisnamedVariable, ...]

    @classmethod
    def of(
        cls,
        change: Change,
        docs: Documentation,
        touched: TouchedDocumentation,
        reads: EnvironmentReads,
        variables: VariableChanges,
    ) -> Self:
        """Read the lines that the change adds to documents, and search the code for names that stand in them.

        Of a large repository only names near those that changed files read are searched for.
        """
        told = {(one, name) for one in touched.documents if one.kind != "deployment" for name in _names(one)}
        read = {name for one in variables.new if not one.dynamic for name in one.names}
        read |= {name for f in change.at_head(".py") for name in _READ.findall(change.head.read(f.path) or "")}
        if len(change.head.paths()) > _LARGE:
            told = {(one, name) for one, name in told if get_close_matches(name, sorted(read), 1, _ALIKE)}
        asked = [Variable((name,), "optional", "", 1) for _, name in told]
        known = reads.in_use(asked, read=False) if asked else frozenset()
        strange = sorted(((one, name) for one, name in told if name not in known), key=lambda pair: pair[1])
        if not strange:
            return cls(())
        fields = set[str]()
        for text in _sources(change.head):
            read.update(_READ.findall(text))
            fields.update(_FIELD.findall(text) if "Settings" in text else ())
        strange = [(one, name) for one, name in strange if fields.isdisjoint(_tails(name))]
        return cls(tuple(one for document, name in strange for one in _misnamed(document, name, read, docs)))


def _names(document: TouchedDocument) -> Iterator[str]:
    old = "\n".join(document.removed)
    for line in document.added:
        for found in _SHOWN.finditer(line):
            name = found[1] or found[2]
            if not is_well_known(name) and not serves_libraries(name) and name not in old:
                yield name


def _sources(snapshot: Snapshot) -> Iterator[str]:
    for path in snapshot.paths():
        if path.endswith(".py") and not is_aside(path):
            yield snapshot.read(path) or ""


def _tails(name: str) -> list[str]:
    """Return what a field of a settings class may be called: `APP_DB_URL` may be `db_url` after a prefix."""
    words = name.lower().split("_")
    return ["_".join(words[start:]) for start in range(len(words))]


def _misnamed(document: TouchedDocument, name: str, read: set[str], docs: Documentation) -> Iterator[MisnamedVariable]:
    text = docs.text(document.path)
    for meant in get_close_matches(name, sorted(read), 1, _ALIKE):
        told = re.search(rf"(?<!\w){re.escape(meant)}(?!\w)", text)
        if not told and re.sub(r"\d", "", meant) != re.sub(r"\d", "", name):
            number = text.count("\n", 0, text.index(name)) + 1
            yield MisnamedVariable(name, meant, document.path, number)
