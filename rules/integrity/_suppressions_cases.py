"""Cases of the rule suppressions: which comments it must object to, and which are none of its business."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NONE = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_OLD = {"app.py": "x = 1\n"}
_BODY = "def f(a):\n    b = g(a)\n    return b\n"
_CALL = "(path, mode, 'utf-8', strict=True)"
_SPREAD = '(\n        path,  # type: ignore\n        mode,\n        "utf-8",\n        strict=True,\n    )'
_LONG = f"def load(path, mode):\n    data = read{_CALL}\n    return data\n"
_IGNORED = "y = f(x)  # type: ignore\n"
_ZSTD = "try:\n    import zstd\nexcept ImportError:"
_LEFT = (
    "import sys\ndef f(c):\n    if sys.version_info < (3, 14):\n        raise ValueError\n    c['partitioned'] = True§"
)


def _new(name: str, expect: Status, code: str, path: str = "app.py") -> Case:
    """Code added below a line that was there."""
    return Case(name, expect, {path: "x = 1\n"}, {path: f"x = 1\n{code}\n"})


def _top(name: str, expect: Status, code: str, path: str = "app.py") -> Case:
    """A comment added above it."""
    return Case(name, expect, {path: "x = 1\n"}, {path: f"{code}\nx = 1\n"})


def _edit(name: str, expect: Status, before: str | Mapping[str, str], after: str | Mapping[str, str]) -> Case:
    old, new = ({"app.py": side} if isinstance(side, str) else side for side in (before, after))
    return Case(name, expect, old, new)


def _uncovered(name: str, expect: Status, code: str) -> Case:
    """Code added with the comment in the place of the section sign."""
    return _new(name, expect, code.replace("§", "  # pragma: no cover"))


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.splitlines())


_BLANKET = [
    _new("a blanket noqa", _FAIL, "import os  # noqa"),
    _new("a blanket noqa without spaces and in capitals", _FAIL, "import os #NOQA"),
    _new("a noqa whose code lacks the colon is a blanket one", _FAIL, "import os  # noqa F401"),
    _new("a noqa with its code in brackets is a blanket one", _FAIL, "import os  # noqa[F401]"),
    _new("a noqa with words where the codes belong is a blanket one", _FAIL, "import os  # noqa: needed later"),
    _new("a blanket type: ignore", _FAIL, "y = f(x)  # type: ignore"),
    _new("a reason does not make up for the code", _FAIL, "y = f(x)  # type: ignore # untyped in distlib"),
    _new("a blanket type: ignore behind another order", _FAIL, "y = f(x)  # noqa: E501 - a link # type: ignore"),
    _new("type: ignore with empty brackets", _FAIL, "y = f(x)  # type: ignore[]"),
    _new("a blanket pyright: ignore", _FAIL, "y = f(x)  # pyright: ignore"),
    _new("a blanket ty: ignore", _FAIL, "y = f(x)  # ty: ignore"),
    _new("a blanket nosec", _FAIL, "run(x, shell=True)  # nosec"),
    _new("pylint: disable=all", _FAIL, "y = f(x)  # pylint: disable=all"),
    _new("a whole category of pylint", _FAIL, "y = f(x)  # pylint: disable=W - noisy"),
    _new("pylint: disable=all for a block", _FAIL, "def f():\n    # pylint: disable=all\n    return 1"),
    _new("a blanket order in the middle of a statement", _FAIL, "y = f(\n    x,  # type: ignore\n)"),
    _new("a blanket order on the last line of a string", _FAIL, 's = """\nlong\n"""  # noqa'),
    _top("ruff: noqa silences the file", _FAIL, "# ruff: noqa"),
    _top("flake8: noqa silences the file", _FAIL, "# flake8: noqa"),
    _top("type: ignore at the top silences the file", _FAIL, "# type: ignore"),
    _top("mypy: ignore-errors silences the file", _FAIL, "# mypy: ignore-errors"),
    _top("mypy: ignore-errors in a test", _FAIL, "# mypy: ignore-errors", "tests/test_a.py"),
    _top("pylint: skip-file silences the file", _FAIL, "# pylint: skip-file"),
    _top("fmt: off over the whole file", _FAIL, "# fmt: off"),
    _edit("a blanket order in a new file", _FAIL, {}, "import os  # noqa\n"),
    _edit("a blanket order in a stub file", _FAIL, {}, {"app.pyi": "x: int = ...  # type: ignore\n"}),
]
_SPECIFIC = [
    _new("a code and a reason behind a dash", _PASS, "import os  # noqa: F401 - plugins look for it here"),
    _new("a code and a reason in a second comment", _PASS, "y = f(x)  # type: ignore[misc]  # mypy bug, fixed in 1.20"),
    _new("a code and a reason on the line above", _PASS, "# the stubs lack it\ny = f(x)  # type: ignore[arg-type]"),
    _new("a link is a reason", _PASS, "y = f(x)  # type: ignore[misc]  # https://github.com/python/mypy/issues/9"),
    _new("a code without a reason only warns", _PASS, "y = f(x)  # type: ignore[arg-type]"),
    _new("several codes with one reason", _PASS, "import os, sys  # noqa: E401, F401 - names for a doctest"),
    _new("nosec with its test", _PASS, "run(x, shell=True)  # nosec B602 - x is a constant of ours"),
    _new("pylint with a name", _PASS, "def f(a, b):  # pylint: disable=unused-argument - a hook\n    return a"),
    _new("a re-export of a package says enough", _PASS, "from .core import f  # noqa: F401", "pkg/__init__.py"),
    _new("fmt: skip keeps a table", _PASS, "M = [1, 0,\n     0, 1]  # fmt: skip"),
    _new("fmt: off for a table, and on again", _PASS, "# fmt: off\nM = [1,0]\n# fmt: on"),
    _new("an order that makes mypy stricter", _PASS, "# mypy: disallow-untyped-defs"),
    _new("a type comment is no order", _NONE, "y = []  # type: list[int]"),
    _new("a wrong call in a test only warns", _PASS, "f('no int')  # type: ignore", "tests/test_a.py"),
    _top("a file-wide order with codes only warns", _PASS, "# ruff: noqa: E501"),
]
_NO_ORDER = [
    _new("the word in a string", _PASS, "y = 'x  # noqa'"),
    _new("the words in a docstring", _PASS, 'def f():\n    """Add `# type: ignore` where needed."""\n    return 1'),
    _new("the words in a sentence of a comment", _PASS, "# a noqa would hide this, type: ignore too\ny = f(x)"),
    _new("a name that looks like an order", _NONE, "noqa = nosec = 1"),
    _new("an order behind a long comment", _PASS, "# see https://example.org/very/long  # noqa"),
    _new("an order on a line of its own silences nothing", _PASS, "# noqa\ny = f(x)"),
    _edit("broken text without an order", _NONE, _OLD, "def (:\n"),
    _edit("broken text with an order", Status.ERROR, _OLD, "y = f(  # noqa\n"),
    _edit("broken text in a test's data", _PASS, _OLD, _OLD | {"tests/data/bad.py": "y = f(  # noqa\n"}),
    _edit("no Python changed", _NONE, _OLD, _OLD | {"README.md": "Use `# noqa`.\n"}),
    _edit("a vendored file", _NONE, _OLD, _OLD | {"src/pip/_vendor/six.py": "import os  # noqa\n"}),
    _edit("a file that a program wrote", _NONE, _OLD, _OLD | {"a_pb2.py": "import os  # noqa\n"}),
    _edit(
        "a file that only now says that a program wrote it", _FAIL, _OLD, "# DO NOT EDIT\nimport os  # noqa\nx = 1\n"
    ),
]
_FROM_BASE = [
    _edit("what base has too", _PASS, "import os  # noqa\n", "import os  # noqa\nx = 1\n"),
    _edit("an order is taken away", _PASS, "import os  # noqa\nx = 1\n", "x = 1\n"),
    _edit("a file is renamed", _PASS, {"a.py": _BODY + _IGNORED}, {"b.py": _BODY + _IGNORED}),
    _edit(
        "code moves to another file",
        _PASS,
        {"a.py": _BODY + _IGNORED, "b.py": "z = 2\n"},
        {"a.py": _BODY, "b.py": "z = 2\n" + _IGNORED},
    ),
    _edit(
        "a file is split",
        _PASS,
        {"a.py": "import os  # noqa\n" + _BODY + _IGNORED},
        {"b.py": "import os  # noqa\n", "c.py": _BODY + _IGNORED},
    ),
    _edit("a function becomes a method", _PASS, _BODY + _IGNORED, f"class C:\n{_indented(_BODY + _IGNORED)}"),
    _edit(
        "a formatter lays the statement out anew",
        _PASS,
        _LONG.replace("True)", "True)  # type: ignore"),
        _LONG.replace(_CALL, _SPREAD),
    ),
    _edit(
        "the statement is edited in its place",
        _PASS,
        _LONG.replace("True)", "True)  # type: ignore"),
        _LONG.replace("strict=True)", "strict=False)  # type: ignore"),
    ),
    _edit("a blanket order becomes a specific one", _PASS, "import os  # noqa\n", "import os  # noqa: F401\n"),
    _edit("a specific order becomes a blanket one", _FAIL, "import os  # noqa: F401\n", "import os  # noqa\n"),
    _edit("an old order is given a reason", _PASS, "import os  # noqa\n", "import os  # noqa  # plugins\n"),
    _edit("a second one of the same text is new", _FAIL, _IGNORED, _IGNORED + _IGNORED),
    _edit("code is copied with its order", _FAIL, {"a.py": _IGNORED}, {"a.py": _IGNORED, "b.py": _IGNORED}),
    _edit("an order for a line is widened to the file", _FAIL, "import os  # noqa\n", "# ruff: noqa\nimport os\n"),
    _edit(
        "an order wanders to another statement while its own is laid out anew",
        _FAIL,
        "y = f(a)  # type: ignore\nz = g(b)\n",
        "y = f(\n    a\n)\nz = g(b, 1)  # type: ignore\n",
    ),
    _edit("a new order where base is broken", _FAIL, "y = (\nimport os  # noqa\n", "import os  # noqa\n" + _IGNORED),
]
_COVERAGE = [
    _uncovered("a new function is taken out of coverage", _FAIL, "def f(a):§\n    return g(a) + 1"),
    _uncovered("a new branch is taken out", _FAIL, "if x > 2:§\n    y = g(x)"),
    _uncovered("a new else is taken out", _FAIL, "if x > 2:\n    y = 1\nelse:§\n    y = g(x)"),
    _uncovered("a new handler is taken out", _FAIL, "try:\n    y = g(x)\nexcept ValueError:§\n    y = 0"),
    _uncovered("a new statement is taken out", _FAIL, "y = g(x)§"),
    _uncovered("a new class is taken out", _FAIL, "class C:§\n    def f(self):\n        return g(self)"),
    _uncovered("a comment on the last line of a signature", _FAIL, "def f(\n    a,\n):§\n    return g(a)"),
    _uncovered("a comment on a decorator", _FAIL, "@cache§\ndef f(a):\n    return g(a)"),
    _uncovered("a case of a match is taken out", _FAIL, "match x:\n    case 1:§\n        y = g(x)"),
    _new("the short form takes out as well", _FAIL, "def f(a):  # nocover\n    return g(a)"),
    _new("a reason for it is for a person to weigh", _REVIEW, "y = g(x)  # pragma: no cover - needs a GPU"),
    _edit("old code is for a person to weigh", _REVIEW, _BODY, _BODY.replace("(a):", "(a):  # pragma: no cover")),
    _edit(
        "new code in an old function that is taken out",
        _FAIL,
        _BODY,
        "def f(a):  # pragma: no cover\n    b = g(a)\n    b += h(a)\n    return b\n",
    ),
    _uncovered("type checking", _PASS, "from typing import TYPE_CHECKING\nif TYPE_CHECKING:§\n    from a import b"),
    _uncovered("the main guard", _PASS, "if __name__ == '__main__':§\n    main()"),
    _new("the module __main__", _PASS, "def run():  # pragma: no cover\n    main()", "pkg/__main__.py"),
    _uncovered(
        "an abstract method",
        _PASS,
        "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def f(self):§\n        return self.x",
    ),
    _uncovered("a body that raises NotImplementedError", _PASS, "def f(a):§\n    raise NotImplementedError(a)"),
    _uncovered("a body of dots", _PASS, "def f(a): ...§"),
    _uncovered("a protocol", _PASS, "import typing\nclass P(typing.Protocol):\n    def f(self):§\n        return 1"),
    _uncovered("__repr__", _PASS, "class A:\n    def __repr__(self):§\n        return f'A({self.x})'"),
    _uncovered("a platform", _PASS, "import sys\nif sys.platform == 'win32':§\n    y = g(x)"),
    _uncovered(
        "the other branch of a platform", _PASS, "import os\nif os.name == 'nt':\n    y = 1\nelse:§\n    y = g(x)"
    ),
    _uncovered("a version", _PASS, "import sys\nif sys.version_info >= (3, 14):§\n    y = g(x)"),
    _uncovered("what follows a version that has left the function", _PASS, _LEFT),
    _uncovered("an absent package", _PASS, f"{_ZSTD}§\n    zstd = None"),
    _uncovered(
        "what depends on an absent package", _PASS, f"{_ZSTD}\n    zstd = None\nif zstd is None:§\n    y = g(x)"
    ),
    _uncovered("what cannot be reached", _PASS, "import typing\nif x:\n    y = 1\nelse:§\n    typing.assert_never(x)"),
    _uncovered("a guard that only refuses warns", _PASS, "if not isinstance(x, int):§\n    raise TypeError(x)"),
    _new("a test's own code only warns", _PASS, "def helper():  # pragma: no cover\n    return 1", "tests/test_a.py"),
    _new("no branch only warns", _PASS, "if x:  # pragma: no branch\n    y = 1"),
]
_ANY = [
    _edit(
        "a type that becomes Any only warns",
        _PASS,
        "def f(a: int) -> int:\n    return a\n",
        "from typing import Any\ndef f(a: Any) -> int:\n    return a\n",
    ),
    _new("a cast to Any only warns", _PASS, "from typing import Any, cast\ny = f(cast(Any, x))"),
]

CASES = [*_BLANKET, *_SPECIFIC, *_NO_ORDER, *_FROM_BASE, *_COVERAGE, *_ANY]
