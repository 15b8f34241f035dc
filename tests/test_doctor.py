"""`dodcheck doctor` by the installed command: what is there, whose it is, what to mend."""

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import Repository
from test_check import PROJECT


def looks(repository: Repository, *args: str) -> tuple[int, dict[str, dict[str, Any]]]:
    ran = repository.run("doctor", "--format", "json", *args, VIRTUAL_ENV=sys.prefix)
    assert ran.stderr == ""
    told = msgspec.json.decode(ran.stdout)
    assert told["healthy"] is (ran.returncode == 0)
    return ran.returncode, {look["name"]: look for look in told["looks"]}


def test_a_healthy_project_is_told_what_is_found_and_nothing_of_it_runs(repository: Repository, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    repository.commit(PROJECT | {"conftest.py": f"import pathlib\n\npathlib.Path({str(mark)!r}).touch()\n"})
    before = repository.state()
    code, found = looks(repository)
    assert code == 0
    assert found["python"]["text"].endswith(f"({Path(sys.prefix) / 'bin' / 'python'})")
    assert "active environment (VIRTUAL_ENV)" in found["python"]["text"]
    assert found["ruff"]["text"].split(",")[1].startswith(" the project's own")
    assert found["definition"]["text"] == "DOD.md (as of working tree): 3 items, each answered by a rule"
    assert {"git", "change", "configuration", "pytest", "coverage", "mypy", "cache"} < found.keys()
    assert "tests" not in found
    assert not mark.exists()
    assert repository.state() == before


def test_tests_are_collected_when_asked_for(repository: Repository) -> None:
    repository.commit(PROJECT)
    before = repository.state()
    code, found = looks(repository, "--run")
    assert code == 0
    assert found["tests"]["text"].startswith("1 collected")
    assert repository.state() == before


def test_tests_that_cannot_be_collected_are_a_problem(repository: Repository) -> None:
    repository.commit(PROJECT | {"tests/test_other.py": "import no_such_module\n"})
    code, found = looks(repository, "--run")
    assert code == 1
    assert found["tests"]["status"] == "problem"
    assert "tests/test_other.py" in found["tests"]["text"]
    assert "no_such_module" in found["tests"]["text"]


@pytest.mark.parametrize(
    ("files", "name", "said"),
    [
        ({"dodcheck.toml": "tiemout = 3\n"}, "configuration", "timeout"),
        ({"dodcheck.toml": "python = 'nowhere/python'\n"}, "python", "nowhere/python"),
        ({"DOD.md": "# Done\n\nWhen it is.\n"}, "definition", "DOD.md"),
        ({"dodcheck.toml": "definition = 'gone.md'\n"}, "definition", "gone.md"),
    ],
    ids=["a misspelt key", "no such interpreter", "no checklist", "no definition there"],
)
def test_what_would_end_a_check_in_an_error_is_a_problem(
    repository: Repository, files: dict[str, str], name: str, said: str
) -> None:
    repository.commit(PROJECT | files)
    code, found = looks(repository)
    assert code == 1
    assert found[name]["status"] == "problem"
    assert said in found[name]["text"] + found[name]["fix"]
    assert found[name]["fix"]
    assert {"python", "cache"} <= found.keys()  # the rest is looked at all the same


def test_an_environment_without_pytest_is_a_problem_where_there_are_tests(
    repository: Repository, tmp_path: Path
) -> None:
    bare = tmp_path / "bare" / "bin"
    bare.mkdir(parents=True)
    (bare / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    (bare / "python").chmod(0o755)
    repository.commit(PROJECT | {"dodcheck.toml": f"python = '{bare / 'python'}'\n"})
    code, found = looks(repository)
    assert code == 1
    assert found["pytest"]["status"] == "problem"
    assert found["ruff"]["status"] == "note"
    assert "dodcheck's own" in found["ruff"]["text"] or "on PATH" in found["ruff"]["text"]


def test_outside_of_a_repository_it_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.path = tmp_path
    ran = repository.run("doctor")
    assert ran.returncode == 1
    assert "✗ git: " in ran.stdout
    assert ran.stdout.endswith("1 thing to mend\n")


def test_rules_of_the_team_s_own_are_imported_when_asked_for(repository: Repository, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    settings = '[tool.dodcheck]\nrule-folders = ["own"]\n[tool.dodcheck.bind]\n"Lints" = ["mine"]\n'
    rule = f'"""Mine."""\nfrom pathlib import Path\nPath({str(mark)!r}).touch()\n'
    repository.commit({"pyproject.toml": settings, "own/mine.py": rule, "DOD.md": "# Done\n\n- [ ] Lints\n"})
    ran = repository.run("doctor")
    assert "rules of your own are code, and were not read" in ran.stdout
    assert not mark.exists()
    repository.run("doctor", "--run")
    assert mark.exists()
