"""Docstrings as values: the parameters and results that they document, in the styles that people write them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from dodcheck.patterns import pattern

if TYPE_CHECKING:
    import griffe

Style = Literal["google", "numpy", "sphinx"]

_HEADINGS = r"(?:Keyword )?(?:Args|Arguments)|Params|(?:Other )?Parameters|Returns?|Yields?|Raises|Attributes"
_MARKS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("numpy", pattern(rf"^[ \t]*(?:{_HEADINGS})[ \t]*\n[ \t]*-{{3,}}[ \t]*$", re.MULTILINE)),
    ("sphinx", pattern(r"^[ \t]*[:@](?:param|parameter|arg|type|returns?|rtype|raises?)\b[^:\n]*:", re.MULTILINE)),
    ("google", pattern(rf"^[ \t]*(?:{_HEADINGS}):[ \t]*$", re.MULTILINE)),
)
_EPYTEXT = pattern(r"^([ \t]*)@(?=(?:param|type|returns?|rtype|raises?)\b)", re.MULTILINE)
_NAME = pattern(r"\\?\*{0,2}([A-Za-z_]\w*)")
_NOTHING_IN_IT = pattern(  # "Parameters" and its line, and the next heading right after them
    rf"^[ \t]*(?:{_HEADINGS})[ \t]*\n[ \t]*-{{3,}}[ \t]*\n(?=\s*^[ \t]*[A-Z][\w ]*\n[ \t]*-{{3,}}[ \t]*$)", re.MULTILINE
)
_RESULT_HEADING = pattern(r"(?im)^[ \t]*(?:returns?|yields?|outputs?)[ \t]*(?::|\n[ \t]*[-=]{3,})")
_TYPE = (  # in lower case: "List them" is an order
    r"(?:str|string|list|tuple|int|integer|float|bool|boolean|dict|dictionary|array|tensor|iterable|sequence|iterator"
    r"|generator|callable|data ?frame|decorator)s?"
)
_WHAT_COMES_BACK = pattern(r"\b[Rr]eturn\w*\b[^.]*")
_RESULT = pattern(r"(?i)\b(?:return(?:s|ed|ing)?|yield(?:s|ed|ing)?)\b")
_BRACES = pattern(r"^[ \t]*\w*\{\w+(?:, *\w+)+\}\w*[ \t]*(?::|\(|$)", re.MULTILINE)
_WORDS = pattern(r"[a-z0-9]+")


class Entry(msgspec.Struct, frozen=True):
    """What a docstring says of one parameter or result.

    Args:
        name: Name of the parameter, without stars; empty for a result.
        type: The type as written; empty when it gives none.
        text: The description.
        default: The default as the style marks it (`int, default=3`); None when it does not.
    """

    name: str
    type: str
    text: str
    default: str | None = None


class Docstring(msgspec.Struct, frozen=True):
    """One docstring.

    Args:
        text: All of it, unindented.
        style: How its sections are written; None when it has none.
        parameters: In the order of the text.
        results: What it returns or yields.
        prose: What stands in no such section.
        open_ended: Some of its entries are no plain names (`{x, y}_vars`), so it may document more than is read.
    """

    text: str
    style: Style | None = None
    parameters: tuple[Entry, ...] = ()
    results: tuple[Entry, ...] = ()
    prose: str = ""
    open_ended: bool = False

    @property
    def tells_result(self) -> bool:
        """A section, or a sentence, says what comes back."""
        return bool(self.results or _RESULT.search(self.prose) or _RESULT_HEADING.search(self.text))

    def mentions(self, name: str) -> bool:
        """Tell whether the text has a name marked as code or emphasised."""
        return bool(re.search(rf"(?<![`*])[`*]{{1,2}}{re.escape(name)}[`*]{{1,2}}", self.text))

    def has_line_for(self, name: str) -> bool:
        """Tell whether a line begins as an entry for a name, in whatever form: `x (list[int] | None, *optional*)`."""
        return bool(re.search(_entry(name, "[:(]"), self.text))

    def tells_type(self, name: str, *, only: bool) -> bool:
        """Tell whether the text gives a type where no section does: `- x (int)`, "the list x", "x is a dict".

        Args:
            name: The parameter.
            only: No other parameter lacks a type: a type in the prose that is no result's is its.
        """
        if re.search(_entry(name, "[:(]"), self.prose) or re.search(_entry(name, r"\("), self.text):
            return True
        if self.style == "numpy" and re.search(_entry(name, r":[ \t]*\S"), self.text):
            return True
        bare = rf"`*\b{re.escape(name)}\b`*"
        near = rf"{bare}[ ,:=(]*(?:is|are|as|must be)?[ ,:(]*(?:an?|the|one)? *{_TYPE}\b|\b{_TYPE} {bare}"
        told = _WHAT_COMES_BACK.sub("", self.prose) if only else ""
        return bool(re.search(near, self.prose) or re.search(rf"(?i:\bdecorator\b)|\b{_TYPE}\b", told))

    def repeats(self, name: str) -> bool:
        """Tell whether it says no more than a name: "Get the user." for `get_user`."""
        said = [one for one in _WORDS.findall(self.text.lower()) if one not in {"a", "an", "the"}]
        return bool(said) and _folded(said) == _folded(_WORDS.findall(name.lower().replace("_", " ")))


def _entry(name: str, then: str) -> str:
    return rf"(?m)^[ \t*-]*(?:`*\w+`*, *)*`*{re.escape(name)}\b`*(?:, *\w+)* *{then}"


def style_of(text: str) -> Style | None:
    """Return the style of the first kind of section that a text has; the rarest, numpy, first."""
    return next((style for style, mark in _MARKS if mark.search(text)), None)


@lru_cache(maxsize=4096)
def read_docstring(text: str) -> Docstring:
    """Read a docstring; griffe reads the sections.

    Args:
        text: The docstring, unindented.
    """
    style = style_of(text)
    if style is None:
        return Docstring(text, prose=text)
    import griffe  # noqa: PLC0415 - a tenth of a second, for docstrings with sections alone

    plain = _NOTHING_IN_IT.sub("", text) if style == "numpy" else _EPYTEXT.sub(r"\1:", text)
    sections = griffe.Docstring(plain).parse(style, warnings=False)
    kinds = griffe.DocstringSectionKind
    parameters: list[Entry] = []
    results: list[Entry] = []
    prose: list[str] = []
    for section in sections:
        if section.kind in {kinds.parameters, kinds.other_parameters}:
            parameters += [entry for one in section.value for entry in _parameters(one)]
        elif section.kind in {kinds.returns, kinds.yields}:
            results += [Entry(one.name or "", _written(one.annotation), one.description) for one in section.value]
        elif section.kind is kinds.text:
            prose.append(section.value)
        elif section.kind is kinds.admonition:
            prose.append(section.value.description)
    return Docstring(text, style, tuple(parameters), tuple(results), "\n".join(prose), bool(_BRACES.search(text)))


def _parameters(one: "griffe.DocstringParameter") -> Iterator[Entry]:
    """Yield an entry a name: `x, y: the point` documents two; what is no name documents none."""
    for name in one.name.split(","):
        match = _NAME.fullmatch(name.strip().strip("`"))
        if match:
            default = None if one.value is None else str(one.value)
            yield Entry(match[1], _written(one.annotation), one.description, default)


def _written(annotation: Any) -> str:  # noqa: ANN401 - griffe's expression tree or text
    return "" if annotation is None else str(annotation)


def _folded(words: list[str]) -> str:
    return "".join(word.rstrip("s") if len(word) > 3 else word for word in words)  # noqa: PLR2004 - "loads", not "is"
