"""What policy speaks of: the files that state it, those that its patterns hide, the versions that it asks for."""

import configparser
import json
import re
import tomllib
from collections.abc import Callable, Collection, Sequence
from functools import cached_property, lru_cache
from posixpath import dirname, join, split
from typing import Any, NamedTuple, Self

import yaml
from packaging.version import InvalidVersion, Version

from dodcheck.change import Change
from dodcheck.errors import ToolError
from dodcheck.roles import role_of

_CI = re.compile(
    r"(^|/)\.github/(workflows|actions)/.*\.ya?ml$|(^|/)\.gitlab-ci[\w.-]*\.ya?ml$|^\.(gitlab|circleci|azure[\w-]*)/.*\.yml$"
    r"|^(azure-pipelines[\w.-]*|\.travis|bitbucket-pipelines|\.?appveyor|\.cirrus|\.woodpecker)\.ya?ml$"
)
_TASKS = re.compile(
    r"(^|/)(tox\.(ini|toml)|noxfile\.py|(GNU)?[Mm]akefile|\.?justfile|pyproject\.toml|setup\.cfg)$"
    r"|^(scripts?|\.?ci|tools|dev|hack|utils)/([\w.-]+/)*[\w-]+(\.(sh|bash))?$|^[\w-]+\.sh$"
)
_STATING = re.compile(
    r"(\.github/)?\.?codecov\.ya?ml|\.coveragerc(\.toml)?|\.flake8|\.pre-commit-config\.yaml|\.?ruff\.toml|\.?(mypy|pytest)\.ini"
)
_CODE = (".py", ".pyi", ".ipynb")


def is_ci(path: str) -> bool:
    """Tell by its name whether a file says what CI runs."""
    return bool(_CI.search(path))


def is_task_file(path: str) -> bool:
    """Tell by its name whether a file keeps commands that people, hooks or CI may call."""
    return bool(_TASKS.search(path))


def is_code(path: str) -> bool:
    """Tell whether a path is Python code of the project or of its tests."""
    return path.endswith(_CODE) and role_of(path) in {"source", "test"}


# libyaml reads the same ten times as fast, where PyYAML was built with it.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE):  # type: ignore[misc]
    """A safe loader for files with tags of their own (`!reference`)."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, node: str(node.value))


def read_document(path: str, text: str) -> dict[str, Any]:
    """Parse a settings file by its suffix; what has no known one is INI.

    Raises:
        ToolError: It is not well-formed.
    """
    try:
        if path.endswith(".toml"):
            return tomllib.loads(text)
        if path.endswith(".json"):
            return dict(json.loads(re.sub(r"^\s*//.*$|,(?=\s*[}\]])", "", text, flags=re.MULTILINE)))
        if path.endswith((".yml", ".yaml")):
            said = yaml.load(text, _Loader)  # noqa: S506 - a safe loader that knows more tags
            return said if isinstance(said, dict) else {}
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        parser.read_string(text)
        return {name: dict(parser[name]) for name in parser.sections()}
    except (tomllib.TOMLDecodeError, configparser.Error, yaml.YAMLError, ValueError, RecursionError) as error:
        raise ToolError(f"{path}: {str(error).splitlines()[0]}", "mend the file") from error


class HeadFiles:
    """The files of head that settings speak of, each with where it stood at base.

    Args:
        change: The change.
    """

    def __init__(self, change: Change) -> None:
        self._change = change
        self._was = {file.path: file.base_path for file in change.files}
        self._folders = {dirname(file.path): dirname(file.old_path) for file in change.files if file.old_path}

    @classmethod
    def of(cls, change: Change) -> Self:
        """Nothing is listed until a setting asks for it."""
        return cls(change)

    @cached_property
    def code(self) -> Sequence[str]:
        """Python files of head."""
        return [path for path in self._change.head.paths() if path.endswith(_CODE)]

    @cached_property
    def tests(self) -> Sequence[str]:
        """Python files of head whose place or name makes them a part of the tests."""
        return [path for path in self.code if path.endswith(".py") and role_of(path) == "test"]

    def text(self, path: str) -> str:
        """Return a file of head; what is not there is empty."""
        return self._change.head.read(path) or ""

    def policy_texts(self, *, base: bool = False) -> list[str]:
        """Return the texts of one side in which a limit may be stated: settings and commands."""
        side = self._change.base if base else self._change.head
        paths = [path for path in side.paths() if _STATING.fullmatch(path) or is_ci(path) or is_task_file(path)]
        return [side.read(path) or "" for path in paths]

    def was(self, path: str) -> str:
        """Return where a file of head stood at base; for a new one, where its folder stood."""
        folder, name = split(path)
        return self._was.get(path) or join(self._folders.get(folder, folder) if self.is_new(path) else folder, name)

    def is_new(self, path: str) -> bool:
        """Tell whether the change adds the file."""
        return path in self._was and self._was[path] is None

    def only_new_sources(self, paths: Collection[str]) -> bool:
        """Tell whether a setting that speaks of these files was made for new source files alone."""
        return bool(paths) and all(self.is_new(path) and role_of(path) == "source" for path in paths)

    def newly(self, hidden: Callable[[str], bool], before: Callable[[str], bool]) -> list[str]:
        """Return the Python files of head that one predicate takes and the other, at their old place, does not."""
        return [path for path in self.code if hidden(path) and not before(self.was(path))]

    def line(self, path: str, *words: str) -> int | None:
        """Return the first line of a file of head with one of some words, an added one before others."""
        text = self.text(path)
        file = next((file for file in self._change.files if file.path == path), None)
        added = self._change.added_lines(file) if file else frozenset[int]()
        lines = list(enumerate(text.splitlines(), 1))
        spelt = [re.compile(re.escape(word).replace("_", "[-_]")) for word in words if word]
        for rows in ([row for row in lines if row[0] in added], lines):
            for word in spelt:
                if found := next((number for number, row in rows if word.search(row)), None):
                    return found
        return None


def under(place: str) -> Callable[[str], bool]:
    """Return a test for paths that lie in a folder or are that file."""
    root = place.removeprefix("./").rstrip("/")
    return lambda path: root in {"", "."} or path == root or path.startswith(f"{root}/")


def globbed(patterns: Collection[str], folder: str = "") -> Callable[[str], bool]:
    """Return a test for paths that one of some globs matches, relative to a folder.

    A glob without a slash matches any part of the path, one with a slash the path or a folder above it.
    """
    compiled = [_glob(pattern) for pattern in patterns if pattern]
    root = f"{folder}/" if folder else ""
    return lambda path: path.startswith(root) and any(one.fullmatch("/" + path.removeprefix(root)) for one in compiled)


def searched(patterns: Collection[str], folder: str = "") -> Callable[[str], bool]:
    """Return a test for paths in which one of some regular expressions is found, relative to a folder."""
    try:
        compiled = [re.compile(pattern) for pattern in patterns if pattern]
    except re.error as error:
        raise ToolError(f"{error.pattern!r} is no regular expression: {error}", "mend the pattern") from error
    root = f"{folder}/" if folder else ""
    return lambda path: any(one.search(path.removeprefix(root)) for one in compiled)


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    body = pattern.strip().removeprefix("./").rstrip("/")
    found = re.findall(r"\*\*/|\*+|\?|\{[^{}]*\}|\[[^]]+\]|.", body)
    spelt = "".join(map(_spelt, found))
    inside = spelt if "/" in body else f"(?:.*/)?{spelt}"
    return re.compile(f"/?{inside}(?:/.*)?", re.DOTALL)


def _spelt(part: str) -> str:
    if part == "**/":
        return "(?:.*/)?"
    if part[0] in "*?":
        return ".*" if part[0] == "*" else "."
    if part[0] == "{" and len(part) > 1:
        return f"(?:{'|'.join(map(re.escape, part[1:-1].split(',')))})"
    if part[0] == "[" and len(part) > 1:
        return part.replace("[!", "[^").replace("\\", "\\\\")
    return re.escape(part)


class Pin(NamedTuple):
    """What one side asks of a tool's version: the highest lower bound and the highest upper one."""

    floor: Version | None
    cap: Version | None
    exact: bool


_PINNED = "ruff|mypy|flake8|pylint|basedpyright|pyright|black|bandit|pytest-cov|pytest|coverage"
_CLAUSE = r"(?:===?|~=|!=|[<>]=?|\^|~|=)\s*v?\d[\w.*+]*"
_PIN = re.compile(
    rf"(?<![\w./-])(?P<tool>{_PINNED})(?![\w-])(?:\[[\w, -]*\])?"
    rf"(?:\s*(?P<clauses>{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)"
    rf"|[\"']?\s*=\s*(?:\{{[^}}\n]*version\s*=\s*)?[\"'](?P<poetry>(?:{_CLAUSE}|\d[\w.*]*)(?:\s*,\s*{_CLAUSE})*))"
)


def pins(text: str) -> dict[str, Pin]:
    """Return the versions that a manifest, a requirements file or a script asks for, by tool."""
    found: dict[str, list[tuple[str, Version]]] = {}
    for match in _PIN.finditer(re.sub(r"(^|\s)#.*$", "", text, flags=re.MULTILINE)):
        for clause in (match["clauses"] or match["poetry"]).split(","):
            parts = re.match(r"\s*([^\dv\s]*)\s*(.*)", clause)
            if parts and (version := version_of(parts[2])):
                found.setdefault(match["tool"], []).append((parts[1] or "==", version))
    return {tool: _pin(clauses) for tool, clauses in found.items()}


def _pin(clauses: Sequence[tuple[str, Version]]) -> Pin:
    floors = [version for op, version in clauses if op not in {"<", "<=", "!="}]
    caps = [version for op, version in clauses if op in {"==", "===", "=", "<", "<="}]
    exact = any(op in {"==", "===", "="} for op, _ in clauses)
    return Pin(max(floors, default=None), max(caps, default=None), exact)


def locked(text: str, tool: str) -> Version | None:
    """Return the version of a tool in a lock file of uv, poetry or pdm."""
    found = re.search(rf'^name = "{tool}"\nversion = "([^"]+)"', text, re.MULTILINE)
    return version_of(found[1]) if found else None


def version_of(text: str) -> Version | None:
    """Return a version as pins and tags spell it; None when it is no version (a commit, a branch)."""
    try:
        return Version(re.sub(r"^[^\d]*(?=\d+\.)|\.\*$", "", text.strip()))
    except InvalidVersion:
        return None
