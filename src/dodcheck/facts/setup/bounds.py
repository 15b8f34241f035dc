"""How the runtime requirements of a manifest are bound to versions, and which of them name one version alone."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from dodcheck.errors import ToolError
from dodcheck.facts.setup.requirements_files import audience, distribution, logical_lines

_EXACT = re.compile(r"===?\s*(?![^,;\s]*\*)[^,;\s]+")
_CONDA = re.compile(r"^([\w.-]+)\s*(.*)$")
_CONDA_EXACT = re.compile(r"(={1,2}\s*\d[\w.!+-]*(=[\w.*-]+)?|\d[\w.!+-]*(\s+[\w.*-]+)?)$")
_REVISION = re.compile(r"@[^@/\s#]+(#|$)")
_MOVING = re.compile(r"@(main|master|develop|dev|head|latest|trunk)(#|$)", re.IGNORECASE)
_LOOSENED = re.compile(r"^[\^~]\s*(?=\d)")
_BARE = re.compile(r"^\d[\w.!+-]*$")


class Bound(msgspec.Struct, frozen=True):
    """One runtime requirement.

    Args:
        name: Canonical name of the distribution.
        text: The requirement as it is written.
        versions: What the requirement asks of the version, as far as it is PEP 440; empty for anything.
        pinned: It allows one version, or names one file or revision; conda's `=1.26`, any 1.26.x, counts as one.
        path: The manifest.
        line: 1-based line in it.
    """

    name: str
    text: str
    versions: str
    pinned: bool
    path: str
    line: int

    def allows(self, version: str) -> bool:
        """Tell whether a version is one of those asked for; what is no PEP 440 allows any."""
        try:
            return SpecifierSet(self.versions).contains(version, prereleases=True)
        except (InvalidSpecifier, ValueError):
            return True


def read_bounds(path: str, text: str, lines: Mapping[str, int]) -> tuple[Bound, ...]:
    """Read the runtime requirements of a manifest; setup.py and setup.cfg, which are for libraries, have none here.

    Args:
        path: The file; its name tells the format.
        text: Its content.
        lines: The line of each name that the manifest declares at run time.

    Raises:
        ToolError: The file is not well-formed.
    """
    name = path.rpartition("/")[2]
    try:
        if name == "pyproject.toml":
            found = list(_pyproject(tomllib.loads(text)))
        elif name == "Pipfile":
            found = [_table_bound(key, value) for key, value in tomllib.loads(text).get("packages", {}).items()]
        elif name.endswith((".yml", ".yaml")):
            found = list(_conda(yaml.safe_load(text)))
        elif audience(path) in {"runtime", "extra"}:
            return tuple(_requirements(path, text))
        else:
            return ()
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
        if "{{" in text or "{%" in text:  # a template of a manifest
            return ()
        raise ToolError(f"{path}: {str(error).splitlines()[0]}", "mend the file") from error
    return tuple(Bound(*one, path, lines.get(one[0], 1)) for one in found if one)


def _requirements(path: str, text: str) -> Iterator[Bound]:
    for number, line in logical_lines(text):
        if not line.startswith("-") and (found := _requirement(line)):
            yield Bound(*found, path, number)
        elif line.startswith(("-e ", "--editable")) and "+" in line and (name := distribution(line)):
            yield Bound(name, line, "", _is_fixed(line), path, number)


_Found = tuple[str, str, str, bool] | None


def _requirement(line: str) -> _Found:
    """Return name, text, versions and whether it is pinned; None for a path or an option."""
    words, _, options = line.partition(" --")
    try:
        read = Requirement(words.strip())
    except InvalidRequirement:
        name = distribution(line)
        return (name, line, "", _is_fixed(words)) if name else None
    fixed = _is_fixed(read.url) if read.url else bool(_EXACT.search(str(read.specifier)))
    return canonicalize_name(read.name), words.strip(), str(read.specifier), fixed or "hash=" in options


def _is_fixed(url: str) -> bool:
    """A file is what it is; of a repository a revision is named that is no branch by its name."""
    if not re.match(r"\s*(-e\s+|--editable[\s=]+)?(\S+\s*@\s*)?(git|hg|svn|bzr)\+", url):
        return "://" in url or url.strip().startswith((".", "/"))
    end = url.partition("://")[2]
    return bool(_REVISION.search(end)) and not _MOVING.search(end)


def _pyproject(data: Mapping[str, Any]) -> Iterator[_Found]:
    tool = data.get("tool", {})
    sources = {canonicalize_name(name) for name, one in tool.get("uv", {}).get("sources", {}).items() if _is_local(one)}
    for line in _lines(data.get("project", {}).get("dependencies")):
        found = _requirement(line)
        yield (*found[:3], True) if found and found[0] in sources else found
    for name, value in tool.get("poetry", {}).get("dependencies", {}).items():
        if name.lower() != "python" and not (isinstance(value, dict) and value.get("optional")):
            yield _table_bound(name, value)


def _lines(listed: object) -> list[str]:
    return [line for line in listed if isinstance(line, str)] if isinstance(listed, list) else []


def _is_local(source: object) -> bool:
    """Tell whether uv takes a distribution out of this very tree, or at a fixed revision."""
    one = source if isinstance(source, dict) else {}
    return bool({"workspace", "path", "rev", "tag", "url"} & one.keys())


def _table_bound(name: str, value: object) -> _Found:
    """Read Poetry's and Pipenv's `name = "^1.2"` and `name = { version = …, git = … }`."""
    if isinstance(value, list):  # one entry a platform
        each = [one for part in value if (one := _table_bound(name, part))]
        return (*each[0][:3], all(one[3] for one in each)) if each else None
    table = value if isinstance(value, dict) else {"version": value}
    version = str(table.get("version", "*")).strip()
    fixed = bool({"path", "file", "url", "rev", "ref", "tag"} & table.keys())
    fixed = fixed or bool(_BARE.match(version) or _EXACT.fullmatch(version))
    asked = "" if version == "*" else f"=={version}" if _BARE.match(version) else _LOOSENED.sub(">=", version)
    return canonicalize_name(name), f"{name} {version}", asked, fixed


def _conda(data: object) -> Iterator[_Found]:
    listed = data.get("dependencies") if isinstance(data, dict) else None
    for line in listed if isinstance(listed, list) else ():
        if isinstance(line, dict):
            yield from (_requirement(one) for one in _lines(line.get("pip")) if not one.startswith("-"))
        elif isinstance(line, str) and (found := _CONDA.match(line.rpartition("::")[2].strip())):
            name, bound = canonicalize_name(found[1]), found[2].strip()
            if name not in {"python", "pip"}:
                asked = bound if bound.startswith((">", "<", "==", "!=")) else ""
                yield name, line, asked, bool(_CONDA_EXACT.match(bound))
