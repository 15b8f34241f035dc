"""Files that were a help while working, and stayed: trial scripts, backups, summaries of what was done."""

import re
from typing import Self

import msgspec

from dodcheck.change import Change, ChangedFile

_TRIAL = re.compile(
    r"(verify|debug|fix|try|scratch|te?mp|demo|quick|simple|final|repro(duce)?|manual|check)[_-]\w[\w-]*\.(py|sh|js|ipynb)"
    r"|(scratch|debug|te?mp|foo|bar|asdf|untitled\w*)\.(py|sh|js|ipynb|txt)",
    re.IGNORECASE,
)
_TEST = re.compile(r"test_\w+\.py|\w+_test\.py")
_BACKUP = re.compile(
    r"(^|/)[^/]*([_.-](backup|bak|orig|old)(\.\w+)?|~|\.rej)$|(^|/)[^/]*[ _-]copy(\s?\d*)?\.\w+$", re.IGNORECASE
)
_SUMMARY = re.compile(
    r"([A-Z]+_)*(SUMMARY|REPORT|IMPLEMENTATION|FIX|FIXES|PROGRESS|ANALYSIS|REFACTORING)(_[A-Z]+)*\.(md|txt)"
)
_NAMING = re.compile(
    r"(^|/)(pyproject\.toml|setup\.(py|cfg)|tox\.ini|noxfile\.py|Makefile|justfile|README[^/]*)$|^\.github/|^\.gitlab-ci"
)


class ScratchFiles(msgspec.Struct, frozen=True):
    """New files that look like leavings of the work.

    Args:
        paths: The files.
    """

    paths: tuple[str, ...]

    @classmethod
    def of(cls, change: Change) -> Self:
        """Look at names first, and at what refers to a file only where its name is telling."""
        found = [file for file in change.files if file.status == "added" and _is_leaving(file.path, change)]
        return cls(tuple(file.path for file in found if not _is_named(change, file)))


def _is_leaving(path: str, change: Change) -> bool:
    if "/" in path or _BACKUP.search(path):
        return bool(_BACKUP.search(path))
    if _TEST.fullmatch(path):
        return any(one.startswith(("tests/", "test/")) for one in change.base.paths())
    return bool(_TRIAL.fullmatch(path) or _SUMMARY.fullmatch(path))


def _is_named(change: Change, file: ChangedFile) -> bool:
    """Tell whether packaging, automation, a README or another file of the change speaks of it."""
    name = file.path.rpartition("/")[2]
    near = {one.path for one in change.at_head() if one.path != file.path}
    paths = near | {path for path in change.head.paths() if _NAMING.search(path)}
    return any(name in (change.head.read(path) or "") for path in sorted(paths))
