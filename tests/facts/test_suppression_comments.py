"""Comments are read from whatever can be split into tokens, be it Python or not."""

import pytest

from dodcheck.facts.suppressions.suppression_comments import read_comments


@pytest.mark.parametrize("line", ["def", "class", "async def", "async", "class\\\n"])
def test_a_definition_without_a_name(line: str) -> None:
    found = read_comments(f"x = 1\n{line}# type: ignore\n", "app.py")
    assert [(one.symbol, one.directives[0].tool) for one in found.by_line.values()] == [("", "type: ignore")]


def test_a_definition_around_a_comment_is_named() -> None:
    found = read_comments("class A:\n    async def f(x):\n        x()  # type: ignore\n", "app.py")
    assert [one.symbol for one in found.by_line.values()] == ["A.f"]
