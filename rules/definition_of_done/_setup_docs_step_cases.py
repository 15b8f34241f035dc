"""Cases of the rule `setup-docs`: commands, options, extras, services, files and Python versions."""

from ._setup_docs_trees import README, fails, passes, project, silent

_WEB = '[project.optional-dependencies]\nweb = ["flask"]\n'
_MAKE = "run:\n\tpython -m app\n\ntest:\n\tpytest\n"
_RUN = f"{README}\n```\n$ make run\n```\n"
_IMAGE = "FROM python\nRUN apt-get install -y libpq-dev\n"
_COMPOSE = "services:\n  web:\n    image: app\n"
_TASKS = "version: '3'\ntasks:\n  {0}:\n    cmds: [python -m app]\n"
_OPTION = "import click\n\n@click.command()\n@click.option('{0}')\ndef main(**given): ...\n"
_TYPER = "import typer\n\ndef main({0}: str = typer.Option('x')) -> None: ...\n"

STEPS = [
    fails(
        "the README says `make run` and the target is gone",
        {"Makefile": "test:\n\tpytest\n"},
        {"Makefile": _MAKE, "README.md": _RUN},
    ),
    passes(
        "the target is gone and so is the README's line",
        {"Makefile": "test:\n\tpytest\n", "README.md": README},
        {"Makefile": _MAKE, "README.md": _RUN},
    ),
    silent(
        "a recipe of the target changed",
        {"Makefile": _MAKE.replace("-m app", "-m app.main")},
        {"Makefile": _MAKE, "README.md": f"{README}\nCall `make run`.\n"},
    ),
    fails(
        "a script that the README calls was moved",
        {"bin/install.sh": "", "tools/install.sh": "pip install .\n"},
        {"bin/install.sh": "pip install .\n", "README.md": f"{README}\nRun `sh bin/install.sh`.\n"},
    ),
    fails(
        "an extra that the README installs is gone",
        {"pyproject.toml": project("click>=8")},
        {
            "pyproject.toml": project("click>=8", rest=_WEB),
            "README.md": f"{README}\n    pip install 'app[web]'\n",
        },
    ),
    fails(
        "a new extra for users is documented nowhere",
        {"pyproject.toml": project("click>=8", rest=_WEB)},
    ),
    fails(
        "a service was added to compose and no document names it",
        {"compose.yaml": f"{_COMPOSE}  redis:\n    image: redis\n"},
        {"compose.yaml": _COMPOSE},
    ),
    silent(
        "a service that starts in a profile for tests, and a template of services",
        {"compose.yaml": f"{_COMPOSE}  cypress:\n    profiles: [e2e]\n  .base:\n    image: app\n"},
        {"compose.yaml": _COMPOSE},
    ),
    silent("a service of a compose file for CI", {"compose.ci.yaml": f"{_COMPOSE}  redis:\n    image: redis\n"}),
    fails(
        "the README tells which system packages to install, and lacks a new one",
        {"Dockerfile": "FROM python\nRUN apt-get install -y libpq-dev ffmpeg\n"},
        {"Dockerfile": _IMAGE, "README.md": f"{README}\n    apt-get install libpq-dev\n"},
    ),
    passes(
        "a new system package of the image alone is worth a warning",
        {"Dockerfile": "FROM python\nRUN apt-get install -y libpq-dev ffmpeg\n"},
        {"Dockerfile": _IMAGE},
    ),
    silent(
        "the docs speak of the setup.py that authors of plugins write",
        {"setup.py": ""},
        {"setup.py": "from setuptools import setup\nsetup()\n", "docs/plugins.md": "Write a `setup.py`.\n"},
    ),
    silent(
        "a page about contributing speaks of the setup.py that plugins have",
        {"setup.py": ""},
        {"setup.py": "from setuptools import setup\nsetup()\n", "docs/contributing.md": "Your `setup.py` says it.\n"},
    ),
    fails(
        "a page about contributing runs the setup.py that is gone",
        {"setup.py": ""},
        {
            "setup.py": "from setuptools import setup\nsetup()\n",
            "docs/contributing.md": "    python setup.py develop\n",
        },
    ),
    silent(
        "a module of the product is called setup",
        {"app/setup.py": "def f() -> None: ...\n"},
        {"app/setup.py": "def g() -> None: ...\n"},
    ),
    fails(
        "a console script changed its name and the README did not",
        {"pyproject.toml": project("click>=8", rest='[project.scripts]\nappctl = "app.a:main"\n')},
        {
            "pyproject.toml": project("click>=8", rest='[project.scripts]\napp = "app.a:main"\n'),
            "README.md": f"{README}\n```\napp --serve\n```\n",
        },
    ),
    fails(
        "the README promises a Python that no longer will do",
        {"pyproject.toml": project("click>=8").replace("3.11", "3.12")},
        {"README.md": f"{README}\nNeeds Python 3.11 or later.\n"},
    ),
    fails(
        "the README runs an npm script that is gone",
        {"web/package.json": '{"scripts": {"build": "vite build"}}'},
        {
            "web/package.json": '{"scripts": {"build": "vite build", "serve": "vite"}}',
            "README.md": f"{README}\n    cd web && npm run serve\n",
        },
    ),
    silent(
        "another package still has that npm script",
        {"web/package.json": '{"scripts": {}}'},
        {
            "web/package.json": '{"scripts": {"serve": "vite"}}',
            "package.json": '{"scripts": {"serve": "vite --root web"}}',
            "README.md": f"{README}\n    yarn serve\n",
        },
    ),
    fails(
        "the README runs a task that was renamed",
        {"Taskfile.yml": _TASKS.format("serve")},
        {"Taskfile.yml": _TASKS.format("run"), "README.md": f"{README}\nCall `task run`.\n"},
    ),
    fails(
        "a task that sets the project up is new, and no document names it",
        {"Taskfile.yml": _TASKS.format("bootstrap")},
        {"Taskfile.yml": _TASKS.format("run")},
    ),
    fails(
        "the README calls the command with an option that is gone",
        {"app/a.py": _OPTION.format("--output")},
        {
            "app/a.py": _OPTION.format("--out-file"),
            "pyproject.toml": project("click>=8", rest='[project.scripts]\napp = "app.a:main"\n'),
            "README.md": f"{README}\n    app --out-file x.txt\n",
        },
    ),
    fails(
        "the README calls the module with an option that is gone",
        {"app/a.py": _OPTION.format("--output")},
        {"app/a.py": _OPTION.format("--out-file"), "README.md": f"{README}\n    python -m app.a --out-file x\n"},
    ),
    silent(
        "another command has the option",
        {"app/a.py": _OPTION.format("--output")},
        {
            "app/a.py": _OPTION.format("--out-file"),
            "app/b.py": _OPTION.format("--out-file"),
            "README.md": f"{README}\n    python -m app.a --out-file x\n",
        },
    ),
    silent(
        "the option of another program has the same name",
        {"app/a.py": _OPTION.format("--output")},
        {"app/a.py": _OPTION.format("--reload"), "README.md": f"{README}\n    uvicorn app:app --reload\n"},
    ),
    fails(
        "typer's parameter gives the option its name",
        {"app/a.py": _TYPER.format("output")},
        {"app/a.py": _TYPER.format("out_file"), "README.md": f"{README}\n    python app/a.py --out-file x\n"},
    ),
]
