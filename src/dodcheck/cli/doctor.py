"""`dodcheck doctor`."""

from pathlib import Path
from typing import Any

import click
import msgspec

from dodcheck import __version__
from dodcheck.cli.examination import Look, examine
from dodcheck.cli.options import doctor_options
from dodcheck.cli.session import Asked
from dodcheck.cli.width import columns

_MARKS = {"ok": ("✓", "green"), "note": ("·", "yellow"), "problem": ("✗", "red")}


@click.command()
@doctor_options
@click.option("--run", is_flag=True, help="Also let pytest collect the tests; this imports code of the project.")
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", help="Format; default: text."
)
def doctor(run: bool, output_format: str, **asked: Any) -> int:  # noqa: ANN401, FBT001 - click's parameters
    """Tell what a check needs and finds here: interpreter, tools, definition, cache; and what to mend.

    Runs no code of the project, unless --run says so.  The exit status is 1 where something would
    make checks end in an error.
    """
    extra = ("--collect-only", "--quiet")
    looks = list(examine(Asked(**asked, no_cache=True, pytest_args=extra, own_rules=run), Path.cwd(), run=run))
    problems = sum(look.status == "problem" for look in looks)
    if output_format == "json":
        told = {"schema": 1, "version": __version__, "healthy": not problems, "looks": looks}
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        for look in looks:
            _show(look)
        click.echo(f"{problems} thing{'s' * (problems != 1)} to mend" if problems else "all is well")
    return 1 if problems else 0


def _show(look: Look) -> None:
    mark, color = _MARKS[look.status]
    click.echo(_under(f"{click.style(mark, fg=color)} {look.name}: {look.text}", "", "  "))
    if look.fix:
        click.echo(_under(f"{'fix' if look.status == 'problem' else 'better'}: {look.fix}", "  ", "    "))


def _under(text: str, first: str, others: str) -> str:
    """Wrap a text on a terminal, what goes on a little further in."""
    width = columns(0)
    return click.wrap_text(text, width, first, others) if width else f"{first}{text}"
