"""What endpoints take and give: fields of Pydantic models, dataclasses, typed dictionaries and serializers."""

import ast
import re
from collections.abc import Iterator, Sequence

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.parsing import expression
from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.endpoint import Endpoint, Field, Payload
from dodcheck.facts.http.expressions import Expressions, Target
from dodcheck.facts.http.model_fields import ModelFields
from dodcheck.facts.http.path_texts import default_of
from dodcheck.facts.http.route_table import Route
from dodcheck.facts.http.routers import is_constant

_PLAIN = re.compile(r"\b(str|int|float|bool|bytes|UUID\d?|datetime|date|Decimal|Literal|EmailStr|list|List)\b")
_GIVEN = re.compile(r"\b(Depends|Security)\(")
_PARAMETER = re.compile(r"[{<](?:[^{}<>:]*:)?(\w+)[^{}<>]*[}>]")
_REQUIRED = re.compile(r"\b(Query|Body|Form|File|Header|Cookie|Path)\((\.\.\.)?")


class Payloads:
    """Payloads of one side.

    Args:
        expressions: The side.
    """

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._fields = ModelFields(expressions)

    def of(self, route: Route, endpoint: Endpoint) -> Payload:
        """Return what one endpoint takes and gives."""
        target = route.handler
        if target is None or target.scope is None or not isinstance(target.node, Definition):
            return Payload()
        given = {k.arg: k.value for k in route.call.keywords if k.arg}
        if isinstance(target.node, ast.ClassDef):
            return self._of_class(target)
        declared, scope = target.node.returns, target.scope
        if "response_model" in given:
            declared, scope = given["response_model"], route.scope
        models = list(self._models(declared, scope)) if not is_constant(declared, value=None) else []
        response = [one for model in models for one in self._fields.of(model)]
        request = list(self._request(target.node, target.scope, endpoint))
        return Payload(_unique(request), _unique(response), tuple(_name(one) for one in models))

    def _of_class(self, target: Target) -> Payload:
        """The serializer that a class view of the REST framework names is both what it takes and what it gives."""
        found = [one for one in self._expressions.member(target, "serializer_class") if _name(one)]
        fields = [one for model in found for one in self._fields.of(model)]
        return Payload(_unique(fields), _unique(fields), tuple(map(_name, found)))

    def _models(self, node: ast.expr | None, scope: Scope) -> Iterator[Target]:
        """Yield the models that an annotation names, inside of lists and unions too."""
        for one in walk(_unquoted(node)) if node is not None else ():
            if isinstance(one, ast.Name | ast.Attribute):
                for found in self._expressions.targets(one, scope):
                    if self._fields.is_model(found):
                        yield found
                    elif isinstance(found.node, ast.Subscript | ast.BinOp) and found.scope and found.node is not node:
                        yield from self._models(found.node, found.scope)

    def _request(self, function: Function, scope: Scope, endpoint: Endpoint) -> Iterator[Field]:
        args = function.args
        inside = set(_PARAMETER.findall(endpoint.path))
        for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]:
            hint, default = arg.annotation, default_of(arg, args)
            words = written(hint) if hint else ""
            words += f" = {written(default)}" if default is not None else ""
            if arg.arg in inside or arg.arg in {"self", "cls"} or _GIVEN.search(words) or hint is None:
                continue
            if self._is_injected(hint, scope):
                continue
            models = list(self._models(hint, scope))
            if models:
                yield from (one for model in models for one in self._fields.of(model))
            elif _PLAIN.search(words):
                yield Field(arg.arg, written(hint), _is_required(default))

    def _is_injected(self, hint: ast.expr, scope: Scope) -> bool:
        """Tell whether an annotation is an alias such as `CurrentUser = Annotated[User, Depends(…)]`."""
        found = self._expressions.targets(hint, scope) if isinstance(hint, ast.Name | ast.Attribute) else ()
        return any(isinstance(one.node, ast.Subscript) and _GIVEN.search(written(one.node)) for one in found)


def _is_required(default: ast.expr | None) -> bool:
    if default is None:
        return True
    words = written(default)
    marked = _REQUIRED.match(words)
    if words == "..." or (marked and marked[2]):
        return True
    named = isinstance(default, ast.Call) and any(k.arg in {"default", "default_factory"} for k in default.keywords)
    return bool(marked) and not named and isinstance(default, ast.Call) and not default.args


def _unquoted(node: ast.expr) -> ast.expr:
    """Return the expression inside of a quoted annotation."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return expression(node.value.strip())
        except SyntaxError:
            return node
    return node


def _name(target: Target) -> str:
    return target.node.name if isinstance(target.node, ast.ClassDef) else ""


def _unique(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple({one.name: one for one in fields}.values())
