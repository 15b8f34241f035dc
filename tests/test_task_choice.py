"""The task of a change, through the installed command: by option, by trailer, by branch."""

import json

from conftest import Repository, item

TASKS = json.dumps(
    {
        "tasks": [
            {"id": "T1", "title": "basket", "status": "todo"},
            {"id": "T2", "title": "pay", "status": "todo", "dependencies": ["T1"]},
            {"id": "T3", "title": "send", "status": "todo"},
        ]
    },
    indent=2,
)
SELECT = ("--select", "task-dependencies", "--base", "HEAD^", "--head", "HEAD")


def changed(repository: Repository, message: str) -> None:
    repository.commit({"tasks.json": TASKS, "app.py": "x = 1\n"}, "base")
    repository.commit({"app.py": "x = 2\n"}, message)


def summary(repository: Repository, *args: str) -> str:
    report = repository.check(*SELECT, *args)
    found = item(report, "Dependencies on other tasks")
    return f"{found.status}: {found.summary}"


def test_by_trailer(repository: Repository) -> None:
    changed(repository, "feat: pay\n\nTask: T2")
    assert summary(repository) == "fail: T1 (basket) is todo"


def test_by_option_before_the_trailer(repository: Repository) -> None:
    changed(repository, "feat: pay\n\nTask: T2")
    assert summary(repository, "--task", "T3") == "not-applicable: task T3 depends on no other"
    assert summary(repository, "--task", "T9") == "fail: task T9 is not in tasks.json"


def test_by_branch(repository: Repository) -> None:
    changed(repository, "feat: pay")
    assert summary(repository).startswith("needs-review: it is not known which task")
    repository.git("switch", "--quiet", "--create", "feature/t2-pay")
    assert summary(repository) == "fail: T1 (basket) is todo"


def test_a_task_file_elsewhere(repository: Repository) -> None:
    tree = {"plan/work.json": TASKS, "dodcheck.toml": 'tasks = "plan/work.json"\n', "app.py": "x = 1\n"}
    repository.commit(tree, "base")
    repository.commit({"app.py": "x = 2\n"}, "feat: pay\n\nTask: T2")
    assert summary(repository) == "fail: T1 (basket) is todo"
