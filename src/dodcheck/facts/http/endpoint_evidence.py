"""What the documents of a change say of single endpoints: in specifications, on pages, in changelogs."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from dodcheck.change import Both
from dodcheck.facts.http.api_documents import ApiDocuments, Touched, TouchedApiDocuments
from dodcheck.facts.http.endpoint import ANY, Endpoint, Field
from dodcheck.facts.http.endpoint_changes import EndpointChange
from dodcheck.facts.http.mentions import Mention, naming
from dodcheck.facts.http.openapi import OpenApiDocument

_TELLING = 2  # parts that two paths share at their ends from which on a prefix may be all that sets them apart
_SHARE = 3  # one endpoint in so many named on pages makes them documentation of the interface
_MANY = 5  # or so many in all
_CALLED = re.compile(
    r"\bcurl\b|https?://|\bendpoints?\b|\bAPI\b|\broutes?\b"
)  # what tells a path of one part from a file's
_GONE = re.compile(
    r"\b(removed?|deprecat\w+|no longer|was|formerly|previously|dropped|replaced|renamed|legacy|old)\b", re.IGNORECASE
)


class EndpointEvidence:
    """Evidence for and against single endpoints.

    Args:
        documents: The documents of both sides.
        touched: What the change does to them.
        before: The public endpoints of base.
        after: The public endpoints of head.
        globs: Further pages.
        spec_path: The only specification to look at, if any.
    """

    def __init__(
        self,
        documents: Both[ApiDocuments],
        touched: TouchedApiDocuments,
        before: Sequence[Endpoint],
        after: Sequence[Endpoint],
        globs: Sequence[str] = (),
        spec_path: str = "",
    ) -> None:
        self._documents = documents
        self._touched = touched
        self._before = before
        self._after = after
        self._globs = globs
        self._spec_path = spec_path

    @cached_property
    def specification(self) -> OpenApiDocument | None:
        """The committed document of this interface: one that names at least half of the endpoints."""
        known = self._before or self._after
        rated = [(sum(specified(d, e) is not None for e in known), d) for d in self._specifications]
        best = max(rated, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0] * 2 >= len(known) else None

    @property
    def _specifications(self) -> Iterator[OpenApiDocument]:
        return self._documents.head.specifications(self._spec_path)

    def line(self, *endpoints: Endpoint, words: Sequence[str] = ()) -> Touched | None:
        """Return a line of a page or changelog that the change touches and that names one of the endpoints.

        Args:
            endpoints: Any of them will do.
            words: Fields; a touched line of a page that names the endpoint elsewhere, or of a changelog, may name them.
        """
        patterns = [naming(one.key[1], whole=False) for one in endpoints if one.key[1] != "/"]
        handlers = [one.handler.rpartition(".")[2] for one in endpoints if "_" in one.handler]
        for one in self._lines:
            if any(pattern.search(one.text) for pattern in patterns):
                return one
            if one.changelog and any(name in one.text for name in handlers):
                return one
            if any(re.search(rf"\b{re.escape(word)}\b", one.text) for word in words):
                return one
        return None

    @cached_property
    def _lines(self) -> Sequence[Touched]:
        return self._touched.lines(self._globs)

    @cached_property
    def handwritten(self) -> str | None:
        """The page that documents the interface by hand, when enough endpoints of base are named on pages."""
        paths = {one.key[1]: one for one in self._before if len(one.key[1]) > 1}
        named: dict[str, str] = {}
        for key, one in paths.items():
            found = next(self._documents.base.naming(one, self._globs), None)
            if found:
                named[key] = found.path
        enough = named and (len(named) >= _MANY or len(named) * _SHARE >= len(paths))
        pages = list(named.values())
        return max(pages, key=pages.count) if enough else None

    def stale(self, endpoint: Endpoint) -> Iterator[Mention]:
        """Yield lines at head that still name an endpoint that is gone."""
        path = endpoint.key[1]
        if path.strip("/{}") == "":
            return
        others = {one.method for one in self._after if one.key[1] == path}
        for one in self._documents.head.naming(endpoint, self._globs):
            meant = one.method == endpoint.method if others else one.method in {"", endpoint.method}
            meant = meant or (endpoint.method == ANY and not others)
            certain = one.method or path.count("/") > 1 or _CALLED.search(one.text)
            if meant and certain and not _GONE.search(one.text):
                yield one


def specified(document: OpenApiDocument, endpoint: Endpoint) -> Endpoint | None:
    """Return the operation of a document that stands for an endpoint; a prefix may set their paths apart."""
    method, path = endpoint.key
    for one in document.all:
        its = one.key[1]
        same = its == path or (
            min(its.count("/"), path.count("/")) >= _TELLING and (its.endswith(path) or path.endswith(its))
        )
        if same and method in {one.method, ANY}:
            return one
    return None


def outdated(document: OpenApiDocument, altered: Sequence[EndpointChange]) -> Iterator[str]:
    """Yield what a document says of the fields of altered endpoints that is no longer so, once a field."""
    found: dict[str, list[str]] = {}
    for change in altered:
        operation = specified(document, change.head)
        fields = _names(document.payload(operation).response) if operation else set()
        for one in change.differences if fields else ():
            field = one.name.rpartition(".")[2]
            if one.gone and one.name in fields:
                found.setdefault(f"still has `{field}`", []).append(change.head.label)
            elif one.text.startswith("the response has the new") and one.name not in fields:
                found.setdefault(f"lacks `{field}`", []).append(change.head.label)
    for words, labels in found.items():
        more = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
        yield f"{words} in the response of {labels[0]}{more}"


def _names(fields: Sequence[Field]) -> set[str]:
    return {one.name for one in fields}
