"""What docstrings of each style say, and when a default that they state is another than the signature's."""

import pytest

from dodcheck.facts.docstrings.defaults import differs
from dodcheck.facts.docstrings.docstring import Docstring, Entry, read_docstring, style_of

GOOGLE = """Add.

Args:
    x (int, optional): The first. Defaults to 3.
    *rest: More.

Returns:
    Their sum.
"""
NUMPY = """Add.

Parameters
----------
x, y : int, default=3
    The numbers.

Returns
-------
int
    Their sum.
"""
SPHINX = """Add.

:param int x: The first.
:param y: The second.
:type y: str
:returns: Their sum.
"""
EPYTEXT = SPHINX.replace(":param", "@param").replace(":type", "@type").replace(":returns", "@returns")


def _parameters(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.type) for one in read_docstring(text).parameters]


def test_each_style_gives_names_and_types() -> None:
    assert [*map(style_of, [GOOGLE, NUMPY, SPHINX, "Add."])] == ["google", "numpy", "sphinx", None]
    assert [name for name, _ in _parameters(GOOGLE)] == ["x", "rest"]
    assert _parameters(NUMPY) == [("x", "int"), ("y", "int")]
    assert _parameters(SPHINX) == _parameters(EPYTEXT) == [("x", "int"), ("y", "str")]
    assert all(read_docstring(text).results for text in (GOOGLE, NUMPY, SPHINX, EPYTEXT))


def test_reading_says_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    read_docstring("Add.\n\nParameters\n----------\n*args\nx:\n\nReturns\n-------\n")
    read_docstring("Add.\n\nArgs:\n  no entry\n    x\n\nReturns:\n")
    read_docstring("Add.\n\n:param: nothing\n:type: nothing\n")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "name", "repeats"),
    [
        ("Get the user.", "get_user", True),
        ("Gets user", "get_user", True),
        ("load data", "load_data", True),
        ("Get the user by name.", "get_user", False),
        ("", "get_user", False),
    ],
)
def test_a_copy_of_the_name(text: str, name: str, repeats: bool) -> None:  # noqa: FBT001 - a column of the table
    assert Docstring(text).repeats(name) is repeats


@pytest.mark.parametrize(
    ("text", "default", "said"),
    [
        ("Defaults to 5.", "3", "5"),
        ("Defaults to 3.", "3", None),
        ("Default: 1e-3", "0.001", None),
        ("default is `None`", "3", "None"),
        ("defaults to True", "False", "True"),
        ("defaults to 'a'", "'b'", "'a'"),
        ("defaults to `a`", "'b'", None),
        ("defaults to 3", "None", None),
        ("defaults to 3", "DEFAULT", None),
        ("defaults to 1 minute", "60", None),
        ("defaults to 80% of all", "0.8", None),
        ("defaults to 3 for trees, defaults to 5 for woods", "3", None),
        ("the default of 5", "3", None),
        ("", "3", None),
    ],
)
def test_stated_defaults(text: str, default: str, said: str | None) -> None:
    assert differs(Entry("x", "int", text), default) == said


def test_a_default_that_the_style_marks() -> None:
    entry = read_docstring(NUMPY).parameters[0]
    assert differs(entry, "4") == "3"
    assert differs(entry, "3") is None
