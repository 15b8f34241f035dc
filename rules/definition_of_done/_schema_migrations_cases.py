"""Cases of the rule `schema-migrations`: the migrations themselves, and the words about them."""

from dataclasses import replace

from dodcheck.rule import Case, Status
from dodcheck.run import Ran, SchemaTrial

from ._schema_migrations_django_cases import DJANGO
from ._schema_migrations_model_cases import MODELS
from ._schema_migrations_trees import (
    ADDED,
    NAME,
    VERSIONS,
    asks,
    fails,
    models,
    passes,
    released,
    revision,
    silent,
    user,
)

_ADD = 'op.add_column("user", sa.Column("name", sa.String(), nullable=True))'
_SECOND = revision('op.add_column("order", sa.Column("at", sa.DateTime()))', name="cccc", doc="when an order came")
_DROP = 'op.drop_column("user", "name")'
_PATH = f"{VERSIONS}bbbb_more.py"
_STRICT = 'op.add_column("user", sa.Column("name", sa.String(), nullable=False%s))'
_WORDLESS = revision(_ADD, doc="")
_TAKEN = revision(_DROP, down=(_ADD,), doc="tidy up")
_LATER = "a later change of people"

_EDITED = fails(
    "a migration of base was edited in place",
    models(user(NAME, "age: Mapped[int | None]"))
    | {_PATH: ADDED.replace("    op.add", '    op.add_column("user", sa.Column("age", sa.Integer()))\n    op.add', 1)},
    models(user(NAME), ADDED),
)
_TRIED = models(user(NAME), ADDED)
_SQL = models(user(NAME), revision('op.execute("ALTER TABLE user ADD COLUMN name VARCHAR")'))


def _trial(case: Case, upgrade: str = "", differences: tuple[str, ...] = (), downgrade: str = "") -> Case:
    """Return a case with a canned trial of the migrations at head."""
    ran = Ran("alembic", ("alembic", "upgrade", "head"))
    return replace(case, runs={"head alembic": SchemaTrial(ran, upgrade, differences, downgrade=downgrade)})


TRIALS = [
    _trial(passes("a trial on a database is clean", _TRIED, scratch_db_url="sqlite")),
    _trial(passes("raw SQL that a trial shows to be right", _SQL, scratch_db_url="sqlite")),
    _trial(
        fails("a trial on a database: the upgrade fails", _TRIED, scratch_db_url="sqlite"),
        upgrade="OperationalError: no such table",
    ),
    _trial(
        fails("a trial on a database: the models still differ", _TRIED, scratch_db_url="sqlite"),
        differences=("modify_nullable user.name",),
    ),
    _trial(
        fails("a trial on a database: going back fails", _TRIED, scratch_db_url="sqlite"),
        downgrade="OperationalError: no such column",
    ),
    replace(
        passes("what differed at base already", _TRIED, scratch_db_url="sqlite"),
        runs={
            f"{side} alembic": SchemaTrial(Ran("alembic"), differences=("remove_table old",))
            for side in ("base", "head")
        },
    ),
    replace(
        _trial(
            passes("nothing is tried in a fast run", _TRIED, scratch_db_url="sqlite"),
            upgrade="OperationalError: no such table",
        ),
        fast=True,
    ),
]

MIGRATIONS = [
    fails("the upgrade is empty", models(user(NAME), revision())),
    fails(
        "two branches each add a migration, and nothing joins them",
        models(user(NAME), ADDED),
        {f"{VERSIONS}cccc.py": _SECOND},
    ),
    passes(
        "two branches are joined by a merge",
        models(user(NAME), ADDED)
        | {f"{VERSIONS}dddd.py": revision(name="dddd", after='("bbbb", "cccc")', doc="join both lines")},
        {f"{VERSIONS}cccc.py": _SECOND},
    ),
    fails(
        "a migration comes after one that does not exist",
        models(user(NAME), ADDED.replace('down_revision = "aaaa"', 'down_revision = "zzzz"')),
    ),
    fails("two migrations of one id", models(user(NAME), ADDED.replace('revision = "bbbb"', 'revision = "aaaa"', 1))),
    fails("the downgrade drops the wrong table", models(user(NAME), revision(_ADD, down=('op.drop_table("order")',)))),
    fails(
        "the downgrade drops the wrong column",
        models(user(NAME), revision(_ADD, down=('op.drop_column("user", "id")',))),
    ),
    _EDITED,
    released(replace(_EDITED, name="a migration that a release has was edited"), _PATH),
    released(
        replace(_EDITED, name="a migration that no release has was edited", expect=Status.NEEDS_REVIEW),
        f"{VERSIONS}aaaa_first.py",
    ),
    passes(
        "the way back of an old migration was mended",
        {_PATH: ADDED.replace('op.drop_column("user", "name")', 'op.execute("SELECT 1")')},
        models(user(NAME), ADDED),
    ),
    silent(
        "a comment of an old migration was mended",
        {_PATH: ADDED.replace("say more", "tell more")},
        models(user(NAME), ADDED),
    ),
    silent(
        "an old migration was reformatted",
        {
            _PATH: ADDED.replace('"user", sa', '\n        "user",\n        sa').replace(
                "down_revision =", "down_revision: str ="
            )
        },
        models(user(NAME), ADDED),
    ),
    fails("a column is dropped without a word", models(user(), _TAKEN), models(user(NAME))),
    passes(
        "a column is dropped, and the docstring says so",
        models(user(), revision(_DROP, down=(_ADD,), doc="drop user.name: nobody reads it since 2.1")),
        models(user(NAME)),
    ),
    passes(
        "a column is dropped after its data was moved",
        models(
            user("title: Mapped[str | None]"),
            revision(
                'op.add_column("user", sa.Column("title", sa.String()))',
                'op.execute("UPDATE \\"user\\" SET title = name")',
                _DROP,
                doc=_LATER,
            ),
        ),
        models(user(NAME)),
    ),
    passes(
        "a dropped column is nothing to mind by the team's settings",
        models(user(), _TAKEN),
        models(user(NAME)),
        destructive_ops=["drop-table"],
    ),
    fails("NOT NULL without a default", models(user("name: Mapped[str]"), revision(_STRICT % "", doc=_LATER))),
    passes(
        "NOT NULL with a default",
        models(
            user('name: Mapped[str] = mapped_column(server_default="-")'), revision(_STRICT % ', server_default="-"')
        ),
    ),
    passes(
        "NOT NULL after a backfill",
        models(
            user("name: Mapped[str]"),
            revision(
                'op.execute("UPDATE \\"user\\" SET name = \'\' WHERE name IS NULL")',
                'op.alter_column("user", "name", nullable=False)',
                doc=_LATER,
            ),
        ),
        models(user(NAME)),
    ),
    fails(
        "a table is renamed without a word",
        models(user(NAME).replace('"user"', '"people"'), revision('op.rename_table("user", "people")', doc="tidy up")),
        models(user(NAME)),
    ),
    asks("nothing says what the migration is for", models(user(NAME), _WORDLESS)),
    passes(
        "the changelog names the command",
        models(user(NAME), _WORDLESS) | {"CHANGELOG.md": "# Changes\n\nRun `alembic upgrade head`.\n"},
        {"CHANGELOG.md": "# Changes\n"},
    ),
    asks("a document is wanted by the team's settings", models(user(NAME), ADDED), docs_required="docs"),
    asks("both are wanted by the team's settings", models(user(NAME), ADDED), docs_required="both"),
    passes(
        "both are wanted and given",
        models(user(NAME), ADDED) | {"docs/upgrading.md": "# Upgrading\n\nMigration bbbb adds a name.\n"},
        docs_required="both",
    ),
    passes(
        "a migration of data alone says what it does",
        {_PATH: revision('op.execute("UPDATE item SET id = 1")', doc="number the items anew")},
    ),
    asks("a migration of data alone says nothing", {_PATH: revision('op.execute("UPDATE item SET id = 1")', doc="")}),
    asks("a migration of base is gone", {_PATH: ""}, models(user(NAME), ADDED)),
    silent("no model and no migration changed", {"README.md": "# app\n\nMore.\n"}),
    asks(
        "no migration ever named the table",
        models(user(NAME).replace('"user"', '"tally"')),
        models(user().replace('"user"', '"tally"')),
    ),
]

CASES = [*MODELS, *MIGRATIONS, *TRIALS, *DJANGO]
