"""Tables that the models of a Django application declare."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Self

from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.column_types import bare
from dodcheck.facts.schema.definitions import Definitions
from dodcheck.facts.schema.django_fields import DjangoField, field_of, is_field
from dodcheck.facts.schema.expressions import flag, keywords_of, last_name
from dodcheck.facts.schema.table_arguments import columns_of, listed
from dodcheck.facts.schema.values import Index, Table

_MODEL_BASES = re.compile(
    r"^django\.(contrib\.gis\.)?db\.models(\.base)?\.Model$|^django\.contrib\.\w+(\.\w+)*\.(Abstract\w+|PermissionsMixin)$|(^|\.)MPTTModel$"
    r"|^(polymorphic|mptt|model_utils|django_extensions|wagtail|treebeard)\.[\w.]+$"
)
_META = ("unique_together", "index_together")
_TABLE_OPTIONS = ("db_table", "db_tablespace", "order_with_respect_to")


class Meta(NamedTuple):
    """What `class Meta` of a model says."""

    values: dict[str, ast.expr]

    @property
    def no_table(self) -> bool:
        """Abstract, proxy and unmanaged models have none of their own."""
        managed = self.values.get("managed")
        unmanaged = isinstance(managed, ast.Constant) and managed.value is False
        return unmanaged or flag(self.values.get("abstract")) or flag(self.values.get("proxy"))


class DjangoTables:
    """Reads models of one side; abstract bases are followed into other modules.

    Args:
        definitions: Where names are defined.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    @classmethod
    def of(cls, definitions: Definitions) -> Self:
        """Nothing is read yet."""
        return cls(definitions)

    def tables(self, path: str) -> Iterator[Table]:
        """Yield the tables of a file.

        Raises:
            ToolError: The file, or one that it takes a base class from, cannot be parsed.
        """
        for node in self._definitions.scope(path).tree.body:
            if isinstance(node, ast.ClassDef) and self.is_model(path, node) and not self._meta(path, node).no_table:
                yield self._table(path, node)

    def is_model(self, path: str, node: ast.ClassDef) -> bool:
        """Tell whether a class descends from Django's Model."""
        return any(self._is_base(at, base) for at, one in self._lineage(path, node) for base in one.bases)

    def own_columns(self, path: str, node: ast.ClassDef) -> frozenset[object]:
        """Return what the body of a class declares itself, for comparing abstract models."""
        if not self.is_model(path, node):
            return frozenset()
        return frozenset((f.column.name, f.column.type, f.column.nullable, f.indexes) for f in self._fields(path, node))

    def _fields(self, path: str, node: ast.ClassDef) -> Iterator[DjangoField]:
        constants = {name: value for name, value in _bound(node) if isinstance(value, ast.Constant)}
        for name, value in _bound(node):
            if isinstance(value, ast.Call) and is_field(value):
                settled = [ast.keyword(k.arg, self._constant(path, k.value, constants)) for k in value.keywords]
                call = ast.Call(value.func, value.args, settled)
                yield field_of(path, name, ast.copy_location(call, value))

    def _constant(self, path: str, node: ast.expr, known: Mapping[str, ast.expr]) -> ast.expr:
        """Return the constant that a name stands for; anything else as it is."""
        if not isinstance(node, ast.Name | ast.Attribute):
            return node
        own = known.get(node.id) if isinstance(node, ast.Name) else None
        found = None if own else self._definitions.find(path, node)
        return own or (found.node if found and isinstance(found.node, ast.Constant) else node)

    def _is_base(self, path: str, base: ast.expr) -> bool:
        return bool(_MODEL_BASES.search(self._definitions.scope(path).origin(base)))

    def _lineage(self, path: str, node: ast.ClassDef) -> Iterator[tuple[str, ast.ClassDef]]:
        queue, seen = [(path, node)], {(path, node.name)}
        while queue:
            at, one = queue.pop(0)
            yield at, one
            for base in one.bases:
                found = self._definitions.find(at, base)
                if found and isinstance(found.node, ast.ClassDef) and (found.path, found.node.name) not in seen:
                    seen.add((found.path, found.node.name))
                    queue.append((found.path, found.node))

    def _meta(self, path: str, node: ast.ClassDef) -> Meta:
        """Return a model's own Meta; what an abstract parent's says of indexes comes with its bases."""
        del path
        inner = next((one for one in node.body if isinstance(one, ast.ClassDef) and one.name == "Meta"), None)
        found: dict[str, ast.expr] = {}
        for one in inner.body if inner else ():
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                found[one.targets[0].id] = one.value
        return Meta(found)

    def _table(self, path: str, node: ast.ClassDef) -> Table:
        fields: dict[str, DjangoField] = {}
        lineage = list(self._lineage(path, node))
        inherited = [(p, n) for p, n in lineage[1:] if flag(self._meta(p, n).values.get("abstract"))]
        plain = [(p, n) for p, n in lineage[1:] if not self.is_model(p, n)]
        for at, one in reversed([(path, node), *inherited, *plain]):
            fields |= {f.column.name: f for f in self._fields(at, one)}
        meta = self._meta(path, node).values
        label = meta.get("app_label")
        app = label.value if isinstance(label, ast.Constant) and isinstance(label.value, str) else app_of(path)
        indexes = {i for f in fields.values() for i in f.indexes} | set(self._indexes(path, meta))
        checks = {
            _check(one) for one in listed_of(meta.get("constraints")) if last_name_called(one) == "CheckConstraint"
        }
        return Table(
            name=f"{app}.{node.name.lower()}",
            columns={name: f.column for name, f in fields.items()},
            indexes=frozenset(indexes),
            foreign_keys=frozenset(k for f in fields.values() for k in f.foreign_keys),
            checks=frozenset(checks),
            library="django",
            path=path,
            line=node.lineno,
            symbol=node.name,
            options=", ".join(f"{k}={written(meta[k])}" for k in _TABLE_OPTIONS if k in meta),
        )

    def _indexes(self, path: str, meta: dict[str, ast.expr]) -> Iterator[Index]:
        for option in _META:
            rows = listed_of(meta.get(option))
            groups = [listed(r) for r in rows if listed(r)] or ([rows] if rows else [])
            for group in groups:
                unique = option == "unique_together"
                yield Index(columns_of(self._definitions, path, group), unique=unique, constraint=unique)
        for node in [*listed_of(meta.get("indexes")), *listed_of(meta.get("constraints"))]:
            if isinstance(node, ast.Call) and last_name_called(node) != "CheckConstraint":
                yield django_index(self._definitions, path, node)


def django_index(definitions: Definitions, path: str, node: ast.Call) -> Index:
    """Read `models.Index(...)` or `models.UniqueConstraint(...)`."""
    keywords = keywords_of(node)
    columns = [*listed_of(keywords.get("fields")), *node.args]
    unique = last_name(node.func) == "UniqueConstraint"
    named = keywords.get("name")
    name = named.value if isinstance(named, ast.Constant) and isinstance(named.value, str) else ""
    where = bare(written(keywords["condition"])) if "condition" in keywords else ""
    return Index(columns_of(definitions, path, columns), unique, constraint=unique, name=name, where=where)


def app_of(path: str) -> str:
    """Return the label of the application that a models file stands in."""
    parts = path.split("/")[:-1]
    while parts and parts[-1] in {"models", "migrations"}:
        parts.pop()
    if "models" in parts:
        parts = parts[: parts.index("models")]
    return parts[-1].lower() if parts else ""


def listed_of(node: ast.expr | None) -> list[ast.expr]:
    """Return the elements of a literal list, tuple or set; none for anything else."""
    return listed(node) if node is not None else []


def last_name_called(node: ast.expr) -> str:
    """Return the last part of the name of what is called."""
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def _check(node: ast.expr) -> str:
    return bare(written(node))


def _bound(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Yield what the body of a class binds to names."""
    for one in node.body:
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
        value = one.value if isinstance(one, ast.Assign | ast.AnnAssign) else None
        if value is not None:
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
