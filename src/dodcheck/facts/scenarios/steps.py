"""Step definitions of Gherkin scenarios, in Python and JavaScript."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from dodcheck.facts.scenarios.scenario import Scenario

_PYTHON = re.compile(
    r"^[ \t]*@(?:\w+\.)*(?:given|when|then|step)\(\s*(?P<parser>(?:\w+\.)*(?:parse|cfparse|re|string)\()?"
    r"\s*(?P<raw>[rRuUfF]?)(?P<quote>\"\"\"|'''|[\"'])(?P<text>.+?)(?P=quote)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"^[ \t]*(?:Given|When|Then|And|But|defineStep)\(\s*"
    r"(?:(?P<quote>[\"'`])(?P<text>(?:\\.|(?!(?P=quote)).)+)(?P=quote)|/(?P<regex>(?:\\.|[^/\n])+)/)",
    re.MULTILINE,
)
_HOLE = re.compile(r"\\\{[^{}]*\\\}|<[^<>]*>")


class Step(msgspec.Struct, frozen=True):
    """One step definition.

    Args:
        pattern: What it answers, as written.
        regex: The same as a regular expression.
        text: The definition, to the next one.
    """

    pattern: str
    regex: str
    text: str

    def serves(self, scenario: Scenario) -> bool:
        """Tell whether a scenario has a step that the definition answers."""
        try:
            found = re.compile(self.regex)
        except re.error:
            return False
        return any(found.fullmatch(step) for step in scenario.steps)


def steps(text: str, path: str) -> Sequence[Step]:
    """Return the step definitions of a file."""
    found = _PYTHON if path.endswith(".py") else _SCRIPT
    return tuple(_steps(text, list(found.finditer(text))))


def _steps(text: str, matches: Sequence[re.Match[str]]) -> Iterator[Step]:
    ends = [*(match.start() for match in matches), len(text)][1:]
    for match, end in zip(matches, ends, strict=True):
        groups = match.groupdict()
        pattern = groups["text"] or groups["regex"] or ""
        is_regex = bool(groups.get("regex")) or bool(re.search(r"\bre\($", groups.get("parser") or ""))
        body = text[match.start() : end]
        yield Step(pattern, pattern.strip("^$") if is_regex else _HOLE.sub(".+", re.escape(pattern)), _own(body))


def _own(body: str) -> str:
    """Cut what follows a definition: the next thing at its own level."""
    lines = body.split("\n")
    kept = lines[:1]
    seen = False
    for line in lines[1:]:
        if seen and line.strip() and not line[:1].isspace() and not line.startswith(("}", ")")):
            break
        seen = seen or line[:1].isspace()
        kept.append(line)
    return "\n".join(kept).rstrip()
