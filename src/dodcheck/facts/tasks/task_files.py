"""The team's task file on one side."""

from typing import Self

from dodcheck.change import Snapshot
from dodcheck.tasks import Task, TaskList, TaskRequest, parse

PLACES = ("tasks.json", ".claude/tasks.json", "docs/tasks.json")


class Tasks:
    """Tasks of one side; without a task file there are none.

    Args:
        listed: What the file says.
    """

    def __init__(self, listed: TaskList) -> None:
        self.listed = listed

    @classmethod
    def of(cls, snapshot: Snapshot, request: TaskRequest) -> Self:
        """Read the task file that was named, else the first of the usual places."""
        for path in (request.file,) if request.file else PLACES:
            text = snapshot.read(path)
            if text is not None:
                return cls(parse(text, path))
        return cls(TaskList())

    def one(self, name: str | None) -> Task | None:
        """Return the task of an id where the file has exactly one of it."""
        found = self.listed.named(name) if name is not None else ()
        return found[0] if len(found) == 1 else None
