"""Which way each setting of ruff, flake8, mypy, pytest, coverage and their like is weaker."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import partial
from typing import Any

from dodcheck.facts.policy.check_commands import CheckRun
from dodcheck.facts.policy.limits import limit_weighed
from dodcheck.facts.policy.policy_files import HeadFiles, globbed, searched, version_of
from dodcheck.facts.policy.policy_settings import SettingsPair
from dodcheck.facts.policy.test_settings import pytest_weighed
from dodcheck.facts.policy.weighing import FLOORS, Weighing, named, selection_weighed, stated, words_of
from dodcheck.verdict import Finding

# By tool and key, the way of comparing; the first that fits holds, and what fits none judges nothing.
_ORDERS = (
    ("ruff|flake8|pylint", r"(.*\.)?(line_length|max_[a-z_]+)", "ceiling"),
    ("codecov", r".*\.threshold", "ceiling"),
    ("coverage|interrogate|pylint", r"(.*\.)?fail_under", "floor"),
    ("codecov", r".*\.target", "floor"),
    ("mypy", r"strict(_optional|_equality|_bytes)?|disallow_.*|warn_.*|check_untyped_defs", "strict"),
    ("mypy", r"no_implicit_.*|extra_checks", "strict"),
    ("mypy", r"ignore_errors|ignore_missing_imports|allow_.*|implicit_.*", "loose"),
    ("mypy", r"follow_imports", "mode"),
    ("pyright", r"typeCheckingMode|report[A-Z]\w+", "mode"),
    ("pytest", r"xfail_strict|strict\w*", "strict"),
    ("pytest", r"timeout", "budget"),
    ("coverage", r"run\.branch", "strict"),
    ("coverage", r"report\.ignore_errors", "loose"),
    ("codecov", r".*\.informational", "loose"),
    ("interrogate", r"ignore_.*", "loose"),
    ("mypy|pylint|bandit", r"disable(_error_code)?|skips", "silencing"),
    ("coverage", r"report\.(exclude_lines|exclude_also|partial_\w+)", "silencing"),
    ("mypy|pylint|pytest", r"enable(_error_code)?|required_plugins|python_classes|python_functions", "demanding"),
    ("ruff|flake8|pyright|interrogate|bandit|codecov", r"(extend_|lint\.)?exclude(_dirs)?", "hiding"),
    ("codecov|pyright", r"ignore", "hiding"),
    ("coverage", r"(run|report)\.omit", "hiding"),
    ("mypy", r"exclude", "hiding"),
    ("coverage", r"(run\.(source|source_pkgs|include)|report\.include)", "naming"),
    ("mypy|pyright|ruff", r"files|packages|modules|include", "naming"),
    ("ruff", r"required_version", "version"),
)
_UNDER_STRICT = {
    "warn_unused_configs", "disallow_any_generics", "disallow_subclassing_any", "disallow_untyped_calls",
    "disallow_untyped_defs", "disallow_incomplete_defs", "check_untyped_defs", "disallow_untyped_decorators",
    "warn_redundant_casts", "warn_unused_ignores", "warn_return_any", "no_implicit_reexport", "strict_equality",
    "extra_checks", "strict_bytes",
}  # fmt: skip
_ON = {"strict_optional", "warn_no_return", "no_implicit_optional"}
_PYTEST_STRICT = {"xfail_strict": "strict_xfail", "strict_xfail": "xfail_strict"}  # pytest 9 has a new name
_MODES = (
    "off", "none", "False", "skip", "silent", "basic", "information", "normal", "warning", "standard", "error", "True",
    "strict",
)  # fmt: skip
_DEFAULT_MODES = {"follow_imports": "normal", "typeCheckingMode": "standard"}
# Lines that no test is expected to reach.
_UNREACHED = re.compile(
    r"pragma|TYPE_CHECKING|NotImplemented|overload|abstract|__main__|__repr__|__str__|(\\?\.){3}|\\?\.\{3\}|assert_never"
    r"|Protocol|AssertionError|assert False|unreachable|pass$|version_info|platform|deprecated|@(t|typing)\.",
    re.IGNORECASE,
)
_HEIRS = {"flake8": ("ruff",), "pylint": ("ruff",), "bandit": ("ruff",), "mypy": ("pyright",), "pyright": ("mypy",)}
_Known = Callable[[str], bool]
_Everywhere = Callable[[], Sequence[CheckRun]]


def settings_weighed(
    pair: SettingsPair, files: HeadFiles, heads: Mapping[str, bool], known: _Known, everywhere: _Everywhere
) -> Iterator[Finding]:
    """Yield what became of one tool's settings: errors and warnings for weaker ones, notes for the rest.

    Args:
        pair: The settings on both sides.
        files: The files that they speak of.
        heads: Tools that have settings at head, with whether the change brought them.
        known: Tells whether base ran a tool already, without settings.
        everywhere: Every command of head.
    """
    shown = pair.head or pair.base
    if shown is None:
        return
    base, head = (one.values if one else {} for one in (pair.base, pair.head))
    weighing = Weighing(pair.tool, shown.file, ((pair.base or shown).folder, shown.folder), base, head, files)
    heir = next((tool for tool in _HEIRS.get(pair.tool, ()) if tool in heads), None)
    aside = bool(shown.folder) and pair.tool != "ruff"  # only ruff looks for settings in inner folders
    if pair.base is None and pair.tool != "pytest" and (aside or not known(pair.tool)):
        yield weighing.said("note", "settings", "the first ones; base had none to be weaker than")
    elif pair.head is None and heir:
        yield weighing.said("note", "settings", f"gone; {heir} takes their place")
    elif pair.head is None and pair.tool != "pytest":
        floors = pair.tool == "codecov" and any(stated(files.policy_texts(), "fail_under", *FLOORS))
        words = "gone, and nothing takes their place" if not floors else "gone; another floor is asked for"
        yield weighing.said("note" if floors else "warning", "settings", words)
        for key in (key for key in sorted(base) if key.rpartition(".")[2] in {"fail_under", "target"}):
            yield from _weighed(weighing, key)
    else:
        yield from selection_weighed(weighing, heir if heir and heads[heir] else None)
        yield from pytest_weighed(weighing, everywhere) if pair.tool == "pytest" else ()
        yield from _mypy_weighed(weighing) if pair.tool == "mypy" else ()
        for key in sorted({*base, *head}):
            yield from _weighed(weighing, key)


def _weighed(weighing: Weighing, key: str) -> Iterator[Finding]:
    fitting = (o for tools, keys, o in _ORDERS if re.fullmatch(tools, weighing.tool) and re.fullmatch(keys, key))
    order = next(fitting, None)
    if order and weighing.base.get(key) != weighing.head.get(key):
        yield from _COMPARED[order](weighing, key)


def _switch(weighing: Weighing, key: str, *, strict: bool) -> Iterator[Finding]:
    was, now = (_is_on(side, key, weighing.tool) for side in (weighing.base, weighing.head))
    if was == now or (weighing.tool == "mypy" and key == "strict" and was):  # told by what it stands for
        return
    weaker = was is strict
    words = f"{was} → {now} is {'weaker' if weaker else 'stricter'}"
    yield weighing.said("warning" if weaker else "note", key, words)


def _is_on(values: Mapping[str, Any], key: str, tool: str) -> bool:
    if tool == "pytest":
        return any(values.get(name) is True for name in (key, _PYTEST_STRICT.get(key, key), "strict"))
    return bool(values.get(key, (key in _UNDER_STRICT and values.get("strict") is True) or key in _ON))


def _mode(weighing: Weighing, key: str) -> Iterator[Finding]:
    was, now = (str(side.get(key, _DEFAULT_MODES.get(key, "none"))) for side in (weighing.base, weighing.head))
    if was in _MODES and now in _MODES:
        weaker = _MODES.index(now) < _MODES.index(was)
        words = f"{was} → {now} is {'weaker' if weaker else 'stricter'}"
        yield weighing.said("warning" if weaker else "note", key, words)


def _silencing(weighing: Weighing, key: str) -> Iterator[Finding]:
    was, now = (set(_items(side.get(key), key)) for side in (weighing.base, weighing.head))
    more = sorted(now - was)
    telling = [one for one in more if weighing.tool != "coverage" or not _UNREACHED.search(one)]
    if telling:
        yield weighing.said("warning", key, f"now also {named(telling)}", *telling)
    elif more or was - now:
        yield weighing.said("note", key, f"now also {named(more)}" if more else "silences less", *more)


def _demanding(weighing: Weighing, key: str) -> Iterator[Finding]:
    was, now = (set(_items(side.get(key), key)) for side in (weighing.base, weighing.head))
    gone = was - now
    yield weighing.said("warning" if gone else "note", key, f"without {named(gone)}" if gone else "demands more")


def _items(value: object, key: str) -> list[str]:
    """Return a list setting's items; those of coverage's report are patterns, which hold commas and blanks."""
    if key.startswith("report."):
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [str(line).strip() for line in lines if str(line).strip()]
    return [word for one in words_of(value) for word in one.split()]


def _hiding(weighing: Weighing, key: str) -> Iterator[Finding]:
    """Weigh what is left out by the files that it newly hides, not by its words."""
    was, now = (_items(side.get(key), key) for side in (weighing.base, weighing.head))
    if weighing.tool == "mypy":  # one regular expression, or a list of them
        sides = (weighing.base.get(key, []), weighing.head.get(key, []))
        was, now = ([str(one) for one in (side if isinstance(side, list) else [side])] for side in sides)
    test = searched if weighing.tool == "mypy" else globbed
    hidden = weighing.files.newly(test(now, weighing.folders[1]), test(was, weighing.folders[0]))
    if weighing.tool == "coverage":  # that tests are run says nothing of what they test
        hidden = [path for path in hidden if path not in weighing.files.tests]
    fresh = [one for one in now if one not in was]
    if not hidden:
        yield weighing.said("note", key, "hides no file more than base's does", *fresh)
    elif weighing.tool == "coverage" and weighing.files.only_new_sources(hidden):
        yield weighing.said("error", key, f"made for what this change adds: {named(hidden)}", *fresh)
    else:
        yield weighing.said("warning", key, f"{named(fresh) or 'the pattern'} hides {named(hidden)}", *fresh)


def _naming(weighing: Weighing, key: str) -> Iterator[Finding]:
    was, now = (_items(side.get(key), key) for side in (weighing.base, weighing.head))
    left, right = (globbed([part for one in some for part in _places(one)]) for some in (now, was))
    hidden = weighing.files.newly(lambda path: bool(now) and not left(path), lambda path: not right(path))
    words = f"no longer takes in {named(hidden)}" if hidden else weighing.moved(key)
    yield weighing.said("warning" if hidden else "note", key, words)


def _places(name: str) -> list[str]:
    """Return globs for a folder, or for a package by its dotted name, wherever it lies."""
    if "/" in name or name in {".", ""}:
        return [name if name.strip("./") else "*"]
    place = name.removesuffix(".*").replace(".", "/")
    return [f"**/{place}", f"**/{place}.py*"]


def _version(weighing: Weighing, key: str) -> Iterator[Finding]:
    was, now = (version_of(re.sub(r"^[^\d]*", "", str(side.get(key, "")))) for side in (weighing.base, weighing.head))
    older = bool(was and now and now < was)
    words = weighing.moved(key) + (", an older version" if older else "")
    yield weighing.said("error" if older else "note", key, words, code="version")


def _mypy_weighed(weighing: Weighing) -> Iterator[Finding]:
    """Weigh what `strict` stands for, and the settings for single modules against what held for them at base."""
    implied = _UNDER_STRICT - {*weighing.base, *weighing.head}
    derived = [k for k in implied if _is_on(weighing.base, k, "mypy") and not _is_on(weighing.head, k, "mypy")]
    if derived:
        yield weighing.said("warning", "strict", f"gone, and with it {named(derived)}")
    base, head = (side.get("overrides", {}) for side in (weighing.base, weighing.head))
    for module in sorted({*base, *head}):
        held = [table for pattern, table in base.items() if fnmatch(module, pattern)]
        was = {**weighing.base, **{key: value for table in held for key, value in table.items()}}
        inner = weighing._replace(base=was, head={**weighing.head, **head.get(module, {})}, scope=f" of {module}")
        own = [path for path in weighing.files.code if globbed(_places(module))(path)]
        for key in sorted({*base.get(module, {}), *head.get(module, {})}):
            yield from (_of_module(inner, module, own, found) for found in _weighed(inner, key))


def _of_module(weighing: Weighing, module: str, own: Sequence[str], found: Finding) -> Finding:
    if found.level != "warning":
        return found
    if not own:  # what it hides is that a library has no types
        return weighing.said("note", found.symbol or "", "for a module that is not this project's", module)
    if weighing.files.only_new_sources(own):
        return weighing.said("error", found.symbol or "", f"made for what this change adds: {named(own)}", module)
    return found


_COMPARED: Mapping[str, Callable[[Weighing, str], Iterator[Finding]]] = {
    "ceiling": partial(limit_weighed, sign=1),
    "floor": partial(limit_weighed, sign=-1),
    "budget": partial(limit_weighed, sign=1, level="warning"),
    "strict": partial(_switch, strict=True),
    "loose": partial(_switch, strict=False),
    "mode": _mode,
    "silencing": _silencing,
    "demanding": _demanding,
    "hiding": _hiding,
    "naming": _naming,
    "version": _version,
}
