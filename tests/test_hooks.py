"""The hooks, run by the real pre-commit and the real prek from this checkout."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Repository, environment
from test_check import PROJECT

TOP = Path(__file__).parent.parent
CONFIG = "repos:\n  - repo: {url}\n    rev: {rev}\n    hooks:\n      - id: dodcheck\n      - id: dodcheck-full\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Publish this checkout as it is on disk: a hook runner installs from a commit."""
    repository = Repository(tmp_path_factory.mktemp("published"))
    for name in ("src", "rules", "templates", "backend"):
        shutil.copytree(TOP / name, repository.path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "MANIFEST.in"):
        shutil.copy(TOP / name, repository.path / name)
    repository.commit({})
    return repository


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_a_commit_is_stopped_until_it_is_mended(
    published: Repository, repository: Repository, runner: str, tmp_path: Path
) -> None:
    config = CONFIG.format(url=published.path, rev=published.git("rev-parse", "HEAD"))
    repository.commit(PROJECT | {".pre-commit-config.yaml": config})
    program = str(Path(sys.executable).with_name(runner))
    homes = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PREK_HOME": str(tmp_path / "home")}
    variables = environment() | homes | {"PATH": f"{Path(sys.executable).parent}:{environment()['PATH']}"}
    subprocess.run([program, "install"], cwd=repository.path, env=variables, check=True, capture_output=True)

    def commit() -> subprocess.CompletedProcess[str]:
        command = ["git", "commit", "--message", "change"]
        return subprocess.run(command, cwd=repository.path, env=variables, capture_output=True, text=True, check=False)

    repository.write({"app.py": "import os\n" + PROJECT["app.py"]})
    repository.git("add", "app.py")
    stopped = commit()
    assert stopped.returncode == 1, stopped.stderr
    assert "F401" in stopped.stdout + stopped.stderr
    repository.write({"app.py": PROJECT["app.py"] + "\n\nLIMIT = 3\n"})
    repository.git("add", "app.py")
    passed = commit()
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_a_commit_of_one_file_is_judged_by_the_index_that_git_hands_the_hook(repository: Repository) -> None:
    repository.commit(PROJECT | {"other.py": "x = 1\n"})
    hook = repository.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -m dodcheck check --staged --fast --quiet\n")
    hook.chmod(0o755)
    repository.write({"app.py": PROJECT["app.py"] + "\n\nLIMIT = 3\n", "other.py": "import os\n"})
    repository.git("add", "other.py")

    def commit(*args: str) -> subprocess.CompletedProcess[str]:
        command = ["git", "commit", "--message", "change", *args]
        return subprocess.run(
            command, cwd=repository.path, env=environment(), capture_output=True, text=True, check=False
        )

    alone = commit("app.py")
    assert alone.returncode == 0, alone.stdout + alone.stderr
    assert "F401" in commit().stderr  # git sends what a hook prints there
