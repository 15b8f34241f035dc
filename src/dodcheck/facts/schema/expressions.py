"""Small readings of expressions: arguments, names, annotations that allow None."""

import ast

from dodcheck.facts.code.parsing import expression

_MAPPED = {"Mapped", "MappedColumn"}


def flag(node: ast.expr | None) -> bool:
    """Tell whether an argument is literally true."""
    return isinstance(node, ast.Constant) and bool(node.value)


def keywords_of(node: ast.Call) -> dict[str, ast.expr]:
    """Return the keyword arguments of a call."""
    return {k.arg: k.value for k in node.keywords if k.arg}


def literal_dict(node: ast.expr | None) -> dict[str, ast.expr]:
    """Return a literal dict with its keys as text; empty for anything else."""
    if not isinstance(node, ast.Dict):
        return {}
    return {str(k.value): v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant)}


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name; empty when it is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def called(node: ast.expr | None) -> str:
    """Return the last part of the name of what is called; empty when nothing is."""
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def inside_mapped(annotation: ast.expr) -> ast.expr | None:
    """Return what stands inside `Mapped[...]`."""
    node = annotation
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = expression(node.value)
        except SyntaxError:
            return None
    return node.slice if isinstance(node, ast.Subscript) and last_name(node.value) in _MAPPED else None


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and ("|" in node.value or "[" in node.value):
        try:
            return _parts(expression(node.value))
        except SyntaxError:
            return [node]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_parts(node.left), *_parts(node.right)]
    if isinstance(node, ast.Subscript) and last_name(node.value) == "Optional":
        return [*_parts(node.slice), ast.Constant(None)]
    if isinstance(node, ast.Subscript) and last_name(node.value) == "Union" and isinstance(node.slice, ast.Tuple):
        return [part for one in node.slice.elts for part in _parts(one)]
    return [node]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_optional(annotation: ast.expr) -> bool:
    """Tell whether an annotation allows None."""
    return any(map(_is_none, _parts(annotation)))


def without_none(annotation: ast.expr | None) -> ast.expr | None:
    """Return an annotation without its None; as it is when more than one part is left."""
    kept = [part for part in _parts(annotation) if not _is_none(part)] if annotation is not None else []
    return kept[0] if len(kept) == 1 else annotation
