"""Syntax trees of code that the Python which runs dodcheck cannot parse, as JSON lines.

Started with `-I -S`: it parses text and imports nothing of the project. The first line
that it writes is this Python's version; then every line read, a JSON string with the
text of a module, is answered by one line:

    {"nodes": [[kind, position, {field: value}], ...], "kinds": {kind: [base, fields]}}
    {"problem": "why there is no tree", "line": 3}

The root is the last node; a position is [line, column, end line, end column] (columns
in UTF-8 bytes) or null; a value is null, true, false, a string, a list of values, or an
object: {"node": index}, {"int": "0x2a"}, {"float": "0.5"}, {"complex": ["0.0", "1.0"]},
{"bytes": "latin-1 text"}, {"ellipsis": true}.
"""

import ast
import json
import sys
import warnings
from typing import Any, Dict, List

_POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def _children_first(tree: ast.AST) -> List[ast.AST]:
    """Every node, children before parents; no recursion, for long sums are deep trees."""
    ordered = []  # type: List[ast.AST]
    stack = [tree]
    while stack:
        node = stack.pop()
        ordered.append(node)
        stack.extend(ast.iter_child_nodes(node))
    return ordered[::-1]


def _value(value: Any, places: Dict[int, int]) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, ast.AST):
        return {"node": places[id(value)]}
    if isinstance(value, (list, tuple)):
        return [_value(one, places) for one in value]
    if isinstance(value, int):
        return {"int": hex(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, complex):
        return {"complex": [repr(value.real), repr(value.imag)]}
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    return {"ellipsis": True}


def _encoded(tree: ast.AST) -> Dict[str, Any]:
    nodes = []  # type: List[Any]
    kinds = {}  # type: Dict[str, Any]
    places = {}  # type: Dict[int, int]
    for node in _children_first(tree):
        if id(node) in places:  # operators and contexts are shared
            continue
        kind = type(node).__name__
        if kind not in kinds:
            kinds[kind] = [type(node).__mro__[1].__name__, list(node._fields)]
        at = [getattr(node, name, None) for name in _POSITION] if hasattr(node, "lineno") else None
        fields = {name: _value(getattr(node, name, None), places) for name in node._fields}
        places[id(node)] = len(nodes)
        nodes.append([kind, at, fields])
    return {"nodes": nodes, "kinds": kinds}


def _answer(text: str) -> Dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _encoded(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"problem": str(getattr(error, "msg", None) or error), "line": getattr(error, "lineno", None) or 1}


def _write(line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    _write("%d.%d.%d" % sys.version_info[:3])
    for line in sys.stdin:
        _write(_answer(json.loads(line)))


if __name__ == "__main__":
    main()
