"""Cases of the rule config-objects: what is configuration, and what holds it well."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

_FAIL, _PASS, _NA, _REVIEW = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE, Status.NEEDS_REVIEW
_MODULE = "app/conf_of_training.py"
_FIELDS = "    lr: float = 1e-3\n    bs: int = 32\n    epochs: int = 10\n"
_BARE = "    lr = 1e-3\n    bs = 32\n    epochs = 10\n"
_PLAIN = f"class TrainConfig:\n{_BARE}"
_IMPORTS = """
import attr, attrs, dataclasses, enum, msgspec, pydantic, typing
import pydantic_settings as ps
from flax import struct
from transformers import PretrainedConfig
"""
_DICT = "CONFIG = {'lr': 1e-3, 'bs': 32, 'epochs': 10, 'device': 'cpu'}\n"
_READ = "    a = config['a']['b']\n    b = config['a']['c']\n    c = self.cfg['x'].get('y')\n"


def _new(name: str, expect: Status, code: str, path: str = _MODULE, more: Mapping[str, str] | None = None) -> Case:
    return Case(name, expect, {"app/__init__.py": ""}, {"app/__init__.py": "", path: code, **(more or {})})


def _with(name: str, head: str, fields: str = _FIELDS) -> Case:
    return _new(name, _PASS, f"{_IMPORTS}{head}\n{fields}")


def _change(name: str, expect: Status, old: Mapping[str, str], new: Mapping[str, str]) -> Case:
    return Case(name, expect, old, new)


_CLASSES = [
    _new("a plain class with three defaults", _FAIL, _PLAIN),
    _new("hints without a decorator change nothing", _FAIL, f"class TrainConfig:\n{_FIELDS}"),
    _new("values from the environment", _FAIL, "import os\nclass Settings:\n"
         "    host = os.getenv('HOST', '')\n    port = os.environ.get('PORT')\n    name = os.environ['NAME']\n"),
    _new("an heir of a plain class", _FAIL, f"class Base:\n    pass\nclass RunOptions(Base):\n{_BARE}"),
    _new("a constructor that sets constants", _FAIL, "class TrainConfig:\n    def __init__(self):\n"
         "        self.lr = 1e-3\n        self.dev = cuda(0)\n        self.bs = 32\n        self.epochs = 10\n"),
    _new("a constructor that works", _NA, "class TrainOptions:\n    def __init__(self):\n"
         "        self.a = 1\n        self.b = 2\n        self.c = 3\n        self.read()\n"),
    _with("a dataclass", "@dataclasses.dataclass(frozen=True)\nclass TrainConfig:"),
    _with("attrs", "@attrs.define\nclass TrainConfig:"),
    _with("attr", "@attr.s(auto_attribs=True)\nclass TrainConfig:"),
    _with("msgspec", "class TrainConfig(msgspec.Struct):"),
    _with("Pydantic", "class TrainConfig(pydantic.BaseModel):"),
    _with("Pydantic's settings", "class Settings(ps.BaseSettings):"),
    _with("a NamedTuple", "class TrainConfig(typing.NamedTuple):"),
    _with("a TypedDict", "class TrainConfig(typing.TypedDict, total=False):"),
    _with("an Enum", "class RunOptions(enum.Enum):", _BARE),
    _with("a Protocol", "class RunOptions(typing.Protocol):"),
    _with("Flax", "@struct.dataclass\nclass TrainConfig:"),
    _with("a configuration of Hugging Face", "class BertConfig(PretrainedConfig):", _BARE),
    _with("a base of the project", "class Base(pydantic.BaseModel):\n    pass\nclass RunConfig(Base):"),
    _new("a base in another module of the project", _PASS, f"from app.base import B\nclass RunConfig(B):\n{_FIELDS}",
         more={"app/base.py": "import pydantic\nclass B(pydantic.BaseModel):\n    pass\n"}),
    _new("a dataclass by a call", _PASS, f"{_IMPORTS}class TrainConfig:\n{_FIELDS}\n"
         "C = dataclasses.dataclass(TrainConfig)\n"),
    _new("Pydantic's inner class", _NA, f"{_IMPORTS}class User(pydantic.BaseModel):\n    class Config:\n"
         "        a = 1\n        b = 2\n        c = 3\n"),
    _new("two defaults are no configuration yet", _NA, "class TrainConfig:\n    lr = 1e-3\n    bs = 32\n"),
    _new("constants of a class", _REVIEW, "class AuthOptions:\n    A = 'a'\n    B = 'b'\n    C = 'c'\n"),
    _new("a class for others to inherit from", _REVIEW,
         f"{_IMPORTS}class BaseConfig:\n{_FIELDS}"),
    _new("a class that Celery reads", _REVIEW, f"{_IMPORTS}class CeleryConfig:\n{_FIELDS}"),
    _new("a class with behaviour", _REVIEW, f"{_PLAIN}    def train(self):\n        return self.lr\n"),
    _new("a constructor that stores its defaults", _REVIEW, "class TrainConfig:\n"
         "    def __init__(self, lr=1e-3, bs=32, epochs=10):\n"
         "        self.lr = lr\n        self.bs = bs\n        self.epochs = epochs\n"),
    _new("another name", _NA, f"class Trainer:\n{_BARE}"),
    _new("a test's own configuration", _NA, _PLAIN, "tests/test_a.py"),
    _change("a plain class of base", _NA, {_MODULE: _PLAIN}, {_MODULE: _PLAIN.replace("32", "64")}),
    _change("a plain class of base in another file", _NA, {_MODULE: _PLAIN}, {"app/other.py": f"X = 1\n{_PLAIN}"}),
    _change("a class of base grows to three defaults", _FAIL, {_MODULE: _PLAIN.replace("    bs = 32\n", "")},
            {_MODULE: _PLAIN}),
    _change("a dataclass loses its decorator", _FAIL,
            {_MODULE: f"from dataclasses import dataclass\n@dataclass\n{_PLAIN}"}, {_MODULE: _PLAIN}),
]  # fmt: skip

_USERS = {f"app/{name}.py": "from app.conf_of_training import CONFIG\n" for name in "abc"}
_DICTS = [
    _new("a dict of constants that three modules import", _REVIEW, _DICT, more=_USERS),
    _new("a dict of constants that one module uses by its module", _REVIEW, _DICT,
         more={"app/a.py": "from app import conf_of_training\nprint(conf_of_training.CONFIG)\n"}),
    _new("a dict that nobody imports", _NA, _DICT),
    _new("a dict under another name", _NA, _DICT.replace("CONFIG", "COLOURS"), more=_USERS),
    _new("a dict that a type describes", _NA, _DICT.replace("CONFIG", "CONFIG: Training"), more=_USERS),
    _new("logging's own", _NA,
         "import logging.config\nlogging.config.dictConfig({'version': 1, 'a': 1, 'b': 2, 'c': 3})\n"),
    _new("logging's own under a name", _NA,
         "LOG_CONFIG = {'version': 1, 'handlers': {'a': {'b': 1, 'c': 2, 'd': 3}}}\n",
         more={"app/a.py": "from app.conf_of_training import LOG_CONFIG\n"}),
    _new("Django's settings", _NA, "CACHE_OPTIONS = {'a': 1, 'b': 2, 'c': 3, 'd': 4}\nINSTALLED_APPS = []\n",
         "app/settings.py", {"app/a.py": "from app.settings import CACHE_OPTIONS\n"}),
    _change("a dict of base", _NA, {_MODULE: _DICT, **_USERS}, {_MODULE: _DICT.replace("32", "64"), **_USERS}),
]  # fmt: skip
_CHAINS = [
    _new("three chains of keys", _REVIEW, f"def f(self, config):\n{_READ}"),
    _new("the same chain again and again", _NA, "def f(config):\n" + "    print(config['a']['b'])\n" * 4),
    _new("two chains of keys", _NA, "def f(config):\n    return config['a']['b'], config['a']['c']\n"),
    _new("user YAML at the boundary", _REVIEW, f"def load(self, path):\n    config = yaml.safe_load(path)\n{_READ}"),
    _new("keys of something else", _NA, f"def f(self, rows):\n{_READ.replace('config', 'rows').replace('cfg', 'row')}"),
    _change("chains of base", _NA, {_MODULE: f"def f(self, config):\n{_READ}"},
            {_MODULE: f"def g(self, config):\n    pass\n{_READ}"}),
]  # fmt: skip

CASES = [*_CLASSES, *_DICTS, *_CHAINS]
