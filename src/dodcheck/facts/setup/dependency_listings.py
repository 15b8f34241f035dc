"""Lists of dependencies in setup documents, and which of them the change makes wrong."""

from collections.abc import Iterator
from typing import Self

import msgspec

from dodcheck.facts.documents.documentation import Documentation, is_setup_page
from dodcheck.facts.documents.documented_code import listings_in, naming
from dodcheck.facts.documents.touched_documentation import TouchedDocumentation
from dodcheck.facts.setup.dependencies import Dependencies, DependencyChanges, ProjectChange

_MOST = 0.6  # of the dependencies at base: a list that names fewer is a choice, and lacks nothing


class ListedDependency(msgspec.Struct, frozen=True):
    """A dependency of a changed project that a list in a document names, or lacks.

    Args:
        name: The distribution.
        project: The project's folder.
        path: The document.
        line: 1-based line where the list begins.
        named: The list names it.
        certain: The list names most of the project's dependencies, so it is meant to be whole.
    """

    name: str
    project: str
    path: str
    line: int
    named: bool
    certain: bool


class DependencyListings(msgspec.Struct, frozen=True):
    """What lists in READMEs and setup pages at head say of the dependencies that the change adds or removes.

    Args:
        told: Added ones that a list names.
        stale: Removed ones that a list still names, and added ones that a whole list lacks.
    """

    told: tuple[ListedDependency, ...]
    stale: tuple[ListedDependency, ...]

    @classmethod
    def of(
        cls, changes: DependencyChanges, dependencies: Dependencies, docs: Documentation, touched: TouchedDocumentation
    ) -> Self:
        """Search the pages of each changed project; a line that the change itself writes is no stale one."""
        own_words = {one.path: "\n".join(one.added) for one in touched.documents}
        told: dict[tuple[str, str], ListedDependency] = {}
        stale: dict[tuple[str, str, str], ListedDependency] = {}
        for project in changes.projects:
            for one in _listed(project, dependencies, docs, own_words):
                if one.named and one.name in project.added:
                    told.setdefault((one.project, one.name), one)
                else:
                    stale.setdefault((one.project, one.name, one.path), one)
        return cls(tuple(told.values()), tuple(stale.values()))


def _listed(
    project: ProjectChange, dependencies: Dependencies, docs: Documentation, own_words: dict[str, str]
) -> Iterator[ListedDependency]:
    before = project.kept | project.removed.keys()
    patterns = {name: naming(name) for name in (*before, *project.added)}
    home, _ = docs.home(project.folder)
    for path, kind in docs.documents:
        page = kind == "readme" or (kind == "guide" and is_setup_page(path))
        if not page or (home and not path.startswith(f"{home}/")) or dependencies.is_foreign(path, project.manifest):
            continue
        for part in listings_in(docs.text(path)):
            named = {name for name, pattern in patterns.items() if pattern.search(part.text)}
            whole = len(named & before) >= max(2, _MOST * len(before))
            written = own_words.get(path, "")
            for name in named & project.removed.keys():
                if not patterns[name].search(written):
                    yield ListedDependency(name, project.folder, path, part.line, named=True, certain=whole)
            for name in project.added:
                if name in named or whole:
                    yield ListedDependency(name, project.folder, path, part.line, named=name in named, certain=whole)
