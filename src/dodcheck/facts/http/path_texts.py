"""Texts of path expressions: constants, f-strings, settings and their defaults."""

import ast
import re

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.expressions import Expressions, Target

_STRIPS = {"strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "lower"}
_DEFAULTS = re.compile(r"(^|\.)(environ\.get|getenv|Field|Setting|config|get|env|Value)$")
_SLOT = re.compile(r"%\(?\w*\)?[sd]|\{\w*\}")
_TRANSLATES = {"_", "gettext_lazy", "pgettext_lazy", "str", "Path", "r"}


class PathTexts:
    """The text of an expression, with `<expression>` for the parts that only a run would tell.

    Args:
        expressions: The side.
    """

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._active: set[ast.AST] = set()

    def of(self, node: ast.AST | None, scope: Scope) -> str | None:
        """Return the text; None when nothing of it is known."""
        if node is None or node in self._active:
            return None
        self._active.add(node)
        try:
            return self._read(node, scope)
        finally:
            self._active.discard(node)

    def shown(self, node: ast.AST | None, scope: Scope) -> str:
        """Return the text, or the whole expression in brackets; empty for no expression and for None."""
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return ""
        found = self.of(node, scope)
        return f"/<{written(node)}>" if found is None else found

    def _read(self, node: ast.AST, scope: Scope) -> str | None:  # noqa: PLR0911 - one line a kind of expression
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.JoinedStr):
            return "".join(self._part(part, scope) for part in node.values)
        if isinstance(node, ast.BinOp):
            return self._operated(node, scope)
        if isinstance(node, ast.IfExp):
            return self.of(node.body, scope) or self.of(node.orelse, scope)
        if isinstance(node, ast.BoolOp):
            return next((text for one in node.values if (text := self.of(one, scope))), None)
        if isinstance(node, ast.Call):
            return self._called(node, scope)
        if isinstance(node, ast.Name | ast.Attribute):
            return self._named(node, scope)
        return None

    def _part(self, part: ast.AST, scope: Scope) -> str:
        if isinstance(part, ast.FormattedValue):
            found = self.of(part.value, scope)
            return f"<{written(part.value)}>" if found is None else found
        return str(part.value) if isinstance(part, ast.Constant) else ""

    def _operated(self, node: ast.BinOp, scope: Scope) -> str | None:
        left, right = self.of(node.left, scope), self.of(node.right, scope)
        if isinstance(node.op, ast.Mod) and left is not None:
            values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            return self._filled(left, values, scope)
        if left is None and right is None:
            return None
        left = f"<{written(node.left)}>" if left is None else left
        right = f"<{written(node.right)}>" if right is None else right
        between = "/" if isinstance(node.op, ast.Div) else ""
        return f"{left}{between}{right}"

    def _filled(self, template: str, values: list[ast.expr], scope: Scope) -> str:
        left = list(values)

        def fill(match: re.Match[str]) -> str:
            if not left:
                return match[0]
            value = left.pop(0)
            return self.of(value, scope) or f"<{written(value)}>"

        return _SLOT.sub(fill, template)

    def _called(self, node: ast.Call, scope: Scope) -> str | None:
        if isinstance(node.func, ast.Attribute):
            owner = self.of(node.func.value, scope)
            if owner is not None and node.func.attr == "format":
                return self._filled(owner, [*node.args, *(k.value for k in node.keywords)], scope)
            if owner is not None and node.func.attr in _STRIPS:
                given = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                return str(getattr(owner, node.func.attr)(*given))
        name = written(node.func)
        defaults = [k.value for k in node.keywords if k.arg in {"default", "default_value"}]
        if _DEFAULTS.search(name):
            spare = node.args[1:2] if len(node.args) > 1 else node.args[:1] if name.endswith("Field") else []
            return next((text for one in [*defaults, *spare] if (text := self.of(one, scope)) is not None), None)
        if name in _TRANSLATES and node.args:
            return self.of(node.args[0], scope)
        return self._wrapped(node, scope)

    def _wrapped(self, node: ast.Call, scope: Scope) -> str | None:
        """A function around one path, such as one that puts the tenant before it, is taken for the path."""
        given = [text for one in node.args if (text := self.of(one, scope)) is not None]
        if len(given) == 1 and given[0].startswith("/"):
            return given[0]
        made = self._expressions.targets(node, scope)
        found = (self.of(one.node, one.scope) for one in made if one.node is not node and one.scope)
        return next((text for text in found if text is not None), None)

    def _named(self, node: ast.Name | ast.Attribute, scope: Scope) -> str | None:
        if isinstance(node, ast.Attribute) and node.attr == "value" and isinstance(node.value, ast.Attribute):
            return self.of(node.value, scope)
        found = (self._target(one) for one in self._expressions.targets(node, scope))
        return next((text for text in found if text is not None), None)

    def _target(self, target: Target) -> str | None:
        if isinstance(target.node, ast.arg) and target.scope and isinstance(target.scope.node, Function):
            default = default_of(target.node, target.scope.node.args)
            return self.of(default, target.scope.parent or target.scope)
        return self.of(target.node, target.scope) if target.node and target.scope else None


def default_of(arg: ast.arg, args: ast.arguments) -> ast.expr | None:
    """Return the default of a parameter."""
    plain = [*args.posonlyargs, *args.args]
    if arg in plain:
        index = plain.index(arg) - len(plain) + len(args.defaults)
        return args.defaults[index] if index >= 0 else None
    if arg in args.kwonlyargs:
        return args.kw_defaults[args.kwonlyargs.index(arg)]
    return None
