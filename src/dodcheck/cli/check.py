"""`dodcheck check`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from dodcheck.cli.options import change_options, formats_of, output_options
from dodcheck.cli.output import write
from dodcheck.cli.running import asked_of, watched
from dodcheck.cli.session import session
from dodcheck.report import EXIT


@click.command()
@change_options
@output_options("text")
@click.option("-v", "--verbose", is_flag=True, help="Show the evidence of what passes as well.")
@click.option("--explain", is_flag=True, help="Under what is open, say what its rule decides and why.")
def check(
    output_format: str | None,
    outputs: Sequence[Path],
    verbose: bool,  # noqa: FBT001 - click's parameters
    explain: bool,  # noqa: FBT001 - likewise
    **asked: Any,  # noqa: ANN401 - likewise
) -> int:
    """Check a change against the Definition of Done.

    The change is the working tree (with what is committed, uncommitted and untracked)
    against the merge-base with the default branch, unless the options say otherwise.

    \b
    Examples:
      dodcheck check                                  what you are about to merge
      dodcheck check --staged --fast                  what you are about to commit
      dodcheck check --base main --head my-branch
      dodcheck check --agent dev-ml --notes handoff.md
      dodcheck check --explain                        with the reasons of what is open
    """
    with session(asked_of(asked), Path.cwd()) as job:
        report = watched(job, quiet=asked["quiet"], formats=formats_of(output_format or "text", outputs))
    write(report, output_format or "text", outputs, verbose=verbose, rules=job.rules if explain else None)
    return EXIT[report.verdict]
