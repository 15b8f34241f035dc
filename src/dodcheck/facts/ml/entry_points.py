"""Modules whose own statements train a model by way of their functions: they run as they are read."""

import ast
from collections.abc import Iterable, Iterator

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.walking import walk

_DEEPEST = 3  # from the statement to the function of an epoch to that of a step


def runs_at_once(tree: ast.Module, symbols: Iterable[str]) -> bool:
    """Tell whether what a module does when it is run or imported reaches a function that trains.

    Args:
        tree: The module.
        symbols: Qualified names of the functions with a call that trains.
    """
    training = {symbol.partition(".")[0] for symbol in symbols}
    own = {node.name: node for node in tree.body if isinstance(node, Function)}
    called = {name for node in tree.body if not isinstance(node, Definition) for name in _called(node)}
    for _ in range(_DEEPEST):
        called &= set(own)
        if not called.isdisjoint(training):
            return True
        called = {name for one in called for name in _called(own[one])}
    return False


def _called(node: ast.AST) -> Iterator[str]:
    return (one.func.id for one in walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name))
