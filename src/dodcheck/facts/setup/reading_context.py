"""What stands around the place that reads a setting: what is done when there is none."""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import Names
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.setup.variables import Need

Strings = Callable[[ast.expr], tuple[str, ...]]

_DEMANDING = {"int", "float", "json.loads", "pathlib.Path", "Path", "len", "open", "os.path.join", "ast.literal_eval"}
_LACKS = {"KeyError", "LookupError", "Exception", "BaseException"}
_EXITS = {"sys.exit", "exit", "quit", "os._exit"}


class Surroundings:
    """Parents, enclosing functions and string constants of one module.

    Args:
        nodes: Every node of the module, outer ones first.
        names: What its names stand for.
        imported: Gives the strings behind a name that comes from elsewhere.
    """

    def __init__(self, nodes: Sequence[ast.AST], names: Names, imported: Strings) -> None:
        self._names = names
        self._imported = imported
        self._classes = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
        self._nodes = nodes
        self._strings = constant_strings(nodes)

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self._nodes for child in children(node)}

    def is_written(self, key: ast.expr) -> bool:
        """Tell whether the enclosing function sets the variable of this key by itself."""
        within = walk(self.function(key) or self._nodes[0])
        stored = (one for one in within if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store))
        return any(self._names.of(one.value) == "os.environ" and ast.dump(one.slice) == ast.dump(key) for one in stored)

    def is_spared(self, node: ast.AST, key: str) -> bool:
        """Tell whether code goes on without a variable that a subscript reads: it asks before, or catches after."""
        child = node
        while (parent := self._parents.get(child)) is not None and not isinstance(child, Function):
            if isinstance(parent, ast.If) and child is not parent.test and _speaks_of(parent.test, key):
                return not self._leave(parent.orelse if child in parent.body else parent.body)
            if isinstance(parent, ast.IfExp) and child is not parent.test and _speaks_of(parent.test, key):
                return True
            if isinstance(parent, ast.Try) and child in parent.body and any(map(self._goes_on, parent.handlers)):
                return True
            child = parent
        return False

    def prefix(self, node: ast.AST) -> str:
        """Return what `with env.prefixed("APP_"):` around a node puts before the names in it."""
        found = ""
        while node in self._parents:
            node = self._parents[node]
            for item in node.items if isinstance(node, ast.With) else ():
                call = item.context_expr
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "prefixed":
                    found = "".join(self.strings(call.args[0])[:1] if call.args else ()) + found
        return found

    def is_dropped(self, node: ast.AST) -> bool:
        """Tell whether nothing takes what a call gives."""
        return isinstance(self._parents.get(node), ast.Expr)

    def function(self, node: ast.AST) -> Function | None:
        """Return the innermost function that holds a node."""
        while node in self._parents:
            node = self._parents[node]
            if isinstance(node, Function):
                return node
        return None

    def strings(self, node: ast.expr) -> tuple[str, ...]:
        """Return the strings that an expression may be; empty when that is not known."""
        if isinstance(node, ast.Constant):
            return (node.value,) if isinstance(node.value, str) else ()
        if isinstance(node, ast.Name):
            return self._strings.get(node.id, ()) or self._imported(node)
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in self._classes
            inner = self.strings(node.value) if node.attr == "value" else ()
            return inner or (self._strings.get(node.attr, ()) if own else self._imported(node))
        return _literals(node, self._strings)

    def need(self, node: ast.AST) -> Need:
        """Tell whether code does without a value that may be None where `node` reads it."""
        parent = self._parents.get(node)
        if isinstance(parent, ast.NamedExpr):
            return self.need(parent)
        if isinstance(parent, ast.Attribute | ast.Subscript | ast.BinOp | ast.Assert):
            return "required"
        if isinstance(parent, ast.Call | ast.keyword):
            return self._passed(parent)
        if isinstance(parent, ast.BoolOp | ast.UnaryOp | ast.Compare | ast.If | ast.While | ast.IfExp):
            return self._tested(parent)
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            return self._assigned(parent)
        return "unknown"

    def _passed(self, node: ast.Call | ast.keyword) -> Need:
        if isinstance(node, ast.keyword):
            return "optional" if node.arg == "default" else "unknown"
        called = self._names.of(node.func) or ""
        has_default = called == "bool" or ("default" in called and len(node.args) > 1)
        return "required" if called in _DEMANDING else "optional" if has_default else "unknown"

    def _tested(self, node: ast.AST) -> Need:
        while isinstance(node, ast.expr) and node in self._parents:
            node = self._parents[node]
        return "required" if isinstance(node, ast.If) and self._exits(node) and _is_absence(node.test) else "optional"

    def _assigned(self, node: ast.Assign | ast.AnnAssign) -> Need:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        told = {written(target) for target in targets}
        within = [
            one for one in walk(self.function(node) or self._nodes[0]) if told & _read(getattr(one, "test", None))
        ]
        tests = [one for one in within if isinstance(one, ast.If)]
        if any(_falls_back(one, told) for one in tests):
            return "optional"
        if any(isinstance(one, ast.Assert) for one in within):
            return "required"
        if any(self._exits(one) and _is_absence(one.test) for one in tests):
            return "required"
        return "optional" if within else "unknown"

    def _exits(self, node: ast.If) -> bool:
        return self._leave(node.body)

    def _leave(self, body: Sequence[ast.AST]) -> bool:
        return any(
            isinstance(one, ast.Raise) or (isinstance(one, ast.Call) and self._names.of(one.func) in _EXITS)
            for statement in body
            for one in walk(statement)
        )

    def _goes_on(self, handler: ast.ExceptHandler) -> bool:
        caught = {written(one) for one in walk(handler.type) if isinstance(one, ast.Name)} if handler.type else set()
        return (not caught or bool(caught & _LACKS)) and not self._leave(handler.body)


def _speaks_of(test: ast.expr, key: str) -> bool:
    return any(isinstance(one, ast.Constant) and one.value == key for one in walk(test))


def _falls_back(node: ast.If, told: set[str]) -> bool:
    """`if not x: x = other`, or `if not x and not y`, where either will do."""
    stored = {written(to) for one in node.body if isinstance(one, ast.Assign) for to in one.targets}
    either = isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And)
    return _is_absence(node.test) and bool(told & stored or (either and len(_read(node.test) - told) > 0))


def _is_absence(test: ast.expr) -> bool:
    """`not x`, `x is None`, or either in a larger condition."""
    return any(
        (isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.Not))
        or (isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.Is | ast.NotIn))
        for one in walk(test)
    )


def _read(test: ast.expr | None) -> set[str]:
    return {written(one) for one in walk(test) if isinstance(one, ast.Name | ast.Attribute)} if test else set()


def constant_strings(nodes: Sequence[ast.AST]) -> dict[str, tuple[str, ...]]:
    """Return names that stand for strings: constants, and what loops over literals bind."""
    known: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = _literals(node.value, known)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            known[node.target.id] = _literals(node.value, known)
    for node in nodes:
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension) and isinstance(node.target, ast.Name):
            known[node.target.id] = _literals(node.iter, known)
    return known


def _literals(node: ast.expr, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else ()
    if isinstance(node, ast.Name):
        return known.get(node.id, ())
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return tuple(text for one in node.elts for text in _literals(one, known))
    if isinstance(node, ast.JoinedStr):
        parts = [_literals(p.value if isinstance(p, ast.FormattedValue) else p, known) for p in node.values]
        return ("".join(part[0] for part in parts),) if all(len(part) == 1 for part in parts) else ()
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literals(node.left, known), _literals(node.right, known)
        return (left[0] + right[0],) if len(left) == len(right) == 1 else ()
    found = [_literals(part, known) for part in filling(node)[1]]
    return (fill(node, [part[0] for part in found]),) if found and all(len(part) == 1 for part in found) else ()


def filling(node: ast.expr) -> tuple[str, list[ast.expr]]:
    """Return the form and the parts of `"%s_X" % part` and `"{}_X".format(part)`; no parts for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        parts = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return re.sub(r"%[sdr]", "{}", str(node.left.value)), list(parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        form = node.func.value.value if isinstance(node.func.value, ast.Constant) else None
        named = [kw.value for kw in node.keywords]
        return (form, [*node.args, *named]) if isinstance(form, str) else ("", [])
    return "", []


def fill(node: ast.expr, texts: Sequence[str]) -> str:
    """Put texts into the holes of what `filling` reads, in their order."""
    left = iter(texts)
    return re.sub(r"\{[^{}]*\}", lambda hole: next(left, hole[0]), filling(node)[0])
