"""Places of values in JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodcheck.json_text import line_of, spans

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]))
def test_every_span_holds_its_value(value: object, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    for path, span in spans(text).items():
        inner = value
        for key in path:
            inner = inner[key]  # type: ignore[index]
        assert json.loads(text[span.start : span.end]) == inner


def test_the_last_of_a_repeated_key_counts() -> None:
    text = '{"a": 1,\n "a": 2}'
    span = spans(text)[("a",)]
    assert (text[span.start : span.end], line_of(text, span.start)) == ("2", 2)


@pytest.mark.parametrize("text", ["", "{", '{"a": }', "[1,]", "nul"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        spans(text)
