"""What is said for a suppression: on its line, above it, or on a neighbour with the same order."""

import ast
import re

from dodcheck.facts.code.parsing import parsed
from dodcheck.facts.suppressions.suppression_comments import CommentedFile, Directive
from dodcheck.facts.suppressions.suppressions import Suppression

_WORDS = re.compile(r"[^\W\d_]{3,}|[^\W\d_a-zA-Z]+")
_REFERENCE = re.compile(r"https?://|(?:^|\s)(?:#|gh-?|bpo-?|issue )\d+", re.IGNORECASE)
_REEXPORTS = {"f401", "f403", "f405", "unused-import", "wildcard-import", "unused-wildcard-import"}
_EMPTY = (  # what says only that something is silenced
    "noqa nosec type types typing ignore ignored ignoring lint linter linting mypy ruff flake pylint pyright bandit "
    "black isort error errors warning warnings disable disabled suppress suppressed silence silenced skip skipped todo "
    "fixme xxx hack fix fixed later needed required necessary because okay happy make makes shut quiet the this that "
    "here line for now and not are was has intentional intentionally pragma cover coverage branch checker check checks "
    "please temporary temp temporarily workaround hide stop don rule just"
)
_EMPTY_WORDS = frozenset(_EMPTY.split())


def reason(one: Suppression, file: CommentedFile) -> str:
    """Return what is said for a suppression; empty when nothing is."""
    comment = one.comment
    told = [comment.rest, _block(file, comment.line, -1), _above(file, comment.first_line, one.directive)]
    if one.alone:
        told.append(_block(file, comment.line, 1))
    return next((text.strip(" -:;,.()–—") for text in told if is_reason(text)), "")


def is_reason(text: str) -> bool:
    """Tell whether a text gives a reason: a reference, or a word that says more than that something is silenced."""
    words = {word.lower() for word in _WORDS.findall(text)}
    return bool(_REFERENCE.search(text) or words - _EMPTY_WORDS) and not _is_code(text)


def speaks_for_itself(one: Suppression) -> bool:
    """Tell whether an order needs no reason: a package hands on what it imports, a comment hides its own style."""
    order = one.directive
    if one.alone:
        return order.tool == "noqa" and bool(one.comment.rest)
    return one.path.endswith(("/__init__.py", "/__init__.pyi")) and bool(order.codes) and {*order.codes} <= _REEXPORTS


def _above(file: CommentedFile, line: int, directive: Directive) -> str:
    one = file.by_line.get(line - 1)
    if one is None or one.alone:
        return _block(file, line, -1)
    if not any(other.tool == directive.tool and other.codes == directive.codes for other in one.directives):
        return ""
    return one.rest if is_reason(one.rest) else _above(file, one.first_line, directive)


def _block(file: CommentedFile, line: int, step: int) -> str:
    lines: list[str] = []
    one = file.by_line.get(line + step)
    while one is not None and one.alone:
        lines.append(one.rest)
        one = file.by_line.get(one.line + step)
    return " ".join(filter(None, lines[::step]))


def _is_code(text: str) -> bool:
    try:
        body = parsed(text.strip(" -:;,.")).body
    except (SyntaxError, ValueError):
        return False
    return not all(isinstance(one, ast.Expr) and isinstance(one.value, ast.Name | ast.BinOp) for one in body)
