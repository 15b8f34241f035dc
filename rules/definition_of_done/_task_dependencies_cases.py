"""The cases of task-dependencies."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dodcheck.rule import Case, Status

_MESSAGE = ("feat: pay\n\nTask: T2",)
_NAMED = ("feat: basket\n\nTask: T1",)


def _task(name: Any, status: str = "todo", depends: Sequence[Any] = ()) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"id": name, "title": f"task {name}", "status": status, "dependencies": list(depends)}


def _tree(*tasks: Mapping[str, Any], code: str = "x = 1\n") -> dict[str, str]:
    return {"tasks.json": json.dumps({"tasks": tasks}, indent=2), "app.py": code}


def _case(name: str, expect: Status, tasks: Sequence[Any], before: Sequence[Any] | None = None, **more: Any) -> Case:  # noqa: ANN401
    old = _tree(*(tasks if before is None else before))
    given = {"messages": _MESSAGE, "earlier": _NAMED} | more
    return Case(name, expect, old, _tree(*tasks, code="x = 2\n"), **given)


_DONE, _OPEN, _REVIEW = _task("T1", "done"), _task("T1"), _task("T1", "review")
_T2 = _task("T2", "in_progress", ["T1"])
_PHASES = {
    "phases": [
        {"name": "foundation", "tasks": [_DONE]},
        {"name": "shop", "tasks": [_task("T2", "in_progress", ["foundation"])]},
    ]
}


def _phases(**more: Any) -> Case:  # noqa: ANN401 - a case's own arguments
    tree = {"tasks.json": json.dumps(_PHASES), "app.py": "x = 1\n"}
    return Case(before=tree, after=tree | {"app.py": "x = 2\n"}, messages=_MESSAGE, earlier=_NAMED, **more)


CASES = (
    _case("a dependency is open", Status.FAIL, [_OPEN, _T2]),
    _case("every dependency is done, and a commit of base names it", Status.PASS, [_DONE, _T2]),
    Case("the project has no task file", Status.NOT_APPLICABLE, {"app.py": "x = 1\n"}, {"app.py": "x = 2\n"}),
    _case("the task depends on no other", Status.NOT_APPLICABLE, [_DONE, _task("T2")]),
    _case("two tasks depend on one another", Status.FAIL, [_task("T1", "done", ["T2"]), _T2]),
    _case(
        "a circle further on, reached on two ways",
        Status.FAIL,
        [
            _task("T2", "todo", ["T3", "T4"]),
            _task("T3", "done", ["T5"]),
            _task("T4", "done", ["T5"]),
            _task("T5", "done", ["T4"]),
        ],
        earlier=("T3 T4 T5",),
    ),
    _case("a dependency of a dependency is open", Status.FAIL, [_task("T0"), _task("T1", "done", ["T0"]), _T2]),
    _case("a dependency's id is misspelt", Status.FAIL, [_DONE, _task("T2", "todo", ["T01"])]),
    _case("the change marks the dependency as done itself", Status.FAIL, [_DONE, _T2], [_OPEN, _T2], earlier=()),
    _case("it does, and a commit of base worked on that task", Status.PASS, [_DONE, _T2], [_OPEN, _T2], earlier=_NAMED),
    _case(
        "it does, and only a commit of the change itself worked on it",
        Status.NEEDS_REVIEW,
        [_DONE, _T2],
        [_OPEN, _T2],
        messages=(*_MESSAGE, "feat: basket (T1)"),
        earlier=(),
    ),
    _case("a dependency waits for its review", Status.FAIL, [_REVIEW, _T2]),
    _case("it does where that counts as done", Status.PASS, [_REVIEW, _T2], options={"allow_review": True}),
    _phases(name="a dependency is a phase", expect=Status.FAIL),
    _phases(name="it is where phases may be named", expect=Status.PASS, options={"expand_phase": True}),
    _case("two tasks share an id, one is done", Status.FAIL, [_DONE, _OPEN, _T2]),
    _case(
        "done, and no commit of base names it although they name others",
        Status.NEEDS_REVIEW,
        [_DONE, _T2],
        earlier=("feat: other\n\nTask: T9",),
    ),
    _case("done, where nobody names tasks in commits", Status.PASS, [_DONE, _T2], earlier=("feat: other",)),
    _case("the change drops the dependency", Status.FAIL, [_OPEN, _task("T2")], [_OPEN, _T2]),
    _case(
        "an id is a number and named as text",
        Status.NEEDS_REVIEW,
        [_task(1, "done"), _task("T2", "todo", ["1"])],
        earlier=("Task: 1",),
    ),
    _case(
        "an id is 1 and named as 1.0",
        Status.NEEDS_REVIEW,
        [_task(1, "done"), _task("T2", "todo", [1.0])],
        earlier=("Task: 1",),
    ),
    _case("a status is spelt otherwise", Status.FAIL, [_task("T1", "Done"), _T2]),
    Case(
        "the task file is no JSON",
        Status.FAIL,
        _tree(_DONE),
        {"tasks.json": '{"tasks": [', "app.py": "x = 2\n"},
        messages=_MESSAGE,
    ),
    _case("the change's task is not in the file", Status.FAIL, [_DONE], messages=("feat: x\n\nTask: T7",)),
    _case("nobody names the change's task", Status.NEEDS_REVIEW, [_DONE, _T2], messages=("feat: x",)),
    _case("commits name two tasks", Status.NEEDS_REVIEW, [_DONE, _T2], messages=("a\n\nTask: T1", "b\n\nTask: T2")),
    Case("the task file is deleted", Status.FAIL, _tree(_DONE, _T2), {"app.py": "x = 2\n"}, messages=_MESSAGE),
)
