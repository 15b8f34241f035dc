"""Cases of the rule docstrings: the many ways in which people say what a parameter is, and who need not say it."""

from dodcheck.rule import Case, Status

from ._docstrings_trees import ARGS, BARE, MODULE, NUMPY, PACKAGE, WHOLE, change, documented, method, new

_FAIL, _PASS, _NA = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE

_WRITTEN = [
    new(
        "numpy types without a space, with words after them",
        _PASS,
        documented("def f(x, *, y=False):", NUMPY.replace("x : int", "y: bool, or list of str, default=False\nx: int")),
    ),
    new(
        "numpy types with the default in brackets",
        _PASS,
        documented("def f(x=False):", NUMPY.replace("x : int", "x: bool (default=False)")),
    ),
    new(
        "a google type with a colon in it",
        _PASS,
        documented("def f(x, y: int):", WHOLE.replace("x:", "y: One.\n    x ([`~a.B`] or dict of `str`: [`~a.B`]):")),
    ),
    new(
        "an entry that lacks its colon",
        _PASS,
        documented("def f(x: int, y: int) -> int:", WHOLE.replace("x:", "y (`int`, *optional*)\n        Two.\n    x:")),
    ),
    new(
        "`Return` instead of `Returns`",
        _PASS,
        documented("def f(x: int) -> int:", NUMPY.replace("Returns\n-------", "Return\n------")),
    ),
    new(
        "a section with nothing in it, and another after it",
        _FAIL,
        documented("def f(x):", "Double.\n\nParameters\n----------\n\nAttributes\n----------\ny_ : int\n    It."),
    ),
    new(
        "a section with nothing in it makes the next no parameters",
        _PASS,
        documented(
            "def f(x: int) -> None:",
            "Double.\n\nParameters\n----------\n\nAttributes\n----------\ny_ : int\n    It.",
        ),
    ),
    new("the sentence gives the type by the name", _PASS, documented("def f(x, y: int):", "Pair the iterable `x`.")),
    new("a type in the sentence of a lone parameter", _PASS, documented("def f(x):", "A string goes in, bytes out.")),
    new(
        "an instance of what the sentence names",
        _PASS,
        documented("def f(x, y: int):", WHOLE.replace("x: The number.", "x: A `Tree` instance.\n    y: Two.")),
    ),
    new("a decorator takes a function", _PASS, documented("def f(x):", "A decorator that logs.")),
    new("a type in the sentence is the result's", _FAIL, documented("def f(x):", "Return a list of them.")),
    new("an order is no type", _FAIL, documented("def f(x):", "List the users.")),
]

_TRAIN = 'def train(x):\n    """Fit."""\n    return x\n\n\ndef load(y: int) -> int:\n    return y\n'
_GUARD = '\n\nif __name__ == "__main__":\n    train(1)\n'
_ABOVE = (
    'class A:\n    def __init__(self, size):\n        """Make.\n\n        Args:\n            size (int): It.\n'
    '        """\n'
    '        self.size = size\n\n    def put(self, x):\n        """Put.\n\n        Args:\n            x (int): It.\n'
    '        """\n\n\nclass B(A):\n    """A thing."""\n\n'
)

_WHO = [
    Case("a program in one file is imported by nobody", _PASS, {}, {"run.py": _TRAIN + _GUARD}),
    Case("a program that runs at the top", _PASS, {}, {"scripts/run.py": f"{_TRAIN}\n\nprint(train(1))\n"}),
    Case(
        "a program in a folder of scripts that is a package",
        _PASS,
        {},
        {"scripts/__init__.py": "", "scripts/run.py": _TRAIN + _GUARD},
    ),
    Case("a module beside a program", _FAIL, {}, {"run.py": _TRAIN}),
    Case(
        "a program that the file beside it imports",
        _FAIL,
        {},
        {"run.py": _TRAIN + _GUARD, "other.py": "from run import load\n"},
    ),
    Case(
        "what serves an application is no script",
        _FAIL,
        {},
        {"main.py": f"from fastapi import FastAPI\n\napp = FastAPI()\n\n\n{_TRAIN}{_GUARD}"},
    ),
    Case("a module of a package with a main guard", _FAIL, PACKAGE, PACKAGE | {MODULE: _TRAIN + _GUARD}),
    Case(
        "a program whose docstring names what it does not take",
        _FAIL,
        {},
        {"run.py": documented("def f(y: int) -> int:", WHOLE, "return y") + _GUARD},
    ),
    method(
        "a property is no function to its callers", _PASS, "@property\n    def size(self) -> int:\n        return 1"
    ),
    new(
        "what stands in for a package that is not installed",
        _NA,
        "class C:\n    def get(self, x: int) -> int:\n        raise ImportError('needs lib')\n",
    ),
    new(
        "the method above tells what it takes",
        _PASS,
        f'{_ABOVE}    def put(self, x):\n        """Put it twice."""\n',
    ),
    new(
        "the constructor above tells what it takes",
        _PASS,
        f"{_ABOVE}    def __init__(self, size):\n        super().__init__(size)\n",
    ),
    new("what a constructor takes besides", _FAIL, f"{_ABOVE}    def __init__(self, size, depth):\n        pass\n"),
    new(
        "what the constructor of a foreign class is given",
        _PASS,
        'class B(lib.A):\n    """A thing."""\n\n    def __init__(self, size):\n        super().__init__(size=size)\n',
    ),
    new(
        "a foreign class may tell what its method takes",
        _PASS,
        'class B(lib.A):\n    def put(self, x):\n        """Put it."""\n',
    ),
    new(
        "a constructor that hands some of what it takes to a foreign class",
        _PASS,
        'class B(lib.A):\n    """A thing."""\n\n    def __init__(self, size, depth):\n        super().__init__(size)\n',
    ),
    new(
        "a constructor that hands nothing to a foreign class",
        _FAIL,
        'class B(lib.A):\n    """A thing."""\n\n    def __init__(self, size):\n        super().__init__()\n',
    ),
    Case(
        "where a program in a package begins",
        _PASS,
        PACKAGE,
        PACKAGE | {MODULE: "def main() -> None: ...\n\n\nif __name__ == '__main__':\n    main()\n"},
    ),
    new(
        "a decorator of the project registers it",
        _PASS,
        f"FOUND = {{}}\n\n\ndef _keep(name):\n    def bind(f):\n        FOUND[name] = f\n        return f\n\n"
        f"    return bind\n\n\n@_keep('a')\n{BARE}",
    ),
    change(
        "the docstring of an old function gets its colon",
        _PASS,
        documented("def f(x) -> None:", ARGS.replace("Args:", "Arguments")),
        documented("def f(x) -> None:", ARGS.replace("Args:", "Arguments:")),
    ),
    Case(
        "a short function is copied under its name",
        _PASS,
        PACKAGE | {MODULE: "def exists(val):\n    return val is not None\n"},
        PACKAGE | dict.fromkeys((MODULE, "pkg/other.py"), "def exists(val):\n    return val is not None\n"),
    ),
    Case(
        "two short functions are the same by chance",
        _FAIL,
        PACKAGE | {MODULE: BARE},
        PACKAGE | {MODULE: BARE, "pkg/other.py": BARE},
    ),
    Case(
        "a folder is made after the folder beside it",
        _PASS,
        {"recipes/a/train.py": BARE.replace("return x", "return sum([x, 1, 2, 3])")},
        {f"recipes/{one}/train.py": BARE.replace("return x", "return sum([x, 1, 2, 3])") for one in "ab"},
    ),
]

CASES = [*_WRITTEN, *_WHO]
