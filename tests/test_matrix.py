"""The run matrix on real repositories: proofs, cheats in the runner, layouts and installs."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest
from conftest import Repository, environment, item
from test_check import BETTER, PROJECT

from dodcheck.report import Report, RuleResult
from dodcheck.verdict import Status


def rule(report: Report, name: str) -> RuleResult:
    return next(one for row in report.items for one in row.rules if one.id == name)


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A project on `main`, committed."""
    repository.commit(PROJECT)
    return repository


def test_a_proving_test_is_told_from_one_that_proves_nothing(project: Repository) -> None:
    more = "\n\ndef test_still_double() -> None:\n    assert double(3) == 6\n"
    project.write(BETTER | {"tests/test_app.py": BETTER["tests/test_app.py"] + more})
    report = project.check("--base", "HEAD")
    proof = {test.id.partition("::")[2]: test.fails_without_change for test in report.report.tests_added}
    assert proof == {"test_triple": True, "test_still_double": True}  # base cannot import `triple`
    assert rule(report, "tests-added").status is Status.PASS


def test_tests_that_pass_without_the_change_need_a_person(project: Repository) -> None:
    test = PROJECT["tests/test_app.py"] + "\n\ndef test_three() -> None:\n    assert double(3) == 6\n"
    project.write({"app.py": PROJECT["app.py"].replace("x * 2", "x + x"), "tests/test_app.py": test})
    report = project.check("--base", "HEAD")
    assert rule(report, "tests-added").status is Status.NEEDS_REVIEW
    assert report.report.tests_added[0].fails_without_change is False


def test_an_old_test_rewritten_to_the_new_behaviour_needs_a_person(project: Repository) -> None:
    project.write(
        {
            "app.py": PROJECT["app.py"].replace("x * 2", "x * 3"),
            "tests/test_app.py": PROJECT["tests/test_app.py"].replace("== 4", "== 6"),
        }
    )
    report = project.check("--base", "HEAD")
    assert rule(report, "no-regressions").status is Status.NEEDS_REVIEW
    assert [one.code for one in rule(report, "no-regressions").findings] == ["contract-change"]


def test_an_old_test_skipped_to_hide_its_failure_fails(project: Repository) -> None:
    hidden = "import pytest\n" + PROJECT["tests/test_app.py"].replace("def test", "@pytest.mark.skip\ndef test")
    project.write({"app.py": PROJECT["app.py"].replace("x * 2", "x * 3"), "tests/test_app.py": hidden})
    found = rule(project.check("--base", "HEAD"), "no-regressions")
    assert found.status is Status.FAIL
    assert [one.code for one in found.findings] == ["skipped-instead"]


BROKEN = {"app.py": PROJECT["app.py"].replace("x * 2", "x * 3")}
CHEATS = {
    "outcomes rewritten by a hook": (
        "import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
        "    result = yield\n    result.get_result().outcome = 'passed'\n"
    ),
    "failing items dropped": "def pytest_collection_modifyitems(items):\n    items[:] = []\n",
    "exit in conftest": "import sys\n\nsys.exit(0)\n",
    "exit code forced": "def pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n",
    "process ended in the middle": "import os\n\n\ndef pytest_runtest_setup(item):\n    os._exit(0)\n",
    "exit at the end": "import atexit\nimport os\n\natexit.register(os._exit, 0)\n",
}


@pytest.mark.parametrize("conftest", CHEATS.values(), ids=CHEATS)
def test_the_runner_cannot_be_talked_into_a_pass(project: Repository, conftest: str) -> None:
    project.write(BROKEN | {"tests/conftest.py": conftest})
    report = project.check("--base", "HEAD")
    assert rule(report, "no-regressions").status not in {Status.PASS, Status.NOT_APPLICABLE}
    assert report.verdict != "done"


def test_events_cannot_be_forged_through_the_environment(project: Repository) -> None:
    looks = "import os\n\n\ndef test_no_channel():\n    assert 'DODCHECK_CHANNEL' not in os.environ\n"
    project.write(BETTER | {"tests/test_environment.py": looks})
    assert rule(project.check("--base", "HEAD"), "no-regressions").status is Status.PASS


def test_unittest_subtests_parametrised_and_class_scoped_failures(project: Repository) -> None:
    kinds = (
        "import unittest\n\nimport pytest\n\n\nclass Old(unittest.TestCase):\n    def test_sub(self):\n"
        "        for n in range(2):\n            with self.subTest(n=n):\n                self.assertEqual(n, 0)\n\n\n"
        "class Shared:\n    @pytest.fixture(scope='class', autouse=True)\n    def broken(self):\n"
        "        raise ValueError('shared')\n\n\nclass TestShared(Shared):\n    def test_one(self):\n        pass\n\n\n"
        "@pytest.mark.parametrize('x', ['a b', 'ü', '::'])\ndef test_ids(x):\n    assert x != 'ü'\n"
    )
    project.write({"tests/test_kinds.py": kinds})
    found = rule(project.check("--base", "HEAD"), "no-regressions")
    assert {one.symbol.partition("::")[2] for one in found.findings if one.symbol} == {
        "Old::test_sub",
        "TestShared::test_one",
        "test_ids[\\xfc]",
    }


@pytest.mark.parametrize("layout", ["src", "flat"])
@pytest.mark.parametrize("mode", ["editable", "copied"])
def test_the_tree_under_test_wins_over_what_is_installed(repository: Repository, layout: str, mode: str) -> None:
    where = "src/thing" if layout == "src" else "thing"
    build = (
        "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n"
        "[project]\nname = 'thing'\nversion = '1'\n"
    )
    value = "from thing import VALUE\n\n\ndef test_value() -> None:\n    assert VALUE == {}\n"
    repository.commit(
        {
            "DOD.md": PROJECT["DOD.md"],
            "pyproject.toml": build,
            f"{where}/__init__.py": "VALUE = 1\n",
            "tests/test_thing.py": value.format(1),
            ".gitignore": ".venv/\n*.egg-info/\nbuild/\n",
        }
    )
    home = repository.path / ".venv"
    venv.create(home, system_site_packages=True, with_pip=False)
    site = subprocess.run(
        [sys.executable, "-c", "import pytest; print(pytest.__path__[0].rpartition('/')[0])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    next(home.glob("lib/python*/site-packages")).joinpath("tools.pth").write_text(f"{site}\n")
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet", "--no-deps"]
    extra = ["--editable", "."] if mode == "editable" else ["."]
    subprocess.run([*pip, *extra], cwd=repository.path, env=environment(), check=True, capture_output=True)
    repository.commit({f"{where}/__init__.py": "VALUE = 2\n", "tests/test_thing.py": value.format(2)})
    repository.commit({f"{where}/__init__.py": "VALUE = 3\n", "tests/test_thing.py": value.format(3)})
    report = repository.check("--base", "HEAD~2", "--head", "HEAD~1", VIRTUAL_ENV="")
    found = rule(report, "no-regressions")
    assert report.report.tests == {"passed": 1}, found.summary
    assert [test.fails_without_change for test in report.report.tests_added] == [True]


def test_ignored_files_that_the_code_needs_are_carried_in(project: Repository) -> None:
    project.commit({".gitignore": "_version.py\n", "package/__init__.py": "from package._version import version\n"})
    project.write(
        {
            "package/_version.py": "version = '1'\n",
            "tests/test_version.py": "from package import version\n\n\ndef test_v():\n    assert version == '1'\n",
        }
    )
    assert rule(project.check("--base", "HEAD"), "no-regressions").status is Status.PASS


def test_a_test_that_depends_on_the_others_is_flaky_and_not_a_regression(project: Repository) -> None:
    leaking = (
        "import app\n\n\ndef test_a() -> None:\n    app.leak = 1\n\n\n"
        "def test_b() -> None:\n    assert not hasattr(app, 'leak')\n"
    )
    project.write({"tests/test_leak.py": leaking, "app.py": PROJECT["app.py"] + "\n\nSEEN = 1\n"})
    found = rule(project.check("--base", "HEAD"), "no-regressions")
    assert found.status is Status.NEEDS_REVIEW
    assert [one.code for one in found.findings] == ["flaky"]


def test_nothing_is_left_behind(project: Repository) -> None:
    project.write(BETTER)
    before = project.state()
    project.check("--base", "HEAD")
    assert project.state() == before
    assert item(project.check("--base", "HEAD"), "Existing").status is Status.PASS


def test_the_probe_is_no_code_under_test_where_dodcheck_checks_itself(repository: Repository) -> None:
    probe = Path(__file__).parent.parent / "src" / "dodcheck" / "probe"
    for name in ("sitecustomize.py", "dodcheck_outcomes.py"):
        repository.write({f"probe/{name}": (probe / name).read_text()})
    variables = {
        "PYTHONPATH": str(repository.path / "probe"),
        "DODCHECK_ROOT": str(repository.path),
        "DODCHECK_TREE": "/elsewhere",
    }
    code = "import sys, sitecustomize; print(sitecustomize.__file__); print(sys.path)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment() | variables, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[0] == str(repository.path / "probe" / "sitecustomize.py")
    assert str(repository.path / "probe") in ran.stdout.splitlines()[1]
