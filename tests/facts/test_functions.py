"""Functions, their signatures, and their counterparts at base."""

from textwrap import dedent

import pytest

from dodcheck.change import Both, Change, Side, TreeSnapshot
from dodcheck.facts.code.changed_functions import ChangedFunctions, FunctionChange
from dodcheck.facts.code.copies import Copies
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.facts.code.modules import Modules
from dodcheck.testing import NoSyntaxReader

LONG = "    total = sum(one * 2 for one in x if one)\n    return {'total': total, 'count': len(x)}\n"


def functions(code: str) -> dict[str, Function]:
    side = Functions(Modules(TreeSnapshot("head", {"a.py": dedent(code)}), NoSyntaxReader()))
    return {one.name: one for one in side.at("a.py")}


def both(change: Change) -> Both[Functions]:
    return Both(lambda side: Functions(Modules(change.base if side is Side.BASE else change.head, NoSyntaxReader())))


def fact_of(change: Change) -> ChangedFunctions:
    functions = both(change)
    return ChangedFunctions(change, functions, Both(lambda _: Copies(change, functions.base)))


def changes(before: dict[str, str], after: dict[str, str]) -> dict[str, FunctionChange]:
    change = Change.of_trees(before, after)
    fact = fact_of(change)
    return {one.head.name: one for file in change.at_head(".py") for one in fact.of_file(file)}


def test_every_kind_of_parameter_in_order() -> None:
    (one,) = functions("def f(a, b: int = 1, /, c='x', *args: str, d, e: int = 2, **kw): ...").values()
    assert [(p.name, p.kind, p.annotation, p.default) for p in one.parameters] == [
        ("a", "positional-only", None, None),
        ("b", "positional-only", "int", "1"),
        ("c", "positional", None, "'x'"),
        ("args", "var-positional", "str", None),
        ("d", "keyword-only", None, None),
        ("e", "keyword-only", "int", "2"),
        ("kw", "var-keyword", None, None),
    ]


@pytest.mark.parametrize(
    ("head", "kind", "arguments"),
    [
        ("def m(self, x): ...", "method", ["x"]),
        ("@classmethod\n    def m(cls, x): ...", "classmethod", ["x"]),
        ("@staticmethod\n    def m(x): ...", "staticmethod", ["x"]),
        ("def __new__(cls, x): ...", "classmethod", ["x"]),
        ("@functools.cached_property\n    def m(self): ...", "property", []),
        ("@m.setter\n    def m(self, x): ...", "setter", ["x"]),
        ("def m(*args): ...", "method", ["args"]),
    ],
)
def test_kinds_of_methods(head: str, kind: str, arguments: list[str]) -> None:
    (one,) = functions(f"class C:\n    {head}\n").values()
    assert (one.kind, [p.name for p in one.arguments]) == (kind, arguments)


def test_what_a_body_says() -> None:
    found = functions('''
        async def gen(n):
            """Docs."""
            yield n

        def outer():
            def inner():
                return 1
            return None

        def todo():
            """Docs."""
            raise NotImplementedError
    ''')
    gen, outer, inner, todo = found["gen"], found["outer"], found["outer.inner"], found["todo"]
    assert (gen.is_async, gen.is_generator, gen.docstring, gen.body_lines) == (True, True, "Docs.", (4, 4))
    assert (outer.returns_value, outer.is_local) == (False, False)
    assert (inner.returns_value, inner.is_local) == (True, True)
    assert (todo.is_placeholder, gen.is_placeholder) == (True, False)


def test_decorators_by_their_real_names() -> None:
    one = functions("from typing import overload as o\nimport a.b as c\n@o\n@c.d(1)\ndef f(): ...")["f"]
    assert one.decorators == ("typing.overload", "a.b.d")
    assert one.is_overload


def test_type_comments_of_signature_and_parameters() -> None:
    one = functions("def f(\n    x,  # type: int\n    y,\n):\n    # type: (...) -> bool\n    return x")["f"]
    assert [p.annotation for p in one.parameters] == ["int", None]
    assert one.signature.returns == "bool"


def test_format_comments_and_docstrings_are_no_change() -> None:
    (one,) = changes(
        {"a.py": "def f(x):\n    return (x)\n"}, {"a.py": "def f( x ):\n    'd'\n    # c\n    return x\n"}
    ).values()
    assert not one.changed


def test_a_default_changes_the_signature_alone() -> None:
    (one,) = changes({"a.py": "def f(x=1):\n    return x\n"}, {"a.py": "def f(x=2):\n    return x\n"}).values()
    assert (one.signature_changed, one.body_changed) == (True, False)


def test_overloads_and_setters_meet_their_own_counterparts() -> None:
    old = "@overload\ndef f(x: int): ...\n@overload\ndef f(x: str): ...\ndef f(x):\n    return x\n"
    (new,) = changes({"a.py": old}, {"a.py": old.replace("return x", "return -x")}).values()
    assert new.base is not None
    assert not new.base.is_overload
    assert new.body_changed


@pytest.mark.parametrize(
    ("before", "after", "was"),
    [
        ({"a.py": f"def f(x):\n{LONG}"}, {"b.py": f"def f(x):\n{LONG}"}, ("a.py", "f")),
        ({"a.py": f"def f(x):\n{LONG}"}, {"a.py": f"def g(x):\n{LONG}"}, ("a.py", "f")),
        ({"a.py": f"def f(x):\n{LONG}A = 1\n"}, {"a.py": "A = 1\n", "b.py": f"def f(x):\n{LONG}"}, ("a.py", "f")),
        ({"a.py": "def f(x):\n    return 1\n"}, {"a.py": "def g(x):\n    return 1\n"}, None),
        ({"a.py": f"def f(x):\n{LONG}"}, {"a.py": f"def f(x):\n{LONG}", "b.py": f"def f(x):\n{LONG}"}, ("a.py", "f")),
        ({"a.py": f"def f(x):\n{LONG}"}, {"a.py": f"def f(x):\n{LONG}", "b.py": f"def f(x):\n{LONG}    x\n"}, None),
        ({"a.py": f"def f(x):\n{LONG}"}, {"a.py": f"def f(x):\n{LONG}", "b/b.py": f"def f(x):\n{LONG}"}, None),
    ],
    ids=[
        "renamed file",
        "renamed function",
        "moved",
        "short bodies are alike by chance",
        "a copy",
        "an altered copy is new",
        "a copy from far away is new",
    ],
)
def test_counterparts(before: dict[str, str], after: dict[str, str], was: tuple[str, str] | None) -> None:
    change = Change.of_trees(before, after)
    fact = fact_of(change)
    found = [one for file in change.at_head(".py") for one in fact.of_file(file)]
    base = found[-1].base
    assert (base and (base.path, base.name)) == was
