"""A project whose checks can be held at each stage of a run, or be left without room on disk there."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import msgspec
from conftest import COMMAND, Repository, environment
from environments import PYTEST, environment_with
from test_schema_database import BASE as MIGRATED
from test_schema_database import MODELS, NAME, second, settings

DEFINITION = """# Done

## Definition of Done

- [ ] Unit tests added and passing
- [ ] Existing test suite passes (no regressions)
- [ ] Linting passes
- [ ] Type checking passes
- [ ] API documentation updated if endpoints added/changed
- [ ] Migration instructions documented if schema changed
"""
HOLD = """\
import os


def hold(stage):
    if os.environ.get("FAULT_AT") == stage:
        if "FAULT_FILL" in os.environ:
            return fill(os.environ["FAULT_FILL"])
        with open(os.environ["FAULT_MARK"], "w") as mark:
            mark.write(str(os.getpid()))
        with open(os.environ["FAULT_HOLD"]) as held:
            held.read()


def fill(name):
    try:
        with open(name, "wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        pass  # the disk is full
"""
HOLDING_TEST = """\
from hold import hold

import shop

SIDE = "{side}"


def test_double():
    hold(f"{{SIDE}} tests on {{shop.SIDE}}")
    assert {claim}
"""
SERVICE = """\
from hold import hold

hold("openapi")


class App:
    def openapi(self):
        return {"openapi": "3.1.0", "paths": {"/users": {"get": {"responses": {}}}}}


app = App()
"""
PROJECT = {
    **MIGRATED,
    "DOD.md": DEFINITION,
    "dodcheck.toml": settings("sqlite") + "[rules.api-docs]\napp-import = 'service:app'\n",
    "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n",
    "hold.py": HOLD,
    "service.py": SERVICE,
    "shop.py": "SIDE = 'base'\n",
    "tests/test_shop.py": HOLDING_TEST.format(side="base", claim="shop.SIDE == 'base'"),
    "migrations/env.py": "from hold import hold\n\nhold('migrations')\n" + MIGRATED["migrations/env.py"],
}
WORK = {
    "shop.py": "SIDE = 'head'\nimport os\n",
    "service.py": SERVICE + "more = 1\n",
    "tests/test_shop.py": HOLDING_TEST.format(side="head", claim="shop.SIDE"),
    "app/models.py": MODELS + NAME,
    "migrations/versions/bbbb_name.py": second(),
}
TOOL = """\
#!/bin/sh
case "$*" in
    *--version*) echo {name} 1.15.0; exit;;
    *"{when}"*)
        if [ "$FAULT_AT" != "{name} {when}" ]; then :
        elif [ -n "$FAULT_FILL" ]; then dd if=/dev/zero of="$FAULT_FILL" bs=4k 2> /dev/null
        else echo $$ > "$FAULT_MARK" && read -r _ < "$FAULT_HOLD"
        fi;;
esac
{then}
"""
FULL = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"'
INSIDE = f"""\
{HOLD}

import pathlib

from dodcheck.cli import main

replace = pathlib.Path.replace


def held(self, target):
    hold("report" if ".part-" in self.name else self.name[:4])
    return replace(self, target)


pathlib.Path.replace = held
main()
"""
REPORT = "report.md"
Told = tuple[int, list[tuple[str, str, str]]]
MATRIX = ("--select", "tests-added,no-regressions")


class Stage(NamedTuple):
    """A stage of a run: the options of the run that reaches it, and who is held there.

    Args:
        words: What happens then.
        options: Of `dodcheck check`.
        lasting: What is held may last: it is ended with a killed run, and not by the next one.
        inside: It is the command itself that is held.
        variables: Of its environment.
    """

    words: str
    options: tuple[str, ...]
    lasting: bool = False
    inside: bool = False
    variables: Mapping[str, str] = {}


STAGES = {
    "git merge-base": Stage("git looks for the base", ("--fast", "--select", "lint")),
    "git add": Stage("the working tree is written as objects", ("--fast", "--select", "lint")),
    "git diff-tree": Stage("git compares both sides", ("--fast", "--select", "lint")),
    "git checkout-index": Stage("scratch trees are written", ("--select", "types")),
    "ruff check": Stage("ruff runs", ("--fast", "--select", "lint")),
    "mypy -O": Stage("mypy runs", ("--select", "types"), lasting=True),
    "head tests on head": Stage("the suite runs at head", MATRIX, lasting=True),
    "head tests on base": Stage("head's tests run on base's source", MATRIX, lasting=True),
    "base tests on head": Stage("base's tests run on head's source", MATRIX, lasting=True),
    "base tests on base": Stage("what failed runs at base", MATRIX, lasting=True),
    "openapi": Stage("the application writes its OpenAPI document", ("--select", "api-docs"), lasting=True),
    "migrations": Stage(
        "migrations are tried on a database",
        ("--select", "schema-migrations"),
        lasting=True,
        variables={"VIRTUAL_ENV": sys.prefix},
    ),
    "new-": Stage("the cache is written", ("--fast", "--select", "lint"), inside=True),
    "report": Stage("a report is written", ("--fast", "--select", "lint", "-o", REPORT), inside=True),
}


class Place(NamedTuple):
    """A project with work in it, and tools that can be held."""

    repository: Repository
    folder: Path

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    def run(self, stage: Stage, at: str, cache: Path | str) -> tuple[list[str], dict[str, str]]:
        """Return command and environment of a run that is held at a stage, if at any."""
        variables = {
            "FAULT_AT": at,
            "FAULT_RUN": uuid4().hex,
            "FAULT_MARK": str(self.folder / "mark"),
            "FAULT_HOLD": str(self.folder / "hold"),
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "TMPDIR": str(self.scratch),
            "VIRTUAL_ENV": str(self.folder / "environment"),
            "DODCHECK_CACHE": str(cache),
        }
        command = [sys.executable, "-c", INSIDE] if stage.inside else COMMAND
        asked = ("check", "--format", "json", "--base", "HEAD", *stage.options)
        return [*command, *asked], {**environment(), **variables, **stage.variables}


def made(folder: Path) -> Place:
    """Make the project, its tools and what holds them."""
    repository = Repository(folder / "repository")
    repository.commit(PROJECT)
    repository.write({"shop.py": "SIDE = 'stashed'\n"})
    repository.git("stash", "--quiet")
    repository.git("worktree", "add", "--quiet", "-b", "other", str(folder / "other"))
    repository.write({"shop.py": "SIDE = 'staged'\n"})
    repository.git("add", "shop.py")
    repository.write(WORK)
    environment_with(folder / "environment", PYTEST)
    clean = "echo '[]'"
    (folder / "environment" / "bin" / "ruff").write_text(TOOL.format(name="ruff", when="check", then=clean))
    (folder / "environment" / "bin" / "mypy").write_text(TOOL.format(name="mypy", when="-O", then="exit 0"))
    git = shlex.quote(shutil.which("git") or "git")
    steps = [at.removeprefix("git ") for at in STAGES if at.startswith("git ")]
    cases = [TOOL.format(name="git", when=step, then="").replace("*--version*)", "--version)") for step in steps]
    (folder / "git").write_text("\n".join([*cases, f'exec {git} "$@"', ""]))
    for tool in (folder / "git", *(folder / "environment" / "bin" / name for name in ("ruff", "mypy"))):
        tool.chmod(0o755)
    for name in ("mark", "hold"):
        os.mkfifo(folder / name)
    (folder / "scratch").mkdir()
    made = Place(repository, folder)
    run_to_its_end(made, Stage("", ("--fast", "--select", "lint")), folder / "warm")
    return made


def everything(repository: Repository) -> dict[str, tuple[int, int, bytes]]:
    """Return mode, time and bytes of all of the user's; git sets the time of an object that it meets again."""
    found = {}
    for parent, folders, files in os.walk(repository.path):
        for name in (*folders, *files):
            file = Path(parent, name)
            if name == REPORT:
                continue
            status = file.lstat()
            content = file.read_bytes() if name in files else b""
            timed = name in files and "objects" not in file.parts
            found[str(file)] = (status.st_mode, status.st_mtime_ns if timed else 0, content)
    return found


def processes(token: str) -> list[int]:
    """Return what runs with a variable of that value."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if token.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def verdict(ran: subprocess.CompletedProcess[bytes]) -> Told:
    """Return what a run said of each item."""
    assert ran.stdout, ran.stderr
    report = msgspec.json.decode(ran.stdout)
    return ran.returncode, [(one["text"], one["status"], one["summary"]) for one in report["items"]]


def run_to_its_end(place: Place, stage: Stage, cache: Path | str) -> Told:
    command, environ = place.run(stage, "", cache)
    return verdict(subprocess.run(command, cwd=place.repository.path, env=environ, capture_output=True, check=False))
