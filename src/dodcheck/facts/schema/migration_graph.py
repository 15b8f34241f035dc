"""The order of the migrations of one folder: which come after which, and which nothing comes after."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple, Self

from dodcheck.change import Snapshot
from dodcheck.facts.schema.migration_reading import tool_of

_REVISION = re.compile(r"^revision\b[^=\n]*=\s*(.+)$", re.MULTILINE)
_DOWN = re.compile(r"^down_revision\b[^=\n]*=\s*(\([^)]*\)|\[[^\]]*\]|[^\n#]+)", re.MULTILINE)
_LABELS = re.compile(r"^branch_labels\b[^=\n]*=\s*[\[(\"'{]", re.MULTILINE)
_QUOTED = re.compile(r"[\"']([^\"']+)[\"']")
_DEPENDENCIES = re.compile(r"^\s*dependencies\b[^=\n]*=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_REPLACES = re.compile(r"^\s*replaces\b[^=\n]*=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_PAIR = re.compile(r"\(\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']\s*,?\s*\)")


class Node(NamedTuple):
    """One migration in the order.

    Args:
        path: Its file.
        revision: Its id.
        parents: Ids that it comes after.
        labelled: It opens a branch of its own, on purpose.
        replaces: Ids that it stands for.
    """

    path: str
    revision: str
    parents: tuple[str, ...]
    labelled: bool = False
    replaces: tuple[str, ...] = ()


class MigrationGraph:
    """Orders of migrations of one side, read by their headers alone, a folder at a time.

    Args:
        snapshot: The side.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[str, tuple[Node, ...]] = {}
        self._folders: defaultdict[str, list[str]] | None = None

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    def nodes(self, folder: str) -> tuple[Node, ...]:
        """Return the migrations that stand in a folder or below it."""
        if folder not in self._known:
            self._known[folder] = tuple(self._read(folder))
        return self._known[folder]

    def heads(self, folder: str) -> list[Node]:
        """Return the migrations of a folder that no other comes after; labelled branches are left out."""
        nodes = self.nodes(folder)
        replaced = {name for node in nodes for name in node.replaces}
        kept = [node for node in nodes if node.revision not in replaced]
        followed = {parent for node in kept for parent in node.parents}
        followed |= {node.revision for node in kept if set(node.replaces) & followed}
        if any(node.labelled for node in kept):
            return []
        return [node for node in kept if not _named(node.revision, followed)]

    def missing(self, node: Node, folder: str) -> list[str]:
        """Return what a migration says that it comes after, and no file of the repository is."""
        known = {one.revision for one in self.nodes(folder)} | {r for one in self.nodes(folder) for r in one.replaces}
        absent = [p for p in node.parents if not any(r.startswith(p) or p == r for r in known) and p.isidentifier()]
        return [p for p in absent if not any(p in (self._snapshot.read(path) or "") for path in self._others(folder))]

    def twins(self, node: Node, folder: str) -> list[str]:
        """Return other files of the same revision."""
        return [one.path for one in self.nodes(folder) if one.revision == node.revision and one.path != node.path]

    def mentions(self, word: str, folders: Iterable[str]) -> bool:
        """Tell whether some migration speaks of a table."""
        pattern = re.compile(rf"(?<![\w]){re.escape(word)}(?![\w])", re.IGNORECASE)
        paths = [path for folder in folders for path in self._paths(folder)]
        return any(pattern.search(self._snapshot.read(path) or "") for path in paths)

    def folders(self) -> Mapping[str, list[str]]:
        """Return every folder that looks like one of migrations, with its files."""
        if self._folders is None:
            self._folders = defaultdict(list)
            for path in self._snapshot.paths():
                if path.endswith(".py") and re.search(r"(^|/)(versions|migrations|revisions|alembic)/", path):
                    self._folders[path.rpartition("/")[0]].append(path)
        return self._folders

    def _others(self, folder: str) -> list[str]:
        return [path for other, paths in self.folders().items() if not other.startswith(folder) for path in paths]

    def _paths(self, folder: str) -> list[str]:
        prefix = f"{folder}/" if folder else ""
        return [p for p in self._snapshot.paths() if p.startswith(prefix) and p.endswith(".py")]

    def _read(self, folder: str) -> Iterator[Node]:
        django: dict[str, str] = {}
        for path in self._paths(folder):
            text = self._snapshot.read(path) or ""
            tool = tool_of(path, text)
            if tool == "alembic":
                yield from _alembic(path, text)
            elif tool == "django" and path.rpartition("/")[0] == folder:
                django[path] = text
        yield from _django(django, PurePosixPath(folder).parent.name)


def _alembic(path: str, text: str) -> Iterator[Node]:
    own, down = _REVISION.search(text), _DOWN.search(text)
    ids = _QUOTED.findall(own[1]) if own else []
    if ids:
        yield Node(path, ids[0], tuple(_QUOTED.findall(down[1])) if down else (), bool(_LABELS.search(text)))


def _django(texts: Mapping[str, str], app: str) -> Iterator[Node]:
    """Read the migrations of an application; its label may differ from its folder's name."""
    stems = {PurePosixPath(path).stem: text for path, text in texts.items()}
    pairs = {
        stem: _PAIR.findall(found[1]) if (found := _DEPENDENCIES.search(text)) else [] for stem, text in stems.items()
    }
    inner = Counter(label for stem, told in pairs.items() for label, name in told if name in stems and name != stem)
    label = app if app in inner else next((name for name, _ in inner.most_common(1)), app)
    for path in texts:
        stem = PurePosixPath(path).stem
        stands = _REPLACES.search(texts[path])
        parents = tuple(name for one, name in pairs[stem] if one == label)
        yield Node(path, stem, parents, replaces=tuple(n for _, n in _PAIR.findall(stands[1])) if stands else ())


def _named(revision: str, followed: set[str]) -> bool:
    """Alembic takes the beginning of an id for the id."""
    return revision in followed or any(len(p) >= 4 and revision.startswith(p) for p in followed)  # noqa: PLR2004 - Alembic's shortest
