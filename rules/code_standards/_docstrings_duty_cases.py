"""Cases of the rule docstrings: who owes one, and what base answers for."""

from dodcheck.rule import Case, Status

from ._docstrings_trees import ARGS, BARE, MODULE, PACKAGE, SIGNATURE, TOLD, WHOLE, change, documented, method, new

_FAIL, _PASS, _NA = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE

COPIED = "def f(x: int) -> int:\n" + "    x += 1\n    x *= 2\n    x -= 3\n" * 4 + "    return x\n"
_WHO_OWES = [
    new("a new public function without a docstring", _FAIL, BARE),
    new("a new public function with a docstring and hints", _PASS, TOLD),
    new("a private function owes none", _NA, BARE.replace("f(", "_f(")),
    new("overloads owe none", _PASS, f"@overload\ndef f(x: int) -> int: ...\n{TOLD}"),
    method("a method that says that it overrides", _NA, "@override\n    def g(self) -> int:\n        return 1"),
    new(
        "a method of a class of the project is documented above",
        _PASS,
        'class A:\n    def g(self) -> int:\n        """Count."""\n        return 1\nclass B(A):\n'
        "    def g(self) -> int:\n        return 2\n",
    ),
    method("a method without a docstring", _FAIL, "def g(self) -> int:\n        return 1"),
    method("a foreign class may document a method", _PASS, "def g(self) -> int:\n        return 1", "class C(x.Base):"),
    method("torch documents no `forward`", _FAIL, "def forward(self, x: int) -> int: ...", "class C(nn.Module):"),
    method(
        "a parameterless property with one line",
        _PASS,
        '@property\n    def size(self) -> int:\n        """The size."""\n        return 1',
    ),
    method(
        "a setter owes none",
        _PASS,
        '@property\n    def s(self) -> int:\n        """Size."""\n        return 1\n'
        "    @s.setter\n    def s(self, to: int) -> None: ...",
    ),
    method("trivial dunder methods owe none", _NA, "def __repr__(self) -> str:\n        return ''"),
    method("a constructor documented in its class", _PASS, "def __init__(self, x: int) -> None: ..."),
    new("a constructor documented nowhere", _FAIL, "class C:\n    def __init__(self, x: int) -> None: ...\n"),
    new(
        "the class documents what the constructor does not take",
        _FAIL,
        'class C:\n    """A.\n\n    Args:\n        y: No.\n    """\n\n    def __init__(self, x: int) -> None: ...\n',
    ),
    Case("no function is touched", _NA, PACKAGE | {MODULE: BARE}, PACKAGE | {MODULE: BARE + "X = 1\n"}),
    Case("tests owe none", _NA, {}, {"tests/test_a.py": "def test_a() -> None: ...\n"}),
    Case("a stub owes none", _NA, PACKAGE, PACKAGE | {"pkg/mod.pyi": "def f(x: int) -> int: ...\n"}),
]

_OLD = [
    change("an old function without a docstring gets another body", _PASS, BARE, BARE.replace("x\n", "x + 1\n")),
    change("a docstring is taken away", _FAIL, TOLD, BARE),
    change("a first short docstring of an old function", _PASS, BARE, documented(SIGNATURE, ARGS)),
    change(
        "a parameter is renamed and the docstring is not",
        _FAIL,
        documented(SIGNATURE, WHOLE),
        documented("def f(y: int) -> int:", WHOLE, "return y"),
    ),
    change(
        "a parameter is added and the docstring is not",
        _FAIL,
        documented(SIGNATURE, WHOLE),
        documented("def f(x: int, y: int) -> int:", WHOLE),
    ),
    change(
        "a gap that base had does not block",
        _PASS,
        documented(SIGNATURE, ARGS),
        documented(SIGNATURE, ARGS, "return 2"),
    ),
    change(
        "the docstring alone is made wrong",
        _FAIL,
        documented(SIGNATURE, WHOLE),
        documented(SIGNATURE, WHOLE.replace("x:", "z:")),
    ),
    Case(
        "a moved file brings its old functions along",
        _NA,
        PACKAGE | {MODULE: BARE},
        PACKAGE | {"pkg/other.py": BARE},
    ),
    Case(
        "a copied file brings its old functions along",
        _PASS,
        PACKAGE | {MODULE: COPIED},
        PACKAGE | {MODULE: COPIED, "pkg/other.py": COPIED},
    ),
    Case(
        "a copy is worked on",
        _FAIL,
        PACKAGE | {MODULE: COPIED},
        PACKAGE | {MODULE: COPIED, "pkg/other.py": COPIED.replace("x += 1", "x += 2")},
    ),
]

CASES = [*_WHO_OWES, *_OLD]
