"""The tools of the project, as one run has them; what only some runs need is imported when it is asked for."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

from dodcheck.app import Tools
from dodcheck.config import Config
from dodcheck.run import Linter, Ran, SchemaDatabase, SchemaGenerator, SuiteRunner, TypeChecker
from dodcheck.sources.environment import binary, interpreter, locate
from dodcheck.sources.ruff import Ruff
from dodcheck.sources.syntax import Syntax
from dodcheck.sources.workspace import Workspace
from dodcheck.store import cache_home


def project_tools(
    space: Workspace, config: Config, stack: ExitStack, pytest_args: Sequence[str], *, no_cache: bool
) -> Tools:
    """Return the tools of one run, each made when it is first asked for.

    Args:
        space: The change, and where tools write.
        config: The team's configuration.
        stack: Closes what must be closed.
        pytest_args: Arguments for pytest after those of the configuration.
        no_cache: Answers of earlier runs are neither used nor kept.
    """
    top, sandbox = space.git.top, space.sandbox
    python = partial(interpreter, top, config.python, sandbox=sandbox)
    runs: list[Ran] = []
    syntax = Syntax(top, lambda: locate(top, config.python), runs)
    stack.callback(syntax.close)

    def ruff() -> Linter:
        return Ruff(space, binary("ruff", top, config.python), runs)

    def mypy() -> TypeChecker:
        from dodcheck.sources.caches import TypeMemory  # noqa: PLC0415 - a hook runs no type checker
        from dodcheck.sources.mypy import Mypy  # noqa: PLC0415 - likewise

        memory = None if no_cache else TypeMemory(cache_home(), top, space.digests)
        found = python()
        return Mypy(space, binary("mypy", top, config.python, sandbox), found, config.types.targets, runs, memory)

    def pytest() -> SuiteRunner:
        from dodcheck.sources.caches import SuiteCache  # noqa: PLC0415 - a hook runs no tests
        from dodcheck.sources.pytest import Pytest  # noqa: PLC0415 - likewise
        from dodcheck.sources.suite_memory import SuiteMemory  # noqa: PLC0415 - likewise

        memory = None if no_cache else SuiteMemory(SuiteCache(cache_home()), space)
        args = (*config.tests.args, *pytest_args)
        return Pytest(space, python, args, runs, memory)

    def openapi() -> SchemaGenerator:
        from dodcheck.sources.openapi import OpenApi  # noqa: PLC0415 - a hook runs no code

        return OpenApi(space, python(), runs)

    def database() -> SchemaDatabase:
        from dodcheck.sources.schema_database import ScratchDatabase  # noqa: PLC0415 - a hook runs no code

        return ScratchDatabase(space, python, runs)

    return Tools(ruff, mypy, pytest, lambda: syntax, openapi, database, lambda: runs)
