"""What a heading of a document says about the list items under it."""

import re

from dodcheck.outline import BOLD_LEVEL, LEAD_LEVEL, Bullet, Heading
from dodcheck.wording import normalised

_DONE = (
    r"(?:\bdefini\w+ of [\"'(]*done\b|\bdod\b"
    r"|(?<!\bbe )\bdone[ -](?:when|if|criteria|criterion|checklist|definition|means)\b"
    r"|\b(?:criteria|checklist) for (?:being )?(?:done|completion)\b|\bcompletion (?:criteria|checklist)\b"
    r"|\b(?:is|are) (?:considered |only |truly |really )*[\"']*(?:done|complete)[\"']* (?:only )?(?:when|if)\b)"
)
_BEFORE = r"^[\W\d_]*(?:(?:the|our|my|team|project|task|story|feature|code|full)\W+)*"
_NAMES_DONE = re.compile(_BEFORE + _DONE)
_MENTIONS_DONE = re.compile(_DONE)
_DONE_FILE = re.compile(r"(?:^|/)(?:dod|definition[-_ ]?of[-_ ]?done)[^/]*$", re.IGNORECASE)

_OTHER_CHECKLIST = re.compile(
    r"\bdefini\w+ of [\"'(]*ready\b|\bdor\b|^[\W\d_]*ready(?: criteria| checklist)?$"
    r"|^[\W\d_]*(?:for )?(?:examples?|e\.g|anti-?patterns?)\b|\b(?:examples?|template)$"
)
_ASIDE = re.compile(
    r"^[\W\d_]*(?:(?:purpose|overview|introduction|background|scope|references?|resources|further reading|links"
    r"|see also|related|glossary|(?:table of )?contents|history|change ?log|versions?|faq|notes?|roles|tips)"
    r"(?:$| (?:and|of|to|for)\b| ?[&(/:])|(?:about|how to|why|who|when to)\b)"
)
_REPORT = re.compile(
    r"^[\W\d_]*(?:(?:output|task|final|completion|summary|handoff) )*report(?:s|ing)?"
    r"(?: (?:format|contents?|sections?))?$"
)
_NAMED_REPORT = re.compile(r"^[\W\d_]*(?:output|task) report\b")
_CONVENTION = re.compile(
    r"(?:\b(?:conventions?|standards|guidelines|style ?guides?)|\b(?:code|coding|python|programming) styles?)"
    r"(?: (?:for|of|in|we|to follow)\b.*| ?(?:\band\b|&|/|,|\+|:|\(| - ).*)?$|^[\W\d_]*style(?: rules)?$"
)
_OTHER_TOPIC = re.compile(
    r"\b(?:stack|process|workflow|tools?|tooling|commands?|set ?up|structure|commits?|branch(?:es|ing)?|git|github|prs?"
    r"|pull requests?|merge|merging|reviews?|communication|report(?:s|ing)?|contribut\w+|community|conduct|prompts?"
    r"|interaction|escalation|chat|compliance|conformance|meetings?|issues?|tickets?|tasks?|examples?|references?"
    r"|resources|see also|licen[cs]\w+|support|security policy|agents?)\b"
)


def names_done(heading: Heading) -> bool:
    """Whether a heading is the name of the Definition of Done."""
    return bool(_NAMES_DONE.search(normalised(heading.text)))


def mentions_done(heading: Heading) -> bool:
    """Whether a heading speaks of the Definition of Done, and not about it."""
    return bool(_MENTIONS_DONE.search(normalised(heading.text))) and not is_aside(heading)


def is_done_file(path: str) -> bool:
    """Whether a file by its name is a Definition of Done as a whole."""
    return bool(_DONE_FILE.search(path.replace("\\", "/")))


def is_other_checklist(bullet: Bullet) -> bool:
    """Whether a list item belongs to another checklist: of readiness, or an example."""
    below = (one for one in bullet.headings if one.level > 1 and not mentions_done(one))
    return any(_OTHER_CHECKLIST.search(normalised(one.text)) for one in below)


def is_aside(heading: Heading) -> bool:
    """Whether a document explains itself under a heading, instead of asking for something."""
    return heading.level > 1 and bool(_ASIDE.search(normalised(heading.text)))


def is_report(heading: Heading, *, after: bool) -> bool:
    """Whether a heading lists what the report is to say.

    Args:
        heading: The heading.
        after: It stands after the Definition of Done, where "Report" alone is enough.
    """
    words = normalised(heading.text)
    return bool(_NAMED_REPORT.search(words) or (after and _REPORT.search(words)))


def is_convention(bullet: Bullet) -> bool:
    """Whether a list item stands under a heading that names conventions or standards.

    The nearest heading decides, a heading on another topic in between ends it, and the
    document's title speaks only for what stands directly under it.
    """
    for heading in reversed(bullet.headings):
        words = normalised(heading.text)
        if heading.level == LEAD_LEVEL:
            continue
        if _OTHER_TOPIC.search(words) or names_done(heading):
            return False
        if _CONVENTION.search(words):
            return (heading.level > 1 or heading == _innermost(bullet)) and not is_other_checklist(bullet)
    return False


def section_of(bullet: Bullet) -> str:
    """Return the words of the innermost heading; none, when there is none."""
    heading = _innermost(bullet)
    return heading.text if heading else ""


def _innermost(bullet: Bullet) -> Heading | None:
    return next((one for one in reversed(bullet.headings) if one.level <= BOLD_LEVEL), None)
