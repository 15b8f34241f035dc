"""Acceptance criteria taken apart: what each asks for, piece by piece.

A criterion with "and" or a semicolon holds several obligations, and a change that keeps one of them has not kept
the criterion.
"""

import re
from collections.abc import Iterator

import msgspec

from dodcheck.facts.tasks.anchors import Anchor, anchors_in
from dodcheck.tasks import Criterion

_VERB = (
    r"(?:adds?|accepts?|allows?|applies|calls?|checks?|creates?|deletes?|documents?|ensures?|exits?|expos(?:e|es)|fails?"
    r"|gives?|handles?|has|have|ignores?|is|are|keeps?|lists?|loads?|logs?|makes?|must|never|prints?|raises?|reads?"
    r"|rejects?|removes?|renders?|reports?|returns?|runs?|saves?|sends?|sets?|shall|should|shows?|stores?|supports?"
    r"|tests?|updates?|uses?|validates?|warns?|will|writes?)\b"
)
_SPLIT = re.compile(
    rf";\s+|,?\s+and\s+(?=(?:it |they |the [\w` -]{{1,30}} )?(?:also |then )?{_VERB}|[`\"]|[A-Z]+ /|--)"
)
_REMOVED = r"(?:removed|deleted|dropped|gone|retired)"
_BEFORE = re.compile(
    r"^(?:please )?(?:remove|delete|drop|retire|get rid of)\s+(?:(?:the|all|any|old|legacy|deprecated|unused|function"
    r"|class|method|module|option|flag|endpoint|route|parameter|argument|environment|variable|file|script|setting)\s+)*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"^\s*(?:[a-z]+\s+)?(?:(?:is|are|was|were|has been|have been|gets?)\s+{_REMOVED}"
    r"|no longer (?:exists?|is (?:available|there|exported|importable|accepted)))\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:not|never|no longer|no|without|cannot|n't)\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?:<=?|>=?|≤|≥|\b(?:under|below|above|over|within|at (?:least|most)|less than|more than|up to|faster than)\s+)"
    r"\s*\d|\b\d+(?:\.\d+)?\s*(?:ms|s|sec(?:onds?)?|min(?:utes?)?|%|percent|MB|GB|KB|MiB|GiB|fps|rps|qps)\b"
)
_SUBJECTIVE = re.compile(
    r"\b(?:fast|quick(?:ly)?|clean(?:ly)?|user[- ]friendly|intuitive|simple|easy|easily|nice|readable|robust|performant"
    r"|efficient(?:ly)?|reasonable|appropriate(?:ly)?|good|better|clear(?:ly)?|maintainable|scalable|secure(?:ly)?"
    r"|graceful(?:ly)?|properly|well[- ]documented)\b",
    re.IGNORECASE,
)


class Obligation(msgspec.Struct, frozen=True):
    """One thing that a criterion asks for.

    Args:
        text: Its words.
        anchors: What it names.
        removes: What it wants to be gone.
        is_negative: It says what shall not be; that no symbol can show.
        is_quantity: It compares with a number: only a measurement shows it.
        is_subjective: It is a matter of opinion.
    """

    text: str
    anchors: tuple[Anchor, ...]
    removes: tuple[Anchor, ...]
    is_negative: bool
    is_quantity: bool
    is_subjective: bool

    @property
    def wanted(self) -> tuple[Anchor, ...]:
        """What it names and does not want to be gone."""
        return tuple(one for one in self.anchors if one not in self.removes)


def obligations_of(criterion: Criterion) -> tuple[Obligation, ...]:
    """Take one criterion apart."""
    parts = [part.strip(" ,.") for part in _split(criterion.text)]
    return tuple(_obligation(part) for part in parts if part)


def _split(text: str) -> Iterator[str]:
    """Split at semicolons and at each "and" that begins something new, outside of code and quotes."""
    masked = re.sub(r"`[^`]*`|\"[^\"]*\"", lambda match: match[0][0] + "\0" * (len(match[0]) - 2) + match[0][-1], text)
    at = 0
    for match in _SPLIT.finditer(masked):
        yield text[at : match.start()]
        at = match.end()
    yield text[at:]


def _obligation(text: str) -> Obligation:
    anchors = anchors_in(text)
    return Obligation(
        text=text,
        anchors=anchors,
        removes=tuple(one for one in anchors if one.is_hard and _is_removed(one, text)),
        is_negative=_NEGATIVE.search(text) is not None,
        is_quantity=_QUANTITY.search(text) is not None,
        is_subjective=_SUBJECTIVE.search(text) is not None,
    )


def _is_removed(anchor: Anchor, text: str) -> bool:
    """Tell whether a text wants a thing to be gone: it is the very object of "remove", or subject of "is removed"."""
    bare = text.replace("`", "")
    before, _, after = bare.partition(anchor.text)
    return bool(_BEFORE.match(before) or _AFTER.match(after))
