"""The Definition of Done as values: its items, its report's sections, and the rules that answer it."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["checkbox", "convention"]
How = Literal["marker", "configuration", "wording"]


class Item(msgspec.Struct, frozen=True):
    """One checkbox or one convention of the document.

    Args:
        id: Slug of the text, unique in the document.
        kind: `checkbox` for what the checklist asks, even where it has no box.
        section: Words of the innermost heading.
        text: The document's words on one line, inline markup kept.
        line: 1-based line in the file.
        ticked: Its box is ticked.
        depth: Number of list items around it.
        marker: Rule ids that a comment `<!-- dodcheck: … -->` in it names.
    """

    id: str
    kind: Kind
    section: str
    text: str
    line: int
    ticked: bool = False
    depth: int = 0
    marker: tuple[str, ...] = ()


class Definition(msgspec.Struct, frozen=True):
    """What the document asks for.

    Args:
        title: Its first top heading.
        name: `name` of the front matter, as coding agents have it.
        path: Where it was read from.
        items: Checkboxes, then conventions, each in document order.
        report_sections: What the report is to list, in order; empty when it does not say.
    """

    title: str
    name: str | None
    path: str
    items: tuple[Item, ...]
    report_sections: tuple[str, ...] = ()


class Binding(msgspec.Struct, frozen=True):
    """One rule that answers an item.

    Args:
        rule_id: The rule.
        options: What the item's words set: named groups of the patterns that matched.
        how: What bound it.
    """

    rule_id: str
    options: Mapping[str, str]
    how: How


Bindings = dict[str, tuple[Binding, ...]]  # by item id
