"""What a change alters of what users and their browsers see: routes, options, selectors, texts, pages."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal, Self

import msgspec

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.errors import ToolError
from dodcheck.facts.code.changed_functions import ChangedFunctions, FunctionChange
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.http.endpoint_changes import EndpointChanges

LiteralKind = Literal["route", "option", "selector", "text"]

_MARKUP = (".html", ".htm", ".j2", ".jinja", ".jinja2", ".vue", ".svelte", ".tsx", ".jsx", ".ts", ".js", ".mjs")
_PAGES = (".html", ".htm", ".j2", ".jinja", ".jinja2", ".vue", ".svelte", ".tsx", ".jsx")
_NOT_SHOWN = re.compile(
    r"(^|/)(docs?|examples?|benchmarks?|scripts?|tools?|node_modules|\.github|migrations|client)/|\.d\.ts$|\.gen\."
)
_ATTRIBUTE = re.compile(
    r"(?<![\w.])(?P<name>data-[\w-]*(?:test|cy|qa|id)[\w-]*|id|name|aria-label|placeholder|for|htmlFor)=\{?[\"'](?P<value>[^\"'{}<>$%]+)[\"']"
)
_TEXT = re.compile(r">\s*(?P<value>[A-Z][^<>{}=;$()]{4,80}?)\s*<")
_LINK = re.compile(r"\b(?:href|action|to|path|src)\s*[=:]\s*\{?[\"'](?P<value>/[\w/{}:.$<>-]{3,})[\"']")
_PYTHON_ROUTE = re.compile(
    r"(?:\.(?:route|get|post|put|patch|delete|websocket|add_url_rule|add_api_route|add_route|head|options)|\b(?:re_)?path|\burl"
    r"|\bRoute)\(\s*[rf]?[\"'](?P<value>[^\"'\n]+)[\"']"
)
_PYTHON_OPTION = re.compile(r"[\"'](?P<value>--[a-z][\w-]{2,})(?:/--[\w-]+)?[\"']")
_PAGE_PATH = re.compile(
    r"(?:^|/)(?:pages|routes|app)/(?P<route>.+?)(?:/(?:page|index|\+page))?\.(?:tsx|jsx|vue|svelte)$"
)
_HOLE = re.compile(r"\\\{[^{}]*\\\}|<[^<>]*>|:\w+|\\\$\w+|\\\[\w+\\\]")
_NEW = "is new"
_HANDLED = "is served by changed code"
_FILLED = r"[^/\s\"'`?]+"  # what stands in place of a parameter of a route
_TELLING = 3  # letters in a row below which a word says too little
_LONG_TEXT = 8


def is_shown(path: str) -> bool:
    """Tell whether a file can be a part of what users run: no documentation, script, migration or generated client."""
    return not _NOT_SHOWN.search(path)


class SurfaceLiteral(msgspec.Struct, frozen=True):
    """One thing that users, or what drives a browser for them, name.

    Args:
        kind: What it is.
        text: How it is written.
        path: The file that it changed in.
        why: What became of it.
        certain: Whoever names it is affected; a page may change in what nobody looks at.
    """

    kind: LiteralKind
    text: str
    path: str
    why: str
    certain: bool = True

    @property
    def is_new(self) -> bool:
        """It was not there at base."""
        return self.why == _NEW

    @property
    def regex(self) -> re.Pattern[str]:
        """What a scenario that names it looks like."""
        text = re.escape(self.text)
        if self.kind == "route":
            return re.compile(_HOLE.sub(lambda _: _FILLED, text) + r"(?![\w/-])")
        return re.compile(rf"(?<![\w-]){text}(?![\w-])")


class SurfaceChanges:
    """The changed literals of a change's source, and the files that are shown to users.

    Args:
        change: The change.
        modules: The text of both sides.
        functions: The changed Python functions: a route whose handler changed is changed.
        endpoints: The changes of the HTTP interface, with the whole path of each; None where it cannot be read.
    """

    def __init__(
        self, change: Change, modules: Both[Modules], functions: ChangedFunctions, endpoints: EndpointChanges | None
    ) -> None:
        self._change = change
        self._modules = modules
        self._functions = functions
        self._endpoints = endpoints

    @classmethod
    def of(
        cls, change: Change, modules: Both[Modules], functions: ChangedFunctions, endpoints: EndpointChanges | None
    ) -> Self:
        """Nothing is read yet."""
        return cls(change, modules, functions, endpoints)

    @cached_property
    def files(self) -> tuple[ChangedFile, ...]:
        """Changed source files that may hold such literals."""
        found = (f for f in self._change.files if f.role == "source" and f.path.endswith((".py", *_MARKUP)))
        return tuple(f for f in found if is_shown(f.path))

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Changed files that are a page or a part of one."""
        return tuple(f.path for f in self.files if f.path.endswith(_PAGES))

    @cached_property
    def literals(self) -> tuple[SurfaceLiteral, ...]:
        """Each literal that is gone, new, or whose handler or page changed, once.

        A new one alone says nothing of scenarios that were there before it: nobody can have meant it.
        """
        base: dict[tuple[LiteralKind, str], str] = {}
        head: dict[tuple[LiteralKind, str], str] = {}
        for file in self.files:
            base |= dict.fromkeys(_read(self._modules.base.text(file.base_path), file.path), file.path)
            head |= dict.fromkeys(_read(self._modules.head.text(file.head_path), file.path), file.path)
        found = [SurfaceLiteral(*key, path, "is gone") for key, path in base.items() if key not in head]
        found += [SurfaceLiteral(*key, path, _NEW) for key, path in head.items() if key not in base]
        found += [*self._served(), *self._decorated(), *(one for file in self.files for one in _page(file))]
        return tuple({(one.kind, one.text): one for one in reversed(found) if _is_telling(one)}.values())

    def _served(self) -> Iterator[SurfaceLiteral]:
        """Yield the endpoints that changed, and those whose handler changed."""
        http = self._endpoints or EndpointChanges()
        moved = [end for pair in http.moved for end in (pair.base, pair.head)]
        altered = [pair.head for pair in http.altered]
        changed = {(pair.head.path, pair.head.name) for pair in self._changed_functions()} if http.after else set()
        handled = [one for one in http.after if (one.file, one.handler) in changed]
        for ends, why in ((http.removed, "is gone"), (http.added, _NEW), (moved, "moved"), (altered, "changed")):
            yield from (SurfaceLiteral("route", one.path, one.file, why) for one in ends)
        yield from (SurfaceLiteral("route", one.path, one.file, _HANDLED) for one in handled)

    def _changed_functions(self) -> Iterator[FunctionChange]:
        for file in self.files:
            if file.path.endswith(".py") and file.head_path:
                try:
                    yield from (pair for pair in self._functions.of_file(file) if pair.changed)
                except ToolError:  # the rules that judge code say so
                    continue

    def _decorated(self) -> Iterator[SurfaceLiteral]:
        """Yield routes and options in the decorators of functions whose code changed."""
        for pair in self._changed_functions():
            above = pair.head.text.partition("def ")[0] if pair.head.node.decorator_list else ""
            yield from (SurfaceLiteral(*key, pair.head.path, _HANDLED) for key in _read(above, pair.head.path))


def _read(text: str, path: str) -> Mapping[tuple[LiteralKind, str], None]:
    found: dict[tuple[LiteralKind, str], None] = {}
    if path.endswith(".py"):
        found |= {("route", _route(m["value"])): None for m in _PYTHON_ROUTE.finditer(text)}
        found |= {("option", m["value"]): None for m in _PYTHON_OPTION.finditer(text)}
        return found
    found |= {("route", m["value"]): None for m in _LINK.finditer(text)}
    found |= {("selector", m["value"].strip()): None for m in _ATTRIBUTE.finditer(text)}
    if path.endswith(_PAGES):
        found |= {("text", " ".join(m["value"].split())): None for m in _TEXT.finditer(text)}
    return found


def _route(value: str) -> str:
    plain = value.strip("^$")
    return plain if plain.startswith("/") else f"/{plain}"


def _page(file: ChangedFile) -> Iterator[SurfaceLiteral]:
    match = _PAGE_PATH.search(file.path)
    parts = [p for p in PurePosixPath(match["route"]).parts if not p.startswith(("_", "("))] if match else []
    if parts:
        yield SurfaceLiteral("route", "/" + "/".join(parts), file.path, "is shown by a changed page", certain=False)


def _is_telling(one: SurfaceLiteral) -> bool:
    """Leave out what is so short or common that finding it again says nothing."""
    plain = re.sub(r"\{[^}]*\}|<[^>]*>|:\w+", "", one.text)
    if one.kind == "text":
        return " " in one.text
    if one.kind == "selector":
        return len(re.findall(r"[A-Za-z]+", plain)) > 1 or len(plain) >= _LONG_TEXT
    return bool(re.search(rf"[A-Za-z]{{{_TELLING},}}", plain))
