"""Which hints leave a shape open, and which prose tells one."""

import ast

import pytest

from dodcheck.facts.code.array_shapes import array_kind, kind_in_words, tells_shape
from dodcheck.facts.code.names import Names

IMPORTS = """
import numpy as np, numpy.typing as npt, pandas as pd, polars, torch, jax
from array import array
from collections.abc import Callable
from typing import Annotated, Literal
from jaxtyping import Float, Array as Shaped
from pandera.typing import DataFrame as Checked
from sqlalchemy import ARRAY as Array
from torch import Tensor
"""
NAMES = Names(ast.parse(IMPORTS))


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        ("Tensor", "array"),
        ("torch.Tensor | None", "array"),
        ("'np.ndarray'", "array"),
        ("list[Tensor]", "array"),
        ("dict[str, torch.Tensor]", None),
        ("tuple[Tensor, int]", "array"),
        ("npt.NDArray[np.float64]", "array"),
        ("jax.Array", "array"),
        ("np.ndarray[Any, np.dtype[np.int8]]", "array"),
        ("pd.DataFrame", "table"),
        ("polars.LazyFrame", "table"),
        ("Float[Tensor, 'batch time']", None),
        ("Annotated[Tensor, 'B T']", None),
        ("np.ndarray[tuple[int, int], np.dtype[np.int8]]", None),
        ("Checked[Users]", None),
        ("Callable[[Tensor], Tensor]", None),
        ("type[Tensor]", None),
        ("Literal['Tensor']", None),
        ("Array", None),
        ("array", None),
        ("list[int]", None),
        ("TensorSpec", None),
        ("not a type", None),
        (None, None),
    ],
)
def test_hint(hint: str | None, kind: str | None) -> None:
    assert array_kind(hint, NAMES) == kind


@pytest.mark.parametrize(
    "text",
    [
        "logits, (B, T)",
        "points [N, 3]",
        "of shape `(batch_size, seq_len, dim)`",
        "ndarray of shape (n_samples,)",
        "image, H x W x 3",
        "image BxCxHxW, 3×3 kernel",
        "a 2D array",
        "3-d points",
        "a scalar",
        "[B, ..., 2*dim]",
        "(n,)",
        "the same shape as `x`",
    ],
)
def test_prose_that_tells_a_shape(text: str) -> None:
    assert tells_shape(text)


@pytest.mark.parametrize("text", ["", "the input tensor", "the weights (optional)", "values (optional, see above)"])
def test_prose_that_does_not(text: str) -> None:
    assert not tells_shape(text)


def test_columns_tell_what_a_table_holds() -> None:
    assert tells_shape("users with the columns `id` and `age`", "table")
    assert tells_shape("has `id`, `age`", "table")
    assert not tells_shape("all users", "table")
    assert not tells_shape("the columns", "array")


def test_types_as_docstrings_write_them() -> None:
    assert [*map(kind_in_words, ["ndarray of shape (n,)", "array_like", "`torch.Tensor`"])] == ["array"] * 3
    assert kind_in_words("pd.DataFrame, optional") == "table"
    assert not any(map(kind_in_words, ["int", "TensorSpec", "", "nested list of `torch.Tensor`"]))
