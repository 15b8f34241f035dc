"""pip's requirements files: whom they serve, and which distributions they name."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from posixpath import join, normpath
from typing import Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

Audience = Literal["runtime", "extra", "development"]
Read = Callable[[str], str | None]

FOLDERS = {"requirements", "requirement", "reqs", "requires"}
_WORD = re.compile(r"[-_.\s]+")
_RUNTIME = {
    "base", "main", "prod", "production", "common", "core", "runtime", "app", "default", "deploy", "server", "all",
    "web", "install", "minimal", "min", "live", "python", "pip", "project", "package",
}  # fmt: skip
_DEVELOPMENT = {
    "dev", "devel", "develop", "development", "test", "tests", "testing", "doc", "docs", "documentation", "lint",
    "linting", "linters", "ci", "style", "types", "typing", "mypy", "build", "release", "debug", "bench", "benchmark",
    "benchmarks", "pre", "precommit", "tox", "nox", "examples", "example", "sphinx", "rtd", "readthedocs", "local",
    "staging", "quality", "format", "coverage", "tools", "lock", "locked", "frozen", "freeze", "compat",
}  # fmt: skip
_GENERATED = re.compile(
    r"auto-?generated|generated (by|with)|pip-compile|uv (pip compile|export)|poetry export", re.IGNORECASE
)
_HASHES = re.compile(r"--hash[= ]sha\d+:")
_INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]*(\S+)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_REPOSITORY = re.compile(r"^(?:-e\s+|--editable[\s=]+)?(?:git|hg|svn|bzr)\+\S+?/([\w.-]+?)(?:\.git)?(?:[@#].*)?$")
_LEADING = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*(?:[=<>!~;\[@]|$)")


def audience(path: str) -> Audience | None:
    """Tell whom a requirements file serves, by its name; None when it is no requirements file."""
    if not path.lower().endswith((".txt", ".in", ".pip")):
        return None
    file = PurePosixPath(path)
    words = {word for word in _WORD.split(file.stem.lower()) if word}
    marked = words & {"requirements", "requirement", "reqs"}
    if not marked and file.parent.name.lower() not in FOLDERS:
        return None
    rest = words - marked
    if rest & (_DEVELOPMENT | {"constraints", "constraint"}):
        return "development"
    return "runtime" if rest <= _RUNTIME else "extra"


def is_generated(text: str) -> bool:
    """Tell whether a requirements file is a lock: written by a resolver, or with hashes."""
    head = "\n".join(line for line in text.splitlines()[:15] if line.lstrip().startswith("#"))
    return bool(_GENERATED.search(head) or _HASHES.search(text))


def is_pinned(text: str) -> bool:
    """Tell whether every requirement of a file is pinned to one version."""
    lines = [line for _, line in logical_lines(text) if distribution(line)]
    return bool(lines) and all("==" in line or "@" in line for line in lines)


def named(path: str, text: str, read: Read) -> Iterator[tuple[str, int]]:
    """Yield every distribution that a requirements file and the files it includes name.

    Args:
        path: The file.
        text: Its content.
        read: Reads an included file.

    Returns:
        Canonical names, each with its line in `path` (the include's line for included ones).
    """
    yield from _named(path, text, read, {path})


def _named(path: str, text: str, read: Read, seen: set[str]) -> Iterator[tuple[str, int]]:
    for number, line in logical_lines(text):
        include = _INCLUDE.match(line)
        if include:
            other = normpath(join(str(PurePosixPath(path).parent), include[1]))
            if other not in seen:
                seen.add(other)
                yield from ((name, number) for name, _ in _named(other, read(other) or "", read, seen))
        elif name := distribution(line):
            yield name, number


def distribution(line: str) -> str | None:
    """Return the canonical name of the distribution that one requirement names, if any."""
    words = line.partition(" --")[0].strip()
    try:
        return canonicalize_name(Requirement(words).name)
    except InvalidRequirement:
        found = _EGG.search(words) or _REPOSITORY.match(words) or _LEADING.match(words)
        return canonicalize_name(found[1]) if found else None


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a requirements file without comments, continued ones as one, each with its number."""
    held, start = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(^|\s)#.*$", "", raw) if "#egg=" not in raw else raw
        start = start if held else number
        if line.endswith("\\"):
            held += line[:-1]
            continue
        whole, held = (held + line).strip(), ""
        if whole:
            yield start, whole
