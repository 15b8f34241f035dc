"""Which tests pytest's settings and arguments leave out, and which of its alarms they turn off."""

import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from typing import Any, NamedTuple

from dodcheck.facts.policy.check_commands import CheckRun
from dodcheck.facts.policy.policy_files import HeadFiles, globbed, is_ci, under
from dodcheck.facts.policy.weighing import FLOORS, Level, Weighing, named, stated, words_of
from dodcheck.verdict import Finding

_VALUED = {
    "-k", "-m", "-p", "-W", "-o", "-c", "-n", "-r", "--deselect", "--ignore", "--ignore-glob", "--maxfail", "--cov",
    "--cov-fail-under", "--cov-report", "--cov-config", "--durations", "--junitxml", "--junit-xml", "--tb", "--rootdir",
    "--color", "--timeout", "--dist", "--import-mode", "--config-file", "--override-ini",
    "--numprocesses", "--confcutdir", "--basetemp", "--reruns",
}  # fmt: skip
_NO_RUN = {"--collect-only", "--co", "--setup-plan", "--setup-only", "--fixtures", "--markers"}
_ALARMS = {
    "--strict-markers", "--strict-config", "--strict", "--doctest-modules", "--doctest-glob", "--error-for-skips",
}  # fmt: skip
_HARMLESS_PLUGINS = {
    "no:cacheprovider", "no:randomly", "no:xdist", "no:sugar", "no:pastebin", "no:logging", "no:legacypath",
}  # fmt: skip
_COLLECTING = ("testpaths", "python_files", "norecursedirs", "addopts")
_OVERRIDDEN = re.compile(r"addopts|testpaths|python_|norecursedirs|xfail_strict|strict|filterwarnings")
_PYTHON_FILES = ("test_*.py", "*_test.py")
_NO_RECURSION = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
_BLANKET = re.compile(r"(ignore|default|once|module)(::(\w*Warning)?)?$")

Options = Mapping[str, Sequence[str]]


class Told(NamedTuple):
    """What became of one option: how grave it is, the kind of finding, and its words."""

    level: Level
    code: str
    what: str


def options_of(tokens: Sequence[str], valued: Collection[str] = _VALUED) -> dict[str, list[str]]:
    """Return pytest's arguments by option; paths and node ids stand under the empty name."""
    found: dict[str, list[str]] = {}
    rest = list(tokens)
    while rest:
        token = rest.pop(0)
        name, equals, value = token.partition("=") if token.startswith("--") else (token, "", "")
        if re.match(r"-[kmpWonr].", token) and not equals:
            name, value = token[:2], token[2:].lstrip("=")
        elif not equals and name in valued and rest:
            value = rest.pop(0)
        found.setdefault(name if name.startswith("-") else "", []).append(value if name.startswith("-") else name)
    return found


def tokens_of(addopts: object) -> list[str]:
    """Return the arguments in an `addopts` setting, a list or one text."""
    if isinstance(addopts, list):
        return [str(one) for one in addopts]
    with suppress(ValueError):  # an open quote
        return shlex.split(str(addopts or ""), comments=True)
    return str(addopts).split()


def options_weighed(base: Options, head: Options, others: Sequence[Options], files: HeadFiles) -> Iterator[Told]:
    """Compare the arguments of one run of pytest.

    Args:
        base: Its options at base.
        head: Its options at head.
        others: Those of the other runs at head: what one leaves out another may run.
        files: The files of head.
    """
    yield from _selection(base, head, others, files)
    for name in sorted(_ALARMS & base.keys() - head.keys()):
        yield Told("warning", "setting", f"{name} is gone")
    for name in sorted({"--no-cov", "--maxfail", "--continue-on-collection-errors"} & head.keys() - base.keys()):
        yield Told("warning", "setting", f"{name} is new")
    for name in ("-c", "--config-file", "-o", "--override-ini", "--rootdir"):
        for value in (one for one in _fresh(base, head, name) if "=" not in one or _OVERRIDDEN.match(one)):
            yield Told("warning", "setting", f"{name} {value} puts other settings in place")
    for value in _fresh(base, head, "-p"):
        level: Level = "note" if value in _HARMLESS_PLUGINS or not value.startswith("no:") else "warning"
        yield Told(level, "setting", f"-p {value} is new")
    if "error" in base.get("-W", []) and "error" not in head.get("-W", []):
        yield Told("warning", "setting", "-W error is gone")
    yield from _floor(base.get("--cov-fail-under"), head.get("--cov-fail-under"), files)


def _selection(base: Options, head: Options, others: Sequence[Options], files: HeadFiles) -> Iterator[Told]:
    for name in ("-k", "-m"):
        yield from _expressions(name, base.get(name, []), head.get(name, []), others, files)
    for value in _fresh(base, head, "--deselect"):
        yield Told("error", "deselection", f"--deselect {value} leaves tests out")
    for name in ("--ignore", "--ignore-glob"):
        for value in _fresh(base, head, name):
            before = [under(one) for one in base.get(name, [])]
            left_out = globbed([value]) if "glob" in name else under(value)
            gone = [p for p in files.tests if left_out(p) and not any(one(files.was(p)) for one in before)]
            lost = [path for path in gone if not any(_covers(one, path) for one in others)]
            what = f"leaves out {named(lost)}" if lost else "leaves out nothing that no other run takes up"
            yield Told("error" if lost else "note", "deselection", f"{name} {value} {what}")
    for name in sorted(_NO_RUN & head.keys() - base.keys()):
        yield Told("error", "deselection", f"{name} runs no test")


def _fresh(base: Options, head: Options, name: str) -> list[str]:
    return [value for value in head.get(name, []) if value not in base.get(name, [])]


def _covers(options: Options, path: str) -> bool:
    """Tell whether a run names a path and leaves nothing of it out."""
    left_out = any(under(one)(path) for one in options.get("--ignore", ()))
    return not left_out and any(under(one)(path) for one in options.get("", ()))


def _floor(base: Sequence[str] | None, head: Sequence[str] | None, files: HeadFiles) -> Iterator[Told]:
    was, now = (re.search(r"\d+(\.\d+)?", values[-1]) if values else None for values in (base, head))
    if not was or (now and float(was[0]) == float(now[0])):
        return
    moved = f"--cov-fail-under {was[0]} → {now[0]}" if now else f"--cov-fail-under {was[0]} is gone"
    names = FLOORS if now else ("fail_under", *FLOORS)  # an argument overrides the setting
    if any(one >= float(was[0]) for one in stated(files.policy_texts(), *names)):
        yield Told("note", "threshold", f"{moved}, while {was[0]} stands elsewhere")
    elif now and float(now[0]) > float(was[0]):
        yield Told("note", "threshold", f"{moved} is a stricter limit")
    else:
        yield Told("error", "threshold", f"{moved}: a weaker limit")


def _expressions(
    name: str, base: Sequence[str], head: Sequence[str], others: Sequence[Options], files: HeadFiles
) -> Iterator[Told]:
    """Compare `-k` or `-m`: a conjunction that grew leaves more out."""
    was, now = (_terms(values[-1]) if values else set() for values in (base, head))
    more = now - was
    if was == now:
        return
    if not more:
        yield Told("note", "deselection", f"{name} leaves out less: {' and '.join(sorted(was - now))} is gone")
        return
    if re.search(r"[$~{]", head[-1]):
        yield Told("warning", "deselection", f"{name} is put together at run time: {head[-1]}")
        return
    words = {word for term in more for word in re.findall(r"\w+", term)} - {"not", "or", "and"}
    elsewhere = {word for word in words if any(_takes_up(word, value) for one in others for value in one.get(name, []))}
    said = f"{name} {head[-1]!r} leaves tests out" + (f" (base: {base[-1]!r})" if base else "")
    if words <= elsewhere:
        yield Told("note", "deselection", f"{said}, which another run takes up")
    elif name == "-m" and not _marks_old_tests(words, files):
        yield Told("warning", "deselection", f"{said}; no test of base carries the mark")
    else:
        yield Told("error" if not was or was < now else "warning", "deselection", said)


def _takes_up(word: str, expression: str) -> bool:
    """Tell whether an expression selects a mark: it says so, or only says what else it leaves out."""
    if re.search(rf"\b{word}\b", expression):
        return not re.search(rf"\bnot {word}\b", expression)
    return all(term.startswith("not ") for term in _terms(expression))


def _terms(expression: str) -> set[str]:
    return {" ".join(term.split()) for term in re.split(r"\band\b", expression.strip("\"' ")) if term.strip()}


def _marks_old_tests(words: set[str], files: HeadFiles) -> bool:
    mark = re.compile(rf"\bmark\.({'|'.join(map(re.escape, sorted(words)))})\b")
    return any(mark.search(files.text(path)) for path in files.tests if not files.is_new(path))


def pytest_weighed(weighing: Weighing, everywhere: Callable[[], Sequence[CheckRun]]) -> Iterator[Finding]:
    """Yield what pytest's settings leave out, and which alarms of theirs are gone.

    Args:
        weighing: The settings on both sides.
        everywhere: Every command of head: what the settings leave out CI may run.
    """
    base, head = (options_of(tokens_of(side.get("addopts"))) for side in (weighing.base, weighing.head))
    if base != head:
        others = [options_of(run.tokens) for run in everywhere() if run.tool == "pytest" and is_ci(run.path)]
        for told in options_weighed(base, head, others, weighing.files):
            alarm = told.what.partition(" ")[0].strip("-").replace("-", "_")
            if told.what.endswith(" is gone") and (weighing.head.get(alarm) or weighing.head.get("strict")):
                continue
            yield weighing.said(told.level, "addopts", told.what, *told.what.split()[1:2], code=told.code)
    if any(weighing.base.get(key) != weighing.head.get(key) for key in _COLLECTING):
        yield from _collection(weighing)
    was, now = (_lines(side.get("filterwarnings")) for side in (weighing.base, weighing.head))
    if any(one.startswith("error") for one in was) and not any(one.startswith("error") for one in now):
        yield weighing.said("warning", "filterwarnings", "`error` is gone: a new warning fails no test")
    blanket = [one for one in now if one not in was and _BLANKET.match(one)]
    if blanket and any(one.startswith("error") for one in was):
        yield weighing.said("warning", "filterwarnings", f"{named(blanket)} silences warnings of any origin", *blanket)


def _lines(value: object) -> list[str]:
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    return [str(line).strip() for line in lines if str(line).strip()]


def _collection(weighing: Weighing) -> Iterator[Finding]:
    files = weighing.files
    before = _collected(weighing.base, weighing.folders[0], [files.was(path) for path in files.code])
    after = _collected(weighing.head, weighing.folders[1], files.code)
    lost = files.newly(lambda path: before(files.was(path)) and not after(path), lambda _: False)
    ignored = options_of(tokens_of(weighing.head.get("addopts"))).get("--ignore", [])
    lost = [path for path in lost if not any(under(one)(path) for one in ignored)]  # told as an option already
    key = next(k for k in _COLLECTING if weighing.base.get(k) != weighing.head.get(k))
    if lost:
        yield weighing.said("error", key, f"no longer collects {named(lost)}", code="deselection")
    elif key != "addopts":
        yield weighing.said("note", key, "collects every test file that base's settings would", code="deselection")


def _collected(values: Mapping[str, Any], folder: str, paths: Sequence[str]) -> Callable[[str], bool]:
    root = under(folder)
    names = _words(values.get("python_files")) or _PYTHON_FILES
    skipped = _words(values.get("norecursedirs")) or _NO_RECURSION
    ignored = [under(one) for one in options_of(tokens_of(values.get("addopts"))).get("--ignore", [])]
    named_so = [globbed([place], folder) for place in _words(values.get("testpaths"))]
    tests = [one for one in named_so if any(map(one, paths))]  # pytest overlooks a path that is not there

    def takes(path: str) -> bool:
        *folders, name = path.removeprefix(f"{folder}/").split("/")
        placed = root(path) and (not tests or any(test(path) for test in tests))
        spared = any(fnmatch(part, pattern) for part in folders for pattern in skipped)
        called = any(fnmatch(path if "/" in pattern else name, pattern) for pattern in names)
        return placed and called and not spared and not any(test(path) for test in ignored)

    return takes


def _words(value: object) -> list[str]:
    return [word for one in words_of(value) for word in one.split()]
