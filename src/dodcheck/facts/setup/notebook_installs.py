"""Installations in notebook cells that no manifest knows of."""

import re
from collections.abc import Iterator
from typing import Self

import msgspec

from dodcheck.change import Both, Change
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.notebooks import SUFFIX
from dodcheck.facts.setup.dependencies import Dependencies
from dodcheck.facts.setup.requirements_files import distribution

_INSTALL = re.compile(r"^\s*[!%]\s*(?:(?:python3?|sys\.executable) -m )?(?:uv )?pip3? install\s+(.*)", re.MULTILINE)
_TAKES_VALUE = {
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-c", "--constraint", "-t", "--target", "-r",
    "--requirement", "-e", "--editable",
}  # fmt: skip
_HOSTED = re.compile(r"if\b.*(colab|kaggle)", re.IGNORECASE)
_TOOLS = {"pip", "setuptools", "wheel", "uv"}


class Installed(msgspec.Struct, frozen=True):
    """One distribution that a cell installs.

    Args:
        path: The notebook.
        line: 1-based line of its code.
        name: Canonical name.
        text: The requirement as written.
        pinned: It is asked for in one version.
        hosted: It is installed on the machines of Colab or Kaggle alone, which no manifest describes.
    """

    path: str
    line: int
    name: str
    text: str
    pinned: bool
    hosted: bool


class NotebookInstalls(msgspec.Struct, frozen=True):
    """What new lines of the change's notebooks install and no manifest of the tree declares.

    Args:
        found: One entry a notebook and name.
    """

    found: tuple[Installed, ...]

    @classmethod
    def of(cls, change: Change, modules: Both[Modules], dependencies: Dependencies) -> Self:
        """Read the changed notebooks that speak of pip.

        Raises:
            ToolError: One of them is no notebook, or a manifest is not well-formed.
        """
        seen: dict[tuple[str, str], Installed] = {}
        for file in change.at_head(SUFFIX):
            if "pip" not in (change.head.read(file.path) or ""):
                continue
            old = {one.name for one in _installed(file.base_path, modules.base)}
            for one in _installed(file.path, modules.head):
                if one.name not in old:
                    seen.setdefault((one.path, one.name), one)
        declared = _declared(dependencies) if seen else frozenset()
        return cls(tuple(one for one in seen.values() if one.name not in declared))


def _installed(path: str | None, modules: Modules) -> Iterator[Installed]:
    notebook = modules.notebook(path)
    text = notebook.written if notebook else ""
    for found in _INSTALL.finditer(text):
        line = text.count("\n", 0, found.start(1)) + 1
        words = iter(re.split(r"\s+", re.split(r"\s[|;&#>]", found[1])[0].strip()))
        for word in words:
            bare = word.strip("\"'")
            if word in _TAKES_VALUE:
                next(words, None)
            elif _is_distribution(bare) and (name := distribution(bare)) and name not in _TOOLS:
                pinned, hosted = "==" in bare or "@" in bare, _is_hosted(text, found.start(1))
                yield Installed(path or "", line, name, bare, pinned, hosted)


def _is_hosted(text: str, at: int) -> bool:
    """Tell whether the `if` above an indented line asks for Colab or Kaggle."""
    *above, line = text[:at].split("\n")
    conditions = (one for one in reversed(above) if one.strip() and not one.startswith((" ", "\t")))
    return line.startswith((" ", "\t")) and bool(_HOSTED.match(next(conditions, "")))


def _is_distribution(word: str) -> bool:
    """Options, paths, addresses and what a variable holds are none."""
    return not (word.startswith("-") or "/" in word.partition("@")[0] or re.search(r"[{$]", word))


def _declared(dependencies: Dependencies) -> frozenset[str]:
    manifests = [dependencies.manifest(path) for paths in dependencies.projects.values() for path in paths]
    extras = [name for one in manifests for names in one.extras.values() for name in names]
    own = [one.name for one in manifests if one.name]
    runtime = [name for one in manifests for name in one.runtime]
    return frozenset([*extras, *own, *runtime, *(name for one in manifests for name in one.development)])
