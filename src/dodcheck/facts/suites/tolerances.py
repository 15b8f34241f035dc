"""How far a value may be off in an approximate comparison."""

import ast
from typing import TypeAlias

from dodcheck.facts.suites.folding import number, text_of

# What a comparison allows when it does not say: relative and absolute deviation, from each library's documentation.
_ALLOWED = {
    "approx": (1e-6, 1e-12), "assert_allclose": (1e-7, 0.0), "allclose": (1e-5, 1e-8), "isclose": (1e-9, 0.0),
    "assertAlmostEqual": (0.0, 5e-8), "assertAlmostEquals": (0.0, 5e-8), "assert_almost_equal": (0.0, 1.5e-7),
    "assert_array_almost_equal": (0.0, 1.5e-6), "assert_frame_equal": (0.0, 0.0), "assert_close": (1.3e-6, 1e-5),
    "assert_approx_equal": (1e-7, 0.0),
}  # fmt: skip
_RELATIVE, _ABSOLUTE = ("rel", "rtol", "rel_tol"), ("abs", "atol", "abs_tol", "delta")

Tolerance: TypeAlias = tuple[float, float]  # relative, absolute; infinite when it is not a literal


def tolerance_of(call: ast.Call) -> Tolerance:
    """Return what a call that compares approximately allows."""
    name = text_of(call.func).rpartition(".")[2]
    relative, absolute = _ALLOWED.get(name, (0.0, 0.0))
    places = 1.5 if name.startswith("assert_") else 0.5
    given = {one.arg: one.value for one in call.keywords if one.arg}
    positional = {"approx": ("", "rel", "abs"), "assertAlmostEqual": ("", "", "places")}.get(name, ("", "", "decimal"))
    given.update(dict(zip(positional, call.args, strict=False)))
    for word, value in given.items():
        amount = number(value)
        amount = float("inf") if amount is None else amount
        if word in _RELATIVE:
            relative = amount
            absolute = 0.0 if name == "approx" and "abs" not in given else absolute
        elif word in _ABSOLUTE:
            absolute = amount
            relative = 0.0 if name == "approx" and "rel" not in given else relative
        elif word in {"places", "decimal"} and abs(amount) < 300:  # noqa: PLR2004 - the range of a float
            absolute = places * 10**-amount
    return relative, absolute


def deviation(left: ast.expr, relation: str, right: ast.expr) -> tuple[ast.expr, ast.expr, Tolerance] | None:
    """Read `abs(a - b) < t` and `round(a, n) == b` as approximate comparisons."""
    if not isinstance(left, ast.Call) or not isinstance(left.func, ast.Name) or not left.args:
        return None
    inner, bound = left.args[0], number(right)
    if left.func.id == "abs" and relation in {"<", "<="} and isinstance(inner, ast.BinOp) and bound is not None:
        return (inner.left, inner.right, (0.0, bound)) if isinstance(inner.op, ast.Sub) else None
    if left.func.id == "round" and relation == "==":
        digits = number(left.args[1]) if len(left.args) > 1 else 0.0
        return (inner, right, (0.0, 0.5 * 10**-digits)) if digits is not None else None
    return None
