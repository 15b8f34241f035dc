"""Breaks of the database schema: tables and columns that are gone, and those that refuse what they took."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from dodcheck.change import Both
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.breaking.project_kind import Projects
from dodcheck.facts.schema.schema_delta import Element, SchemaDelta
from dodcheck.history import History


class SchemaBreaks:
    """Breaks of a schema that users have: that of a library's models, or one that was released.

    Args:
        delta: How the schema that the models declare differs.
        projects: What the projects say of themselves.
        history: What was released.
    """

    def __init__(self, delta: SchemaDelta, projects: Both[Projects], history: History) -> None:
        self._delta = delta
        self._projects = projects
        self._history = history

    @classmethod
    def of(cls, delta: SchemaDelta, projects: Both[Projects], history: History) -> Self:
        """Nothing is judged yet."""
        return cls(delta, projects, history)

    @property
    def compared(self) -> int:
        """How many parts of the schema differ."""
        return len([one for one in self._delta.elements if one.part != "state"])

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Every break; an application's database is its own, so nothing says that others read it.

        Raises:
            ToolError: A manifest is not well-formed.
        """
        return tuple(one for element in self._delta.destructive for one in self._of(element))

    def _of(self, element: Element) -> Iterator[Break]:
        declared = self._projects.base.at(element.path).kind == "library"
        if not declared and self._history.released(element.path) is not True:
            return
        column = element.columns[0] if element.part == "column" and element.columns else ""
        called = f"{element.table}.{column}" if column else element.table
        names = (called, f"{element.symbol}.{column}", column) if column else (called, element.symbol)
        code, text, remedy = self._told(element, called)
        yield Break(
            "database",
            code,
            called,
            text,
            element.path,
            element.line,
            declared=declared,
            names=names,
            remedy=remedy,
            owner=element.symbol if column else "",
        )

    def _told(self, element: Element, called: str) -> tuple[str, str, str]:
        """Return the kind of a break, what happened, and what those do who have such a database."""
        if element.part == "enum":
            text = f"enumeration {element.name} of `{called}` no longer has {', '.join(element.columns)}"
            return "enum-narrowed", text, "mend the rows that no longer fit"
        if element.what == "dropped":
            heir = self._heir(element)
            text = f"{element.part} `{called}` is gone" + (f"; `{heir}` is new in its place" if heir else "")
            return f"{element.part}-dropped", text, f"use `{heir}`" if heir else "move what is kept there"
        text = f"{element.part} `{called}`: {element.detail}"
        return f"{element.part}-narrowed", text, "mend the rows that no longer fit"

    def _heir(self, gone: Element) -> str:
        """Return what may be the new name of what is gone: the one thing of its kind that is new beside it."""
        new = [one for one in self._delta.elements if (one.part, one.what) == (gone.part, "added")]
        if gone.part == "table":
            near = [one.table for one in new if one.path == gone.path and set(one.columns) == set(gone.columns)]
        else:
            near = [f"{one.table}.{one.columns[0]}" for one in new if one.table == gone.table]
        alike = (gone.part, gone.what, gone.table)
        lost = [one for one in self._delta.destructive if (one.part, one.what, one.table) == alike]
        return near[0] if len(near) == len(lost) == 1 else ""
