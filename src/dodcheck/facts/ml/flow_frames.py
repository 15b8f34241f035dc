"""The variables of one run of a function."""

import ast
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from dodcheck.facts.ml.flow_code import Source
from dodcheck.facts.ml.flow_values import Place, Rows, Value


@dataclass(eq=False)
class Frame:
    """One run of a function or module.

    Args:
        source: The module.
        symbol: Qualified name of the function; empty for the module.
        variables: What its variables hold.
        around: Variables of the functions and the module around it.
        returned: What it has returned so far.
    """

    source: Source
    symbol: str
    variables: MutableMapping[str, Value] = field(default_factory=dict)
    around: Mapping[str, object] = field(default_factory=dict)
    returned: list[Value] = field(default_factory=list)

    def place(self, node: ast.stmt | ast.expr | ast.arg) -> Place:
        """Return where a node stands."""
        return Place(self.source.path, node.lineno, self.symbol, self.source.text(node))

    def look_up(self, name: str) -> Value | None:
        """Return what a name holds; None when nothing is known of it."""
        found = self.variables.get(name)
        if found is None:
            outer = self.around.get(name)
            found = outer if isinstance(outer, Value) else None
        return found

    @property
    def held(self) -> frozenset[Rows]:
        """The rows that the variables hold."""
        values = (one for one in [*self.variables.values(), *self.around.values()] if isinstance(one, Value))
        return frozenset(row for one in values for row in one.every_row)

    def inner(self) -> "Frame":
        """Return a frame whose variables may change without these."""
        return Frame(self.source, self.symbol, dict(self.variables), self.around)
