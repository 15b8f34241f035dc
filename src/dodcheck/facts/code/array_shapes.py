"""Tensors, arrays and tables in type hints, and whether a hint or prose tells their shape."""

import ast
import re
from collections.abc import Iterator
from typing import Literal

from dodcheck.facts.code.names import Names
from dodcheck.facts.code.parsing import expression
from dodcheck.patterns import pattern

ArrayKind = Literal["array", "table"]

_ARRAYS = {
    "Tensor", "FloatTensor", "LongTensor", "IntTensor", "BoolTensor", "ndarray", "NDArray", "Array", "ArrayLike",
    "DataArray", "MatrixLike", "spmatrix", "csr_matrix", "csc_matrix", "coo_matrix", "csr_array",
}  # fmt: skip
_TABLES = {"DataFrame", "LazyFrame", "GeoDataFrame"}
_TELLING_BY_THEMSELVES = {"Tensor", "FloatTensor", "LongTensor", "BoolTensor", "ndarray", "NDArray", *_TABLES}
_LIBRARIES = {
    "torch", "numpy", "np", "npt", "jax", "jnp", "tensorflow", "tf", "keras", "cupy", "xarray", "xr", "mlx", "pandas",
    "pd", "polars", "pl", "dask", "geopandas", "pyspark", "sklearn", "scipy", "chex", "tinygrad",
}  # fmt: skip
_CARRIERS = {"jaxtyping", "pandera", "nptyping", "torchtyping", "phantom_tensors", "dataframely", "numpydantic"}
_WORDS_FOR_ARRAYS = {"Tensor", "FloatTensor", "LongTensor", "BoolTensor", "ndarray", "NDArray", "array_like"}
_HOLDERS = {"dict", "Dict", "dictionary", "mapping", "nested", "callable", "Callable"}
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict"}  # of arrays of any shape
_NO_VALUES = _MAPPINGS | {
    "Callable",
    "type",
    "Type",
    "Literal",
    "TypeGuard",
    "TypeIs",
}  # what stands in them is no argument

_NO_DIMENSION = (
    r"(?!(?:optional|default|required|int|str|float|bool|none|list|dict|tuple|eg|ie|see|in|of|array|tensor)\b)"
)
_DIMENSION = rf"(?i:{_NO_DIMENSION}(?:\.\.\.|…|-?\d+|[*\d]?[a-z_]\w*(?: ?[-+*/] ?\w+)*))"
_SHAPE = pattern(
    r"(?i:\b(?:shape[sd]?|scalars?|vectors?|dim(?:ension)?s?|dimensional|ranks?|[0-9n][- ]?d(?:im)?|of length)\b)"
    rf"|\(\s*{_DIMENSION}(?:\s*[,x×]\s*{_DIMENSION})+\s*,?\s*\)|\(\s*{_DIMENSION}\s*,\s*\)"
    rf"|\[\s*{_DIMENSION}(?:\s*[,x×]\s*{_DIMENSION})+\s*,?\s*\]|\[[A-Z]\w*\]"
    r"|\b(?:[A-Z]\w*|\d+)(?: ?[x×] ?(?:[A-Z]\w*|\d+))+\b"
)
_COLUMNS = pattern(r"(?i)\b(?:columns?|schema|fields?|features?|index(?:ed)?)\b|(?:`\w+`|'\w+'|\"\w+\")\s*(?:,|and)")


def array_kind(hint: str | None, names: Names) -> ArrayKind | None:
    """Tell whether a value of this type is an array or a table, or a list of them, whose shape the hint leaves open.

    `Float[Tensor, "batch time"]` and its like (jaxtyping, pandera, nptyping; text in `Annotated`; a tuple of sizes
    in `ndarray[…]`) carry the shape, so they leave nothing open.

    Args:
        hint: Text of the annotation.
        names: What the names in it stand for.
    """
    tree = _parsed(hint or "")
    kinds = {kind for kind in map(_kind, _open_names(tree, names)) if kind} if tree else set()
    return "array" if "array" in kinds else "table" if kinds else None


def kind_in_words(text: str) -> ArrayKind | None:
    """Tell whether a type as a docstring writes it is an array or a table: "ndarray of shape (n,)", "pd.DataFrame".

    Args:
        text: The type; what may hold several arrays (a dict, a nested list) is neither.
    """
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    if words & _HOLDERS:
        return None
    if words & _TABLES:
        return "table"
    return "array" if words & _WORDS_FOR_ARRAYS else None


def tells_shape(text: str, kind: ArrayKind = "array") -> bool:
    """Tell whether prose gives a shape: `(B, T)`, `[N, 3]`, `H x W`, "shape", "2D", "scalar"; columns, for a table.

    Args:
        text: What a docstring says of the value, its type included.
        kind: What the value is.
    """
    return bool(_SHAPE.search(text) or (kind == "table" and _COLUMNS.search(text)))


def _parsed(hint: str) -> ast.expr | None:
    try:
        return expression(hint.strip())
    except (SyntaxError, ValueError):
        return None


def _open_names(node: ast.expr, names: Names) -> Iterator[str]:
    """Yield the dotted names in a hint, those left out whose shape stands beside them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        quoted = _parsed(node.value)
        yield from _open_names(quoted, names) if quoted else ()
    elif isinstance(node, ast.Subscript):
        owner = names.of(node.value) or ""
        if owner.rpartition(".")[2] in _NO_VALUES or _carries_shape(owner, node.slice):
            return
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        yield owner
        for part in parts:
            yield from _open_names(part, names)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield names.of(node) or ""
    elif isinstance(node, ast.BinOp):
        yield from _open_names(node.left, names)
        yield from _open_names(node.right, names)
    elif isinstance(node, ast.List | ast.Tuple):
        for part in node.elts:
            yield from _open_names(part, names)


def _carries_shape(owner: str, inside: ast.expr) -> bool:
    if owner.partition(".")[0] in _CARRIERS:
        return True
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    texts = [one for one in parts[1:] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    last = owner.rpartition(".")[2]
    if last == "Annotated" or (texts and len(parts) > 1 and last not in {"Union", "Optional", "tuple", "dict"}):
        return bool(texts)
    sizes = parts[0]
    return last == "ndarray" and isinstance(sizes, ast.Subscript) and not isinstance(sizes.slice, ast.Constant)


def _kind(dotted: str) -> ArrayKind | None:
    root, last = dotted.partition(".")[0], dotted.rpartition(".")[2]
    if last not in _TELLING_BY_THEMSELVES and root not in _LIBRARIES:
        return None
    return "array" if last in _ARRAYS else "table" if last in _TABLES else None
