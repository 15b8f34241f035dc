"""Mocks that mockito generates for a Dart file: annotations, and imports of what they generate."""

import re
from collections.abc import Iterator

from dodcheck.facts.mocks.mock_calls import MockUse
from dodcheck.patterns import pattern

GENERATED = ".mocks.dart"
_NO_CODE = pattern(
    r"""
      //[^\n]*
    | /\*(?:/\*.*?\*/|(?!\*/).)*(?:\*/|\Z)
    | r(?:'''.*?'''|\"{3}.*?\"{3}|'[^'\n]*'|"[^"\n]*")
    | '''(?:\\.|.)*?''' | \"{3}(?:\\.|.)*?\"{3}
    | '(?:\\.|\$\{[^{}\n]*\}|[^'\\\n])*' | "(?:\\.|\$\{[^{}\n]*\}|[^"\\\n])*"
    """,
    re.DOTALL | re.VERBOSE,
)
_ANNOTATION = pattern(r"@\s*(?:\w+\s*\.\s*)?(Generate(?:Nice)?Mocks)\s*\(")
_IMPORT = pattern(r"^[ \t]*(?:import|export)\s+(r?(['\"]))", re.MULTILINE)
_SPEC = pattern(r"(?:\w+\s*\.\s*)?MockSpec\s*<(.*)>\s*\(.*\)", re.DOTALL)
_BRACKETS = {"(": ")", "[": "]", "<": ">", "{": "}"}


def dart_mock_uses(path: str, text: str) -> Iterator[MockUse]:
    """Yield one use for each class that an annotation lists, and for each import of generated mocks."""
    if path.endswith(GENERATED):
        name = path.rpartition("/")[2]
        yield MockUse(path, 1, 1, "", "generated", "file of generated mocks", f"file {name}", name)
        return
    if "Mocks" not in text and GENERATED not in text:
        return
    code = _NO_CODE.sub(_blanked, text)
    for match in _ANNOTATION.finditer(code):
        arguments = code[match.end() : _closing(code, match.end() - 1)]
        line = code.count("\n", 0, match.start()) + 1
        end = line + code.count("\n", match.start(), match.end() + len(arguments))
        for item in _listed(arguments) or [arguments]:
            name = re.sub(r"\s+", "", _SPEC.sub(r"\1", item.strip()))
            yield MockUse(path, line, end, "", "autospec", f"@{match[1]}", f"generated mock of {name}", name)
    for match in _IMPORT.finditer(code):
        uri = text[match.end() : text.find(match[2], match.end())]
        if uri.endswith(GENERATED):
            line = code.count("\n", 0, match.start(1)) + 1
            name = uri.rpartition("/")[2]
            yield MockUse(path, line, line, "", "generated", "import of generated mocks", f"import {name}", name)


def _blanked(match: re.Match[str]) -> str:
    """Keep the line breaks and a string's quotes, so that offsets and lines stay what they are."""
    kept = 0 if match[0].startswith("/") else 1 + match[0].startswith("r")
    blank = re.sub(r"[^\n]", " ", match[0])
    return match[0][:kept] + blank[kept:-1] + match[0][-1] if kept else blank


def _closing(code: str, start: int) -> int:
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] in _BRACKETS) - (code[at] in _BRACKETS.values())
        if not depth:
            return at
    return len(code)


def _listed(arguments: str) -> list[str]:
    """Return the elements of the lists among an annotation's arguments."""
    items: list[str] = []
    for match in re.finditer(r"\[", arguments):
        if arguments.count("[", 0, match.start()) == arguments.count("]", 0, match.start()):
            items += _split(arguments[match.end() : _closing(arguments, match.start())])
    return items


def _split(text: str) -> list[str]:
    depth, start, parts = 0, 0, []
    for at, char in enumerate(text):
        depth += (char in _BRACKETS) - (char in _BRACKETS.values())
        if char == "," and not depth:
            parts.append(text[start:at])
            start = at + 1
    return [part for part in [*parts, text[start:]] if part.strip()]
