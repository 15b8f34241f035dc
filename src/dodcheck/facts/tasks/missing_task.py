"""What the rules of tasks say where there is no task to judge."""

from dodcheck.change import Both
from dodcheck.facts.tasks.chosen_task import ASK, ChosenTask
from dodcheck.facts.tasks.task_files import Tasks
from dodcheck.verdict import Finding, Verdict


def what_is_missing(tasks: Both[Tasks], chosen: ChosenTask) -> Verdict:
    """Return the verdict of a change whose task file is missing or broken, or whose task is not known."""
    listed = tasks.head.listed
    if listed.path is None:
        return _without_file(tasks.base.listed.path, chosen)
    if listed.problem is not None:
        words = f"{listed.path} cannot be read: {listed.problem.message}"
        fix = "mend the file"
        return Verdict.failed(Finding(words, path=listed.path, line=listed.problem.line, fix=fix, code="unreadable"))
    if chosen.id is None:
        return Verdict.needs_review(_unnamed(chosen))
    count = len(listed.named(chosen.id))
    words = f"task {chosen.id} is " + (f"in {listed.path} {count} times" if count else f"not in {listed.path}")
    fix = "mend the file, or name another task"
    return Verdict.failed(Finding(words, path=listed.path, fix=fix, code="unknown-task"))


def _without_file(gone: str | None, chosen: ChosenTask) -> Verdict:
    if gone is not None:
        words = f"the change deletes {gone}"
        return Verdict.failed(Finding(words, path=gone, fix="bring the task file back", code="task-file-gone"))
    if chosen.how == "--task":
        fix = "write tasks.json, or name its place with `tasks` in [tool.dodcheck]"
        return Verdict.failed(Finding(f"there is no task file with {chosen.id}", fix=fix, code="no-task-file"))
    return Verdict.not_applicable("the project has no tasks.json")


def _unnamed(chosen: ChosenTask) -> str:
    if chosen.how == "ambiguous":
        return f"the change names several tasks ({', '.join(chosen.candidates)}): {ASK}"
    return f"it is not known which task the change is for: {ASK}"
