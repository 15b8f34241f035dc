"""Cases of the rule `setup-docs`: the libraries and forms by which code reads its environment."""

from collections.abc import Mapping

from dodcheck.rule import Case

from ._setup_docs_trees import README, asks, fails, passes, reads, silent

_OLD_MODEL = "from pydantic import BaseSettings\n\nclass S(BaseSettings):\n    url: str\n    class Config:\n"
_BASE = """from pydantic_settings import BaseSettings

class Common(BaseSettings):
    model_config = {'env_prefix': 'APP_'}
"""
_MADE = """from pydantic_settings import BaseSettings
from lib import config

class Settings(BaseSettings):
    model_config = config("kubernetes")
    url: str{0}
"""
_COMPOSE = "services:\n  web:\n    image: {0}\n"
_IMAGE = {"compose.yaml": _COMPOSE.format("app")}
_NESTED = """from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict

class Db(BaseModel):
    {0}: str

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")
    db: Db
"""
_TRIED = "try:\n    URL = os.environ['APP_URL']\nexcept KeyError:\n    {0}\n"
_DYNACONF = "from dynaconf import Dynaconf, Validator\ns = Dynaconf(envvar_prefix='APP'{0})\n"
_VALIDATED = f"{_DYNACONF}s.validators.register(Validator('db.url', {{1}}))\n"
_AUTO = """import click

@click.command()
@click.option('--{0}')
def main(**given): ...

main(auto_envvar_prefix='APP')
"""
_URL = reads("URL = os.environ['APP_URL']")


def _module(code: str, path: str = "app/a.py") -> Mapping[str, str]:
    return {path: code}


def _url_in(image: str) -> Mapping[str, str]:
    return {**_URL, "Dockerfile": f"FROM python\n{image}\n"}


def _told(name: str) -> Mapping[str, str]:
    return {"README.md": f"{README}\nSet `{name}`.\n"}


def _named(what: str, name: str, files: Mapping[str, str]) -> list[Case]:
    """One form of reading `name`: undocumented it fails, and documented under exactly this name it passes."""
    return [
        fails(f"{what}, and no document names {name}", files),
        passes(f"{what}, and the README names {name}", {**files, **_told(name)}),
    ]


READERS = [
    *_named(
        "the code stops unless the variable is in the environment",
        "APP_URL",
        reads("if 'APP_URL' not in os.environ:\n    raise SystemExit"),
    ),
    *_named("a loop asks for each of some names", "APP_B", reads("for k in ('APP_B',):\n    print(os.environ[k])")),
    *_named("os.environ is a parameter's default", "APP_URL", reads("def f(env=os.environ): return env['APP_URL']")),
    *_named(
        "os.environ stands in for what no caller gives",
        "APP_URL",
        reads("def f(env=None):\n    env = env or os.environ\n    return env['APP_URL']"),
    ),
    *_named("a prefix is put in with %", "APP_URL", reads("P = 'APP'\nURL = os.environ['%s_URL' % P]")),
    *_named("a prefix is put in by format", "APP_URL", reads("P = 'APP'\nURL = os.environ['{}_URL'.format(P)]")),
    *_named("the value is taken out of the environment", "APP_URL", reads("URL = int(os.environ.pop('APP_URL'))")),
    *_named(
        "a function of another module reads it",
        "APP_URL",
        {
            "app/a.py": "from app.util import must\n\nURL = must('APP_URL')\n",
            "app/util.py": "import os\n\ndef must(name):\n    return os.environ[name]\n",
        },
    ),
    *_named(
        "django-environ takes its usual name where none is given",
        "DATABASE_URL",
        _module("import environ\nenv = environ.Env()\nDATABASES = {'default': env.db()}\n"),
    ),
    *_named(
        "starlette's Config has a prefix",
        "APP_URL",
        _module("from starlette.config import Config\nconfig = Config(env_prefix='APP_')\nURL = config('URL')\n"),
    ),
    *_named(
        "environs reads under a prefix",
        "APP_URL",
        _module("from environs import Env\nenv = Env()\nwith env.prefixed('APP_'):\n    URL = env.str('URL')\n"),
    ),
    *_named(
        "decouple's AutoConfig casts it",
        "APP_N",
        _module("from decouple import AutoConfig\nconfig = AutoConfig('.')\nN = config('APP_N', cast=int)\n"),
    ),
    *_named("dynaconf must have it", "APP_DB__URL", _module(_VALIDATED.format("", "must_exist=True"))),
    *_named("a settings class nests a model", "APP_DB__URL", _module(_NESTED.format("url"))),
    *_named(
        "the settings class that others build on stands in another module",
        "APP_URL",
        {"app/a.py": "from app.base import Common\n\nclass Settings(Common):\n    url: str\n", "app/base.py": _BASE},
    ),
    *_named(
        "a settings class of pydantic 1 names its variables",
        "THE_URL",
        _module(f"{_OLD_MODEL}        fields = {{'url': {{'env': 'THE_URL'}}}}\n"),
    ),
    *_named("a class of pydantic 1 has a prefix", "APP_URL", _module(f"{_OLD_MODEL}        env_prefix = 'APP_'\n")),
    fails("compose stops without it", {"compose.yaml": _COMPOSE.format("${APP_IMAGE:?which}")}, _IMAGE),
    asks("compose goes on with nothing", {"compose.yaml": _COMPOSE.format("${APP_IMAGE}")}, _IMAGE),
    passes("compose has a default", {"compose.yaml": _COMPOSE.format("${APP_IMAGE:-app}")}, _IMAGE),
    fails(
        "a nested field was renamed and the README kept its variable",
        _module(_NESTED.format("dsn")),
        {**_module(_NESTED.format("url")), **_told("APP_DB__URL")},
    ),
    asks("dynaconf may find it in a file", _module(_VALIDATED.format(", settings_files=['s']", "must_exist=True"))),
    passes("a function gives settings their prefix, and the field has a default", _module(_MADE.format(" = 'x'"))),
    asks("a function gives settings their prefix", _module(_MADE.format(""))),
    passes("dynaconf has a default", _module(_VALIDATED.format("", "default='x'"))),
    passes("the code catches that the variable is not there", reads(_TRIED.format("URL = 'x'"))),
    fails("the code stops when it catches that", reads(_TRIED.format("raise SystemExit('no url')"))),
    passes("the code asks first", reads("if 'APP_URL' in os.environ:\n    URL = os.environ['APP_URL']")),
    fails(
        "the code asks first and stops",
        reads("if 'APP_URL' in os.environ:\n    x = os.environ['APP_URL']\nelse:\n    exit(1)"),
    ),
    silent("the code only takes the variable away", reads("os.environ.pop('APP_URL', None)")),
    passes("typer may take an argument from it", _module("import typer\nKEY = typer.Option(..., envvar='APP_KEY')\n")),
    passes("click makes the names by itself", _module(_AUTO.format("key"))),
    fails(
        "an option was renamed, click makes its variable, and the README kept the old one",
        _module(_AUTO.format("token")),
        {**_module(_AUTO.format("key")), **_told("APP_KEY")},
    ),
    fails("an image that sets the variable without a word documents nothing", _url_in("ENV APP_URL=http://a")),
    passes("an image that sets the variable says what it is for", _url_in("# where it runs\nENV APP_URL=http://a")),
    fails(
        "a workflow of CI that sets the variable documents nothing",
        {**_URL, ".github/workflows/ci.yml": "env:\n  APP_URL: http://localhost\n"},
    ),
    silent(
        "the variable is gone from the code, and CI still takes it",
        {"app/a.py": "import os\n"},
        {**_URL, **_told("APP_URL"), ".github/workflows/ci.yml": "env:\n  X: ${{ secrets.APP_URL }}\n"},
    ),
    fails(
        "a variable with a default is documented under another name",
        {**reads("URL = os.environ.get('APP_DB_URL', 'x')"), **_told("APP_DBURL")},
    ),
    fails(
        "an old variable is documented under another name",
        _told("APP_DBURL"),
        reads("URL = os.environ.get('APP_DB_URL', 'x')"),
    ),
    silent(
        "a field of settings is documented, and another name is near",
        _told("APP_DB_URL"),
        {
            "app/a.py": f"{_BASE}    db_url: str = 'x'\n",
            "app/b.py": "import os\nX = os.environ.get('APP_DB_URI', '')\n",
        },
    ),
    *[
        passes(f".env.{kind} documents it", {**_URL, f".env.{kind}": "APP_URL=http://localhost\n"})
        for kind in ("example", "sample", "template", "dist")
    ],
    fails(
        "readme_only: an example environment that the README does not name",
        {**_URL, ".env.example": "APP_URL=\n"},
        readme_only=True,
    ),
    passes(
        "readme_only: an example environment that the README names",
        {**_URL, ".env.example": "APP_URL=\n"},
        {"README.md": f"{README}\nCopy `.env.example` to `.env`.\n"},
        readme_only=True,
    ),
]
