"""`dodcheck notes`."""

from pathlib import Path
from typing import Any

import click

from dodcheck.cli.options import task_options
from dodcheck.cli.output import write_whole
from dodcheck.cli.running import run_check
from dodcheck.errors import UsageError


@click.command()
@click.argument("task", required=False)
@task_options
@click.option("--fast", is_flag=True, help="Run no code of the project and no type checker.")
@click.option(
    "-o",
    "output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a new file, for instance handoff/TASK.md, where a check finds it; default: standard output.",
)
def notes(task: str | None, output: Path | None, **asked: Any) -> int:  # noqa: ANN401 - click's parameters
    """Draft the handoff notes of TASK, with what is known of its change.

    The draft has the report's own headings, the breaks that were found, what is known of each
    acceptance criterion, and a line for every item that waits for a person: say there why it
    holds, and the check takes it as your word.
    """
    if output is not None and output.exists():
        raise UsageError(f"{output} is there already", "name a new file, or take the lines over by hand")
    from dodcheck.render import notes as draft  # noqa: PLC0415 - jinja2 is for this command and the report alone

    text = draft(run_check(asked | {"task": task}))
    if output is None:
        click.echo(text, nl=False)
        return 0
    output.parent.mkdir(parents=True, exist_ok=True)
    write_whole(output, text)
    click.echo(f'{output}: now explain what is open, under "Explanations"', err=True)
    return 0
