"""Which task the change is for: named by the caller, by a commit, or by the branch."""

import re
from typing import Literal, Self

import msgspec

from dodcheck.change import Both
from dodcheck.facts.tasks.task_files import Tasks
from dodcheck.history import History
from dodcheck.tasks import Task, TaskRequest

How = Literal["--task", "trailer", "branch", "unknown", "ambiguous"]
TRAILERS = ("task", "task-id")
ASK = "name it: `--task ID`, a `Task: ID` line at the end of a commit message, or the id in the branch's name"


class ChosenTask(msgspec.Struct, frozen=True):
    """The task of the change.

    Args:
        id: Its id; None where nobody named one, or several are named.
        how: Who named it.
        base: The task as base's file has it; None when it is not there, or there twice.
        head: The same at head.
        candidates: The ids between which it cannot be told.
    """

    id: str | None
    how: How
    base: Task | None = None
    head: Task | None = None
    candidates: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: TaskRequest, history: History, tasks: Both[Tasks]) -> Self:
        """Ask the caller, then the commits, then the branch; the first who says something is heard."""
        if request.id is not None:
            return cls._named(request.id, "--task", tasks)
        told = dict.fromkeys(_trailers(history))
        if not told and tasks.head.listed.tasks:
            return cls._by_branch(history.branch or "", tasks)
        if len(told) > 1:
            return cls(None, "ambiguous", candidates=tuple(told))
        return cls._named(next(iter(told)), "trailer", tasks) if told else cls(None, "unknown")

    @classmethod
    def _by_branch(cls, branch: str, tasks: Both[Tasks]) -> Self:
        ids = dict.fromkeys(task.id for task in tasks.head.listed.tasks)
        found = [name for name in ids if _names(branch, name)]
        if len(found) == 1:
            return cls._named(found[0], "branch", tasks)
        return cls(None, "ambiguous" if found else "unknown", candidates=tuple(found))

    @classmethod
    def _named(cls, name: str, how: How, tasks: Both[Tasks]) -> Self:
        return cls(name, how, tasks.base.one(name), tasks.head.one(name))


def _trailers(history: History) -> list[str]:
    return [value for one in history.messages for key in TRAILERS for value in one.trailers.get(key, ())]


def _names(branch: str, name: str) -> bool:
    """Tell whether a branch is called after a task; a bare number must open a part of the name, or follow "task"."""
    start = r"(?:^|/|task[-_/]?)" if name.isdigit() else r"(?<![A-Za-z0-9])"
    return re.search(rf"{start}{re.escape(name)}(?![A-Za-z0-9])", branch, re.IGNORECASE) is not None
