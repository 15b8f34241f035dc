"""Where a project documents its endpoints by hand or commits what is generated: pages, collections, specifications."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from functools import cached_property
from typing import Self

import msgspec

from dodcheck.change import Both, Change, Snapshot
from dodcheck.facts.documents.documentation import kind_of
from dodcheck.facts.http.endpoint import Endpoint
from dodcheck.facts.http.mentions import Mention, mentions
from dodcheck.facts.http.openapi import OpenApiDocument

_SPEC = re.compile(r"(^|/)([\w.-]*[-_.])?(openapi|swagger|api[-_]?(spec|schema|docs?))([-_.][\w.-]*)?\.(json|ya?ml)$")
_COLLECTION = re.compile(r"postman[\w.-]*\.json$|_collection\.json$|\.(http|rest|apib|raml|bru)$", re.IGNORECASE)
_PAST = re.compile(
    r"(^|/)_?(changelogs?|changes|history|news|newsfragments|releases?([-_]?notes?)?|whats?[-_]?new|upgrading|migration[-_]guide"
    r"|changelog\.d|changes\.d)([-_./]|$)",
    re.IGNORECASE,
)
_CLIENT = re.compile(r"\.tsx?$")
_OPERATION = re.compile(r"""^\s*["']/[^"'\s]*["']:\s*\{""")  # how openapi-typescript writes a path
_PROSE = (".md", ".rst", ".txt", ".mdx", ".adoc", ".yml", ".yaml", ".toml")
_ASIDE = re.compile(r"(^|/)(tests?|__tests__|fixtures?|cassettes|node_modules|_?vendor|third_party|site-packages)/")


class Touched(msgspec.Struct, frozen=True):
    """A line of a document that only one side has.

    Args:
        path: The document, at head where it exists there.
        line: 1-based line on its side.
        text: The line.
        changelog: The document tells of changes.
    """

    path: str
    line: int
    text: str
    changelog: bool


class ApiDocuments:
    """The documents of one side; a text is read when it is asked for.

    Args:
        snapshot: The side.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    def pages(self, globs: Sequence[str] = ()) -> list[str]:
        """Return the pages and request collections that may name endpoints; changelogs tell of the past."""
        return [path for path in self._snapshot.paths() if is_page(path, globs)]

    def naming(self, endpoint: Endpoint, globs: Sequence[str] = ()) -> Iterator[Mention]:
        """Yield the lines of pages that name the path of an endpoint."""
        for path in self.pages(globs):
            yield from mentions(path, self._text(path), endpoint)

    def specifications(self, path: str = "") -> Iterator[OpenApiDocument]:
        """Yield the committed OpenAPI documents.

        Args:
            path: The only one to look at, if any.
        """
        for one in [path] if path else self._specifications:
            found = OpenApiDocument.parse(self._text(one), one)
            if found:
                yield found

    @cached_property
    def _specifications(self) -> list[str]:
        return [p for p in self._snapshot.paths() if _SPEC.search(p.lower()) and not _ASIDE.search(p)]

    def _text(self, path: str) -> str:
        return self._snapshot.read(path) or ""


class TouchedApiDocuments:
    """What the change does to the lines of documents.

    Args:
        change: The change.
        snapshots: Both sides.
    """

    def __init__(self, change: Change, snapshots: Both[Snapshot]) -> None:
        self._change = change
        self._snapshots = snapshots

    @classmethod
    def of(cls, change: Change, snapshots: Both[Snapshot]) -> Self:
        """Nothing is read yet."""
        return cls(change, snapshots)

    def lines(self, globs: Sequence[str] = ()) -> list[Touched]:
        """Return the lines that only one side of a page or changelog has; of generated clients those with paths."""
        found: list[Touched] = []
        for file in self._change.files:
            past = bool(_PAST.search(file.path)) and file.path.endswith(_PROSE)
            client = bool(_CLIENT.search(file.path))
            if not past and not client and not is_page(file.path, globs):
                continue
            old = self._read(self._snapshots.base, file.base_path)
            new = self._read(self._snapshots.head, file.head_path)
            for mine, other in ((new, old), (old, new)):
                spare = Counter(line.strip() for line in mine) - Counter(line.strip() for line in other)
                numbered = [(i, one) for i, one in enumerate(mine, 1) if one.strip() in spare]
                numbered = [(i, one) for i, one in numbered if not client or _OPERATION.match(one)]
                found += [Touched(file.path, i, one, past) for i, one in numbered]
        return found

    def _read(self, snapshot: Snapshot, path: str | None) -> list[str]:
        return ((path and snapshot.read(path)) or "").splitlines()


def is_page(path: str, globs: Sequence[str]) -> bool:
    """Tell whether a document may describe endpoints as they are now."""
    if any(fnmatch(path, one) for one in globs):
        return True
    if _ASIDE.search(path) or _PAST.search(path) or _SPEC.search(path.lower()):
        return False
    return bool(_COLLECTION.search(path)) or kind_of(path) in {"readme", "guide"}
