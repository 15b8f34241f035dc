"""What a check needs, looked at one by one: what is there, whose it is, and what to do where it is wrong."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from dodcheck import __version__
from dodcheck.app import Job
from dodcheck.binding import bind
from dodcheck.change import Side
from dodcheck.cli.session import Asked, sandbox_asked, session
from dodcheck.config import load
from dodcheck.errors import ConfigError, DefinitionError, DodcheckError, SandboxError, ToolError, UsageError
from dodcheck.roles import role_of
from dodcheck.settings import suite_roots
from dodcheck.sources.environment import Interpreter, binary, interpreter, on_path
from dodcheck.sources.plumbing import Git
from dodcheck.sources.sandbox import Sandbox, availability
from dodcheck.store import cache_home


class Look(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Args:
        name: What it is.
        status: ok; note: checks run, but a reader should know; problem: a check would end in an error.
        text: What was found, in one line.
        fix: What to do about it.
    """

    name: str
    status: Literal["ok", "note", "problem"]
    text: str
    fix: str = ""


def examine(asked: Asked, start: Path, *, run: bool) -> Iterator[Look]:
    """Look at everything that a check needs.

    Args:
        asked: Which change, and which definition.
        start: The folder that the command was called in.
        run: Also let pytest collect the tests, which imports code of the project.

    Yields:
        What was found, one thing at a time, as soon as it is known.
    """
    yield Look("dodcheck", "ok", f"{__version__}, on Python {sys.version.split()[0]} ({sys.executable})")
    with tempfile.TemporaryDirectory(prefix="dodcheck-doctor-") as folder:
        try:
            git = Git.open(start, Path(folder))
        except UsageError as error:
            yield _problem("git", error)
            return
        yield Look("git", "ok", f"{git.run('--version').decode().split()[2]}, work tree {git.top}")
        git.close()
    try:
        with session(asked, start) as job:
            yield from _document(job, own_rules=asked.own_rules)
            wanted = sandbox_asked(asked, job.config)
            yield _sandbox(job.top, wanted)
            sandbox = Sandbox.open(on_path("bwrap", job.top), job.top) if wanted else None
            yield from _tools(job, sandbox, run=run)
    except DodcheckError as error:
        names = {ConfigError: "configuration", DefinitionError: "definition", SandboxError: "sandbox"}
        yield _problem(names.get(type(error), "change"), error)
        if not isinstance(error, SandboxError):  # nothing is to be asked outside of it
            yield from _programs(git.top, None, None)
    yield _cache(cache_home())


def _problem(name: str, error: DodcheckError) -> Look:
    return Look(name, "problem", error.problem, error.remedy)


def _document(job: Job, *, own_rules: bool) -> Iterator[Look]:
    """The change, the configuration and the definition, as the session has read them."""
    files = len(job.change.files)
    yield Look("change", "ok", f"{files} file{'s' * (files != 1)}, {job.base.ref}..{job.head.ref}")
    sides = {"base": load(job.change.base.read).file, "head": load(job.change.head.read).file}
    side = next((side for side, file in sides.items() if file), None)
    yield Look("configuration", "ok", f"{sides[side]}, as of {side}" if side else "none: every key is at its default")
    found = f"{job.definition.path} ({job.revision}): {len(job.definition.items)} items"
    if job.config.rule_folders and not own_rules:
        fix = "--run imports your own rules, and tells which rule answers which item"
        yield Look("definition", "ok", f"{found}; rules of your own are code, and were not read", fix)
        return
    bound = bind(job.definition.items, job.rules, job.config.bind, job.definition.path)
    unbound = [item for item in job.definition.items if not bound.get(item.id)]
    if unbound:
        words = "; ".join(item.text for item in unbound[:3]) + ("; …" if len(unbound) > 3 else "")  # noqa: PLR2004
        fix = "a person settles those; `dodcheck rules` lists the rules, and [tool.dodcheck.bind] names one for an item"
        yield Look("definition", "note", f"{found}, {len(unbound)} that no rule answers: {words}", fix)
    else:
        yield Look("definition", "ok", f"{found}, each answered by a rule")


def _sandbox(top: Path, wanted: str) -> Look:
    """Tell whether there is a sandbox, and whether anything asks for it: without either a check runs all the same."""
    found = availability(on_path("bwrap", top))
    there = f"bwrap {found.version} works" if found.version else found.why
    return Look("sandbox", "ok", f"{there}; asked for ({wanted})" if wanted else f"not asked for; {there}")


def _tools(job: Job, sandbox: Sandbox | None, *, run: bool) -> Iterator[Look]:
    roots = suite_roots(job.change.base, job.change.head)
    tested = any(path.endswith(".py") and role_of(path) == "test" for path in job.change.head.paths())
    yield from _programs(job.top, job.config.python, sandbox, roots, tested=tested)
    if run:
        yield _suite(job) if tested else Look("tests", "note", "there are none")


def _programs(
    top: Path, configured: str | None, sandbox: Sandbox | None, roots: Iterable[str] = ("",), *, tested: bool = True
) -> Iterator[Look]:
    seen = set()
    for root in roots:
        name = f"python ({root})" if root else "python"
        try:
            python = interpreter(top, configured, root, sandbox=sandbox)
        except ToolError as error:
            yield _problem(name, error)
            continue
        if python.path not in seen:
            seen.add(python.path)
            yield Look(name, "ok", f"{python.version}, {python.found} ({_short(python.path, top)})")
            yield from _pytest(python, tested=tested)
    for name in ("ruff", "mypy"):
        try:
            tool = binary(name, top, configured, sandbox)
        except ToolError as error:
            yield _problem(name, error)
            continue
        whose = tool.note.partition(" is ")[2] or "the project's own"
        yield Look(name, "note" if tool.note else "ok", f"{tool.version}, {whose} ({_short(tool.command[0], top)})")


def _pytest(python: Interpreter, *, tested: bool) -> Iterator[Look]:
    """Pytest and what measures coverage are the project's own, or there are none."""
    has = python.packages
    if "pytest" in has:
        yield Look("pytest", "ok", f"{has['pytest']}, of that Python")
    elif tested:
        fix = "install it there, or set `python` in [tool.dodcheck]"
        yield Look("pytest", "problem", f"not installed in the project's environment ({python.path})", fix)
    else:
        yield Look("pytest", "note", "not installed in the project's environment, which has no tests")
    measuring = [f"{name} {has[name]}" for name in ("pytest-cov", "coverage") if name in has]
    if measuring:
        yield Look("coverage", "ok", f"{', '.join(measuring)}, of that Python")
    elif "pytest" in has:
        fix = "install pytest-cov beside pytest: rules then know which changed lines a test runs"
        yield Look("coverage", "note", "neither pytest-cov nor coverage is installed beside pytest", fix)


def _suite(job: Job) -> Look:
    """Let pytest collect the tests of head, in a scratch tree."""
    try:
        suite = job.tools.suite().run(Side.HEAD)
    except ToolError as error:
        return _problem("tests", error)
    if suite.broken:
        path, why = suite.broken[0]
        words = f"{len(suite.broken)} files cannot be collected; {path}: {' '.join(why.split())[:200]}"
        return Look("tests", "problem", words, "mend the import, or install what it needs in the project's environment")
    if suite.foreign:
        words = f"{suite.foreign[0]} is loaded from elsewhere than the tree under test"
        return Look("tests", "problem", words, "install the project editable from this work tree, or not at all")
    if not suite.collected:
        said = (suite.ran.stderr.strip() or suite.ran.stdout.strip() or f"exit {suite.ran.exit}").splitlines()[-1]
        return Look("tests", "problem", f"pytest collects no test: {said[:200]}", "run `pytest --collect-only` by hand")
    return Look("tests", "ok", f"{len(suite.collected)} collected in {suite.ran.seconds:.1f} s")


def _cache(home: Path) -> Look:
    sizes = [file.stat().st_size for file in home.rglob("*") if file.is_file()] if home.is_dir() else []
    nearest = next((place for place in (home, *home.parents) if place.is_dir()), Path("/"))
    text = f"{home}: {sum(sizes) / 2**20:.1f} MiB in {len(sizes)} files"
    if nearest == home or os.access(nearest, os.W_OK):
        return Look("cache", "ok", f"{text}; it may be deleted at any time")
    return Look("cache", "note", f"{text}; it cannot be made: nothing is remembered", "set DODCHECK_CACHE to a folder")


def _short(path: str, top: Path) -> str:
    return str(Path(path).relative_to(top)) if Path(path).is_relative_to(top) else path
