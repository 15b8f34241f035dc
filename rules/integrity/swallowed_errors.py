"""Errors are not swallowed: no new handler catches every exception and goes on as if nothing had happened.

A handler for any exception that neither raises, logs, uses the error nor returns something that success
never returns turns every bug in the code it guards into silence: typos, wrong types, lost connections.
Coding agents add broad handlers in 22.8 % of their changes, people in 4.8 % (own measurement on reviewed
changes); silent ones are rare in both, so each is worth a look.  Narrow handlers (`except KeyError: pass`)
state what they expect and are fine.  A comment of three words beside the handler that gives the cause
settles it, as ruff's S110 does not; so do optional imports and clean-up, where there is nobody left to tell.

What is old is left alone, wherever the change moves it, and so are tests and examples.
"""

from dodcheck.facts.handlers.broad_handlers import BroadHandler, NewHandlers
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_FIX = "catch what you expect, or log or raise the error; if silence is right, say why in a comment beside it"


@rule(
    answers=[],
    cases="_swallowed_errors_cases",
    concern=Concern(
        r"\.py$",
        (r"\bexcept\s*:|\b(Base)?Exception\b|\bfinally\b", r"\b(except|finally)\b|suppress|exit"),
        "no new handler catches every exception",
    ),
)
def check(handlers: NewHandlers) -> Verdict:
    """Judge the silent ones among the broad handlers that base does not have."""
    found = handlers.found
    open_ones = [one for one in found if one.is_silent and not one.cause]
    mild = [_finding(one) for one in open_ones if one.closes]
    certain = [_finding(one) for one in open_ones if not one.closes and one.effect == "nothing"]
    unclear = [_finding(one) for one in open_ones if not one.closes and one.effect == "default"]
    seen = [_seen(one) for one in found if one not in open_ones]
    if certain:
        words = certain[0].message if len(certain) == 1 else f"{len(certain)} new handlers swallow every error"
        return Verdict.failed(*certain, *unclear, *mild, summary=words, evidence=seen)
    if unclear:
        return Verdict.needs_review(unclear[0].message, *seen, findings=[*unclear, *mild])
    if not found:
        return Verdict.not_applicable("no new handler catches every exception")
    first, *more = seen or [Evidence(f"{len(mild)} new broad handler{'s' * (len(mild) != 1)}, around clean-up alone")]
    return Verdict.passed(first, *more, findings=mild)


def _finding(one: BroadHandler) -> Finding:
    code = "unchecked-cleanup" if one.closes else "swallowed" if one.effect == "nothing" else "defaulted"
    happens = "puts a default in place of every error of" if code == "defaulted" else "drops every error of"
    hollow = " (the comment beside it gives no cause)" if one.remarked else ""
    return Finding(
        f"`{one.form}` {happens} `{one.guarded.partition(chr(10))[0]}` without a trace{hollow}",
        path=one.path,
        line=one.line,
        end_line=one.end_line,
        symbol=one.symbol,
        fix=_FIX,
        code=code,
        level="error" if code == "swallowed" else "warning",
    )


def _seen(one: BroadHandler) -> Evidence:
    does = {"reported": "reports or passes on what it catches", "handled": "does other work in place of what failed"}
    words = (
        f"`{one.form}` {does[one.effect]}" if one.effect in does else f"`{one.form}` is silent, with cause: {one.cause}"
    )
    return Evidence(words, "symbol", one.path, one.line, one.symbol)
