"""What became of the checker's own configuration, and of the Definition of Done."""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from dodcheck.facts import Change, ChangedFile
from dodcheck.facts.policy.lists import texts_of
from dodcheck.facts.policy.policy_files import HeadFiles, read_document
from dodcheck.facts.policy.test_settings import options_of, options_weighed
from dodcheck.facts.policy.weighing import Level, named
from dodcheck.verdict import Finding

_NAMES = re.compile(r"^(docs/|\.github/)?(DOD|DEFINITION_OF_DONE)\.md$")
_AGENT = re.compile(r"^(\.claude/)?agents/[^/]+\.md$")
_HEADING = re.compile(r"^#+ .*definition of done", re.IGNORECASE | re.MULTILINE)
_AT_MOST = re.compile(
    r"\b(under|below|at most|no more than|max(imum)?|fewer than|less than|up to|within)\b|[<≤]", re.IGNORECASE
)
_SOFT = re.compile(
    r"\b(should|may|might|ideally|(where|if) possible|when practical|optional\w*|try to)\b", re.IGNORECASE
)
_ALIKE = 0.6  # share of the text that a reworded item keeps
_ALONE = "make it a change of its own, reviewed as such"
_Moves = Iterator[tuple[str, bool]]


def documents_weighed(change: Change, files: HeadFiles) -> Iterator[Finding]:
    """Yield what became of the configuration and the definition.

    A weaker one is an error together with a change of the sources, which it may be made for; any other change of
    them is a warning, for it is to stand alone.
    """
    weaker: Level = "error" if any(file.role == "source" for file in change.files) else "warning"
    if {file.path for file in change.files} & {"pyproject.toml", "dodcheck.toml"}:
        yield from _configuration(change, files, weaker)
    for file in change.files:
        if file.path.endswith(".md") and _defines(change, file):
            yield from _definition(change, file, files, weaker)


def _said(level: Level, path: str, what: str, line: int | None = None) -> Finding:
    fix = None if level == "note" else _ALONE
    return Finding(what, path, line, fix=fix, code="policy-document", level=level)


def _own(read: Callable[[str], str | None]) -> tuple[str, dict[str, Any] | None]:
    """Return the checker's own configuration of one side, and where it stands."""
    text = read("dodcheck.toml")
    if text is not None:
        return "dodcheck.toml", read_document("dodcheck.toml", text)
    text = read("pyproject.toml") or ""
    table = read_document("pyproject.toml", text).get("tool", {}).get("dodcheck") if "tool.dodcheck" in text else None
    return "pyproject.toml", table if isinstance(table, dict) else None


def _configuration(change: Change, files: HeadFiles, weaker: Level) -> Iterator[Finding]:
    (_, base), (path, head) = _own(change.base.read), _own(change.head.read)
    if base is None and head is not None:
        yield _said("note", path, "dodcheck is configured for the first time")
    elif base is not None and head is None:
        yield _said(weaker, path, "dodcheck's configuration is gone")
    elif base is not None and head is not None:
        for key in sorted({*base, *head}):
            for what, looser in _moves(key, base.get(key), head.get(key), files):
                line = files.line(path, key)
                yield _said(weaker if looser else "warning", path, f"dodcheck's configuration: {what}", line)


def _moves(key: str, was: Any, now: Any, files: HeadFiles) -> _Moves:  # noqa: ANN401 - any value of a table
    """Yield what differs in one key, and whether it is weaker for certain."""
    if was == now:
        return
    if key == "waivers":
        fresh = [one for one in now or [] if one not in (was or [])]
        yield from ((f"a waiver for {one.get('rule') or one.get('item')} in {one.get('path')}", True) for one in fresh)
        if not fresh:
            yield "waivers are gone", False
    elif key == "rules":
        yield from _rule_moves(was or {}, now or {})
    elif key == "tests":
        old, new = (options_of((side or {}).get("args") or []) for side in (was, now))
        yield f"tests: {was} → {now}", any(one.level == "error" for one in options_weighed(old, new, (), files))
    else:
        fewer = key in {"bind", "rule-folders"} and len(now or ()) < len(was or ())
        yield f"{key}: {was} → {now}", fewer or (key, now) in {("needs-review", "report"), ("sandbox", None)}


def _rule_moves(base: Mapping[str, Any], head: Mapping[str, Any]) -> _Moves:
    for rule in sorted({*base, *head}):
        was, now = base.get(rule, {}), head.get(rule, {})
        for key in sorted({*was, *now}):
            old, new = was.get(key), now.get(key)
            looser = old is None and key.startswith(("ignore", "exclude", "allow"))
            if isinstance(old, int | float) and isinstance(new, int | float):
                looser = new < old if re.search(r"min|least|floor", key) else new > old
            if old != new:
                yield f"{rule}.{key}: {old} → {new}", looser


def _defines(change: Change, file: ChangedFile) -> bool:
    """Tell whether a file is a Definition of Done: by name, by configuration, or as an agent's."""
    paths = {path for path in (file.base_path, file.head_path) if path}
    if any(_NAMES.match(path) for path in paths):
        return True
    if any(_AGENT.match(path) for path in paths):
        return any(_HEADING.search(text) for text in texts_of(change, file))
    sides = (_own(change.base.read), _own(change.head.read))
    return any((table or {}).get("definition") in paths for _, table in sides)


def _names(change: Change, path: str) -> bool:
    """Tell whether head looks for its definition at a path."""
    return bool(_NAMES.match(path)) or (_own(change.head.read)[1] or {}).get("definition") == path


def _definition(change: Change, file: ChangedFile, files: HeadFiles, weaker: Level) -> Iterator[Finding]:
    base, head = texts_of(change, file)
    if not base:
        shadows = any(_NAMES.match(path) for path in change.base.paths())
        yield _said("warning" if shadows else "note", file.path, "a new Definition of Done")
    elif not head or (_NAMES.match(file.base_path or "") and not _names(change, file.path)):
        yield _said(weaker, file.path, "the Definition of Done is gone from where it is looked for")
    else:
        yield from _items(file.path, base, head, files, weaker)


def _items(path: str, base: str, head: str, files: HeadFiles, weaker: Level) -> Iterator[Finding]:
    """Weigh the items of a definition: gone, reworded, with another number, or new."""
    was, now = _listed(base), _listed(head)
    gone, fresh = [one for one in was if one not in now], [one for one in now if one not in was]
    for item in gone:
        ratio, alike = max(((SequenceMatcher(None, item, one).ratio(), one) for one in fresh), default=(0.0, ""))
        if ratio < _ALIKE:
            yield _said(weaker, path, f"the item “{item}” is gone")
            continue
        fresh.remove(alike)
        level = weaker if _loosened(item, alike) else "warning"
        yield _said(level, path, f"the item “{item}” reads “{alike}” now", files.line(path, alike))
    if fresh:
        yield _said("warning", path, f"new items: {named(fresh)}", files.line(path, fresh[0]))
    if was == now:
        yield _said("note" if _AGENT.match(path) else "warning", path, "reworded outside its items")


def _listed(text: str) -> list[str]:
    """Return the bullets and checkboxes of a Markdown text, ticked or not; code blocks and comments are left out."""
    plain = re.sub(r"^(```|~~~).*?^\1\s*$|<!--.*?-->", "", text, flags=re.MULTILINE | re.DOTALL)
    marked = re.findall(r"^\s*(?:[-*+]|\d+[.)])\s+(\S.*)$", plain, re.MULTILINE)
    return [" ".join(re.sub(r"^\[[xX]\]", "[ ]", item).split()) for item in marked]


def _loosened(was: str, now: str) -> bool:
    """Tell whether an item asks for less than it did: by its box, its number, or its duty."""
    old, new = (re.findall(r"\d+(?:\.\d+)?", text) for text in (was, now))
    if was.startswith("[ ]") and not now.startswith("[ ]"):
        return True
    if len(old) == len(new) and old != new:
        more = next(float(b) > float(a) for a, b in zip(old, new, strict=True) if a != b)
        return more is bool(_AT_MOST.search(was))
    return bool(_SOFT.search(now) and not _SOFT.search(was))
