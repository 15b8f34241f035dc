"""Cases of the rule `setup-docs`: environment variables."""

from ._setup_docs_trees import MONOREPO, README, asks, fails, passes, reads, silent

_SETTINGS = """from pydantic_settings import BaseSettings, SettingsConfigDict

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    debug: bool = False
"""
_ALIASES = """from typing import Annotated
from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    url: str = Field(validation_alias=AliasChoices("DATABASE_URL", "DB_URL"))
"""
_CLI = "import click\n\n@click.command()\n@click.option('--key', envvar='APP_KEY')\ndef main(key): ...\n"
_WRAPPED = "import os\n\ndef setting(name):\n    return os.environ[name]\n\nURL = setting('APP_URL')\n"
_GUARDED = "import os\n\nurl = os.getenv('APP_URL')\nif not url:\n    raise SystemExit('no url')\n"
_URL = reads("URL = os.environ['APP_URL']")
_SAID = f"{README}\nSet `APP_URL`.\n"
_COMPOSE = "services:\n  web:\n    image: app\n"
_SET = "services:\n  web:\n    environment:\n      APP_URL: http://localhost\n"

_NAMES = {"app/names.py": "URL = 'APP_URL'\n"}
_EITHER = "b = 1\na = os.getenv('APP_A')\nif not a and not b:\n    raise SystemExit\n"
_TRIED = "if __name__ == '__main__':\n    print(os.environ['APP_URL'])"

VARIABLES = [
    fails("a variable that the code needs is documented nowhere", _URL),
    passes("a new variable is named in the README", {**_URL, "README.md": _SAID}),
    passes("a new variable is named in .env.example alone", {**_URL, ".env.example": "APP_URL=http://localhost\n"}),
    passes(
        "a compose file with a comment documents a variable",
        {
            **_URL,
            "compose.yaml": _SET.replace("      APP", "      # where the app is reached\n      APP"),
        },
        {"compose.yaml": _COMPOSE},
    ),
    fails(
        "a compose file without a word does not",
        {**_URL, "compose.yaml": _SET},
        {"compose.yaml": _COMPOSE},
    ),
    fails("the variable is documented under another name", {**_URL, "README.md": f"{README}\nSet `APPURL`.\n"}),
    fails(
        "a settings field with a prefix is documented nowhere",
        {"app/a.py": f"{_SETTINGS}    db_url: str\n"},
        {"app/a.py": _SETTINGS},
    ),
    fails(
        "a settings field is documented with the wrong name",
        {"app/a.py": f"{_SETTINGS}    db_url: str\n", "README.md": f"{README}\nSet `APP_DBURL`.\n"},
        {"app/a.py": _SETTINGS},
    ),
    passes(
        "a settings field is documented with its prefix",
        {"app/a.py": f"{_SETTINGS}    db_url: str\n", ".env.example": "app_db_url=\n"},
        {"app/a.py": _SETTINGS},
    ),
    passes(
        "one of a field's aliases is documented",
        {"app/a.py": _ALIASES, "README.md": f"{README}\n    export DB_URL=x\n"},
    ),
    fails("none of a field's aliases is documented", {"app/a.py": _ALIASES}),
    passes(
        "a variable with a default is worth a warning only",
        reads("URL = os.environ.get('APP_URL', 'http://localhost')"),
    ),
    silent(
        "a default was added to a variable that the code read before",
        reads("URL = os.environ.get('APP_URL', '')"),
        _URL,
    ),
    asks("nobody can tell whether a variable without a default is needed", reads("URL = os.getenv('APP_URL')")),
    fails("the code stops when the variable is not there", {"app/a.py": _GUARDED}),
    asks("the variable is put together at run time", reads("def f(prefix): return os.environ[f'{prefix}_TOKEN']")),
    silent("the variable is read by tests only", {"tests/test_a.py": "import os\nURL = os.environ['APP_URL']\n"}),
    silent(
        "a function that terraform puts up, with its variables",
        {"terraform/modules/queue/refresh.py": "import os\nURL = os.environ['APP_URL']\n"},
    ),
    silent(
        "a script that tests an installation reads the variable",
        {"scripts/smoketest_configuration.py": "import os\nURL = os.environ['APP_URL']\n"},
    ),
    silent(
        "the system sets the variable",
        reads("X = os.environ['HOME'] + os.environ['GITHUB_SHA'] + os.environ['VERCEL_URL']"),
    ),
    silent(
        "another file read the variable before",
        _URL,
        {"app/b.py": "from os import environ as env\nURL = env['APP_URL']\n"},
    ),
    fails(
        "the code had a setting of that name, and now takes it from the environment",
        reads("C = {}\nC['APP_URL'] = os.environ['APP_URL']"),
        reads("C = {}\nC['APP_URL'] = 'x'"),
    ),
    silent("the variable moved with its file", {"app/a.py": "", "app/settings.py": _GUARDED}, {"app/a.py": _GUARDED}),
    fails("a function of the project wraps the reading", {"app/a.py": _WRAPPED}),
    fails(
        "a function of the project reads a variable under a longer name",
        reads("def secret(name):\n    return os.environ[name + '_FILE']\nKEY = secret('APP_KEY')"),
    ),
    fails("another module holds the name", {**reads("from app.names import URL\nx = os.environ[URL]"), **_NAMES}),
    passes("either of two variables will do", reads(_EITHER)),
    passes(
        "the code fills in a settings field by itself",
        {"app/a.py": f"{_SETTINGS}    key: str\n\ns = Settings(key='k')\n"},
    ),
    silent("a module of a package tries itself out", {**reads(_TRIED), "app/__init__.py": "# the app\n"}),
    fails("decouple reads it", {"app/a.py": "from decouple import config\nURL = config('APP_URL')\n"}),
    fails("django-environ reads it", {"app/a.py": "import environ\nenv = environ.Env()\nN = env.int('APP_N')\n"}),
    passes("a command-line option may come from the environment", {"app/a.py": _CLI}),
    silent("the code sets the variable for others", reads("os.environ['APP_URL'] = 'x'")),
    fails(
        "the code renamed a variable and the README kept the old name",
        reads("URL = os.environ.get('APP_ADDRESS', '')"),
        {**_URL, "README.md": _SAID},
    ),
    passes(
        "the code and the README renamed a variable",
        {**reads("URL = os.environ['APP_ADDRESS']"), "README.md": f"{README}\nSet `APP_ADDRESS`.\n"},
        {**_URL, "README.md": _SAID},
    ),
    passes(
        "the README says that the old name is gone",
        {
            **reads("URL = os.environ['APP_ADDRESS']"),
            "README.md": f"{README}\n`APP_URL` was renamed to `APP_ADDRESS`.\n",
        },
        {**_URL, "README.md": _SAID},
    ),
    fails(
        "the variable is gone and .env.example keeps it",
        {"app/a.py": "import os\n"},
        {**_URL, ".env.example": "APP_URL=http://localhost\n"},
    ),
    passes(
        "the variable is gone from the code, and a library may still read it",
        {"app/a.py": "import os\n"},
        {**reads("KEY = os.environ['OPENAI_API_KEY']"), "README.md": f"{README}\nSet `OPENAI_API_KEY`.\n"},
    ),
    passes(
        "an example of services sets a plain word for another service",
        {"app/a.py": "import os\n"},
        {**reads("PORT = os.environ['PORT']"), "compose.override.yml.example": "    environment:\n      - PORT=3000\n"},
    ),
    silent(
        "another file still reads the variable",
        {"app/a.py": "import os\n"},
        {**_URL, "app/b.py": _URL["app/a.py"], "README.md": _SAID},
    ),
    fails(
        "the README of a package inside is stale while the root's is right",
        {
            "packages/api/api/a.py": "import os\nURL = os.environ['API_ADDRESS']\n",
            "README.md": f"{README}\nSet `API_ADDRESS`.\n",
        },
        {
            **MONOREPO,
            "packages/api/api/a.py": "import os\nURL = os.environ['API_URL']\n",
            "packages/api/README.md": f"{README}\nSet `API_URL`.\n",
        },
    ),
]
