"""`dodcheck check`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from dodcheck.cli.options import change_options, output_options
from dodcheck.cli.output import write
from dodcheck.cli.running import run_check
from dodcheck.report import EXIT


@click.command()
@change_options
@output_options("text")
@click.option("-v", "--verbose", is_flag=True, help="Show the evidence of what passes as well.")
def check(output_format: str | None, outputs: Sequence[Path], verbose: bool, **asked: Any) -> int:  # noqa: ANN401, FBT001
    """Check a change against the Definition of Done.

    The change is the working tree (with what is committed, uncommitted and untracked)
    against the merge-base with the default branch, unless the options say otherwise.

    \b
    Examples:
      dodcheck check                                  what you are about to merge
      dodcheck check --staged --fast                  what you are about to commit
      dodcheck check --base main --head my-branch
      dodcheck check --agent dev-ml --notes handoff.md
    """
    report = run_check(asked)
    write(report, output_format or "text", outputs, verbose=verbose)
    return EXIT[report.verdict]
