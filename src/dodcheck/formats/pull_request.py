"""Markdown for where GitHub limits its size: a pull request's comment, a job's summary."""

from dodcheck.render import markdown
from dodcheck.report import Report

MARKER = "<!-- dodcheck -->"
COMMENT_ROOM = 65_536  # characters of a comment's body; counted in bytes here, which is never more
SUMMARY_ROOM = 1_048_576  # bytes of a step's summary
_OPEN, _CLOSE = "<details>", "</details>"
_CUT = "\n… cut here, where GitHub's limit is; `dodcheck report -o report.md` writes all of it.\n"


def comment(report: Report) -> str:
    """Render the task report as a comment: its first line is a marker by which the next run finds and replaces it."""
    return f"{MARKER}\n{fitted(markdown(report), COMMENT_ROOM - len(MARKER) - 1)}"


def summary(report: Report, room: int) -> str:
    """Render the task report as a job's summary.

    Args:
        report: What to render.
        room: Bytes that are left of the step's limit; with too few the summary is empty.
    """
    return fitted(markdown(report), room)


def fitted(text: str, room: int) -> str:
    """Return Markdown that fits: whole, or cut after a line, with what is folded closed and the cut said.

    Args:
        text: Markdown in which folds stand on lines of their own.
        room: Bytes of UTF-8.
    """
    if len(text.encode()) <= room:
        return text
    left = room - len(_CUT.encode()) - len(f"\n  {_CLOSE}\n")
    kept: list[str] = []
    for line in text.splitlines(keepends=True):
        left -= len(line.encode())
        if left < 0:
            break
        kept.append(line)
    opened = sum(line.lstrip().startswith(_OPEN) for line in kept) - sum(line.strip() == _CLOSE for line in kept)
    return "".join([*kept, f"\n  {_CLOSE}\n" * opened, _CUT]) if kept else ""
