"""Files of a change in which machine-learning conventions are judged."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Self, TypeVar

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.exports import is_generated
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.ml.frameworks import Kind
from dodcheck.facts.ml.ml_calls import MlCalls

T = TypeVar("T")
SUFFIXES = (".py", ".ipynb")
_ASIDE = re.compile(
    r"(^|/)(docs?|docs_src|documentation|website|examples?|samples?|demos?|tutorials?|bench(marks?)?|_?vendor(ed)?"
    r"|third[-_]party|node_modules|site-packages)/|\{\{",
    re.IGNORECASE,
)


class MlFiles:
    """Changed source, notebooks included, that imports a framework which trains models.

    Tests, documentation, examples, vendored and generated files are left out.

    Args:
        change: The change.
        modules: The modules of both sides.
        calls: The calls of frameworks of both sides.
    """

    def __init__(self, change: Change, modules: Both[Modules], calls: Both[MlCalls]) -> None:
        self._change = change
        self._modules = modules
        self._calls = calls

    @classmethod
    def of(cls, change: Change, modules: Both[Modules], calls: Both[MlCalls]) -> Self:
        """Nothing is looked at yet."""
        return cls(change, modules, calls)

    @cached_property
    def judged(self) -> tuple[ChangedFile, ...]:
        """The files, by path.

        Raises:
            ToolError: One names a framework and cannot be parsed.
        """
        return self.using("learning")

    def using(self, *kinds: Kind) -> tuple[ChangedFile, ...]:
        """Return the changed source that imports a framework of some kinds.

        Raises:
            ToolError: One names a framework and cannot be parsed.
        """
        code = (file for file in self._change.at_head(*SUFFIXES) if file.role not in {"test", "docs"})
        own = (file for file in code if not _ASIDE.search(file.path))
        used = (file for file in own if self._calls.head.uses(file.path, *kinds))
        return tuple(file for file in used if not is_generated(self._modules.head.text(file.path)))

    def introduced(
        self,
        head: Iterable[T],
        read: Callable[[ChangedFile, MlCalls, str], Iterable[T]],
        *keys: Callable[[T], Hashable],
    ) -> list[T]:
        """Return what base has no counterpart of, under any of some keys, in any of the changed files.

        Args:
            head: What there is at head.
            read: Reads the same out of one file of base, given its path there.
            keys: What must be equal; each thing at base stands for one at head.
        """
        left = list(head)
        old = [one for file in self._change.files for one in self._at_base(file, read)] if left else []
        for key in keys:
            left, old = _unmatched(left, old, key)
        return left

    def _at_base(self, file: ChangedFile, read: Callable[[ChangedFile, MlCalls, str], Iterable[T]]) -> Sequence[T]:
        path = file.base_path
        if not path or not path.endswith(SUFFIXES):
            return ()
        try:
            return tuple(read(file, self._calls.base, path))
        except ToolError:  # nothing is known of base: what head has counts as new
            return ()


def _unmatched(new: Sequence[T], old: Sequence[T], key: Callable[[T], Hashable]) -> tuple[list[T], list[T]]:
    there, here = Counter(map(key, old)), Counter(map(key, new))
    kept_new, kept_old = here - there, there - here
    return _taken(new, key, kept_new), _taken(old, key, kept_old)


def _taken(found: Sequence[T], key: Callable[[T], Hashable], wanted: Counter[Hashable]) -> list[T]:
    left = Counter(wanted)
    taken: list[T] = []
    for one in reversed(found):  # of several alike the last are the new ones
        if left[key(one)] > 0:
            left[key(one)] -= 1
            taken.append(one)
    return taken[::-1]
