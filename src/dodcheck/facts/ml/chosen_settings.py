"""Calls that are given no hyperparameter because a search, `set_params` or a parameter group chooses it."""

import ast
import re
from collections.abc import Iterator

from dodcheck.facts.code.scopes import Scope, ScopedModule
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written

_SEARCH = re.compile(r"\w*Search(CV)?|validation_curve")
_OWNED = {"set_params", "load_model"}  # methods of what has its settings from there
_RATE = re.compile(r"['\"]lr['\"]|\blr=")
_DEEPEST = 3  # from the search to the pipeline to the estimator in it


def searched(source: ScopedModule) -> frozenset[ast.AST]:
    """Return the calls of a module whose result a search tries with other settings.

    Args:
        source: The module; an estimator reaches the search in its arguments, or by the names in them.
    """
    names, found = set[str](), set[ast.AST]()
    for node in (one.node for one in source.placed[ast.Call]):
        if isinstance(node, ast.Call) and _SEARCH.fullmatch(_last(node.func)):
            _take(node, names, found)
        elif isinstance(node, ast.Call) and _last(node.func) in _OWNED and isinstance(node.func, ast.Attribute):
            _take(node.func.value, names, found)
    bound = [(node, value) for node in walk(source.root.node) for value in _bound(node)] if names else []
    for _ in range(_DEEPEST):
        for node, value in bound:
            if not names.isdisjoint(_names(node)):
                _take(value, names, found)
    return frozenset(found)


def has_rate_of_its_own(params: ast.expr | None, scope: Scope) -> bool:
    """Tell whether what an optimizer is given has parameter groups with a learning rate each."""
    here: Scope | None = scope
    values = [params]
    while isinstance(params, ast.Name) and here is not None:
        values += [one.value for one in here.bound.get(params.id, ()) if isinstance(one.value, ast.expr)]
        here = here.parent
    return any(_RATE.search(written(one)) for one in values if one is not None)


def _take(node: ast.AST, names: set[str], found: set[ast.AST]) -> None:
    for one in walk(node):
        if isinstance(one, ast.Name):
            names.add(one.id)
        elif isinstance(one, ast.Call):
            found.add(one)


def _bound(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        yield node.value
    elif isinstance(node, ast.For):
        yield node.iter


def _names(node: ast.AST) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.For) else []
    return (one.id for target in targets for one in walk(target) if isinstance(one, ast.Name))


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
