"""What a setting is weighed with, and the weighing of what a linter selects and ignores."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from dodcheck.facts.policy.policy_files import HeadFiles, globbed
from dodcheck.verdict import Finding

Level = Literal["error", "warning", "note"]

_RUFF_DEFAULT = ("E4", "E7", "E9", "F")
_FLAKE8_IGNORED = ("E121", "E123", "E126", "E226", "E24", "E704", "W503", "W504")
# What ruff's own manual advises to leave out beside its formatter, and the halves of pairs that exclude each other.
_FORMATTER = {
    "E203", "E701", "E704", "W503", "W504",
    "W191", "E111", "E114", "E117", "D206", "D300", "Q000", "Q001", "Q002", "Q003", "Q004", "COM812", "COM819",
    "ISC001", "ISC002", "D203", "D211", "D212", "D213",
}  # fmt: skip
_GONE = {
    "ANN101",
    "ANN102",
    "TRY200",
    "PGH001",
    "PGH002",
    "UP027",
    "UP038",
    "S320",
    "S410",
    "PT004",
    "PT005",
    "E999",
    "PD901",
}
_NAMES = 3
# What else asks for a coverage floor, besides coverage's own setting; docstrings' coverage is another thing.
FLOORS: tuple[str, ...] = ("cov-fail-under", r"coverage\W+report[^\n]*--fail-under", "target")


class Weighing(NamedTuple):
    """One tool's settings on both sides, and the files that they speak of."""

    tool: str
    file: str
    folders: tuple[str, str]
    base: Mapping[str, Any]
    head: Mapping[str, Any]
    files: HeadFiles
    scope: str = ""

    def said(self, level: Level, key: str, what: str, *words: str, code: str = "setting") -> Finding:
        """Return a finding at the setting's place.

        Args:
            level: `error` for what fails, `warning` for what a person must settle, `note` for the rest.
            key: The setting.
            what: What became of it.
            words: What to look for in the file, besides the key.
            code: The kind of finding.
        """
        name = key.replace("_", "-") if self.tool == "ruff" else key
        line = self.files.line(self.file, *words, key.rpartition(".")[2])
        fix = None if level == "note" else "keep base's setting, or change it alone and say why"
        return Finding(
            f"{self.tool} {name}{self.scope}: {what}", self.file, line, symbol=name, fix=fix, code=code, level=level
        )

    def moved(self, key: str) -> str:
        """Return a setting's two values in words."""
        was, now = (" ".join(str(side.get(key, "not set")).split()) for side in (self.base, self.head))
        return f"{was} → {now}"


def named(paths: Collection[str]) -> str:
    """Return some paths in words."""
    shown = ", ".join(sorted(paths)[:_NAMES])
    return f"{shown} and {len(paths) - _NAMES} more" if len(paths) > _NAMES else shown


def stated(texts: Collection[str], *names: str) -> list[float]:
    """Return the numbers that some texts, comments left out, give for settings or options: patterns of their names."""
    number = re.compile(rf"(?:{'|'.join(names)})[\"']?\s*[=:,]?\s*[\"']?(\d+(?:\.\d+)?)")
    plain = (re.sub(r"(^|\s)#.*$", "", text, flags=re.MULTILINE) for text in texts)
    return [float(one) for text in plain for one in number.findall(text)]


def words_of(value: object) -> list[str]:
    """Return a setting's items, whether they are a list or one text of them; comments are dropped."""
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, str):
        lines = (re.sub(r"(^|\s)#.*$", "", line) for line in value.splitlines())
        return [word.strip() for line in lines for word in line.split(",") if word.strip()]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def covers(selector: str, code: str) -> bool:
    """Tell whether a rule selector takes in a code or a narrower selector."""
    if selector in {"ALL", code}:
        return True
    one, other = (re.fullmatch(r"([A-Z]+)(\d*)", text) for text in (selector, code))
    if not one or not other:
        return False
    family = one[1] == other[1] or (one[1] == "PL" and not one[2] and other[1].startswith("PL"))
    return family and other[2].startswith(one[2])


class Selection(NamedTuple):
    """What one side of a linter's settings selects and ignores."""

    chosen: frozenset[str]
    left_out: frozenset[str]

    def takes(self, code: str) -> bool:
        """Tell whether a code is on: the longest selector that takes it in decides."""
        on, off = (
            max((0 if one == "ALL" else len(one) for one in some if covers(one, code)), default=-1)
            for some in (self.chosen, self.left_out)
        )
        return on > off

    def touches(self, code: str) -> bool:
        """Tell whether a code, or a part of what a selector takes in, is on."""
        return self.takes(code) or any(covers(code, one) and self.takes(one) for one in self.chosen)


def selection(tool: str, values: Mapping[str, Any]) -> Selection:
    """Return what one side of a linter's settings selects, its defaults included."""
    default = _RUFF_DEFAULT if tool == "ruff" else ("ALL",)
    chosen = _codes(values.get("select", default)) | _codes(values.get("extend_select"))
    ignored = _codes(values.get("ignore", () if tool == "ruff" else _FLAKE8_IGNORED)) | _codes(
        values.get("extend_ignore")
    )
    return Selection(frozenset(chosen), frozenset(ignored))


def _codes(value: object) -> set[str]:
    found = {code for word in words_of(value) for code in word.split()}
    return {re.sub(r"^TCH", "TC", code) for code in found}


def selection_weighed(weighing: Weighing, heir: str | None) -> Iterator[Finding]:
    """Yield what ruff's or flake8's selection loses and gains.

    Args:
        weighing: The settings on both sides.
        heir: A linter that the change brings in, which may check what this one leaves to it.
    """
    if weighing.tool not in {"ruff", "flake8"}:
        return
    base, head = selection(weighing.tool, weighing.base), selection(weighing.tool, weighing.head)
    points = (base.chosen | base.left_out | head.chosen | head.left_out) - _GONE
    lost = _widest({code for code in points if base.takes(code) and not head.takes(code)})
    gained = _widest({code for code in points if head.takes(code) and not base.takes(code)})
    if told := sorted(lost - _FORMATTER):
        key = "ignore" if head.left_out - base.left_out else "select"
        words = f"no longer checks {', '.join(told)}" + (f", now that there is {heir}" if heir else "")
        yield weighing.said("note" if heir else "warning", key, words, *told, code="rule-selection")
    if gained or lost:
        quiet = [f"also checks {', '.join(sorted(gained))}"] if gained else []
        quiet += [f"leaves {', '.join(sorted(lost & _FORMATTER))} to the formatter"] if lost & _FORMATTER else []
        if quiet:
            yield weighing.said("note", "select", "; ".join(quiet), *sorted(gained), code="rule-selection")
    yield from _by_file(weighing, base)


def _widest(codes: set[str]) -> set[str]:
    return {code for code in codes if not any(other != code and covers(other, code) for other in codes)}


def _by_file(weighing: Weighing, base: Selection) -> Iterator[Finding]:
    """Weigh what is newly ignored in some files: by the files that it hides, not by its words."""
    before, after = (_ignored_by_file(values) for values in (weighing.base, weighing.head))
    told: dict[tuple[Level, str, str], tuple[set[str], set[str]]] = {}
    for pattern, codes in sorted(after.items()):
        for code in sorted(codes - before.get(pattern, set())):
            level, why, hidden = _ignored(weighing, base, before, pattern, code)
            patterns, files = told.setdefault((level, code, why), (set(), set()))
            patterns.add(pattern)
            files.update(hidden)
    for (level, code, why), (patterns, files) in told.items():
        words = f"{code} is ignored in {named(patterns)}: {why}{named(files)}"
        yield weighing.said(level, "per_file_ignores", words, *sorted(patterns), code="per-file-ignores")
    if any(before[pattern] - after.get(pattern, set()) for pattern in before) and not told:
        yield weighing.said("note", "per_file_ignores", "fewer files are excepted", code="per-file-ignores")


def _ignored(
    weighing: Weighing, base: Selection, before: Mapping[str, set[str]], pattern: str, code: str
) -> tuple[Level, str, Collection[str]]:
    """Return how grave it is that one pattern ignores one code now, why it is so, and the files that it hides."""
    matched = _taken(pattern, weighing.folders[1])
    old = [_taken(one, weighing.folders[0]) for one, some in before.items() if any(covers(c, code) for c in some)]
    hidden = weighing.files.newly(matched, lambda path: any(test(path) for test in old))
    if not base.touches(code):
        return "note", "base did not check it", ()
    if not hidden:
        return "note", "hides no file more", ()
    if weighing.files.only_new_sources([path for path in weighing.files.code if matched(path)]):
        return "error", "made for what this change adds, ", hidden
    return "warning", "no longer checked in ", hidden


def _taken(pattern: str, folder: str) -> Callable[[str], bool]:
    if pattern.startswith("!"):
        spared = globbed([pattern[1:]], folder)
        return lambda path: not spared(path)
    return globbed([pattern], folder)


def _ignored_by_file(values: Mapping[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in ("per_file_ignores", "extend_per_file_ignores"):
        said = values.get(key)
        pairs = said.items() if isinstance(said, dict) else _flake8_pairs(said)
        for pattern, codes in pairs:
            found.setdefault(pattern, set()).update(_codes(codes))
    return found


def _flake8_pairs(said: object) -> Iterator[tuple[str, object]]:
    """Yield the pairs of flake8's `path: codes` lines; codes may go on in the next line."""
    text = re.sub(r"(^|\s)#.*$", "", said, flags=re.MULTILINE) if isinstance(said, str) else ""
    for match in re.finditer(r"([^\s:,]+)\s*:\s*((?:[A-Z]+\d*[,\s]*)+)(?=\s|$)", text):
        yield match[1], match[2].replace("\n", ",")
