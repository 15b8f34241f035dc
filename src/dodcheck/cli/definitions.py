"""Find the Definition of Done: given, named, configured, in a usual place, or built in."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from dodcheck.change import Snapshot
from dodcheck.definition import Definition
from dodcheck.errors import DefinitionError
from dodcheck.registry import installation
from dodcheck.remembered import Remembered
from dodcheck.store import cache_home

_FOLDERS = ("", "docs/", ".github/")
_NAMES = ("DOD.md", "DEFINITION_OF_DONE.md")


class Found(NamedTuple):
    """A definition, where it was read from, and what a reader must know of that."""

    definition: Definition
    revision: str
    remarks: tuple[str, ...] = ()


def find(
    given: str | None, agent: str | None, configured: str | None, base: Snapshot, head: Snapshot, top: Path
) -> Found:
    """Return the definition to check against.

    Args:
        given: A file named by hand; trusted as it is on disk.
        agent: The name of a coding agent's definition.
        configured: The path in the configuration.
        base: Side that a definition in the repository is read from.
        head: Side that it is read from when base has none.
        top: The work tree's root.

    Raises:
        DefinitionError: None is where it was said to be, or it has no checklist.
    """
    if given is not None:
        return Found(read_file(Path(given)), "given by hand")
    if agent is not None:
        return _agent(agent, base, head, top)
    if configured is not None:
        found = _in_repository(configured, base, head)
        if found is None:
            raise DefinitionError(
                f"{configured}: no such file at base or head", "mend `definition` in the configuration"
            )
        return found
    for path in (folder + name for folder in _FOLDERS for name in _NAMES):
        found = _in_repository(path, base, head)
        if found is not None:
            return found
    text = Path(*import_module("dodcheck.templates").__path__, "definition.md").read_text(encoding="utf-8")
    return Found(
        _read(text, "built-in default"), "dodcheck's own", ("no DOD.md here: the built-in definition was used",)
    )


def _agent(name: str, base: Snapshot, head: Snapshot, top: Path) -> Found:
    if "/" in name or name.startswith("."):
        raise DefinitionError(f"{name!r} is no agent's name", "give the file with --definition")
    places = (f".claude/agents/{name}.md", f"agents/{name}.md")
    for path in places:
        found = _in_repository(path, base, head)
        if found is not None:
            return found
    for file in _outside(places, name, top):
        if file.is_file():
            return Found(read_file(file), "on disk, not under version control")
    raise DefinitionError(f"no agent {name!r}: neither {places[0]} nor {places[1]}", "give the file with --definition")


def _outside(places: tuple[str, ...], name: str, top: Path) -> Iterator[Path]:
    """Agent files that git ignores, then the user's own."""
    yield from (top / place for place in places)
    yield Path.home() / ".claude" / "agents" / f"{name}.md"


def _in_repository(path: str, base: Snapshot, head: Snapshot) -> Found | None:
    text = base.read(path)
    if text is not None:
        return Found(_read(text, path), f"as of {base.revision}")
    text = head.read(path)
    if text is None:
        return None
    return Found(_read(text, path), f"as of {head.revision}", (f"definition: head's {path}, because base has none",))


def read_file(file: Path) -> Definition:
    """Read a definition from disk.

    Raises:
        DefinitionError: It cannot be read, or has no checklist.
    """
    try:
        return _read(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise DefinitionError(f"{file}: {why}", "give a Markdown file with a checklist") from error


def _read(text: str, path: str) -> Definition:
    return Remembered(cache_home(), installation()).read(text, path)
