"""What a person who waits sees: on a terminal alone, gone at the end, and no burden for a hook."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMMAND, Repository, environment
from test_check import PROJECT

from dodcheck.run import Ran
from dodcheck.sources.durations import Durations
from dodcheck.sources.process import Child, Watcher, run_child, watched_by

WAITING = "import os\n\n\ndef test_waits():\n    open(os.environ['MARK']).read()\n"
CHILD = Child("pytest", ["pytest"], ["pytest"], Path(), "head", 10.0, urgent=True)
LONG = Ran("pytest", seconds=12.3)


class Screen:
    """A terminal on which a command writes its progress; the command's standard output goes elsewhere.

    Args:
        repository: Where the command runs.
        variables: On top of the environment.
        args: Of the command.
    """

    def __init__(self, repository: Repository, variables: dict[str, str], *args: str) -> None:
        self._master, slave = pty.openpty()
        kept = {name: value for name, value in environment().items() if name != "CI"}
        self.child = subprocess.Popen(
            [*COMMAND, "check", "--base", "HEAD", *args],
            cwd=repository.path,
            env=kept | {"TERM": "xterm-256color", "COLUMNS": "80"} | variables,
            stdout=subprocess.PIPE,
            stderr=slave,
            text=True,
        )
        os.close(slave)
        self.seen = ""

    def until(self, words: str) -> None:
        """Read until the terminal has shown these words."""
        while words not in self.seen:
            assert select.select([self._master], [], [], 60)[0], self.seen
            self.seen += os.read(self._master, 65536).decode()

    def close(self) -> str:
        """Read to the end, and return what the command printed."""
        try:
            while part := os.read(self._master, 65536):
                self.seen += part.decode()
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(self._master)
        printed: str = self.child.communicate(timeout=60)[0]
        return printed


@pytest.fixture
def waiting(repository: Repository, tmp_path: Path) -> dict[str, str]:
    """A change whose test waits until somebody opens a fifo; return the variables that it needs."""
    repository.commit(PROJECT)
    repository.write({"tests/test_slow.py": WAITING})
    os.mkfifo(tmp_path / "mark")
    return {"MARK": str(tmp_path / "mark"), "DODCHECK_CACHE": str(tmp_path / "cache")}


def test_a_terminal_shows_what_runs_and_how_long_it_took(repository: Repository, waiting: dict[str, str]) -> None:
    for told in ("pytest (head)", " s before"):
        screen = Screen(repository, waiting, "--select", "no-regressions", "--no-cache")
        screen.until(told)
        Path(waiting["MARK"]).write_text("go on")  # opening it waits for the test
        printed = screen.close()
        assert "Nothing wrong" in printed
        assert "pytest (" not in printed
        assert screen.seen.rindex("\x1b[?25h") > screen.seen.rindex("\x1b[?25l")  # the cursor is there again
        assert screen.seen.endswith("\x1b[2K")


@pytest.mark.parametrize(
    ("variables", "args"), [({"TERM": "dumb"}, ()), ({"CI": "1"}, ()), ({}, ("--quiet",))], ids=["dumb", "ci", "quiet"]
)
def test_nothing_is_shown_where_nobody_looks(
    repository: Repository, variables: dict[str, str], args: tuple[str, ...]
) -> None:
    repository.commit(PROJECT)
    repository.write({"app.py": "x = 1\n"})
    screen = Screen(repository, variables, "--fast", *args)
    assert "Nothing wrong" in screen.close() or screen.child.returncode == 1
    assert screen.seen == ""


def test_a_hook_imports_no_rich(repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.write({"app.py": "x = 1\n"})
    repository.git("add", "--all")
    code = (
        "import sys; from dodcheck.cli import cli; "
        "cli(['check', '--staged', '--fast', '--format=json'], standalone_mode=False); "
        "print([name for name in sys.modules if name == 'rich' or name.startswith('rich.')], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository.path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr.splitlines()[-1] == "[]", ran.stderr


def test_durations_are_remembered_by_tool_and_side(tmp_path: Path) -> None:
    first = Durations(tmp_path / "cache", tmp_path)
    assert first.before(CHILD) is None
    first.ended(CHILD, LONG)
    first.keep()
    again = Durations(tmp_path / "cache", tmp_path)
    assert again.before(CHILD) == 12.3
    assert again.before(Child("pytest", ["pytest"], ["pytest"], Path(), "base", 10.0)) is None
    assert Durations(tmp_path / "cache", tmp_path / "elsewhere").before(CHILD) is None


@pytest.mark.parametrize("ran", [None, Ran("pytest", seconds=0.1), Ran("pytest", seconds=900, timed_out=True)])
def test_what_says_nothing_of_the_next_run_is_not_remembered(tmp_path: Path, ran: Ran | None) -> None:
    past = Durations(tmp_path / "cache", tmp_path)
    past.ended(CHILD, ran)
    past.keep()
    assert not (tmp_path / "cache").exists()


def test_a_place_that_cannot_be_written_to_or_read_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    past = Durations(tmp_path / "cache", tmp_path)
    past.ended(CHILD, LONG)
    past.keep()
    assert past.before(CHILD) is None


def test_a_damaged_memory_is_none(tmp_path: Path) -> None:
    first = Durations(tmp_path, tmp_path)
    first.ended(CHILD, LONG)
    first.keep()
    (file,) = (tmp_path / "durations").iterdir()
    file.write_text("{")
    assert Durations(tmp_path, tmp_path).before(CHILD) is None


def test_a_watcher_is_told_of_start_and_end(tmp_path: Path) -> None:
    told: list[object] = []

    def ended(child: Child, ran: Ran | None) -> None:
        told.append((child.name, ran and ran.exit))

    child = Child("echo", [sys.executable, "-c", "raise SystemExit(3)"], ["echo"], tmp_path, "head", 60.0)
    with watched_by(Watcher(ended, lambda child: told.append(child.name))):
        run_child(child)
    run_child(child)
    assert told == ["echo", ("echo", 3)]
