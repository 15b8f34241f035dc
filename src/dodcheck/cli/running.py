"""Run a check as the command line asked for it."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from dodcheck.app import Job, check
from dodcheck.cli.live import progress
from dodcheck.cli.session import Asked, session
from dodcheck.errors import UsageError
from dodcheck.planning import Selection
from dodcheck.report import Report

_LINE_BY_LINE = {"html", "json"}


def run_check(asked: Mapping[str, Any], formats: Collection[str] = ()) -> Report:
    """Return the report of the check that the parameters of a command ask for.

    Args:
        asked: The parameters.
        formats: The formats that the report will be written in.

    Raises:
        UsageError: Options that exclude one another.
    """
    with session(asked_of(asked), Path.cwd()) as job:
        return watched(job, quiet=asked["quiet"], formats=formats)


def asked_of(asked: Mapping[str, Any]) -> Asked:
    """Return what the parameters of a command ask for; those that a command has not are at their defaults.

    Raises:
        UsageError: Options that exclude one another.
    """
    unset = dict.fromkeys(("staged", "fast", "no_cache", "sandbox"), False)
    asked = {"head": None, "select": "", "ignore": "", **unset, **asked}
    if asked["staged"] and (asked["head"] or asked["base"]):
        raise UsageError("--staged has its own base and head", "drop --base and --head")
    if asked["definition"] and asked["agent"]:
        raise UsageError("--definition and --agent both name the definition", "give one of them")
    selection = Selection(
        select=names(asked["select"]),
        ignore=names(asked["ignore"]),
        fast=asked["fast"],
        staged=asked["staged"],
        strict=asked["strict"],
    )
    named = ("base", "head", "staged", "definition", "agent", "notes", "task", "no_cache", "sandbox")
    picked = {name: asked[name] for name in named}
    return Asked(**picked, selection=selection)


def watched(job: Job, *, quiet: bool, formats: Collection[str] = ()) -> Report:
    """Return the report of a check, and show on a terminal what runs meanwhile.

    Args:
        job: The check.
        quiet: Show nothing.
        formats: The formats that the report will be written in; some show the changed lines.
    """
    with progress(job.top, quiet=quiet) as told:
        return check(replace(job, progress=told, line_by_line=not _LINE_BY_LINE.isdisjoint(formats)))


def names(text: str) -> tuple[str, ...]:
    """Return the rules that `--select` or `--ignore` lists."""
    return tuple(name for part in text.split(",") if (name := part.strip()))
