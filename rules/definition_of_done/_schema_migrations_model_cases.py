"""Cases of the rule `schema-migrations`: what of a model is schema, and what is not."""

from ._schema_migrations_trees import ADDED, BASE, NAME, asks, fails, models, passes, revision, silent, user

_STATE = "class State(enum.Enum):\n    NEW = 'new'\n    OLD = 'old'\n"
_STATE_MORE = f"{_STATE}    GONE = 'gone'\n"
_STATEFUL = "state: Mapped[State] = mapped_column(Enum(State, name='state'))"
_MIXIN = "class Dated:\n    pass\n"
_MIXIN_MORE = "class Dated:\n    at: Mapped[datetime | None] = mapped_column()\n"
_DECLARED = (
    "class Dated:\n    @declared_attr\n    def at(cls) -> Mapped[datetime | None]:\n        return mapped_column()\n"
)
_IMPORTED = "from app.mixins import Base, Dated\nfrom sqlalchemy.orm import Mapped, mapped_column\n\n\n"
_ID = "id: Mapped[int] = mapped_column(primary_key=True)"
_TABLES = "".join(
    f"class {name.title()}(Base, Dated):\n    __tablename__ = '{name}'\n    {_ID}\n\n\n"
    for name in ("user", "order", "item")
)
_AT = tuple(f'op.add_column("{table}", sa.Column("at", sa.DateTime()))' for table in ("user", "order", "item"))
_APART = {"app/mixins.py": f"{BASE}\n\n{_MIXIN}", "app/models.py": _IMPORTED + _TABLES}
_SQLMODEL = (
    "from sqlmodel import Field, SQLModel\n\n\n"
    "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
)
_FORM = "from sqlmodel import Field, SQLModel\n\n\nclass Form(SQLModel):\n    name: str"
_PYDANTIC = "from pydantic import BaseModel, Field\n\n\nclass Form(BaseModel):\n    name: str"
_CORE = f'{BASE}\n\nlinks = Table("user", Base.metadata, Column("id", Integer, primary_key=True)%s)\n'
_AGE = "age: Mapped[int | None]"
_LOOP = revision("for name, columns in INDEXES.items():", '    op.drop_index(name, table_name="user")').replace(
    "\n\n\ndef upgrade", '\nINDEXES = {"ix_user_age": ["age"], "ix_user_name": ["name"]}\n\n\ndef upgrade'
)
_CLASSIC = f'{BASE}\n\nclass User(Base):\n    __tablename__ = "user"\n    id = Column(Integer, primary_key=True)\n%s'
_ALTER = 'op.alter_column("user", "name", %s)'
_GROUP = 'group_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"%s))'

MODELS = [
    fails("a column and no migration", models(user(NAME))),
    passes("a column and its migration", models(user(NAME), ADDED)),
    silent(
        "an attribute was renamed and keeps its column",
        models(user('title: Mapped[str | None] = mapped_column("name")')),
        models(user(NAME)),
    ),
    fails(
        "a column may now be NULL, told by the annotation alone", models(user(NAME)), models(user("name: Mapped[str]"))
    ),
    silent(
        "a Python default changed",
        models(user("size: Mapped[int] = mapped_column(default=2)")),
        models(user("size: Mapped[int] = mapped_column(default=1)")),
    ),
    fails(
        "a server default changed",
        models(user('size: Mapped[int] = mapped_column(server_default="2")')),
        models(user('size: Mapped[int] = mapped_column(server_default=text("1"))')),
    ),
    silent(
        "a server default was only written in another way",
        models(user('size: Mapped[int] = mapped_column(server_default=text("1"))')),
        models(user('size: Mapped[int] = mapped_column(server_default="1")')),
    ),
    fails(
        "an enumeration gained a member that the database does not know",
        models(user(_STATEFUL, before=_STATE_MORE)),
        models(user(_STATEFUL, before=_STATE)),
    ),
    passes(
        "an enumeration gained a member, and so did the type",
        models(user(_STATEFUL, before=_STATE_MORE), revision("op.execute(\"ALTER TYPE state ADD VALUE 'GONE'\")")),
        models(user(_STATEFUL, before=_STATE)),
    ),
    fails(
        "an enumeration of another module gained a member",
        {"app/states.py": f"import enum\n\n\n{_STATE_MORE}"},
        models(user(_STATEFUL, before="from app.states import State\n"), app__states="")
        | {"app/states.py": f"import enum\n\n\n{_STATE}"},
    ),
    silent(
        "members of an enumeration that is stored as text",
        models(user("state: Mapped[State] = mapped_column(String(20))", before=_STATE_MORE)),
        models(user("state: Mapped[State] = mapped_column(String(20))", before=_STATE)),
    ),
    silent(
        "a SQLModel class without `table=True` is no table",
        {"app/forms.py": f"{_FORM} = Field(max_length=3)\n"},
        {"app/forms.py": f"{_FORM}\n"},
    ),
    silent(
        "a field of a Pydantic model",
        {"app/forms.py": f"{_PYDANTIC} = Field(unique=True)\n"},
        {"app/forms.py": f"{_PYDANTIC}\n"},
    ),
    fails(
        "a mixin of three tables in another module gained a column, and the migration covers two",
        {"app/mixins.py": f"{BASE}\n\n{_MIXIN_MORE}", "migrations/versions/bbbb.py": revision(*_AT[:2])},
        _APART,
    ),
    passes(
        "a mixin of three tables gained a column, and the migration covers all",
        {"app/mixins.py": f"{BASE}\n\n{_MIXIN_MORE}", "migrations/versions/bbbb.py": revision(*_AT)},
        _APART,
    ),
    fails(
        "a declared_attr of a mixin is a column of every table",
        {"app/mixins.py": f"{BASE}\n\n{_DECLARED}", "migrations/versions/bbbb.py": revision(_AT[0])},
        _APART,
    ),
    passes(
        "a mixin's column in a loop over the tables",
        {
            "app/mixins.py": f"{BASE}\n\n{_MIXIN_MORE}",
            "migrations/versions/bbbb.py": revision(
                'for table in ("user", "order", "item"):', '    op.add_column(table, sa.Column("at", sa.DateTime()))'
            ),
        },
        _APART,
    ),
    passes(
        "indexes go in a loop over the keys of a table",
        models(user(NAME, _AGE), _LOOP),
        models(user(f"{NAME} = mapped_column(index=True)", f"{_AGE} = mapped_column(index=True)")),
    ),
    silent(
        "a class moved to another module",
        {"app/models.py": BASE, "app/people.py": user(NAME)},
        models(user(NAME)),
    ),
    silent(
        "columns moved from the classic form to the typed one",
        models(user(NAME)),
        models(_CLASSIC % "    name = Column(String)\n"),
    ),
    fails("a column of the classic form", models(_CLASSIC % "    name = Column(String)\n"), models(_CLASSIC % "")),
    silent(
        "a relationship is no column",
        models(user('orders: Mapped[list["Order"]] = relationship(back_populates="user")')),
    ),
    fails("a column of a Core table", models(_CORE % ', Column("name", String)'), models(_CORE % "")),
    fails("a field of a SQLModel table", models(f"{_SQLMODEL}    name: str | None = None\n"), models(_SQLMODEL)),
    fails(
        "a SQLModel field with an index",
        models(f"{_SQLMODEL}    name: str = Field(index=True)\n"),
        models(f"{_SQLMODEL}    name: str\n"),
    ),
    silent(
        "a type that code chooses was renamed",
        models(
            user("at: Mapped[datetime | None] = mapped_column(WHEN_TYPE)", before="if ON_MYSQL:\n    WHEN_TYPE = x\n")
        ),
        models(user("at: Mapped[datetime | None] = mapped_column(when)", before="if ON_MYSQL:\n    when = x\n")),
    ),
    fails("another type", models(user("name: Mapped[str | None] = mapped_column(String(50))")), models(user(NAME))),
    passes(
        "another type, altered",
        models(user("name: Mapped[str | None] = mapped_column(String(50))"), revision(_ALTER % "type_=sa.String(50)")),
        models(user(NAME)),
    ),
    fails(
        "the type is altered although it was the NULL that changed",
        models(user("name: Mapped[str]"), revision(_ALTER % "type_=sa.String(50)")),
        models(user(NAME)),
    ),
    fails(
        "a column became unique",
        models(user("name: Mapped[str | None] = mapped_column(unique=True)")),
        models(user(NAME)),
    ),
    silent(
        "unique on the column or on the table is the same",
        models(user(NAME, arguments='(UniqueConstraint("name"),)')),
        models(user("name: Mapped[str | None] = mapped_column(unique=True)")),
    ),
    fails(
        "an index over two columns",
        models(user(NAME, arguments='(Index("ix_two", "id", "name"),)')),
        models(user(NAME)),
    ),
    passes(
        "an index over two columns, and its migration",
        models(
            user(NAME, arguments='(Index("ix_two", "id", "name"),)'),
            revision('op.create_index("ix_two", "user", ["id", "name"])'),
        ),
        models(user(NAME)),
    ),
    fails(
        "what becomes of rows whose parent is deleted",
        models(user(_GROUP % ', ondelete="CASCADE"')),
        models(user(_GROUP % "")),
    ),
    passes(
        "a reference made anew with another action",
        models(
            user(_GROUP % ', ondelete="CASCADE"'),
            revision(
                'op.drop_constraint("fk_group", "user", type_="foreignkey")',
                'op.create_foreign_key("fk_group", "user", "order", ["group_id"], ["id"], ondelete="CASCADE")',
            ),
        ),
        models(user(_GROUP % "")),
    ),
    asks(
        "raw SQL that names table and column",
        models(user(NAME), revision('op.execute("ALTER TABLE \\"user\\" ADD COLUMN name VARCHAR")')),
    ),
    passes(
        "a table made in a batch",
        models(
            user(NAME),
            revision(
                'with op.batch_alter_table("user") as batch:', '    batch.add_column(sa.Column("name", sa.String()))'
            ),
        ),
    ),
    silent("models of the tests", {"tests/models.py": user(NAME)}),
    silent("the models are left out by a setting", models(user(NAME)), orm_globs=["shop/*.py"]),
    fails(
        "a whole table is new",
        models(
            user()
            + '\n\nclass Pet(Base):\n    __tablename__ = "pet"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
        ),
    ),
    asks(
        "the table of a project that keeps no migrations",
        models(user(NAME)),
        {"migrations/versions/aaaa_first.py": "", "alembic.ini": ""},
    ),
    passes(
        "a document says what to do in a project that keeps no migrations",
        models(user(NAME)) | {"CHANGELOG.md": "# Changes\n\nAdd the column `name` to the table `user` by hand.\n"},
        {"migrations/versions/aaaa_first.py": "", "alembic.ini": "", "CHANGELOG.md": "# Changes\n"},
    ),
]
