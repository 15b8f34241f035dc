"""Tasks that this one depends on are done: no dependency is open, unknown, circular or done on paper only.

Work that builds on unfinished work is not finished either.  Every dependency of the task is
followed, and theirs, in the task file of both sides, because the file itself is a part of the change:
a dependency that the change drops, or marks as done without a commit that worked on it, is no
dependency that was verified.  Where a team names tasks in its commits, a dependency that is done and that
no commit of base names is shown to a person.
"""

from collections.abc import Iterator

from dodcheck.facts import Both
from dodcheck.facts.tasks.dependencies import Dependencies
from dodcheck.facts.tasks.task_at_hand import TaskAtHand
from dodcheck.facts.tasks.task_files import Tasks
from dodcheck.history import History
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule
from dodcheck.tasks import Task

_TASKS = r"(?:tasks?|tickets?|stories|issues?)"
_DONE = r"(?:completed?|done|closed|resolved|finished|merged)"


class TaskDependenciesOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        verify_commits: Look for a commit that names each dependency; by default only where base's commits name tasks.
        allow_review: A dependency that waits for its review counts as done.
        expand_phase: A dependency may be the name or id of a phase, and means all of its tasks.
    """

    verify_commits: bool | None = None
    allow_review: bool = False
    expand_phase: bool = False


@rule(
    answers=[
        rf"\b(?:dependenc(?:y|ies)|prerequisites?)\b.*\b{_TASKS}\b",
        rf"\b(?:blocking|dependent|upstream|prerequisite|blocked[- ]by) {_TASKS}\b.*\b{_DONE}\b",
        rf"\b{_TASKS} (?:that )?(?:this|it) depends on\b",
    ],
    unless=[
        r"\b(?:pip|npm|package|packages|librar(?:y|ies)|third[- ]party|requirements|vulnerab\w+|updated?|pinned)\b"
    ],
    cases="_task_dependencies_cases",
    scope="change",
    options=TaskDependenciesOptions,
)
def check(
    tasks: Both[Tasks],
    at_hand: TaskAtHand,
    dependencies: Dependencies,
    history: History,
    options: TaskDependenciesOptions,
) -> Verdict:
    """Follow the dependencies of the change's task."""
    task = at_hand.task
    if task is None:
        return at_hand.otherwise
    court = _Court(tasks, task, dependencies, history, options)
    findings = list(court.findings())
    seen = Evidence(court.words(), "file", at_hand.path, task.line)
    if not dependencies.followed and not findings:
        return Verdict.not_applicable(f"task {task.id} depends on no other", seen)
    doubts = [one for one in findings if one.level == "warning"]
    if doubts and not any(one.level == "error" for one in findings):
        return Verdict.needs_review("; ".join(one.message for one in doubts), seen, findings=findings)
    return Verdict.of_findings(findings, seen)


class _Court:
    """What judging the dependencies of one task rests on."""

    def __init__(
        self,
        tasks: Both[Tasks],
        task: Task,
        found: Dependencies,
        history: History,
        options: TaskDependenciesOptions,
    ) -> None:
        self._tasks = tasks
        self._task = task
        self._found = found
        self._history = history
        self._options = options
        self._path = tasks.head.listed.path or ""

    def words(self) -> str:
        """Return what was followed."""
        names = ", ".join(f"{one.id} {one.status}" for one in self._found.followed)
        return f"task {self._task.id} depends on {names or 'no other task'}"

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the dependencies, and what a person must look at."""
        found = self._found
        for name, by in found.unknown:
            yield self._at(by, f"{by.id} depends on {name!r}, which no task is called", "unknown")
        for name, by in found.phases if not self._options.expand_phase else ():
            yield self._at(by, f"{by.id} depends on {name!r}, which is a phase and no task", "phase")
        for name, by in found.alike:
            yield self._at(by, f"{by.id} depends on {name!r}: is that the task whose id is written otherwise?", "alike")
        for name in found.repeated:
            yield self._at(self._task, f"several tasks are called {name!r}", "repeated")
        if found.circle:
            yield self._at(self._task, f"the dependencies form a circle: {' → '.join(found.circle)}", "circle")
        for name in found.dropped:
            yield self._at(self._task, f"the change drops {self._task.id}'s dependency on {name}", "dropped")
        for one in found.followed:
            yield from self._open(one)

    def _open(self, one: Task) -> Iterator[Finding]:
        if one.status != "done":
            if not (one.status == "review" and self._options.allow_review):
                yield self._at(one, f"{one.id} ({one.title}) is {one.status}", "open")
            return
        before = self._tasks.base.one(one.id)
        if before is None or before.status != "done":
            yield from self._flipped(one)
        elif self._looks_for_commits() and not self._history.before(one.id):
            yield self._at(one, f"{one.id} is done, and no commit before the change names it", "no-commit")

    def _flipped(self, one: Task) -> Iterator[Finding]:
        """The change itself marks a dependency as done."""
        was = self._tasks.base.one(one.id)
        words = f"the change marks {one.id} as done" if was else f"the change adds {one.id} as done"
        if self._history.before(f"Task: {one.id}"):
            return
        if any(one.id in message.text for message in self._history.messages):
            yield self._at(one, f"{words}, and only its own commits name it", "flipped-here")
        else:
            yield self._at(one, f"{words}, and no commit names it", "flipped")

    def _looks_for_commits(self) -> bool:
        if self._options.verify_commits is not None:
            return self._options.verify_commits
        return bool(self._history.before("Task: "))

    def _at(self, task: Task, message: str, code: str) -> Finding:
        level, fix = _KINDS[code]
        return Finding(message, path=self._path, line=task.line, symbol=task.id, fix=fix, code=code, level=level)


_KINDS: dict[str, tuple[Level, str]] = {
    "unknown": ("error", "name a task that the file has"),
    "phase": ("error", "name its tasks, or set expand-phase"),
    "alike": ("warning", "write the id as the task does"),
    "repeated": ("error", "give each task an id of its own"),
    "circle": ("error", "take one of the dependencies out"),
    "dropped": ("error", "keep it, or let a change of its own drop it, with the reason"),
    "open": ("error", "finish it first, or say why this task does not need it"),
    "no-commit": ("warning", "say in the notes which commit did it"),
    "flipped-here": ("warning", "say in the notes what shows that it is done"),
    "flipped": ("error", "set it back, or name the task in the commits that did it (`Task: ID`)"),
}
