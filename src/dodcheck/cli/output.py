"""Write a report: to stdout in one format, to files in others."""

import fcntl
import importlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import click

from dodcheck.cli.options import format_of
from dodcheck.errors import UsageError
from dodcheck.registry import load
from dodcheck.report import Report
from dodcheck.rule import Rule
from dodcheck.sources.room import FULL
from dodcheck.store import cache_home

_PART = ".part-"
_RENDERERS = {
    "json": ("dodcheck.report", "to_json"),
    "markdown": ("dodcheck.render", "markdown"),
    "html": ("dodcheck.render", "html"),
    "comment": ("dodcheck.formats.pull_request", "comment"),
    "junit": ("dodcheck.formats.junit", "junit"),
    "github": ("dodcheck.formats.github", "github"),
    "gitlab": ("dodcheck.formats.gitlab", "gitlab"),
}


def write(
    report: Report,
    output_format: str,
    outputs: Sequence[Path],
    *,
    verbose: bool = False,
    rules: Mapping[str, Rule] | None = None,
) -> None:
    """Write every output; a file is whole or not there.

    Args:
        report: What to write.
        output_format: The format on stdout; that of GitHub's log goes with the summary of the job.
        outputs: Files, each in the format of its name.
        verbose: Show the evidence of what passes as well (text).
        rules: Rules to explain where they have something open (text).

    Raises:
        UsageError: A name has no format, or a file cannot be written.
    """
    for file in outputs:
        write_whole(file, render(report, format_of(file), verbose=verbose, rules=rules, color=False))
    click.echo(render(report, output_format, verbose=verbose, rules=rules, color=None), nl=False, color=True)
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if output_format == "github" and place:
        _append_summary(Path(place), report)


def render(
    report: Report,
    output_format: str,
    *,
    verbose: bool = False,
    rules: Mapping[str, Rule] | None = None,
    color: bool | None = None,
) -> str:
    """Render a report in one format; each renderer is imported when it is asked for."""
    if output_format == "text":
        from dodcheck.terminal import text  # noqa: PLC0415 - rich is for this format alone

        return text(report, verbose=verbose, rules=rules, color=color)
    if output_format == "sarif":
        from dodcheck.formats.sarif import sarif  # noqa: PLC0415 - the rules are for this format alone

        return sarif(report, load((), cache_home()))
    module, function = _RENDERERS[output_format]
    renderer: Callable[[Report], str] = getattr(importlib.import_module(module), function)
    return renderer(report)


def _append_summary(file: Path, report: Report) -> None:
    from dodcheck.formats.pull_request import SUMMARY_ROOM, summary  # noqa: PLC0415 - for this format alone

    try:
        taken = file.stat().st_size if file.exists() else 0
        with file.open("a", encoding="utf-8") as appended:
            appended.write(summary(report, SUMMARY_ROOM - taken))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "unset GITHUB_STEP_SUMMARY, or let it name a file") from error


def write_whole(file: Path, text: str) -> None:
    """Write a file so that it is whole or not there.

    Raises:
        UsageError: It cannot be written.
    """
    prefix = f".{file.name}{_PART}"
    try:
        _remove_parts(file.parent, prefix)
        with ExitStack() as stack:
            part = stack.enter_context(
                tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=prefix, encoding="utf-8", delete=False)
            )
            written = Path(part.name)
            stack.callback(written.unlink, missing_ok=True)  # a full disk, or Ctrl-C
            fcntl.flock(part, fcntl.LOCK_EX)
            part.write(text)
            part.flush()
            written.chmod(0o666 & ~_umask())
            written.replace(file)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", _remedy(error)) from error


def _remove_parts(folder: Path, prefix: str) -> None:
    """Remove what a run left that was killed while it wrote: nobody holds it any more."""
    for left in folder.iterdir():
        if left.name.startswith(prefix):
            with suppress(OSError), left.open("r+") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()


def _remedy(error: OSError) -> str:
    return "make room there" if error.errno in FULL else "name a file in a folder that can be written"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
