"""Alembic migrations, tried on a database that is made for it and dropped after it."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit
from uuid import uuid4

import msgspec

from dodcheck.change import Side
from dodcheck.errors import ConfigError, ToolError
from dodcheck.run import Ran, SchemaTrial
from dodcheck.sources.environment import Interpreter
from dodcheck.sources.process import Child, run_child
from dodcheck.sources.workspace import Workspace

_SCRIPT = Path(__file__).parent.parent / "probe" / "dodcheck_migrations.py"
_HIDDEN = "***"
_CLEARING = 20.0  # seconds; Ctrl-C waits for it
_OPTION = "`scratch-db-url` in [tool.dodcheck.rules.schema-migrations]"


class ScratchDatabase:
    """The `SchemaDatabase` of a change.

    Args:
        space: The change, and where to write.
        python: Finds the project's interpreter; its Alembic and its drivers are used.
        runs: Where each run is noted.
    """

    def __init__(self, space: Workspace, python: Callable[[], Interpreter], runs: list[Ran]) -> None:
        self._space = space
        self._python = python
        self._runs = runs

    def attempt(self, side: Side, settings: str, url: str, back_to: Sequence[str]) -> SchemaTrial:
        """See `SchemaDatabase.attempt`."""
        folder = self._space.trees.whole(side, "migrations")
        with self._database(side, folder, url) as own:
            asked = {"mode": "try", "url": own, "settings": str(folder / settings), "back_to": list(back_to)}
            shown = ["alembic", "-c", settings, "upgrade", "head", "&&", "alembic", "check"]
            shown += [word for revision in back_to for word in ("&&", "alembic", "downgrade", revision)]
            ran, answer = self._call(side, folder, (folder / settings).parent, asked, shown)
        self._runs.append(ran)
        if answer.get("problem") or ran.timed_out or "upgrade" not in answer:
            raise ToolError(f"the migrations could not be tried: {_reason(ran, answer)}", f"mend it, or {_OPTION}")
        return SchemaTrial(
            ran, answer["upgrade"], tuple(answer["differences"]), bool(answer["compared"]), answer["downgrade"]
        )

    @contextmanager
    def _database(self, side: Side, folder: Path, url: str) -> Iterator[str]:
        """Make a database, and drop it whatever happens; yield its URL."""
        if url == "sqlite":
            yield f"sqlite:///{self._space.scratch.folder(f'databases/{uuid4().hex}')}/scratch.db"
            return
        server = _resolved(url)
        if self._space.sandbox:
            why = "a sandbox has no network, and reaches no database server"
            raise ToolError(f"the migrations were not tried: {why}", f"write `sqlite` for {_OPTION}")
        own = server._replace(path=f"/dodcheck_{uuid4().hex[:12]}")
        asked = {"url": urlunsplit(own), "server": server.path.lstrip("/") or "postgres"}
        ran, answer = self._call(side, folder, folder, {**asked, "mode": "create"}, ["create a scratch database"])
        if answer.get("problem") != "":
            raise ToolError(f"no scratch database could be made: {_reason(ran, answer)}", f"mend {_OPTION}")
        try:
            yield urlunsplit(own)
        finally:
            ran, answer = self._call(side, folder, folder, {**asked, "mode": "drop"}, ["drop the scratch database"])
            if answer.get("problem") != "":
                self._runs.append(msgspec.structs.replace(ran, note=f"{own.path[1:]} is left: {_reason(ran, answer)}"))

    def _call(
        self, side: Side, folder: Path, cwd: Path, asked: Mapping[str, Any], shown: Sequence[str]
    ) -> tuple[Ran, dict[str, Any]]:
        report = self._space.scratch.folder("databases") / f"{uuid4().hex}.json"
        report.touch()
        told = msgspec.json.encode({**asked, "report": str(report)}).decode()
        roots = [str(folder), str(folder / "src"), str(cwd)]
        child = Child(
            name="alembic",
            command=[self._python().path, str(_SCRIPT)],
            shown=shown,
            cwd=cwd,
            side=side,
            limit=_CLEARING if asked["mode"] == "drop" else self._space.limit,
            clearing=asked["mode"] == "drop",
            version=self._python().packages.get("alembic"),
            note="on SQLite" if asked["url"].startswith("sqlite") else "on a scratch database",
            environ={"DODCHECK_MIGRATIONS": told, "PYTHONPATH": os.pathsep.join(roots), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        hide = _hiding(asked["url"])
        ran = run_child(child)
        ran = msgspec.structs.replace(ran, stdout=hide(ran.stdout), stderr=hide(ran.stderr))
        answer = hide(report.read_text(encoding="utf-8"))
        report.unlink()
        return ran, msgspec.json.decode(answer or "{}", type=dict[str, Any])


def _resolved(url: str) -> SplitResult:
    """Return the parts of a server's URL; `$NAME` is read from the environment."""
    found = os.environ.get(url[1:], "") if url.startswith("$") else url
    parts = urlsplit(found)
    if not parts.scheme.startswith("postgres"):
        what = f"the variable {url[1:]} holds no" if url.startswith("$") else "it is neither `sqlite` nor a"
        raise ConfigError(f"{_OPTION}: {what} URL of a PostgreSQL server", "postgresql+psycopg://USER@HOST/postgres")
    return parts._replace(scheme=parts.scheme.replace("postgres+", "postgresql+")) if "+" in parts.scheme else parts


def _hiding(url: str) -> Callable[[str], str]:
    """Return what takes a URL's password out of a text, in each of its spellings."""
    secret = urlsplit(url).password
    words = {url, secret, quote(secret, safe=""), unquote(secret)} if secret else set()
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))) if words else None
    return lambda text: pattern.sub(_HIDDEN, text) if pattern else text


def _reason(ran: Ran, answer: Mapping[str, Any]) -> str:
    if ran.timed_out:
        return f"out of time after {ran.seconds:.0f} s"
    said = (ran.stderr.strip() or ran.stdout.strip() or f"exit {ran.exit}").splitlines()
    return str(answer.get("problem") or said[-1])[:300]
