"""Find what the author says: notes given or configured, the task's own, or the commit messages."""

import sys
from collections.abc import Callable
from pathlib import Path

from dodcheck.change import Both, Side, Snapshot
from dodcheck.errors import UsageError
from dodcheck.facts.tasks.chosen_task import ChosenTask
from dodcheck.facts.tasks.task_files import Tasks
from dodcheck.history import History
from dodcheck.notes import Notes, of_messages, parse
from dodcheck.tasks import TaskRequest

FOLDER = "handoff"


def notes_of(path: str | None, top: Path) -> Notes:
    """Read the notes that the caller or the configuration names.

    Args:
        path: A file, relative to here or to the work tree's root; `-` for standard input; None for no notes.
        top: The work tree's root.

    Raises:
        UsageError: The file cannot be read.
    """
    if path is None:
        return Notes()
    if path == "-":
        return parse(sys.stdin.read(), "standard input")
    file = Path(path) if Path(path).exists() else top / path
    try:
        return parse(file.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as notes ({error})", "give a Markdown file") from error


def notes_found(base: Snapshot, head: Snapshot, request: TaskRequest, history: Callable[[], History]) -> Notes:
    """Return the notes of the change's task, `handoff/TASK.md` at head, else what its commit messages say.

    Args:
        base: The side that the change starts from.
        head: The side under test.
        request: What the caller says of the task.
        history: The commit messages.
    """
    if head.has_folder(FOLDER):
        sides = Both(lambda side: Tasks.of(base if side is Side.BASE else head, request))
        task = ChosenTask.of(request, history(), sides).id
        path = f"{FOLDER}/{task}.md"
        text = head.read(path) if task else None
        if text is not None:
            return parse(text, path)
    return of_messages([one.text for one in history().messages])
