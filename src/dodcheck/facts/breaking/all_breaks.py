"""Every break of a contract that a change makes, on every surface."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from functools import cached_property
from typing import Self

import msgspec

from dodcheck.change import Both
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.breaking.command_breaks import CommandBreaks
from dodcheck.facts.breaking.http_breaks import HttpBreaks
from dodcheck.facts.breaking.payload_breaks import PayloadBreaks
from dodcheck.facts.breaking.project_kind import Projects
from dodcheck.facts.breaking.python_breaks import PythonBreaks
from dodcheck.facts.breaking.schema_breaks import SchemaBreaks
from dodcheck.facts.breaking.setup_breaks import SetupBreaks


class Breaks:
    """Breaks by surface; each surface is compared when it is asked for.

    Args:
        projects: What the projects say of themselves.
        python: Names that others import.
        commands: The command line.
        setup: Environment variables, entry points, versions of Python and of dependencies.
        http: Endpoints with what they take and give.
        payloads: What else is sent and taken.
        schema: Tables and columns.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one a surface
        self,
        projects: Both[Projects],
        python: PythonBreaks,
        commands: CommandBreaks,
        setup: SetupBreaks,
        http: HttpBreaks,
        payloads: PayloadBreaks,
        schema: SchemaBreaks,
    ) -> None:
        self._projects = projects
        self._python = python
        self._commands = commands
        self._setup = setup
        self._http = http
        self._payloads = payloads
        self._schema = schema

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - one a surface
        cls,
        projects: Both[Projects],
        python: PythonBreaks,
        commands: CommandBreaks,
        setup: SetupBreaks,
        http: HttpBreaks,
        payloads: PayloadBreaks,
        schema: SchemaBreaks,
    ) -> Self:
        """Nothing is compared yet."""
        return cls(projects, python, commands, setup, http, payloads, schema)

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Breaks of every surface that the project has by its own word.

        Raises:
            ToolError: A changed file cannot be read.
        """
        return self.found(())

    def found(self, api_modules: Sequence[str]) -> tuple[Break, ...]:
        """Return the breaks, with the Python interface set by hand.

        Args:
            api_modules: Dotted names of the modules that others may import, with wildcards; none for what the
                project says by itself.

        Raises:
            ToolError: A changed file cannot be read.
        """
        columns = {(one.path, one.line) for one in self._schema.all if one.declared}  # it knows more of them
        python = [one for one in self._of_python(api_modules) if (one.path, one.line) not in columns]
        places = {(one.path, one.line) for one in python}
        told = {one.names[0] for one in self._http.all}
        payloads = [o for o in self._payloads.all if (o.path, o.line) not in places and o.names[0] not in told]
        schema = [one for one in self._schema.all if (one.path, one.line) not in places]
        return (*python, *self._of_commands(), *self._setup.all, *self._http.all, *payloads, *schema)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """What was looked at, in words."""
        counts = {
            "public names": self._python.compared(self._has_interface),
            "commands and options": self._commands.compared,
            "endpoints": self._http.compared,
            "payloads": self._payloads.compared,
            "parts of the schema": self._schema.compared,
        }
        return tuple(f"{count} {name}" for name, count in counts.items() if count)

    def _of_python(self, api_modules: Sequence[str]) -> Iterator[Break]:
        if api_modules:
            for one in self._python.all:
                if any(fnmatch(one.module, pattern) for pattern in api_modules):
                    yield msgspec.structs.replace(one, declared=True)
            return
        kinds = {one.path: self._projects.base.at(one.path).kind for one in self._python.all}
        for one in self._python.all:
            if kinds[one.path] == "library":
                yield one
            elif kinds[one.path] == "unclear" and one.declared:
                yield msgspec.structs.replace(one, declared=False)

    def _has_interface(self, path: str) -> bool:
        return self._projects.base.at(path).kind != "application"

    def _of_commands(self) -> Iterator[Break]:
        for one in self._commands.all:
            installed = self._projects.base.at(one.path).has_commands
            yield one if installed else msgspec.structs.replace(one, declared=False)
