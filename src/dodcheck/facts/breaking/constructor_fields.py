"""Parameters of a constructor that a class gets from its fields: dataclasses, attrs, NamedTuple, pydantic, msgspec."""

import ast
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dodcheck.facts.code.parsing import expression
from dodcheck.facts.code.writing import written

if TYPE_CHECKING:
    import griffe

_MODEL = re.compile(r"(BaseModel|BaseSettings|SQLModel|Struct)$")
_BY_KEYWORD = re.compile(r"(BaseModel|BaseSettings|SQLModel)$")
_TABLE = re.compile(r"^(dataclass|dataclasses\.dataclass|attrs?\.\w+|define|frozen|mutable|s|attrs)$")
_FIELD = re.compile(r"^(?:\w+\.)*(field|ib|attrib|Field|mapped_column|Factory|Relationship)\(")


def base_names(one: "griffe.Class") -> list[str]:
    """Return the last part of the name of each base; what a call makes has none."""
    names = (str(base).partition("[")[0].strip().rpartition(".")[2] for base in one.bases)
    return [name for name in names if "(" not in name]


def constructor_fields(one: "griffe.Class") -> list["griffe.Parameter"]:
    """Return the parameters of the constructor, in order; none where fields make none."""
    import griffe  # noqa: PLC0415 - see GriffeModules

    tables = [str(d.value) for d in one.decorators if _TABLE.match(str(d.value).partition("(")[0])]
    model = any(_MODEL.search(base) for base in base_names(one))
    if not (tables or model or "NamedTuple" in base_names(one)):
        return []
    by_name = any(_BY_KEYWORD.search(base) for base in base_names(one)) or str(one.keywords.get("kw_only")) == "True"
    by_name = by_name or any(re.search(r"kw_only\s*=\s*True", text) for text in tables)
    found: list[griffe.Parameter] = []
    for name, member in one.members.items():
        if not isinstance(member, griffe.Attribute) or name.startswith("__") or "property" in member.labels:
            continue
        by_name = by_name or str(member.annotation).endswith("KW_ONLY")
        if _is_field(member, tables=bool(tables)):
            found.append(_parameter(member, name if model else name.lstrip("_"), by_name=by_name))
    return found


def _is_field(member: "griffe.Attribute", *, tables: bool) -> bool:
    annotation, value = str(member.annotation or ""), str(member.value or "")
    if "ClassVar" in annotation or "KW_ONLY" in annotation or member.name == "model_config":
        return False
    declared = member.annotation is not None or (tables and bool(_FIELD.match(value)))
    return declared and not re.search(r"\binit\s*=\s*False", value)


def _parameter(member: "griffe.Attribute", name: str, *, by_name: bool) -> "griffe.Parameter":
    import griffe  # noqa: PLC0415 - see GriffeModules

    value = "" if member.value is None else str(member.value)
    alone = by_name or bool(re.search(r"\bkw_only\s*=\s*True", value))
    kind = griffe.ParameterKind.keyword_only if alone else griffe.ParameterKind.positional_or_keyword
    return griffe.Parameter(name, annotation=str(member.annotation or ""), kind=kind, default=_default(value))


def _default(value: str) -> str | None:
    """Return a field's default; of a call of `field` only what it says of a default."""
    if not _FIELD.match(value):
        return value or None
    call = expression(value)
    given: Mapping[str | None, ast.expr] = {k.arg: k.value for k in call.keywords} if isinstance(call, ast.Call) else {}
    for key in ("default", "default_factory", "factory"):
        if key in given:
            return written(given[key])
    first = call.args[0] if isinstance(call, ast.Call) and call.args else None
    return None if first is None or written(first) == "..." else written(first)
