"""Where a project tells people how to set it up: READMEs, guides, example environments, deployment files."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, Self

import msgspec

from dodcheck.change import Snapshot

Kind = Literal["readme", "guide", "example", "deployment"]

_MAYBE = re.compile(
    r"\.(md|mdx|rst|adoc|asciidoc|markdown|qmd|txt|html?|ipynb|ya?ml)$|read[-_]?me|env|example|sample|template|dist|tmpl"
    r"|app\.json$|(docker|container)file|install|contributing|hacking|develop|setup|deploy",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(^|/)(tests?|__tests__|specs?|e2e|fixtures?|node_modules|_vendor|vendor|third_party)/", re.IGNORECASE
)
_HIDDEN = re.compile(r"(^|/)\.(?!github/)[^/]*")
_README = re.compile(r"(read[-_]?me|readme[-_.][\w.-]*)(\.\w+)?", re.IGNORECASE)
_PROSE = {".md", ".mdx", ".rst", ".adoc", ".asciidoc", ".markdown", ".qmd"}
_DOC_FOLDER = re.compile(r"(^|/)(docs?|documentation|doc_src|docsrc|wiki|website|site|guides?|manual)/", re.IGNORECASE)
_GUIDE_NAME = re.compile(r"(install\w*|contributing|hacking|development|developing|setup|deploy\w*)", re.IGNORECASE)
_PAST = re.compile(
    r"(^|/)_?(changelogs?|changes|history|news|newsfragments|releases?([-_]?notes?)?|release[-_]\w+|whats?[-_]?new|upgrad\w*"
    r"|migrat\w*|decisions|adrs?|blogs?|posts|archive\w*|deprecat\w*|licen[cs]es?|authors|contributors|security|notice"
    r"|copying|code[-_]of[-_]conduct|changelog\.d|changes\.d|pull_request_template|issue_template|definition_of_done|dod)"
    r"([-_./]|$)",
    re.IGNORECASE,
)
_OTHER_VERSION = re.compile(r"(^|/)(v?\d+\.\d+[\w.]*|versioned_docs|version-[\w.]+)/")
_THEME = re.compile(r"(^|/)(_?themes?|overrides|_static|_build|layouts|_?includes|assets)/.*\.html?$", re.IGNORECASE)
_SETUP_PATH = re.compile(
    r"install|set[-_]?up|getting[-_]?started|quick[-_]?start|requirement|dependenc|config|environ|deploy|self[-_]?host"
    r"|contribut|develop|hacking|docker",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"\.env(rc)?([-_.][\w.-]+)?|[\w.-]*env(rc)?[-_.](example|sample|template|dist|defaults?|tmpl|tpl)"
    r"|([\w.-]*[-_.])?(example|sample|template)s?[-_.]([\w-]*\.)?(env|envrc|ya?ml|toml|ini|cfg|conf|json)"
    r"|[\w.-]+\.(env|ya?ml|toml|ini|cfg|conf|py|json)[-_.](example|sample|template|dist|tmpl)|app\.json",
    re.IGNORECASE,
)
_DEPLOYMENT = re.compile(
    r"(^|/)[\w.-]*compose[\w.-]*\.ya?ml$|(^|/)(charts?|helm)/(.*/)?values[\w.-]*\.ya?ml$"
    r"|(^|/)([\w-]+\.)?(Dockerfile|Containerfile)([-_.][\w.-]+)?$"
)


class Mention(msgspec.Struct, frozen=True):
    """One line of a document that holds a word.

    Args:
        path: The document.
        line: 1-based line.
        text: The line.
        kind: What the document is.
    """

    path: str
    line: int
    text: str
    kind: Kind


def kind_of(path: str) -> Kind | None:
    """Tell what kind of setup document a path is; None for changelogs, tests, agents' files and everything else."""
    if not _MAYBE.search(path):
        return None
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.lower().rpartition(".")
    stem, suffix = (stem, f".{suffix}") if dot else (suffix, "")
    if _ASIDE.search(path):
        return None
    if _DEPLOYMENT.search(path):
        return "deployment"
    if _EXAMPLE.fullmatch(name):
        return "example"
    if _README.fullmatch(name) and (suffix in _PROSE or suffix in {"", ".txt", ".html"}):
        return "readme"
    return "guide" if _is_guide(path, stem, suffix) else None


def _is_guide(path: str, stem: str, suffix: str) -> bool:
    if _HIDDEN.search(path) or _PAST.search(path) or _THEME.search(path) or _OTHER_VERSION.search(path):
        return False
    if suffix in _PROSE or (suffix in {".txt", ".html", ".ipynb", ".htm"} and _DOC_FOLDER.search(path)):
        return True
    return suffix in {"", ".txt"} and bool(_GUIDE_NAME.fullmatch(stem))


def is_setup_page(path: str) -> bool:
    """Tell whether the path of a document says that it is about installing or configuring."""
    return bool(_SETUP_PATH.search(path))


class Documentation:
    """The setup documents of one side; a text is read when it is asked for.

    Args:
        snapshot: The side to read from.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    @cached_property
    def documents(self) -> tuple[tuple[str, Kind], ...]:
        """Every document with its kind: READMEs first, then examples, guides and deployment files."""
        order: list[Kind] = ["readme", "example", "guide", "deployment"]
        found = [(path, kind) for path in self._snapshot.paths() if (kind := kind_of(path))]
        return tuple(sorted(found, key=lambda pair: (order.index(pair[1]), pair[0].count("/"), pair[0])))

    def text(self, path: str) -> str:
        """Return the text of a document; empty when there is none. Backslashes that only escape markup are dropped."""
        return (self._snapshot.read(path) or "").replace("\\_", "_").replace("\\-", "-")

    def mentions(self, pattern: re.Pattern[str], paths: Iterable[tuple[str, Kind]] | None = None) -> Iterator[Mention]:
        """Yield the lines of documents in which a pattern is found; of deployment files, commented ones only.

        Args:
            pattern: What to find in a line.
            paths: The documents to search; all of them by default.
        """
        for path, kind in self.documents if paths is None else paths:
            text = self.text(path)
            if not pattern.search(text):
                continue
            lines = text.splitlines()
            for number, line in enumerate(lines, 1):
                if pattern.search(line) and (kind != "deployment" or _commented(lines, number)):
                    yield Mention(path, number, line.strip(), kind)

    def home(self, folder: str) -> tuple[str, str | None]:
        """Return the nearest folder up the tree that has a README, with that README; the root when none has.

        Args:
            folder: Where to start; the root is "".
        """
        readmes: dict[str, str] = {}
        for path, kind in self.documents:
            if kind == "readme":
                readmes.setdefault(path.rpartition("/")[0], path)
        while folder and folder not in readmes:
            folder = folder.rpartition("/")[0]
        github = next((readmes[place] for place in (".github", "docs") if place in readmes), None)
        return folder, readmes.get(folder) or (None if folder else github)


def _commented(lines: list[str], number: int) -> bool:
    above = lines[number - 2].strip() if number > 1 else ""
    return "#" in lines[number - 1] or above.startswith("#")
