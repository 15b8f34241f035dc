"""OpenAPI and Swagger documents as HTTP interfaces."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Self

from dodcheck.facts.http.endpoint import Endpoint, Field, Payload, Unresolved, joined

_VERBS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
_HOST = re.compile(r"^\w+://[^/]*")
_LARGEST = 4_000_000  # characters; a larger document is no hand's work, and YAML of that size takes minutes
_DEEPEST = 3  # models inside models


class OpenApiDocument:
    """What one document says of an interface.

    Args:
        document: The document.
        path: Where it stands.
    """

    def __init__(self, document: Mapping[str, Any], path: str) -> None:
        self._document = document
        self.path = path

    @classmethod
    def parse(cls, text: str, path: str) -> Self | None:
        """Read JSON or YAML; None for what is no OpenAPI or Swagger document."""
        if len(text) > _LARGEST or not re.search(r"\b(openapi|swagger)\b", text[:5000]) or "paths" not in text:
            return None
        try:
            document: Any = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
        except ValueError:
            return None
        usable = isinstance(document, dict) and isinstance(document.get("paths"), dict)
        return cls(document, path) if usable else None

    @property
    def unread(self) -> tuple[str, ...]:
        """Nothing: a document is whole."""
        return ()

    @property
    def unresolved(self) -> tuple[Unresolved, ...]:
        """A document leaves nothing open."""
        return ()

    @cached_property
    def all(self) -> tuple[Endpoint, ...]:
        """Every operation, with the path of the document's only server before it."""
        return tuple(self._operations)

    def payload(self, endpoint: Endpoint) -> Payload:
        """Return the fields of an operation's parameters, of its body and of its successful answer."""
        operation = self._operations.get(endpoint, {})
        request = [
            Field(str(one.get("name")), "", bool(one.get("required")))
            for one in map(self._resolved, _items(operation.get("parameters")))
            if one.get("in") != "path"
        ]
        body = self._schema(self._resolved(operation.get("requestBody")))
        request += self._fields(body, 0)
        answers = operation.get("responses")
        good = [v for k, v in answers.items() if str(k).startswith("2")] if isinstance(answers, dict) else []
        response = [one for answer in good for one in self._fields(self._schema(self._resolved(answer)), 0)]
        return Payload(tuple(request), tuple({one.name: one for one in response}.values()))

    @cached_property
    def _operations(self) -> dict[Endpoint, Mapping[str, Any]]:
        found: dict[Endpoint, Mapping[str, Any]] = {}
        for path, item in self._document["paths"].items():
            for method, operation in item.items() if isinstance(item, dict) else ():
                if str(method).lower() in _VERBS and isinstance(operation, dict):
                    found[self._endpoint(str(method).upper(), joined(self._prefix, str(path)), operation)] = operation
        return found

    def _endpoint(self, method: str, path: str, operation: Mapping[str, Any]) -> Endpoint:
        answers = operation.get("responses")
        codes = [int(k) for k in answers if str(k).startswith("2") and str(k).isdigit()] if answers else []
        return Endpoint(
            method=method,
            path=path,
            handler=str(operation.get("operationId", "")),
            file=self.path,
            line=1,
            status=min(codes, default=None),
            deprecated=operation.get("deprecated") is True,
            described=bool(operation.get("description")),
            typed=any("schema" in json.dumps(v, default=str) for v in answers.values()) if answers else False,
        )

    @property
    def _prefix(self) -> str:
        servers = _items(self._document.get("servers"))
        urls = [str(one.get("url", "")) for one in servers if isinstance(one, dict)]
        base = self._document.get("basePath") or (urls[0] if len(urls) == 1 else "")
        return _HOST.sub("", str(base)).rstrip("/")

    def _schema(self, holder: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a part of a JSON document
        content = holder.get("content")
        kinds = list(content.values()) if isinstance(content, dict) else []
        first = kinds[0] if kinds and isinstance(kinds[0], dict) else holder
        return first.get("schema")

    def _fields(self, schema: Any, depth: int) -> Iterator[Field]:  # noqa: ANN401 - as above
        one = self._resolved(schema)
        if depth > _DEEPEST or not one:
            return
        for inner in (
            one.get("items"),
            *_items(one.get("allOf")),
            *_items(one.get("anyOf")),
            *_items(one.get("oneOf")),
        ):
            yield from self._fields(inner, depth)
        required = set(map(str, _items(one.get("required"))))
        properties = one.get("properties")
        for name, part in properties.items() if isinstance(properties, dict) else ():
            yield Field(str(name), str(part.get("type", "")) if isinstance(part, dict) else "", name in required)
            for below in self._fields(part, depth + 1):
                yield Field(f"{name}.{below.name}", below.type, below.required and name in required)

    def _resolved(self, node: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as above
        for _ in range(_DEEPEST):
            if not isinstance(node, dict) or "$ref" not in node:
                break
            target: Any = self._document
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target.get(part.replace("~1", "/"), {}) if isinstance(target, dict) else {}
            node = target
        return node if isinstance(node, dict) else {}


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _yaml(text: str) -> object:
    import yaml  # noqa: PLC0415 - start-up is a feature

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loaded: object = yaml.load(text, loader)  # noqa: S506 - a safe loader, the C one where there is one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return loaded
