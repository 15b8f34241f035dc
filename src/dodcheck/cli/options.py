"""Options that several commands share."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

import click

from dodcheck.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = {  # and what each is; the README and the documentation have the same words
    "text": "for a terminal; the default of `check`",
    "json": "everything; its schema: `dodcheck schema`",
    "markdown": "the task report; the default of `report`",
    "html": "one page without network: verdict first, the run matrix as a picture, light, dark and print",
    "comment": "the same for a pull request: at most 65,536 bytes, its first line `<!-- dodcheck -->`",
    "sarif": "SARIF 2.1.0 for code scanning; what is waived is suppressed, with its reason",
    "junit": "one test case for each item: a failure blocks, an error could not run, the rest that is no pass is "
    "skipped",
    "github": "annotations, the ten most severe of each level; appends the task report to `$GITHUB_STEP_SUMMARY`",
    "gitlab": "Code Quality: `blocker` for an error, `minor` for what a person must settle, `info`",
}
SUFFIXES = {  # the first that fits; SARIF 2.1.0 (3.2) names both of its suffixes, GitLab's own examples begin with gl-
    "gl-*.json": "gitlab",
    "*.sarif.json": "sarif",
    "*.sarif": "sarif",
    "*.json": "json",
    "*.comment.md": "comment",
    "*.md": "markdown",
    "*.markdown": "markdown",
    "*.html": "html",
    "*.txt": "text",
    "*.xml": "junit",
}

_CHANGE = {
    "base": click.option(
        "--base", metavar="REF", help="Where the change starts; default: the merge-base with the default branch."
    ),
    "head": click.option("--head", metavar="REF", help="Where it ends; default: the working tree."),
    "staged": click.option("--staged", is_flag=True, help="Check what is staged against HEAD."),
    "definition": click.option("--definition", metavar="FILE", help="The Definition of Done, trusted as it is."),
    "agent": click.option(
        "--agent", metavar="NAME", help="The definition in .claude/agents/NAME.md or agents/NAME.md."
    ),
    "task": click.option(
        "--task", metavar="ID", help="The task that the change is for; default: its commits' `Task:` line."
    ),
    "notes": click.option("--notes", metavar="FILE|-", help="Handoff notes in Markdown; - for standard input."),
    "select": click.option("--select", metavar="RULE,…", default="", help="Run these rules alone."),
    "ignore": click.option("--ignore", metavar="RULE,…", default="", help="Leave these rules out."),
    "fast": click.option("--fast", is_flag=True, help="Run no code of the project and no type checker."),
    "sandbox": click.option(
        "--sandbox",
        is_flag=True,
        help="Run code of the project in a bubblewrap sandbox: no network, read-only outside of its scratch folders.",
    ),
    "no_cache": click.option(
        "--no-cache", is_flag=True, help="Run every test again; keep and use no earlier outcomes."
    ),
    "strict": click.option("--strict", is_flag=True, help="Explained items block too."),
    "quiet": click.option("-q", "--quiet", is_flag=True, help="No progress on stderr."),
}
_OF_A_TASK = ("base", "definition", "agent", "notes", "sandbox", "strict", "quiet")  # none leaves something out
_OF_A_DOCTOR = ("base", "definition", "agent", "sandbox")
_OF_A_HOOK = ("base", "definition", "agent", "task", "select", "ignore", "sandbox")


def change_options(command: Command) -> Command:
    """Add the options that say which change is checked against what."""
    return _with(command, tuple(_CHANGE))


def task_options(command: Command) -> Command:
    """Add those of them that the check of a whole task has."""
    return _with(command, _OF_A_TASK)


def hook_options(command: Command) -> Command:
    """Add those of them that an agent's hook has."""
    return _with(command, _OF_A_HOOK)


def doctor_options(command: Command) -> Command:
    """Add those of them that say what there is to look at."""
    return _with(command, _OF_A_DOCTOR)


def _with(command: Command, names: tuple[str, ...]) -> Command:
    for name in reversed(names):
        command = _CHANGE[name](command)
    return command


def format_of(file: Path) -> str:
    """Return the format that a file's name asks for.

    Raises:
        UsageError: The name has none.
    """
    for pattern, named in SUFFIXES.items():
        if fnmatchcase(file.name.lower(), pattern):
            return named
    raise UsageError(f"{file}: no format for this name", f"use one of {', '.join(SUFFIXES)}")


def formats_of(on_stdout: str, files: Iterable[Path]) -> set[str]:
    """Return every format that is written."""
    return {on_stdout, *map(format_of, files)}


def _all_with_a_format(ctx: click.Context, param: click.Parameter, files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Refuse a name without a format before anything runs."""
    del ctx, param
    for file in files:
        format_of(file)
    return files


def output_options(default: str) -> Callable[[Command], Command]:
    """Add `--format` and `-o`.

    Args:
        default: The format on stdout when none is asked for.
    """

    def add(command: Command) -> Command:
        command = click.option(
            "-o",
            "outputs",
            metavar="FILE",
            multiple=True,
            type=click.Path(dir_okay=False, path_type=Path),
            callback=_all_with_a_format,
            help="Also write to FILE, in the format of its name: .txt, .json, .md, .html, .comment.md, .sarif, "
            ".xml (junit), gl-….json (gitlab). May repeat.",
        )(command)
        return click.option(
            "--format",
            "output_format",
            type=click.Choice(tuple(FORMATS)),
            help=f"Format on stdout; default: {default}. comment is Markdown for a pull request, github is for the log "
            "of a job and writes the job's summary as well.",
        )(command)

    return add
