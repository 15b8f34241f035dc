"""Cases of the rule dependency-names: what it must say of each way to import and to declare."""

from collections.abc import Mapping
from textwrap import indent

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA, _ERROR = (
    Status.FAIL,
    Status.PASS,
    Status.NEEDS_REVIEW,
    Status.NOT_APPLICABLE,
    Status.ERROR,
)
_P, _T = "src/app/jobs.py", "tests/test_a.py"
_NEW = "import superjsonx\n"
_TOML = {"pyproject.toml": "[project]\nname = 'app'\ndependencies = ['httpx']\n", "src/app/__init__.py": ""}
_LOCK = {"uv.lock": '[[package]]\nname = "superjsonx"\nversion = "1.0"\n'}


def _imports(name: str, expect: Status, code: str, tree: Mapping[str, str] | None = None, path: str = _P) -> Case:
    """Code in a new file of a project that declares httpx, and whatever `tree` adds to it."""
    before = {**_TOML, **(tree or {})}
    return Case(name, expect, before, {**before, path: code})


def _with(name: str, expect: Status, tree: Mapping[str, str], path: str = _P) -> Case:
    return _imports(name, expect, _NEW, tree, path)


def _declares(name: str, expect: Status, requirement: str, tree: Mapping[str, str] | None = None) -> Case:
    before = {**_TOML, **(tree or {})}
    toml = before["pyproject.toml"].replace("'httpx'", f"'httpx', '{requirement}'")
    return Case(name, expect, before, {**before, "pyproject.toml": toml})


def _altered(name: str, expect: Status, before: Mapping[str, str], after: Mapping[str, str]) -> Case:
    return Case(name, expect, {**_TOML, **before}, {**_TOML, **after})


def _asks(more: str) -> Mapping[str, str]:
    return {"pyproject.toml": _TOML["pyproject.toml"] + more}


_UNDECLARED = {
    "a module that nothing declares": _NEW,
    "a misspelt one": "import reqeusts\n",
    "a name imported from it": "from superjsonx.api import load\n",
    "imported where it is used": "def f():\n  import superjsonx\n",
    "imported by its name as a string": "import importlib\nx = importlib.import_module('superjsonx')\n",
    "a well-known one that nobody declared": "import yaml\n",
    "behind one of the standard library": "import os, superjsonx\n",
    "behind a semicolon": "x = 1; import superjsonx\n",
    "a namespace of which nothing is declared": "from google.cloud import bigquery\n",
    "a handler for any error around more than the import": "try:\n  import superjsonx\n  superjsonx.go()\n"
    "except Exception:\n  print('x')\n",
    "the other branch of a check for typing": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  pass\nelse:\n"
    + indent(_NEW, "  "),
}
_NO_DECLARATION = {
    "only its stubs are declared": {"requirements.txt": "types-superjsonx\n"},
    "only a plugin for it is declared": {"requirements.txt": "pytest-superjsonx\n"},
    "a checker told to ignore it is no declaration": {
        "tox.ini": "[mypy-superjsonx.*]\nignore_missing_imports = True\n"
    },
    "the manifest of test data is no declaration": {"tests/fixtures/a/requirements.txt": "superjsonx\n"},
    "a module of this name deep in another package": {"lib/x/__init__.py": "", "lib/x/superjsonx.py": ""},
}
_DECLARED = {
    "declared as a dependency": {"pyproject.toml": "[project]\nname = 'app'\ndependencies = ['superjsonx>=1']\n"},
    "declared in an extra": _asks("[project.optional-dependencies]\nfast = ['SuperJSONx']\n"),
    "declared in a group": _asks("[dependency-groups]\ndev = ['superjsonx[all]>=1']\n"),
    "declared in a group of Poetry": _asks("[tool.poetry.group.dev.dependencies]\nsuperjsonx = '^1'\n"),
    "declared in an environment of Hatch": _asks("[tool.hatch.envs.test]\nextra-dependencies = ['superjsonx']\n"),
    "declared for pixi": _asks("[tool.pixi.pypi-dependencies]\nsuperjsonx = '*'\n"),
    "declared as a requirement of the build": _asks("[build-system]\nrequires = ['superjsonx']\n"),
    "declared in requirements.txt": {"requirements.txt": "superjsonx==1.0\n"},
    "declared in requirements of tests": {"requirements/test.txt": "superjsonx\n"},
    "declared in requirements of the tests' folder": {"tests/requirements.txt": "superjsonx\n"},
    "declared in setup.cfg": {"setup.cfg": "[options]\ninstall_requires =\n  superjsonx\n"},
    "declared in setup.py": {"setup.py": "from setuptools import setup\nsetup(install_requires=['superjsonx'])\n"},
    "declared in a setup.py that computes": {
        "setup.py": "DEPS = pick('superjsonx', new=True)\nsetup(install_requires=DEPS)\n"
    },
    "declared in a Pipfile": {"Pipfile": "[packages]\nsuperjsonx = '*'\n"},
    "declared for conda": {"environment.yml": "dependencies:\n  - superjsonx=1.0\n"},
    "declared by another package of the tree": {
        "packages/b/pyproject.toml": "[project]\ndependencies = ['superjsonx']\n"
    },
    "declared in a build file of a monorepo": {"third_party/BUILD.bazel": 'py_library(name = "superjsonx")\n'},
    "the name of another project of the tree": {"packages/b/pyproject.toml": "[project]\nname = 'superjsonx'\n"},
    "declared as python-…": {"requirements.txt": "python-superjsonx\n"},
    "a distribution whose name holds the module's": {"requirements.txt": "django-superjsonx-next\n"},
    "locked only: a warning": _LOCK,
    "declared for an example only: a warning": {"examples/requirements.txt": "superjsonx\n"},
    "installed by CI only: a warning": {".github/workflows/ci.yml": "- run: pip install superjsonx\n"},
}
_TABLE = {
    "pillow": "from PIL import Image\n",
    "PyYAML": "import yaml\n",
    "opencv-python-headless": "import cv2\n",
    "scikit-learn": "from sklearn import svm\n",
    "beautifulsoup4": "import bs4\n",
    "attrs": "import attr\n",
    "python_dateutil": "from dateutil.parser import parse\n",
    "google-cloud-storage": "from google.cloud import storage\n",
    "google-cloud-logging": "from google.cloud.logging_v2 import Client\n",
    "protobuf": "from google.protobuf import json_format\n",
    "ruamel.yaml": "import ruamel.yaml\n",
    "zope.interface": "from zope.interface import Interface\n",
    "typing_extensions": "from typing_extensions import Self\n",
    "setuptools": "import pkg_resources\n",
}
_OPTIONAL = {
    "an optional import": "try:\n  import superjsonx\nexcept ImportError:\n  superjsonx = None\n",
    "an optional import, by the exact error": "try:\n  import superjsonx\nexcept ModuleNotFoundError:\n  pass\n",
    "an optional import and nothing else, for any error": "try:\n  import superjsonx\n"
    "except Exception:\n  superjsonx = None\n",
    "a fallback for an older Python": "try:\n  import tomllib\nexcept ImportError:\n  import tomli as tomllib\n",
    "suppressed absence": "from contextlib import suppress\nwith suppress(ImportError):\n  import superjsonx\n",
    "asked for before": "from importlib.util import find_spec\nif find_spec('superjsonx'):\n  import superjsonx\n",
    "a flag that says it is there": "from app.compat import HAS_SUPERJSONX\nif HAS_SUPERJSONX:\n  import superjsonx\n",
    "a function that says it is there": "if is_superjsonx_available():\n  import superjsonx\n",
    "for typing alone": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import superjsonx\n",
    "only on one system: a warning": "import sys\nif sys.platform == 'win32':\n  import superjsonx\n",
    "only as a script: a warning": "if __name__ == '__main__':\n  import superjsonx\n",
    "a program that runs Python brings it": "import bpy\n",
    "declared in the header of the script": "# /// script\n# dependencies = ['superjsonx']\n# ///\nimport superjsonx\n",
}
_IN_TESTS = {
    "importorskip": "import pytest\nsuperjsonx = pytest.importorskip('superjsonx')\n",
    "importorskip, and the import after it": "import pytest\npytest.importorskip('superjsonx')\nimport superjsonx\n",
    "the absence is what the test is about": "import pytest\ndef t():\n  with pytest.raises(ImportError):\n"
    "    import superjsonx\n",
    "the test writes the module": "def t(tmp_path):\n  (tmp_path / 'superjsonx.py').touch()\n  import superjsonx\n",
    "the test puts the module in place": "import sys\nsys.modules['superjsonx'] = object()\nimport superjsonx\n",
}
_PYTEST = {"tests/requirements.txt": "pytest\n"}
_NOTHING = {
    "relative imports": "from . import superjsonx\nfrom .superjsonx import go\nfrom .. import y\n",
    "the standard library": "import os.path, asyncio\nfrom collections import abc\n",
    "the standard library of another Python": "import annotationlib\nimport distutils\n",
    "only in a docstring": "'''\nimport superjsonx\n'''\n",
    "only in a comment": "# import superjsonx\n",
    "the project itself": "from app import x\nimport app.jobs\n",
    "from itself": "from __future__ import annotations\nimport __main__\n",
}
_OWN = {
    "a module at the root": "superjsonx.py",
    "a package under src": "src/superjsonx/__init__.py",
    "a module in the file's own folder": "src/app/superjsonx.py",
    "a helper beside the tests": "tests/superjsonx.py",
    "a namespace package": "lib/superjsonx/part/core.py",
    "a package of another project in the tree": "packages/b/src/superjsonx/__init__.py",
    "stubs of a compiled module": "src/superjsonx.pyi",
    "an extension in C": "ext/superjsonx.c",
    "an extension in Cython": "src/superjsonx.pyx",
}
_BOTH = "try:\n  import superjsonx\nexcept ImportError:\n  superjsonx = None\n"
_BROKEN = {"other/pyproject.toml": "[project\n"}
_CHANGES = [
    _altered("an import that was there", _NA, {_P: _NEW}, {_P: _NEW + "x = 1\n"}),
    _altered("an import written in another way", _NA, {_P: _NEW}, {_P: "from superjsonx import load\n"}),
    _altered("the file moved", _NA, {_P: _NEW}, {"src/app/core.py": _NEW}),
    _altered("the import moved to another file", _NA, {_P: _NEW, "src/app/b.py": ""}, {_P: "", "src/app/b.py": _NEW}),
    _altered("the import went", _NA, {_P: _NEW}, {_P: ""}),
    _altered("the file went", _NA, {_P: _NEW}, {}),
    _altered("base cannot be parsed, the import is old", _NA, {_P: "print 1\n" + _NEW}, {_P: "print(1)\n" + _NEW}),
    _altered("base needs it elsewhere, undeclared", _PASS, {"src/b.py": _NEW}, {"src/b.py": _NEW, _P: _NEW}),
    _altered("optional at base, needed now", _FAIL, {_P: _BOTH}, {_P: _NEW}),
    _altered("needed at base, optional now", _NA, {_P: _NEW}, {_P: _BOTH}),
    _altered("declared in the same change", _PASS, {}, {_P: _NEW, "requirements.txt": "superjsonx\n"}),
    _altered(
        "its distribution may be the one declared in the same change: a warning",
        _PASS,
        {},
        {_P: _NEW, "requirements.txt": "fastcodec\n"},
    ),
    _imports("another distribution brings it: a warning", _PASS, "import idna\n", {"requirements.txt": "requests\n"}),
]
_REQUIREMENTS = [
    _declares("a new requirement with letters swapped", _REVIEW, "reqeusts"),
    _declares("a new requirement with a letter too many", _REVIEW, "pandass>=2"),
    _declares("a new requirement without its hyphen", _REVIEW, "pythondateutil"),
    _declares("a new requirement called like a module", _REVIEW, "cv2"),
    _declares("a new requirement called like a module, in capitals", _REVIEW, "PIL"),
    _declares(
        "a near miss that the lock has resolved", _PASS, "reqeusts", {"uv.lock": '[[package]]\nname = "reqeusts"\n'}
    ),
    _declares("a new requirement that the lock lacks: a warning", _PASS, "superjsonx", {"uv.lock": "version = 1\n"}),
    _declares("a well-known requirement", _PASS, "requests"),
    _declares("an unknown one far from any known", _PASS, "superjsonx"),
    _declares("a neighbour by its number", _PASS, "pyside2"),
    _declares("another word of the same length", _PASS, "mako-render"),
    _altered(
        "a version bump of a near miss",
        _NA,
        _asks("[dependency-groups]\na = ['reqeusts']\n"),
        _asks("[dependency-groups]\na = ['reqeusts>1']\n"),
    ),
    _altered("a near miss in an example", _NA, {}, {"examples/requirements.txt": "reqeusts\n"}),
]
_FILES = [
    _with("in a test", _FAIL, {}, _T),
    _with("in a migration", _FAIL, {}, "app/migrations/0001_x.py"),
    _with("in a maintainer's script: a warning", _PASS, {}, "scripts/release.py"),
    _with("in test data: a warning", _PASS, {}, "tests/data/pkg.py"),
    _with("installed by tox for the tests", _PASS, {"tox.ini": "[testenv]\ndeps =\n  superjsonx\n"}, _T),
    _with("in the configuration of the documents", _NA, {}, "docs/conf.py"),
    _with("in an example", _NA, {}, "examples/demo.py"),
    _with("in setup.py", _NA, {}, "setup.py"),
    _with("in a vendored package", _NA, {}, "src/app/_vendor/x.py"),
    _with("in a template", _NA, {}, "{{cookiecutter.slug}}/x.py"),
    _imports("in generated code", _NA, "# Generated by protoc. DO NOT EDIT.\n" + _NEW),
    _imports("a module that protoc makes", _NA, "import job_pb2\n", {"protos/job.proto": ""}),
    _imports("an unknown module, and no manifest at all", _REVIEW, _NEW, {"pyproject.toml": "[tool.ruff]\n"}),
    Case("a well-known module, and no manifest at all: a warning", _PASS, {}, {"a.py": "import numpy\n"}),
    Case("an unknown module, and no manifest anywhere", _REVIEW, {}, {"a.py": _NEW}),
    _imports("a broken file with a new import", _ERROR, _NEW + "def (\n"),
    _imports("a broken file without one", _NA, "def (\n"),
    _with("undeclared, whatever a template of a manifest holds", _FAIL, {"templates/pyproject.toml": "{{ x }}\n"}),
    _with("undeclared as far as can be seen: a manifest is broken", _ERROR, _BROKEN),
    _imports("declared, and another manifest is broken", _PASS, "import httpx\n", _BROKEN),
    _altered("a changed manifest is broken", _ERROR, {}, _BROKEN),
]

CASES = [
    *(_imports(name, _FAIL, code) for name, code in _UNDECLARED.items()),
    *(_with(name, _FAIL, tree) for name, tree in _NO_DECLARATION.items()),
    *(_with(name, _NA if "the name of" in name else _PASS, tree) for name, tree in _DECLARED.items()),
    *(
        _imports(f"{name} by the module's other name", _PASS, c, {"requirements.txt": name})
        for name, c in _TABLE.items()
    ),
    *(_imports(name, _PASS, code) for name, code in _OPTIONAL.items()),
    *(_imports(name, _PASS, code, _PYTEST, _T) for name, code in _IN_TESTS.items()),
    *(_imports(name, _NA, code) for name, code in _NOTHING.items()),
    *(_with(name, _NA, {path: ""}, _T if path.startswith("tests") else _P) for name, path in _OWN.items()),
    *_CHANGES,
    *_REQUIREMENTS,
    *_FILES,
]
