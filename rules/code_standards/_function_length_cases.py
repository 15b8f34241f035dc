"""Cases of the rule function-length: what counts as a line, and whose lines they are."""

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_A = "app.py"


def _lines(count: int, indent: str = "    ", first: int = 0) -> str:
    return "".join(f"{indent}x{number} = work({number})\n" for number in range(first, first + count))


def _def(count: int, name: str = "f") -> str:
    return f"def {name}():\n{_lines(count)}"


def _new(name: str, expect: Status, code: str, path: str = _A, **options: object) -> Case:
    return Case(name, expect, {}, {path: code}, options=options)


def _altered(name: str, expect: Status, before: str, after: str) -> Case:
    return Case(name, expect, {_A: before}, {_A: after})


_TABLE = "def f():\n    return {\n" + "".join(f"        'k{n}': Value({n}),\n" for n in range(60)) + "    }\n"
_SQL = 'def f(db):\n    db.run("""\n' + "select 1\n" * 50 + '""")\n'
_MATCH = "def f(x):\n    match x:\n" + "".join(f"        case {n}:\n            return g({n})\n" for n in range(30))
_PARSER = "def build():\n    p = Parser()\n" + "    p.add_argument('--x')\n" * 40 + "    return p\n"
_NESTED = "def f():\n    def g():\n" + _lines(45, "        ") + "    return g\n"
_CONFIG = "[tool.dodcheck.rules.function-length]\nlimit = 100\n"
_SPLIT = _def(40, "g").replace("work(39)", "more(39)") + "\n\n" + "def f():\n    g()\n" + _lines(50, first=40)

CASES = [
    _new("a new function of 45 lines", _FAIL, _def(45)),
    _new("30 lines are not under 30", _FAIL, _def(30)),
    _new("29 lines are", _PASS, _def(29)),
    _new("at most 30 allows 30", _PASS, _def(30), most=30),
    _new("at most 30 does not allow 31", _FAIL, _def(31), most=30),
    _new("another limit", _FAIL, _def(20), limit=20),
    _new(
        "20 lines under a docstring of 30",
        _PASS,
        'def f():\n    """Do.\n' + "\n    word\n" * 30 + '    """\n' + _lines(20),
    ),
    _new("blank lines and comments", _PASS, "def f():\n" + "    # why\n\n" * 30 + _lines(10)),
    _new(
        "a signature of many lines",
        _PASS,
        "def f(\n" + "".join(f"    a{n},\n" for n in range(40)) + "):\n" + _lines(10),
    ),
    _new("decorators of many lines", _PASS, "@option('--x')\n" * 40 + _def(10)),
    _new("a dictionary of 60 lines that is returned", _PASS, _TABLE),
    _new("the same where literals count in full", _FAIL, _TABLE, literals="whole"),
    _new("a query of 50 lines", _PASS, _SQL),
    _new(
        "a comprehension of 40 lines is no literal",
        _FAIL,
        "def f():\n    return [\n" + "        a +\n" * 40 + "        b for b in c\n    ]\n",
    ),
    _new("all the code in a nested function", _FAIL, _NESTED),
    _new("a long match of one-line cases", _PASS, _MATCH),
    _new("a long match whose cases do work", _FAIL, _MATCH.replace("return g(", "h(); return g(")),
    _new(
        "statements joined by semicolons", _FAIL, "def f():\n    " + "; ".join(f"x{n} = {n}" for n in range(40)) + "\n"
    ),
    _new("lambdas inside of lambdas", _FAIL, "def f():\n    return " + "lambda a: " * 40 + "a\n"),
    _new(
        "a property with comments only",
        _PASS,
        "class A:\n    @property\n    def f(self):\n" + "        # why\n" * 40 + "        return 1\n",
    ),
    _new("a builder of arguments", _REVIEW, _PARSER),
    _new("a method", _FAIL, "class A:\n    def f(self):\n" + _lines(45, "        ")),
    _new("an async function", _FAIL, "async " + _def(45)),
    _altered(
        "31 lines that became 40 by semicolons",
        _FAIL,
        _def(25),
        "def f():\n    a = 1; b = 2; c = 3; d = 4; e = 5; g = 6\n" + _lines(25),
    ),
    _altered("a function that grows to the limit", _FAIL, _def(25), _def(35)),
    _altered("a function of 80 lines with one word changed", _PASS, _def(80), _def(80).replace("work(7)", "work(8)")),
    _altered("a function that was too long and grows", _PASS, _def(80), _def(85)),
    _altered("a function that was too long in a new signature", _PASS, _def(80), _def(80).replace("f()", "f(a)")),
    _altered("a long function that got another name", _PASS, _def(80), _def(80, "g")),
    _altered("a part taken out of a function that was too long", _PASS, _def(90), _SPLIT),
    _altered(
        "a long function beside an old one", _FAIL, _def(80), _def(80) + "\n\n" + _def(45, "g").replace("work", "play")
    ),
    Case(
        "a long function in a file that moved",
        _PASS,
        {_A: _def(80)},
        {"core/app.py": _def(80).replace("work(7)", "w(7)")},
    ),
    Case("the limit raised in the same change", _FAIL, {}, {_A: _def(45), "pyproject.toml": _CONFIG}),
    Case("a long function of base that nobody touched", _NA, {_A: _def(80)}, {_A: _def(80) + "\n\nx = 1\n"}),
    _new("a test", _NA, _def(45, "test_f"), "tests/test_a.py"),
    _new("a test, where tests count", _FAIL, _def(45, "test_f"), "tests/test_a.py", tests=True),
    _new("a migration", _NA, _def(45, "upgrade"), "alembic/versions/1_a.py"),
    _new("generated code", _NA, "# This file was generated by make, DO NOT EDIT\n" + _def(45)),
    Case("no Python file changed", _NA, {}, {"README.md": "x"}),
]
