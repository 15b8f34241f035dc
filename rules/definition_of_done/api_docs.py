"""API documentation follows the endpoints that a change adds, removes or alters.

Clients learn of an HTTP interface from its documentation alone.  An endpoint that is removed, moved or altered so
that clients break needs a line where they look: a page, a committed OpenAPI document, the changelog.  A committed
document that no longer agrees with the code, or a page that still names a removed path, is wrong for everybody.

A new endpoint is documented by its handler's words and models where the framework generates documentation from them:
of 482 commits that add endpoints to five public FastAPI applications only 10 % touch a page, but 78 % document
the endpoint so or otherwise.  Kinds of breaking changes are those of oasdiff.  Endpoints kept out of the generated
documentation, websockets and test applications do not count.  A file beside the change that cannot be parsed may
register or include any of it: then a person has to look.
"""

from collections.abc import Iterator, Sequence

from dodcheck.facts import Both
from dodcheck.facts.http.api_documents import ApiDocuments, TouchedApiDocuments
from dodcheck.facts.http.endpoint import ANY, Endpoint
from dodcheck.facts.http.endpoint_changes import EndpointChange, EndpointChanges
from dodcheck.facts.http.endpoint_evidence import EndpointEvidence, outdated, specified
from dodcheck.facts.http.endpoints import Endpoints
from dodcheck.facts.http.generated import generated_changes
from dodcheck.facts.http.public_changes import Break, breaks, public_part
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule
from dodcheck.run import SchemaGenerator

_THING = r"(?:\bapi\b|\bendpoints?\b|\broutes?\b|\bopen ?api\b|\bswagger\b|\brest\b|\bpostman\b)"
_DOCS = r"(?:\bdocs?\b|\bdocument(?:ation|ed)\b|\bspec(?:s|ification)?\b|\bschema\b|\breference\b|\bcollections?\b)"
_DONE = (
    r"(?:\bupdat\w+|\breflect\w*|\bcurrent\b|\bup[- ]to[- ]date\b|\bin sync\b|\bchange[sd]?\b|\bregenerated\b"
    r"|\bcover\w*)"
)

_WIDTH = 100


class ApiDocsOptions(Options, frozen=True):
    """Settings of `api-docs`.

    Args:
        api_docs_globs: Pages that document the interface, besides READMEs, guides and request collections.
        autodocs: The words and models of a handler document it where the framework generates documentation.
        spec_path: The committed OpenAPI document; by default any of a usual name that fits.
        app_import: `package.module:app`, or a factory: its generated OpenAPI document is taken for the truth.
        internal_prefixes: Paths that start so are nobody's interface.
    """

    api_docs_globs: tuple[str, ...] = ()
    autodocs: bool = True
    spec_path: str = ""
    app_import: str = ""
    internal_prefixes: tuple[str, ...] = ()


@rule(
    answers=[
        rf"{_THING}[^.;]*{_DOCS}[^.;]*{_DONE}",
        rf"\b(?:update|regenerate|refresh)\b[^.;]*{_THING}[^.;]*{_DOCS}",
        r"\b(?:endpoints?|routes)\b[^.;]*\b(?:(?:is|are|be|been|gets?) (?:\w+ )?documented\b|documentation\b)",
        r"\b(?:document|documentation)\b[^.;]*\b(?:endpoints?|routes)\b",
    ],
    cases="_api_docs_cases",
    scope="change",
    options=ApiDocsOptions,
)
def check(
    changes: EndpointChanges,
    documents: Both[ApiDocuments],
    touched: TouchedApiDocuments,
    endpoints: Both[Endpoints],
    generator: SchemaGenerator | None,
    options: ApiDocsOptions,
) -> Verdict:
    """Compare the public endpoints of both sides, and look for each difference in the documents."""
    said: list[Evidence] = []
    if options.app_import and generator:
        changes = generated_changes(generator, options.app_import)
        said.append(Evidence(f"endpoints as `{options.app_import}` generates them on both sides", "command"))
    delta = public_part(changes, options.internal_prefixes)
    if delta.is_empty and not delta.unread:
        return Verdict.not_applicable("no public endpoint changed", *said)
    globs, spec = options.api_docs_globs, options.spec_path
    evidence = EndpointEvidence(documents, touched, delta.before, delta.after, globs, spec)
    judge = _Judge(evidence, options.autodocs and (bool(said) or endpoints.head.self_documenting))
    findings = [*judge.findings(delta)]
    said += judge.said
    findings.sort(key=lambda one: one.level != "error")
    if any(one.level == "error" for one in findings):
        return Verdict.failed(*findings, evidence=said)
    if findings:
        return Verdict.needs_review(_asked(findings), *said, findings=findings)
    count = len(delta.added) + len(delta.removed) + len(delta.moved) + len(delta.altered)
    return Verdict.passed(Evidence(f"{count} endpoints added, removed or altered, all documented", "symbol"), *said)


def _asked(findings: Sequence[Finding]) -> str:
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return findings[0].message + more


class _Judge:
    def __init__(self, evidence: EndpointEvidence, by_handler: bool) -> None:  # noqa: FBT001 - one caller
        self._evidence = evidence
        self._by_handler = by_handler
        self.said: list[Evidence] = []

    def findings(self, delta: EndpointChanges) -> Iterator[Finding]:
        """Yield what is wrong; what speaks for the endpoints is noted in `said`."""
        for new in delta.added:
            yield from self._added(new)
        for gone in delta.removed:
            yield from self._gone(gone, None)
        for moved in delta.moved:
            yield from self._gone(moved.base, moved.head)
        yield from self._altered(delta.altered)
        for one in delta.unresolved:
            message = "registers a path that only a run would tell: is it documented?"
            fix = "write the path as a constant, or set `app_import` in [tool.dodcheck.rules.api-docs]"
            yield Finding(message, one.file, one.line, None, one.symbol or None, fix, "dynamic", "warning")
        for why in delta.unread:
            message = f"what endpoints this touches is not known to the end: {why}"
            fix = "set `python` in [tool.dodcheck] to the project's, or have a person look at what the file registers"
            yield Finding(message, why.partition(":")[0], None, None, None, fix, "unread", "warning")

    def _added(self, new: Endpoint) -> Iterator[Finding]:
        spec = self._evidence.specification
        line = self._evidence.line(new)
        if spec and specified(spec, new) is None:
            yield _stale_spec(spec.path, f"lacks the new {new.label}")
        elif spec:
            self._note(new, "is in the committed specification", spec.path)
        elif self._by_handler and new.described and new.typed:
            self._note(new, "is documented by its handler", new.file, new.line)
        elif line:
            self._note(new, f"is named: {line.text.strip()[:_WIDTH]}", line.path, line.line)
        else:
            yield self._undocumented(new)

    def _undocumented(self, new: Endpoint) -> Finding:
        page = self._evidence.handwritten
        message = f"the new {new.label} is documented nowhere"
        message += f", though {page} documents others" if page else ""
        where = f"in {page}" if page else "on a page that clients read"
        fix = f"describe it {where}"
        if self._by_handler:
            lacking = [] if new.described else ["a docstring"]
            lacking += [] if new.typed else ["a response model"]
            fix = f"give the handler {' and '.join(lacking)}, or {fix}"
        level: Level = "error" if page and new.method != ANY else "warning"
        return Finding(message, new.file, new.line, None, new.handler or None, fix, "undocumented", level)

    def _gone(self, old: Endpoint, new: Endpoint | None) -> Iterator[Finding]:
        words = f"{old.label} is now {new.label}" if new else f"{old.label} is gone"
        spec = self._evidence.specification
        stale = list(self._evidence.stale(old))
        line = self._evidence.line(old, *([new] if new else []))
        outdated_spec = spec is not None and specified(spec, old) is not None
        if spec and outdated_spec:
            yield _stale_spec(spec.path, f"still has {old.label}")
        for one in stale:
            fix = f"name {new.path} there instead" if new else "take the line out, or say that it was removed"
            message = f"{words}, and {one.path} still names it"
            yield Finding(message, one.path, one.line, fix=fix, code="stale-docs")
        if stale or outdated_spec:
            return
        if spec:
            self._note(old, "is out of the committed specification", spec.path)
        elif line:
            self._note(old, f"is gone, and told of: {line.text.strip()[:_WIDTH]}", line.path, line.line)
        elif old.deprecated and not new:
            self._note(old, "was deprecated before it was removed", old.file)
        else:
            yield _unsaid(words, old, new)

    def _altered(self, altered: Sequence[EndpointChange]) -> Iterator[Finding]:
        spec = self._evidence.specification
        if spec:
            yield from (_stale_spec(spec.path, words) for words in outdated(spec, altered))
        for broken in breaks(altered):
            first = broken.endpoints[0]
            line = self._evidence.line(*broken.endpoints, words=broken.fields)
            if spec:
                self._note(first, f"({broken.text}) stands in the committed specification", spec.path)
            elif line:
                self._note(first, f"({broken.text}) is told of: {line.text.strip()[:_WIDTH]}", line.path, line.line)
            else:
                yield _untold(broken)
        for one in altered:
            if not one.breaking:
                self._note(one.head, one.differences[0].text, one.head.file, one.head.line)

    def _note(self, endpoint: Endpoint, words: str, path: str, line: int | None = None) -> None:
        self.said.append(Evidence(f"{endpoint.label}: {words}", "file", path, line, endpoint.handler or None))


def _unsaid(words: str, old: Endpoint, new: Endpoint | None) -> Finding:
    """A view that takes any method may be a page for people: that is for a person to say."""
    place = new or old
    fix = "tell clients in the API documentation or the changelog, naming the old path"
    level: Level = "warning" if old.method == ANY else "error"
    message = words + ", and no document says so"
    return Finding(message, place.file, place.line, None, place.handler or None, fix, "undocumented-removal", level)


def _untold(broken: Break) -> Finding:
    first, *others = broken.endpoints
    more = f" and {len(others)} more" if others else ""
    message = f"{first.label}{more}: {broken.text}, and no document says so"
    fix = "keep the old contract, or tell clients in the API documentation or the changelog"
    return Finding(message, first.file, first.line, None, first.handler or None, fix, "undocumented-break")


def _stale_spec(path: str, words: str) -> Finding:
    fix = "generate the document again from the code, and commit it"
    return Finding(f"{path} {words}", path, 1, fix=fix, code="stale-spec")
