"""Task files are read with the place of what is wrong in them."""

import pytest

from dodcheck.tasks import parse, with_status


def test_phases_and_flat_lists_are_read_alike() -> None:
    phases = parse('{"phases": [{"name": "p", "tasks": [{"id": 1, "title": "t", "status": "todo"}]}]}', "tasks.json")
    flat = parse('{"tasks": [{"id": 1, "title": "t", "status": "todo"}]}', "tasks.json")
    assert [(task.id, task.title, task.phase) for task in phases.tasks] == [("1", "t", "p")]
    assert [(task.id, task.title, task.phase) for task in flat.tasks] == [("1", "t", "")]
    assert phases.phases == {"p": ("1",)}


def test_criteria_have_their_lines() -> None:
    text = """{"tasks": [
  {"id": "T1", "title": "t", "status": "todo", "acceptance_criteria": [
    "first",
    {"text": "second"}
  ]}
]}"""
    (task,) = parse(text, "tasks.json").tasks
    assert [(one.text, one.number, one.line) for one in task.criteria] == [("first", 1, 3), ("second", 2, 4)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"tasks": [\n{"id": "a", "title": "t", "status": "Done"}]}', 2, 'status is "Done", and must be one of todo'),
        ('{"tasks": [\n{"id": "a"}]}', 2, "missing required field `title`"),
        ('{"tasks": [\n\n{"id": [], "title": "t", "status": "done"}]}', 3, "tasks[0].id"),
        ('{"tasks": {', 1, "no JSON"),
        ("[]", 1, 'neither "phases" nor "tasks"'),
        ("[" * 100_000, None, "no JSON"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int | None, words: str) -> None:
    problem = parse(text, "tasks.json").problem
    assert problem is not None
    assert words in problem.message
    assert problem.line == line


def test_a_status_is_set_and_nothing_else_altered() -> None:
    text = '\ufeff{"x": [{"id": "T1"}],\r\n\t"tasks": [ {"status" : "todo", "id":"T1","title":"t"}, {"id": 2} ] }\r\n'
    assert with_status(text, "T1", "done") == text.replace('"todo"', '"done"')


@pytest.mark.parametrize("name", ["T9", "T1"])
def test_a_task_that_is_not_there_once_cannot_be_set(name: str) -> None:
    text = '{"phases": [{"tasks": [{"id": "T1", "status": "todo"}, {"id": "T1", "status": "todo"}]}]}'
    with pytest.raises(ValueError, match=f"tasks are called {name}"):
        with_status(text, name, "done")
