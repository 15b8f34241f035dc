"""Sites in strings: regular expressions and SQL."""

import ast
import re

from dodcheck.facts.code.names import Names
from dodcheck.facts.code.walking import walk

_LONG = 25
_CALLS = {
    f"{module}.{name}"
    for module in ("re", "regex")
    for name in ("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
}
_INTRICATE = re.compile(r"\(\?<?[=!]|(?<!\\)\\[1-9]|\(\?P=")
_INNER = re.compile(r"(?:(?<![\\\[])#|--|/\*)\s*(\w.*)")
_VERB = re.compile(
    r"^\s*(?:with\s+\w+[^;]*?\bas\s*\(|(?:select|insert\s+into|update|delete\s+from|merge\s+into)\s)", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"\b(?:where|(?:(?:left|right|inner|outer|cross|full)\s+)*join|group\s+by|having|order\s+by|union(?:\s+all)?"
    r"|intersect|except|over\s*\(|on\s+conflict|on\s+duplicate|returning|limit|case\s+when)\b|\bwith\s+(?=\w+\s+as\s*\()",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:from|into|set)\s", re.IGNORECASE)
_CLAUSES = 3


def is_intricate_regex(node: ast.AST, names: Names) -> bool:
    """A pattern of 25 characters or more, or one that looks around or back."""
    if not (isinstance(node, ast.Call) and node.args and names.of(node.func) in _CALLS):
        return False
    pattern = _text(node.args[0])
    return len(pattern) >= _LONG or bool(_INTRICATE.search(pattern))


def is_long_query(node: ast.AST, names: Names) -> bool:
    """SQL of three clauses or more, what is selected from where being one."""
    del names
    if not isinstance(node, ast.Constant | ast.JoinedStr):
        return False
    query = _text(node)
    if not (_VERB.match(query) and _FROM.search(query)):
        return False
    return 1 + len(_CLAUSE.findall(query)) >= _CLAUSES


def inner_comments(node: ast.AST) -> str:
    """Return the comments that a verbose pattern or a query of several lines carries itself, joined."""
    text = max((_text(part) for part in walk(node)), key=len, default="")
    return " ".join(_INNER.findall(text)) if "\n" in text else ""


def _text(node: ast.AST) -> str:
    """Return the fixed parts of a string expression, joined."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "x" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return ""
