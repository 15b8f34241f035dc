"""Cases of the rule logging: what ruff says of them stands beside them, and a test holds it to ruff's own word."""

import json
from collections.abc import Mapping, Sequence

from dodcheck.rule import Case, Status
from dodcheck.run import Ran

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_A = "app/service.py"
_PACKAGE = {"app/__init__.py": ""}
_MESSAGES = {
    "T201": "`print` found",
    "T203": "`pprint` found",
    "LOG015": "`info()` call on root logger",
    "LOG002": "Use `__name__` with `logging.getLogger()`",
    "G004": "Logging statement uses f-string",
}
Said = Sequence[tuple[int, str]]


def _ran(path: str, said: Said) -> Ran:
    found = [
        {
            "filename": path,
            "location": {"row": line, "column": 1},
            "end_location": {"row": line, "column": 2},
            "code": code,
            "message": _MESSAGES[code],
            "fix": None,
        }
        for line, code in said
    ]
    return Ran("ruff conventions", ("ruff", "check"), stdout=json.dumps(found))


def _new(
    name: str,
    expect: Status,
    code: str,
    *said: tuple[int, str],
    path: str = _A,
    others: Mapping[str, str] = _PACKAGE,
) -> Case:
    runs = {"head ruff conventions": _ran(path, said)} if said else {}
    return Case(name, expect, others, {**others, path: code}, runs)


_LOG = "import logging\n\n"
_OWN = _LOG + "logger = logging.getLogger(__name__)\n"
_OLD = "def f():\n    print('a')\n"
_ENTRY = _PACKAGE | {
    "pyproject.toml": "[project.scripts]\napp = 'app.entry:run'\n",
    "app/entry.py": "from app.service import f\n\n\ndef run():\n    f()\n",
}
CASES = [
    _new("print in a service", _FAIL, "def f(x):\n    print(x)\n", (2, "T201")),
    _new("pprint in a service", _FAIL, "from pprint import pprint\n\n\ndef f(x):\n    pprint(x)\n", (5, "T203")),
    _new("print to the error stream", _FAIL, "import sys\n\n\ndef f(x):\n    print(x, file=sys.stderr)\n", (5, "T201")),
    _new("print by way of builtins", _FAIL, "import builtins\n\n\ndef f(x):\n    builtins.print(x)\n", (5, "T201")),
    _new("sys.stderr.write in library code", _FAIL, "import sys\n\n\ndef f(x):\n    sys.stderr.write(x)\n"),
    _new("sys.stdout.write under another name", _FAIL, "from sys import stdout as o\n\n\ndef f(x):\n    o.write(x)\n"),
    _new("rich's print", _FAIL, "from rich import print\n\n\ndef f(x):\n    print(x)\n"),
    _new("print when the module is imported", _FAIL, "print('loaded')\n", (1, "T201")),
    _new("logging.info on the root logger", _FAIL, _LOG + "def f():\n    logging.info('x')\n", (4, "LOG015")),
    _new(
        "getLogger() without a name", _FAIL, _LOG + "logger = logging.getLogger()\n\n\ndef f():\n    logger.info('x')\n"
    ),
    _new("logging by getLogger() on the spot", _FAIL, _LOG + "def f():\n    logging.getLogger().info('x')\n"),
    Case(
        "a second print beside an old one",
        _FAIL,
        _PACKAGE | {_A: _OLD},
        _PACKAGE | {_A: _OLD + "    print('b')\n"},
        {
            "base ruff conventions": _ran(_A, [(2, "T201")]),
            "head ruff conventions": _ran(_A, [(2, "T201"), (3, "T201")]),
        },
    ),
    Case(
        "an old print with another text",
        _PASS,
        _PACKAGE | {_A: _OLD},
        _PACKAGE | {_A: _OLD.replace("'a'", "'b'")},
        {"base ruff conventions": _ran(_A, [(2, "T201")]), "head ruff conventions": _ran(_A, [(2, "T201")])},
    ),
    _new(
        "the module's own logger",
        _PASS,
        _LOG + "logger = logging.getLogger(__name__)\n\n\ndef f(x):\n    logger.info('x is %s', x)\n",
    ),
    _new(
        "print is another name for logger.info",
        _PASS,
        _OWN + "print = logger.info\n\n\ndef f(x):\n    print(x)\n",
    ),
    _new(
        "print under the main guard",
        _PASS,
        "def f():\n    return 1\n\n\nif __name__ == '__main__':\n    print(f())\n",
        (6, "T201"),
    ),
    _new(
        "print in what the main guard calls",
        _PASS,
        "def f():\n    print(1)\n\n\nif __name__ == '__main__':\n    f()\n",
        (2, "T201"),
    ),
    _new(
        "print in a click command", _PASS, "import click\n\n\n@click.command()\ndef f():\n    print(1)\n", (6, "T201")
    ),
    _new("print in a module of the command line", _PASS, "def f():\n    print(1)\n", (2, "T201"), path="app/cli.py"),
    _new("print in __main__", _PASS, "print(1)\n", (1, "T201"), path="app/__main__.py"),
    _new(
        "print to the error stream of a command line",
        _PASS,
        "import sys\n\n\ndef f(x):\n    print(x, file=sys.stderr)\n",
        (5, "T201"),
        path="app/cli.py",
    ),
    _new("print in a script", _PASS, "print(1)\n", (1, "T201"), path="scripts/load.py"),
    _new(
        "print in what a script calls at the top",
        _PASS,
        "def f(x):\n    print(x)\n\n\nfor n in (1, 2):\n    f(n)\n",
        (2, "T201"),
        path="plots/plot_scores.py",
    ),
    _new(
        "print in what a script does not call",
        _REVIEW,
        "def f(x):\n    print(x)\n\n\nfor n in (1, 2):\n    len(n)\n",
        (2, "T201"),
        path="plots/plot_scores.py",
    ),
    _new(
        "print in a module that the script beside it imports",
        _FAIL,
        "def f(x):\n    print(x)\n\n\nf(1)\n",
        (2, "T201"),
        path="plots/scores.py",
        others={"plots/run.py": "from scores import f\n"},
    ),
    _new("print in a docstring", _PASS, 'def f(x):\n    """Log.\n\n    >>> print(x)\n    """\n    return x\n'),
    _new("print into a file", _PASS, "def f(x, out):\n    print(x, file=out)\n"),
    _new("print that the team has excused", _PASS, "def f(x):\n    print(x)  # noqa: T201 - shown by the notebook\n"),
    _new(
        "structlog", _PASS, "import structlog\n\nlog = structlog.get_logger()\n\n\ndef f(x):\n    log.info('x', x=x)\n"
    ),
    _new(
        "a console of a command-line package",
        _PASS,
        "from rich.console import Console\n\nconsole = Console()\n\n\ndef f(x):\n    console.print(x)\n",
    ),
    _new(
        "the root logger being set up",
        _PASS,
        _LOG
        + "def f():\n    root = logging.getLogger()\n    root.setLevel(1)\n    logging.getLogger('x').setLevel(1)\n",
    ),
    _new(
        "a logger with a literal name warns",
        _PASS,
        _LOG + "logger = logging.getLogger('app')\n\n\ndef f():\n    logger.info('x')\n",
    ),
    _new("a logger with the file's name warns", _PASS, _LOG + "logger = logging.getLogger(__file__)\n", (3, "LOG002")),
    _new(
        "a message put together too early warns",
        _PASS,
        _LOG + "logger = logging.getLogger(__name__)\n\n\ndef f(x):\n    logger.info(f'{x}')\n",
        (7, "G004"),
    ),
    _new("a function that shows something", _REVIEW, "def print_table(x):\n    print(x)\n", (2, "T201")),
    _new("a module that reads arguments", _REVIEW, "import argparse\n\n\ndef f(x):\n    print(x)\n", (5, "T201")),
    _new(
        "a module that the program's entry point imports",
        _REVIEW,
        "def f():\n    print(1)\n",
        (2, "T201"),
        others=_ENTRY,
    ),
    _new("a test", _NA, "def test_f():\n    print(1)\n", (2, "T201"), path="tests/test_a.py"),
    Case("no Python file changed", _NA, {}, {"README.md": "print(x)"}),
]
