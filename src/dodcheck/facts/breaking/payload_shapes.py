"""Keys of what one module sends and takes: response and request models, serialisers, literal dicts of routes."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from dodcheck.facts.code.modules import Definition, Function, definitions
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written

Direction = Literal["sent", "taken", "either"]

SUSPECT = re.compile(
    r"\b(BaseModel|SQLModel|Schema|\w*Serializer|TypedDict|Struct|to_dict|as_dict|to_json|serialize)\b|@\w+(\.\w+)*\.\w+\("
)
_MODEL = re.compile(r"(^|\.)(BaseModel|SQLModel|Schema|\w*Serializer|Struct)$")
_SENT = re.compile(r"(Response|Out|Output|Read|Public|View|DTO|Result|Serializer|Event|Reply|Answer)$|^(Response)")
_TAKEN = re.compile(r"(Request|In|Input|Create|Update|Patch|Body|Params|Query|Command)$")
_ROUTE = re.compile(r"\.(get|post|put|patch|delete|route|websocket|api_route)$")
_SERIALISES = {"to_dict", "as_dict", "to_json", "serialize", "as_json", "__json__", "toJSON"}


class Payload(msgspec.Struct, frozen=True):
    """One thing that is sent or taken.

    Args:
        symbol: The class, or the function that answers.
        direction: Which way it goes.
        keys: Name on the wire to its 1-based line and whether it must be given.
        open_ended: More keys are put in at run time.
        is_model: The keys are the fields of a class.
        line: 1-based line.
    """

    symbol: str
    direction: Direction
    keys: Mapping[str, tuple[int, bool]]
    open_ended: bool
    is_model: bool
    line: int


def payloads(tree: ast.Module) -> Mapping[str, Payload]:
    """Return what a module sends and takes, by symbol."""
    answered = set(_answered(tree))
    found: dict[str, Payload] = {}
    for name, node in definitions(tree):
        if isinstance(node, ast.ClassDef):
            if any(_MODEL.search(written(base).partition("[")[0]) for base in node.bases):
                found[name] = _model(name, node, answered)
        elif _is_route(node) or node.name in _SERIALISES:
            one = _literal(name, node)
            if one is not None:
                found[name] = one
    return found


def _answered(tree: ast.Module) -> Iterator[str]:
    """Yield names of classes that routes of the module answer with."""
    for _, node in definitions(tree):
        if isinstance(node, Function) and _is_route(node):
            parts: list[ast.AST] = [node.returns] if node.returns else []
            calls = [mark for mark in node.decorator_list if isinstance(mark, ast.Call)]
            parts += [k.value for call in calls for k in call.keywords if k.arg == "response_model"]
            yield from (n.id for part in parts for n in walk(part) if isinstance(n, ast.Name))


def _is_route(node: Definition) -> bool:
    calls = (mark.func for mark in node.decorator_list if isinstance(mark, ast.Call) and mark.args)
    return any(_ROUTE.search(written(call)) for call in calls)


def _model(name: str, node: ast.ClassDef, answered: set[str]) -> Payload:
    sent, taken = bool(_SENT.search(node.name)) or node.name in answered, bool(_TAKEN.search(node.name))
    direction: Direction = "sent" if sent and not taken else "taken" if taken and not sent else "either"
    keys: dict[str, tuple[int, bool]] = {}
    for part in node.body:
        target = (
            part.target
            if isinstance(part, ast.AnnAssign)
            else part.targets[0]
            if isinstance(part, ast.Assign)
            else None
        )
        if not isinstance(target, ast.Name) or target.id.startswith("_") or target.id in {"model_config", "Meta"}:
            continue
        value = part.value if isinstance(part, ast.AnnAssign | ast.Assign) else None
        called = value if isinstance(value, ast.Call) else None
        if isinstance(part, ast.Assign) and (called is None or "ields." not in written(called.func) + "."):
            continue
        annotation = written(part.annotation) if isinstance(part, ast.AnnAssign) else ""
        if "ClassVar" not in annotation:
            keys[_alias(called) or target.id] = (part.lineno, _is_needed(value, called, annotation))
    return Payload(name, direction, keys, open_ended=len(node.bases) > 1, is_model=True, line=node.lineno)


def _alias(call: ast.Call | None) -> str | None:
    given = {k.arg: k.value for k in call.keywords} if call else {}
    values = (given.get(key) for key in ("serialization_alias", "alias", "data_key", "source"))
    return next((v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)), None)


def _is_needed(value: ast.expr | None, call: ast.Call | None, annotation: str) -> bool:
    if call is None:
        return value is None and "NotRequired" not in annotation
    given = {k.arg: k.value for k in call.keywords}
    if "required" in given:
        return written(given["required"]) == "True"
    first = written(call.args[0]) if call.args else "..."
    return first == "..." and not {"default", "default_factory"} & given.keys() and bool(annotation)


def _literal(name: str, node: Function) -> Payload | None:
    keys: dict[str, tuple[int, bool]] = {}
    loose = False
    returned = [part.value for part in walk(node) if isinstance(part, ast.Return) and part.value is not None]
    for value in returned:
        inner = (
            value.args[0]
            if isinstance(value, ast.Call) and value.args and "json" in written(value.func).lower()
            else value
        )
        if not isinstance(inner, ast.Dict):
            loose = True
            continue
        loose |= any(not isinstance(key, ast.Constant) for key in inner.keys)
        for one in (part for part in walk(inner) if isinstance(part, ast.Dict)):
            for key in one.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    keys[key.value] = (key.lineno, False)
    direction: Direction = "sent" if _is_route(node) else "either"
    if not keys and not loose:
        return None
    return Payload(name, direction, keys, open_ended=loose, is_model=False, line=node.lineno)
