"""What is wrong with migrations whatever the models say: order, edits of published ones, undoing another table."""

from collections.abc import Iterator, Sequence

from dodcheck.facts.schema.changed_migrations import ChangedMigration
from dodcheck.facts.schema.migration_graph import MigrationGraph, Node
from dodcheck.facts.schema.operations import Migration, Operation
from dodcheck.verdict import Finding


def order_faults(changed: Sequence[ChangedMigration], base: MigrationGraph, head: MigrationGraph) -> Iterator[Finding]:
    """Yield forks, unknown parents and ids used twice that the change brings.

    Args:
        changed: The migrations of the change.
        base: The order at base.
        head: The order at head.
    """
    ours = {one.path for one in changed if one.head is not None and one.what in {"added", "edited"}}
    for folder in sorted({path.rpartition("/")[0] for path in ours}):
        home = _home(folder, head)
        nodes = {node.path: node for node in head.nodes(home)}
        yield from _fork(home, base.heads(home), head.heads(home), ours)
        for path in sorted(ours & nodes.keys()):
            node = nodes[path]
            for parent in head.missing(node, home):
                words = f"migration {node.revision} comes after {parent}, which is no migration of this repository"
                yield Finding(words, path, 1, code="unknown-parent", fix="set it to the present head")
            for twin in head.twins(node, home):
                words = f"revision {node.revision} is that of {twin} as well"
                if twin not in {one.base_path for one in changed}:
                    yield Finding(words, path, 1, code="same-revision", fix="give it an id of its own")


def _home(folder: str, graph: MigrationGraph) -> str:
    """Migrations may stand in folders by year: their order is that of the folder above."""
    nodes = graph.nodes(folder)
    known = {node.revision for node in nodes}
    above = folder.rpartition("/")[0]
    roots = [node for node in nodes if set(node.parents) - known]
    if roots and above and any(set(root.parents) & {n.revision for n in graph.nodes(above)} for root in roots):
        return above
    return folder


def _fork(folder: str, before: list[Node], after: list[Node], ours: set[str]) -> Iterator[Finding]:
    mine = [node for node in after if node.path in ours]
    if len(after) < 2 or len(after) <= max(len(before), 1) or not mine:  # noqa: PLR2004 - one head is right
        return
    remedy = "python manage.py makemigrations --merge" if _is_django(mine[0]) else "alembic merge heads"
    names = ", ".join(sorted(node.revision for node in after))
    words = f"{folder} has {len(after)} heads: {names}"
    fix = f"let {mine[0].revision} come after the other, or join them: {remedy}"
    yield Finding(words, mine[0].path, 1, code="two-heads", fix=fix)


def _is_django(node: Node) -> bool:
    return node.revision == node.path.rpartition("/")[2].removesuffix(".py")


def edits(changed: Sequence[ChangedMigration]) -> Iterator[ChangedMigration]:
    """Yield the migrations that base has, and that do something else at head; mending a way back is no harm."""
    for one in changed:
        if one.what == "edited" and one.base and one.head and _acts(one.base) != _acts(one.head):
            yield one


def _acts(migration: Migration) -> tuple[object, ...]:
    return migration.revision, migration.parents, tuple(map(_without_line, migration.upgrade))


def alters_code_alone(one: ChangedMigration) -> bool:
    """Tell whether only the code that an edited migration runs differs: the schema that it leaves is the same."""
    if one.base is None or one.head is None:
        return False
    after = {
        side.parents for side in (one.base, one.head) if side.tool != "django"
    }  # Django's are known of merges only
    acts = {tuple(map(_without_line, _schema(side))) for side in (one.base, one.head)}
    return one.base.revision == one.head.revision and len(after) <= 1 and len(acts) == 1


def _schema(migration: Migration) -> tuple[Operation, ...]:
    return tuple(one for one in migration.upgrade if one.kind != "code")


def _without_line(operation: Operation) -> tuple[object, ...]:
    return (
        operation.kind, operation.tables, operation.columns, operation.name, operation.attributes, operation.strict,
        operation.filled, " ".join(operation.text.split()), operation.inline,
    )  # fmt: skip


def wrong_undoings(migration: Migration) -> Iterator[Finding]:
    """Yield what a downgrade drops although the upgrade never made it."""
    made = {t for o in migration.upgrade if o.kind in {"create table", "rename table"} for t in (*o.tables, o.name)}
    touched = {t for o in migration.upgrade for t in (*o.tables, o.name)}
    columns = {
        (t, c)
        for o in migration.upgrade
        if o.kind in {"add column", "create table", "rename column"}
        for t in o.tables
        for c in (*o.columns, o.name)
    }
    loose = any(o.kind in {"sql", "code"} or o.text or not o.tables for o in migration.upgrade)
    if loose or not migration.upgrade:
        return
    for undo in migration.downgrade:
        table = undo.tables[0] if len(undo.tables) == 1 else ""
        column = undo.columns[0] if len(undo.columns) == 1 else ""
        if undo.kind == "drop table" and table and table not in made:
            words = f"downgrade() drops table {table}, which upgrade() does not create"
        elif undo.kind == "drop column" and table and column and (table, column) not in columns and table not in made:
            words = f"downgrade() drops {table}.{column}, which upgrade() does not add"
        else:
            continue
        names = ", ".join(sorted(t for t in touched if t)) or "nothing"
        fix = f"undo what upgrade() does (to {names})"
        yield Finding(words, migration.path, undo.line, symbol="downgrade", code="wrong-downgrade", fix=fix)
