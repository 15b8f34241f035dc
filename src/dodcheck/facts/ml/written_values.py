"""Where the value of an argument comes from: written into the code, or handed in."""

import ast
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.scopes import Binding, Imported, Scope, ScopedModule
from dodcheck.facts.code.writing import written

Origin = Literal["written", "default", "mixed", "given"]
Member = Callable[[Imported], tuple[ast.expr, Scope] | None]

_DEEPEST = 12
_CASTS = {"float", "int", "str", "round", "abs", "tuple", "list"}
_CONFIGURATION = ("config", "settings", "args", "arguments", "params", "options", "cfg", "hparams")
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow, ast.Mod)


class Value(NamedTuple):
    """What is known of a value.

    Args:
        origin: `written` stands in the code; `default` stands there and something else may replace it; `mixed` is
            computed out of a number in the code and something else; `given` comes from elsewhere.
        text: The value as the code has it; empty when it is given.
        name: The field, parameter or option that holds a default.
        line: 1-based line of the call that hands the value to the function around; 0 when it stands in the function.
    """

    origin: Origin
    text: str = ""
    name: str = ""
    line: int = 0


GIVEN = Value("given")


class WrittenValues:
    """Origins of the values of one module's expressions.

    Args:
        source: The module's scopes.
        member: Finds what another module of the project assigns to an imported name; None for configuration modules.
    """

    def __init__(self, source: ScopedModule, member: Member) -> None:
        self._source = source
        self._member = member

    def of(self, node: ast.expr, scope: Scope, depth: int = 0) -> Value:
        """Return where the value of an expression comes from."""
        if depth > _DEEPEST:
            return GIVEN
        literal = _literal(node)
        if literal is not None:
            return Value("written", literal)
        if isinstance(node, ast.Name):
            return self._name(node, scope, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope, depth)
        parts = _parts(node)
        return self._joined(node, [self.of(part, scope, depth + 1) for part in parts]) if parts else GIVEN

    def table(self, node: ast.expr, scope: Scope) -> ast.Dict | None:
        """Return the dict that an expression is, written out there or where its name is bound; None when it is none."""
        bound = _bindings(node.id, scope) if isinstance(node, ast.Name) else ()
        value = bound[0].value if len(bound) == 1 else node
        plain = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict"
        if plain and isinstance(value, ast.Call) and not value.args and all(one.arg for one in value.keywords):
            keys = [ast.Constant(one.arg) for one in value.keywords]
            return ast.Dict(keys, [one.value for one in value.keywords])  # type: ignore[arg-type]
        return value if isinstance(value, ast.Dict) else None

    def _joined(self, node: ast.expr, values: Sequence[Value]) -> Value:
        origins = {one.origin for one in values}
        text = written(node)
        if origins == {"written"}:
            return Value("written", text)
        if isinstance(node, ast.IfExp | ast.Tuple | ast.List):
            return GIVEN
        return Value("mixed", text) if "written" in origins else GIVEN

    def _name(self, node: ast.Name, scope: Scope, depth: int) -> Value:
        return self._of_bindings(_bindings(node.id, scope), depth)

    def _of_bindings(self, bindings: Iterable[Binding], depth: int) -> Value:
        """A name is written only when everything that it is ever bound to is."""
        values = [self._bound(one, depth + 1) for one in bindings]
        if values and all(one.origin == "written" for one in values):
            return values[-1]
        return values[0] if len(values) == 1 else GIVEN

    def _bound(self, binding: Binding, depth: int) -> Value:
        value, scope = binding.value, binding.scope
        if isinstance(value, ast.arg):
            return self._parameter(value, scope, depth)
        if isinstance(value, Imported):
            found = self._member(value)
            return self.of(*found, depth + 1) if found else GIVEN
        if value is None or isinstance(value, Definition):
            return GIVEN
        return self.of(value, scope, depth + 1)

    def _attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> Value:
        owner = node.value
        if not isinstance(owner, ast.Name):
            return GIVEN
        holder = scope.enclosing_class if owner.id in {"self", "cls"} else self._class(owner.id, scope)
        if holder is None:
            default = self._options.get(node.attr)
            return Value("default", default, f"--{node.attr.replace('_', '-')}") if default else GIVEN
        if owner.id in {"self", "cls"} and node.attr in holder.attributes:
            return self._of_bindings(holder.attributes[node.attr], depth)
        found = self._of_bindings(holder.bound.get(node.attr, ()), depth)
        if found.origin == "written" and _is_configuration(holder.node):
            return Value("default", found.text, f"{getattr(holder.node, 'name', '')}.{node.attr}")
        return found

    def _parameter(self, arg: ast.arg, scope: Scope, depth: int) -> Value:
        """A parameter is what a call of this module hands over, else its default."""
        for call in self._calls_of(scope.node):
            handed = _handed(call, arg, scope.node)
            value = self.of(handed, self._scope_of[call], depth + 1) if handed is not None else GIVEN
            if value.origin == "written":
                return value._replace(line=value.line or call.lineno)
        default = _default(arg, scope.node)
        text = _literal(default) if default else None
        return Value("default", text, arg.arg) if text else GIVEN

    def _calls_of(self, function: ast.AST) -> Sequence[ast.Call]:
        name = getattr(function, "name", "")
        if name == "__init__":
            parent = self._source.inner[function].parent
            name = getattr(parent.node, "name", "") if parent else ""
        return self._plain_calls.get(name, ())

    @cached_property
    def _scope_of(self) -> dict[ast.AST, Scope]:
        return {one.node: one.scope for one in self._source.placed[ast.Call]}

    @cached_property
    def _plain_calls(self) -> dict[str, list[ast.Call]]:
        found: dict[str, list[ast.Call]] = {}
        for node in self._scope_of:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found.setdefault(node.func.id, []).append(node)
        return found

    @cached_property
    def _options(self) -> dict[str, str]:
        """Options of argparse and click with the default that is written beside them."""
        found: dict[str, str] = {}
        for node in self._scope_of:
            if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in {"add_argument", "option"}:
                continue
            names = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            default = next((_literal(one.value) for one in node.keywords if one.arg == "default"), None)
            found |= {name.lstrip("-").replace("-", "_"): default for name in names if default}
        return found

    def _class(self, name: str, scope: Scope) -> Scope | None:
        """Return the class of this module that a name is, or that it is an instance of with nothing given."""
        for one in _bindings(name, scope):
            value = one.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id != name:
                return None if value.args or value.keywords else self._class(value.func.id, one.scope)
            if isinstance(value, ast.ClassDef):
                return self._source.inner[value]
        return None


def _bindings(name: str, scope: Scope) -> Sequence[Binding]:
    here: Scope | None = scope
    while here is not None:
        if name in here.bound and (here is scope or not here.is_class):
            return here.bound[name]
        here = here.parent
    return ()


def _literal(node: ast.expr) -> str | None:
    """Return the text of a number or string that is written out, a sign or a cast around it included."""
    if isinstance(node, ast.Constant):
        plain = isinstance(node.value, int | float | str) and not isinstance(node.value, bool)
        return repr(node.value) if plain else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _literal(node.operand)
        return f"-{inner}" if inner else None
    cast = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CASTS
    if cast and isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        return _literal(node.args[0])
    return None


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
        return [node.left, node.right]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return node.elts if isinstance(node, ast.Tuple | ast.List) else ()


def _default(arg: ast.arg, function: ast.AST) -> ast.expr | None:
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return None
    args = function.args
    plain = [*args.posonlyargs, *args.args]
    given = zip(plain[len(plain) - len(args.defaults) :], args.defaults, strict=True)
    return next(
        (value for one, value in [*given, *zip(args.kwonlyargs, args.kw_defaults, strict=True)] if one is arg), None
    )


def _handed(call: ast.Call, arg: ast.arg, function: ast.AST) -> ast.expr | None:
    """Return what a call of a function gives to one of its parameters."""
    for keyword in call.keywords:
        if keyword.arg == arg.arg:
            return keyword.value
    args = getattr(function, "args", None)
    plain = [*args.posonlyargs, *args.args] if isinstance(args, ast.arguments) else []
    plain = plain[1:] if plain and plain[0].arg in {"self", "cls"} else plain
    at = plain.index(arg) if arg in plain else len(call.args)
    before = call.args[: at + 1]
    starred = any(isinstance(one, ast.Starred) for one in before)
    return before[at] if len(before) > at and not starred else None


def _is_configuration(node: ast.AST) -> bool:
    """Tell whether a class holds settings: a dataclass, a model of Pydantic's or msgspec's, or one that is named so."""
    if not isinstance(node, ast.ClassDef):
        return False
    marks = [*node.decorator_list, *node.bases]
    words = [written(mark).lower() for mark in marks]
    told = any(
        word in text for text in words for word in ("dataclass", "basemodel", "basesettings", "struct", "define")
    )
    return told or node.name.lower().endswith(_CONFIGURATION)
