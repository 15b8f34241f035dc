"""Operations of a Django migration, under the names that the models have."""

import ast
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.django_fields import DjangoField, field_of, is_field
from dodcheck.facts.schema.expressions import flag, keywords_of, last_name
from dodcheck.facts.schema.literal_texts import list_of, loosely
from dodcheck.facts.schema.operations import Kind, Operation
from dodcheck.facts.schema.raw_sql import statements

_KINDS: Mapping[str, Kind] = {
    "CreateModel": "create table", "DeleteModel": "drop table", "RenameModel": "rename table",
    "AddField": "add column", "RemoveField": "drop column", "AlterField": "alter column",
    "RenameField": "rename column", "AddIndex": "create index", "AddIndexConcurrently": "create index",
    "RemoveIndex": "drop index", "RemoveIndexConcurrently": "drop index", "RenameIndex": "create index",
    "AddConstraint": "create constraint", "RemoveConstraint": "drop constraint",
    "AlterUniqueTogether": "create constraint", "AlterIndexTogether": "create index",
    "AlterModelTable": "table options", "AlterModelOptions": "state", "AlterModelManagers": "state",
    "AlterOrderWithRespectTo": "table options", "RunPython": "code",
}  # fmt: skip
_POSITIONS = {
    "RenameModel": ("old_name", "new_name"), "AddField": ("model_name", "name", "field"),
    "RemoveField": ("model_name", "name"), "AlterField": ("model_name", "name", "field"),
    "RenameField": ("model_name", "old_name", "new_name"), "CreateModel": ("name", "fields", "options"),
    "AddIndex": ("model_name", "index"), "RemoveIndex": ("model_name", "name"),
    "AddConstraint": ("model_name", "constraint"), "RemoveConstraint": ("model_name", "name"),
    "AlterUniqueTogether": ("name", "unique_together"), "AlterIndexTogether": ("name", "index_together"),
    "RunPython": ("code", "reverse_code"), "RunSQL": ("sql", "reverse_sql", "state_operations"),
    "SeparateDatabaseAndState": ("database_operations", "state_operations"), "RenameIndex": ("model_name", "new_name"),
}  # fmt: skip


def django_operations(listed: ast.expr, tree: ast.Module, app: str) -> Iterator[Operation]:
    """Yield the operations of a list of them.

    Args:
        listed: The list.
        tree: The migration's module.
        app: Label of the application.
    """
    if isinstance(listed, ast.BinOp):
        yield from django_operations(listed.left, tree, app)
        yield from django_operations(listed.right, tree, app)
        return
    for node in getattr(listed, "elts", []):
        if isinstance(node, ast.Call):
            yield from _operation(node, tree, app)


def _operation(node: ast.Call, tree: ast.Module, app: str) -> Iterator[Operation]:
    name = last_name(node.func)
    positions = _POSITIONS.get(name, ("name",))
    given = dict(zip(positions, node.args, strict=False)) | keywords_of(node)
    if name == "SeparateDatabaseAndState":
        if "database_operations" in given:
            yield from django_operations(given["database_operations"], tree, app)
        if "state_operations" in given:
            seen = django_operations(given["state_operations"], tree, app)
            yield from (replace(one, state_only=True) for one in seen)
    elif name == "RunSQL":
        texts = [given.get("sql")]
        yield from (one for text in texts for one in statements(loosely(text, {}), node.lineno))
        if "state_operations" in given:
            yield from django_operations(given["state_operations"], tree, app)
    elif name == "RunPython":
        code = given.get("code")
        function = next(
            (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == last_name(code or node)), None
        )
        reverse = "" if "reverse_code" in given else "irreversible"
        yield Operation("code", name=reverse, text=written(function or node)[:4000], line=node.lineno)
    elif name in _KINDS:
        yield _known(name, given, node, app)
    else:
        yield Operation("code", text=written(node)[:400], line=node.lineno)


def _known(name: str, given: Mapping[str, ast.expr], node: ast.Call, app: str) -> Operation:
    on_model = name in {"CreateModel", "DeleteModel", "AlterUniqueTogether", "AlterIndexTogether", "AlterModelTable"}
    model = _text(given.get("old_name" if name == "RenameModel" else "name" if on_model else "model_name"))
    table = (f"{app}.{model.lower()}",) if model else ()
    kind = _KINDS[name]
    if name == "RenameModel":
        return Operation(kind, table, name=f"{app}.{_text(given.get('new_name')).lower()}", line=node.lineno)
    if name == "RenameField":
        return Operation(kind, table, (_text(given.get("old_name")),), _text(given.get("new_name")), line=node.lineno)
    if name == "CreateModel":
        return _model(kind, table, given, node)
    if kind in {"add column", "alter column", "drop column"}:
        return _on_field(kind, table, _text(given.get("name")), given, node)
    if kind in {"create index", "create constraint"}:
        return _index(kind, table, given, node)
    return Operation(kind, table, name=_text(given.get("name")), line=node.lineno)


def _model(kind: Kind, table: tuple[str, ...], given: Mapping[str, ast.expr], node: ast.Call) -> Operation:
    pairs = [one.elts for one in getattr(given.get("fields"), "elts", []) if isinstance(one, ast.Tuple) and one.elts]
    fields = [field_of("", _text(p[0]), p[1]) for p in pairs if p[1:] and isinstance(p[1], ast.Call) and is_field(p[1])]
    inline = [columns for one in fields for columns in _inline(one)]
    options = given.get("options")
    for key, value in zip(options.keys, options.values, strict=True) if isinstance(options, ast.Dict) else ():
        name = _text(key)
        if name in {"indexes", "constraints", "unique_together", "index_together"}:
            inline += _groups(value) if name.endswith("together") else _parts(value)
    return Operation(kind, table, tuple(_text(p[0]) for p in pairs), line=node.lineno, inline=tuple(inline))


def _inline(field: DjangoField) -> tuple[tuple[str, ...], ...]:
    return tuple(i.columns for i in field.indexes) + tuple(k.columns for k in field.foreign_keys)


def _groups(together: ast.expr | None) -> tuple[tuple[str, ...], ...]:
    rows = [row for row in getattr(together, "elts", []) if getattr(row, "elts", None)]
    return tuple(found for row in rows if (found := list_of(row, {})))


def _parts(listed: ast.expr) -> list[tuple[str, ...]]:
    """Return the columns of each index or constraint of a list."""
    calls = [one for one in getattr(listed, "elts", []) if isinstance(one, ast.Call)]
    return [found for one in calls if (found := list_of(keywords_of(one).get("fields"), {}))]


def _on_field(
    kind: Kind, table: tuple[str, ...], name: str, given: Mapping[str, ast.expr], node: ast.Call
) -> Operation:
    field = given.get("field")
    if not isinstance(field, ast.Call) or not is_field(field):
        return Operation(kind, table, (name,), line=node.lineno)
    keywords = keywords_of(field)
    read = field_of("", name, field)
    many = read.column.type.startswith(("ManyToMany", "ParentalManyToMany"))
    told = {"default", "db_default", "auto_now", "auto_now_add"} & keywords.keys()
    text_may_be_blank = flag(keywords.get("blank")) and "Char" in read.column.type
    return Operation(
        kind,
        table,
        (name,),
        attributes=("type", "nullable", "server default", "primary key"),
        strict=not read.column.nullable and not many,
        filled=bool(told) or text_may_be_blank or "Auto" in read.column.type,
        line=node.lineno,
        inline=_inline(read),
    )


def _index(kind: Kind, table: tuple[str, ...], given: Mapping[str, ast.expr], node: ast.Call) -> Operation:
    inner = given.get("index") or given.get("constraint")
    together = given.get("unique_together") or given.get("index_together")
    keywords = keywords_of(inner) if isinstance(inner, ast.Call) else {}
    columns = list_of(keywords.get("fields"), {}) or ()
    name = _text(keywords.get("name")) or _text(given.get("new_name"))
    return Operation(kind, table, columns, name, line=node.lineno, inline=_groups(together))


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
