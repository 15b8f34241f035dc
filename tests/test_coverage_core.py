"""Lines are measured by `sys.monitoring` where it can serve what the project asks for, and nowhere else."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping

import pytest
from conftest import Repository, environment
from test_check import PROJECT
from test_matrix import rule
from test_test_kinds import CLEAN, PROVED

from dodcheck.sources.coverage import quick_core

OTHERS: Mapping[str, tuple[str, str, Mapping[str, str], str]] = {
    "an older Python": ("3.11.9", "7.10.0", {}, ""),
    "a Python whose default it is": ("3.14.0", "7.13.0", {}, ""),
    "an older coverage": ("3.13.0", "7.3.2", {}, ""),
    "branches in pyproject.toml": ("3.13.0", "7.10.0", {"pyproject.toml": "[tool.coverage.run]\nbranch = true"}, ""),
    "branches in .coveragerc": ("3.13.0", "7.10.0", {".coveragerc": "[run]\nbranch = True"}, ""),
    "plugins in setup.cfg": ("3.13.0", "7.10.0", {"setup.cfg": "[coverage:run]\nplugins = django"}, ""),
    "contexts in tox.ini": ("3.13.0", "7.10.0", {"tox.ini": "[coverage:run]\ndynamic_context = test_function"}, ""),
    "a core of its own": ("3.13.0", "7.10.0", {".coveragerc": "[run]\ncore = ctrace"}, ""),
    "branches among the options": ("3.13.0", "7.10.0", {}, "-ra --cov-branch"),
    "contexts among the options": ("3.13.0", "7.10.0", {}, "--cov-context=test"),
    "settings elsewhere": ("3.13.0", "7.10.0", {}, "--cov-config=ci/coverage.ini"),
}


def test_plain_lines_are_monitored() -> None:
    settings = {"pyproject.toml": "[tool.coverage.run]\nsource = ['app']\nparallel = true\n"}
    assert quick_core("3.12.1", "7.10.0", settings.get, "-ra") == {"COVERAGE_CORE": "sysmon"}


@pytest.mark.parametrize(("python", "coverage", "settings", "options"), OTHERS.values(), ids=OTHERS)
def test_whatever_else_is_asked_keeps_coverages_own_choice(
    python: str, coverage: str, settings: Mapping[str, str], options: str
) -> None:
    assert quick_core(python, coverage, settings.get, options) == {}


def _newer() -> str | None:
    """Return a Python from 3.12 to 3.13, if there is one."""
    wanted = "import sys; sys.exit(not (3, 12) <= sys.version_info < (3, 14))"
    for name in (sys.executable, "python3.13", "python3.12"):
        found = shutil.which(name)
        if found and subprocess.run([found, "-c", wanted], check=False, capture_output=True).returncode == 0:
            return found
    return None


@pytest.mark.skipif(_newer() is None, reason="needs a Python 3.12 or 3.13")
@pytest.mark.parametrize("asked", ["lines", "branches"])
def test_lines_are_monitored_in_a_suite_where_warnings_are_errors_and_branches_are_not(
    repository: Repository, asked: str
) -> None:
    branches = "[tool.coverage.run]\nbranch = true\n" if asked == "branches" else ""
    strict = 'filterwarnings = ["error"]\n' if asked == "lines" else ""  # of the C tracer: borrowed tools lack it
    settings = f'[tool.pytest.ini_options]\npythonpath = ["."]\n{strict}addopts = "{CLEAN}"\n'
    repository.commit(PROJECT | {"pyproject.toml": settings + branches, ".gitignore": ".venv/\n"})
    home = repository.path / ".venv"
    subprocess.run([_newer() or "", "-m", "venv", "--without-pip", home], env=environment(), check=True)
    site = next(home.glob("lib/python*/site-packages"))
    site.joinpath("tools.pth").write_text(sysconfig.get_paths()["purelib"])  # pytest and coverage run there as well
    told = "import sys\n\nfrom app import half\n\n\ndef test_half():\n    assert half(4) == 2\n\n\n"
    check = "def test_core():\n    assert sys.monitoring.get_tool(sys.monitoring.COVERAGE_ID) {} None\n"
    repository.write(
        {
            "app.py": PROJECT["app.py"]
            + "\n\ndef half(x: int) -> int:\n    if x < 0:\n        return 0\n    return x // 2\n",
            "tests/test_half.py": told + check.format("is not" if asked == "lines" else "is"),
        }
    )
    report = repository.check(*PROVED, VIRTUAL_ENV="")
    assert report.report.tests == {"passed": 3}, rule(report, "no-regressions").summary
    assert "3 of 4 changed lines run in the suite" in " ".join(one.text for one in rule(report, "tests-added").evidence)
