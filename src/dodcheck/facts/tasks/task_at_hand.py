"""The task that a change is judged by, or what there is to say where there is none."""

from typing import Self

import msgspec

from dodcheck.change import Both
from dodcheck.facts.runs.change_kind import ChangeKind
from dodcheck.facts.tasks.chosen_task import ASK, ChosenTask
from dodcheck.facts.tasks.task_files import Tasks
from dodcheck.tasks import Task
from dodcheck.verdict import Finding, Verdict


class TaskAtHand(msgspec.Struct, frozen=True):
    """The change's task at head.

    Args:
        task: The task; None when it is not known, or its file is missing or broken.
        otherwise: What every rule of tasks says then.
        path: The task file.
        is_unplanned: The change alters behaviour, and the project has no task file.
    """

    task: Task | None
    otherwise: Verdict
    path: str = ""
    is_unplanned: bool = False

    @classmethod
    def of(cls, tasks: Both[Tasks], chosen: ChosenTask, kind: ChangeKind) -> Self:
        """Look for the file, then for the task in it."""
        listed = tasks.head.listed
        if chosen.head is not None and listed.path is not None:
            return cls(chosen.head, Verdict.not_applicable("there is a task"), listed.path)
        idle = kind.name != "behavioural" and tasks.base.listed.path == listed.path
        if chosen.how == "unknown" and idle:
            return cls(None, Verdict.not_applicable(f"a change for no task that alters no behaviour ({kind.name})"))
        if listed.path is None:
            unplanned = tasks.base.listed.path is None and chosen.how != "--task"
            return cls(None, _without_file(tasks.base.listed.path, chosen), is_unplanned=unplanned)
        return cls(None, _without_task(listed.path, tasks, chosen), listed.path)


def _without_file(gone: str | None, chosen: ChosenTask) -> Verdict:
    if gone is not None:
        return Verdict.failed(_at(f"the change deletes {gone}", "bring the task file back", "task-file-gone", gone))
    if chosen.how == "--task":
        fix = "write tasks.json, or name its place with `tasks` in [tool.dodcheck]"
        return Verdict.failed(_at(f"there is no task file with {chosen.id}", fix, "no-task-file"))
    return Verdict.not_applicable("the project has no tasks.json")


def _without_task(path: str, tasks: Both[Tasks], chosen: ChosenTask) -> Verdict:
    problem = tasks.head.listed.problem
    if problem is not None:
        words = f"{path} cannot be read: {problem.message}"
        return Verdict.failed(_at(words, "mend the file", "unreadable", path, problem.line))
    if chosen.how == "ambiguous":
        return Verdict.needs_review(f"the change names several tasks ({', '.join(chosen.candidates)}): {ASK}")
    if chosen.id is None:
        return Verdict.needs_review(f"it is not known which task the change is for: {ASK}")
    count = len(tasks.head.listed.named(chosen.id))
    words = f"task {chosen.id} is " + (f"in {path} {count} times" if count else f"not in {path}")
    return Verdict.failed(_at(words, "mend the file, or name another task", "unknown-task", path))


def _at(message: str, fix: str, code: str, path: str | None = None, line: int | None = None) -> Finding:
    return Finding(message, path=path, line=line, fix=fix, code=code)
