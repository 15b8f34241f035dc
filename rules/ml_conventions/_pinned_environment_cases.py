"""Cases of the rule `pinned-environment`."""

import json
from collections.abc import Mapping

from dodcheck.rule import Case, Status

_APP = '[project]\nname = "app"\nversion = "1"\ndependencies = [{}]\n'
_BUILT = '[build-system]\nrequires = ["hatchling"]\n'


def _app(*names: str) -> str:
    return _APP.format(", ".join(f'"{name}"' for name in names))


def _lock(**versions: str) -> str:
    return "version = 1\n" + "".join(
        f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, version in versions.items()
    )


def _notebook(*lines: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": [f"{line}\n" for line in lines]}], "nbformat": 4})


def _case(expect: Status, name: str, after: Mapping[str, str], before: Mapping[str, str] | None = None) -> Case:
    return Case(name, expect, {"train.py": "", **(before or {})}, {"train.py": "", **after})


F, P, H, N = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE

CASES = (
    _case(F, "torch is left open in an application", {"requirements.txt": "torch\n"}),
    _case(
        F,
        "a new requirement has a range where others are pinned",
        {"requirements.txt": "numpy==1.26.4\ntorch>=2.1\n"},
        {"requirements.txt": "numpy==1.26.4\n"},
    ),
    _case(P, "every requirement is pinned", {"requirements.txt": "numpy==1.26.4\ntorch==2.1.0\n"}),
    _case(
        P,
        "the index of PyTorch, a marker, extras and an editable path",
        {
            "requirements.txt": "--index-url https://download.pytorch.org/whl/cu121\ntorch==2.1.0+cu121\n"
            'uvicorn[standard]==0.30.0 ; python_version < "3.13"\n-e .\n'
        },
    ),
    _case(F, "a version with a wildcard is a range", {"requirements.txt": "torch==2.*\n"}),
    _case(
        F,
        "a branch of a repository moves",
        {"requirements.txt": "clip @ git+https://github.com/openai/CLIP.git@main\n"},
    ),
    _case(
        P,
        "a commit of a repository stays",
        {
            "requirements.txt": "clip @ git+https://github.com/openai/CLIP.git@a1d071733d7111c9c014f024669f959182114e33\n"
        },
    ),
    _case(
        F,
        "a repository without a revision",
        {"requirements.txt": "-e git+https://github.com/openai/CLIP.git#egg=clip\n"},
    ),
    _case(
        P,
        "pins stand in uv.lock, ranges in pyproject.toml",
        {"pyproject.toml": _app("torch>=2"), "uv.lock": _lock(torch="2.1.0")},
    ),
    _case(
        P,
        "Poetry's caret and its lock",
        {
            "pyproject.toml": '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.11"\n'
            'torch = "^2.1"\n',
            "poetry.lock": _lock(torch="2.3.0"),
        },
    ),
    _case(
        F,
        "Poetry's lock is older than the new bound",
        {
            "pyproject.toml": '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\ntorch = "^2.4"\n',
            "poetry.lock": _lock(torch="2.3.0"),
        },
        {
            "pyproject.toml": '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\ntorch = "^2.1"\n',
            "poetry.lock": _lock(torch="2.3.0"),
        },
    ),
    _case(
        F,
        "the lock is older than the manifest",
        {"pyproject.toml": _app("torch>=2", "polars>=1"), "uv.lock": _lock(torch="2.1.0")},
        {"pyproject.toml": _app("torch>=2"), "uv.lock": _lock(torch="2.1.0")},
    ),
    _case(
        F,
        "the change takes the lock away",
        {"pyproject.toml": _app("torch>=2")},
        {"pyproject.toml": _app("torch>=2"), "uv.lock": _lock(torch="2.1.0")},
    ),
    _case(
        F,
        "requirements.txt says one version and the lock another",
        {"pyproject.toml": _app("numpy"), "requirements.txt": "numpy==1.26.0\n", "uv.lock": _lock(numpy="2.1.0")},
        {"pyproject.toml": _app("numpy"), "uv.lock": _lock(numpy="2.1.0")},
    ),
    _case(
        P,
        "a lock that is written again and agrees",
        {"pyproject.toml": _app("torch>=2"), "uv.lock": _lock(torch="2.4.0")},
        {"pyproject.toml": _app("torch>=2"), "uv.lock": _lock(torch="2.1.0")},
    ),
    _case(
        P,
        "a member of a workspace is locked at its root",
        {
            "pyproject.toml": "[tool.uv.workspace]\nmembers = ['apps/*']\n",
            "apps/app/pyproject.toml": _app("torch>=2"),
            "uv.lock": _lock(app="1", torch="2.1.0"),
        },
    ),
    _case(P, "a library may have ranges", {"pyproject.toml": _app("torch>=2") + _BUILT}),
    _case(
        H,
        "the lock of a library is older than its manifest",
        {"pyproject.toml": _app("torch>=2", "polars") + _BUILT, "uv.lock": _lock(torch="2.1.0")},
        {"pyproject.toml": _app("torch>=2") + _BUILT, "uv.lock": _lock(torch="2.1.0")},
    ),
    _case(
        H,
        "what is packaged and deployed is one or the other",
        {"pyproject.toml": _app("torch>=2") + _BUILT, "Dockerfile": "FROM python:3.12\n"},
    ),
    _case(
        P,
        "a conda file with exact builds",
        {
            "environment.yml": "dependencies:\n  - python=3.11\n  - conda-forge::numpy=1.26.4=py311h64a7726_0\n"
            "  - pip:\n    - torch==2.1.0\n"
        },
    ),
    _case(F, "a conda file without versions", {"environment.yml": "dependencies:\n  - python=3.11\n  - pytorch\n"}),
    _case(
        P,
        "pip-compile wrote the list",
        {
            "requirements.in": "torch\n",
            "requirements.txt": "# This file is made by pip-compile\ntorch==2.1.0\n    # via -r requirements.in\n",
        },
    ),
    _case(
        F,
        "the list that pip-compile wrote is older than its source",
        {
            "requirements.in": "torch\npolars\n",
            "requirements.txt": "# This file is autogenerated by pip-compile\ntorch==2.1.0\n",
        },
        {
            "requirements.in": "torch\n",
            "requirements.txt": "# This file is autogenerated by pip-compile\ntorch==2.1.0\n",
        },
    ),
    _case(
        P,
        "constraints pin what the requirements leave open",
        {"requirements.txt": "-c constraints.txt\ntorch\n", "constraints.txt": "torch==2.1.0\n"},
    ),
    _case(
        F,
        "a notebook cell installs by itself",
        {"explore.ipynb": _notebook("!pip install -q xgboost", "import xgboost")},
    ),
    _case(
        H,
        "a notebook cell installs one version by itself",
        {"notebooks/a.ipynb": _notebook("%pip install xgboost==2.0.3")},
    ),
    _case(
        H,
        "a notebook cell installs on a hosted machine alone",
        {"a.ipynb": _notebook("import sys", "if 'google.colab' in sys.modules:", "    %pip install -q xgboost")},
    ),
    _case(
        F,
        "a notebook cell installs under another condition",
        {"a.ipynb": _notebook("import os", "if os.name == 'posix':", "    %pip install -q xgboost")},
    ),
    _case(
        N,
        "a notebook cell installs what the manifest has",
        {"explore.ipynb": _notebook("!pip install xgboost"), "requirements.txt": "xgboost==2.0.3\n"},
        {"requirements.txt": "xgboost==2.0.3\n"},
    ),
    _case(
        N, "a notebook cell installs the project", {"explore.ipynb": _notebook("!pip install -e . -r requirements.txt")}
    ),
    _case(N, "nothing of the environment changes", {"a.py": "import torch\n"}),
    _case(N, "tools of developers are left open", {"requirements-dev.txt": "pytest\nruff\n"}),
    _case(
        N,
        "what base left open already is bound otherwise",
        {"requirements.txt": "torch>=2.2\n"},
        {"requirements.txt": "torch>=2.1\n"},
    ),
    _case(
        P,
        "a requirement gets its pin",
        {"requirements.txt": "torch==2.2.0\n"},
        {"requirements.txt": "torch>=2.1\n"},
    ),
    _case(
        N,
        "open requirements move to another manifest",
        {"pyproject.toml": _app("torch")},
        {"requirements.txt": "torch\n"},
    ),
    _case(
        Status.ERROR,
        "a lock with the marks of a conflict",
        {"pyproject.toml": _app("torch"), "uv.lock": "<<<<<<< HEAD\n"},
    ),
)
