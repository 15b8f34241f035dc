"""Bad input gets one line with the remedy, the right exit code, and an untouched tree."""

import subprocess
from pathlib import Path

import pytest
from conftest import COMMAND, Repository, environment, item
from test_check import BETTER, PROJECT

from dodcheck.verdict import Status


def one_line(repository: Repository, *args: str) -> str:
    ran = repository.run("check", *args)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    return ran.stderr


def test_no_repository(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*COMMAND, "check"], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "not a git repository" in ran.stderr


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    script = f"mkdir gone && cd gone && rmdir ../gone && exec {COMMAND[0]} -m dodcheck check"
    ran = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr == "dodcheck: the current folder is gone; change to one that is there\n"


@pytest.mark.parametrize("ref", ["nonsense", "--output=x", "HEAD~99"])
def test_unknown_ref(repository: Repository, ref: str) -> None:
    repository.commit(PROJECT)
    assert ref in one_line(repository, f"--base={ref}")


def test_nothing_changed(repository: Repository) -> None:
    repository.commit(PROJECT)
    ran = repository.run("check", "--base", "HEAD")
    assert ran.returncode == 0
    assert "nothing changed" in ran.stdout


def test_unborn_branch(repository: Repository) -> None:
    repository.write(PROJECT)
    report = repository.check("--select", "lint")
    assert {file.status for file in report.change.files} == {"added"}


def test_root_commit(repository: Repository) -> None:
    repository.commit(PROJECT)
    report = repository.check("--select", "lint")
    assert report.change.base.commit is None
    assert len(report.change.files) == len(PROJECT)


def test_detached_head(repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.commit(BETTER)
    repository.git("checkout", "--quiet", "--detach")
    assert [file.path for file in repository.check("--fast").change.files] == ["app.py", "tests/test_app.py"]


def test_shallow_clone_says_what_to_fetch(repository: Repository, tmp_path: Path) -> None:
    repository.commit(PROJECT)
    repository.commit(BETTER)
    clone = Repository(tmp_path / "clone")
    clone.git("fetch", "--quiet", "--depth=1", f"file://{repository.path}", "main")
    clone.git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    assert "git fetch" in one_line(clone)


def test_definition_missing(repository: Repository) -> None:
    repository.commit(PROJECT)
    assert "nowhere.md" in one_line(repository, "--definition", "nowhere.md")
    assert "nobody" in one_line(repository, "--agent", "nobody")


def test_definition_without_items(repository: Repository) -> None:
    repository.commit(PROJECT | {"DOD.md": "# Done\n\nWe are done when we feel so.\n"})
    assert "DOD.md" in one_line(repository)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.dodcheck]\ntimeot = 3\n", "pyproject.toml:2: unknown key 'timeot'; did you mean 'timeout'?"),
        ("[tool.dodcheck]\ntimeout = 'long'\n", "pyproject.toml:2: timeout: Expected `float`, got `str`"),
        ("[tool.dodcheck\n", "pyproject.toml: "),
        ("[tool.dodcheck.rules.nonsense]\nx = 1\n", "nonsense"),
        ("[tool.dodcheck.rules.lint]\nformating = true\n", "formating"),
    ],
)
def test_invalid_configuration(repository: Repository, text: str, words: str) -> None:
    repository.commit(PROJECT | {"pyproject.toml": text})
    repository.write(BETTER)
    assert words in one_line(repository, "--fast", "--base", "HEAD")


def test_syntax_error_in_checked_code(repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.write({"app.py": "def double(x:\n"})
    report = repository.check("--base", "HEAD")
    assert report.verdict == "not-done"
    assert item(report, "Linting").rules[0].findings[0].code == "invalid-syntax"
    assert "cannot be collected" in item(report, "Existing").rules[0].findings[0].message


def test_broken_settings_of_a_tool_are_an_error_of_its_rule(repository: Repository) -> None:
    repository.commit(PROJECT | {"ruff.toml": "x = [\n"})
    repository.write(BETTER)
    found = item(repository.check("--base", "HEAD", "--fast"), "Linting")
    assert found.status is Status.ERROR
    assert "ruff.toml" in found.summary


def test_project_without_tests(repository: Repository) -> None:
    repository.commit(PROJECT | {"tests/test_app.py": "", "conftest.py": ""})
    repository.commit({"tests/test_app.py": None})
    repository.write({"README.md": "# app\n"})
    report = repository.check("--base", "HEAD")
    assert item(report, "Existing").status is Status.NOT_APPLICABLE


def test_no_python_at_all(repository: Repository) -> None:
    repository.commit({"DOD.md": PROJECT["DOD.md"], "main.go": "package main\n"})
    repository.write({"main.go": "package main\n\nfunc main() {}\n"})
    report = repository.check("--base", "HEAD")
    assert {one.status for one in report.items if one.line} == {Status.NOT_APPLICABLE}


def test_a_test_that_hangs_is_named_and_ended(repository: Repository) -> None:
    settings = PROJECT["pyproject.toml"] + "[tool.dodcheck]\ntimeout = 5\n"
    repository.commit(PROJECT | {"pyproject.toml": settings})
    hanging = "import time\n\n\ndef test_hangs() -> None:\n    time.sleep(600)\n"
    repository.write({"tests/test_slow.py": hanging})
    before = repository.state()
    report = repository.check("--base", "HEAD", "--select", "no-regressions")
    found = item(report, "Existing")
    assert found.status is Status.ERROR
    assert "tests/test_slow.py::test_hangs" in found.summary
    assert report.verdict == "undecided"
    assert repository.state() == before


def test_a_test_that_ends_the_process_as_if_all_were_well_fails(repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.write({"tests/test_exit.py": "import os\n\n\ndef test_exit() -> None:\n    os._exit(0)\n"})
    found = item(repository.check("--base", "HEAD", "--select", "no-regressions"), "Existing")
    assert found.status is Status.FAIL
    assert {one.code for rule in found.rules for one in rule.findings} == {"exit-forced"}


def test_missing_pytest_is_an_error_with_its_remedy(repository: Repository, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run(["python3", "-m", "venv", "--without-pip", str(bare)], check=True, env=environment())
    settings = PROJECT["pyproject.toml"] + f"[tool.dodcheck]\npython = '{bare}/bin/python'\n"
    repository.commit(PROJECT | {"pyproject.toml": settings})
    repository.write(BETTER)
    found = item(repository.check("--base", "HEAD", "--select", "no-regressions"), "Existing")
    assert found.status is Status.ERROR
    assert "pytest is not installed in the project's environment" in found.summary
