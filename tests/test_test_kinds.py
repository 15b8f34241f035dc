"""Every kind of test that pytest can run, told one by one; each on a real repository with real pytest."""

import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Mapping

import pytest
from conftest import Repository
from test_check import PROJECT
from test_matrix import rule

from dodcheck.report import Report
from dodcheck.verdict import Status

QUICK = ("--base", "HEAD", "--select", "no-regressions")
PROVED = ("--base", "HEAD", "--select", "no-regressions,tests-added")
CLEAN = "-p no:asyncio -p no:timeout -p no:random_order"  # plugins that warn when they are not configured


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A project on `main`, committed."""
    repository.commit(PROJECT)
    return repository


def failing(report: Report) -> dict[str, str]:
    """Return the code of each finding by the test that it names, or by its file."""
    return {str(one.symbol or one.path): str(one.code) for one in rule(report, "no-regressions").findings}


def options(*lines: str) -> dict[str, str]:
    return {"pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n" + "\n".join(lines) + "\n"}


def test_with_xdist_results_and_coverage_are_complete(repository: Repository) -> None:
    repository.commit(PROJECT | options('addopts = "-n 2"'))
    repository.write(
        {
            "app.py": "def double(x: int) -> int:\n    return x + x\n\n\ndef half(x: int) -> int:\n    return x // 2\n",
            "tests/test_half.py": "import pytest\n\nfrom app import half\n\n\n"
            "@pytest.mark.parametrize('x', range(6))\ndef test_half(x):\n    assert half(2 * x) == x\n",
        }
    )
    report = repository.check(*PROVED)
    assert report.report.tests == {"passed": 7}
    assert {test.fails_without_change for test in report.report.tests_added} == {True}
    said = [one.text for one in rule(report, "tests-added").evidence]
    assert "3 of 3 changed lines run in the suite" in said


HOOKS = {
    "while the report is made": (
        "import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
        "    result = yield\n    result.get_result().outcome = 'passed'\n"
    ),
    "while the report is told": (
        "import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_logreport(report):\n"
        "    report.outcome, report.longrepr = 'passed', None\n"
    ),
}


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_worker_of_xdist_cannot_turn_a_failure_into_a_pass(repository: Repository, hook: str) -> None:
    repository.commit(PROJECT | options('addopts = "-n 1"'))
    repository.write({"app.py": PROJECT["app.py"].replace("* 2", "* 3"), "tests/conftest.py": hook})
    assert failing(repository.check(*QUICK)) == {"tests/test_app.py::test_double": "regression"}


def test_a_killed_worker_fails_its_test_alone(repository: Repository) -> None:
    repository.commit(PROJECT | options('addopts = "-n 2"'))
    kill = "import os\n\n\ndef test_dies():\n    os.kill(os.getpid(), 9)\n\n\ndef test_lives():\n    pass\n"
    repository.write({"tests/test_kill.py": kill})
    report = repository.check(*QUICK)
    assert failing(report) == {"tests/test_kill.py::test_dies": "regression"}
    assert report.report.tests == {"passed": 2, "error": 1}


def test_a_hook_that_rewrites_reports_as_they_are_told(project: Repository) -> None:
    project.write({"app.py": PROJECT["app.py"].replace("* 2", "* 3"), "tests/conftest.py": HOOKS[[*HOOKS][1]]})
    found = rule(project.check(*QUICK), "no-regressions")
    assert found.status is Status.FAIL
    assert "a plugin reported it as passed" in found.summary


def test_doctests_unittests_subtests_and_broken_files(repository: Repository) -> None:
    repository.commit(PROJECT | options('addopts = "--doctest-modules"'))
    repository.write(
        {
            "docs.py": 'def one() -> int:\n    """Return one.\n\n    >>> one()\n    2\n    """\n    return 1\n',
            "tests/test_subtests.py": (
                "import pytest\nimport unittest\n\n\ndef test_sub(subtests):\n    for n in range(3):\n"
                "        with subtests.test(n=n):\n            assert n != 1\n\n\n"
                "def test_partly(subtests):\n    for n in range(3):\n        with subtests.test(n=n):\n"
                "            if n == 1:\n                pytest.skip('one of them')\n\n\n"
                "class Old(unittest.TestCase):\n    def test_good(self):\n        self.assertTrue(1)\n\n"
                "    @unittest.expectedFailure\n    def test_known(self):\n        self.fail()\n"
            ),
            "tests/test_broken.py": "import no_such_module\n\n\ndef test_never():\n    pass\n",
        }
    )
    report = repository.check(*QUICK)
    assert failing(report) == {
        "docs.py::docs.one": "regression",
        "tests/test_subtests.py::test_sub": "regression",
        "tests/test_broken.py": "uncollected",
    }
    assert report.report.tests == {"passed": 3, "failed": 2, "xfailed": 1}


def test_ids_with_odd_characters_run_again_by_name(project: Repository) -> None:
    odd = ["a b", "x::y", "[1]", "a/b", "..", "ü", "tab\\t", "-k", "$HOME", "a,b", "'"]
    marks = f"import pytest\n\n\n@pytest.mark.parametrize('x', {odd!r}, ids={odd!r})\n"
    project.commit({"tests/test_odd.py": marks + "def test_odd(x):\n    assert x\n"})
    project.write({"tests/test_odd.py": marks + "def test_odd(x):\n    assert x not in ('x::y', '[1]', 'a/b')\n"})
    codes = failing(project.check(*QUICK))
    assert set(codes.values()) == {"regression"}
    assert len(codes) == 3


SETTINGS = {
    "pytest.ini": "[pytest]\n{}",
    "tox.ini": "[pytest]\n{}",
    "setup.cfg": "[tool:pytest]\n{}",
    "pyproject.toml": "[tool.pytest.ini_options]\n{}",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_stand_where_pytest_reads_them(repository: Repository, name: str) -> None:
    toml = name.endswith(".toml")
    rows = {"pythonpath": "lib", "testpaths": "checks", "python_files": "check_*.py"}
    text = SETTINGS[name].format("".join(f"{key} = {[value] if toml else value}\n" for key, value in rows.items()))
    repository.commit(
        {
            "DOD.md": PROJECT["DOD.md"],
            name: text,
            "lib/app.py": PROJECT["app.py"],
            "checks/check_app.py": PROJECT["tests/test_app.py"],
            "other/check_no.py": "def test_outside():\n    raise ValueError\n",
        }
    )
    repository.write({"lib/app.py": PROJECT["app.py"].replace("* 2", "* 3")})
    report = repository.check(*QUICK)
    assert failing(report) == {"checks/check_app.py::test_double": "regression"}
    repository.write({name: text.replace("checks", "nothing")})  # a change cannot choose which tests judge it
    assert failing(repository.check(*QUICK)) == {"checks/check_app.py::test_double": "regression"}


def test_a_namespace_package_is_tested_in_the_tree(repository: Repository) -> None:
    repository.commit(
        {
            "DOD.md": PROJECT["DOD.md"],
            "pytest.ini": "[pytest]\naddopts = --import-mode=importlib\n",
            "src/company/tool/app.py": PROJECT["app.py"],
            "tests/test_it.py": "from company.tool import app\n\n\ndef test_a():\n    assert app.double(2) == 4\n",
        }
    )
    repository.write({"src/company/tool/app.py": PROJECT["app.py"].replace("* 2", "* 3")})
    assert failing(repository.check(*QUICK)) == {"tests/test_it.py::test_a": "regression"}


@pytest.mark.skipif(shutil.which("gcc") is None, reason="a compiler builds the extension")
def test_a_compiled_extension_is_carried_in(project: Repository) -> None:
    source = (
        "#include <Python.h>\nstatic PyObject *one(PyObject *s, PyObject *a) { return PyLong_FromLong(1); }\n"
        'static PyMethodDef table[] = {{"one", one, METH_NOARGS, ""}, {0}};\n'
        'static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "_fast", "", -1, table};\n'
        "PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&def); }\n"
    )
    built = project.path / f"package/_fast{sysconfig.get_config_var('EXT_SUFFIX')}"
    test = "from package._fast import one\n\n\ndef test_one():\n    assert one() == 1\n"
    project.commit({".gitignore": "*.so\n", "package/__init__.py": "", "package/_fast.c": source})
    include = sysconfig.get_paths()["include"]
    subprocess.run(
        ["gcc", "-shared", "-fPIC", f"-I{include}", "package/_fast.c", "-o", str(built)], cwd=project.path, check=True
    )
    project.write({"tests/test_fast.py": test})
    report = project.check(*QUICK)
    assert report.report.tests == {"passed": 2}
    assert "built extensions are the work tree's own" in report.runs[0].note


def test_a_missing_service_is_nobodys_fault_and_no_pass(project: Repository) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = f"import socket\n\n\ndef test_db():\n    socket.create_connection(('127.0.0.1', {port}))\n"
    project.commit({"tests/test_service.py": service})
    project.write({"app.py": PROJECT["app.py"] + "\n\nSEEN = 1\n", "tests/test_more.py": service})
    report = project.check(*QUICK)
    assert rule(report, "no-regressions").status is Status.NEEDS_REVIEW
    assert failing(report) == {
        "tests/test_service.py::test_db": "environment",
        "tests/test_more.py::test_db": "environment",
    }


FORGED = (
    "import json, os, pathlib\n\n\ndef test_double():\n"
    "    seen = pathlib.Path('/proc/self/environ').read_text() + json.dumps(dict(os.environ))\n"
    "    assert 'DODCHECK_HANDED=' not in seen.replace('\\0', ' ').partition('DODCHECK_HANDED=3')[2]\n"
    "    event = {'event': 'report', 'id': 'tests/test_app.py::test_double', 'when': 'call', 'outcome': 'passed',\n"
    "             'nonce': '', 'seconds': 0, 'xfail': False, 'part': False, 'message': '', 'path': '', 'line': 1}\n"
    "    for number in os.listdir('/proc/self/fd'):\n"
    "        if '/channels/' in os.path.realpath('/proc/self/fd/' + number):\n"
    "            os.write(int(number), json.dumps(event).encode() + b'\\n')\n"
    '            os.write(int(number), b\'{"event": "finish"}\\n\\xff\\n\')\n'
    "    os._exit(0)\n"
)


def test_events_without_the_nonce_are_not_ours(project: Repository) -> None:
    """What stays open: code in the same process that searches frames or the heap for the nonce finds it."""
    project.write({"tests/test_app.py": FORGED})
    found = rule(project.check(*QUICK), "no-regressions")
    assert [one.code for one in found.findings] == ["exit-forced"]


def test_the_nonce_is_not_in_the_environment_of_the_process(project: Repository) -> None:
    looks = (
        "import pathlib, re\n\n\ndef test_environ():\n    text = pathlib.Path('/proc/self/environ').read_text()\n"
        "    assert not re.search('[0-9a-f]{32}', text.replace('\\0', ' ').partition('DODCHECK')[2])\n"
    )
    project.write({"tests/test_looks.py": looks})
    assert project.check(*QUICK).report.tests == {"passed": 2}


ORDERED: Mapping[str, str] = {
    "random order": 'addopts = "--random-order"',
    "warnings are errors": f'filterwarnings = ["error"]\naddopts = "{CLEAN}"',
    "stops at the first failure": 'addopts = "-x"',
}


@pytest.mark.parametrize("line", ORDERED.values(), ids=ORDERED)
def test_settings_that_bend_a_run(repository: Repository, line: str) -> None:
    repository.commit(PROJECT | options(line))
    test = "\n\ndef test_{0}():\n    assert app.double({0}) == {1}\n"
    more = "import app\n" + test.format(2, 4) + test.format(1, 2)
    repository.write({"app.py": PROJECT["app.py"].replace("* 2", "* 3"), "tests/test_more.py": more})
    report = repository.check(*QUICK, VIRTUAL_ENV=sys.prefix)
    assert failing(report) == dict.fromkeys(
        ["tests/test_app.py::test_double", "tests/test_more.py::test_1", "tests/test_more.py::test_2"], "regression"
    )


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_a_test_that_times_out_is_named(repository: Repository, method: str) -> None:
    repository.commit(PROJECT | options("timeout = 1", f'timeout_method = "{method}"'))
    repository.write({"tests/test_slow.py": "import threading\n\n\ndef test_slow():\n    threading.Event().wait(60)\n"})
    found = rule(repository.check(*QUICK, VIRTUAL_ENV=sys.prefix), "no-regressions")
    assert found.status is (Status.FAIL if method == "signal" else Status.ERROR)
    assert "tests/test_slow.py::test_slow" in found.summary


def test_asyncio_tests_in_strict_mode(repository: Repository) -> None:
    repository.commit(PROJECT | options('asyncio_mode = "strict"'))
    kinds = (
        "import asyncio\n\nimport pytest\n\n\n"
        "@pytest.mark.asyncio\nasync def test_good():\n    await asyncio.sleep(0)\n\n\n"
        "@pytest.mark.asyncio\nasync def test_bad():\n    assert await asyncio.sleep(0, 1) == 2\n\n\n"
        "async def test_unmarked():\n    pass\n"
    )
    repository.write({"tests/test_async.py": kinds})
    codes = failing(repository.check(*QUICK, VIRTUAL_ENV=sys.prefix))
    assert codes == {"tests/test_async.py::test_bad": "regression", "tests/test_async.py::test_unmarked": "regression"}
