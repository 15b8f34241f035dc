"""The one place that knows jinja2: reports from templates."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from dodcheck.report import ItemResult, Report, to_json
from dodcheck.verdict import Status

if TYPE_CHECKING:
    from jinja2 import Environment

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#])")
WORDS = {
    "done": "Done",
    "not-done": "Not done",
    "undecided": "Undecided: some checks could not run",
    "partial": "Nothing wrong in what was checked; the rest was left out",
}


def markdown(report: Report) -> str:
    """Render the task report in Markdown."""
    return _environment().get_template("report.md.j2").render(report=report, words=WORDS, counts=counts(report))


def notes(report: Report) -> str:
    """Render a draft of the handoff notes: what the run found, and a line for each item that waits for its author."""
    rules = [rule for item in report.items for rule in item.rules]
    return (
        _environment()
        .get_template("notes.md.j2")
        .render(
            report=report,
            breaks=[one.message for rule in rules if rule.id == "breaking-changes" for one in rule.findings],
            criteria=[one.text for rule in rules if rule.id == "acceptance-criteria" for one in rule.evidence[1:]],
            open=[item for item in report.items if item.status is Status.NEEDS_REVIEW and item.explanation is None],
        )
    )


def json(report: Report) -> str:
    """Render the JSON."""
    return to_json(report)


def counts(report: Report) -> dict[str, int]:
    """Count the items by status, in the order of severity; advice is left out."""
    stated = [item for item in report.items if item.line is not None or item.kind == "integrity"]
    return {s: n for s in Status if (n := sum(item.status is s for item in stated))}


def settle(report: Report) -> str | None:
    """Return the one line that says how to settle what only a person can; None when nothing is open."""
    waiting = [i for i in report.items if i.status is Status.NEEDS_REVIEW and i.explanation is None]
    if not waiting:
        return None
    return (
        f"{len(waiting)} item{'s' * (len(waiting) != 1)} marked ? wait for a person: explain each under an "
        '"Explanations" heading of the notes (--notes FILE), or set needs-review = "report"'
    )


@lru_cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - 70 ms that only a template pays

    environment = Environment(
        loader=PackageLoader("dodcheck.templates", ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown; `md` and `code` escape what came from the repository
    )
    environment.filters |= {"md": _md, "code": _code, "box": _box, "said": _said}
    return environment


def _md(text: str) -> str:
    """Escape text for a Markdown line: no markup, no HTML, no mention of people."""
    folded = " ".join(text.split())
    return _SPECIAL.sub(r"\\\1", folded).replace("@", "@\u200b")


def _code(text: str) -> str:
    """Return text as a code span that it cannot leave."""
    folded = " ".join(text.split())
    fence = "`" * (max((len(run) for run in re.findall("`+", folded)), default=0) + 1)
    pad = " " if folded.startswith("`") or folded.endswith("`") else ""
    return f"{fence}{pad}{folded}{pad}{fence}"


def _box(item: ItemResult) -> str:
    return "[x]" if item.status in {Status.PASS, Status.NOT_APPLICABLE} else "[ ]"


def _said(line: str) -> str:
    """Escape a line of ours or the author's but keep its code spans."""
    parts = re.split(r"(`[^`]+`)", line)
    return "".join(part if part.startswith("`") and len(part) > 1 else _md_keeping_ends(part) for part in parts)


def _md_keeping_ends(text: str) -> str:
    left = " " if text[:1].isspace() else ""
    right = " " if text[-1:].isspace() and text.strip() else ""
    return f"{left}{_md(text)}{right}"


def decode(text: bytes, name: str) -> Report:
    """Read a report back from its JSON.

    Raises:
        ValueError: It is none; the message names the file and the place.
    """
    try:
        return msgspec.json.decode(text, type=Report)
    except msgspec.DecodeError as error:
        raise ValueError(f"{name}: no result of dodcheck ({error})") from error
