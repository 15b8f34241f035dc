"""`dodcheck done`: the status and the report are written when everything holds, and not at all otherwise."""

from conftest import Repository

TASKS = """{ "tasks": [
    {"id":"T1","title":"double",   "status":"in_progress",
     "acceptance_criteria":["`double` gives 4 for 2"]},
    {"id": "T2", "title": "status", "status": "todo", "tags": ["done"]}
  ]  }
"""
DEFINITION = "# Team\n\n## Definition of Done\n\n- [ ] All acceptance criteria are met\n- [ ] Existing tests pass\n"
TREE = {
    "tasks.json": TASKS,
    "DOD.md": DEFINITION,
    "shop.py": "def one():\n    return 1\n",
    "test_shop.py": "from shop import one\n\n\ndef test_one():\n    assert one() == 1\n",
}
DOUBLE = {
    "shop.py": "def one():\n    return 1\n\n\ndef double(x):\n    return 2 * x\n",
    "test_double.py": "from shop import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
}


def test_a_done_task_is_marked_and_reported(repository: Repository) -> None:
    repository.commit(TREE, "base")
    repository.write(DOUBLE)
    ran = repository.run("done", "T1", "--base", "HEAD")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    now = (repository.path / "tasks.json").read_text()
    assert now == TASKS.replace('"in_progress"', '"done"')
    report = (repository.path / "handoff" / "T1-report.md").read_text()
    assert report.startswith("# Done: T1 double")
    assert "test_double.py::test_double` passed, fails without the change" in report


def test_an_open_task_is_refused_with_what_is_open(repository: Repository) -> None:
    repository.commit(TREE, "base")
    repository.write({"shop.py": DOUBLE["shop.py"].replace("2 * x", "x")})
    ran = repository.run("done", "T1", "--base", "HEAD")
    assert ran.returncode == 1
    assert "T1 is not done" in ran.stdout
    assert "All acceptance criteria are met" in ran.stdout
    assert (repository.path / "tasks.json").read_text() == TASKS
    assert not (repository.path / "handoff").exists()


def test_an_unknown_task_is_refused(repository: Repository) -> None:
    repository.commit(TREE, "base")
    repository.write(DOUBLE)
    ran = repository.run("done", "T7", "--base", "HEAD")
    assert ran.returncode == 1
    assert "task T7 is not in tasks.json" in ran.stdout
    assert (repository.path / "tasks.json").read_text() == TASKS


def test_without_a_task_file_there_is_nothing_to_mark(repository: Repository) -> None:
    repository.commit({"shop.py": "x = 1\n", "DOD.md": DEFINITION}, "base")
    repository.write({"shop.py": "x = 2\n"})
    ran = repository.run("done", "T1", "--base", "HEAD")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("dodcheck: there is no task file; write tasks.json")


def test_what_leaves_something_out_is_not_offered(repository: Repository) -> None:
    repository.commit(TREE, "base")
    for option in ("--fast", "--select=lint", "--staged"):
        ran = repository.run("done", "T1", option)
        assert (ran.returncode, "No such option" in ran.stderr) == (2, True)
