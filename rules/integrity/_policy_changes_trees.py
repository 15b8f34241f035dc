"""Cases of `policy-changes` that need more than one file."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

_F, _R, _P, _NA = Status.FAIL, Status.NEEDS_REVIEW, Status.PASS, Status.NOT_APPLICABLE
_SETTINGS, _CI = "pyproject.toml", ".github/workflows/ci.yml"
_OLD = {"src/old.py": "import os\n", "tests/test_a.py": "def test_a(): ...\n"}
_NEW = {"src/new.py": "import os\n"}
_SOURCE = {"src/old.py": "import re\n"}
_RUFF = "[tool.ruff.lint]\nselect = ['E', 'F']\n"
_BY_FILE = _RUFF + "[tool.ruff.lint.per-file-ignores]\n'{}' = ['F401']\n"
_MYPY = "[tool.mypy]\nstrict = true\n"
_MODULE = _MYPY + "[[tool.mypy.overrides]]\nmodule = '{}'\nignore_errors = true\n"
_PYTEST = "[tool.pytest.ini_options]\n{}\n"
_COVER = "[tool.coverage.run]\nbranch = true\n"
_TOX = {"tox.ini": "[testenv]\ncommands =\n  pytest\n  ruff check\n"}
_JOB = "on: [push]\njobs:\n  test:\n    steps:\n      - run: {}\n"
_DOD = "# Definition of Done\n\n- [ ] Tests pass\n- [ ] Functions under {} lines\n"
_WAIVER = "[[tool.dodcheck.waivers]]\nrule = 'lint'\npath = '**'\nreason = 'later'\nexpires = 2030-01-01\n"
_SLOW = {"tests/test_b.py": "@pytest.mark.slow\ndef test_b(): ...\n"}


def _tree(name: str, expect: Status, before: Mapping[str, str], after: Mapping[str, str]) -> Case:
    return Case(name, expect, _OLD | dict(before), _OLD | dict(after))


def _one(name: str, expect: Status, before: str, after: str) -> Case:
    return _tree(name, expect, {_SETTINGS: before}, {_SETTINGS: after})


TREES = [
    _tree("nothing of policy changed", _NA, {"a.txt": "1"}, {"a.txt": "2"}),
    _tree(
        "an exception made for the new file alone",
        _F,
        {_SETTINGS: _RUFF},
        _NEW | {_SETTINGS: _BY_FILE.format("src/new.py")},
    ),
    _tree(
        "a pattern that only the new file matches",
        _F,
        {_SETTINGS: _RUFF},
        _NEW | {_SETTINGS: _BY_FILE.format("src/n*.py")},
    ),
    _one("an exception for a file that was there", _R, _RUFF, _BY_FILE.format("src/old.py")),
    _one("an exception for what base did not check", _P, _RUFF.replace(", 'F'", ""), _BY_FILE.format("src/old.py")),
    _one("an exception that hides nothing", _P, _RUFF, _BY_FILE.format("gone.py")),
    _tree(
        "an exception follows the file that moved",
        _P,
        {_SETTINGS: _BY_FILE.format("a.py"), "a.py": "import os\nx = 1\n"},
        {_SETTINGS: _BY_FILE.format("b.py"), "b.py": "import os\nx = 1\n"},
    ),
    _one("ruff leaves sources out", _R, _RUFF, "[tool.ruff]\nextend-exclude = ['src']\n" + _RUFF),
    _one("ruff leaves out what is not there", _P, _RUFF, "[tool.ruff]\nextend-exclude = ['_vendor']\n" + _RUFF),
    _tree(
        "a nested file shadows the root's settings",
        _R,
        {_SETTINGS: _RUFF},
        {_SETTINGS: _RUFF, "src/ruff.toml": "lint.select = ['F']\n"},
    ),
    _tree(
        "a nested file extends the root's settings",
        _P,
        {_SETTINGS: _RUFF},
        {_SETTINGS: _RUFF, "src/ruff.toml": "extend = '../pyproject.toml'\nlint.extend-select = ['N']\n"},
    ),
    _tree(
        "a new file shadows the settings beside it",
        _R,
        {_SETTINGS: _RUFF},
        {_SETTINGS: _RUFF, "ruff.toml": "lint.select = ['F']\n"},
    ),
    _tree(
        "an empty pytest.ini takes the place of the settings",
        _R,
        {_SETTINGS: _PYTEST.format("xfail_strict = true")},
        {_SETTINGS: _PYTEST.format("xfail_strict = true"), "pytest.ini": ""},
    ),
    _tree(
        "a new .coveragerc takes the limit away",
        _F,
        {_SETTINGS: "[tool.coverage.report]\nfail_under = 90\n"},
        {_SETTINGS: "[tool.coverage.report]\nfail_under = 90\n", ".coveragerc": "[run]\nbranch = true\n"},
    ),
    _tree(
        "settings move from setup.cfg to pyproject.toml",
        _NA,
        {"setup.cfg": "[mypy]\nstrict = true\nwarn_unreachable = true\n"},
        {_SETTINGS: _MYPY + "warn_unreachable = true\n"},
    ),
    _tree(
        "ruff takes flake8's place",
        _P,
        {".flake8": "[flake8]\nmax-line-length = 79\n"},
        {_SETTINGS: _RUFF + "ignore = ['E501']\n"},
    ),
    _one("mypy overlooks a module of the project", _R, _MYPY, _MODULE.format("old")),
    _tree(
        "mypy overlooks the module that the change adds",
        _F,
        {_SETTINGS: _MYPY},
        _NEW | {_SETTINGS: _MODULE.format("new")},
    ),
    _one("mypy leaves out a folder", _R, _MYPY, _MYPY + "exclude = '^src/'\n"),
    _one("testpaths lose tests", _F, _PYTEST.format("testpaths = ['tests']"), _PYTEST.format("testpaths = ['src']")),
    _tree(
        "testpaths follow the tests that moved",
        _P,
        {_SETTINGS: _PYTEST.format("testpaths = ['tests']")},
        {_SETTINGS: _PYTEST.format("testpaths = ['tests', 'more']"), "more/test_b.py": "def test_b(): ...\n"},
    ),
    _one("python_files miss the tests", _F, _PYTEST.format(""), _PYTEST.format("python_files = ['check_*.py']")),
    _one("an ignored folder holds tests", _F, _PYTEST.format(""), _PYTEST.format("addopts = '--ignore=tests'")),
    _one("an ignored folder holds no tests", _P, _PYTEST.format(""), _PYTEST.format("addopts = '--ignore=docs'")),
    _tree(
        "tests that base has are left out by their mark",
        _F,
        {_SETTINGS: _PYTEST.format(""), **_SLOW},
        {_SETTINGS: _PYTEST.format("addopts = '-m \"not slow\"'"), **_SLOW},
    ),
    _one("a mark for tests that are new", _R, _PYTEST.format(""), _PYTEST.format("addopts = '-m \"not slow\"'")),
    _tree(
        "tests that CI runs by their mark are left out of the rest",
        _P,
        {_SETTINGS: _PYTEST.format(""), **_SLOW},
        {_SETTINGS: _PYTEST.format("addopts = '-m \"not slow\"'"), _CI: _JOB.format("pytest -m slow"), **_SLOW},
    ),
    _tree(
        "coverage omits the new file", _F, {_SETTINGS: _COVER}, _NEW | {_SETTINGS: _COVER + "omit = ['src/new.py']\n"}
    ),
    _one("coverage omits the tests", _P, _COVER, _COVER + "omit = ['tests/*']\n"),
    _one(
        "coverage measures fewer packages", _R, _COVER + "source = ['src', 'tests']\n", _COVER + "source = ['tests']\n"
    ),
    _tree(
        "the coverage limit moves to CI",
        _P,
        {_SETTINGS: "[tool.coverage.report]\nfail_under = 90\n"},
        {_SETTINGS: "[tool.coverage.report]\n", _CI: _JOB.format("coverage report --fail-under=90")},
    ),
    _tree("the workflow that tests is deleted", _F, {_CI: _JOB.format("pytest")}, {}),
    _tree(
        "a lint step moves into a workflow of its own",
        _NA,
        {_CI: _JOB.format("pytest\n      - run: ruff check .")},
        {_CI: _JOB.format("pytest"), ".github/workflows/lint.yml": _JOB.format("ruff check .")},
    ),
    _tree(
        "tox runs in CI what CI ran itself",
        _P,
        {_CI: _JOB.format("pytest\n      - run: ruff check ."), **_TOX},
        {_CI: _JOB.format("tox"), **_TOX},
    ),
    _tree("CI tests fewer folders", _F, {_CI: _JOB.format("pytest src tests")}, {_CI: _JOB.format("pytest src")}),
    _tree(
        "CI lints fewer folders", _R, {_CI: _JOB.format("ruff check src tests")}, {_CI: _JOB.format("ruff check tests")}
    ),
    _tree(
        "an item is gone together with a change of the source",
        _F,
        {"DOD.md": _DOD.format(30)},
        _SOURCE | {"DOD.md": "- [ ] Tests pass\n"},
    ),
    _tree(
        "a number is raised together with a change of the source",
        _F,
        {"DOD.md": _DOD.format(30)},
        _SOURCE | {"DOD.md": _DOD.format(60)},
    ),
    _tree("a number of an item is lowered", _R, {"DOD.md": _DOD.format(30)}, {"DOD.md": _DOD.format(20)}),
    _tree(
        "the Definition of Done moves out of sight", _R, {"DOD.md": _DOD.format(30)}, {"notes/old.md": _DOD.format(30)}
    ),
    _tree("the first Definition of Done", _P, {}, {"DOD.md": _DOD.format(30)}),
    _tree(
        "a waiver together with a change of the source",
        _F,
        {_SETTINGS: "[tool.dodcheck]\ntimeout = 60\n"},
        _SOURCE | {_SETTINGS: "[tool.dodcheck]\ntimeout = 60\n" + _WAIVER},
    ),
    _tree(
        "the sandbox is taken away together with a change of the source",
        _F,
        {_SETTINGS: "[tool.dodcheck]\nsandbox = 'bwrap'\n"},
        _SOURCE | {_SETTINGS: "[tool.dodcheck]\n"},
    ),
    _tree(
        "sources are marked as generated",
        _R,
        {".gitattributes": ""},
        {".gitattributes": "src/*.py linguist-generated=true\n"},
    ),
    _tree(
        "what protoc wrote is marked as generated",
        _P,
        {".gitattributes": ""},
        {".gitattributes": "*_pb2.py linguist-generated=true\n", "src/a_pb2.py": "# DO NOT EDIT\n"},
    ),
    _tree("a baseline of findings grows", _R, {".mypy-baseline.txt": "a\n"}, {".mypy-baseline.txt": "a\nb\n"}),
]
