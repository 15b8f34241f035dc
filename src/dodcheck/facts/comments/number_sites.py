"""Sites of numbers: bit arithmetic, guards for stability, pauses, numbers without a name."""

import ast
import re

from dodcheck.facts.code.names import Names
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written

_BITS = ast.LShift | ast.RShift | ast.BitAnd | ast.BitOr | ast.BitXor
_TINY = 1e-4
_USUAL = {
    *(0, 1, 2, 10, 100),  # what needs no name
    *(0.5, 3, 4, 1000, 1024, 1_000_000, 1_000_000_000),  # parts and multiples
    *(60, 3600, 24, 86400, 7, 365),  # units of time
    *(8, 16, 32, 64, 255, 256, 180, 360, 90),  # bytes and angles
}
_COUNTED = re.compile(
    r"\b(len|dim|ndim|ndims|shape|status\w*|code|exit\w*|returncode|version\w*|count|argc)\b|_(status|code)\b"
)
_GUARDS = {"clamp", "clamp_", "clamp_min", "clamp_min_", "maximum", "clip", "max", "add"}
_SLEEP = re.compile(r"(^|\.)sleep$")


def is_bit_arithmetic(node: ast.AST, names: Names) -> bool:
    """Two operators on bits in one expression, with a number among their operands: no flags, masks of rows or types."""
    del names
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, _BITS)):
        return False
    parts = list(walk(node))
    operators = [p for p in parts if isinstance(p, ast.BinOp) and isinstance(p.op, _BITS)]
    turned = [p for p in parts if isinstance(p, ast.UnaryOp) and isinstance(p.op, ast.USub | ast.Invert)]
    sure = [p for one in operators for p in (one.left, one.right) if _is_number(p) or _is_counted(p)]
    return bool(sure) and len(operators) + len(turned) > 1


def is_stabiliser(node: ast.AST, names: Names) -> bool:
    """A tiny number added or used as a bound, or the greatest value subtracted before an exponential."""
    del names
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return any(0 < abs(_number(part)) <= _TINY for part in (node.left, node.right))
    if not isinstance(node, ast.Call):
        return False
    name = written(node.func).rpartition(".")[2]
    arguments = [*node.args, *(k.value for k in node.keywords if k.arg in {"min", "a_min", "max", None})]
    if name in _GUARDS:
        return any(0 < abs(_number(part)) <= _TINY for part in arguments)
    return name == "exp" and any(_is_shifted(part) for part in node.args)


def is_pause(node: ast.AST, names: Names) -> bool:
    """`sleep` for a fixed time; none at all only hands over to others."""
    if not (isinstance(node, ast.Call) and node.args and _SLEEP.search(names.of(node.func) or "")):
        return False
    return _number(node.args[0]) > 0


def is_plain_number(node: ast.AST, names: Names) -> bool:
    """A number in arithmetic or a comparison that is no count, no unit and no status code."""
    del names
    if isinstance(node, ast.BinOp) and not isinstance(node.op, _BITS):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Compare):
        parts = [node.left, *node.comparators]
        if any(_COUNTED.search(written(part)) for part in parts):
            return False
    else:
        return False
    if any(isinstance(part, ast.Constant | ast.JoinedStr) and not _is_number(part) for part in parts):
        return False  # text repeated or filled in
    return any(_is_number(part) and abs(_number(part)) not in _USUAL for part in parts)


def _number(node: ast.AST) -> float:
    """Return the value of a number as written; 0 for everything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(node.operand)
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) else 0.0


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _is_number(node.operand)
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _is_counted(node: ast.AST) -> bool:
    """`-x` and `x - 1` are numbers."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _is_number(node.right)


def _is_shifted(node: ast.AST) -> bool:
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)):
        return False
    return any(
        isinstance(part, ast.Call) and written(part.func).rpartition(".")[2] in {"max", "amax", "logsumexp"}
        for part in walk(node.right)
    )
