"""The one place that knows jinja2: reports from templates."""

import re
import unicodedata
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dodcheck.page import Page
from dodcheck.patterns import pattern
from dodcheck.report import ItemResult, Report, to_json
from dodcheck.verdict import Status, visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from dodcheck.audit.summary import Summary

_SPAN = pattern(r"(`[^`]+`)")
_UNSEEN = {"Cc", "Cf", "Cs"}
_JOINERS = "\u200c\u200d"  # Persian, Hindi and emoji are written with them
_SPECIAL = pattern(r"([\\`*_{}\[\]<>|~#])")
WORDS = {
    "done": "Done",
    "not-done": "Not done",
    "undecided": "Undecided: some checks could not run",
    "partial": "Nothing wrong in what was checked; the rest was left out",
}
MARKS = {
    Status.PASS: "✓",
    Status.NOT_APPLICABLE: "–",
    Status.FAIL: "✗",
    Status.ERROR: "!",
    Status.NEEDS_REVIEW: "?",
    Status.WAIVED: "~",
    Status.NOT_RUN: "·",
}


def markdown(report: Report) -> str:
    """Render the task report in Markdown."""
    return _environment().get_template("report.md.j2").render(report=report, words=WORDS, counts=counts(report))


def html(report: Report) -> str:
    """Render one self-contained page: no request leaves it, and only its own style and script are let in by hash."""
    return _page(
        "report.html.j2",
        report=report,
        page=Page.of(report),
        words=WORDS,
        counts=counts(report),
        settle=settle(report),
    )


def audit_html(summary: "Summary") -> str:
    """Render what an audit came to as one self-contained page, as `html` does."""
    from dodcheck.audit.summary import headline  # noqa: PLC0415 - a check is no audit

    return _page("audit.html.j2", audit=summary, headline=headline(summary))


def audit_markdown(summary: "Summary") -> str:
    """Render what an audit came to in Markdown."""
    from dodcheck.audit.summary import headline  # noqa: PLC0415 - likewise

    return _environment().get_template("audit.md.j2").render(audit=summary, headline=headline(summary))


def _page(template: str, **values: object) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - jinja2 brings it

    here = Path(*import_module("dodcheck.templates").__path__)
    style, script = (Markup((here / name).read_text("utf-8")) for name in ("report.css", "report.js"))  # noqa: S704 - our own files
    return _environment(escape=True).get_template(template).render(marks=MARKS, style=style, script=script, **values)


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
    ways = 'explain each under an "Explanations" heading of the notes (--notes FILE)'
    other = ', or set needs-review = "report"' if any(one.blocks for one in waiting) else "; they do not block"
    wait = "item marked ? waits" if len(waiting) == 1 else "items marked ? wait"
    return f"{len(waiting)} {wait} for a person: {ways}{other}"


@cache
def _environment(*, escape: bool = False) -> "Environment":
    """Return the templates' environment.

    Args:
        escape: Escape every value for HTML; in Markdown `md` and `code` escape what came from the repository.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - 70 ms that only a template pays

    environment = Environment(
        loader=PackageLoader("dodcheck.templates", ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=escape,  # noqa: S701 - Markdown's escapes are its own
    )
    if escape:
        environment.filters |= {
            "said": _said_in_html,
            "visible": _visible,
            "code_line": _code_line,
            "shortened": _shortened,
            "sha256": _sha256,
        }
    else:
        environment.filters |= {"md": _md, "code": _code, "box": _box, "said": _said}
    return environment


def _said_in_html(line: str) -> "Markup":
    """Escape a line of ours or the author's, and make its code spans such."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - jinja2 brings it

    parts = [part for part in _SPAN.split(_visible(line)) if part]
    spans = [Markup("<code>{}</code>").format(p[1:-1]) if _SPAN.fullmatch(p) else escape(p) for p in parts]
    return Markup("").join(spans)


def _visible(text: str) -> str:
    """Write controls and marks that turn the direction of text as their numbers: they make it look what it is not."""
    if text.isascii() and text.isprintable():
        return text
    folded = " ".join(text.split())
    told = (c if c in _JOINERS or unicodedata.category(c) not in _UNSEEN else f"\\u{ord(c):04x}" for c in folded)
    return "".join(told)


def _code_line(text: str) -> str:
    """Write what cannot be seen in a line of code as its number; its blanks are kept."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == "\t" or unicodedata.category(c) not in _UNSEEN else f"\\u{ord(c):04x}" for c in text)


def _shortened(text: str, most: int) -> str:
    """Leave out the middle of a text that is too long."""
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def _sha256(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _md(text: str) -> str:
    """Escape text for a Markdown line: no markup, no HTML, no mention of people."""
    return _SPECIAL.sub(r"\\\1", _visible(" ".join(text.split()))).replace("@", "@\u200b")


def _code(text: str) -> str:
    """Return text as a code span that it cannot leave."""
    folded = visible(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", folded)), default=0) + 1)
    pad = " " if folded.startswith("`") or folded.endswith("`") else ""
    return f"{fence}{pad}{folded}{pad}{fence}"


def _box(item: ItemResult) -> str:
    return "[x]" if item.status in {Status.PASS, Status.NOT_APPLICABLE} else "[ ]"


def _said(line: str) -> str:
    """Escape a line of ours or the author's but keep its code spans."""
    return "".join(map(_part, _SPAN.split(line)))


def _part(text: str) -> str:
    return _visible(text) if text.startswith("`") and len(text) > 1 else _md_keeping_ends(text)


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
