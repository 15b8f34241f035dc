"""Where the setup of one part of a repository is told: the documents that serve it, asked at head."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Self

from dodcheck.facts.documents.documentation import Documentation, Kind, Mention
from dodcheck.facts.documents.touched_documentation import TouchedDocument, TouchedDocumentation
from dodcheck.facts.setup.dependencies import Dependencies

_NAME = re.compile(r"\b[A-Z][A-Z0-9_]{4,}\b")
_ALIKE = 0.85


class SetupPlaces:
    """The documents of head, by whom they serve.

    Args:
        docs: The documents.
        dependencies: The projects of the repository; a document inside one serves that one only.
        touched: What the change does to the documents.
    """

    def __init__(self, docs: Documentation, dependencies: Dependencies, touched: TouchedDocumentation) -> None:
        self._docs = docs
        self._dependencies = dependencies
        self._touched = touched

    @classmethod
    def of(cls, docs: Documentation, dependencies: Dependencies, touched: TouchedDocumentation) -> Self:
        """Nothing is searched yet."""
        return cls(docs, dependencies, touched)

    def readme(self, folder: str) -> str | None:
        """Return the README that is nearest to a folder, up the tree."""
        return self._docs.home(folder)[1]

    def touched(self, folder: str, manifest: str) -> list[TouchedDocument]:
        """Return the READMEs and guides that the change touches, of the folder whose README is nearest.

        Args:
            folder: The project's folder; the root is "".
            manifest: A file of the project.
        """
        home, readme = self._docs.home(folder)
        return [
            one
            for one in self._touched.documents
            if one.kind in {"readme", "guide"}
            and (one.path == readme or not home or one.path.startswith(f"{home}/"))
            and not self._dependencies.is_foreign(one.path, manifest)
        ]

    def removed_line(self, pattern: re.Pattern[str]) -> TouchedDocument | None:
        """Return the document that the change frees of a word."""
        told = (one for one in self._touched.documents if one.kind != "deployment")
        freed = (one for one in told if any(pattern.search(line) for line in one.removed))
        return next((one for one in freed if not any(pattern.search(line) for line in one.added)), None)

    def mention(self, pattern: re.Pattern[str], path: str, *, readme_only: bool) -> Mention | None:
        """Return the first line that tells of something.

        Args:
            pattern: What to find.
            path: The file that needs it told; documents of other projects do not count.
            readme_only: Count READMEs, and only those other pages that a README names.
        """
        found = self._docs.mentions(pattern, self._serving(path))
        return next((one for one in found if not readme_only or self.is_linked(one.path, one.kind)), None)

    def is_linked(self, path: str, kind: Kind) -> bool:
        """Tell whether a document is a README, or a README names it."""
        if kind == "readme":
            return True
        name = re.escape(path.rpartition("/")[2])
        stem = re.escape(path.rpartition(".")[0])
        pattern = re.compile(rf"(?<![\w-])(?:{name}|{stem})(?![\w-])")
        return any(pattern.search(self._docs.text(one)) for one, is_a in self._docs.documents if is_a == "readme")

    def similar(self, name: str, path: str) -> str | None:
        """Return a variable's name in READMEs and example environments that is nearly, but not quite, `name`."""
        told: set[str] = set()
        for document, kind in self._serving(path):
            if kind in {"readme", "example"}:
                told.update(_NAME.findall(self._docs.text(document)))
        return next(iter(get_close_matches(name, sorted(told), 1, _ALIKE)), None)

    def _serving(self, path: str) -> Iterator[tuple[str, Kind]]:
        return (pair for pair in self._docs.documents if not self._dependencies.is_foreign(pair[0], path))
