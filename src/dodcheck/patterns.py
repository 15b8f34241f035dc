"""Regular expressions that are compiled when they are first used.

Compiling one takes as long as importing a small module, and of those in the modules that a commit hook imports, a run
uses half.  The same idea as Django's `_lazy_re_compile`.
"""

import re
from functools import cached_property
from typing import Any, cast


class _Lazy:
    """Stands for a compiled pattern until something of it is asked for."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = (text, flags)

    def __reduce__(self) -> tuple[object, ...]:
        return _Lazy, self._given  # a copy that is not filled yet would ask itself for what to compile

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(*self._given)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a compiled pattern has
        found = getattr(self._compiled, name)
        setattr(self, name, found)  # it is not asked for here again
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what may be used as a compiled pattern, but for the functions of `re` itself.

    Args:
        text: The regular expression; a wrong one is told when it is first used.
        flags: See `re.compile`.
    """
    return cast("re.Pattern[str]", _Lazy(text, flags))
