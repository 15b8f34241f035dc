"""Write a report: to stdout in one format, to files in others."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from dodcheck.errors import UsageError
from dodcheck.report import Report, to_json

_SUFFIXES = {".txt": "text", ".json": "json", ".md": "markdown", ".markdown": "markdown"}


def write(report: Report, output_format: str, outputs: Sequence[Path], *, verbose: bool) -> None:
    """Write every output; a file is whole or not there.

    Args:
        report: What to write.
        output_format: The format on stdout.
        outputs: Files, each in the format of its suffix.
        verbose: Show the evidence of what passes as well (text).

    Raises:
        UsageError: A suffix has no format, or a file cannot be written.
    """
    for file in outputs:
        if file.suffix not in _SUFFIXES:
            raise UsageError(f"{file}: no format for this suffix", f"use one of {', '.join(_SUFFIXES)}")
    for file in outputs:
        write_whole(file, render(report, _SUFFIXES[file.suffix], verbose=verbose, color=False))
    click.echo(render(report, output_format, verbose=verbose, color=None), nl=False, color=True)


def render(report: Report, output_format: str, *, verbose: bool, color: bool | None) -> str:
    """Render a report in one format; each renderer is imported when it is asked for."""
    if output_format == "json":
        return to_json(report)
    if output_format == "markdown":
        from dodcheck.render import markdown  # noqa: PLC0415 - jinja2 is for this format alone

        return markdown(report)
    from dodcheck.terminal import text  # noqa: PLC0415 - rich is for this format alone

    return text(report, verbose=verbose, color=color)


def write_whole(file: Path, text: str) -> None:
    """Write a file so that it is whole or not there.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, prefix=f".{file.name}", encoding="utf-8", delete=False
        ) as part:
            part.write(text)
        Path(part.name).chmod(0o666 & ~_umask())
        Path(part.name).replace(file)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "name a file in a folder that can be written") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
