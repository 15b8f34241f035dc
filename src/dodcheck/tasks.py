"""tasks.json: the tasks that changes are made for, as a team's planner writes them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

import msgspec

from dodcheck.json_text import Path, Span, line_of, spans
from dodcheck.patterns import pattern

TaskStatus = Literal["todo", "in_progress", "review", "done"]
NAME = "tasks.json"
_PLACE = pattern(r"\.([^.\[]+)|\[(\d+)\]")


class TaskRequest(msgspec.Struct, frozen=True):
    """What the caller says of the task that the change is for.

    Args:
        id: The task, as `--task` names it.
        file: Path of the task file, where it has another name or place than the usual ones.
    """

    id: str | None = None
    file: str | None = None


class Criterion(msgspec.Struct, frozen=True):
    """One acceptance criterion.

    Args:
        text: Its words.
        number: Its 1-based place in the list.
        line: 1-based line in the task file.
    """

    text: str
    number: int
    line: int | None = None


class Task(msgspec.Struct, frozen=True):
    """One task.

    Args:
        id: Its id, as text.
        title: What it is called.
        status: How far it is.
        description: What is to be done.
        criteria: When it is done.
        tags: Words to find it by.
        dependencies: Ids of the tasks that must be done first.
        assignee: Who works on it.
        e2e: End-to-end scenarios that it names.
        phase: The phase that it stands in; empty in a flat list.
        line: 1-based line where it starts.
        is_text: Its id is written as text; a number matches another's text only by a person's word.
    """

    id: str
    title: str
    status: TaskStatus
    description: str = ""
    criteria: tuple[Criterion, ...] = ()
    tags: tuple[str, ...] = ()
    dependencies: tuple[str | int | float, ...] = ()
    assignee: str | None = None
    e2e: tuple[str, ...] = ()
    phase: str = ""
    line: int | None = None
    is_text: bool = True


class Problem(msgspec.Struct, frozen=True):
    """Why a task file cannot be read as one: what is wrong, and the 1-based line."""

    message: str
    line: int | None


class TaskList(msgspec.Struct, frozen=True):
    """One task file.

    Args:
        path: Where it stands; None when there is none.
        tasks: Its tasks, in the order of the file.
        phases: Ids and names of its phases, each with the ids of its tasks.
        problem: Why it cannot be read; it has no tasks then.
    """

    path: str | None = None
    tasks: tuple[Task, ...] = ()
    phases: Mapping[str, tuple[str, ...]] = {}
    problem: Problem | None = None

    def named(self, name: str | float) -> tuple[Task, ...]:
        """Return the tasks of an id: one, none, or several where the file repeats it."""
        return tuple(task for task in self.tasks if task.id == str(name))


class _Criterion(msgspec.Struct):
    text: str = msgspec.field(default="", name="text")
    description: str = ""


class _Task(msgspec.Struct):
    id: str | int | float
    title: str
    status: TaskStatus
    description: str = ""
    acceptance_criteria: list[str | _Criterion] = []
    tags: list[str] = []
    dependencies: list[str | int | float] = []
    assignee: str | None = None
    e2e: list[str] = []


class _Phase(msgspec.Struct):
    name: str = ""
    id: str | int | float | None = None
    tasks: list[_Task] = []


class _File(msgspec.Struct):
    phases: list[_Phase] = []
    tasks: list[_Task] = []


def parse(text: str, path: str) -> TaskList:
    """Read a task file; what is wrong with it is a part of the answer.

    Args:
        text: JSON: `{"phases": [{"name", "tasks": [...]}]}`, or a flat `tasks` list.
        path: Where it stands.
    """
    try:
        places = spans(text)
        loaded: Any = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return TaskList(path, problem=Problem(f"no JSON: {error}", getattr(error, "lineno", None)))
    if not isinstance(loaded, dict) or not {"phases", "tasks"} & set(loaded):
        return TaskList(path, problem=Problem('it has neither "phases" nor "tasks"', 1))
    try:
        file = msgspec.convert(loaded, _File)
    except msgspec.ValidationError as error:
        return TaskList(path, problem=_problem(str(error), text, places))
    found = tuple(_tasks(file, text, places))
    return TaskList(path, found, _phases(file))


def _phases(file: _File) -> dict[str, tuple[str, ...]]:
    return {
        str(name): tuple(str(task.id) for task in phase.tasks)
        for phase in file.phases
        for name in (phase.name, phase.id)
        if name not in {"", None}
    }


def _tasks(file: _File, text: str, places: Mapping[Path, Span]) -> Iterator[Task]:
    for number, phase in enumerate(file.phases):
        for index, task in enumerate(phase.tasks):
            yield _task(task, phase.name, ("phases", number, "tasks", index), text, places)
    for index, task in enumerate(file.tasks):
        yield _task(task, "", ("tasks", index), text, places)


def _task(task: _Task, phase: str, at: Path, text: str, places: Mapping[Path, Span]) -> Task:
    def line(*keys: str | int) -> int | None:
        span = places.get((*at, *keys))
        return line_of(text, span.start) if span else None

    words = [one if isinstance(one, str) else one.text or one.description for one in task.acceptance_criteria]
    return Task(
        id=str(task.id),
        title=task.title,
        status=task.status,
        description=task.description,
        criteria=tuple(
            Criterion(said, number, line("acceptance_criteria", number - 1)) for number, said in enumerate(words, 1)
        ),
        tags=tuple(task.tags),
        dependencies=tuple(task.dependencies),
        assignee=task.assignee,
        e2e=tuple(task.e2e),
        phase=phase,
        line=line(),
        is_text=isinstance(task.id, str),
    )


def _problem(said: str, text: str, places: Mapping[Path, Span]) -> Problem:
    """Turn msgspec's message and its `$.phases[0].tasks[1]` into words and a line."""
    what, _, where = said.partition(" - at `$")
    keys = [name or int(number) for name, number in _PLACE.findall(where.rstrip("`"))]
    at: Path = tuple(keys)
    while at and at not in places:
        at = at[:-1]
    span = places.get(at)
    line = line_of(text, span.start) if span else None
    shown = where.rstrip("`").lstrip(".") or "the file"
    if keys and keys[-1] == "status" and span:
        words = ", ".join(get_args(TaskStatus))
        return Problem(f"{shown} is {text[span.start : span.end]}, and must be one of {words}", line)
    return Problem(f"{shown}: {what[:1].lower()}{what[1:]}", line)


def with_status(text: str, name: str, status: TaskStatus) -> str:
    """Return a task file with one task's status set, and nothing else altered.

    Args:
        text: The file.
        name: The task's id.
        status: Its new status.

    Raises:
        ValueError: The file has not exactly one task of that id.
    """
    places = spans(text)
    loaded: Any = json.loads(text.removeprefix("\ufeff"))
    found = [path[:-1] for path, span in places.items() if path[-1:] == ("id",) and _is_id(loaded, path, name)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} tasks are called {name}")
    span = places[*found[0], "status"]
    return f"{text[: span.start]}{json.dumps(status)}{text[span.end :]}"


def _is_id(loaded: Any, path: Path, name: str) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether a path leads to the id of a task of that name: of the flat list, or of a phase's."""
    is_task = (path[:1] == ("tasks",) and len(path) == 3) or (path[:1] == ("phases",) and len(path) == 5)  # noqa: PLR2004
    for key in path if is_task else ():
        loaded = loaded[key]
    return is_task and str(loaded) == name
