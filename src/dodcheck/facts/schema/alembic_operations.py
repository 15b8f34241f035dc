"""Operations of an Alembic migration, through batches, loops over literals and functions of the module."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from dodcheck.facts.code.walking import children
from dodcheck.facts.code.writing import written
from dodcheck.facts.schema.expressions import called, keywords_of
from dodcheck.facts.schema.literal_texts import Texts, list_of, looped, loosely, texts_of
from dodcheck.facts.schema.operations import Kind, Operation
from dodcheck.facts.schema.raw_sql import statements

_DEEPEST = 4
_NO_DEFAULT = (None, False)
_KINDS: Mapping[str, Kind] = {
    "create_table": "create table", "drop_table": "drop table", "rename_table": "rename table",
    "add_column": "add column", "drop_column": "drop column", "alter_column": "alter column",
    "create_index": "create index", "drop_index": "drop index",
    "create_unique_constraint": "create constraint", "create_check_constraint": "create constraint",
    "create_primary_key": "create constraint", "create_exclude_constraint": "create constraint",
    "create_foreign_key": "create foreign key", "drop_constraint": "drop constraint",
}  # fmt: skip
_ENUM_CALLS = {"sync_enum_values", "add_enum_value", "alter_enum", "replace_enum"}


class OperationReader:
    """Reads operations of one migration.

    Args:
        tree: Its syntax tree.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
        self._known: dict[str, Texts] = {}
        for one in tree.body:
            self._known |= _assigned(one, self._known)

    def of(self, function: str) -> Iterator[Operation]:
        """Yield the operations of a function of the module, those of functions that it calls included."""
        node = self._functions.get(function)
        if node is not None:
            yield from self._body(node.body, dict(self._known), {}, _DEEPEST)

    def _body(
        self, body: Sequence[ast.stmt], known: dict[str, Texts], batches: Mapping[str, Texts], left: int
    ) -> Iterator[Operation]:
        for one in body:
            known |= _assigned(one, known)
            inner, tables = known, batches
            if isinstance(one, ast.For):
                inner = dict(looped(one.target, one.iter, known))
            elif isinstance(one, ast.With):
                tables = {**batches, **dict(_batches(one, known))}
            for node in _calls(one):
                yield from self._call(node, inner, tables, left)
            for name in ("body", "orelse", "finalbody"):
                yield from self._body(getattr(one, name, []), dict(inner), tables, left)
            for handler in getattr(one, "handlers", ()):
                yield from self._body(handler.body, dict(inner), tables, left)

    def _call(
        self, node: ast.Call, known: dict[str, Texts], batches: Mapping[str, Texts], left: int
    ) -> Iterator[Operation]:
        name = called(node)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        batch = batches.get(owner.id) if isinstance(owner, ast.Name) else None
        if name in _KINDS and owner is not None:
            found = _operation(name, node, known, batch)
            several = texts_of(node.args[0], known) if found.name and node.args and name.startswith("drop") else None
            yield from (replace(found, name=one) for one in several or (found.name,))
        elif name in {"execute", "exec_driver_sql", "execute_sql"}:
            yield from self._executed(node, known)
        elif name in _ENUM_CALLS:
            yield Operation("enum", text=written(node), line=node.lineno)
        elif name == "bulk_insert":
            yield Operation("code", text=written(node)[:200], line=node.lineno)
        elif isinstance(node.func, ast.Name) and name in self._functions and left:
            function = self._functions[name]
            bound = _bound(function, node, known)
            yield from self._body(function.body, {**known, **bound}, batches, left - 1)

    @staticmethod
    def _executed(node: ast.Call, known: Mapping[str, Texts]) -> Iterator[Operation]:
        first = node.args[0] if node.args else None
        text = loosely(first, known)
        whole = texts_of(first, known)
        if whole is None and not text:
            yield Operation("code", text=written(node)[:400], line=node.lineno)
        elif whole is None and not _is_text(first):
            yield Operation("code", text=f"{written(node)[:400]} {text}", line=node.lineno)
        else:
            yield from statements(text, node.lineno)


def _is_text(node: ast.expr | None) -> bool:
    inner = node.args[0] if isinstance(node, ast.Call) and called(node) == "text" and node.args else node
    return isinstance(inner, ast.JoinedStr | ast.Constant | ast.BinOp)


def _operation(name: str, node: ast.Call, known: Mapping[str, Texts], batch: Texts | None) -> Operation:
    keywords = keywords_of(node)
    arguments = list(node.args)
    kind = _KINDS[name]
    if kind.endswith(("index", "constraint", "foreign key")):
        return _named(name, kind, node, known, batch)
    table = batch
    if table is None:
        told = arguments.pop(0) if arguments else keywords.get("table_name") or keywords.get("old_table_name")
        table = texts_of(told, known) or ()
    line = node.lineno
    if name == "rename_table":
        new = texts_of(arguments[0] if arguments else keywords.get("new_table_name"), known) or ("",)
        return Operation(kind, table, name=new[0], line=line)
    if name == "create_table":
        columns = [a for a in arguments if called(a) == "Column" and isinstance(a, ast.Call)]
        names = [n for a in columns for n in texts_of(a.args[0] if a.args else None, known) or ()]
        return Operation(kind, table, tuple(names), line=line, inline=tuple(_inline(arguments, known)))
    if name == "add_column":
        return _added(table, arguments[0] if arguments else keywords.get("column"), known, line)
    if name == "alter_column":
        return _altered(table, arguments, keywords, known, line)
    column = texts_of(arguments[0] if arguments else keywords.get("column_name"), known) if name != "drop_table" else ()
    return Operation(kind, table, column or (), line=line)


def _added(table: Texts, column: ast.expr | None, known: Mapping[str, Texts], line: int) -> Operation:
    if not isinstance(column, ast.Call):
        return Operation("add column", table, line=line)
    keywords = keywords_of(column)
    names = texts_of(column.args[0] if column.args else keywords.get("name"), known) or ()
    strict = _is(keywords.get("nullable"), value=False)
    filled = "server_default" in keywords or any(called(a) in {"Identity", "Computed"} for a in column.args)
    inline = tuple(_inline([column], known))
    return Operation("add column", table, names, strict=strict, filled=filled, line=line, inline=inline)


def _altered(
    table: Texts, arguments: Sequence[ast.expr], keywords: Mapping[str, ast.expr], known: Mapping[str, Texts], line: int
) -> Operation:
    names = texts_of(arguments[0] if arguments else keywords.get("column_name"), known) or ()
    new = texts_of(keywords.get("new_column_name"), known)
    if new or "name" in keywords:
        renamed = (new or texts_of(keywords.get("name"), known) or ("",))[0]
        return Operation("rename column", table, names, renamed, line=line)
    told = {"nullable": "nullable", "type_": "type", "server_default": "server default"}
    attributes = tuple(word for key, word in told.items() if key in keywords)
    default = keywords.get("server_default")
    filled = default is not None and not (isinstance(default, ast.Constant) and default.value in _NO_DEFAULT)
    strict = _is(keywords.get("nullable"), value=False)
    return Operation("alter column", table, names, attributes=attributes, strict=strict, filled=filled, line=line)


def _named(name: str, kind: Kind, node: ast.Call, known: Mapping[str, Texts], batch: Texts | None) -> Operation:
    keywords = keywords_of(node)
    arguments = list(node.args)
    named_by = next((keywords[k] for k in ("index_name", "constraint_name", "name") if k in keywords), None)
    first = arguments.pop(0) if arguments else named_by
    own = (texts_of(first, known) or ("",))[0]
    table = batch
    if table is None:
        by = next((keywords[k] for k in ("table_name", "source_table", "source") if k in keywords), None)
        told = arguments.pop(0) if arguments and by is None else by
        table = texts_of(told, known) or ()
    if name == "create_foreign_key" and arguments:
        arguments.pop(0)  # the table that it refers to
    listed = next(
        (keywords[k] for k in ("columns", "local_cols") if k in keywords), arguments[0] if arguments else None
    )
    columns = tuple(_columns(listed, known)) if not name.startswith("drop") else ()
    return Operation(kind, table, columns, own, line=node.lineno)


def _columns(node: ast.expr | None, known: Mapping[str, Texts]) -> Iterator[str]:
    if isinstance(node, ast.List | ast.Tuple):
        for one in node.elts:
            yield from texts_of(one, known) or (written(one),)
    elif node is not None:
        yield from list_of(node, known) or ()


def _inline(arguments: Sequence[ast.expr], known: Mapping[str, Texts]) -> Iterator[tuple[str, ...]]:
    for one in arguments:
        if not isinstance(one, ast.Call):
            continue
        name, keywords = called(one), keywords_of(one)
        if name == "Column":
            own = texts_of(one.args[0] if one.args else None, known) or ()
            marked = any(_is(keywords.get(key), value=True) for key in ("unique", "index"))
            if marked or any(called(a) == "ForeignKey" for a in one.args):
                yield own
        elif name in {"UniqueConstraint", "PrimaryKeyConstraint"}:
            yield tuple(t for a in one.args for t in texts_of(a, known) or ())
        elif name in {"ForeignKeyConstraint", "Index"} and len(one.args) > 1:
            columns = one.args[:1] if name == "ForeignKeyConstraint" else one.args[1:]
            yield tuple(t for a in columns for t in list_of(a, known) or ())


def _batches(node: ast.With, known: Mapping[str, Texts]) -> Iterator[tuple[str, Texts]]:
    for item in node.items:
        call = item.context_expr
        if (
            isinstance(call, ast.Call)
            and called(call) == "batch_alter_table"
            and isinstance(item.optional_vars, ast.Name)
        ):
            told = call.args[0] if call.args else keywords_of(call).get("table_name")
            yield item.optional_vars.id, texts_of(told, known) or ()


def _calls(one: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls of a statement's own expressions, without those of the statements inside it."""
    stack: list[ast.AST] = [one]
    while stack:
        node = stack.pop(0)
        for child in children(node):
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                continue
            if isinstance(child, ast.Call):
                yield child
            stack.append(child)


def _assigned(one: ast.stmt, known: Mapping[str, Texts]) -> dict[str, Texts]:
    target = one.targets[0] if isinstance(one, ast.Assign) else one.target if isinstance(one, ast.AnnAssign) else None
    value = one.value if isinstance(one, ast.Assign | ast.AnnAssign) else None
    found = list_of(value, known) if isinstance(target, ast.Name) else None
    return {target.id: found} if isinstance(target, ast.Name) and found else {}


def _bound(function: ast.FunctionDef, call: ast.Call, known: Mapping[str, Texts]) -> dict[str, Texts]:
    names = [a.arg for a in function.args.args]
    given = dict(zip(names, call.args, strict=False)) | keywords_of(call)
    return {name: found for name, node in given.items() if (found := list_of(node, known))}


def _is(node: ast.expr | None, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
