"""What one assertion claims, in a form in which two of them can be compared."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dodcheck.facts.suites.folding import literal, text_of, truth
from dodcheck.facts.suites.tolerances import Tolerance, deviation, tolerance_of
from dodcheck.patterns import pattern

# How much of a value each relation pins down. The order is what `weakening` compares; only its steps matter.
RANKS: Mapping[str, int] = {
    "raises": 6, "warns": 6, "==": 6, "is": 6, "falsy": 6, "not called": 6, "called once with": 6,
    "approx": 5, "call": 5, "called with": 5, "snapshot": 5, "logs": 5,
    "in": 4, "contains": 4, "matches": 4, "called": 3, "calls": 4,
    "<": 3, "<=": 3, ">": 3, ">=": 3, "!=": 3, "not in": 3, "excludes": 3,
    "isinstance": 2, "or": 2, "implicit": 1, "is not": 1, "truthy": 1, "constant": 0,
}  # fmt: skip

_OPS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_OPPOSITE = {
    "==": "!=", "!=": "==", "is": "is not", "is not": "is", "in": "not in", "not in": "in", "<": ">=", ">=": "<",
    ">": "<=", "<=": ">", "truthy": "falsy", "falsy": "truthy", "contains": "excludes", "excludes": "contains",
}  # fmt: skip
_MIRRORED = {"==": "==", "!=": "!=", "is": "is", "is not": "is not", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
# Calls that compare their first two arguments; names without their module or `self`.
_PAIRS: Mapping[str, str] = {
    "assertNotEqual": "!=", "assertNotEquals": "!=", "assertIs": "is", "assertIsNot": "is not", "assertIn": "in",
    "assertNotIn": "not in", "assertGreater": ">", "assertGreaterEqual": ">=", "assertLess": "<",
    "assertLessEqual": "<=", "assertCountEqual": "==", "assertItemsEqual": "==", "assertRegex": "matches",
    "assertAlmostEqual": "approx", "assertAlmostEquals": "approx", "assert_allclose": "approx",
    "assert_almost_equal": "approx", "assert_array_almost_equal": "approx", "assert_approx_equal": "approx",
    "assert_close": "approx", "assertIsInstance": "isinstance", "assert_equal": "==", "assert_array_equal": "==",
    "assertContains": "contains", "assertNotContains": "excludes", "assertNotIsInstance": "!=",
}  # fmt: skip
_EQUAL = pattern(r"assert_?\w*(Equals?|_equal)$")
_CONDITIONS = {
    "allclose": "approx", "isclose": "approx", "array_equal": "==", "array_equiv": "==", "isinstance": "isinstance",
    "issubclass": "isinstance", "hasattr": "isinstance", "equals": "==", "startswith": "matches",
    "endswith": "matches", "match": "matches", "search": "matches",
}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """One thing that a test holds its subject to.

    Args:
        relation: Key of `RANKS`.
        subject: What is looked at, as text.
        expected: What it is held against, as text; may be empty.
        node: The assertion in the tree.
        tolerance: What an approximate comparison allows.
        parts: Of a claim that is met in several ways: each of them.
        detail: Of an expected exception: the pattern that its message must match.
        sides: Syntax trees of subject and expected value.
    """

    relation: str
    subject: str
    expected: str = ""
    node: ast.AST = field(default_factory=ast.Pass, repr=False, compare=False)
    tolerance: Tolerance = (0.0, 0.0)
    parts: tuple["Claim", ...] = ()
    detail: str = ""
    sides: tuple[ast.AST, ...] = field(default=(), repr=False, compare=False)

    @property
    def rank(self) -> int:
        """How much it pins down."""
        return RANKS[self.relation]

    @property
    def line(self) -> int:
        """1-based line."""
        return getattr(self.node, "lineno", 1)

    @property
    def text(self) -> str:
        """The assertion as a person would read it, shortened."""
        whole = text_of(self.node).split("\n")[0].removeprefix("assert ")
        return whole if len(whole) <= 80 else f"{whole[:77]}..."  # noqa: PLR2004 - a line of a report


def claims_of(condition: ast.expr, node: ast.AST, *, holds: bool = True) -> Iterator[Claim]:
    """Yield what is claimed by saying that a condition holds, or that it does not.

    Args:
        condition: The condition.
        node: The assertion that it stands in.
        holds: Whether it is said to hold.
    """
    if isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Not):
        yield from claims_of(condition.operand, node, holds=not holds)
    elif isinstance(condition, ast.NamedExpr):
        yield from claims_of(condition.value, node, holds=holds)
    elif isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And) == holds:
        for part in condition.values:
            yield from claims_of(part, node, holds=holds)
    elif isinstance(condition, ast.BoolOp | ast.IfExp) and truth(condition) is None:
        ways = condition.values if isinstance(condition, ast.BoolOp) else [condition.body, condition.orelse]
        parts = tuple(one for part in ways for one in claims_of(part, node, holds=holds))
        yield Claim("or", text_of(condition), "", node, parts=parts, sides=tuple(ways))
    elif truth(condition) is not None:
        yield Claim("constant" if truth(condition) is holds else "call", text_of(condition), "", node)
    elif isinstance(condition, ast.Compare):
        lefts = [condition.left, *condition.comparators]
        for left, op, right in zip(lefts, condition.ops, condition.comparators, strict=False):
            yield _turned(compared(left, _OPS[type(op)], right, node), holds=holds)
    elif isinstance(condition, ast.Call):
        yield _turned(_predicate(condition, node), holds=holds)
    else:
        yield _turned(_plain("truthy", condition, node), holds=holds)


def compared(left: ast.expr, relation: str, right: ast.expr, node: ast.AST) -> Claim:
    """Return the claim of a comparison: literals on the right, tolerances read, idioms of one meaning made one."""
    if relation in _MIRRORED and _is_value(left) and not _is_value(right):
        left, right, relation = right, left, _MIRRORED[relation]
    if relation == "in" and _is_value(left) and not isinstance(right, ast.Tuple | ast.List | ast.Set):
        return Claim("contains", text_of(right), text_of(left), node, sides=(right, left))
    if relation == "not in" and _is_value(left):
        return Claim("excludes", text_of(right), text_of(left), node, sides=(right, left))
    if isinstance(right, ast.Call) and _called(right) == "approx" and right.args and relation == "==":
        sides = (left, right.args[0])
        return Claim("approx", text_of(left), text_of(sides[1]), node, tolerance_of(right), sides=sides)
    rounded = deviation(left, relation, right)
    if rounded:
        first, second, tolerance = rounded
        return Claim("approx", text_of(first), text_of(second), node, tolerance, sides=(first, second))
    return _idiom(left, relation, right, node) or Claim(
        relation, text_of(left), text_of(right), node, sides=(left, right)
    )


def call_claims(call: ast.Call, node: ast.AST) -> Iterator[Claim]:
    """Yield what a call claims that is named like an assertion: unittest's, numpy's, or a helper's."""
    name, args = _called(call), call.args
    if name in {"assertTrue", "assert_", "failUnless"} and args:
        yield from claims_of(args[0], node)
    elif name in {"assertFalse", "failIf"} and args:
        yield from claims_of(args[0], node, holds=False)
    elif name in {"assertIsNone", "assertIsNotNone"} and args:
        yield compared(args[0], "is" if name == "assertIsNone" else "is not", ast.Constant(None), node)
    elif (name in _PAIRS or _EQUAL.match(name)) and len(args) > 1 and not _stars(args):
        relation = _PAIRS.get(name, "==")
        if relation == "approx":
            yield _about(args[0], args[1], node, tolerance_of(call))
        else:
            yield compared(args[0], relation, args[1], node)
    else:
        shown = ", ".join(text_of(arg) for arg in args)
        yield Claim("call", f"{name}({shown})", "", node, sides=(call,))


def _predicate(call: ast.Call, node: ast.AST) -> Claim:
    relation = _CONDITIONS.get(_called(call))
    owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    args = call.args if len(call.args) > 1 else [*owner, *call.args]
    if relation is None or len(args) < 2 or _stars(args):  # noqa: PLR2004 - a pair
        return _plain("truthy", call, node)
    if relation == "approx":
        return _about(args[0], args[1], node, tolerance_of(call))
    left, right = (args[1], args[0]) if _called(call) in {"match", "search"} else (args[0], args[1])
    if relation in _OPPOSITE:
        return compared(left, relation, right, node)
    return Claim(relation, text_of(left), text_of(right), node, sides=(left, right))


def _about(left: ast.expr, right: ast.expr, node: ast.AST, tolerance: Tolerance) -> Claim:
    first, second = (right, left) if _is_value(left) and not _is_value(right) else (left, right)
    return Claim("approx", text_of(first), text_of(second), node, tolerance, sides=(first, second))


def _plain(relation: str, subject: ast.expr, node: ast.AST) -> Claim:
    return Claim(relation, text_of(subject), "", node, sides=(subject,))


def _turned(claim: Claim, *, holds: bool) -> Claim:
    if holds:
        return claim
    relation = _OPPOSITE.get(claim.relation, "!=")
    return Claim(relation, claim.subject, claim.expected, claim.node, sides=claim.sides)


def _idiom(left: ast.expr, relation: str, right: ast.expr, node: ast.AST) -> Claim | None:
    """Read `x is True`, `x == []`, `len(x) == 0` and `len(x) > 0` as `x` and `not x`."""
    value = literal(right)
    if relation in {"!=", "=="} and value is None:
        return Claim("is" if relation == "==" else "is not", text_of(left), "None", node, sides=(left, right))
    if relation in {"==", "is"} and isinstance(value, bool):
        return _plain("truthy" if value else "falsy", left, node)
    if relation == "==" and value in ([], {}, (), ""):
        return _plain("falsy", left, node)
    if isinstance(left, ast.Call) and _called(left) == "len" and left.args:
        if (relation, value) in {("==", 0), ("<", 1)}:
            return _plain("falsy", left.args[0], node)
        if (relation, value) in {(">", 0), (">=", 1), ("!=", 0)}:
            return _plain("truthy", left.args[0], node)
    return None


def _called(call: ast.Call) -> str:
    return text_of(call.func).rpartition(".")[2]


def _is_value(node: ast.expr) -> bool:
    return literal(node) is not ... or (isinstance(node, ast.Name) and node.id.isupper())


def _stars(args: Sequence[ast.expr]) -> bool:
    return any(isinstance(arg, ast.Starred) for arg in args)
