"""Comments explain what the code does not show: new non-obvious code has a reason beside it.

A reader can see what code does; why a number is 37, why an error may be dropped or what a tensor's axes mean
stands nowhere but in a comment.  Which code needs one cannot be told for sure, so the rule looks at a fixed
list of places: much branching (cognitive complexity of 15 or more), intricate regular expressions and queries,
bit arithmetic, numbers without a name, guards for numerical stability, chains of shape changes, nested
comprehensions, locks, patches, code made at run time.  In 400 changes to five projects one had three or more of
them without a comment.

A comment in the same paragraph or up to two lines above explains a place, and so does a docstring that speaks of
it.  Some places without any are for a person to look at; a suppression that names its code is such a place, for
in well-run projects 266 of 299 have no further reason.  Certain is only this: a checker silenced altogether or
every error dropped without a reason, and a comment that seems to explain but repeats the code, or is code itself.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec.structs import replace

from dodcheck.facts import Both, Change
from dodcheck.facts.comments.new_sites import NewSite, NewSites
from dodcheck.facts.comments.sites import KINDS
from dodcheck.facts.handlers.broad_handlers import BroadHandler, NewHandlers
from dodcheck.facts.suppressions.reasons import reason, speaks_for_itself
from dodcheck.facts.suppressions.suppressions import Suppression, Suppressions, introduced
from dodcheck.rule import Evidence, Finding, Options, Verdict, rule

_JUDGED = {"lint", "types", "security"}
_BLANKET = "blanket-suppression"
_SHOWN = 10
_WIDTH = 70
_SEEMING = {
    "restated": "the comment above {what} repeats the code: `{text}`",
    "dead-code": "code that was commented out stands in place of a reason for {what}: `{text}`",
}


class CommentsOptions(Options, frozen=True):
    """Settings of `comments`.

    Args:
        max_unexplained: From so many unexplained places on, a person must look at them.
        silenced: Which suppressions fail without a reason: those that name no code, or all. Others are places.
    """

    max_unexplained: int = 3
    silenced: Literal["blanket", "all"] = "blanket"


@rule(
    answers=[
        (
            r"\b(inline|code|in-code)? ?comments?\b[^.;]*\b(non[- ]?obvious|not obvious|unobvious|complex|complicated"
            r"|tricky|intricate|difficult|hard[- ]to[- ]\w+|non[- ]?trivial|clever|surprising|the why|why)\b"
        ),
        (
            r"\b(non[- ]?obvious|not obvious|complex|complicated|tricky|intricate|difficult|hard[- ]to[- ]\w+"
            r"|non[- ]?trivial|clever|surprising)\b[^.;]*\b(comment(s|ed)?|explained (in|inline|by)|annotated)\b"
        ),
        r"\bcode (is|has been) (well[- ]|sufficiently |adequately |properly )?commented\b",
        r"\b(inline|code) comments? (are |is |have been )?(added|written|present|updated|where (needed|necessary))\b",
    ],
    unless=[r"\b(review|pr|pull request|merge request|jira|ticket|issue)\b[^.;]*\bcomments?\b"],
    cases="_comments_cases",
    scope="change",
    options=CommentsOptions,
)
def check(
    change: Change, sites: NewSites, handlers: NewHandlers, suppressions: Both[Suppressions], options: CommentsOptions
) -> Verdict:
    """Judge the new places, the new suppressions and the new broad handlers."""
    silenced, silent = list(_suppressed(change, suppressions)), _silent(handlers)
    certain = [
        *(one for one in silenced if one.code == _BLANKET or options.silenced == "all"),
        *(_dropped(one) for one in silent if one.effect == "nothing"),
        *(_seeming(one) for one in sites.found if one.explanation.kind in _SEEMING),
    ]
    places = [
        *(_unexplained(one) for one in sites.found if one.explanation.kind == "none"),
        *(_defaulted(one) for one in silent if one.effect == "default"),
        *(one for one in silenced if one.code != _BLANKET and options.silenced == "blanket"),
    ]
    doubtful = len(places) >= options.max_unexplained
    told = [replace(one, level="warning" if doubtful else "note") for one in places]
    seen = _seen(sites.found)
    if certain:
        words = certain[0].message if len(certain) == 1 else f"{len(certain)} places without a reason"
        return Verdict.failed(*certain, *told, summary=words, evidence=seen)
    if doubtful:
        return Verdict.needs_review(f"{len(told)} places that are not obvious have no comment", *seen, findings=told)
    if not sites.found and not places:
        return Verdict.not_applicable("no new code that calls for a comment")
    return Verdict.passed(*seen, findings=told)


def _seen(found: Sequence[NewSite]) -> list[Evidence]:
    """Say what was looked at, and show the places that are explained."""
    explained = [one for one in found if one.explanation.kind == "explained"]
    words = f"{len(explained)} of {len(found)} new places that are not obvious are explained"
    shown = [
        Evidence(
            f"{KINDS[one.site.kind]}: {one.explanation.text[:_WIDTH]}", "symbol", one.path, one.site.line, one.symbol
        )
        for one in explained[:_SHOWN]
    ]
    return [Evidence(words, "symbol"), *shown]


def _suppressed(change: Change, suppressions: Both[Suppressions]) -> Iterator[Finding]:
    source = {file.path for file in change.at_head(".py", ".pyi", roles=("source",))}
    for one in introduced(change, suppressions).new:
        judged = one.directive.kind in _JUDGED and one.path in source and not _is_idle(one)
        if judged and not speaks_for_itself(one) and not reason(one, suppressions.head.file(one.path)):
            words = f"`{one.directive.text}` silences a checker and no comment says why"
            code = "suppression" if one.directive.codes else _BLANKET
            yield _finding(words, one.path, one.line, one.symbol, code)


def _is_idle(one: Suppression) -> bool:
    """On a line of its own most orders silence nothing; the rule `suppressions` says so."""
    return one.alone and one.directive.reach == "line"


def _silent(handlers: NewHandlers) -> list[BroadHandler]:
    return [one for one in handlers.found if one.is_silent and not one.cause and not one.closes]


def _dropped(one: BroadHandler) -> Finding:
    words = f"`{one.form}` drops every error and no comment says why"
    return _finding(words, one.path, one.line, one.symbol, "broad-handler")


def _defaulted(one: BroadHandler) -> Finding:
    words = f"`{one.form}` puts a default in place of every error and has no comment"
    return _finding(words, one.path, one.line, one.symbol, "broad-handler")


def _seeming(one: NewSite) -> Finding:
    words = _SEEMING[one.explanation.kind].format(what=KINDS[one.site.kind], text=one.explanation.text[:_WIDTH])
    return _finding(words, one.path, one.explanation.line or one.site.line, one.symbol, one.explanation.kind)


def _unexplained(one: NewSite) -> Finding:
    shown = f"cognitive complexity {one.site.text}" if one.site.kind == "complexity" else f"`{one.site.text[:_WIDTH]}`"
    words = f"no comment explains {KINDS[one.site.kind]}: {shown}"
    return _finding(words, one.path, one.site.line, one.symbol, one.site.kind)


def _finding(message: str, path: str, line: int, symbol: str | None, code: str) -> Finding:
    fix = "say why in a comment beside it, in words that the code does not have"
    return Finding(message, path=path, line=line, symbol=symbol, fix=fix, code=code)
