"""Playwright and Cypress specs: titles and blocks by a tolerant reader, no parser of JavaScript."""

import re
from collections.abc import Iterator

from dodcheck.facts.scenarios.scenario import Scenario, ScenarioFile

_BLOCK = re.compile(
    r"(?<![\w.$])(?P<call>x?(?:test|it|specify|scenario|describe|context|suite))"
    r"(?P<more>(?:\.(?:describe|only|skip|fixme|fail|slow|serial|parallel|each|concurrent|todo))*)"
    r"(?:\([^()]*\))?\s*\(\s*(?P<quote>[\"'`])(?P<title>(?:\\.|(?!(?P=quote)).)+)(?P=quote)",
    re.DOTALL,
)
_GROUPS = {"describe", "context", "suite"}
_SKIPPING = re.compile(r"\.(skip|fixme|todo)\b")
_SKIPPED_INSIDE = re.compile(r"^\s*(?:async\s*)?\([^)]*\)\s*=>\s*\{\s*test\.(?:skip|fixme)\(\s*\)")
_QUIET = re.compile(
    r"(?P<string>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL
)
_IMPORT = re.compile(
    r"^\s*(?:import\b[^;\n]*(?:\{[^}]*\}[^;\n]*)?;?|(?:const|let|var)\b[^=\n]*=\s*require\([^)]*\);?)[ \t]*$",
    re.MULTILINE,
)


def read_spec(text: str, path: str) -> ScenarioFile:
    """Read a spec; what is not understood is left out."""
    plain = without_comments(text)
    blocks = [(match, _end(plain, match)) for match in _BLOCK.finditer(plain)]
    groups = [(match, end) for match, end in blocks if _is_group(match)]
    tests = [(match, end) for match, end in blocks if not _is_group(match)]
    found = tuple(_scenario(plain, path, match, end, groups) for match, end in tests)
    return ScenarioFile(path, "browser", found, _around(plain, tests), text)


def without_comments(text: str) -> str:
    """Blank comments of JavaScript, keeping lines where they are."""
    return _QUIET.sub(lambda m: m[0] if m["string"] else re.sub(r"[^\n]", " ", m[0]), text)


def _is_group(match: re.Match[str]) -> bool:
    return match["call"].removeprefix("x") in _GROUPS or ".describe" in match["more"]


def _is_skipped(match: re.Match[str]) -> bool:
    return match["call"].startswith("x") or bool(_SKIPPING.search(match["more"]))


def _scenario(
    plain: str, path: str, match: re.Match[str], end: int, groups: list[tuple[re.Match[str], int]]
) -> Scenario:
    outer = [group for group, last in groups if group.start() < match.start() < last]
    body = plain[match.end() : end]
    skipped = any(map(_is_skipped, [match, *outer])) or bool(_SKIPPED_INSIDE.match(body.lstrip(", \n")))
    group = " > ".join(one["title"] for one in outer)
    line = plain.count("\n", 0, match.start()) + 1
    return Scenario(path, match["title"], group, line, skipped, plain[match.start() : end])


def _end(plain: str, match: re.Match[str]) -> int:
    """Return where the call that a match opens is closed; the end of the text when it never is."""
    depth, at = 1, match.end()
    for token in re.finditer(rf"{_QUIET.pattern}|[()]", plain[at:], re.DOTALL):
        if token[0] in "()":
            depth += 1 if token[0] == "(" else -1
            if depth == 0:
                return at + token.end()
    return len(plain)


def _around(plain: str, tests: list[tuple[re.Match[str], int]]) -> str:
    """Return what is left without tests and imports; a string of several lines becomes one line."""
    left = _QUIET.sub(lambda match: match[0].replace("\n", " "), "".join(_gaps(plain, tests)))
    return "\n".join(line for line in _IMPORT.sub("", left).split("\n") if line.strip())


def _gaps(plain: str, tests: list[tuple[re.Match[str], int]]) -> Iterator[str]:
    at = 0
    for match, end in tests:
        yield plain[at : max(at, match.start())]
        at = max(at, end)
    yield plain[at:]
