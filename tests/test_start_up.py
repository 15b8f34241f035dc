"""What a start imports is bounded, by count: seconds depend on the machine, and every module costs some."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Repository

SOURCE = 'def double(x: int) -> int:\n    """Return twice a number."""\n    return x * 2\n'
NEVER = {"git", "yaml", "jinja2", "markdown_it", "mypy", "pytest", "coverage", "packaging", "mcp", "gherkin", "griffe"}


def imported(folder: Path, home: Path, *args: str) -> set[str]:
    """Return the modules that a command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "dodcheck", *args]
    variables = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    variables["DODCHECK_CACHE"] = str(home)
    ran = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = (line for line in ran.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}


def families(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_version_is_told_without_the_product(tmp_path: Path) -> None:
    found = imported(tmp_path, tmp_path, "--version")
    assert {name for name in found if name.startswith("dodcheck.")} <= {
        "dodcheck.cli",
        "dodcheck.errors",
        "dodcheck.__main__",
    }
    assert len(found) <= 125


def test_a_small_change_imports_what_it_needs(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"app.py": SOURCE, "pyproject.toml": "[tool.ruff]\n"})
    repository.write({"app.py": SOURCE.replace("x * 2", "x + x")})
    repository.git("add", "app.py")
    flags = ("check", "--staged", "--fast", "--quiet")
    imported(repository.path, tmp_path / "cache", *flags)  # makes the index of rules
    found = imported(repository.path, tmp_path / "cache", *flags)
    assert not families(found) & NEVER
    assert not found & {"dodcheck.sources.sandbox", "dodcheck.audit.summary"}
    assert len(found) <= 395
    assert len([name for name in found if name.startswith("dodcheck.")]) <= 175


@pytest.mark.parametrize("path", ["README.md", "data/table.csv"])
def test_a_change_without_code_imports_hardly_any_rule(repository: Repository, tmp_path: Path, path: str) -> None:
    repository.commit({path: "a\n", "app.py": SOURCE})
    repository.write({path: "b\n"})
    repository.git("add", path)
    flags = ("check", "--staged", "--fast", "--quiet")
    imported(repository.path, tmp_path / "cache", *flags)
    found = imported(repository.path, tmp_path / "cache", *flags)
    assert len([name for name in found if name.startswith("dodcheck.rules.")]) <= 12
