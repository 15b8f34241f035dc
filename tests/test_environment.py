"""Which Python judges a project: its own, unless that comes with what is judged."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repository

from dodcheck.errors import ToolError
from dodcheck.sources.environment import binary, interpreter, locate

PYTHON, RUFF = ".venv/bin/python", ".venv/bin/ruff"


@pytest.fixture
def tracked(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project whose own environment is tracked by git; each of its programs leaves a mark when it runs."""
    program = f"#!/bin/sh\ntouch '{tmp_path / 'ran'}'\n"
    repository.commit({PYTHON: program, RUFF: program})
    for name in (PYTHON, RUFF):
        (repository.path / name).chmod(0o755)
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    return repository.path


def test_an_environment_that_git_tracks_is_not_used(tracked: Path) -> None:
    assert locate(tracked, None) == (
        str(Path(sys.prefix) / "bin" / "python"),
        "active environment (VIRTUAL_ENV); .venv is tracked by git, and not used",
    )
    assert not Path(binary("ruff", tracked, None).command[0]).is_relative_to(tracked)


def test_to_activate_it_changes_nothing(tracked: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(tracked / ".venv"))
    monkeypatch.setenv("PATH", f"{tracked / '.venv' / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}")
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    assert binary("ruff", tracked, None).command == (str(Path(sys.executable).with_name("ruff")),)
    assert locate(tracked, None)[0] == str(Path(sys.executable).with_name("python"))
    assert not (tmp_path / "ran").exists()


def test_to_configure_it_is_refused(tracked: Path) -> None:
    with pytest.raises(ToolError, match=r"python = '.venv/bin/python': git tracks it"):
        locate(tracked, PYTHON)


def test_a_tool_beside_a_configured_python_is_not_run_when_git_tracks_it(tracked: Path, tmp_path: Path) -> None:
    (tracked / ".venv" / "bin" / "other").symlink_to(sys.executable)
    assert not Path(binary("ruff", tracked, ".venv/bin/other").command[0]).is_relative_to(tracked)
    assert not (tmp_path / "ran").exists()


def test_an_environment_that_git_does_not_track_is_the_projects(tracked: Path) -> None:
    (tracked / "venv" / "bin").mkdir(parents=True)
    (tracked / "venv" / "bin" / "python").symlink_to(sys.executable)
    assert locate(tracked, None) == (str(tracked / "venv" / "bin" / "python"), "venv")


def test_modules_of_the_project_do_not_answer_for_its_python(
    tracked: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("glob", "json", "os"):
        (tracked / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    monkeypatch.chdir(tracked)
    assert "pytest" in interpreter(tracked, None).packages
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda file: file.write_text("#!/bin/sh\necho no such module >&2\nexit 3\n"), "no such module"),
        (lambda file: file.write_text("#!/bin/sh\nexit 3\n"), "exit 3"),
        (lambda file: file.write_text("#!/bin/sh\necho hello\n"), "JSON is malformed"),
    ],
    ids=["speaks", "silent", "talks"],
)
def test_a_python_that_does_not_answer_is_told_in_one_line(
    repository: Repository, make: Callable[[Path], object], why: str
) -> None:
    file = repository.path / "python"
    make(file)
    file.chmod(0o755)
    with pytest.raises(ToolError, match=why) as caught:
        interpreter(repository.path, "python")
    assert "\n" not in str(caught.value)
