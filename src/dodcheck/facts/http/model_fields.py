"""Fields of the classes that describe payloads, the inherited and the nested ones included."""

import ast
import re
from collections.abc import Iterator, Sequence

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.scopes import Scope
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.endpoint import Field
from dodcheck.facts.http.expressions import Expressions, Target

_BASES = re.compile(r"(^|[.\w])(\w*BaseModel|SQLModel|\w*Schema|TypedDict|NamedTuple|Struct|\w*Serializer|RootModel)$")
_DATACLASS = re.compile(r"(^|\.)(dataclass|define|attrs|s)(\(|$)")
_SERIALIZED = re.compile(r"(^|\.)(\w+Field|\w+Serializer)$")
_DEEPEST = 3  # models inside models
_NOT_FIELDS = {"model_config", "__slots__", "Meta", "Config"}


class ModelFields:
    """Fields of models of one side.

    Args:
        expressions: The side.
    """

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._known: dict[tuple[ast.AST, int], tuple[Field, ...]] = {}
        self._models: dict[ast.AST, bool] = {}

    def is_model(self, target: Target) -> bool:
        """Tell whether a class describes data."""
        if not isinstance(target.node, ast.ClassDef) or target.scope is None:
            return False
        if target.node not in self._models:
            self._models[target.node] = self._describes(target.node, target.scope)
        return self._models[target.node]

    def _describes(self, node: ast.ClassDef, scope: Scope) -> bool:
        if any(_DATACLASS.search(written(mark)) for mark in node.decorator_list):
            return True
        bases = list(self._expressions.bases(node, scope))
        named = [one.node.name if isinstance(one.node, ast.ClassDef) else one.dotted for one in bases]
        return any(map(_BASES.search, named))

    def of(self, model: Target, depth: int = 0) -> tuple[Field, ...]:
        """Return the fields of a model; those of a model inside it under a dotted name."""
        if model.node is None or model.scope is None or not isinstance(model.node, ast.ClassDef):
            return ()
        key = (model.node, depth)
        if key not in self._known:
            self._known[key] = ()  # a model that holds itself
            found: dict[str, Field] = {}
            lineage = [model, *self._expressions.bases(model.node, model.scope)]
            for one in reversed(lineage):
                if isinstance(one.node, ast.ClassDef) and one.scope:
                    found.update({field.name: field for field in self._own(one.node, one.scope, depth)})
            self._known[key] = tuple(found.values())
        return self._known[key]

    def _own(self, node: ast.ClassDef, scope: Scope, depth: int) -> Iterator[Field]:
        inner = self._expressions.inner(node, scope)
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                field = _annotated(one.target.id, one)
                if field:
                    yield field
                    yield from self._nested(field, one.annotation, inner, depth)
            elif isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                yield from _assigned(one.targets[0].id, one.value)
            elif isinstance(one, Function) and any("computed_field" in written(d) for d in one.decorator_list):
                yield Field(one.name, written(one.returns) if one.returns else "")
            elif isinstance(one, ast.ClassDef) and one.name == "Meta":
                yield from (Field(name) for name in _listed(one))

    def _nested(self, field: Field, annotation: ast.expr, scope: Scope, depth: int) -> Iterator[Field]:
        if depth >= _DEEPEST:
            return
        for one in walk(annotation):
            if isinstance(one, ast.Name | ast.Attribute):
                for found in self._expressions.targets(one, scope):
                    if self.is_model(found):
                        for part in self.of(found, depth + 1):
                            required = part.required and field.required
                            yield Field(f"{field.name}.{part.name}", part.type, required)


def _annotated(name: str, node: ast.AnnAssign) -> Field | None:
    hint = written(node.annotation)
    if name.startswith("_") or name in _NOT_FIELDS or "ClassVar" in hint or "Relationship" in _callee(node.value):
        return None
    call = node.value if isinstance(node.value, ast.Call) and _callee(node.value).endswith(("Field", "field")) else None
    given = {k.arg: k.value for k in call.keywords} if call else {}
    if "exclude" in given and written(given["exclude"]) == "True":
        return None
    alias = next((given[k] for k in ("serialization_alias", "alias") if k in given), None)
    wire = alias.value if isinstance(alias, ast.Constant) and isinstance(alias.value, str) else name
    required = node.value is None if call is None else _is_required(call, list(given))
    return Field(wire, hint, required and not hint.startswith("NotRequired"))


def _is_required(call: ast.Call, given: Sequence[str | None]) -> bool:
    first = written(call.args[0]) if call.args else ""
    return first == "..." or (not first and not {"default", "default_factory", "factory"} & set(given))


def _callee(node: ast.expr | None) -> str:
    return written(node.func) if isinstance(node, ast.Call) else ""


def _assigned(name: str, value: ast.expr) -> Iterator[Field]:
    """Fields of serializers are calls that are assigned."""
    if isinstance(value, ast.Call) and _SERIALIZED.search(written(value.func)) and not name.startswith("_"):
        given = {k.arg: written(k.value) for k in value.keywords}
        optional = given.get("required") == "False" or given.get("read_only") == "True" or "default" in given
        yield Field(name, written(value.func).rpartition(".")[2], not optional)


def _listed(meta: ast.ClassDef) -> Iterator[str]:
    for one in meta.body:
        if isinstance(one, ast.Assign) and written(one.targets[0]) == "fields":
            elements = one.value.elts if isinstance(one.value, ast.List | ast.Tuple) else []
            yield from (str(e.value) for e in elements if isinstance(e, ast.Constant))
