"""What kind of change it is, read off the files and the syntax trees, never off the commit message."""

from typing import Self

import msgspec

from dodcheck.change import Change
from dodcheck.facts.runs.changed_code import BehaviouralSource

_BY_ROLES = {
    "docs-only": {"docs"},
    "tests-only": {"test", "docs"},
    "config-only": {"config", "lock", "docs"},
}


class ChangeKind(msgspec.Struct, frozen=True):
    """The kind of the change.

    Args:
        name: empty, moves-only, docs-only, tests-only, config-only, comments-only or behavioural.
    """

    name: str

    @classmethod
    def of(cls, change: Change, source: BehaviouralSource) -> Self:
        """Look at the roles of the files first, and at the code only where there is any."""
        if not change.files:
            return cls("empty")
        if all(file.status == "renamed" and not file.added and not file.deleted for file in change.files):
            return cls("moves-only")
        roles = {file.role for file in change.files}
        for name, allowed in _BY_ROLES.items():
            if roles <= allowed:
                return cls(name)
        other_code = any(
            file.role in {"source", "migration"} and not file.path.endswith(".py") for file in change.files
        )
        if source.files or other_code or roles & {"migration", "data", "other", "config", "lock"}:
            return cls("behavioural")
        return cls("comments-only")
