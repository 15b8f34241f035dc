"""Cases of the rule docstrings: who owes one, and what it must say."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

_FAIL, _PASS, _NA, _REVIEW = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE, Status.NEEDS_REVIEW
_MODULE = "pkg/mod.py"
_PACKAGE = {"pkg/__init__.py": ""}
_IMPORTS = """
import numpy as np
import pandas as pd
from collections.abc import AsyncIterator, Iterator
from jaxtyping import Float
from torch import Tensor, nn
from typing import overload, override
"""
_BARE = "def f(x: int) -> int:\n    return x\n"
_TOLD = 'def f(x: int) -> int:\n    """Double a number."""\n    return x\n'


def _doc(signature: str, text: str, body: str = "return x") -> str:
    """Return a function with a docstring whose lines are given without their indentation."""
    lines = "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
    return f'{signature}\n    """{lines.strip()}\n    """\n    {body}\n'


def _new(name: str, expect: Status, code: str, options: Mapping[str, bool] | None = None) -> Case:
    return Case(name, expect, _PACKAGE, _PACKAGE | {_MODULE: _IMPORTS + code}, options=options or {})


def _change(name: str, expect: Status, old: str, new: str) -> Case:
    return Case(name, expect, _PACKAGE | {_MODULE: _IMPORTS + old}, _PACKAGE | {_MODULE: _IMPORTS + new})


def _method(name: str, expect: Status, method: str, head: str = "class C:") -> Case:
    return _new(name, expect, f'{head}\n    """A thing."""\n\n    {method}\n')


_ARGS = "Double a number.\n\nArgs:\n    x: The number."
_WHOLE = f"{_ARGS}\n\nReturns:\n    Twice as much."
_SIGNATURE = "def f(x: int) -> int:"
_NUMPY = "Double a number.\n\nParameters\n----------\nx : int\n    The number.\n\nReturns\n-------\nint\n    Twice."
_SPHINX = "Double a number.\n\n:param x: The number.\n:returns: Twice as much."
_GOOGLE_PROJECT = _PACKAGE | {
    "pkg/a.py": "".join(_doc(f"def {name}(x: int) -> int:", _WHOLE) + "\n\n" for name in ("one", "two", "three"))
}

_WHO_OWES = [
    _new("a new public function without a docstring", _FAIL, _BARE),
    _new("a new public function with a docstring and hints", _PASS, _TOLD),
    _new("a private function owes none", _NA, _BARE.replace("f(", "_f(")),
    _new("overloads owe none", _PASS, f"@overload\ndef f(x: int) -> int: ...\n{_TOLD}"),
    _method("a method that says that it overrides", _NA, "@override\n    def g(self) -> int:\n        return 1"),
    _new(
        "a method of a class of the project is documented above",
        _PASS,
        'class A:\n    def g(self) -> int:\n        """Count."""\n        return 1\nclass B(A):\n'
        "    def g(self) -> int:\n        return 2\n",
    ),
    _method("a method without a docstring", _FAIL, "def g(self) -> int:\n        return 1"),
    _method(
        "a foreign class may document a method", _PASS, "def g(self) -> int:\n        return 1", "class C(x.Base):"
    ),
    _method("torch documents no `forward`", _FAIL, "def forward(self, x: int) -> int: ...", "class C(nn.Module):"),
    _method(
        "a parameterless property with one line",
        _PASS,
        '@property\n    def size(self) -> int:\n        """The size."""\n        return 1',
    ),
    _method(
        "a setter owes none",
        _PASS,
        '@property\n    def s(self) -> int:\n        """Size."""\n        return 1\n'
        "    @s.setter\n    def s(self, to: int) -> None: ...",
    ),
    _method("trivial dunder methods owe none", _NA, "def __repr__(self) -> str:\n        return ''"),
    _method("a constructor documented in its class", _PASS, "def __init__(self, x: int) -> None: ..."),
    _new("a constructor documented nowhere", _FAIL, "class C:\n    def __init__(self, x: int) -> None: ...\n"),
    _new(
        "the class documents what the constructor does not take",
        _FAIL,
        'class C:\n    """A.\n\n    Args:\n        y: No.\n    """\n\n    def __init__(self, x: int) -> None: ...\n',
    ),
    Case("no function is touched", _NA, _PACKAGE | {_MODULE: _BARE}, _PACKAGE | {_MODULE: _BARE + "X = 1\n"}),
    Case("tests owe none", _NA, {}, {"tests/test_a.py": "def test_a() -> None: ...\n"}),
    Case("a stub owes none", _NA, _PACKAGE, _PACKAGE | {"pkg/mod.pyi": "def f(x: int) -> int: ...\n"}),
]

_OLD = [
    _change("an old function without a docstring gets another body", _PASS, _BARE, _BARE.replace("x\n", "x + 1\n")),
    _change("a docstring is taken away", _FAIL, _TOLD, _BARE),
    _change("a first short docstring of an old function", _PASS, _BARE, _doc(_SIGNATURE, _ARGS)),
    _change(
        "a parameter is renamed and the docstring is not",
        _FAIL,
        _doc(_SIGNATURE, _WHOLE),
        _doc("def f(y: int) -> int:", _WHOLE, "return y"),
    ),
    _change(
        "a parameter is added and the docstring is not",
        _FAIL,
        _doc(_SIGNATURE, _WHOLE),
        _doc("def f(x: int, y: int) -> int:", _WHOLE),
    ),
    _change("a gap that base had does not block", _PASS, _doc(_SIGNATURE, _ARGS), _doc(_SIGNATURE, _ARGS, "return 2")),
    _change(
        "the docstring alone is made wrong",
        _FAIL,
        _doc(_SIGNATURE, _WHOLE),
        _doc(_SIGNATURE, _WHOLE.replace("x:", "z:")),
    ),
    Case(
        "a moved file brings its old functions along",
        _NA,
        _PACKAGE | {_MODULE: _BARE},
        _PACKAGE | {"pkg/other.py": _BARE},
    ),
]

_NAMES = [
    _new("the docstring names `x` but the parameter is `y`", _FAIL, _doc("def f(y: int) -> int:", _WHOLE, "return y")),
    _new("one of two parameters is documented", _FAIL, _doc("def f(x: int, y: int) -> int:", _WHOLE)),
    _new(
        "another order than the signature's",
        _FAIL,
        _doc("def f(y: int, x: int) -> int:", f"{_ARGS}\n    y: More.\n\nReturns:\n    Both."),
    ),
    _new(
        "one line for several parameters of two names",
        _PASS,
        _doc("def f(x: int, y: int) -> int:", "Add.\n\nArgs:\n    x, y: The numbers.\n\nReturns:\n    The sum."),
    ),
    _new(
        "`*args` and `**kwargs` need no entry", _PASS, _doc("def f(x: int, *args: int, **kwargs: int) -> int:", _WHOLE)
    ),
    _new(
        "names that `**kwargs` takes",
        _PASS,
        _doc("def f(x: int, **kwargs: int) -> int:", f"{_ARGS}\n    size: More.\n\nReturns:\n    It."),
    ),
    _new("numpy style", _PASS, _doc(_SIGNATURE, _NUMPY)),
    _new("numpy style with a wrong name", _FAIL, _doc("def f(y: int) -> int:", _NUMPY, "return y")),
    _new("sphinx style", _PASS, _doc(_SIGNATURE, _SPHINX)),
    _new("sphinx style with a wrong name", _FAIL, _doc("def f(y: int) -> int:", _SPHINX, "return y")),
    _new("a copy of the name", _FAIL, _doc("def get_user(x: int) -> int:", "Get the user.")),
    _new("more than the name", _PASS, _doc("def get_user(x: int) -> int:", "Get the user by number.")),
    _new("a docstring that documents no parameter is read with the signature", _PASS, _TOLD),
    _new("a team wants every parameter documented", _FAIL, _TOLD, {"every_parameter": True}),
    _new("neither a hint nor the docstring gives the type", _FAIL, _doc("def f(x):", "Double a number.")),
    _new("the docstring gives the types", _PASS, _doc("def f(x):", _NUMPY)),
    _new("an item that asks for docstrings alone", _PASS, _doc("def f(x):", "Double it."), {"plain": True}),
]

_ABOVE = """
class A(Base):
    '''A thing.

    Args:
        y: More.
    '''

    def __init__(self, x: int, y: int) -> None: ...
"""
_FORMS = [
    _new("a class with bases documents what it adds", _PASS, _ABOVE),
    _new("a parameter that the sentence names", _PASS, _doc("def f(x: int, y: int) -> int:", f"Add `y`.{_WHOLE[17:]}")),
    _new(
        "options in another order",
        _PASS,
        _doc("def f(y: int = 0, x: int = 0) -> int:", f"{_ARGS}\n    y: More.\n\nReturns:\n    Both."),
    ),
    _method(
        "a property speaks of what its setter takes",
        _PASS,
        '@property\n    def s(self) -> int:\n        """Size.\n\n        Args:\n            value: It.\n        """\n'
        "        return 1",
    ),
]

_RESULTS = [
    _new(
        "braces stand for several names",
        _PASS,
        _doc(
            "def f(x_a: int, x_b: int, y: int) -> None:",
            "Draw.\n\nParameters\n----------\n{x_a, x_b} : int\n    Them.\ny : int\n    It.",
            "pass",
        ),
    ),
    _new("a docstring that is put together", _NA, f"{_BARE}\nf.__doc__ = 'Double ' + 'it.'\n"),
    _new("entries without a heading", _PASS, _doc("def f(x, y):", "Add.\n\nx, y : int\n    The numbers.")),
    _new(
        "a context manager that gives nothing",
        _PASS,
        _doc("@contextmanager\ndef f(x: int) -> Iterator[None]:", _ARGS, "yield"),
    ),
    _new("a dict of tensors of any shape", _PASS, _doc("def f(x: dict[str, Tensor]) -> int:", _WHOLE)),
    _new("`Args`, and `Returns` is missing", _FAIL, _doc(_SIGNATURE, _ARGS)),
    _new("`Args`, and nothing comes back", _PASS, _doc("def f(x: int) -> None:", _ARGS, "print(x)")),
    _new("the first sentence says what comes back", _PASS, _doc(_SIGNATURE, _ARGS.replace("Double", "Return twice"))),
    _new(
        "an async generator with `Yields`",
        _PASS,
        _doc("async def f(x: int) -> AsyncIterator[int]:", f"{_ARGS}\n\nYields:\n    It.", "yield x"),
    ),
    _new("a generator without `Yields`", _FAIL, _doc("def f(x: int) -> Iterator[int]:", _ARGS, "yield x")),
    _new(
        "a documented default differs",
        _FAIL,
        _doc("def f(x: int = 3) -> int:", _WHOLE.replace("number.\n\nR", "number. Defaults to 5.\n\nR")),
    ),
    _new(
        "a documented default agrees",
        _PASS,
        _doc("def f(x: int = 3) -> int:", _WHOLE.replace("number.\n\nR", "number. Defaults to 3.\n\nR")),
    ),
    _new(
        "a default in numpy style differs",
        _FAIL,
        _doc("def f(x: int = 3) -> int:", _NUMPY.replace("x : int", "x : int, default=5")),
    ),
    _new(
        "None stands for what the body puts there",
        _PASS,
        _doc("def f(x: int | None = None) -> int:", _WHOLE.replace("number.\n\nR", "number. Defaults to 3.\n\nR")),
    ),
    _new(
        "a default with a unit",
        _PASS,
        _doc("def f(x: int = 60) -> int:", _WHOLE.replace("number.\n\nR", "number. Defaults to 1 minute.\n\nR")),
    ),
]

_TENSOR = "def f(x: Tensor) -> int:"
_SHAPES = [
    _new("a tensor without a shape", _REVIEW, _doc(_TENSOR, _WHOLE)),
    _new("a tensor without a shape in one line", _REVIEW, _doc(_TENSOR, "Count the ones.")),
    _new("a tensor with its shape", _PASS, _doc(_TENSOR, _WHOLE.replace("The number.", "The numbers, (B, T)."))),
    _new("a shape in the sentence", _PASS, _doc(_TENSOR, "Count the ones of `x` [N, 3].")),
    _new("jaxtyping carries the shape", _PASS, _doc('def f(x: Float[Tensor, "b t c"]) -> int:', _WHOLE)),
    _new("a result without a shape", _REVIEW, _doc("def f(x: int) -> np.ndarray:", _WHOLE)),
    _new("a table without columns", _REVIEW, _doc("def f(x: pd.DataFrame) -> int:", _WHOLE)),
    _new(
        "a table with columns",
        _PASS,
        _doc("def f(x: pd.DataFrame) -> int:", _WHOLE.replace("The number.", "Users, with columns `id`, `age`.")),
    ),
    _new("an array by the docstring's own type", _REVIEW, _doc("def f(x):", _NUMPY.replace("x : int", "x : ndarray"))),
    _new(
        "a missing docstring goes before a missing shape", _FAIL, f"{_BARE}{_doc('def g(x: Tensor) -> int:', _WHOLE)}"
    ),
]

_STYLES = [
    Case(
        "a numpy section in a google project",
        _FAIL,
        _GOOGLE_PROJECT,
        _GOOGLE_PROJECT | {_MODULE: _doc(_SIGNATURE, _NUMPY)},
    ),
    Case(
        "a google section in a google project",
        _PASS,
        _GOOGLE_PROJECT,
        _GOOGLE_PROJECT | {_MODULE: _doc(_SIGNATURE, _WHOLE)},
    ),
    Case(
        "the settings say which style",
        _FAIL,
        _PACKAGE | {"pyproject.toml": "[tool.ruff.lint.pydocstyle]\nconvention = 'google'\n"},
        _PACKAGE | {"pyproject.toml": "", _MODULE: _doc(_SIGNATURE, _NUMPY)},
    ),
]

CASES = [*_WHO_OWES, *_OLD, *_NAMES, *_FORMS, *_RESULTS, *_SHAPES, *_STYLES]
