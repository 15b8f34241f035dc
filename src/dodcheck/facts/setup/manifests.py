"""What one package manifest declares: requirements by audience, extras, scripts, Python."""

import ast
import configparser
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from posixpath import join, normpath
from typing import Any

import msgspec
import yaml
from packaging.utils import canonicalize_name

from dodcheck.errors import ToolError
from dodcheck.facts.code.parsing import parsed
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.setup.requirements_files import FOLDERS, Read, audience, distribution, is_generated, named

_CONDA = re.compile(r"((conda[-_.])?env(ironment)?([-_.](prod|production|base|main))?|conda)\.ya?ml", re.IGNORECASE)
_COMMANDS = {"console_scripts", "gui_scripts"}
_EXACT = {"pyproject.toml", "setup.cfg", "setup.py", "Pipfile"}


class Manifest(msgspec.Struct, frozen=True):
    """What one file declares; all names are canonical.

    Args:
        path: The file.
        runtime: Direct runtime dependencies, each with its line.
        extras: Optional dependencies by the name of the extra.
        development: What only developers need.
        scripts: Console scripts, each with its line.
        plugins: Entry points of other groups as "group: name", each with its line.
        python: The bound on the Python version, as written.
        lock: A resolver wrote it: what it names is not what the project asks for directly.
        name: The project's own name, where the file gives one.
    """

    path: str
    runtime: Mapping[str, int] = {}
    extras: Mapping[str, frozenset[str]] = {}
    development: frozenset[str] = frozenset()
    scripts: Mapping[str, int] = {}
    plugins: Mapping[str, int] = {}
    python: str | None = None
    lock: bool = False
    name: str | None = None


def is_manifest(path: str) -> bool:
    """Tell by its name whether a file is a manifest that `read_manifest` understands."""
    name = path.rpartition("/")[2]
    return name in _EXACT or bool(_CONDA.fullmatch(name)) or audience(path) is not None


def project_of(manifest: str) -> str:
    """Return the folder of the project that a manifest belongs to; the root is ""."""
    folder = PurePosixPath(manifest).parent
    if folder.name.lower() in FOLDERS and audience(manifest) is not None:
        folder = folder.parent
    return "" if str(folder) == "." else str(folder)


def read_manifest(path: str, text: str, read: Read) -> Manifest:
    """Read one manifest.

    Args:
        path: The file; its name tells the format.
        text: Its content.
        read: Reads a file that the manifest refers to.

    Raises:
        ToolError: The file is not well-formed.
    """
    name = path.rpartition("/")[2]
    try:
        if name == "pyproject.toml":
            return _pyproject(path, text, read)
        if name == "Pipfile":
            return _pipfile(path, text)
        if name == "setup.cfg":
            return _setup_cfg(path, text, read)
        if name == "setup.py":
            return _setup_py(path, text)
        return _conda(path, text) if name.endswith(("yml", "yaml")) else _requirements(path, text, read)
    except (configparser.Error, yaml.YAMLError, SyntaxError, ValueError, RecursionError) as error:
        if "{{" in text or "{%" in text:  # a template of a manifest
            return Manifest(path)
        raise ToolError(f"{path}: {str(error).splitlines()[0]}", "mend the file") from error


def _names(requirements: object) -> list[str]:
    lines = requirements if isinstance(requirements, list | tuple) else []
    return [name for line in lines if isinstance(line, str) and (name := distribution(line))]


def _lined(names: Iterable[str], text: str) -> dict[str, int]:
    return {name: _line_of(name, text) for name in names}


def _line_of(name: str, text: str) -> int:
    loose = re.escape(name).replace(r"\-", "[-_.]+")
    for pattern in (rf"(?:^|[\"'])[ \t-]*{loose}(?=[\s\"'\[=<>!~;@,]|$)", rf"(?<![\w.-]){loose}(?![\w-])"):
        if found := re.search(pattern, text, re.IGNORECASE | re.MULTILINE):
            return text.count("\n", 0, found.end()) + 1
    return 1


def _table(value: object, *keys: str) -> dict[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _pyproject(path: str, text: str, read: Read) -> Manifest:
    data = tomllib.loads(text)
    project, poetry = _table(data, "project"), _table(data, "tool", "poetry")
    wanted = {k: v for k, v in _table(poetry, "dependencies").items() if k.lower() != "python"}
    optional = {k for k, v in wanted.items() if isinstance(v, dict) and v.get("optional") is True}
    runtime = [*_names(project.get("dependencies")), *(canonicalize_name(k) for k in wanted if k not in optional)]
    runtime += _from_files(path, _table(data, "tool", "setuptools", "dynamic", "dependencies").get("file"), read)
    extras = {**_table(project, "optional-dependencies"), **_table(poetry, "extras")}
    development = [n for group in _table(data, "dependency-groups").values() for n in _names(group)]
    development += [n for group in _table(data, "tool", "pdm", "dev-dependencies").values() for n in _names(group)]
    development += _names(_table(data, "tool", "uv").get("dev-dependencies"))
    groups = [poetry.get("dev-dependencies"), *(_table(g, "dependencies") for g in _table(poetry, "group").values())]
    development += [canonicalize_name(name) for group in groups for name in group or ()]
    bound = project.get("requires-python") or _table(poetry, "dependencies").get("python")
    scripts = {**_table(project, "scripts"), **_table(project, "gui-scripts"), **_table(poetry, "scripts")}
    points = {**_table(project, "entry-points"), **_table(poetry, "plugins")}
    return Manifest(
        path,
        _lined(runtime, text),
        {canonicalize_name(name): frozenset(_names(value)) for name, value in extras.items()},
        frozenset(development),
        _lined(scripts, text),
        _plugins({group: list(_table(names)) for group, names in points.items()}, text),
        bound if isinstance(bound, str) else None,
        name=_own(project.get("name") or poetry.get("name")),
    )


def _plugins(points: Mapping[str, Iterable[object]], text: str) -> dict[str, int]:
    """Return the entry points of groups other than that of the commands; lines of them may be `name = place`."""
    pairs = [(g, str(one).partition("=")[0].strip()) for g, names in points.items() for one in names]
    return {f"{g}: {name}": _line_of(name, text) for g, name in pairs if name and g not in _COMMANDS}


def _own(name: object) -> str | None:
    return canonicalize_name(name) if isinstance(name, str) else None


def _from_files(path: str, files: object, read: Read) -> list[str]:
    listed = [files] if isinstance(files, str) else files if isinstance(files, list) else []
    found: list[str] = []
    for file in (normpath(join(str(PurePosixPath(path).parent), str(one))) for one in listed):
        text = read(file) or ""
        if not is_generated(text):
            found += [name for name, _ in named(file, text, read)]
    return found


def _pipfile(path: str, text: str) -> Manifest:
    data = tomllib.loads(text)
    runtime = [canonicalize_name(name) for name in _table(data, "packages")]
    development = frozenset(canonicalize_name(name) for name in _table(data, "dev-packages"))
    python = _table(data, "requires").get("python_version")
    bound = python if isinstance(python, str) else None
    return Manifest(path, _lined(runtime, text), development=development, python=bound)


def _setup_cfg(path: str, text: str, read: Read) -> Manifest:
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    tables = {name: dict(parser[name]) for name in parser.sections()}
    options, extras = tables.get("options", {}), tables.get("options.extras_require", {})
    wanted = options.get("install_requires", "").strip()
    listed = wanted.partition("file:")[2].replace(",", " ").split() if wanted.startswith("file:") else []
    points = {group: lines.splitlines() for group, lines in tables.get("options.entry_points", {}).items()}
    scripts = [line.partition("=")[0].strip() for line in points.get("console_scripts", ())]
    return Manifest(
        path,
        _lined(_from_files(path, listed, read) if listed else _names(wanted.splitlines()), text),
        {canonicalize_name(name): frozenset(_names(value.splitlines())) for name, value in extras.items()},
        scripts=_lined(filter(None, scripts), text),
        plugins=_plugins(points, text),
        python=options.get("python_requires"),
        name=_own(tables.get("metadata", {}).get("name")),
    )


def _setup_py(path: str, text: str) -> Manifest:
    if not re.search(r"\b(setuptools|distutils|skbuild|numpy\.distutils)\b", text):  # a module that is called setup
        return Manifest(path)
    tree = parsed(text, path)
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    bound = {to.id: node.value for node in assigned for to in node.targets if isinstance(to, ast.Name)}
    calls = [n for n in walk(tree) if isinstance(n, ast.Call) and written(n.func).endswith("setup")]
    given = {kw.arg: _literal(kw.value, bound) for call in calls for kw in call.keywords if kw.arg}
    extras, points = _table(given.get("extras_require")), _table(given.get("entry_points"))
    python = given.get("python_requires")
    return Manifest(
        path,
        _lined(_names(given.get("install_requires")), text),
        {canonicalize_name(str(name)): frozenset(_names(value)) for name, value in extras.items()},
        scripts=_lined((str(line).partition("=")[0].strip() for line in points.get("console_scripts") or ()), text),
        plugins=_plugins({group: names for group, names in points.items() if isinstance(names, list)}, text),
        python=python if isinstance(python, str) else None,
        name=_own(given.get("name")),
    )


def _literal(node: ast.expr, bound: Mapping[str, ast.expr]) -> Any:  # noqa: ANN401 - whatever the literal is
    """Evaluate constants, lists, dicts, sums and names of them; what else there is counts as absent."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_literal(one, bound) for one in node.elts if not isinstance(one, ast.Starred)]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {_literal(k, bound): _literal(v, bound) for k, v in pairs if isinstance(k, ast.Constant)}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_literal(side, bound) for side in (node.left, node.right)]
        return [one for side in sides if isinstance(side, list) for one in side]
    if isinstance(node, ast.Name) and node.id in bound:
        return _literal(bound[node.id], {k: v for k, v in bound.items() if k != node.id})
    return None


def _conda(path: str, text: str) -> Manifest:
    data = yaml.safe_load(text)
    listed = data.get("dependencies") if isinstance(data, dict) else None
    lines = listed if isinstance(listed, list) else []
    plain = [line.rpartition("::")[2] for line in lines if isinstance(line, str)]
    names: list[str] = [canonicalize_name(re.split(r"[\s=<>!~\[]", line, maxsplit=1)[0]) for line in plain]
    names += [name for table in lines if isinstance(table, dict) for name in _names(table.get("pip"))]
    python = next((line.partition("python")[2].strip() for line in plain if re.match(r"python\b", line)), None)
    return Manifest(path, _lined([n for n in names if n not in {"python", "pip"}], text), python=python)


def _requirements(path: str, text: str, read: Read) -> Manifest:
    found = dict(named(path, text, read))
    whom = audience(path)
    if whom == "runtime":
        return Manifest(path, found, lock=is_generated(text))
    names = frozenset(found)
    return Manifest(path, development=names) if whom == "development" else Manifest(path, extras={path: names})
