"""Cases of the rule docstrings: what one must say."""

from dodcheck.rule import Case, Status

from ._docstrings_duty_cases import CASES as DUTY_CASES
from ._docstrings_reading_cases import CASES as READING_CASES
from ._docstrings_trees import (
    ARGS,
    BARE,
    MODULE,
    NUMPY,
    PACKAGE,
    SIGNATURE,
    SPHINX,
    TOLD,
    WHOLE,
    documented,
    method,
    new,
)

_FAIL, _PASS, _NA, _REVIEW = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE, Status.NEEDS_REVIEW


def _project(text: str) -> dict[str, str]:
    found = (documented(f"def {name}(x: int) -> int:", text) for name in ("one", "two", "three"))
    return PACKAGE | {"pkg/a.py": "\n\n".join(found)}


_GOOGLE_PROJECT = _project(WHOLE)

_NAMES = [
    new(
        "the docstring names `x` but the parameter is `y`",
        _FAIL,
        documented("def f(y: int) -> int:", WHOLE, "return y"),
    ),
    new("one of two parameters is documented", _FAIL, documented("def f(x: int, y: int) -> int:", WHOLE)),
    new(
        "another order than the signature's",
        _FAIL,
        documented("def f(y: int, x: int) -> int:", f"{ARGS}\n    y: More.\n\nReturns:\n    Both."),
    ),
    new(
        "one line for several parameters of two names",
        _PASS,
        documented("def f(x: int, y: int) -> int:", "Add.\n\nArgs:\n    x, y: The numbers.\n\nReturns:\n    The sum."),
    ),
    new(
        "`*args` and `**kwargs` need no entry",
        _PASS,
        documented("def f(x: int, *args: int, **kwargs: int) -> int:", WHOLE),
    ),
    new(
        "names that `**kwargs` takes",
        _PASS,
        documented("def f(x: int, **kwargs: int) -> int:", f"{ARGS}\n    size: More.\n\nReturns:\n    It."),
    ),
    new("numpy style", _PASS, documented(SIGNATURE, NUMPY)),
    new("numpy style with a wrong name", _FAIL, documented("def f(y: int) -> int:", NUMPY, "return y")),
    new("sphinx style", _PASS, documented(SIGNATURE, SPHINX)),
    new("sphinx style with a wrong name", _FAIL, documented("def f(y: int) -> int:", SPHINX, "return y")),
    new("a copy of the name", _FAIL, documented("def get_user(x: int) -> int:", "Get the user.")),
    new("more than the name", _PASS, documented("def get_user(x: int) -> int:", "Get the user by number.")),
    new("a docstring that documents no parameter is read with the signature", _PASS, TOLD),
    new("a team wants every parameter documented", _FAIL, TOLD, {"every_parameter": True}),
    new("neither a hint nor the docstring gives the type", _FAIL, documented("def f(x):", "Double a number.")),
    new("the docstring gives the types", _PASS, documented("def f(x):", NUMPY)),
    new("an item that asks for docstrings alone", _PASS, documented("def f(x):", "Double it."), {"plain": True}),
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
    new("a class with bases documents what it adds", _PASS, _ABOVE),
    new(
        "a parameter that the sentence names",
        _PASS,
        documented("def f(x: int, y: int) -> int:", f"Add `y`.{WHOLE[17:]}"),
    ),
    new(
        "options in another order",
        _PASS,
        documented("def f(y: int = 0, x: int = 0) -> int:", f"{ARGS}\n    y: More.\n\nReturns:\n    Both."),
    ),
    method(
        "a property speaks of what its setter takes",
        _PASS,
        '@property\n    def s(self) -> int:\n        """Size.\n\n        Args:\n            value: It.\n        """\n'
        "        return 1",
    ),
]

_WHETHER = "Tell whether a number is even.\n\nArgs:\n    x: The number."

_RESULTS = [
    new(
        "braces stand for several names",
        _PASS,
        documented(
            "def f(x_a: int, x_b: int, y: int) -> None:",
            "Draw.\n\nParameters\n----------\n{x_a, x_b} : int\n    Them.\ny : int\n    It.",
            "pass",
        ),
    ),
    new("a docstring that is put together", _NA, f"{BARE}\nf.__doc__ = 'Double ' + 'it.'\n"),
    new("entries without a heading", _PASS, documented("def f(x, y):", "Add.\n\nx, y : int\n    The numbers.")),
    new(
        "a context manager that gives nothing",
        _PASS,
        documented("@contextmanager\ndef f(x: int) -> Iterator[None]:", ARGS, "yield"),
    ),
    new("a dict of tensors of any shape", _PASS, documented("def f(x: dict[str, Tensor]) -> int:", WHOLE)),
    new("`Args`, and `Returns` is missing", _FAIL, documented(SIGNATURE, ARGS)),
    new("an answer that the summary tells", _PASS, documented("def f(x: int) -> bool:", _WHETHER)),
    new("a number that the summary does not tell", _FAIL, documented("def f(x: int) -> int:", _WHETHER)),
    new("`Args`, and nothing comes back", _PASS, documented("def f(x: int) -> None:", ARGS, "print(x)")),
    new(
        "the first sentence says what comes back", _PASS, documented(SIGNATURE, ARGS.replace("Double", "Return twice"))
    ),
    new(
        "an async generator with `Yields`",
        _PASS,
        documented("async def f(x: int) -> AsyncIterator[int]:", f"{ARGS}\n\nYields:\n    It.", "yield x"),
    ),
    new("a generator without `Yields`", _FAIL, documented("def f(x: int) -> Iterator[int]:", ARGS, "yield x")),
    new(
        "a documented default differs",
        _FAIL,
        documented("def f(x: int = 3) -> int:", WHOLE.replace("number.\n\nR", "number. Defaults to 5.\n\nR")),
    ),
    new(
        "a documented default agrees",
        _PASS,
        documented("def f(x: int = 3) -> int:", WHOLE.replace("number.\n\nR", "number. Defaults to 3.\n\nR")),
    ),
    new(
        "a default in numpy style differs",
        _FAIL,
        documented("def f(x: int = 3) -> int:", NUMPY.replace("x : int", "x : int, default=5")),
    ),
    new(
        "None stands for what the body puts there",
        _PASS,
        documented("def f(x: int | None = None) -> int:", WHOLE.replace("number.\n\nR", "number. Defaults to 3.\n\nR")),
    ),
    new(
        "a default with a unit",
        _PASS,
        documented("def f(x: int = 60) -> int:", WHOLE.replace("number.\n\nR", "number. Defaults to 1 minute.\n\nR")),
    ),
]

_TENSOR = "def f(x: Tensor) -> int:"
_SHAPES = [
    new("a tensor without a shape", _REVIEW, documented(_TENSOR, WHOLE)),
    new("a tensor without a shape in one line", _REVIEW, documented(_TENSOR, "Count the ones.")),
    new("a tensor with its shape", _PASS, documented(_TENSOR, WHOLE.replace("The number.", "The numbers, (B, T)."))),
    new("a shape in the sentence", _PASS, documented(_TENSOR, "Count the ones of `x` [N, 3].")),
    new("jaxtyping carries the shape", _PASS, documented('def f(x: Float[Tensor, "b t c"]) -> int:', WHOLE)),
    new("a result without a shape", _REVIEW, documented("def f(x: int) -> np.ndarray:", WHOLE)),
    new("a table without columns", _REVIEW, documented("def f(x: pd.DataFrame) -> int:", WHOLE)),
    new(
        "a table with columns",
        _PASS,
        documented("def f(x: pd.DataFrame) -> int:", WHOLE.replace("The number.", "Users, with columns `id`, `age`.")),
    ),
    new(
        "an array by the docstring's own type",
        _REVIEW,
        documented("def f(x):", NUMPY.replace("x : int", "x : ndarray")),
    ),
    new(
        "a missing docstring goes before a missing shape",
        _FAIL,
        f"{BARE}{documented('def g(x: Tensor) -> int:', WHOLE)}",
    ),
]

_STYLES = [
    Case(
        "a numpy section in a google project",
        _FAIL,
        _GOOGLE_PROJECT,
        _GOOGLE_PROJECT | {MODULE: documented(SIGNATURE, NUMPY)},
    ),
    Case(
        "a google section in a google project",
        _PASS,
        _GOOGLE_PROJECT,
        _GOOGLE_PROJECT | {MODULE: documented(SIGNATURE, WHOLE)},
    ),
    Case(
        "the change turns the project's docstrings into another style",
        _PASS,
        _GOOGLE_PROJECT,
        _project(NUMPY),
    ),
    Case(
        "the settings say which style",
        _FAIL,
        PACKAGE | {"pyproject.toml": "[tool.ruff.lint.pydocstyle]\nconvention = 'google'\n"},
        PACKAGE | {"pyproject.toml": "", MODULE: documented(SIGNATURE, NUMPY)},
    ),
]

CASES = [*DUTY_CASES, *READING_CASES, *_NAMES, *_FORMS, *_RESULTS, *_SHAPES, *_STYLES]
