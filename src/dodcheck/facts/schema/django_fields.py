"""What a field of a Django model declares; migrations hold the same calls."""

import ast
from typing import NamedTuple

from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.column_types import bare
from dodcheck.facts.schema.expressions import flag, keywords_of, last_name
from dodcheck.facts.schema.values import Column, ForeignKey, Index

RELATIONS = {"ForeignKey", "OneToOneField", "TreeForeignKey", "ParentalKey", "ParentalManyToManyField"}
_NOT_FIELDS = {"GenericForeignKey", "GenericRelation", "RestrictedGenericForeignKey"}
_STATE = {
    "help_text", "verbose_name", "choices", "default", "blank", "validators", "related_name", "editable", "on_delete",
    "limit_choices_to", "related_query_name", "error_messages", "auto_now", "auto_now_add", "swappable", "storage",
    "upload_to", "auto_created", "serialize", "encoder", "parent_link", "through_fields", "symmetrical",
}  # fmt: skip
_HANDLED = {"null", "unique", "db_index", "primary_key", "db_default", "db_column", "to"}
_FIRST_IS_TEXT = {"to"}


class DjangoField(NamedTuple):
    """A field, with what it adds to its table."""

    column: Column
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()


def is_field(node: ast.expr | None) -> bool:
    """Tell whether an expression makes a field."""
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    return name not in _NOT_FIELDS and (name.endswith("Field") or name in RELATIONS)


def field_of(path: str, name: str, node: ast.Call) -> DjangoField:
    """Return what a field declares.

    Args:
        path: The file.
        name: The attribute that it is bound to.
        node: The call.
    """
    keywords = keywords_of(node)
    kind = last_name(node.func)
    target = _target(node, keywords) if kind in RELATIONS or kind.endswith(("ManyToManyField", "ForeignKey")) else ""
    key = flag(keywords.get("primary_key"))
    column = Column(
        name=name,
        type=_type(kind, target, keywords),
        nullable=flag(keywords.get("null")),
        primary_key=key,
        server_default=bare(written(keywords["db_default"])) if "db_default" in keywords else "",
        state=", ".join(f"{k}={written(v)}" for k, v in sorted(keywords.items()) if _is_state(k, v)),
        line=node.lineno,
        path=path,
    )
    unique = flag(keywords.get("unique")) or kind == "OneToOneField"
    indexed = flag(keywords.get("db_index"))
    indexes = (Index((name,), unique=unique, constraint=unique),) if unique or indexed else ()
    references = (ForeignKey((name,), target.lower()),) if target and not kind.endswith("ManyToManyField") else ()
    return DjangoField(column, indexes, references)


def _target(node: ast.Call, keywords: dict[str, ast.expr]) -> str:
    to = node.args[0] if node.args else keywords.get("to")
    if isinstance(to, ast.Constant) and isinstance(to.value, str):
        return to.value.rpartition(".")[2]
    return bare(written(to)) if to is not None else ""


def _is_state(key: str, value: ast.expr) -> bool:
    """Only Django knows of it; a function that a field is given is none of the database's business."""
    function = isinstance(value, ast.Lambda) or (isinstance(value, ast.Name) and value.id.islower())
    return key in _STATE or (function and key not in _HANDLED)


def _type(kind: str, target: str, keywords: dict[str, ast.expr]) -> str:
    told = [f"{k}={bare(written(v))}" for k, v in sorted(keywords.items()) if k not in _HANDLED and not _is_state(k, v)]
    if "db_column" in keywords:
        told.append(f"db_column={written(keywords['db_column'])}")
    if kind.endswith("ManyToManyField"):
        told.insert(0, target.lower())
    if kind in {"TreeForeignKey", "ParentalKey"}:
        kind = "ForeignKey"
    return f"{kind}({', '.join(told)})" if told else kind
