"""Column types of SQLAlchemy in one spelling, and the members of enumerations that the database knows."""

import ast
import re
from typing import NamedTuple

from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.definitions import Definitions

_LIBRARIES = ("sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector")
_SAME = {
    "VARCHAR": "String", "Unicode": "String", "AutoString": "String", "TEXT": "Text", "UnicodeText": "Text",
    "INTEGER": "Integer", "INT": "Integer", "BIGINT": "BigInteger", "SMALLINT": "SmallInteger", "BOOLEAN": "Boolean",
    "FLOAT": "Float", "NUMERIC": "Numeric", "DECIMAL": "Numeric", "DATETIME": "DateTime", "DATE": "Date",
    "TIMESTAMP": "DateTime", "TIME": "Time", "UUID": "Uuid", "BLOB": "LargeBinary", "BYTEA": "LargeBinary",
}  # fmt: skip
_PYTHON = {
    "str": "String", "int": "Integer", "bool": "Boolean", "float": "Float", "bytes": "LargeBinary",
    "Decimal": "Numeric", "datetime": "DateTime", "date": "Date", "time": "Time", "timedelta": "Interval",
    "UUID": "Uuid", "datetime.datetime": "DateTime", "datetime.date": "Date", "uuid.UUID": "Uuid",
    "decimal.Decimal": "Numeric", "UUID4": "Uuid", "pydantic.UUID4": "Uuid", "datetime.time": "Time",
}  # fmt: skip
UNKNOWN = "?"
_CLASS_NAME = re.compile(r"[A-Z]+[a-z]\w*|[A-Z0-9]+")
_NO_DDL = {"as_uuid", "none_as_null", "astext_type", "values_callable", "asdecimal", "cache_ok", "validate_strings"}
_PREFIX = re.compile(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")
_ENUM_BASES = ("Enum", "StrEnum", "IntEnum", "IntFlag", "Flag", "TextChoices", "IntegerChoices")


class ColumnType(NamedTuple):
    """A type, with what the database knows of an enumeration."""

    text: str
    members: tuple[str, ...] = ()
    enum: str = ""


def bare(text: str) -> str:
    """Return code without the modules in front of its names and without empty calls."""
    return _PREFIX.sub("", text).removesuffix("()")


def string_of(definitions: Definitions, path: str, node: ast.expr | None) -> str | None:
    """Return the text that an expression stands for: a literal, or a constant of the project."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    found = definitions.find(path, node) if isinstance(node, ast.Name | ast.Attribute) else None
    if found and isinstance(found.node, ast.Constant) and isinstance(found.node.value, str):
        return found.node.value
    return None


def is_enum(definitions: Definitions, path: str, node: ast.ClassDef, left: int = 4) -> bool:
    """Tell whether a class is an enumeration, also by way of another class of the project."""
    for base in node.bases:
        if definitions.scope(path).origin(base).rpartition(".")[2] in _ENUM_BASES:
            return True
        found = definitions.find(path, base) if left else None
        if found and isinstance(found.node, ast.ClassDef) and is_enum(definitions, found.path, found.node, left - 1):
            return True
    return False


def members_of(node: ast.ClassDef, *, values: bool = False) -> tuple[str, ...]:
    """Return the members of an enumeration: their names, or the source of their values."""
    found = []
    for one in node.body:
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
            name = one.targets[0].id
            if not name.startswith("_"):
                value = one.value.value if isinstance(one.value, ast.Constant) else written(one.value)
                found.append(str(value) if values else name)
    return tuple(found)


class TypeReader:
    """Reads types in the modules of one side.

    Args:
        definitions: Where names are defined.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def declared(self, path: str, node: ast.expr) -> ColumnType:
        """Return the type that an expression like `String(50)` declares."""
        callee = node.func if isinstance(node, ast.Call) else node
        name = bare(written(callee))
        if isinstance(node, ast.Call) and name in {"as_mutable", "partial"} and node.args:
            return self.declared(path, node.args[0])
        if isinstance(node, ast.Call) and name == "with_variant" and isinstance(callee, ast.Attribute):
            plain = self.declared(path, callee.value)
            return plain._replace(text=f"{plain.text}+{','.join(self.declared(path, a).text for a in node.args[:1])}")
        if isinstance(node, ast.Call) and (name in {"Enum", "ENUM"} or self._origin(path, callee).endswith(".Enum")):
            return self._enum(path, node)
        return self._plain(path, node, callee, name)

    def annotated(self, path: str, node: ast.expr) -> ColumnType:
        """Return the type that a Python annotation stands for; unknown ones start with `~`."""
        text = written(node)
        if text in _PYTHON:
            return ColumnType(_PYTHON[text])
        found = self._definitions.find(path, node)
        if found and isinstance(found.node, ast.ClassDef) and is_enum(self._definitions, found.path, found.node):
            return ColumnType("Enum", members_of(found.node), found.node.name.lower())
        return ColumnType(f"~{bare(text)}")

    def _plain(self, path: str, node: ast.expr, callee: ast.expr, name: str) -> ColumnType:
        found = self._definitions.find(path, callee)
        if found and isinstance(found.node, ast.expr) and not isinstance(found.node, ast.Name | ast.Attribute):
            return self.declared(found.path, found.node)  # a constant that holds a type
        if found and isinstance(found.node, ast.ClassDef):
            name = self._implementation(found.path, found.node) or name
        if found is None and not isinstance(node, ast.Call) and not _CLASS_NAME.fullmatch(name) and name not in _SAME:
            return ColumnType(f"{UNKNOWN}{name}")  # a variable that is bound by code
        ours = found is not None or not self._origin(path, callee).startswith(_LIBRARIES)
        arguments = self._arguments(path, node, numbers_only=ours) if isinstance(node, ast.Call) else ""
        short = _SAME.get(name, name)
        return ColumnType(f"{short}({arguments})" if arguments else short)

    def _implementation(self, path: str, node: ast.ClassDef) -> str:
        """Return the type that a TypeDecorator of the project is stored as."""
        for one in node.body:
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and one.targets[0].id == "impl":
                return self.declared(path, one.value).text
        return next((text for base in node.bases if (text := self._inherited(path, base))), "")

    def _inherited(self, path: str, base: ast.expr) -> str:
        found = self._definitions.find(path, base)
        return self._implementation(found.path, found.node) if found and isinstance(found.node, ast.ClassDef) else ""

    def _arguments(self, path: str, node: ast.Call, *, numbers_only: bool) -> str:
        told = []
        for keyword, value in [(None, a) for a in node.args] + [(k.arg, k.value) for k in node.keywords]:
            if keyword in _NO_DDL or (numbers_only and not isinstance(value, ast.Constant)):
                continue
            text = self._argument(path, value)
            told.append(text if keyword in (None, "length") else f"{keyword}={text}")
        return ", ".join(told)

    def _argument(self, path: str, value: ast.expr) -> str:
        found = self._definitions.find(path, value) if isinstance(value, ast.Name | ast.Attribute) else None
        constant = found.node if found and isinstance(found.node, ast.Constant) else None
        if constant is None and isinstance(value, ast.Name | ast.Call | ast.Attribute):
            return self.declared(path, value).text
        return bare(written(constant or value))

    def _enum(self, path: str, node: ast.Call) -> ColumnType:
        keywords = {k.arg: k.value for k in node.keywords}
        native = keywords.get("native_enum")
        if isinstance(native, ast.Constant) and native.value is False:
            return ColumnType("String")
        name = string_of(self._definitions, path, keywords.get("name")) or ""
        first = node.args[0] if node.args else None
        found = self._definitions.find(path, first) if first else None
        if found and isinstance(found.node, ast.ClassDef):
            members = members_of(found.node, values="values_callable" in keywords)
            return ColumnType("Enum", members, name or found.node.name.lower())
        literals = tuple(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
        return ColumnType("Enum", literals, name)

    def _origin(self, path: str, callee: ast.expr) -> str:
        return self._definitions.scope(path).origin(callee)
