"""Migrations are tried on a real database: SQLite, and PostgreSQL where there is a server to start."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import COMMAND, Repository, environment, item

from dodcheck.report import ItemResult

SECRET = "pa/ss w:rd@7"  # noqa: S105 - it must never be seen
QUOTED = "pa%2Fss%20w%3Ard%407"
DEFINITION = "# Definition of Done\n\n- [ ] Migration instructions documented if schema changed\n"
ENV = """\
import os

from alembic import context
from app.models import Base
from sqlalchemy import create_engine

engine = create_engine(os.environ.get("APP_DATABASE", "sqlite:////nonexistent/production.db"), pool_size=3)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
"""
MODELS = """\
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
NAME = "    name: Mapped[str | None] = mapped_column(String(50))\n"
REVISION = '''\
"""{doc}"""
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = {after}


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''
FIRST = REVISION.format(
    doc="the people of the shop",
    name="aaaa",
    after=None,
    up='op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))',
    down='op.drop_table("users")',
)
BASE = {
    "DOD.md": DEFINITION,
    "app/__init__.py": "",
    "app/models.py": MODELS,
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/env.py": ENV,
    "migrations/script.py.mako": "",
    "migrations/versions/aaaa_first.py": FIRST,
}
ADD = 'op.add_column("users", sa.Column("name", sa.String(50)))'
DROP = 'op.drop_column("users", "name")'

NOBODY = 'op.execute("UPDATE nobody SET x = 1")'


def second(up: str = ADD, down: str = DROP) -> str:
    return REVISION.format(doc="a name for every user", name="bbbb", after='"aaaa"', up=up, down=down)


def settings(url: str) -> str:
    return f"[rules.schema-migrations]\nscratch-db-url = '{url}'\n"


def tried(repository: Repository, url: str, migration: str, **variables: str) -> ItemResult:
    """Commit base and head, check, and return the one item; nothing of the report holds the password."""
    repository.commit({**BASE, "dodcheck.toml": settings(url)})
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit({"app/models.py": MODELS + NAME, "migrations/versions/bbbb_name.py": migration})
    before = repository.state()
    report = repository.check("--select", "schema-migrations", VIRTUAL_ENV=sys.prefix, **variables)
    assert repository.state() == before
    assert SECRET not in str(report)
    assert QUOTED not in str(report)
    return item(report, "Migration instructions")


def codes(found: ItemResult) -> set[str | None]:
    return {one.code for rule in found.rules for one in rule.findings if one.level == "error"}


def test_sqlite_is_upgraded_compared_and_taken_back(repository: Repository) -> None:
    found = tried(repository, "sqlite", second())
    assert found.status == "pass", found
    assert "upgraded, compared" in found.rules[0].evidence[0].text


def test_sqlite_shows_what_reading_cannot(repository: Repository) -> None:
    found = tried(repository, "sqlite", second(up=ADD.replace("String(50)", "Integer()")))
    assert codes(found) == {"models-differ"}


def test_an_upgrade_that_fails(repository: Repository) -> None:
    found = tried(repository, "sqlite", second(up=f"{ADD}\n    {NOBODY}"))
    assert codes(found) == {"upgrade-fails"}
    assert "no such table: nobody" in found.summary


def test_a_way_back_that_fails(repository: Repository) -> None:
    found = tried(repository, "sqlite", second(down='op.execute("DELETE FROM nobody")'))
    assert codes(found) == {"downgrade-fails"}


def test_nothing_is_tried_in_a_fast_run(repository: Repository) -> None:
    repository.commit({**BASE, "dodcheck.toml": settings("sqlite")})
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit({"app/models.py": MODELS + NAME, "migrations/versions/bbbb_name.py": second()})
    report = repository.check("--select", "schema-migrations", "--fast")
    assert item(report, "Migration instructions").status == "pass"
    assert not report.runs


def test_a_server_that_is_not_there_is_an_error(repository: Repository) -> None:
    found = tried(repository, f"postgresql+psycopg://ada:{QUOTED}@127.0.0.1:1/postgres", second())
    assert found.status == "error"
    assert "no scratch database" in found.summary


def test_an_empty_variable_is_an_error(repository: Repository) -> None:
    found = tried(repository, "$SCRATCH", second())
    assert found.status == "error"
    assert "SCRATCH" in found.summary


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of its own on a free port; yields the URL of its first database."""
    found = shutil.which("initdb") or next(iter(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None)
    if found is None:
        pytest.skip("no PostgreSQL server here: `make postgres` installs Debian's (as root)")
    place = Path(found).resolve().parent
    folder = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    (folder / "password").write_text(SECRET)
    lead: list[str] = []
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        shutil.chown(folder / "password", "postgres")
        lead = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")
    secure = ["--auth=scram-sha-256", "--username=ada", f"--pwfile={folder / 'password'}", "--no-sync"]
    subprocess.run([*lead, str(place / "initdb"), "-D", data, *secure], check=True, capture_output=True, cwd="/")
    started = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    log = str(folder / "log")
    subprocess.run(
        [*lead, str(place / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", started, "start"], check=True, cwd="/"
    )
    yield f"postgresql+psycopg://ada:{QUOTED}@127.0.0.1:{port}/postgres"
    subprocess.run([*lead, str(place / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"], check=True, cwd="/")
    shutil.rmtree(folder)


def databases(server: str) -> list[str]:
    from sqlalchemy import create_engine, text  # noqa: PLC0415 - only where there is a server

    engine = create_engine(server)
    with engine.connect() as connection:
        names = [str(row[0]) for row in connection.execute(text("SELECT datname FROM pg_database"))]
    engine.dispose()
    return [name for name in names if name.startswith("dodcheck")]


def test_postgresql_is_upgraded_compared_and_taken_back(repository: Repository, server: str) -> None:
    found = tried(repository, "$SCRATCH", second(), SCRATCH=server)
    assert found.status == "pass", found
    assert databases(server) == []


def test_postgresql_settles_raw_sql(repository: Repository, server: str) -> None:
    found = tried(repository, server, second(up='op.execute("ALTER TABLE users ADD COLUMN name VARCHAR(50)")'))
    assert found.status == "pass", found
    assert databases(server) == []


def test_postgresql_names_what_still_differs(repository: Repository, server: str) -> None:
    found = tried(repository, server, second(up='op.execute("ALTER TABLE users ADD COLUMN name INTEGER")'))
    assert codes(found) == {"models-differ"}
    assert databases(server) == []


def test_postgresql_drops_its_database_after_a_failure(repository: Repository, server: str) -> None:
    found = tried(repository, server, second(up=f"{ADD}\n    {NOBODY}"))
    assert codes(found) == {"upgrade-fails"}
    assert databases(server) == []


def test_postgresql_keeps_no_database_of_an_interrupted_run(
    repository: Repository, server: str, tmp_path: Path
) -> None:
    hold = "open(os.environ['MARK'], 'w').close()\n        __import__('signal').pause()\n        "
    waiting = ENV.replace("context.run_migrations()", f"{hold}context.run_migrations()")
    repository.commit({**BASE, "migrations/env.py": waiting, "dodcheck.toml": settings("$SCRATCH")})
    repository.write({"app/models.py": MODELS + NAME, "migrations/versions/bbbb_name.py": second()})
    os.mkfifo(tmp_path / "mark")
    own = {"VIRTUAL_ENV": sys.prefix, "SCRATCH": server, "MARK": str(tmp_path / "mark")}
    command = [*COMMAND, "check", "--base", "HEAD", "--select", "schema-migrations"]
    with subprocess.Popen(command, cwd=repository.path, env=environment() | own) as child:
        (tmp_path / "mark").read_bytes()  # it is held in a transaction
        assert len(databases(server)) == 1
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=60) == 130
    assert databases(server) == []
