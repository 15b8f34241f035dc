"""Arguments of a mock construction by name, through functools.partial and `**` dictionaries."""

import ast
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.mocks.mock_meaning import MOCK, Meaning
from dodcheck.facts.mocks.mock_names import MockNames
from dodcheck.patterns import pattern

At: TypeAlias = tuple[ast.expr, Scope]
Given: TypeAlias = dict[str, At]

SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "patch": ("target", "new", "spec", "create", "spec_set", "autospec", "new_callable"),
    "patch.object": ("target", "attribute", "new", "spec", "create", "spec_set", "autospec", "new_callable"),
    "patch.multiple": ("target", "spec", "create", "spec_set", "autospec", "new_callable"),
    "patch.dict": ("in_dict", "values", "clear"),
    "create_autospec": ("spec", "spec_set", "instance"),
}
_CLASS_NAME = pattern(r"_*[A-Z]\w*[a-z]\w*")
_TARGETS = ("attribute", "target", "spec", "0")


class Arguments:
    """Reads the arguments of calls.

    Args:
        names: Meanings of the names in them.
    """

    def __init__(self, names: MockNames) -> None:
        self._names = names

    def of(self, meaning: Meaning, call: ast.Call | None = None, scope: Scope | None = None) -> Given:
        """Return arguments by parameter name, or by position where the function is not mock's.

        Args:
            meaning: The function, with what functools.partial bound to it.
            call: The call itself, unless only what is bound counts.
            scope: Where the names in `call` are looked up.
        """
        parts = [(part.args[1:], part.keywords, at) for part, at in meaning.partial]
        if call and scope:
            parts.append((call.args, call.keywords, scope))
        given: Given = {}
        names = iter(SIGNATURES.get(meaning.form or "", ()))
        for args, keywords, at in parts:
            for index, arg in enumerate(args):
                given[next(names, str(index))] = (arg, at)
                if isinstance(arg, ast.Starred):
                    names = iter(())
            for keyword in keywords:
                given.update([(keyword.arg, (keyword.value, at))] if keyword.arg else self._unpacked(keyword.value, at))
        return given

    def opened(self, call: ast.Call) -> Iterator[ast.AST]:
        """Yield the dictionaries written behind `**` in a call."""
        return (k.value for k in call.keywords if k.arg is None)

    def truth(self, at: At | None, *, only: bool = False) -> bool | None:
        """Tell whether an argument switches autospec on; None when it cannot be told.

        Args:
            at: The argument; not given is off.
            only: Nothing but a plain True counts as on, and what cannot be told as off.
        """
        if at is None:
            return False
        meaning = self._names.meaning(*at)
        if isinstance(meaning.node, ast.Constant):
            return meaning.node.value is True if only else meaning.node.value not in (None, False)
        if only:
            return False
        a_class = _CLASS_NAME.fullmatch(meaning.name.rpartition(".")[2])
        return True if a_class or isinstance(meaning.node, Definition | ast.Lambda | ast.Dict) else None

    def is_default(self, at: At) -> bool:
        """Tell whether an argument is mock's DEFAULT."""
        return self._names.meaning(*at).name in {f"{MOCK}.DEFAULT", f"{MOCK}.sentinel.DEFAULT"}

    def _unpacked(self, value: ast.expr, scope: Scope) -> Iterator[tuple[str, At]]:
        meaning = self._names.meaning(value, scope)
        at = meaning.scope or scope
        if isinstance(meaning.node, ast.Dict):
            for key, item in zip(meaning.node.keys, meaning.node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), (item, at)
        elif isinstance(meaning.node, ast.Call):
            yield from ((k.arg, (k.value, at)) for k in meaning.node.keywords if k.arg)
        else:
            yield "**" + written(value), (value, scope)


def listed(given: Given) -> str:
    """Return arguments as text that does not depend on their order."""
    return ", ".join(f"{name}={written(value)}" for name, (value, _) in sorted(given.items(), key=lambda g: g[0]))


def target(given: Given) -> str:
    """Return the last name of what is mocked."""
    value = next((given[name][0] for name in _TARGETS if name in given), None)
    if value is None:
        return ""
    texts = [part.value for part in walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return (texts[-1] if texts else written(value)).rpartition(".")[2]
