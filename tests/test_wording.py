"""Words without their Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodcheck.wording import normalised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Linting passes (`ruff  Check`).", "linting passes (ruff check)"),
        ("**Bold** _and_ *it* ~~gone~~ __all__", "bold and it gone all"),
        ("snake_case and `__init__` and 2 * 3 * 4", "snake_case and __init__ and 2 * 3 * 4"),
        (
            "See [the *guide*](https://example.org/a_(b)) and [it][1] and <https://example.org>",
            "see the guide and it and https://example.org",
        ),
        ("Type\u2011hints — “all” of \u2019em – 30 − 1", 'type-hints - "all" of \'em - 30 - 1'),
        ("a -- b, `--strict`…", "a - b, --strict"),
        ("✅ 🚀 **Tests:** pass!!", "tests: pass"),
        ("a <!-- dodcheck: lint -->b<br>c &amp; d \\*e\\*", "a b c & d *e*"),
        ("`a|b` `` c`d ``", "a|b c`d"),
        ("ﬁle\u00a0A", "file a"),
        ("", ""),
        ("…", ""),
    ],
)
def test_normalised(text: str, expected: str) -> None:
    assert normalised(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing_for_words(text: str) -> None:
    words = re.sub(r"[^\w .]", "", text)
    assert normalised(normalised(words)) == normalised(words)
