"""Real repositories for the tests: made with git, checked by the installed command."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from environments import usual_environment

from dodcheck.report import ItemResult, Report

COMMAND = [sys.executable, "-m", "dodcheck"]
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "NO_COLOR": "1", "COLUMNS": "100"}


class Repository:
    """A git repository in a folder of the test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.org")

    def git(self, *args: str) -> str:
        """Run git, and return what it prints."""
        ran = subprocess.run(
            ["git", *args], cwd=self.path, env=environment(), capture_output=True, text=True, check=True
        )
        return ran.stdout.strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files; None removes one."""
        for name, content in files.items():
            file = self.path / name
            if content is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
        """Write files, commit everything, and return the commit."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def run(self, *args: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command in the repository."""
        return subprocess.run(
            [*COMMAND, *args],
            cwd=self.path,
            env=environment() | variables,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def check(self, *args: str, **variables: str) -> Report:
        """Run `dodcheck check --format json` and read the result."""
        ran = self.run("check", "--format", "json", *args, **variables)
        assert ran.stdout, ran.stderr
        return msgspec.json.decode(ran.stdout, type=Report)

    def state(self) -> tuple[str, ...]:
        """Return everything of the user's that a run must not touch."""
        index = self.path / ".git" / "index"
        return (
            self.git("status", "--porcelain=v2", "--untracked-files=all"),
            self.git("for-each-ref"),
            self.git("stash", "list"),
            self.git("worktree", "list"),
            self.git("count-objects", "-v"),
            index.read_bytes().hex() if index.exists() else "",
        )


def environment() -> dict[str, str]:
    """Return the tests' environment: no settings of the user, no colour, our own tools, nothing remembered."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "DODCHECK_"))}
    return kept | QUIET | {"VIRTUAL_ENV": usual_environment(), "DODCHECK_CACHE": f"{os.devnull}/none"}


def item(report: Report, words: str) -> ItemResult:
    """Return the one item whose text holds the words."""
    (found,) = [one for one in report.items if words in one.text]
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository on `main`."""
    return Repository(tmp_path / "repository")
