"""The dependencies of the change's task, followed to the end."""

from collections import deque
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Self

import msgspec

from dodcheck.change import Both
from dodcheck.facts.tasks.chosen_task import ChosenTask
from dodcheck.facts.tasks.task_files import Tasks
from dodcheck.tasks import Task, TaskList

Name = str | int | float


class Dependencies(msgspec.Struct, frozen=True):
    """What the task of the change depends on at head, directly and through others.

    Args:
        followed: Every task that it depends on, in the order in which they are met.
        unknown: Names that no task has, each with the task that names it.
        alike: Names that are a task's id only when text and numbers are taken for the same ("1", 1, 1.0).
        phases: Names that are a phase's and not a task's; all tasks of the phase are followed.
        repeated: Ids on the way that several tasks share.
        circle: Ids of a way that leads back to where it began; empty when there is none.
        dropped: Direct dependencies that base has and head has not.
    """

    followed: tuple[Task, ...] = ()
    unknown: tuple[tuple[Name, Task], ...] = ()
    alike: tuple[tuple[Name, Task], ...] = ()
    repeated: tuple[str, ...] = ()
    phases: tuple[tuple[Name, Task], ...] = ()
    circle: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @classmethod
    def of(cls, tasks: Both[Tasks], chosen: ChosenTask) -> Self:
        """Follow them; without a task there are none."""
        if chosen.head is None:
            return cls()
        walk = _Walk(tasks.head.listed)
        walk.follow(chosen.head)
        before = [str(name) for name in chosen.base.dependencies] if chosen.base else []
        now = {str(name) for name in chosen.head.dependencies}
        return cls(
            followed=tuple(walk.seen.values()),
            unknown=tuple(walk.unknown),
            alike=tuple(walk.alike),
            repeated=tuple(dict.fromkeys(walk.repeated)),
            phases=tuple(walk.phases),
            circle=_circle(walk.graph),
            dropped=tuple(name for name in before if name not in now),
        )


class _Walk:
    """One walk over a task file; each task is entered once."""

    def __init__(self, listed: TaskList) -> None:
        self._listed = listed
        self.seen: dict[str, Task] = {}
        self.unknown: list[tuple[Name, Task]] = []
        self.alike: list[tuple[Name, Task]] = []
        self.repeated: list[str] = []
        self.phases: list[tuple[Name, Task]] = []
        self.graph: dict[str, set[str]] = {}

    def follow(self, start: Task) -> None:
        """Walk from a task along everything that it depends on."""
        queue = deque([start])
        while queue:
            task = queue.popleft()
            found = [one for name in self._expanded(task) if (one := self._find(name, task))]
            self.graph[task.id] = {one.id for one in found}
            for one in found:
                if one.id not in self.seen and one.id != start.id:
                    self.seen[one.id] = one
                    queue.append(one)

    def _expanded(self, task: Task) -> Iterator[Name]:
        for name in task.dependencies:
            inside = () if self._listed.named(name) else self._listed.phases.get(str(name), ())
            self.phases += [(name, task)] if inside else []
            yield from (inside or (name,))

    def _find(self, name: Name, by: Task) -> Task | None:
        found = self._listed.named(name)
        if len(found) > 1:
            self.repeated.append(str(name))
            return found[0]
        if not found:
            alike = [task for task in self._listed.tasks if _same_number(task.id, name)]
            (self.alike if alike else self.unknown).append((name, by))
            return alike[0] if alike else None
        if found[0].is_text is not isinstance(name, str):
            self.alike.append((name, by))
        return found[0]


def _circle(graph: dict[str, set[str]]) -> tuple[str, ...]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))  # it names them from the last to the first
    return ()


def _same_number(one: str, other: Name) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False
