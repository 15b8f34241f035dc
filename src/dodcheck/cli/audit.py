"""`dodcheck audit`."""

import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

import click

from dodcheck.audit.lines import Line
from dodcheck.audit.results import Results
from dodcheck.audit.summary import NOISY, Summary
from dodcheck.cli.audit_crew import Crew, children, workers
from dodcheck.cli.audit_plan import Planned, Wish, locations, planned
from dodcheck.cli.output import write_whole
from dodcheck.cli.running import names
from dodcheck.errors import UsageError
from dodcheck.planning import Selection
from dodcheck.store import cache_home

FORMATS = ("text", "json", "markdown", "html")
_SUFFIXES = {".txt": "text", ".json": "json", ".md": "markdown", ".html": "html"}
_LIMIT = {True: 120.0, False: 3600.0}  # seconds for one change, by whether no code of it runs
_Told = Callable[[int, int], None]


def _all_with_a_format(ctx: click.Context, param: click.Parameter, files: tuple[Path, ...]) -> tuple[Path, ...]:
    del ctx, param
    for file in files:
        if file.suffix not in _SUFFIXES:
            raise UsageError(f"{file}: no format for this name", f"use one of {', '.join(_SUFFIXES)}")
    return files


@click.command()
@click.argument("repositories", nargs=-1)
@click.option(
    "--repositories",
    "listed",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file of paths and URLs, one a line.",
)
@click.option("--last", default=50, show_default=True, type=click.IntRange(min=1), help="Changes of each repository.")
@click.option("--branch", metavar="REF", help="The branch whose changes; default: the default branch.")
@click.option("--definition", metavar="FILE", help="The Definition of Done, trusted as it is.")
@click.option("--agent", metavar="NAME", help="The definition in .claude/agents/NAME.md or agents/NAME.md.")
@click.option("--each-base", is_flag=True, help="Definition and configuration as each change's base had them.")
@click.option("--select", metavar="RULE,…", default="", help="Run these rules alone.")
@click.option("--ignore", metavar="RULE,…", default="", help="Leave these rules out.")
@click.option("--run", is_flag=True, help="Run the tests and the type checker as well; this runs code of every change.")
@click.option(
    "--sandbox", is_flag=True, help="With --run: in a bubblewrap sandbox, as `dodcheck check --sandbox` does."
)
@click.option("--jobs", default=0, type=click.IntRange(min=0), help="Processes; default: one a core.")
@click.option("--scheduler", metavar="ADDRESS", help="Replay on the workers of this dask scheduler.")
@click.option("--timeout", metavar="SECONDS", type=click.FloatRange(min=0.1), help="For one change; default: 120.")
@click.option("--noisy", default=NOISY, show_default=True, help="Percent that a rule may fail.")
@click.option(
    "--results",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where each change's line is kept, and found by the next run; default: in the cache folder.",
)
@click.option("--retry", is_flag=True, help="Replay again what ended in an error.")
@click.option("--format", "output_format", type=click.Choice(FORMATS), default="text", help="Format; default: text.")
@click.option(
    "-o",
    "outputs",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_all_with_a_format,
    help="Also write to FILE, in the format of its name: .txt, .json, .md, .html. May repeat.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
def audit(output_format: str, outputs: Sequence[Path], **asked: Any) -> int:  # noqa: ANN401 - click's parameters
    """Replay the definition over the last merged changes: what would have failed, how long it took, what is noisy.

    REPOSITORIES are paths and URLs; default: the one around here.  Each commit of the default branch's first-parent
    history is checked against its first parent, with the newest definition and configuration, and without running any
    code of it.  What is done is kept: the same command goes on where it was interrupted.  A rule counts as noisy when
    it fails more than --noisy percent of the changes that it concerns, and at least three.

    \b
    Examples:
      dodcheck audit                                   the last 50 changes of this repository
      dodcheck audit --agent dev-ml --last 200 -o audit.html
      dodcheck audit --repositories repositories.txt --scheduler tcp://10.0.0.1:8786

    Exits 0 when all was replayed, whatever it came to; 2 when a repository could not be read.
    """
    wish = _wish(asked)
    crew = workers(asked["scheduler"]) if asked["scheduler"] else children(asked["jobs"] or os.cpu_count() or 1)
    where = tuple(dict.fromkeys(locations(asked["repositories"], asked["listed"])))
    results = Results(asked["results"] or _place(where))
    plans = [planned(one, wish) for one in where]
    lines = _replay(plans, results, crew, _progress(quiet=asked["quiet"]), retry=asked["retry"])
    summary = Summary.of([one.with_lines(lines) for one in plans], asked["noisy"])
    for file in outputs:
        write_whole(file, render(summary, _SUFFIXES[file.suffix], color=False))
    click.echo(render(summary, output_format, color=None), nl=False, color=True)
    return 2 if any(one.problem for one in summary.repositories) else 0


def render(summary: Summary, output_format: str, *, color: bool | None) -> str:
    """Render the page of results; each renderer is imported when it is asked for."""
    if output_format == "text":
        from dodcheck.formats.audit_text import text  # noqa: PLC0415 - rich is for this format alone

        return text(summary, color=color)
    if output_format == "json":
        from dodcheck.audit.summary import to_json  # noqa: PLC0415

        return to_json(summary)
    from dodcheck.render import audit_html, audit_markdown  # noqa: PLC0415 - jinja2 is for these alone

    return audit_html(summary) if output_format == "html" else audit_markdown(summary)


def _wish(asked: Mapping[str, Any]) -> Wish:
    if asked["definition"] and asked["agent"]:
        raise UsageError("--definition and --agent both name the definition", "give one of them")
    fast = not asked["run"]
    return Wish(
        last=asked["last"],
        branch=asked["branch"],
        definition=asked["definition"],
        agent=asked["agent"],
        each_base=asked["each_base"],
        selection=Selection(names(asked["select"]), names(asked["ignore"]), fast=fast),
        limit=asked["timeout"] or _LIMIT[fast],
        sandbox=asked["sandbox"],
    )


def _place(where: Sequence[str]) -> Path:
    return cache_home() / "audits" / f"{sha256(repr(sorted(where)).encode()).hexdigest()[:16]}.jsonl"


def _replay(plans: Sequence[Planned], results: Results, crew: Crew, told: _Told, *, retry: bool) -> Mapping[str, Line]:
    """Replay what has no line yet, and return the lines of everything; each is on disk before the next is awaited."""
    lines = {key: line for key, line in results.read().items() if not (retry and line.error)}
    if results.damaged:
        click.echo(
            f"dodcheck: {results.file}: passed over {results.damaged} damaged line{'s' * (results.damaged != 1)}",
            err=True,
        )
    known = {**lines, **{key: line for plan in plans for key, line in plan.spoilt.items()}}
    waiting = {one.key: one for plan in plans for one in plan.requests if one.key not in known}
    if not waiting:
        return lines
    with contextlib.closing(crew(tuple(waiting.values()))) as replayed:
        for done, line in enumerate(replayed, start=1):
            results.add(line)
            lines[line.key] = line
            told(done, len(waiting))
    return lines


def _progress(*, quiet: bool) -> _Told:
    if quiet or not sys.stderr.isatty():
        return lambda _done, _of: None
    began = monotonic()

    def show(done: int, of: int) -> None:
        left = (monotonic() - began) / done * (of - done)
        text = f"replayed {done} of {of} changes, about {left:.0f} s to go" if done < of else ""
        click.echo(f"\r\x1b[2K{text}", err=True, nl=False)

    return show
