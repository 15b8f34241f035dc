"""The style that a project writes its docstrings in, as its settings or its code say."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Self, cast

from dodcheck.change import Change
from dodcheck.facts.docstrings.docstring import Style, style_of
from dodcheck.patterns import pattern

_SETTINGS = ("ruff.toml", ".ruff.toml", "pyproject.toml")
_CONVENTION = pattern(r"""convention["']?\s*=\s*["'](google|numpy)["']""")
_STRING = pattern(r'"""(.*?)"""', re.DOTALL)
_ENOUGH = 3
_SHARE = 0.9
_MOST = 40  # files of one folder that are looked at
_LOOKED_AT = 40  # docstrings with sections


class ProjectStyle:
    """Style of a project's docstrings at base.

    Args:
        change: The change.
    """

    def __init__(self, change: Change) -> None:
        self._change = change
        self._known: dict[str, tuple[Style | None, str]] = {}

    @classmethod
    def of(cls, change: Change) -> Self:
        """Nothing is read yet."""
        return cls(change)

    def around(self, path: str) -> tuple[Style | None, str]:
        """Return the style that a file must keep to, and what says so; no style where the project has none.

        The convention of ruff's pydocstyle settings decides; else the docstrings with sections in the files of the
        change and of the file's folder, the first forty, when at least three are there and nine of ten are alike.
        """
        folder = path.rpartition("/")[0]
        if folder not in self._known:
            self._known[folder] = self._configured() or self._seen(folder)
        return self._known[folder]

    def _configured(self) -> tuple[Style, str] | None:
        for file in _SETTINGS:
            found = _CONVENTION.search(self._change.base.read(file) or "")
            if found:
                return cast("Style", found[1]), f"`convention` in {file}"
        return None

    def _seen(self, folder: str) -> tuple[Style | None, str]:
        styles = (style for path in self._near(folder) for style in self._styles(path))
        counts = Counter(islice(styles, _LOOKED_AT))
        style, most = counts.most_common(1)[0] if counts else (None, 0)
        if style is None or most < max(_ENOUGH, _SHARE * counts.total()):
            return None, ""
        left = (one for path in self._near(folder) for one in self._left(path) if one == style)
        if 2 * sum(1 for _ in islice(left, most)) < most:
            return None, ""  # the change writes them all anew
        return style, f"{most} of {counts.total()} docstrings around it"

    def _near(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder else ""
        near = [path for path in self._change.base.within(folder) if path.endswith(".py")]
        changed = [f.base_path for f in self._change.files if f.base_path and f.base_path.endswith(".py")]
        return [*dict.fromkeys([*(p for p in changed if p.startswith(start)), *near[:_MOST], *changed])]

    def _left(self, path: str) -> Iterator[Style]:
        """Yield the styles that a file of base has at head, whatever it is called there."""
        moved = next((f.head_path for f in self._change.files if f.base_path == path), path)
        yield from _styles_in((moved and self._change.head.read(moved)) or "")

    def _styles(self, path: str) -> Iterator[Style]:
        yield from _styles_in(self._change.base.read(path) or "")


def _styles_in(text: str) -> Iterator[Style]:
    for match in _STRING.finditer(text):
        style = style_of(match[1])
        if style:
            yield style
