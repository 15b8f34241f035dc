"""Cases of the rule pathlib: what ruff says of them stands beside them, and a test holds it to ruff's own word."""

import json
from collections.abc import Mapping, Sequence

from dodcheck.rule import Case, Status
from dodcheck.run import Ran

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_A = "app.py"
_JOIN = "`os.path.join()` should be replaced by `Path` with `/` operator"
Said = Sequence[tuple[int, str, str]]


def _ran(path: str, said: Said) -> Ran:
    found = [
        {
            "filename": path,
            "location": {"row": line, "column": 1},
            "end_location": {"row": line, "column": 2},
            "code": code,
            "message": message,
            "fix": None,
        }
        for line, code, message in said
    ]
    return Ran("ruff conventions", ("ruff", "check", "--select=PTH"), stdout=json.dumps(found))


def _new(name: str, expect: Status, code: str, *said: tuple[int, str, str], path: str = _A) -> Case:
    return Case(name, expect, {}, {path: code}, {"head ruff conventions": _ran(path, said)} if said else {})


def _walks(name: str, expect: Status, version: str) -> Case:
    project = {"pyproject.toml": f'[project]\nrequires-python = ">={version}"\n'} if version else {}
    return Case(
        name, expect, project, project | {_A: "import os\nfor here, _, names in os.walk(top):\n    use(names)\n"}
    )


def _both(
    name: str, expect: Status, before: Mapping[str, str], after: Mapping[str, str], base: Said, head: Said
) -> Case:
    old, new = next(iter(before)), next(iter(after))
    return Case(
        name,
        expect,
        before,
        after,
        {"base ruff conventions": _ran(old, base), "head ruff conventions": _ran(new, head)},
    )


def _copied(name: str, expect: Status, code: str) -> Case:
    ran, copy = (_ran(path, [(5, "PTH118", _JOIN)]) for path in (_A, "other.py"))
    both = Ran(ran.name, ran.command, stdout=json.dumps([*json.loads(ran.stdout), *json.loads(copy.stdout)]))
    runs = {"base ruff conventions": ran, "head ruff conventions": both}
    return Case(name, expect, {_A: _OLD}, {_A: f"{_OLD}X = os.sep\n", "other.py": code}, runs)


_OLD = "import os\n\n\ndef full(d, f):\n    return os.path.join(d, f)\n"
CASES = [
    _new("os imported, and no path", _PASS, "import os\nx = os.getpid()\n"),
    _new(
        "os.path imported as a name of its own",
        _FAIL,
        "from os import path as p\np.join('a', 'b')\n",
        (2, "PTH118", _JOIN),
    ),
    _new(
        "os.path.join in an f-string",
        _FAIL,
        "import os.path as osp\nx = f\"{osp.join('a', 'b')}\"\n",
        (2, "PTH118", _JOIN),
    ),
    _new(
        "open(os.path.join()) in a comprehension",
        _FAIL,
        "import os\nx = [open(os.path.join(d, f)) for f in fs]\n",
        (2, "PTH123", "`open()` should be replaced by `Path.open()`"),
        (2, "PTH118", _JOIN),
        (2, "SIM115", "Use a context manager for opening files"),
    ),
    _new(
        "os.makedirs",
        _FAIL,
        "import os\nos.makedirs('a')\n",
        (2, "PTH103", "`os.makedirs()` should be replaced by `Path.mkdir(parents=True)`"),
    ),
    _new(
        "in a test as well", _FAIL, "import os\nos.path.join('a', 'b')\n", (2, "PTH118", _JOIN), path="tests/test_a.py"
    ),
    _both(
        "a second use beside an old one",
        _FAIL,
        {_A: _OLD},
        {_A: _OLD + "\n\ndef other(d):\n    return os.path.join(d, 'x')\n"},
        [(5, "PTH118", _JOIN)],
        [(5, "PTH118", _JOIN), (9, "PTH118", _JOIN)],
    ),
    _new("a function of os.path that is handed on", _FAIL, "import os\nx = sorted(fs, key=os.path.getmtime)\n"),
    _new("an environment variable", _PASS, "import os\nx = os.environ['X']\n"),
    _new("os.sep in a regular expression", _PASS, "import os\nimport re\nx = re.compile(os.sep + '+')\n"),
    _new(
        "posixpath for a key in a bucket",
        _PASS,
        "import os\nimport posixpath\nx = posixpath.join('a', os.environ['B'])\n",
    ),
    _new("os.fspath and normpath, which Path has not", _PASS, "import os\nx = os.path.normpath(os.fspath(p))\n"),
    _new("a name in a message", _PASS, "x = 'os.path.join is not for URLs'\n"),
    _new("an object of one's own that is called os", _PASS, "def f(os):\n    return os.path.join('a')\n"),
    _new(
        "open() alone is another convention's",
        _PASS,
        "import os\nwith open('x') as f:\n    os.environ['X'] = f.read()\n",
        (2, "PTH123", "`open()` should be replaced by `Path.open()`"),
    ),
    _new("code without paths", _NA, "x = 1\n"),
    _new(
        "os.chmod only warns",
        _PASS,
        "import os\nos.chmod(p, 0o600)\n",
        (2, "PTH101", "`os.chmod()` should be replaced by `Path.chmod()`"),
    ),
    _both(
        "an old use in a file that moved",
        _PASS,
        {_A: _OLD},
        {"core/app.py": "\n" + _OLD},
        [(5, "PTH118", _JOIN)],
        [(6, "PTH118", _JOIN)],
    ),
    _copied("an old function that is copied", _PASS, _OLD),
    _copied("a copy of an old function that is worked on", _FAIL, _OLD.replace("d, f)\n", "f, d)\n")),
    _both(
        "an old use with other arguments",
        _PASS,
        {_A: _OLD},
        {_A: _OLD.replace("(d, f)\n", "(d, 'x', f)\n")},
        [(5, "PTH118", _JOIN)],
        [(5, "PTH118", _JOIN)],
    ),
    _both(
        "an old use written anew in another function",
        _PASS,
        {_A: _OLD},
        {_A: "import os\n\n\ndef whole(*parts):\n    return os.path.join(*parts)\n"},
        [(5, "PTH118", _JOIN)],
        [(5, "PTH118", "`os.path.join()` should be replaced by `Path.joinpath()`")],
    ),
    _walks("os.walk over what may be a million files", _REVIEW, "3.12"),
    _walks("os.walk where nothing is said of the Python", _REVIEW, ""),
    _walks("os.walk in a project that runs on Python 3.11", _PASS, "3.11"),
    _new(
        "generated code",
        _NA,
        "# Generated by make, DO NOT EDIT\nimport os\nos.path.join('a')\n",
        (3, "PTH118", _JOIN),
        path="app_pb2.py",
    ),
    Case("no Python file changed", _NA, {}, {"README.md": "os.path.join"}),
]
