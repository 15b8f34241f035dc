"""The rows of parametrised tests and of the tables that tests loop over."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dodcheck.facts.suites.folding import text_of
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest

_CONTAINERS = (ast.List, ast.Tuple, ast.Set, ast.Dict)


class Row(NamedTuple):
    """One row: its values, its marks, its line."""

    values: tuple[str, ...]
    marks: tuple[ast.expr, ...]
    node: ast.expr


class Rows(NamedTuple):
    """The rows of one `parametrize`, or of one table."""

    names: str
    rows: tuple[Row, ...]

    def counted(self) -> Counter[tuple[str, ...]]:
        """Count the rows by their values."""
        return Counter(one.values for one in self.rows)


def rows_of(test: SuiteTest) -> Iterator[Rows]:
    """Yield the parametrisations of a test whose values are written out, in the decorator or in a table of the file."""
    for mark in test.marks:
        if not isinstance(mark, ast.Call) or not text_of(mark.func).endswith("parametrize"):
            continue
        given = {one.arg: one.value for one in mark.keywords if one.arg}
        names = mark.args[0] if mark.args else given.get("argnames")
        values = mark.args[1] if len(mark.args) > 1 else given.get("argvalues")
        found = _listed(values, test.module)
        if names is not None and found is not None:
            yield Rows(_names(names), tuple(map(_row, found)))


def tables_of(module: SuiteModule, known: str) -> Mapping[str, Rows]:
    """Return the tables of a file: names of the module that are bound to a literal list, tuple, set or dict.

    Args:
        module: The file.
        known: Text of the other side; a table that stands in it as it is here is left out.
    """
    used = {name: value for name, value in module.tables.items() if _differs(value, module, known)}
    tables = {name: _listed(value, module) for name, value in used.items()}
    return {name: Rows(name, tuple(map(_row, found))) for name, found in tables.items() if found is not None}


def _differs(value: ast.expr, module: SuiteModule, known: str) -> bool:
    lines = "\n".join(module.lines[value.lineno - 1 : value.end_lineno])
    return isinstance(value, _CONTAINERS) and lines not in known


def _listed(node: ast.expr | None, module: SuiteModule) -> list[ast.expr] | None:
    if isinstance(node, ast.Name):
        node = module.tables.get(node.id)
    if isinstance(node, ast.Call) and len(node.args) == 1 and text_of(node.func) in {"list", "tuple", "sorted", "set"}:
        node = node.args[0]
    if isinstance(node, ast.Call) and text_of(node.func).endswith(".items") and isinstance(node.func, ast.Attribute):
        return _listed(node.func.value, module)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _listed(node.left, module), _listed(node.right, module)
        return left + right if left is not None and right is not None else None
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [ast.Tuple([key, value], ast.Load()) for key, value in pairs if key is not None]
    if isinstance(node, ast.List | ast.Tuple | ast.Set) and not any(isinstance(one, ast.Starred) for one in node.elts):
        return list(node.elts)
    return None


def _names(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return ",".join(part.strip() for part in str(node.value).split(","))
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return ",".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def _row(node: ast.expr) -> Row:
    marks: tuple[ast.expr, ...] = ()
    values: list[ast.expr] = [node]
    if isinstance(node, ast.Call) and text_of(node.func).rpartition(".")[2] == "param":
        marks = tuple(one.value for one in node.keywords if one.arg == "marks")
        values = node.args
    elif isinstance(node, ast.Tuple | ast.List):
        values = node.elts
    return Row(tuple(map(text_of, values)), marks, node)
