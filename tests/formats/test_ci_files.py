"""The GitHub action and the examples for CI: held against their published schemas, and the action's step run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import COMMAND, environment
from format_reports import ODD, small

TOP = Path(__file__).parent.parent.parent
SCHEMAS = {
    "action.yml": ["vendor.github-actions"],
    "examples/ci/github-dodcheck.yml": ["vendor.github-workflows"],
    "examples/ci/gitlab-dodcheck.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_keeps_to_its_schema(name: str, tmp_path: Path) -> None:
    ask = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *SCHEMAS[name]]
    ran = subprocess.run([*ask, str(TOP / name)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    broken = tmp_path / "broken.yml"
    broken.write_text((TOP / name).read_text(encoding="utf-8") + "\nruns-on: 7\nscript: 7\njobs: 7\nruns: 7\n")
    assert subprocess.run([*ask, str(broken)], capture_output=True, check=False).returncode == 1


def test_no_input_of_the_action_is_pasted_into_a_script() -> None:
    action = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert len(scripts) == 2
    assert not [script for script in scripts if "${{" in script]


def test_the_action_s_step_checks_and_its_exit_is_the_verdict(tmp_path: Path) -> None:
    repository = small(tmp_path)
    command = tmp_path / "runner" / "dodcheck" / "bin" / "dodcheck"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    action = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
    step = action["runs"]["steps"][-1]
    asked = dict.fromkeys(step["env"], "") | {
        "BASE": "HEAD",
        "DEFINITION": "DOD.md",
        "FAST": "true",
        "OUTPUT": "../out dir/report.md\n../out dir/dodcheck.sarif\n",
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }
    (tmp_path / "out dir").mkdir()
    ran = subprocess.run(  # as the runner calls `shell: bash`
        [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=repository.path,
        env=environment() | asked | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert (
        f"::error file={ODD.replace(':', '%3A').replace(',', '%2C').replace('100%.', '100%25.')},line=1," in ran.stdout
    )
    assert {file.name for file in (tmp_path / "out dir").iterdir()} == {"report.md", "dodcheck.sarif"}
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("# Not done: ")
