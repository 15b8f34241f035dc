"""Read the Definition of Done that a Markdown document states: its items and its report's sections."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from pathlib import PurePosixPath

from dodcheck.definition import Definition, Item, Kind
from dodcheck.errors import DefinitionError
from dodcheck.outline import BOLD_LEVEL, LEAD_LEVEL, Bullet, Heading, Outline, outline
from dodcheck.sections import (
    is_aside,
    is_convention,
    is_done_file,
    is_other_checklist,
    is_report,
    mentions_done,
    names_done,
    section_of,
)
from dodcheck.wording import plain, slug

_LABEL_WORDS = 2
_REMEDY = "write the items as `- [ ] …` under a heading `Definition of Done`"
_NO_WORDS = re.compile(r"\[[^\]]*\]\(#[^)]*\)|~~(?:(?!~~).)+~~")
_BOLD = re.compile(r"(\*\*|__)[^*_]+\1:?")


def read(text: str, path: str) -> Definition:
    """Read a Definition of Done.

    The checklist is what has a box under the heading that names it, else what is listed
    there without boxes, else, in a document without that heading, whatever has a box.

    Args:
        text: The document.
        path: Where it stands; a name such as DOD.md says that all of it is the definition.

    Raises:
        DefinitionError: It has no checklist.
    """
    page = outline(text)
    anchors, checklist = _checklist(page, path)
    taken = set(checklist)
    conventions = [one for one in page.bullets if _is_leaf(one) and is_convention(one) and one not in taken]
    titles = [one for one in page.headings if one.level < BOLD_LEVEL]
    top = next((one for one in titles if one.level == 1), titles[0] if titles else None)
    return Definition(
        title=plain(top.text) if top else page.name or PurePosixPath(path).stem,
        name=page.name,
        path=path,
        items=tuple(_items([*(("checkbox", one) for one in checklist), *(("convention", one) for one in conventions)])),
        report_sections=_report_sections(page, anchors),
    )


def _checklist(page: Outline, path: str) -> tuple[Sequence[Heading], Sequence[Bullet]]:
    """Return the headings that name the definition, and what it lists."""
    whole = is_done_file(path) or any(map(mentions_done, page.headings[:1]))
    boxes = [one for one in page.bullets if one.box is not None and _counts(one) and not is_other_checklist(one)]
    named: Heading | None = None
    for anchors in _anchors(page):
        named = named or anchors[0]
        inside = [one for one in page.bullets if any(heading in anchors for heading in one.headings)]
        lines = {one.line for one in inside}
        found = [one for one in boxes if one.line in lines]
        if not found and not (whole and boxes):
            found = [one for one in inside if _is_listed(one, anchors)]
        if found:
            return anchors, found
        if names_done(anchors[0]):
            break
    found = boxes if whole or not named else []
    found = found or [one for one in page.bullets if whole and _is_listed(one, ())]
    if not found and named:
        raise DefinitionError(f"{path}:{named.line}: nothing is listed under {plain(named.text)!r}", _REMEDY)
    if not found:
        raise DefinitionError(f"{path}: no checklist in it", _REMEDY)
    return (), found


def _anchors(page: Outline) -> Iterator[Sequence[Heading]]:
    """Yield the headings that may stand for the definition, the surest kind first."""
    real = [one for one in page.headings if one.level < BOLD_LEVEL]
    tiers = (
        [one for one in real if names_done(one)],
        [one for one in real if mentions_done(one)],
        [one for one in page.headings if one.level == BOLD_LEVEL and mentions_done(one)],
        [one for one in page.headings if one.level == LEAD_LEVEL and mentions_done(one)],
    )
    yield from filter(None, tiers)


def _counts(bullet: Bullet) -> bool:
    """Whether a list item says something: is not empty, struck out, or a table of contents."""
    return bool(bullet.text) and not _NO_WORDS.fullmatch(bullet.text)


def _is_leaf(bullet: Bullet) -> bool:
    """Whether a list item without a box states something itself instead of grouping others."""
    label = _BOLD.fullmatch(bullet.text) or len(plain(bullet.text).split()) <= _LABEL_WORDS
    return _counts(bullet) and not (bullet.parent and label)


def _is_listed(bullet: Bullet, anchors: Sequence[Heading]) -> bool:
    """Whether a list item without a box belongs to a checklist that has no boxes."""
    around = [one for one in bullet.headings if one not in anchors]
    aside = any(is_report(one, after=True) or is_aside(one) for one in around)
    return bullet.box is None and _is_leaf(bullet) and not aside and not is_other_checklist(bullet)


def _report_sections(page: Outline, anchors: Sequence[Heading]) -> tuple[str, ...]:
    start = anchors[0].line if anchors else 0
    for report in page.headings:
        if is_report(report, after=report.line > start):
            words = [one.text for one in page.bullets if report in one.headings and one.depth == 0 and _counts(one)]
            if words:
                return tuple(dict.fromkeys(words))
    return ()


def _items(bullets: Iterable[tuple[Kind, Bullet]]) -> Iterator[Item]:
    taken: set[str] = set()
    for kind, bullet in bullets:
        stem = slug(bullet.text)
        name = next(one for one in chain([stem], (f"{stem}-{n}" for n in count(2))) if one not in taken)
        taken.add(name)
        yield Item(
            id=name,
            kind=kind,
            section=section_of(bullet),
            text=bullet.text,
            line=bullet.line,
            ticked=bool(bullet.box),
            depth=bullet.depth,
            marker=bullet.marker,
        )
