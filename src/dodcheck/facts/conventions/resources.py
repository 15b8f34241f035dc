"""Calls that open what must be closed: files, sockets, connections, sessions."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import children, walk

WORDS = re.compile(
    r"open\(|File\(|File\b|connect\(|[sS]ession|socket|[tT]emporary|[rR]edis|Client\(|acquire\(|empty_cache|no_grad"
    r"|inference_mode|autocast|set_grad_enabled|cursor\(|connection\("
)
_FILES = {
    "open", "io.open", "codecs.open", "os.fdopen", "gzip.open", "bz2.open", "lzma.open", "tarfile.open", "h5py.File",
    "zipfile.ZipFile", "tarfile.TarFile", "gzip.GzipFile", "bz2.BZ2File", "lzma.LZMAFile", "netCDF4.Dataset",
    "shelve.open", "dbm.open", "wave.open", "aiofiles.open", "urllib.request.urlopen", "io.FileIO", "builtins.open",
}  # fmt: skip
_TEMPORARY = {
    f"tempfile.{name}" for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "TemporaryDirectory")
}
_SOCKETS = {"socket.socket", "socket.create_connection", "socket.create_server"}
_CONNECTIONS = {
    "sqlite3.connect", "psycopg.connect", "psycopg2.connect", "duckdb.connect", "pymysql.connect", "MySQLdb.connect",
    "aiosqlite.connect", "asyncpg.connect", "mysql.connector.connect", "pyodbc.connect", "oracledb.connect",
    "cx_Oracle.connect", "snowflake.connector.connect", "psycopg.Connection.connect", "psycopg.AsyncConnection.connect",
    "clickhouse_driver.connect", "trino.dbapi.connect",
}  # fmt: skip
_SESSIONS = {
    "sqlalchemy.orm.Session", "sqlmodel.Session", "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlmodel.ext.asyncio.session.AsyncSession",
}  # fmt: skip
_CLIENTS = {
    "requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient", "aiohttp.ClientSession", "redis.Redis",
    "redis.StrictRedis", "redis.from_url", "redis.Redis.from_url", "redis.asyncio.Redis", "redis.asyncio.from_url",
    "redis.asyncio.Redis.from_url",
}  # fmt: skip
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_FILES, "file"),
    **dict.fromkeys(_TEMPORARY, "temporary file"),
    **dict.fromkeys(_SOCKETS, "socket"),
    **dict.fromkeys(_CONNECTIONS, "database connection"),
    **dict.fromkeys(_SESSIONS, "database session"),
    **dict.fromkeys(_CLIENTS, "client"),
}
_MAKERS = {"sessionmaker", "async_sessionmaker"}
_FACTORY = re.compile(
    r"(?:Async)?Session(?:Local|Factory|Maker)|session_factory|async_session_(?:maker|factory)|SessionLocal\w*"
)
_ENGINE = re.compile(r"(?:^|[._])engine$", re.IGNORECASE)
_PATH = re.compile(r"(?:^|[._])path$", re.IGNORECASE)
_OF_ENGINE = {"connect", "raw_connection"}
LASTING = {"client", "cursor"}  # commonly kept for the life of the process, or closed with what made them


class Resource(NamedTuple):
    """One call that opens something.

    Args:
        call: The call.
        kind: What it opens, in words.
        function: The innermost function around it.
        owner: The class around that.
    """

    call: ast.Call
    kind: str
    function: ast.FunctionDef | ast.AsyncFunctionDef | None
    owner: ast.ClassDef | None


def resources(tree: ast.Module, opened: Collection[int]) -> Iterator[Resource]:
    """Yield what a module opens.

    Args:
        tree: The module.
        opened: Lines on which ruff sees a file opened (SIM115), also by methods of a Path.
    """
    names = names_of(tree)
    own = {node.name for node in tree.body if isinstance(node, Function)}
    makers = {name for node in walk(tree) if isinstance(node, ast.Assign) for name in _made(node, names)}
    stack: list[tuple[ast.AST, Resource]] = [(tree, Resource(ast.Call(ast.Name(""), [], []), "", None, None))]
    while stack:
        node, place = stack.pop()
        if isinstance(node, Function):
            place = place._replace(function=node)
        elif isinstance(node, ast.ClassDef):
            place = place._replace(function=None, owner=node)
        elif isinstance(node, ast.Call):
            kind = _kind(node, names, makers, opened)
            if kind and not (isinstance(node.func, ast.Name) and node.func.id in own - makers):
                yield place._replace(call=node, kind=kind)
        stack.extend((child, place) for child in children(node))


def _made(node: ast.Assign, names: Names) -> Iterator[str]:
    """Yield the names that are bound to a maker of sessions."""
    called = names.of(node.value.func) if isinstance(node.value, ast.Call) else None
    if called and called.rpartition(".")[2] in _MAKERS:
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _kind(call: ast.Call, names: Names, makers: Collection[str], opened: Collection[int]) -> str | None:
    func = call.func
    called = names.of(func) or ""
    if called in _KINDS:
        return _KINDS[called]
    last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if last in makers or _FACTORY.fullmatch(last):
        return "database session"
    if isinstance(func, ast.Attribute):
        if last in _OF_ENGINE and _ENGINE.search(names.of(func.value) or ""):
            return "database connection"
        if last == "open" and (call.lineno in opened or _PATH.search(names.of(func.value) or "")):
            return "file"
        if last == "cursor" and not call.args:
            return "cursor"
    return None
