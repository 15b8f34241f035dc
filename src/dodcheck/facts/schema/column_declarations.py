"""What one column of SQLAlchemy or SQLModel declares."""

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.column_types import ColumnType, TypeReader, bare, string_of
from dodcheck.facts.schema.definitions import Definitions
from dodcheck.facts.schema.expressions import (
    called,
    flag,
    inside_mapped,
    is_optional,
    keywords_of,
    last_name,
    literal_dict,
    without_none,
)
from dodcheck.facts.schema.values import Column, ForeignKey, Index

COLUMN_CALLS = {"mapped_column", "Column"}
_WRAPPERS = {"deferred", "column_property"}
_NO_COLUMN = {
    "relationship", "Relationship", "association_proxy", "synonym", "composite", "query_expression", "PrivateAttr",
    "dynamic_loader", "backref", "hybrid_property", "viewonly", "AssociationProxy", "WriteOnlyMapped", "DynamicMapped",
}  # fmt: skip
_CONSTRAINTS = {"ForeignKey", "Computed", "Identity", "Sequence", "CheckConstraint", "FetchedValue"}


class Declared(NamedTuple):
    """A column, with what it adds to its table."""

    column: Column
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[str, ...] = ()


class ColumnReader:
    """Reads columns in the modules of one side.

    Args:
        definitions: Where names are defined.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._types = TypeReader(definitions)

    def call(self, path: str, node: ast.Call, attribute: str = "", annotation: ast.expr | None = None) -> Declared:
        """Return what `Column(...)` or `mapped_column(...)` declares.

        Args:
            path: The file.
            node: The call.
            attribute: The Python name that it is bound to; the column's, unless it says another.
            annotation: What stands inside `Mapped[...]`.
        """
        keywords = keywords_of(node)
        named = string_of(self._definitions, path, node.args[0]) if node.args else None
        arguments = node.args[1:] if named is not None else node.args
        name = string_of(self._definitions, path, keywords.get("name")) or named or attribute
        inner = without_none(annotation)
        kind = self._type(path, arguments, keywords, inner)
        key = flag(keywords.get("primary_key"))
        nullable = _nullable(keywords, key=key, annotation=annotation)
        default = self._server_default(path, arguments, keywords)
        column = Column(name, kind.text, nullable, key, default, kind.members, kind.enum, "", node.lineno, path)
        references = tuple(self._reference(path, a, name) for a in arguments if called(a) == "ForeignKey")
        checks = tuple(
            written(a.args[0])
            for a in arguments
            if called(a) == "CheckConstraint" and isinstance(a, ast.Call) and a.args
        )
        return Declared(column, _indexes(name, keywords), references, checks)

    def mapped(self, path: str, attribute: str, annotation: ast.expr, value: ast.expr | None) -> Declared | None:
        """Return what `x: Mapped[T] = ...` declares; None for relationships and what is no column."""
        inner = inside_mapped(annotation)
        if inner is None:
            return None
        if value is not None:
            call = _column_call(value)
            return self.call(path, call, attribute, inner) if call else None
        found = self._definitions.find(path, inner)
        if found and isinstance(found.node, ast.Subscript) and last_name(found.node.value) == "Annotated":
            return self._alias(found.path, attribute, found.node)
        if isinstance(inner, ast.Subscript) and last_name(inner.value) == "Annotated":
            return self._alias(path, attribute, inner)
        kind = self._types.annotated(path, without_none(inner) or inner)
        column = Column(attribute, kind.text, is_optional(inner), members=kind.members, enum=kind.enum)
        return Declared(msgspec.structs.replace(column, line=inner.lineno, path=path))

    def classic(self, path: str, attribute: str, value: ast.expr) -> Declared | None:
        """Return what `x = Column(...)` declares; None when it is no column."""
        call = _column_call(value)
        return self.call(path, call, attribute) if call else None

    def sqlmodel(self, path: str, attribute: str, annotation: ast.expr, value: ast.expr | None) -> Declared | None:
        """Return what a field of a SQLModel table declares; None for what is no column."""
        if attribute.startswith("_") or last_name(getattr(annotation, "value", annotation)) == "ClassVar":
            return None
        call = value if isinstance(value, ast.Call) else None
        name = called(call) if call else ""
        if name in _NO_COLUMN:
            return None
        keywords = keywords_of(call) if call and name == "Field" else {}
        own = keywords.get("sa_column")
        if isinstance(own, ast.Call):
            return self.call(path, own, attribute)
        inner = without_none(annotation) or annotation
        kind = self._sqlmodel_type(path, inner, keywords)
        key = flag(keywords.get("primary_key"))
        extra = literal_dict(keywords.get("sa_column_kwargs"))
        nullable = _nullable({**extra, **keywords}, key=key, annotation=annotation)
        default = self._server_default(path, (), extra)
        column = Column(
            attribute, kind.text, nullable, key, default, kind.members, kind.enum, "", annotation.lineno, path
        )
        target = string_of(self._definitions, path, keywords.get("foreign_key"))
        on = f"ondelete={bare(written(keywords['ondelete']))}".replace("'", "") if "ondelete" in keywords else ""
        references = (ForeignKey((attribute,), target, on),) if target else ()
        return Declared(column, _indexes(attribute, keywords), references)

    def _sqlmodel_type(self, path: str, inner: ast.expr, keywords: Mapping[str, ast.expr]) -> ColumnType:
        if "sa_type" in keywords:
            return self._types.declared(path, keywords["sa_type"])
        kind = self._types.annotated(path, inner)
        longest = keywords.get("max_length")
        if kind.text == "String" and isinstance(longest, ast.Constant):
            return kind._replace(text=f"String({written(longest)})")
        return kind

    def _alias(self, path: str, attribute: str, node: ast.Subscript) -> Declared | None:
        """`Annotated[int, mapped_column(primary_key=True)]`."""
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        call = next((found for part in parts[1:] if (found := _column_call(part))), None)
        if call:
            return self.call(path, call, attribute, parts[0])
        kind = self._types.annotated(path, without_none(parts[0]) or parts[0])
        column = Column(attribute, kind.text, is_optional(parts[0]), members=kind.members, enum=kind.enum)
        return Declared(msgspec.structs.replace(column, line=node.lineno, path=path))

    def _type(
        self, path: str, arguments: list[ast.expr], keywords: Mapping[str, ast.expr], inner: ast.expr | None
    ) -> ColumnType:
        explicit = keywords.get("type_") or keywords.get("type")
        positional = [a for a in arguments if called(a) not in _CONSTRAINTS and not isinstance(a, ast.Starred)]
        if explicit is None and positional:
            explicit = positional[0]
        if explicit is not None:
            return self._types.declared(path, explicit)
        if inner is not None:
            return self._types.annotated(path, inner)
        return ColumnType("~")  # taken from the column that it refers to

    def _server_default(self, path: str, arguments: Sequence[ast.expr], keywords: Mapping[str, ast.expr]) -> str:
        parts = [bare(written(a)) for a in arguments if called(a) in {"Computed", "Identity"}]
        node = keywords.get("server_default")
        if node is not None and not (isinstance(node, ast.Constant) and node.value is None):
            inner = node.args[0] if isinstance(node, ast.Call) and called(node) == "text" and node.args else node
            text = string_of(self._definitions, path, inner)
            parts.append(text if text is not None else bare(written(inner)))
        return " ".join(part for part in parts if not part.startswith("FetchedValue"))

    def _reference(self, path: str, node: ast.expr, column: str) -> ForeignKey:
        call = node if isinstance(node, ast.Call) else None
        target = call.args[0] if call and call.args else None
        text = string_of(self._definitions, path, target) or (written(target) if target else "")
        return ForeignKey((column,), text, actions_of(call) if call else "")


def actions_of(call: ast.Call) -> str:
    """Return what a foreign key does on deletes and updates."""
    told = [
        f"{k.arg}={written(k.value).strip(chr(39))}"
        for k in call.keywords
        if k.arg in {"ondelete", "onupdate"} and not (isinstance(k.value, ast.Constant) and k.value.value is None)
    ]
    return " ".join(sorted(told))


def _column_call(node: ast.expr) -> ast.Call | None:
    if not isinstance(node, ast.Call):
        return None
    name = called(node)
    if name in COLUMN_CALLS:
        return node
    return _column_call(node.args[0]) if name in _WRAPPERS and node.args else None


def _indexes(name: str, keywords: Mapping[str, ast.expr]) -> tuple[Index, ...]:
    index, unique = flag(keywords.get("index")), flag(keywords.get("unique"))
    return (Index((name,), unique, constraint=unique and not index),) if index or unique else ()


def _nullable(keywords: Mapping[str, ast.expr], *, key: bool, annotation: ast.expr | None) -> bool:
    said = keywords.get("nullable")
    if isinstance(said, ast.Constant):
        return bool(said.value)
    if key:
        return False
    return is_optional(annotation) if annotation is not None else True
