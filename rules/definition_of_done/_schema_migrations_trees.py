"""Trees that the cases of the rule `schema-migrations` share, and the outcomes as functions."""

from collections.abc import Mapping
from dataclasses import replace

from dodcheck.rule import Case, Status

_IMPORTS = """\
import enum
from datetime import datetime

from sqlalchemy import Column, Enum, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship


"""
BASE = f"""{_IMPORTS}
class Base(DeclarativeBase):
    pass
"""
FIRST = '"first tables of the shop"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "aaaa"\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table("user", sa.Column("id", sa.Integer()))\n    op.create_table("order", sa.Column("id", sa.Integer()))\n    op.create_table("item", sa.Column("id", sa.Integer()))\n\n\ndef downgrade():\n    op.drop_table("item")\n    op.drop_table("order")\n    op.drop_table("user")\n'  # noqa: E501 - one text


def user(*columns: str, arguments: str = "", before: str = "") -> str:
    """Return a module with the model User; `columns` are further lines of it."""
    lines = [f"__table_args__ = {arguments}"] * bool(arguments) + [
        "id: Mapped[int] = mapped_column(primary_key=True)",
        *columns,
    ]
    body = "".join(f"    {line}\n" for line in lines)
    return f'{BASE}{before}\n\nclass User(Base):\n    __tablename__ = "user"\n{body}'


def revision(
    *up: str, down: tuple[str, ...] = (), name: str = "bbbb", after: str = '"aaaa"', doc: str = "say more of people"
) -> str:
    """Return an Alembic migration; its lines are calls."""
    body = "\n".join(f"    {line}" for line in up or ("pass",))
    undo = "\n".join(f"    {line}" for line in down or ("pass",))
    head = f'"""{doc}\n\nRevision ID: {name}\nRevises: {after}\nCreate Date: 2026-01-01\n"""\n' if doc else ""
    return (
        f'{head}from alembic import op\nimport sqlalchemy as sa\n\nrevision = "{name}"\ndown_revision = {after}\n\n\n'
        f"def upgrade() -> None:\n{body}\n\n\ndef downgrade() -> None:\n{undo}\n"
    )


NAME = "name: Mapped[str | None]"
ADDED = revision(
    'op.add_column("user", sa.Column("name", sa.String(), nullable=True))', down=('op.drop_column("user", "name")',)
)
VERSIONS = "migrations/versions/"
COMMON = {
    "app/models.py": user(),
    f"{VERSIONS}aaaa_first.py": FIRST,
    "alembic.ini": "[alembic]\n",
    "README.md": "# app\n",
}


def models(text: str, migration: str = "", **more: str) -> dict[str, str]:
    """Return a head with these models and, where given, a migration bbbb."""
    found = {"app/models.py": text, **{path.replace("__", "/"): content for path, content in more.items()}}
    return found | ({f"{VERSIONS}bbbb_more.py": migration} if migration else {})


def fails(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """Both sides are the common tree with files on top; an empty text takes a file out."""
    return _case(name, Status.FAIL, new, old or {}, options)


def passes(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """See `fails`."""
    return _case(name, Status.PASS, new, old or {}, options)


def asks(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """See `fails`; a person must look."""
    return _case(name, Status.NEEDS_REVIEW, new, old or {}, options)


def silent(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """See `fails`; the rule has nothing to say."""
    return _case(name, Status.NOT_APPLICABLE, new, old or {}, options)


def released(case: Case, *paths: str) -> Case:
    """Return a case whose base has a release with these files."""
    return replace(case, released=paths)


def _case(
    name: str, expect: Status, new: Mapping[str, str], old: Mapping[str, str], options: Mapping[str, object]
) -> Case:
    before = {path: text for path, text in {**COMMON, **old}.items() if text}
    after = {path: text for path, text in {**before, **new}.items() if text}
    return Case(name, expect, before, after, options=options)
