"""GitHub Actions: annotations by workflow commands, and the log that holds the rest.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, and the runner's
ActionCommand.cs for the escapes and for what it takes for a command.
"""

from collections.abc import Iterator, Sequence

from dodcheck.formats.issues import LEVELS, Issue, issues
from dodcheck.render import WORDS, counts, settle
from dodcheck.report import ItemResult, Report
from dodcheck.verdict import Level, visible

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}
_MOST = 10  # annotations of one kind that GitHub shows of one step
_TITLE = 80  # characters


def github(report: Report) -> str:
    """Render the log of a step: a group for each item with something open, annotations, the verdict.

    The ten most severe issues of each level become annotations, since GitHub drops the rest; all of them stand in
    the log, grouped by item.  What is waived is in the log alone.
    """
    found = issues(report)
    return "\n".join([*_log(report.items, found), *_annotations(found), *_close(report)]) + "\n"


def _log(items: Sequence[ItemResult], found: Sequence[Issue]) -> Iterator[str]:
    for item in items:
        own = [one for one in found if any(item is other for other in one.items)]
        if not own:
            continue
        yield f"::group::{_data(_short(f'{item.status}: {item.text}'))}"
        for one in own:
            yield _plain(f"- {'waived' if one.waived else one.level}: {_place(one)}{one.message} [{one.rule}]")
            if one.fix:
                yield _plain(f"  fix: {one.fix}")
        yield "::endgroup::"


def _annotations(found: Sequence[Issue]) -> Iterator[str]:
    for level in LEVELS:
        of_level = [one for one in found if one.level == level and not one.waived]
        yield from map(_annotation, of_level[:_MOST])
        rest = len(of_level) - _MOST
        if rest > 0:
            yield f"and {rest} more of level {level}: GitHub shows {_MOST} of a step; all are in the groups above"


def _annotation(one: Issue) -> str:
    given = {
        "file": one.path,
        "line": str(one.line) if one.path else None,
        "endLine": str(one.end_line) if one.end_line else None,
        "title": _short(f"{one.rule}: {one.items[0].text}"),
    }
    shown = ",".join(f"{name}={_property(value)}" for name, value in given.items() if value)
    message = f"{one.message}\nfix: {one.fix}" if one.fix else one.message
    return f"::{_COMMANDS[one.level]} {shown}::{_data(message)}"


def _close(report: Report) -> Iterator[str]:
    line = settle(report)
    if line:
        yield _plain(line)
    yield f"{WORDS[report.verdict]} ({', '.join(f'{number} {status}' for status, number in counts(report).items())})"


def _place(one: Issue) -> str:
    return f"{one.path}:{one.line}: " if one.path else ""


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _TITLE else f"{folded[: _TITLE - 1]}…"


def _plain(text: str) -> str:
    """Return one line of the log that the runner cannot take for a command, at its start or (`##[`) inside it."""
    return visible(text).replace("##[", "##\u200b[")


def _data(text: str) -> str:
    return "%0A".join(visible(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped.replace(":", "%3A").replace(",", "%2C"))
