"""`dodcheck init`."""

import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import click

from dodcheck.cli.agent_files import AGENTS, Step, steps
from dodcheck.errors import ConfigError, UsageError
from dodcheck.sources.plumbing import Git

_TABLE = """
[tool.dodcheck]
# definition = "DOD.md"      # when it has none of the usual names
# notes = "handoff.md"       # where authors explain what only a person can settle
# python = ".venv/bin/python"
# timeout = 900              # seconds for one run of a tool
# needs-review = "block"     # or "report"
# sandbox = "bwrap"          # code of the project runs in bubblewrap, which must be installed
"""
_OWN = _TABLE.replace("[tool.dodcheck]\n", "").lstrip()
_HOOKS = """repos:
  - repo: local
    hooks:
      - id: dodcheck
        name: dodcheck (what is staged, fast)
        entry: dodcheck check --staged --fast --quiet
        language: system
        pass_filenames: false
        always_run: true
        stages: [pre-commit]
      - id: dodcheck-full
        name: dodcheck (the whole change)
        entry: dodcheck check --quiet
        language: system
        pass_filenames: false
        always_run: true
        stages: [pre-push]
"""
_BOTH_TYPES = "default_install_hook_types: [pre-commit, pre-push]\n"


@click.command()
@click.option("-y", "--yes", is_flag=True, help="Do not ask before a file that exists is added to.")
@click.option("--definition", "with_definition", is_flag=True, help="Also write DOD.md, from the built-in definition.")
@click.option(
    "--agent",
    "agents",
    multiple=True,
    type=click.Choice(list(AGENTS)),
    help="Also set the Stop hook of a coding agent: it goes on while its change is not done. May repeat.",
)
def init(yes: bool, with_definition: bool, agents: Sequence[str]) -> None:  # noqa: FBT001 - click's parameters
    """Write the configuration and the commit hook; ask before touching what exists."""
    with tempfile.TemporaryDirectory(prefix="dodcheck-init-") as folder:
        git = Git.open(Path.cwd(), Path(folder))
        git.close()
    found = [_configuration(git.top), _hook(git.top)]
    if with_definition:
        found.append(_definition(git.top))
    found += [step for agent in dict.fromkeys(agents) for step in steps(agent, git.top)]
    for step in found:
        _take(step, step.file.relative_to(git.top).as_posix(), yes=yes)
    click.echo("next: `pre-commit install` (or `prek install`), then `dodcheck check`")


def _take(step: Step, name: str, *, yes: bool) -> None:
    if step.content is None:
        click.echo(f"{name}: {step.words}")
        return
    if step.exists and not yes and not click.confirm(f"{name}: {step.words}?", default=False):
        click.echo(f"{name}: left as it is")
        return
    try:
        step.file.parent.mkdir(parents=True, exist_ok=True)
        step.file.write_text(step.content, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{step.file}: {error.strerror}", "make it writable") from error
    click.echo(f"{name}: {step.words}")


def _configuration(top: Path) -> Step:
    shared, own = top / "pyproject.toml", top / "dodcheck.toml"
    if own.exists():
        return Step(own, None, "there already", exists=True)
    if not shared.exists():
        return Step(own, _OWN, "write the configuration", exists=False)
    text = shared.read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"pyproject.toml: {error}", "mend the file") from error
    if "dodcheck" in table.get("tool", {}):
        return Step(shared, None, "has [tool.dodcheck] already", exists=True)
    return Step(shared, text.rstrip("\n") + "\n" + _TABLE, "add the table [tool.dodcheck]", exists=True)


def _hook(top: Path) -> Step:
    file = top / ".pre-commit-config.yaml"
    if not file.exists():
        return Step(file, _BOTH_TYPES + _HOOKS, "write the hooks dodcheck and dodcheck-full", exists=False)
    text = file.read_text(encoding="utf-8")
    if "id: dodcheck" in text:
        return Step(file, None, "has the hook already", exists=True)
    if "repos:" not in text:
        raise ConfigError(f"{file.name}: no `repos:` in it", "mend the file")
    added = text.rstrip("\n") + "\n" + _HOOKS.split("\n", 1)[1]
    return Step(file, added, "add the hooks dodcheck and dodcheck-full", exists=True)


def _definition(top: Path) -> Step:
    from importlib.resources import files  # noqa: PLC0415 - for this option alone

    file = top / "DOD.md"
    if file.exists():
        return Step(file, None, "there already", exists=True)
    text = files("dodcheck.templates").joinpath("definition.md").read_text(encoding="utf-8")
    return Step(file, text, "write the built-in definition", exists=False)
