"""What an assignment does: to a variable, an attribute, a column, or some rows."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from dodcheck.facts.ml.flow_expressions import Expressions
from dodcheck.facts.ml.flow_frames import Frame
from dodcheck.facts.ml.flow_parts import Parts, name_rows
from dodcheck.facts.ml.flow_values import NOTHING, Part, Rows, Value, spread
from dodcheck.facts.ml.flow_words import LOADERS, NAMED_PARTS, TAKING, part_named
from dodcheck.facts.ml.leak_ledger import Ledger


class Stores:
    """The meaning of assignments.

    Args:
        ledger: Where splits are noted.
        parts: The parts of splits.
        expressions: The meaning of expressions.
    """

    def __init__(self, ledger: Ledger, parts: Parts, expressions: Expressions) -> None:
        self._ledger = ledger
        self._parts = parts
        self._expressions = expressions

    def split_by_names(self, target: ast.expr, node: ast.Assign, value: Value, frame: Frame) -> Value:
        """Read a call that nobody can look into as a split where the variables say that it is one."""
        if not isinstance(target, ast.Tuple) or value.items is not None or not isinstance(node.value, ast.Call):
            return value
        names = [part_named(one.id) if isinstance(one, ast.Name) else None for one in target.elts]
        is_split = {"train", "test"} <= {*names} and value.rows and not any(one.part for one in value.rows)
        if not is_split:
            return value
        place = frame.place(node.value)
        self._ledger.split([value], place, "nobody can tell how it splits")
        parts: Sequence[Part | None] = names
        return Value(items=tuple(self._parts.of(value, one, place, named=True) if one else value for one in parts))

    def store(self, target: ast.expr, value: Value, node: ast.stmt, frame: Frame) -> None:
        """Put the value of an assignment into its target."""
        if isinstance(target, ast.Tuple | ast.List):
            values = spread(value, len(target.elts))
            inner = node.value.elts if isinstance(getattr(node, "value", None), ast.Tuple) else None  # type: ignore[attr-defined]
            for at, one in enumerate(target.elts):
                source = inner[at] if inner is not None and at < len(inner) else None
                self._store_one(one, values[at], source, node, frame)
        else:
            self._store_one(target, value, getattr(node, "value", None), node, frame)

    def _store_one(self, target: ast.expr, value: Value, source: ast.expr | None, node: ast.stmt, frame: Frame) -> None:
        name = _last_name(target)
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Tuple | ast.List):
            for one, its in zip(target.elts, spread(value, len(target.elts)), strict=True):
                self._store_one(one, its, None, node, frame)
            return
        if name and source is not None and (selects_rows(source) or self._masks(source, frame)):
            value = self._parts.by_name(value, name, frame.place(node))
        elif name and not value.every_row and isinstance(source, ast.Call) and part_named(name) and _is_data(value):
            rows = frozenset({Rows(frame.place(source), part_named(name), named=True)})
            value = replace(value, rows=rows, thing=None)
        if name:
            key = source.slice if isinstance(source, ast.Subscript) else None
            known = frame.held if part_named(name) and self._computes(source, frame) else frozenset()
            name_rows(value, name, known, by_key=isinstance(key, ast.Constant) and key.value == "test")
        self._put(target, value, frame)

    def _computes(self, node: ast.expr | None, frame: Frame) -> bool:
        """Tell whether something is computed from rows that are handed over, not taken out of them."""
        func = node.func if isinstance(node, ast.Call) else None
        if not isinstance(func, ast.Attribute):
            return func is not None
        return func.attr not in TAKING or not self._expressions.value(func.value, frame).every_row

    def _masks(self, node: ast.expr, frame: Frame) -> bool:
        return isinstance(node, ast.Subscript) and self._expressions.value(node.slice, frame).index

    def _put(self, target: ast.expr, value: Value, frame: Frame) -> None:
        if isinstance(target, ast.Name):
            frame.variables[target.id] = value
            return
        owner = self._expressions.value(target.value, frame) if isinstance(target, ast.Attribute) else NOTHING
        if isinstance(target, ast.Attribute) and owner.thing is not None:
            owner.thing.attributes[target.attr] = value
        elif isinstance(target, ast.Attribute | ast.Subscript):
            self.alter(target.value, value, frame)

    def alter(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Let the rows of a variable take in what is put into one of its columns or rows."""
        root = target
        while isinstance(root, ast.Subscript | ast.Attribute | ast.Call):
            inner = root.func if isinstance(root, ast.Call) else root.value
            holder = self._expressions.value(inner, frame) if isinstance(root, ast.Attribute) else NOTHING
            if isinstance(root, ast.Attribute) and holder.thing is not None and root.attr in holder.thing.attributes:
                break
            root = inner
        known = self._expressions.value(root, frame)
        if known.thing is not None and (known.thing.name or known.thing.code):
            return
        altered = replace(
            known,
            rows=known.rows or value.every_row,
            stains=known.stains | value.every_stain | value.all_told,
            fields=None,
            items=None,
        )
        if isinstance(root, ast.Name | ast.Attribute):
            self._put(root, altered, frame)


def _is_data(value: Value) -> bool:
    """Tell whether nothing speaks against a value being rows: it is no object, or a loader or dataset of torch."""
    return value.thing is None or bool(LOADERS.search(value.thing.name))


def selects_rows(node: ast.expr) -> bool:
    """Tell whether an expression takes some of the rows of something: a slice, a mask, a sample."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in NAMED_PARTS or selects_rows(node.func.value)
    if isinstance(node, ast.Attribute):
        return selects_rows(node.value)
    if not isinstance(node, ast.Subscript):
        return False
    index = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    if isinstance(index, ast.Slice | ast.Compare | ast.BinOp | ast.UnaryOp):
        whole = isinstance(index, ast.Slice) and index.lower is None and index.upper is None
        return not whole or selects_rows(node.value)
    located = isinstance(node.value, ast.Attribute) and node.value.attr in {"loc", "iloc"}
    return located or selects_rows(node.value)


def written_name(node: ast.expr) -> str:
    """Return the last name of a dotted expression."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _last_name(node: ast.expr) -> str:
    return written_name(node.value if isinstance(node, ast.Starred) else node)
