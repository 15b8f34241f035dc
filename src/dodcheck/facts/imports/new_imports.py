"""Imports and requirements that a change introduces."""

import re
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Self

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.exports import is_generated
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.imports.distributions import Distributions
from dodcheck.facts.imports.import_sites import ImportSite, import_sites
from dodcheck.facts.imports.known_distributions import NAMESPACES
from dodcheck.facts.setup.manifests import is_manifest
from dodcheck.roles import role_of

_ASIDE = re.compile(
    r"(^|/)(docs?|docs_src|documentation|website|examples?|samples?|demos?|tutorials?|notebooks|bench(marks?)?|asv_bench"
    r"|_?vendor(ed)?|third[-_]party|node_modules|site-packages|templates|cookiecutters?|skeletons?)/"
    r"|(^|/)[^/]*venv[^/]*/(bin|lib|scripts)/|\{\{|\{%",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]+[A-Za-z_]|import[ \t\\])[^\n#;]*"
    r"|(?:import_module|__import__|importorskip)\(\s*[\"'][A-Za-z_][^\"'\n]*",
    re.MULTILINE,
)
_ONE_MODULE = re.compile(r"\s*(?:from|import)\s+(\w+)[^,(]*$|\s*from\s+(\w+)")
_AT_MARGIN = re.compile(r"^(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_MADE = r"""["'/\\]{0}(?:\.pyi?)?["'/\\]|\b{0}\s*=[^=]|modules\[|\b{0}\.py\b"""


class NewImports:
    """Imports in source and tests that no changed file of base has.

    Args:
        change: The change.
        modules: The modules of both sides.
    """

    def __init__(self, change: Change, modules: Both[Modules]) -> None:
        self._change = change
        self._modules = modules

    @classmethod
    def of(cls, change: Change, modules: Both[Modules]) -> Self:
        """Nothing is compared yet."""
        return cls(change, modules)

    @cached_property
    def judged(self) -> Sequence[ChangedFile]:
        """The files whose imports count: no documents, examples, templates, vendored or generated code."""
        files = self._change.at_head(".py", roles=("source", "test", "migration"))
        return [f for f in files if not _ASIDE.search(f.path) and not is_generated(self._modules.head.text(f.path))]

    @cached_property
    def found(self) -> Sequence[ImportSite]:
        """The new ones, the standard library's left out, by file and line.

        Raises:
            ToolError: A file with a new import cannot be parsed at head.
        """
        bases = [file.base_path for file in self._change.files if file.base_path and file.base_path.endswith(".py")]
        texts = map(self._modules.base.text, bases)
        before = frozenset(top for text in texts for top in _AT_MARGIN.findall(text)) - NAMESPACES
        files = [file for file in self.judged if self._has_new_line(file, before)]
        sites = [one for file in files for one in _read(self._modules.head, file.path)]
        head = [one for one in sites if one.top not in sys.stdlib_module_names | before]
        if not head:
            return ()
        word = re.compile(rf"\b(?:{'|'.join({one.top for one in head})})\b")
        old = {(one.module, one.is_needed) for path in bases for one in _sites(self._modules.base, path, word)}
        return [one for one in head if not {(one.module, True), (one.module, one.is_needed)} & old]

    def _has_new_line(self, file: ChangedFile, before: frozenset[str]) -> bool:
        """Tell, without parsing, whether a file may import what no changed file did."""
        lines = _lines(self._modules.head.text(file.path)) - _lines(self._modules.base.text(file.base_path))
        tops = [(found[1] or found[2]) if (found := _ONE_MODULE.match(line)) else None for line in lines]
        return any(top is None or top not in sys.stdlib_module_names | before for top in tops)

    def in_test(self, site: ImportSite) -> bool:
        """Tell whether an import stands in a test."""
        return role_of(site.path) == "test"

    def is_made(self, site: ImportSite) -> bool:
        """Tell whether a test makes the module that it imports: it writes the file, or puts it in `sys.modules`."""
        text = self._modules.head.text(site.path)
        return self.in_test(site) and bool(re.search(_MADE.format(re.escape(site.top)), text))


class BaseImports:
    """What base imports, anywhere in its tree.

    Args:
        change: The change.
        modules: The modules of both sides.
    """

    def __init__(self, change: Change, modules: Both[Modules]) -> None:
        self._snapshot = change.base
        self._modules = modules.base

    @classmethod
    def of(cls, change: Change, modules: Both[Modules]) -> Self:
        """Nothing is searched yet."""
        return cls(change, modules)

    def first(self, site: ImportSite) -> str | None:
        """Return a file of base that needs the same module; reads the whole tree if it must."""
        word = re.compile(rf"\b{re.escape(site.top)}\b")
        for path in self._snapshot.paths():
            if path.endswith(".py") and not _ASIDE.search(path):
                found = _sites(self._modules, path, word)
                if any(one.module == site.module and one.is_needed for one in found):
                    return path
        return None


class NewRequirements:
    """Distributions that a change declares and that no manifest it touches declared at base.

    Args:
        found: Canonical names, each with file and line.
    """

    def __init__(self, found: Mapping[str, tuple[str, int]]) -> None:
        self.found = found

    @classmethod
    def of(cls, change: Change, distributions: Both[Distributions], modules: Both[Modules]) -> Self:
        """Compare the manifests of the change as a whole, so that a move between them is none.

        Raises:
            ToolError: One of them is not well-formed at head.
        """
        touched = [file for file in change.files if is_manifest(file.path)]
        known = distributions.head.manifests if touched else ()
        kept = [file for file in touched if file.head_path in known and not _ASIDE.search(file.path)]
        if not kept:
            return cls({})
        old = {name for file in touched if file.base_path for name in distributions.base.declared_in(file.base_path)}
        found: dict[str, tuple[str, int]] = {}
        for file in kept:
            for name in sorted(distributions.head.declared_in(file.path, strict=True) - old):
                found.setdefault(name, (file.path, _line(name, modules.head.text(file.path))))
        return cls(found)


def _lines(text: str) -> set[str]:
    return {match[0] for match in _LINE.finditer(text)}


def _read(modules: Modules, path: str) -> Sequence[ImportSite]:
    return import_sites(path, modules.text(path), modules.tree(path))


def _sites(modules: Modules, path: str, word: re.Pattern[str]) -> Sequence[ImportSite]:
    lines = [line for line in _lines(modules.text(path)) if word.search(line)]
    if not lines:
        return ()
    try:
        return _read(modules, path)
    except ToolError:  # whatever a file that cannot be parsed names in an import, it had before
        tops = {match[0] for line in lines for match in word.finditer(line)}
        return [ImportSite(path, 1, None, top, "always") for top in tops]


def _line(name: str, text: str) -> int:
    found = re.search(rf"(?<![\w-]){re.escape(name).replace(chr(92) + '-', '[-_.]')}(?![\w-])", text, re.IGNORECASE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
