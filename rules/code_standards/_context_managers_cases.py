"""Cases of the rule context-managers: what is closed, what is left open, and what somebody else must close."""

import json

from dodcheck.rule import Case, Status
from dodcheck.run import Ran

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_A = "app/store.py"
_PLACE = {"row": 5, "column": 1}
_SIM115 = {
    "filename": _A,
    "location": _PLACE,
    "end_location": _PLACE,
    "code": "SIM115",
    "message": "Use a context manager for opening files",
    "fix": None,
}
_RUFF = Ran("ruff conventions", ("ruff", "check"), stdout=json.dumps([_SIM115]))


def _new(name: str, expect: Status, code: str, path: str = _A) -> Case:
    return Case(name, expect, {}, {path: code})


def _f(name: str, expect: Status, *lines: str, top: str = "", signature: str = "f(p)") -> Case:
    return _new(name, expect, top + f"def {signature}:\n" + "".join(f"    {line}\n" for line in lines))


def _altered(name: str, expect: Status, before: str, after: str) -> Case:
    return Case(name, expect, {_A: before}, {_A: after})


_OLD = "def f(p):\n    f = open(p)\n    return f.read()\n"
_DB = "import sqlite3\n"
_SQL = "from sqlalchemy import create_engine\n\nengine = create_engine('sqlite://')\n\n\n"
_ORM = "from sqlalchemy.orm import sessionmaker\n\nMaker = sessionmaker()\n\n\n"
_LOCK = "import threading\n\nlock = threading.Lock()\n\n\n"
_TORCH = "import torch\n\n\n"
_SELF = "class A:\n    def __init__(self, p):\n        self._f = open(p)\n"
_CURSOR = ("c = sqlite3.connect(p)", "return c.cursor()")
_FINALLY = ("try:", "    yield db", "finally:", "    db.close()")

CASES = [
    _f("a file that is read and never closed", _FAIL, "f = open(p)", "return f.read()"),
    _f("a file without a name", _FAIL, "return open(p).read()"),
    _f("a file that is parsed and dropped", _FAIL, "return json.load(open(p))", top="import json\n"),
    _f("a file that is walked through and dropped", _FAIL, "for line in open(p):", "    use(line)"),
    _f(
        "a file that is closed only when nothing raises",
        _FAIL,
        "f = open(p)",
        "x = parse(f.read())",
        "f.close()",
        "return x",
    ),
    _f(
        "a file that is opened on one way only",
        _FAIL,
        "f = open(p) if p else None",
        "x = f.read() if f else 1",
        "return x",
    ),
    Case(
        "a file that a Path opens, as ruff sees",
        _FAIL,
        {},
        {_A: "from pathlib import Path\n\n\ndef f(p):\n    f = Path(p).open()\n    return f.read()\n"},
        {"head ruff conventions": _RUFF},
    ),
    _f("a file that a path by its name opens", _FAIL, "f = out_path.open('w')", "f.write(p)"),
    _f("a compressed file", _FAIL, "f = gzip.open(p)", "return f.read()", top="import gzip\n"),
    _f(
        "a temporary folder",
        _FAIL,
        "d = TemporaryDirectory()",
        "return str(d.name) + p",
        top="from tempfile import TemporaryDirectory\n",
    ),
    _f("a socket", _FAIL, "s = socket.create_connection(p)", "s.sendall(b'x')", "s.close()", top="import socket\n"),
    _f("engine.connect() without with", _FAIL, "conn = engine.connect()", "return conn.execute(p).all()", top=_SQL),
    _f("a session of SQLAlchemy", _FAIL, "db = Maker()", "return db.get(User, p)", top=_ORM),
    _f(
        "a session by its class",
        _FAIL,
        "db = Session(engine)",
        "db.add(p)",
        "db.commit()",
        "db.close()",
        top="from sqlalchemy.orm import Session\n",
    ),
    _f("a connection of SQLite", _FAIL, "c = sqlite3.connect(p)", "c.execute('x')", "c.commit()", "c.close()", top=_DB),
    _f("a connection of DuckDB", _FAIL, "c = duckdb.connect(p)", "return c.sql('x').df()", top="import duckdb\n"),
    _f(
        "an awaited connection",
        _FAIL,
        "c = await asyncpg.connect(p)",
        "return await c.fetch('x')",
        top="import asyncpg\n\n\nasync ",
    ),
    _f("a connection of psycopg used at once", _FAIL, "psycopg.connect(p).execute('x')", top="import psycopg\n"),
    _f("a lock without try and finally", _FAIL, "lock.acquire()", "use(p)", "lock.release()", top=_LOCK),
    _f(
        "the cache of the GPU emptied in a loop",
        _FAIL,
        "for b in p:",
        "    run(b)",
        "    torch.cuda.empty_cache()",
        top=_TORCH,
    ),
    _f("no_grad that is not entered", _FAIL, "torch.no_grad()", "return p(1)", top=_TORCH),
    _f("inference_mode entered by hand", _FAIL, "torch.inference_mode().__enter__()", "return p(1)", top=_TORCH),
    _f("gradients turned off for all that follows", _FAIL, "torch.set_grad_enabled(False)", "return p(1)", top=_TORCH),
    _f(
        "a session that is yielded, and closed only when nothing raises",
        _FAIL,
        "db = Maker()",
        "yield db",
        "db.close()",
        top=_ORM,
        signature="work()",
    ),
    _altered("a with that was taken away", _FAIL, "def f(p):\n    with open(p) as f:\n        return f.read()\n", _OLD),
    _f("with", _PASS, "with open(p) as f:", "    return f.read()"),
    _f(
        "several in one with",
        _PASS,
        "with open(p) as f, closing(sqlite3.connect(p)) as c:",
        "    return f, c",
        top="import sqlite3\nfrom contextlib import closing\n",
    ),
    _f("a reader around a file, in a with", _PASS, "with unpack(open(p, 'rb')) as f:", "    return f.read()"),
    _f("a name that with takes later", _PASS, "f = open(p)", "with f:", "    return f.read()"),
    _f("try and finally", _PASS, "f = open(p)", "try:", "    return f.read()", "finally:", "    f.close()"),
    _f(
        "an exit stack",
        _PASS,
        "with ExitStack() as stack:",
        "    f = stack.enter_context(open(p))",
        "    return f.read()",
        top="from contextlib import ExitStack\n",
    ),
    _f("close as a callback", _PASS, "f = open(p)", "stack.callback(f.close)", "return 1"),
    _f("a function that says what it returns", _PASS, '"""Open the file; the caller closes it."""', "return open(p)"),
    _f("a function whose annotation says what it returns", _PASS, "return open(p)", signature="thing(p) -> 'TextIO'"),
    _f("a dependency of FastAPI", _PASS, "db = Maker()", *_FINALLY, top=_ORM, signature="get_db()"),
    _f(
        "a context manager of one's own",
        _PASS,
        "c = sqlite3.connect(p)",
        "try:",
        "    yield c",
        "finally:",
        "    c.close()",
        top=_DB,
    ),
    _f(
        "a lock with try and finally",
        _PASS,
        "lock.acquire()",
        "try:",
        "    use(p)",
        "finally:",
        "    lock.release()",
        top=_LOCK,
    ),
    _f("a lock in a with", _PASS, "with lock, open(p) as f:", "    use(f)", top=_LOCK),
    _f("inference_mode", _PASS, "with torch.inference_mode():", "    return p(1)", top=_TORCH),
    _f(
        "the cache emptied after what held it is dropped",
        _PASS,
        "for b in p:",
        "    x = run(b)",
        "    del x",
        "    torch.cuda.empty_cache()",
        top=_TORCH,
    ),
    _f("Path.read_text", _PASS, "with open(p) as f:", "    return p.read_text() + f.read()"),
    _f(
        "a function of one's own that is called open", _PASS, "return open(p).x", top="def open(p):\n    return p\n\n\n"
    ),
    _f("a client that lives on warns", _PASS, "r = redis.Redis()", "return r.get(p)", top="import redis\n"),
    _f("an excused line", _PASS, "f = open(p)  # noqa: SIM115 - closed by the logger", "return f.read()"),
    _new("a file that its object closes", _PASS, _SELF + "\n    def close(self):\n        self._f.close()\n"),
    _new(
        "a file that its object closes in __exit__",
        _PASS,
        _SELF + "\n    def __exit__(self, *_):\n        self._f.close()\n",
    ),
    _new(
        "a pool of the module",
        _PASS,
        "import redis\nimport sqlite3\n\nPOOL = sqlite3.connect('x')\nr = redis.Redis()\n",
    ),
    _altered("an old leak with another argument", _PASS, _OLD, _OLD.replace("open(p)", "open(p, 'rb')")),
    Case("an old leak that is copied", _PASS, {_A: _OLD}, {_A: _OLD, "app/other.py": _OLD}),
    Case("an old leak in a file that moved", _PASS, {_A: _OLD}, {"core/a.py": "\n" + _OLD}),
    _new("a file that its object cannot close", _REVIEW, _SELF),
    _f("a file that a function returns without a word", _REVIEW, "return open(p)", signature="thing(p)"),
    _f(
        "a handle that a thread gets",
        _REVIEW,
        "f = open(p)",
        "Thread(target=work, args=f).start()",
        top="from threading import Thread\n",
    ),
    _f("a handle that other code gets", _REVIEW, "f = open(p)", "work(f)"),
    _new("what versioneer brings along", _NA, _OLD, "versioneer.py"),
    _new(
        "what versioneer writes",
        _NA,
        f"# In the public domain. Generated by\n# versioneer-0.29\n{_OLD}",
        "app/_version.py",
    ),
    _new("a test", _NA, _OLD, "tests/test_a.py"),
    _new("code without resources", _NA, "x = 1\n"),
    Case("no Python file changed", _NA, {}, {"README.md": "open(p)"}),
]
