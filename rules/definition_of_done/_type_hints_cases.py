"""Cases of the rule type-hints: whose hints are due, and what counts as one."""

import sys
from collections.abc import Mapping

from dodcheck.rule import Case, Status

_FAIL, _PASS, _NA, _REVIEW = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE, Status.NEEDS_REVIEW
_MODULE = "pkg/mod.py"
_PACKAGE = {"pkg/__init__.py": ""}
_TYPING = "import typing as t\nfrom typing import Any, Protocol, Self, overload\n"
_UNTYPED = "def f(x):\n    return x\n"
_TYPED = "def f(x: int) -> int:\n    return x\n"
_IMPL = "pkg/_impl.py"
_LONG = "    total = sum(one * 2 for one in x if one)\n    return {'total': total, 'count': len(x)}\n"


def _new(name: str, expect: Status, code: str, path: str = _MODULE) -> Case:
    return Case(name, expect, _PACKAGE, _PACKAGE | {path: code})


def _method(name: str, expect: Status, method: str, head: str = "class C:") -> Case:
    return _new(name, expect, f"{_TYPING}{head}\n    {method}\n")


def _change(name: str, expect: Status, old: str, new: str) -> Case:
    return Case(name, expect, _PACKAGE | {_MODULE: old}, _PACKAGE | {_MODULE: new})


def _trees(name: str, expect: Status, before: Mapping[str, str], after: Mapping[str, str], public: str = "") -> Case:
    return Case(name, expect, before, after, options={"public": public} if public else {})


def _newer_syntax() -> list[Case]:
    code = "def f[T](x: T) -> T:\n    return x\n"
    if sys.version_info >= (3, 12):
        return [
            _new("type parameters (PEP 695)", _PASS, code),
            _new("type parameters (PEP 695) and a bare parameter", _FAIL, "def f[T](x: T, y) -> T: ...\n"),
        ]
    return [_new("syntax that the running Python does not know (PEP 695)", Status.ERROR, code)]


_SIGNATURES = [
    _new("a new public function with every hint", _PASS, _TYPED),
    _new("a new public function without hints", _FAIL, _UNTYPED),
    _new("a return without a hint", _FAIL, "def f(x: int):\n    return x\n"),
    _new("a parameter without a hint", _FAIL, "def f(x: int, y) -> int:\n    return x\n"),
    _new("no parameters, and no `-> None`", _FAIL, "def f():\n    print()\n"),
    _new("`**kwargs` without a hint", _FAIL, "def f(x: int, *args: int, **kwargs) -> None: ...\n"),
    _new("an async generator without a return hint", _FAIL, "async def f(n: int):\n    yield n\n"),
    _new("an async generator with its hint", _PASS, "async def f(n: int) -> AsyncIterator[int]:\n    yield n\n"),
    _new("a type comment under the signature", _PASS, "def f(x, *y):\n    # type: (int, *str) -> bool\n    return x\n"),
    _new(
        "type comments beside the parameters", _PASS, "def f(\n  x,  # type: int\n):\n  # type: (...) -> int\n  pass\n"
    ),
    _new("`# type: ignore` is no hint", _FAIL, "def f(x):  # type: ignore\n    return x\n"),
    _new("a hint in quotes", _PASS, "def f(x: 'list[int]') -> 'Node | None': ...\n"),
    _new("a hint in quotes that is no Python", _FAIL, "def f(x: 'list[int') -> None: ...\n"),
    _new("a callback of a framework is not exempt", _FAIL, "@click.command()\ndef main(name):\n    print(name)\n"),
    _new("Any for every parameter", _REVIEW, f"{_TYPING}def f(x: Any, y: t.Any = 1) -> int:\n    return 1\n"),
    _new("Any for the only parameter, a type for the return", _PASS, f"{_TYPING}def f(x: Any) -> int: ...\n"),
    _new("Any in and Any out", _REVIEW, f"{_TYPING}def f(x: Any) -> Any: ...\n"),
    _new("Any for one parameter of two", _PASS, f"{_TYPING}def f(x: Any, y: int) -> int:\n    return 1\n"),
    _new("a new lambda alone is only warned of", _NA, "double = lambda x: x * 2\n"),
    _new("a lambda beside typed functions is only warned of", _PASS, f"double = lambda x: x * 2\n{_TYPED}"),
    _new("a module that does not parse", Status.ERROR, "def f(x) ->:\n    return x\n"),
    *_newer_syntax(),
]
_METHODS = [
    _method("`self` needs no hint", _PASS, "def m(self, x: int) -> int: ..."),
    _method("`self: Self`", _PASS, "def m(self: Self, x: int) -> Self: ..."),
    _method("`cls` needs no hint", _PASS, "@classmethod\n    def m(cls, x: int) -> int: ..."),
    _method("the first parameter of a static method needs one", _FAIL, "@staticmethod\n    def m(x) -> int: ..."),
    _method("a method without hints", _FAIL, "def m(self, x): ..."),
    _method("an underscore method of a public class", _NA, "def _m(self, x): ..."),
    _method("a method of an underscore class", _NA, "def m(self, x): ...", "class _C:"),
    _method("`__init__` without `-> None`, parameters typed", _PASS, "def __init__(self, x: int): ..."),
    _method("`__init__` with one bare parameter", _FAIL, "def __init__(self, x: int, y): ..."),
    _method("`__init__` without parameters and `-> None`", _FAIL, "def __init__(self):\n        self.x = 1"),
    _method("a dunder method is called by everybody", _FAIL, "def __call__(self, x): ..."),
    _method("a validator's signature is the framework's", _PASS, "@validator('x')\n    def m(cls, v: Any) -> Any: ..."),
    _method("`__eq__` takes any object", _PASS, "def __eq__(self, other: object) -> bool: ..."),
    _method("a property needs its type", _FAIL, "@property\n    def m(self): ..."),
    _method(
        "a property's setter needs its parameter alone",
        _PASS,
        "@property\n    def m(self) -> int: ...\n    @m.setter\n    def m(self, v: int): ...\n"
        "    @m.deleter\n    def m(self): ...",
    ),
    _method(
        "`__post_init__` with a bare InitVar", _FAIL, "def __post_init__(self, x) -> None: ...", "@dataclass\nclass C:"
    ),
    _method("a protocol's member with hints", _PASS, "def m(self, x: int) -> int: ...", "class P(Protocol):"),
    _method("a protocol's member with half its hints", _FAIL, "def m(self, x: int): ...", "class P(Protocol):"),
    _method("a method of a class in a function", _NA, "class C:\n        def m(self, x): ...", "def _f():"),
    _new(
        "an implementation whose overloads are typed",
        _PASS,
        f"{_TYPING}@overload\ndef f(x: int) -> int: ...\n@t.overload\ndef f(x: str) -> str: ...\n{_UNTYPED}",
    ),
    _new("an overload without its return", _FAIL, f"{_TYPING}@overload\ndef f(x: int): ...\n{_UNTYPED}"),
    _new(
        "`_` implementations of a single-dispatch function",
        _PASS,
        f"@functools.singledispatch\n{_TYPED}@f.register(str)\ndef _(x):\n    return 1\n",
    ),
]
_METHODS += [
    _method(
        "`_` implementations of a single-dispatch method",
        _PASS,
        "@singledispatchmethod\n    def m(self, x: int) -> int: ...\n    @m.register\n    def _(self, x): ...",
    ),
    _new(
        "an implementation of a single-dispatch function that has a name of its own",
        _FAIL,
        f"@functools.singledispatch\n{_TYPED}@f.register(str)\ndef of_text(x):\n    return 1\n",
    ),
    _method("a protocol's property without its type", _FAIL, "@property\n    def m(self): ...", "class P(Protocol):"),
    _method(
        "a dataclass's `InitVar` has its type, and so has `__post_init__`",
        _PASS,
        "x: InitVar[int]\n    def __post_init__(self, x: int) -> None: ...",
        "@dataclass\nclass C:",
    ),
]
_CHANGES = [
    _change("old gaps stay when only the body changes", _PASS, _UNTYPED, "def f(x):\n    return -x\n"),
    _change("old gaps stay when a typed parameter comes", _PASS, _UNTYPED, "def f(x, y: int = 0):\n    return x\n"),
    _change("a new parameter without a hint in an old function", _FAIL, _UNTYPED, "def f(x, y=0):\n    return x\n"),
    _change("a parameter without a hint is renamed", _PASS, _UNTYPED, "def f(value):\n    return value\n"),
    _change("a hint is taken away", _FAIL, _TYPED, "def f(x) -> int:\n    return x\n"),
    _change("an untouched function in a changed file", _NA, _UNTYPED, f"# why\nLIMIT = 3\n{_UNTYPED}"),
    _change("a docstring is no change of the function", _NA, _UNTYPED, 'def f(x):\n    """One."""\n    return x\n'),
    _change("a private function becomes public by its name", _FAIL, f"def _f(x):\n{_LONG}", f"def f(x):\n{_LONG}"),
    _change("a public function is renamed and keeps its body", _PASS, f"def g(x):\n{_LONG}", f"def f(x):\n{_LONG}"),
    _change("a function is put on the list", _FAIL, f"__all__ = []\n{_UNTYPED}", f"__all__ = ['f']\n{_UNTYPED}"),
    _change(
        "typed overloads are taken away", _FAIL, f"{_TYPING}@overload\ndef f(x: int) -> int: ...\n{_UNTYPED}", _UNTYPED
    ),
    _trees("a file is renamed", _NA, {"a.py": f"def f(x):\n{_LONG}"}, {"b.py": f"def f(x):\n{_LONG}"}),
    _trees("a private module becomes public", _FAIL, {"_a.py": f"def f(x):\n{_LONG}"}, {"a.py": f"def f(x):\n{_LONG}"}),
    _trees(
        "a function moves to another module",
        _NA,
        {"a.py": f"def f(x):\n{_LONG}\nA = 1\nB = 2\nC = 3\nD = 4\n", "b.py": "B = 1\n"},
        {"a.py": "A = 1\nB = 2\nC = 3\nD = 4\n", "b.py": f"B = 1\ndef f(x):\n{_LONG}"},
    ),
]
_REEXPORT = "from ._impl import f\n__all__ = ['f']\n"
_SURFACE = [
    _new("a function in a private module", _NA, _UNTYPED, _IMPL),
    _trees(
        "a function in a private module that the package's `__all__` lists",
        _FAIL,
        {"pkg/__init__.py": "VERSION = 1\n"},
        {"pkg/__init__.py": f"VERSION = 1\n{_REEXPORT}", _IMPL: _UNTYPED},
    ),
    _trees(
        "a package hands on what it did not before",
        _FAIL,
        {"pkg/__init__.py": "", _IMPL: _UNTYPED},
        {"pkg/__init__.py": _REEXPORT, _IMPL: _UNTYPED},
    ),
    _trees(
        "a package hands on a module's names with a star",
        _FAIL,
        {"pkg/__init__.py": "from ._impl import *\n"},
        {"pkg/__init__.py": "from ._impl import *\n", _IMPL: f"__all__ = ['f']\n{_UNTYPED}"},
    ),
    _trees(
        "a private name is handed on under a public one",
        _FAIL,
        {"pkg/__init__.py": "from . import _impl\nf = _impl._f\n", _IMPL: "def _f(x: int) -> int: ...\n"},
        {"pkg/__init__.py": "from . import _impl\nf = _impl._f\n", _IMPL: "def _f(x: int, y) -> int: ...\n"},
    ),
    _trees(
        "handed on by way of a private package",
        _FAIL,
        {"pkg/__init__.py": "from pkg._sub import f\n", "pkg/_sub/__init__.py": "from ._impl import f\n"},
        {
            "pkg/__init__.py": "from pkg._sub import f\n",
            "pkg/_sub/__init__.py": "from ._impl import f\n",
            "pkg/_sub/_impl.py": _UNTYPED,
        },
    ),
    _new("`__all__` leaves it out", _NA, f"__all__ = ['LIMIT']\nLIMIT = 1\n{_UNTYPED}"),
    _new("`__all__` lists an underscore name", _FAIL, "__all__ = ['_f']\ndef _f(x): ...\n"),
    _new("`__all__` that only running it would tell", _FAIL, f"__all__ = [*other.__all__]\n{_UNTYPED}"),
    _trees("names alone decide", _FAIL, {}, {_MODULE: f"__all__ = []\n{_UNTYPED}"}, "underscore"),
    _trees(
        "types live in the stub beside", _PASS, {}, {_MODULE: _UNTYPED, f"{_MODULE}i": "def f(x: int) -> int: ...\n"}
    ),
    _trees(
        "types live in the overloads of the stub",
        _PASS,
        {},
        {
            _MODULE: _UNTYPED,
            f"{_MODULE}i": f"{_TYPING}@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\n",
        },
    ),
    _trees("the stub does not know it", _FAIL, {}, {_MODULE: _UNTYPED, f"{_MODULE}i": "def g(x: int) -> int: ...\n"}),
    _trees("the stub itself has a gap", _FAIL, {}, {_MODULE: _UNTYPED, f"{_MODULE}i": "def f(x: int): ...\n"}),
    _trees(
        "the stub loses the function",
        _FAIL,
        {_MODULE: _UNTYPED, f"{_MODULE}i": "def f(x: int) -> int: ...\nA: int\nB: int\n"},
        {_MODULE: _UNTYPED, f"{_MODULE}i": "A: int\nB: int\n"},
    ),
    _trees(
        "a stub leaves out a dunder method of a class that it knows",
        _PASS,
        {_MODULE: "", f"{_MODULE}i": "class C:\n    x: int\n"},
        {_MODULE: "class C:\n    def __repr__(self): ...\n", f"{_MODULE}i": "class C:\n    x: int\n"},
    ),
    _trees(
        "types live in the stub of the package that hands it on",
        _PASS,
        {"pkg/__init__.py": _REEXPORT, "pkg/__init__.pyi": "def f(x: int) -> int: ...\n", _IMPL: ""},
        {"pkg/__init__.py": _REEXPORT, "pkg/__init__.pyi": "def f(x: int) -> int: ...\n", _IMPL: _UNTYPED},
    ),
    _new("a nested function", _NA, "def _f() -> None:\n    def g(x): ...\n"),
    _new("a function under the main guard", _NA, "if __name__ == '__main__':\n    def f(x): ...\n"),
    _new(
        "both branches of a condition count", _FAIL, "try:\n    import fast\nexcept ImportError:\n    def f(x): ...\n"
    ),
    _new("generated code", _NA, f"# Generated by the protocol buffer compiler.  DO NOT EDIT!\n{_UNTYPED}"),
    _change("a file that calls itself generated from now on", _FAIL, "A = 1\n", f"# DO NOT EDIT\nA = 1\n{_UNTYPED}"),
    *[
        _new(f"no public API: {path}", _NA, _UNTYPED, path)
        for path in (
            "tests/test_a.py",
            "tests/helpers.py",
            "examples/run.py",
            "docs/conf.py",
            "setup.py",
            "app/migrations/0001_initial.py",
            "pkg/a_pb2.py",
            "pkg/_vendor/six.py",
        )
    ],
    _new("a broken fixture of the tests is nobody's business", _NA, "def f(x) ->:\n", "tests/data/broken.py"),
    _trees("no Python at all", _NA, {}, {"README.md": "def f(x)\n"}),
]

CASES = [*_SIGNATURES, *_METHODS, *_CHANGES, *_SURFACE]
