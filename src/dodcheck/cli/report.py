"""`dodcheck report`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from dodcheck.cli.options import change_options, formats_of, output_options
from dodcheck.cli.output import write
from dodcheck.cli.running import run_check
from dodcheck.errors import UsageError
from dodcheck.render import decode


@click.command()
@change_options
@output_options("markdown")
@click.option("--from", "source", type=click.Path(dir_okay=False, path_type=Path), help="Render a JSON result again.")
def report(
    output_format: str | None,
    outputs: Sequence[Path],
    source: Path | None,
    **asked: Any,  # noqa: ANN401 - click's parameters
) -> int:
    """Write the task report of a change; it exits 0 whatever the verdict is.

    The report has the sections that the definition asks for under "Output Report", in its
    order, then the checklist with the evidence, then what was run.
    """
    if source is None:
        result = run_check(asked, formats_of(output_format or "markdown", outputs))
    else:
        try:
            result = decode(source.read_bytes(), str(source))
        except OSError as error:
            raise UsageError(f"{source}: {error.strerror}", "give a file that `--format json` wrote") from error
        except ValueError as error:
            raise UsageError(str(error), "give a file that `--format json` wrote") from error
    write(result, output_format or "markdown", outputs, verbose=True)
    return 0
