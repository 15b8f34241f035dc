"""Cases of the rule stubs: functions that do nothing, and what may excuse them."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NONE = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_AT = "src/shop/core.py"
_PACKAGE = {"src/shop/__init__.py": ""}
_REAL = "def total(items):\n    return sum(item.price for item in items)\n"
_BASE = "class Store:\n    def load(self, key):\n        raise NotImplementedError\n"
_HEIR = "from .core import Store\nclass Files(Store):\n    def load(self, key):\n        return open(key)\n"
_ABC = "import abc\nclass Store(abc.ABC):\n    @abc.abstractmethod\n    def load(self, key): ...\n"
_CLOUD = "class Cloud(Store):\n    def load(self, key): pass"
_OWED = "    @abc.abstractmethod\n    def save(self, key, value): ...\n"


def _new(name: str, expect: Status, code: str, path: str = _AT, others: Mapping[str, str] | None = None) -> Case:
    """Code in a new module of a package; `others` stand beside it at head."""
    return Case(name, expect, _PACKAGE, {**_PACKAGE, **(others or {}), path: f"{code}\n"})


def _body(name: str, expect: Status, body: str, head: str = "def load(path)") -> Case:
    return _new(name, expect, f"{head}:\n    {body}")


def _method(
    name: str, expect: Status, body: str, owner: str = "class Store", head: str = "def load(self, key)"
) -> Case:
    return _new(name, expect, f"{owner}:\n    {head}:\n        {body}")


def _edit(name: str, expect: Status, before: str, after: str) -> Case:
    return Case(name, expect, {**_PACKAGE, _AT: before}, {**_PACKAGE, _AT: after})


_STUBS = [
    _body("a new function that passes", _FAIL, "pass"),
    _body("a new function of dots", _FAIL, "..."),
    _body("a new function of nothing but a docstring", _FAIL, '"""Load the file."""'),
    _body("a new function that is not implemented", _FAIL, "raise NotImplementedError"),
    _body("a new function that says it is not implemented", _FAIL, "raise NotImplementedError('not implemented yet')"),
    _body("another exception that says so", _FAIL, "raise RuntimeError('TODO: load the file')"),
    _body("a response that says so", _FAIL, "return Response('Not implemented', status=501)"),
    _body("a print that says so", _FAIL, "print('TODO: load')"),
    _body("a log that says so, then a constant", _FAIL, "logger.warning('not implemented yet')\n    return None"),
    _body("a constant with a TODO", _FAIL, "return []  # TODO: read the file"),
    _body("a TODO below the body", _FAIL, "pass\n    # FIXME: read the file"),
    _body("a constant for now", _FAIL, "return {}  # for now"),
    _body("a docstring that says TODO", _FAIL, '"""Not implemented yet."""\n    return None'),
    _body("an argument thrown away", _FAIL, "_ = path\n    pass"),
    _body("an endpoint of a web framework", _FAIL, "pass", "@app.get('/items')\ndef load(path)"),
    _body("a command of a command line", _FAIL, "pass", "@cli.command()\ndef load(path)"),
    _body("an asynchronous function", _FAIL, "...", "async def load(path)"),
    _method("a method of a class of its own", _FAIL, "pass"),
    _method(
        "a property that is not implemented", _FAIL, "raise NotImplementedError", head="@property\n    def key(self)"
    ),
    _method("forward of a network", _FAIL, "pass", "import torch\nclass Net(torch.nn.Module)", "def forward(self, x)"),
    _method("handle of a command", _FAIL, "pass", "class Command(BaseCommand)", "def handle(self, *args)"),
    _method("a method of a model of data", _FAIL, "pass", "from pydantic import BaseModel\nclass Order(BaseModel)"),
    _method("a method that a base of the library lacks", _FAIL, "pass", "class Table(dict)", "def width(self)"),
    _method("a method that is left for later overrides", _FAIL, "pass  # TODO", "class Store(Base)"),
    _edit("a stub beside code that was there", _FAIL, _REAL, _REAL + "def load(path):\n    pass\n"),
    _edit(
        "a function that is no longer implemented", _FAIL, _REAL, "def total(items):\n    raise NotImplementedError\n"
    ),
]
_DOUBTS = [
    _body("a function that returns None alone", _REVIEW, "return None"),
    _body("an empty list whatever is asked", _REVIEW, "return []"),
    _body("an empty dict by its name", _REVIEW, "return dict()"),
    _body("True whatever is asked", _REVIEW, "return True", "def is_valid(token)"),
    _body("True without a question", _REVIEW, "return True", "def check()"),
    _body("data for a path it does not read", _REVIEW, "return {'id': 1, 'name': 'Book'}"),
    _body("data by way of a variable", _REVIEW, "data = [1, 2, 3]\n    return data"),
    _body("made-up data without arguments", _REVIEW, "return [{'name': 'John Doe'}]", "def users()"),
    _body("an object of made-up data", _REVIEW, "return User(1, email='jane@example.com')"),
    _body("a refusal with a cause", _REVIEW, "raise NotImplementedError('IDNA 2008 does not use nameprep')"),
    _edit("a function that was emptied", _REVIEW, _REAL, "def total(items):\n    pass\n"),
    _edit("a function that became a constant", _REVIEW, _REAL, "def total(items):\n    return 0\n"),
    _new(
        "all methods of a class owe their work",
        _REVIEW,
        f"{_ABC}{_OWED}{_CLOUD}\n    def save(self, key, value): pass",
    ),
    _new("a class of one method owes it", _REVIEW, f"{_ABC}{_CLOUD}"),
    _new("a duck-typed base whose only subclass owes it too", _REVIEW, f"{_BASE}{_CLOUD}"),
    _new(
        "an override that returns a constant, and says that it will change",
        _REVIEW,
        f"{_HEIR.replace('.core', '.base')}class More(Files):\n    def load(self, key): return ''  # TODO",
        others={"src/shop/base.py": _BASE},
    ),
]
_OTHERS_WRITE_IT = [
    _new("an abstract method", _PASS, _ABC),
    _new(
        "an abstract class's other method", _PASS, "from abc import ABC\nclass Store(ABC):\n    def close(self): pass"
    ),
    _method("a class by its metaclass", _PASS, "raise NotImplementedError", "class Store(metaclass=abc.ABCMeta)"),
    _method("a protocol", _PASS, "...", "from typing import Protocol\nclass Store(Protocol)"),
    _method("a generic protocol", _PASS, "...", "import typing as t\nclass Store(t.Protocol[K])"),
    _new("an overload", _PASS, f"import typing\n@typing.overload\ndef total(items: int): ...\n{_REAL}"),
    _body("a function that dispatches by type", _PASS, "raise NotImplementedError", "@singledispatch\ndef load(path)"),
    _body("a group of commands", _PASS, "pass", "@click.group()\ndef load(path)"),
    _body("a hook specification", _PASS, '"""Called first."""', "@hookspec\ndef load(path)"),
    _body("a function for type checkers alone", _PASS, "...", "if TYPE_CHECKING:\n  def load(path)"),
    _new("a duck-typed base with a subclass elsewhere", _PASS, _BASE, others={"src/shop/files.py": _HEIR}),
    _new("a base whose subclass does not override it", _PASS, f"{_BASE}class Files(Store):\n    pass"),
    _new("a base with no body, overridden", _PASS, _BASE.replace("raise NotImplementedError", "pass") + _HEIR),
    _new("a base that passes down its work by hand", _PASS, f"{_BASE}class A(Store): x = 1\nclass B(A): y = 2"),
    _method("a base by name", _PASS, "raise NotImplementedError", "class BaseStore"),
    _method("a base by its docstring", _PASS, '"""Override this in a subclass."""\n        raise NotImplementedError'),
]
_NOTHING_TO_DO = [
    _new(
        "an override",
        _PASS,
        f"{_HEIR}class Quiet(Files):\n    def load(self, key): pass",
        others={"src/shop/c.py": _BASE},
    ),
    _new(
        "an override in a class that works", _PASS, f"{_ABC}{_OWED}{_CLOUD}\n    def save(self, key, value): put(key)"
    ),
    _method(
        "an override of the standard library",
        _PASS,
        "pass",
        "import logging\nclass Q(logging.Handler)",
        "def emit(self, r)",
    ),
    _method("a base that nobody here knows", _PASS, "pass", "from other import Base\nclass Store(Base)"),
    _method("an exception", _PASS, "pass", "class StoreError(Exception)"),
    _method("a null object", _PASS, "return None", "class NullStore"),
    _new(
        "a context manager",
        _PASS,
        "class Quiet:\n    def __enter__(self): return self\n    def __exit__(self, *a): pass",
    ),
    _method("an empty initialiser", _PASS, "pass", head="def __init__(self)"),
    _method("a hook by name", _PASS, "pass", head="def on_close(self, event)"),
    _method("nothing to close", _PASS, "pass", head="def close(self)"),
    _method("a property that cannot be set", _PASS, "pass", head="@key.setter\n    def key(self, value)"),
    _method("a datum of a class", _PASS, "return 'files'", head="@property\n    def name(self)"),
    _body("a datum without arguments", _PASS, "return '1.0'", "def version()"),
    _body("a table without arguments", _PASS, "return {'type': 'object'}", "def schema()"),
    _body("a hook of pytest", _PASS, "pass", "def pytest_configure(config)"),
    _body("a set-up that a framework asks for", _PASS, "pass", "def setup()"),
    _body("a function that is there to do nothing", _PASS, "pass", "def noop(*args)"),
    _body("a function that says why it does nothing", _PASS, '"""No-op, kept for compatibility."""'),
    _new("a default for a callback", _PASS, "def silent(line): pass\ndef run(out=silent):\n    out('x')"),
    _new(
        "what is absent",
        _PASS,
        "try:\n    from zstd import load\nexcept ImportError:\n    def load(path):\n        return None",
    ),
    _new(
        "other circumstances", _PASS, f"if x:\n    def load(p): return open(p)\nelse:\n    def load(p): pass\n{_REAL}"
    ),
    Case(
        "a hook of the configuration",
        _PASS,
        _PACKAGE,
        {**_PACKAGE, _AT: "def load(path):\n    pass\n"},
        options={"hook_names": ["load"]},
    ),
]
_NOT_JUDGED = [
    _new("a function that works", _PASS, _REAL),
    _body("a private function", _PASS, "pass", "def _load(path)"),
    _method("a method of a private class", _PASS, "pass", "class _Store"),
    _new("a function within a function", _PASS, "def run():\n    def load(path): pass\n    return load"),
    _edit("a stub that was there", _PASS, "def load(path):\n    pass\n", f"{_REAL}def load(path):\n    pass\n"),
    _edit("a stub with another signature", _PASS, "def load(path):\n    pass\n", "def load(path, mode):\n    pass\n"),
    Case(
        "a stub in a file that moved", _PASS, {"a.py": f"{_REAL}def f(x): ...\n"}, {"b.py": f"{_REAL}def f(x): ...\n"}
    ),
    Case(
        "a stub that moved to another file",
        _PASS,
        {**_PACKAGE, _AT: f"{_REAL}def load(path):\n    pass\n"},
        {**_PACKAGE, _AT: _REAL, "src/shop/io.py": "def load(path):\n    pass\n"},
    ),
    Case("a stub file of types", _NONE, {}, {"a.pyi": "def load(path: str) -> str: ...\n"}),
    Case("a fake in a test", _NONE, {}, {"tests/test_a.py": "class Fake:\n    def load(self, key): pass\n"}),
    Case("no Python changed", _NONE, _PACKAGE, _PACKAGE | {"README.md": "# shop\n"}),
    Case("a file that a program wrote", _NONE, {}, {"a.py": "# Generated by protoc. DO NOT EDIT\ndef f(x): pass\n"}),
    Case("text that no Python can read", Status.ERROR, {}, {"a.py": "def f(:\n"}),
]

CASES = [*_STUBS, *_DOUBTS, *_OTHERS_WRITE_IT, *_NOTHING_TO_DO, *_NOT_JUDGED]
