"""What an expression is worth, as far as that is known without running it."""

import ast
from collections import Counter
from collections.abc import Mapping
from typing import Any

from dodcheck.facts.code.walking import children
from dodcheck.facts.code.writing import written

_SUPPORTED = ((3, 8), (3, 30))  # the oldest Python that anybody still tests on, and one that is far off
_SYSTEMS = {"linux", "darwin", "win32", "posix", "nt", "java", "cygwin", "Linux", "Darwin", "Windows", "emscripten"}
_PLATFORM = {"sys.platform", "os.name", "platform.system()"}
_EMPTY_CALLS = {"list", "tuple", "dict", "set", "frozenset", "str", "bytes"}

Tables = Mapping[str, ast.expr]


def text_of(node: ast.AST) -> str:
    """Return code as text, without comments and formatting."""
    try:
        return written(node)
    except (ValueError, RecursionError):  # 3.11 cannot write every f-string that it can read
        return ast.dump(node)


def truth(node: ast.expr | None, tables: Tables | None = None) -> bool | None:
    """Return what a condition always is; None when that depends on the run.

    Args:
        node: The condition.
        tables: What the names of the module are assigned once.
    """
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = truth(node.operand, tables)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        return _joined(node, tables)
    if isinstance(node, ast.Name) and node.id != "TYPE_CHECKING":
        return truth((tables or {}).get(node.id))
    if isinstance(node, ast.Call | ast.IfExp | ast.Compare):
        return _compared(node) if isinstance(node, ast.Compare) else _chosen(node, tables)
    if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
        parts = node.keys if isinstance(node, ast.Dict) else node.elts
        return None if any(isinstance(part, ast.Starred | None) for part in parts) else bool(parts)
    return _evaluated(node)


def is_empty(node: ast.expr) -> bool:
    """Tell whether a loop over an expression never runs."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "range":
            stops = [stop for arg in node.args if isinstance(stop := literal(arg), int)]
            return len(stops) == len(node.args) > 0 and not range(*stops)
        return node.func.id in _EMPTY_CALLS and not node.args and not node.keywords
    return isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.Constant) and truth(node) is False


def literal(node: ast.AST | None) -> object:
    """Return the value of a literal; the Ellipsis when it is none."""
    if node is None:
        return ...
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ...


def number(node: ast.AST | None) -> float | None:
    """Return the value of a numeric expression of literals, as in `10 ** -3`."""
    value = literal(node)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.Mult | ast.Div):
        left, right = number(node.left), number(node.right)
        if left is None or right is None or abs(right) > 400:  # noqa: PLR2004 - beyond it a float overflows
            return None
        try:
            return float(
                left**right
                if isinstance(node.op, ast.Pow)
                else left * right
                if isinstance(node.op, ast.Mult)
                else left / right
            )
        except (ZeroDivisionError, OverflowError):
            return None
    return None


def constants(*nodes: ast.AST) -> Counter[str]:
    """Count the literal numbers, strings and singletons of some code by their text, minus signs folded in."""
    found: Counter[str] = Counter()
    stack: list[ast.AST] = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            found[f"-{node.operand.value!r}"] += 1
        elif isinstance(node, ast.Constant):
            found[repr(node.value)] += 1
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        else:
            stack += children(node)
    return found


def _joined(node: ast.BoolOp, tables: Tables | None) -> bool | None:
    parts = [truth(part, tables) for part in node.values]
    decides = isinstance(node.op, ast.Or)
    if decides in parts:
        return decides
    return None if None in parts else not decides


def _chosen(node: ast.Call | ast.IfExp, tables: Tables | None) -> bool | None:
    """Read `a if c else b`, and `any` and `all` of what is written out."""
    if isinstance(node, ast.IfExp):
        test = truth(node.test, tables)
        parts = [truth(node.body, tables), truth(node.orelse, tables)]
        return parts[0] if test or parts[0] is parts[1] else parts[1] if test is False else None
    name, given = text_of(node.func), node.args[0] if node.args else None
    if name not in {"any", "all", "bool"} or given is None:
        return None
    if name == "bool":
        return truth(given, tables)
    if not isinstance(given, ast.List | ast.Tuple) or any(isinstance(one, ast.Starred) for one in given.elts):
        return None
    return _joined(ast.BoolOp(ast.Or() if name == "any" else ast.And(), given.elts), tables)


def _compared(node: ast.Compare) -> bool | None:
    if len(node.ops) != 1:
        return None
    left, right, op = text_of(node.left), node.comparators[0], node.ops[0]
    if left in {"sys.version_info", "sys.version_info[:2]", "sys.version_info[0]", "sys.version_info.major"}:
        return _version(op, literal(right))
    if left == "__name__" and literal(right) == "__main__":
        return isinstance(op, ast.NotEq)
    if left in _PLATFORM:
        return _platform(op, literal(right))
    return _evaluated(node)


def _version(op: ast.cmpop, bound: object) -> bool | None:
    wanted = (bound,) if isinstance(bound, int) else bound
    if not isinstance(wanted, tuple) or not all(isinstance(part, int) for part in wanted):
        return None
    if isinstance(op, ast.Eq | ast.NotEq):
        return isinstance(op, ast.Eq) if wanted == (3,) else None
    older, newer = wanted <= _SUPPORTED[0], wanted > _SUPPORTED[1]
    if not older and not newer:
        return None
    return isinstance(op, ast.Gt | ast.GtE) if older else isinstance(op, ast.Lt | ast.LtE)


def _platform(op: ast.cmpop, bound: object) -> bool | None:
    named = {bound} if isinstance(bound, str) else set(bound) if isinstance(bound, tuple | list | set) else set()
    if {"linux", "darwin", "win32"} <= named or {"posix", "nt"} <= named or {"Linux", "Darwin", "Windows"} <= named:
        return isinstance(op, ast.In)
    if named and not named & _SYSTEMS and isinstance(op, ast.Eq | ast.NotEq):
        return isinstance(op, ast.NotEq)
    return None


def _evaluated(node: ast.expr | None) -> bool | None:
    """Compute what has no name, call or attribute in it."""
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, ast.Lambda | ast.GeneratorExp | ast.Name):
        return True if not isinstance(node, ast.Name) else False if node.id == "TYPE_CHECKING" else None
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = literal(node.left), literal(node.comparators[0])
        return None if ... in (left, right) else _holds(left, node.ops[0], right)
    amount = number(node) if isinstance(node, ast.UnaryOp | ast.BinOp) else None
    return None if amount is None else bool(amount)


def _holds(left: Any, op: ast.cmpop, right: Any) -> bool | None:  # noqa: ANN401 - literals of any kind
    same = left is right if None in (left, right) else left == right
    known = {ast.Eq: left == right, ast.NotEq: left != right, ast.Is: same, ast.IsNot: not same}
    if type(op) in known:
        return bool(known[type(op)])
    tests = {ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__", ast.GtE: "__ge__"}
    try:
        if isinstance(op, ast.In | ast.NotIn):
            return (left in right) is isinstance(op, ast.In)
        found = getattr(left, tests[type(op)])(right)
    except (AttributeError, KeyError, TypeError):
        return None
    return None if found is NotImplemented else bool(found)
