"""Python tests of scenarios that import changed source, however many modules lie between."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Self

from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.runs.changed_code import BehaviouralSource
from dodcheck.facts.scenarios.inventory import Inventory

_ANYTHING = re.compile("")
_MOST = 2_000  # modules that are read; beyond it the graph says too little to be worth the time


class ReachedTests:
    """Scenarios in pytest modules that reach a changed module by their imports.

    Args:
        inventory: The scenarios of head.
        source: The changed modules.
        modules: The modules of head.
    """

    def __init__(self, inventory: Inventory, source: BehaviouralSource, modules: Modules) -> None:
        self._inventory = inventory
        self._source = source
        self._modules = modules

    @classmethod
    def of(cls, inventory: Inventory, source: BehaviouralSource, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(inventory, source, modules)

    @cached_property
    def by_path(self) -> Mapping[str, str]:
        """The changed module that each scenario file reaches first, by the file's path."""
        changed = {file.head_path for file in self._source.files if file.head_path}
        tests = [path for path, kind in self._inventory.kinds.items() if kind == "pytest"] if changed else []
        paths = ImportPaths(self._modules, _ANYTHING)
        links: dict[str, tuple[str, ...]] = {}
        found = {path: next(self._changed(path, changed, paths, links), None) for path in tests}
        return {path: cause for path, cause in found.items() if cause}

    def _changed(
        self, start: str, changed: set[str], paths: ImportPaths, links: dict[str, tuple[str, ...]]
    ) -> Iterator[str]:
        queue, seen = deque([start]), {start}
        while queue and len(links) < _MOST:
            path = queue.popleft()
            if path in changed:
                yield path
            if path not in links:
                links[path] = tuple(paths.reached(path))
            queue += [one for one in links[path] if one not in seen]
            seen.update(links[path])
